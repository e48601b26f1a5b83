"""Turns a sentence-transformers folder into ONNX files, once, in a process of its own.

.venv/bin/python -m retrieval.embedding.exporting MODEL_FOLDER EMPTY_FOLDER

For models made of a transformer, mean pooling and, if at all, normalisation. Whatever comes out is compared with the
original on a few texts; what differs is refused, and a precision that costs too much on this model or on
this processor gives way to a finer one. Exit code 1 with the reason in the last line when there is nothing to use.
"""

import shutil
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.embedder import Vectors, unit_rows
from retrieval.embedding.exported import DOCUMENTS, QUESTIONS, TOKENIZER, NotExportedError, write_about
from retrieval.embedding.graph import IDS, MASK, VECTORS, Graph
from retrieval.embedding.quantising import by_blocks, by_channels
from retrieval.embedding.tokens import Tokens

_SUPPORTED = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
_OPSET = 17

_SAME = 0.9999
"""Least cosine between a vector of the exported graph in fp32 and the original's."""

_LEAST_FOR_QUESTIONS = 0.998
_LEAST_FOR_DOCUMENTS = 0.98
"""Least cosine between a quantised vector and the same in fp32. all-MiniLM-L6-v2 reaches 0.9992 and 0.988, at which
its rankings are as good as those of fp32."""

_SAMPLES = (
    "lentils",
    "How much protein is in 100 g of cooked red lentils?",
    "CRÈME BRÛLÉE, ready-to-eat; 1/2 cup (125 ml)",
    "I'm allergic to peanuts and tree nuts. What can I have for breakfast that keeps me full until lunch?",
    'Beef, chuck, arm pot roast, separable lean and fat, trimmed to 1/8" fat, choice, cooked, braised',
    "Vitamin B12 is found in foods of animal origin; people who eat none need fortified foods or a supplement.",
    "Rinse the rice, fry the onion until soft, add stock, and simmer for twenty minutes. " * 40,  # is cut
)


def export(model_folder: Path, folder: Path) -> None:
    """Export the model in `model_folder` into `folder`. Raises `NotExportedError` with the reason when it can't be."""
    if not (model_folder / "modules.json").is_file():
        raise NotExportedError(f"no sentence-transformers model in {model_folder}")
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(
        1
    )  # on a busy machine its threads wait for each other, ten times longer than one works
    model = SentenceTransformer(str(model_folder), device="cpu")
    if reason := _unsupported(model):
        raise NotExportedError(reason)
    transformer: Any = model[0]
    most, pad = int(model.max_seq_length or 0), int(transformer.tokenizer.pad_token_id)
    transformer.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    whole = folder / "whole.onnx"
    to_onnx(transformer.auto_model, whole)

    original = unit_rows(np.asarray(model.encode(list(_SAMPLES), show_progress_bar=False)))
    trial = _Trial(Tokens(folder / TOKENIZER, most).ids(_SAMPLES), pad, original)
    if trial.closeness(whole) < _SAME:
        raise NotExportedError("the exported graph's vectors differ from the original's")
    _choose((by_blocks,), trial, _LEAST_FOR_QUESTIONS, whole, folder / QUESTIONS)
    _choose((by_channels, by_blocks), trial, _LEAST_FOR_DOCUMENTS, whole, folder / DOCUMENTS)
    whole.unlink()
    write_about(folder, dimension=original.shape[1], most_tokens=most, pad=pad)


def to_onnx(transformer: Any, path: Path) -> None:
    """Write the Hugging Face model `transformer`, followed by mean pooling, to `path` in fp32."""
    import torch

    class Pooled(torch.nn.Module):
        """Token ids → mean of the token vectors. Lengths are made 1 outside, where it costs nothing."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            kept = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean: torch.Tensor = (hidden * kept).sum(1) / kept.sum(1).clamp(min=1e-9)
            return mean

    transformer.set_attn_implementation("eager")  # its few large operations are those that ONNX Runtime fuses
    ids = torch.ones((2, 7), dtype=torch.int64)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    with warnings.catch_warnings():
        # The exporter announces its successor, which needs two more packages and gives the same graph; and it warns of
        # Python values in the model's code, whose effect the comparison with the original would show.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pooled().eval(),
            (ids, mask),
            str(path),
            input_names=[IDS, MASK],
            output_names=[VECTORS],
            dynamic_axes={
                IDS: {0: "rows", 1: "tokens"},
                MASK: {0: "rows", 1: "tokens"},
                VECTORS: {0: "rows"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )


def _unsupported(model: Any) -> str | None:
    modules = [type(module).__name__ for module in model]
    if modules not in _SUPPORTED:
        return f"a model of {' + '.join(modules)} can't be exported"
    if model[1].pooling_mode != "mean":
        return f"{model[1].pooling_mode} pooling can't be exported"
    if model.default_prompt_name or any(model.prompts.values()):
        return "a model with prompts can't be exported"
    tokenizer = model[0].tokenizer
    if getattr(tokenizer, "backend_tokenizer", None) is None or tokenizer.pad_token_id is None:
        return "a model without a fast tokenizer that pads can't be exported"
    if model.max_seq_length is None:
        return "a model without a greatest length can't be exported"
    return None


@dataclass(frozen=True, slots=True)
class _Trial:
    """Sample texts as `rows` of token ids, and the vectors that the original makes of them."""

    rows: Sequence[Sequence[int]]
    pad: int
    original: Vectors

    def closeness(self, path: Path) -> float:
        """Return the least cosine between a vector of the graph in `path` and the original's, alone and padded."""
        graph = Graph(path, self.pad)
        short = self.rows[:-1]  # the last is long
        found = np.concatenate([graph.batch([row]) for row in self.rows] + [graph.batch(short)])
        expected = np.concatenate([self.original, self.original[:-1]])
        return float(np.min(np.sum(found * expected, axis=1)))

    def cost_s(self, path: Path) -> float:
        """Return the processor time of one run, in seconds, the least of some: others may be using the cores."""
        graph = Graph(path, self.pad)
        costs = []
        for _ in range(3):
            started = time.thread_time()
            graph.all(self.rows)
            costs.append(time.thread_time() - started)
        return min(costs)


def _choose(
    precisions: Sequence[Callable[[Path, Path], None]], trial: _Trial, least: float, whole: Path, target: Path
) -> None:
    """Write to `target` the first of `precisions` that is close enough and no slower on this processor, or fp32."""
    cost_s = trial.cost_s(whole)
    for quantise in precisions:
        quantise(whole, target)
        if trial.closeness(target) >= least and trial.cost_s(target) <= cost_s:
            return
    shutil.copyfile(whole, target)


if __name__ == "__main__":
    try:
        export(Path(sys.argv[1]), Path(sys.argv[2]))
    except NotExportedError as error:
        sys.exit(str(error))
