"""What is no layer of ours: the shape of what it puts out, and how many numbers it has learned."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.constants import evaluate
from cnncalc.importing.onnx.joins import JOINS
from cnncalc.importing.onnx.learned import learned_by, spent_on
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.products import lettered
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.tensors import numbers
from cnncalc.importing.onnx.views import CHANNELS, SEQUENCE, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx.reading import OnnxOperator, Value
    from cnncalc.importing.onnx.views import View
    from cnncalc.kinds.volumes import Volume

MOST_AXES = 8
_Dims: TypeAlias = "tuple[int, ...]"

_KEEP = frozenset(
    """
    PRelu BatchNormalization GroupNormalization InstanceNormalization LayerNormalization LRN
    LpNormalization Softmax LogSoftmax Binarizer BitCast BitwiseNot CumProd EyeLike
    RMSNormalization ReverseSequence RotaryEmbedding Scatter SwiGLU TensorScatter
    """.split()
)
"""Operators that keep the shape of their first input."""


def stand_in(op: OnnxOperator, read: Sequence[Value]) -> list[Value] | None:
    """Return opaque items for what an operator puts out; None where no shape can be had.

    The shape is the one that the file tells, or else the one that the operator's rule gives.
    """
    flows = [each for each in read if isinstance(each, Carried)]
    try:
        ruled = _by_rule(op, read)
    except (IndexError, ValueError, ZeroDivisionError):
        ruled = []  # it reads something else than its rule does
    made: list[Value] = []
    learned = learned_by(op)
    if not learned and not any(map(op.reading.readers.get, op.outputs)):
        return [None] * len(op.outputs)
    for place, tensor in enumerate(op.outputs):
        used = tensor and op.reading.readers.get(tensor)
        rule = ruled[place] if place < len(ruled) else None
        repeats = op.kind == "Tile" and rule is not None and rule[:1] != (1,)
        told = None if repeats else _told(op, tensor)
        dims = rule if told is None else told
        found = None if dims is None else _as_read(op, dims, flows)
        if dims is not None and found is None:
            found = _layout(op, dims or (1,), flows, repeats=repeats)
        if not used or found is None:
            made.append(None)
            continue
        volume, view = found
        sources = list(dict.fromkeys(flow.node for flow in flows))
        macs = 0 if any(made) else spent_on(op)
        made.append(op.opaque(_called(op), sources, volume, view, learned, macs))
        learned = 0
    return made if any(made) else None


def _called(op: OnnxOperator) -> str:
    """Return an operator's name: an Einsum of one tensor sums up, and multiplies nothing."""
    sums = op.kind == "Einsum" and len(op.inputs) == 1
    return "ReduceSum" if sums else op.kind


def _as_read(
    op: OnnxOperator, dims: tuple[int, ...], flows: Sequence[Carried]
) -> tuple[Volume, View] | None:
    """Return the volume of a flow that an operator keeps the shape of, and how it holds it."""
    if op.kind not in _KEEP and op.kind not in JOINS:
        return None
    for flow in flows:
        if views.sizes(flow.view)[1:] == dims[1:]:
            return op.volume(flow), flow.view
    return None


def _told(op: OnnxOperator, tensor: str) -> tuple[int, ...] | None:
    """Return the dimensions that a file tells of a tensor; None where one is left open."""
    dims = op.reading.model.shapes.get(tensor)
    if dims is None or not all(dims[1:]):
        return None
    return tuple(size or 1 for size in dims)


def _by_rule(op: OnnxOperator, read: Sequence[Value]) -> Sequence[_Dims | None]:
    """Return the dimensions of outputs, from those of the inputs."""
    if any(each is None for each, tensor in zip(read, op.inputs, strict=True) if tensor):
        return []
    given = [
        Constant(views.sizes(each.view), None) if isinstance(each, Carried) else each
        for each in read
    ]
    dims = [(each.dims if each else None) or () for each in given]
    if op.kind in _KEEP:
        return dims[:1]
    if op.kind == "Pad":
        return [_padded(op, given)]
    if op.kind == "Einsum":
        return [_summed(str(op.get("equation", "")), dims)]
    if rule := _RULES.get(op.kind):
        values = [numbers(each) or [] for each in given]
        return rule(dims, values, op.attributes)
    if op.kind in JOINS:
        given = [each if each and each.dims is not None else Constant(()) for each in given]
    return [
        each.dims if isinstance(each, Constant) else None for each in evaluate(op.operation, given)
    ]


