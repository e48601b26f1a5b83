"""The operator that questions' weights are rewritten to."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from retrieval.embedding.quantising import by_blocks


def test_blocks_multiply_like_the_weights_they_came_from(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    weights = {"fits": (64, 48), "odd": (48, 10)}  # rows of "odd" aren't whole blocks, so it stays as it is
    constants = {name: random.normal(size=shape).astype(np.float32) for name, shape in weights.items()}
    constants["fits"][:, 3] = 0.0
    nodes = [
        helper.make_node("MatMul", ["x", "fits"], ["y"]),
        helper.make_node("MatMul", ["y", "odd"], ["z"]),
    ]
    graph = helper.make_graph(
        nodes,
        "two products",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 64])],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["rows", 10])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, tmp_path / "whole.onnx")
    by_blocks(tmp_path / "whole.onnx", tmp_path / "blocks.onnx")

    session = onnxruntime.InferenceSession(tmp_path / "blocks.onnx", providers=["CPUExecutionProvider"])
    x = random.normal(size=(5, 64)).astype(np.float32)
    found = session.run(None, {"x": x})[0]
    expected = x @ constants["fits"] @ constants["odd"]
    assert np.abs(found - expected).max() < 0.02 * np.abs(expected).max()
    operators = [node.op_type for node in onnx.load(tmp_path / "blocks.onnx").graph.node]
    assert operators == ["MatMulNBits", "MatMul"]
