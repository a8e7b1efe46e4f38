"""Where the batch stands among a tensor's dimensions, and which operators work along it.

The first dimension of what comes in is taken for a batch: all is counted for one of it. Where a
sequence's steps stand first its second is; where something mixes what a batch keeps apart, or
puts it out elsewhere, there is none, and the first dimension is a size as any other.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.rearrangements import resolved
from cnncalc.importing.onnx.views import SEQUENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx.functions import Operation
    from cnncalc.importing.onnx.reading import OnnxOperator, Reading, Value


class Crossed(Exception):  # noqa: N818 - not an error: the file is read once more, in another way
    """An operator works along what was taken for the batch."""

    def __init__(self, operation: Operation) -> None:
        super().__init__()
        self.operation = operation


def batch_behind(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    """Return where the batch stands in what an operator makes of a tensor that has it at a place.

    Raise `Crossed` where the operator works along it.
    """
    if op.kind in RECURRENT:
        first = 0 if op.get("layout") else 1
        return _same_if(op, place == first, first)
    if op.kind in _FIRST:
        stored = [op.constant(at) for at in _KEYS if "Attention" in op.kind]
        own = any(each and (each.dims or (1,))[0] > 1 for each in stored)
        return _same_if(op, place == 0 and not own, 0)
    along = _ALONG.get(op.kind)
    return along(op, place, sizes) if along else place


RECURRENT = ("GRU", "LSTM", "RNN")

_FIRST = frozenset(
    """
    Attention AveragePool BatchNormalization Conv ConvTranspose DeformConv DepthToSpace
    GlobalAveragePool GlobalLpPool GlobalMaxPool LRN LpPool FlexAttention GroupNormalization
    InstanceNormalization MaxPool SpaceToDepth
    """.split()
)
"""Operators whose first dimension is the batch."""

_KEYS = (1, 2)
"""Where an attention reads keys and values; those that are stored have a batch of their own."""


def _same_if(op: OnnxOperator, holds: bool, place: int) -> int:
    if not holds:
        raise Crossed(op.operation)
    return place


def _past(op: OnnxOperator, place: int, axes: set[int], keeps: object = True) -> int:
    """Return the place behind an operator that works along axes, which it keeps or takes out."""
    return _same_if(op, place not in axes, place - (0 if keeps else sum(a < place for a in axes)))


def _at_axis(default: int) -> _Along:
    """Return the rule of an operator that works along one axis."""
    return lambda op, place, sizes: _past(op, place, {op.get("axis", default) % len(sizes)})


def _gathered(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    axis = op.get("axis", 0) % len(sizes)
    index = op.constant(1)
    more = len(index.dims or ()) - 1 if index else 0
    return _same_if(op, axis != place, place + (more if axis < place else 0))


def _cut(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    starts = op.listed("starts", 1) or []
    axes = op.listed("axes", 3) or list(range(len(starts)))
    ends = op.listed("ends", 2) or []
    steps = op.listed("steps", 4) or [1] * len(starts)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=False):
        whole = range(op.reading.batch)[start:end:step] == range(op.reading.batch)
        _same_if(op, axis % len(sizes) != place or whole, place)
    return place


def _reduced(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    axes = op.listed("axes", 1)
    if not axes:
        return _same_if(op, bool(op.get("noop_with_empty_axes")), place)
    return _past(op, place, {axis % len(sizes) for axis in axes}, op.get("keepdims", 1))


def _one_less(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    """Return the place behind an operator that keeps one value of an axis."""
    return _past(op, place, {op.get("axis", 0) % len(sizes)}, op.get("keepdims", 1))


def _squeezed(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    return _past(op, place, {axis % len(sizes) for axis in op.listed("axes", 1) or []}, keeps=False)


def _unsqueezed(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    axes = op.listed("axes", 1) or []
    new = {axis % (len(sizes) + len(axes)) for axis in axes}
    return [axis for axis in range(len(sizes) + len(axes)) if axis not in new][place]


def _flattened(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    """Return the place in two dimensions: the batch is the outermost part of the first."""
    axis = op.get("axis", 1)
    axis += len(sizes) if axis < 0 else 0
    return _same_if(op, place == 0 < axis, 0)


def _reshaped(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    """Return the place in other dimensions, where the batch is the outermost part of the first."""
    wanted = op.listed("shape", 1) or []
    real = (*sizes[:place], op.reading.batch, *sizes[place + 1 :])
    dims = resolved(wanted, real, prod(real)) or wanted
    outermost = place == 0 and (
        not dims or dims[0] in (-1, 0, 1) or dims[0] % op.reading.batch == 0
    )
    return _same_if(op, outermost, 0)


def _turned(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    order = op.get("perm") or list(range(len(sizes)))[::-1]
    return order.index(place) if place in order else place


def _wider(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    wanted = op.listed("shape", 1) or []
    return place + max(len(wanted) - len(sizes), 0)


def _normed(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    axis = op.get("axis", -1) % len(sizes)
    return _same_if(op, place < axis, place)


def _multiplied(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    """Return the place in a product, which sums over the first's last, the other's one before."""
    first = op.constant(0) is None
    at = place - len(sizes)
    other = op.constant(1 if first else 0)
    dims = (other.dims if other else None) or ()
    own = len(dims) >= -at and at < -2 and dims[at] > 1
    summed = -1 if first else -2
    return _same_if(op, at != summed and not own, max(place, place + len(dims) - len(sizes)))


def _weighed(op: OnnxOperator, place: int, _sizes: Sequence[int]) -> int:
    return _same_if(op, place == 0 and not op.get("transA"), 0)


def _summed(op: OnnxOperator, place: int, _sizes: Sequence[int]) -> int:
    given, _arrow, out = str(op.get("equation", "")).replace(" ", "").partition("->")
    terms = given.split(",")
    of = [term for at, term in enumerate(terms) if op.constant(at) is None]
    letter = of[0][place] if of and place < len(of[0]) and "." not in given else ""
    if not letter:
        return place
    alone = sum(letter in term for term in terms) == len(of) and given.count(letter) == len(of)
    return _same_if(op, letter in out and alone, out.find(letter))


def _sloped(op: OnnxOperator, place: int, sizes: Sequence[int]) -> int:
    slope = op.constant(1)
    dims = (slope.dims if slope else None) or ()
    own = len(dims) >= len(sizes) - place and dims[place - len(sizes)] > 1
    return _same_if(op, not own, place)


_Along: TypeAlias = "Callable[[OnnxOperator, int, Sequence[int]], int]"

_RULES: list[tuple[_Along, str]] = [
    (_at_axis(-1), "Hardmax LogSoftmax LpNormalization Softmax TopK"),
    (_at_axis(0), "Compress GatherElements Scatter ScatterElements Split"),
    (_at_axis(1), "Concat"),
    (_cut, "Slice"),
    (_flattened, "Flatten"),
    (_gathered, "Gather"),
    (_multiplied, "MatMul"),
    (_normed, "LayerNormalization RMSNormalization"),
    (_one_less, "ArgMax ArgMin"),
    (_reduced, "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin"),
    (_reduced, "ReduceProd ReduceSum ReduceSumSquare"),
    (_reshaped, "Reshape"),
    (_sloped, "PRelu"),
    (_squeezed, "Squeeze"),
    (_summed, "Einsum"),
    (_turned, "Transpose"),
    (_unsqueezed, "Unsqueeze"),
    (_weighed, "Gemm"),
    (_wider, "Expand"),
]
_ALONG = {name: rule for rule, names in _RULES for name in names.split()}
"""What operators that work along some dimensions, or put them elsewhere, do to the batch."""


def follow(op: OnnxOperator, read: Sequence[Value], at: dict[str, int]) -> None:
    """Say where the batch stands in what an operator makes: `at` a place of its tensors."""
    found: list[int] = []
    for tensor, value in zip(op.inputs, read, strict=True):
        if not isinstance(value, Carried):
            continue
        sizes = views.sizes(value.view)
        if tensor in at:
            found.append(batch_behind(op, at[tensor], sizes))
        if op.kind in RECURRENT:
            first = 0 if op.get("layout") else 1
            is_alone = len(sizes) == SEQUENCE and sizes[first] > 1 == sizes[1 - first]
            if tensor not in at and tensor in op.reading.model.inputs and is_alone:
                raise Crossed(op.operation)  # a batch of several, of one step each
            break
    if found:
        at |= dict.fromkeys(op.outputs, max(found))


def hold(reading: Reading, outputs: Sequence[tuple[str, Value]], at: dict[str, int]) -> None:
    """Refuse a batch that is put out elsewhere than it came in, or as a part of a dimension."""
    if reading.batch == 1 or any(each.kind in RECURRENT for each in reading.model.operations):
        return
    for tensor, value in outputs:
        maker = reading.makers.get(tensor)
        if maker and isinstance(value, Carried) and (at.get(tensor) or value.view[:1] != ((),)):
            raise Crossed(maker)
