"""Two ways to make an ONNX graph's matrix products quicker: 8 bits instead of 32, in different company."""

import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_BLOCK = 32
_DOMAIN = "com.microsoft"  # ONNX Runtime's own operators
_INT8 = 4  # MatMulNBits' level of accuracy at which it multiplies in 8 bits, too


def by_channels(whole: Path, target: Path) -> None:
    """Quantise weights per output channel, and activations per call: the quickest in bulk.

    One scale serves all rows that are run together, so that a vector's last digits depend on the batch.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # it advises through the root logger
    quantize_dynamic(
        whole, target, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8
    )


def by_blocks(whole: Path, target: Path) -> None:
    """Quantise weights by blocks of 32 along the sum, and activations likewise, row by row: closest to fp32.

    The operator and its layout are ONNX Runtime's `MatMulNBits`: for `A (M, K) @ B (K, N)` the blocks of column `n`
    are `(N, K / 32, 32) uint8` around 128, and their scales `(N, K / 32) float32`.
    """
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(whole)
    graph = model.graph
    weights = {item.name: item for item in graph.initializer}
    shapes: dict[
        str, tuple[int, ...]
    ] = {}  # of the weights that became blocks; a weight may serve several nodes
    for position, node in enumerate(graph.node):
        if node.op_type != "MatMul" or node.input[1] not in weights:
            continue
        name = node.input[1]
        if name not in shapes:
            weight = numpy_helper.to_array(weights[name])
            if weight.ndim != 2 or weight.shape[0] % _BLOCK:
                continue
            shapes[name] = weight.shape
            blocks, scales = _blocks(weight)
            graph.initializer.append(numpy_helper.from_array(blocks, f"{name}.blocks"))
            graph.initializer.append(numpy_helper.from_array(scales, f"{name}.scales"))
        inputs = [node.input[0], f"{name}.blocks", f"{name}.scales"]
        rows, columns = shapes[name]
        product = helper.make_node(
            "MatMulNBits",
            inputs,
            node.output,
            name=node.name,
            domain=_DOMAIN,
            K=rows,
            N=columns,
            bits=8,
            block_size=_BLOCK,
            accuracy_level=_INT8,
        )
        graph.node[position].CopyFrom(product)
    used = {name for node in graph.node for name in node.input}
    for name in shapes.keys() - used:
        graph.initializer.remove(weights[name])
    model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))
    onnx.save(model, target)


def _blocks(weight: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    columns = weight.T.reshape(weight.shape[1], -1, _BLOCK)
    scales = np.maximum(np.abs(columns).max(axis=2), 1e-12) / 127.0
    blocks = np.rint(columns / scales[:, :, None]) + 128.0
    return blocks.astype(np.uint8), scales.astype(np.float32)