def _summed(equation: str, dims: Sequence[_Dims]) -> _Dims | None:
    """Return the dimensions that an Einsum makes, each a letter's size."""
    found = lettered(equation, list(map(len, dims)))
    if found is None:
        return None
    sizes: dict[str, int] = {}
    for term, each in zip(found[0], dims, strict=True):
        for letter, size in zip(term, each, strict=True):
            sizes[letter] = max(size, sizes.get(letter, 1))
    return tuple(sizes[letter] for letter in found[1])


def _along(dims: Sequence[_Dims], _values: Any, attributes: Any) -> list[_Dims]:
    """Return dimensions of which one keeps one value."""
    axis = attributes.get("axis", 0) % len(dims[0])
    kept = (1,) if attributes.get("keepdims", 1) else ()
    return [(*dims[0][:axis], *kept, *dims[0][axis + 1 :])]


def _topmost(dims: Sequence[_Dims], values: Sequence[list[int]], attributes: Any) -> list[_Dims]:
    axis = attributes.get("axis", -1) % len(dims[0])
    return [(*dims[0][:axis], values[1][0], *dims[0][axis + 1 :])] * 2


def _in_windows(dims: Sequence[_Dims], _values: Any, attributes: Any) -> list[_Dims]:
    size = (attributes.get("output_height", 1), attributes.get("output_width", 1))
    return [(dims[1][0], dims[0][1], *size)]


def _centred(dims: Sequence[_Dims], values: Sequence[list[int]], attributes: Any) -> list[_Dims]:
    axes = [axis % len(dims[0]) for axis in attributes.get("axes") or range(len(dims[0]))]
    wanted = dict(zip(axes, values[1], strict=True))
    return [tuple(wanted.get(axis, n) for axis, n in enumerate(dims[0]))]


_RULES: dict[str, Callable[[Sequence[_Dims], Sequence[list[int]], Any], list[_Dims]]] = {
    "AffineGrid": lambda _dims, values, _of: [(values[1][0], *values[1][2:], len(values[1]) - 2)],
    "ArgMax": _along,
    "ArgMin": _along,
    "CenterCropPad": _centred,
    "Det": lambda dims, _values, _of: [dims[0][:-2]],
    "GatherElements": lambda dims, _values, _of: [dims[1]],
    "GridSample": lambda dims, _values, _of: [(*dims[0][:2], *dims[1][1:-1])],
    "RoiAlign": _in_windows,
    "TopK": _topmost,
}
"""The dimensions of what an operator puts out, from its inputs' dimensions and known values."""


def _padded(op: OnnxOperator, given: Sequence[Constant | None]) -> tuple[int, ...] | None:
    """Return the dimensions of a tensor with borders."""
    pads = op.listed("pads", 1)
    first = given[0]
    if pads is None or first is None or first.dims is None or len(pads) != 2 * len(first.dims):
        return None
    half = len(first.dims)
    return tuple(n + pads[at] + pads[at + half] for at, n in enumerate(first.dims))


def _layout(
    op: OnnxOperator, dims: tuple[int, ...], flows: Sequence[Carried], *, repeats: bool
) -> tuple[Volume, View] | None:
    """Return dimensions as a volume, channels last, and how they hold it.

    Where the batch is repeated, so often for each of it, that is an axis of its own.
    The channels stand where they stand in what comes in, if that has as many dimensions; else
    they are the second of four dimensions or more, and the last of fewer.
    """
    if min(dims) < 1 or len(dims) > MOST_AXES:
        return None
    is_batch = not repeats and dims[0] in (1, op.reading.batch)
    start = 1 if is_batch and len(dims) > 1 else 0
    place = None
    for flow in flows:
        if len(flow.view) == len(dims) and place is None:
            place = views.channels_at(flow.view, op.volume(flow))
    if place is None or place < start:
        last = len(dims) <= SEQUENCE or op.reading.model.channels_last
        place = len(dims) - 1 if last else 1
    axes = [axis for axis in range(start, len(dims)) if axis != place]
    volume = (*(dims[axis] for axis in axes), dims[place])
    view = [() if is_batch and not axis else whole(0, dims[axis]) for axis in range(len(dims))]
    for number, axis in enumerate(axes):
        view[axis] = whole(number, dims[axis])
    view[place] = whole(CHANNELS, dims[place])
    return (volume, tuple(view)) if prod(volume) < 10**18 else None
