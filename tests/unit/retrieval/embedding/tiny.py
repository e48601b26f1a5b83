"""A model so small that a test can make it: six words, each with a vector of two numbers."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from retrieval.embedding.exported import DOCUMENTS, QUESTIONS, TOKENIZER, Exported, write_about
from retrieval.embedding.graph import IDS, MASK, VECTORS

WORDS = {"[PAD]": 0, "[UNK]": 1, "east": 2, "north": 3, "west": 4, "south": 5}
DIRECTIONS = np.asarray([[9, 9], [1, 1], [1, 0], [0, 1], [-1, 0], [0, -1]], dtype=np.float32)
MOST_TOKENS = 4


def export_tiny(_model: Path, folder: Path) -> None:
    """Fill `folder` as the real exporter does: a text's vector is the mean of its words'."""
    tokenizer = Tokenizer(WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()  # type: ignore[assignment]
    tokenizer.enable_padding(length=16)  # to be switched off by who loads it
    tokenizer.save(str(folder / TOKENIZER))
    for name in (QUESTIONS, DOCUMENTS):
        onnx.save(_mean_of_words(), folder / name)
    write_about(folder, dimension=2, most_tokens=MOST_TOKENS, pad=0)


def tiny_export(folder: Path) -> Exported:
    """Return the tiny model, exported into `folder`."""
    export_tiny(folder, folder)
    return Exported(folder, dimension=2, most_tokens=MOST_TOKENS, pad=0)


def _mean_of_words() -> onnx.ModelProto:
    # ReduceSum(Gather(table, ids) * mask): its length doesn't matter, as vectors are made 1 long.
    nodes = [
        helper.make_node("Gather", ["table", IDS], ["words"]),
        helper.make_node("Cast", [MASK], ["kept"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["kept", "last"], ["column"]),
        helper.make_node("Mul", ["words", "column"], ["present"]),
        helper.make_node("ReduceSum", ["present", "middle"], [VECTORS], keepdims=0),
    ]
    constants = [
        numpy_helper.from_array(DIRECTIONS, "table"),
        numpy_helper.from_array(np.asarray([2]), "last"),
        numpy_helper.from_array(np.asarray([1]), "middle"),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["rows", "tokens"]) for name in (IDS, MASK)
    ]
    outputs = [helper.make_tensor_value_info(VECTORS, TensorProto.FLOAT, ["rows", 2])]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
