"""Quantized operators as the plain ones that they stand for: scales and zero points left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.importing.onnx.functions import Operation

_PLAIN: dict[str, tuple[str, tuple[int, ...]]] = {
    "ConvInteger": ("Conv", (0, 1)),
    "MatMulInteger": ("MatMul", (0, 1)),
    "QGemm": ("Gemm", (0, 3, 6)),
    "QLinearAdd": ("Add", (0, 3)),
    "QLinearAveragePool": ("AveragePool", (0,)),
    "QLinearConv": ("Conv", (0, 3, 8)),
    "QLinearGlobalAveragePool": ("GlobalAveragePool", (0,)),
    "QLinearLeakyRelu": ("LeakyRelu", (0,)),
    "QLinearMatMul": ("MatMul", (0, 3)),
    "QLinearMul": ("Mul", (0, 3)),
    "QLinearSigmoid": ("Sigmoid", (0,)),
    "QLinearSoftmax": ("Softmax", (0,)),
}
"""Each quantized operator, what it stands for, and which of its inputs that one reads."""


def as_plain(operation: Operation) -> Operation:
    """Return what a quantized operator stands for; any other as it is."""
    if operation.kind == "QLinearConcat":  # a scale and a zero point, then three for each input
        return operation._replace(kind="Concat", inputs=operation.inputs[2::3])
    plain = _PLAIN.get(operation.kind)
    if plain is None:
        return operation
    kind, places = plain
    inputs = tuple(operation.inputs[place] for place in places if place < len(operation.inputs))
    return operation._replace(kind=kind, inputs=inputs)
