"""Which learned numbers an ONNX operator reads: what is stored, through all that is computed."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.reading import FIRST_ALONE, MOST_STEPS, WEIGHED

if TYPE_CHECKING:
    from cnncalc.importing.onnx.reading import OnnxOperator, Reading


def learned_by(op: OnnxOperator) -> int:
    """Return how many learned numbers an operator reads: no sizes, no single numbers."""
    found: dict[str, int] = {}
    for place, tensor in enumerate(op.inputs):
        constant = op.constant(place)
        if constant is None or (place and op.kind in FIRST_ALONE):
            continue
        found |= op.reading.stored(tensor)
        if place == 1 and op.kind in WEIGHED and tensor not in found and constant.size == 1:
            found[tensor] = 1
    return sum(found.values())


def has_bias(op: OnnxOperator) -> bool:
    """Return whether an operator's third input is a bias: some exporters fill in one of zeros.

    Where its weights are filled in too, a file holds no numbers at all, and says what would be.
    """
    tensor = op.inputs[2] if len(op.inputs) > 2 else ""
    maker = op.reading.makers.get(tensor)
    weights = op.reading.makers.get(op.inputs[1])
    fills = maker is not None and maker.kind in ("ConstantOfShape", "Expand")
    fills = fills and (weights is None or weights.kind != "ConstantOfShape")
    return bool(tensor) and not (fills and not op.reading.stored(tensor))


_SPREAD = frozenset(
    """
    Cast Concat Constant Expand Gather GatherElements GatherND Identity Pad Reshape Slice
    Squeeze Tile Transpose Unsqueeze
    """.split()
)
"""Operators that put values in other places, or in several."""


def is_spread(reading: Reading, tensor: str) -> bool:
    """Return whether a constant is learned numbers as they are stored, each at several places."""
    seen, waiting = {tensor}, [tensor]
    while waiting and len(seen) < MOST_STEPS:
        maker = reading.makers.get(waiting.pop())
        if maker is None:
            continue
        if maker.kind not in _SPREAD:
            return False
        new = set(maker.inputs[: 1 if maker.kind in FIRST_ALONE else None]) - seen
        seen |= new
        waiting += new
    return not waiting


def spent_on(op: OnnxOperator) -> int:
    """Return how many MACs an operator's constants cost, where products make them of others."""
    seen, waiting, macs = set(op.inputs), list(op.inputs), 0
    while waiting and len(seen) < MOST_STEPS:
        each = waiting.pop()
        value, maker = op.values.get(each), op.reading.makers.get(each)
        if not isinstance(value, Constant) or maker is None or maker.kind in ("Shape", "Size"):
            continue
        if maker.kind in _SUMS:
            both = map(op.having(inputs=maker.inputs).constant, (0, 1))
            one, other = ((each and each.dims) or () for each in both)
            long = prod(other[1:]) if maker.kind == "Conv" else one[-1] if one else 0
            macs += long * (value.size or 0)
        new = set(maker.inputs) - seen
        seen |= new
        waiting += new
    return macs


_SUMS = ("Conv", "Gemm", "MatMul")
