"""ONNX operators to layers: what each is in the notation, from its attributes and dimensions."""

from __future__ import annotations

from math import isfinite, prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing import views, windows
from cnncalc.importing.constants import numbers, resolved
from cnncalc.importing.reading import MADE_UP, Flow
from cnncalc.importing.views import CHANNELS, MOST_RANK, whole
from cnncalc.importing.windows import axes_of, side
from cnncalc.kinds.volumes import times
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.onnx import Operation
    from cnncalc.importing.reading import Reading, Value


# ---------------------------------------------------------------- fully connected


def _gemm(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None or operation.attributes.get("transA"):
        return None
    dims = weight.dims[::-1] if operation.attributes.get("transB") else weight.dims
    bias = reading.constant(operation, 2)
    given = len(operation.inputs) > 2 and bool(operation.inputs[2])
    alone = bias is not None and bias.size == 1 < dims[-1]
    made = _full(reading, operation, flow, dims, nobias=not given or alone)
    if made and alone:
        message = _("a bias of one number for all outputs is not counted")
        reading.graph.remark(made.node, "not-counted", message)
    return made


def _matmul(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None:
        return None
    return _full(reading, operation, flow, weight.dims, nobias=True)


def _full(
    reading: Reading, operation: Operation, flow: Flow, dims: tuple[int, ...], *, nobias: bool
) -> Flow | None:
    """Return a layer that mixes all channels: on a map, a 1x1 convolution at each place."""
    volume = reading.volume(flow)
    if len(dims) < 2 or prod(dims[:-2]) != 1 or flow.view[-1] != whole(CHANNELS, volume[-1]):
        return None
    if dims[-2] != volume[-1]:
        return None
    reading.graph.note_weight_use(operation.inputs[1])
    units = dims[-1]
    text = f"fc {units}" if len(volume) == 1 else f"conv {units} k1"
    view = (*flow.view[:-1], whole(CHANNELS, units))
    return reading.behind(flow, f"{text} nobias" if nobias else text, operation, view)


# ---------------------------------------------------------------- norms and activations


def _batch_norm(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        return None
    return reading.behind(flow, "bn", operation)


def _layer_norm(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    scale = reading.constant(operation, 1)
    last = whole(CHANNELS, reading.volume(flow)[-1])
    if flow.view[-1] != last or scale is None or scale.size != reading.volume(flow)[-1]:
        return None
    made = reading.behind(flow, "ln", operation)
    if reading.constant(operation, 2) is None:
        reading.graph.learns_no(made.node, "nobias")
    return made


def _group_norm(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        return None
    return reading.behind(flow, f"gn {operation.attributes['num_groups']}", operation)


def _instance_norm(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    """Read an instance norm: one that learns a scale is a group norm, each channel a group."""
    if (groups := views.groups_at(flow.view, reading.volume(flow))) is not None:
        made = reading.behind(flow, f"gn {groups}", operation)
        reading.graph.learns_no(made.node, "noscale", "nobias")
        return made
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        return None
    scale = reading.constant(operation, 1)
    learns = scale is not None and scale.name and not MADE_UP.fullmatch(scale.name)
    text = f"gn {reading.volume(flow)[-1]}" if learns else "in"
    return reading.behind(flow, text, operation)


def _clip(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    text = clipped(reading, operation)
    return reading.behind(flow, text, operation) if text else None


def clipped(reading: Reading, operation: Operation) -> str:
    """Return which layer a clip is: relu6, relu, or none."""
    least, most = (
        _number(reading, operation, name, place) for name, place in (("min", 1), ("max", 2))
    )
    if least == 0 and most in (1, 6):
        return "relu6"
    return "relu" if least == 0 and most is None else ""


def _number(reading: Reading, operation: Operation, name: str, place: int) -> Any:
    """Return one number from an attribute, or from an input in newer files."""
    if name in operation.attributes:
        return operation.attributes[name]
    constant = reading.constant(operation, place)
    return constant.values[0] if constant and constant.values else None


def _with_number(name: str, attribute: str, place: int, default: float | None = None) -> _Reader:
    """Return a reader of a layer whose number is kept as it is given."""

    def read(reading: Reading, operation: Operation, flow: Flow) -> Flow:
        value = _number(reading, operation, attribute, place)
        value = default if value is None else value
        plain = isinstance(value, int | float) and isfinite(value) and value >= 0
        return reading.behind(flow, f"{name} {value:.6g}" if plain else name, operation)

    return read


def _prelu(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    slope = reading.constant(operation, 1)
    if slope is not None and slope.size == reading.volume(flow)[-1]:
        return reading.behind(flow, "prelu", operation)
    return None


def _lrn(reading: Reading, operation: Operation, flow: Flow) -> Flow:
    return reading.behind(flow, f"lrn {operation.attributes['size']}", operation)


# ---------------------------------------------------------------- shapes


def _flatten(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    sizes = views.sizes(flow.view)
    axis = operation.attributes.get("axis", 1)
    return reading.reshaped(operation, flow, (prod(sizes[:axis]), prod(sizes[axis:])))


def _reshape(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    wanted = reading.listed(operation, "shape", 1)
    if wanted is None:
        told = reading.model.shapes.get(operation.outputs[0])
        wanted = [size or 1 for size in told] if told else None
    if wanted is None:
        return None
    if wanted and wanted[0] == reading.batch > 1:
        wanted = [1, *wanted[1:]]
    sizes = views.sizes(flow.view)
    dims = resolved(wanted, sizes, prod(sizes))
    return None if dims is None else reading.reshaped(operation, flow, dims)


def _squeeze(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    axes = axes_of(reading, operation, len(flow.view))
    if axes is None:
        axes = [axis for axis, parts in enumerate(flow.view) if axis and not parts]
    if any(flow.view[axis] for axis in axes):
        return None
    kept = tuple(parts for axis, parts in enumerate(flow.view) if axis not in axes)
    return reading.recognise_reshape(operation, Flow(flow.node, kept))


def _unsqueeze(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    axes = reading.listed(operation, "axes", 1)
    rank = len(flow.view) + len(axes or ())
    if not axes or rank > MOST_RANK:
        return None
    at = {axis + rank if axis < 0 else axis for axis in axes}
    rest = iter(flow.view)
    return Flow(flow.node, tuple(() if axis in at else next(rest) for axis in range(rank)))


def _transpose(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    order = operation.attributes.get("perm") or list(range(len(flow.view)))[::-1]
    if sorted(order) != list(range(len(flow.view))):
        return None
    return reading.recognise_reshape(
        operation, Flow(flow.node, tuple(flow.view[axis] for axis in order))
    )


def _cut(
    reading: Reading, operation: Operation, flow: Flow, place: int, start: int, stop: int
) -> Flow | None:
    """Return a stretch of one dimension: a slice of channels, or a crop."""
    volume = reading.volume(flow)
    axis = views.axis_at(flow.view, volume, place)
    if axis is None or not 0 <= start < stop <= volume[axis]:
        return None
    if (start, stop) == (0, volume[axis]):
        return flow
    if axis == CHANNELS:
        text = f"slice {start} {stop}"
    else:
        around = ["0"] * (len(volume) - 1)
        around[axis] = side(start, volume[axis] - stop)
        text = f"crop {'x'.join(around)}"
    view = (*flow.view[:place], whole(axis, stop - start), *flow.view[place + 1 :])
    return reading.behind(flow, text, operation, view)


def _slice(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    starts, ends = (reading.listed(operation, name, i) for i, name in ((1, "starts"), (2, "ends")))
    if starts is None or ends is None:
        return None
    axes = reading.listed(operation, "axes", 3)
    steps = reading.listed(operation, "steps", 4)
    sizes = views.sizes(flow.view)
    found: Flow | None = flow
    for each, ends_of in enumerate(zip(starts, ends, strict=True)):
        axis = axes[each] if axes else each
        axis += len(sizes) if axis < 0 else 0
        step = steps[each] if steps else 1
        if step < 1 or found is None:
            return None
        start, end, _step = slice(*ends_of).indices(sizes[axis])
        if (start, end) != (0, sizes[axis]):
            found = _cut(reading, operation, found, axis, start, end)
        if step > 1 and found is not None:
            found = _every(reading, operation, found, axis, step)
    return found


def _every(
    reading: Reading, operation: Operation, flow: Flow, place: int, step: int
) -> Flow | None:
    """Return each value of a map that stands a step from the last: a pool of windows of one."""
    volume = reading.volume(flow)
    axis = views.axis_at(flow.view, volume, place)
    if axis is None or axis == CHANNELS:
        return None
    steps = times(tuple(step if each == axis else 1 for each in range(len(volume) - 1)))
    made = reading.behind(flow, f"maxpool 1 s{steps}", operation)
    left = whole(axis, reading.volume(made)[axis])
    return Flow(made.node, (*flow.view[:place], left, *flow.view[place + 1 :]))


def _split(reading: Reading, operation: Operation, flow: Flow) -> list[Value] | None:
    sizes = views.sizes(flow.view)
    axis = operation.attributes.get("axis", 0)
    axis += len(sizes) if axis < 0 else 0
    parts = reading.listed(operation, "split", 1)
    if parts is None:
        each = -(-sizes[axis] // len(operation.outputs))
        parts = [min(each, sizes[axis] - each * i) for i in range(len(operation.outputs))]
    if sum(parts) != sizes[axis] or len(parts) != len(operation.outputs):
        return None
    made: list[Value] = []
    start = 0
    for size in parts:
        made.append(_cut(reading, operation, flow, axis, start, start + size))
        start += size
    return None if None in made else made


def _gather(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    places = reading.constant(operation, 1)
    index = numbers(places)
    if places is None or index is None or len(index) != 1:
        return None
    axis = operation.attributes.get("axis", 0)
    axis += len(flow.view) if axis < 0 else 0
    size = views.sizes(flow.view)[axis]
    start = index[0] + (size if index[0] < 0 else 0)
    made = _cut(reading, operation, flow, axis, start, start + 1)
    if made is None or places.dims:
        return made
    view = (*made.view[:axis], *made.view[axis + 1 :])
    return reading.recognise_reshape(operation, Flow(made.node, view))


def _pad(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    pads = reading.listed(operation, "pads", 1) or operation.attributes.get("paddings")
    axes = numbers(reading.constant(operation, 3)) or list(range(len(flow.view)))
    if not pads or len(pads) != 2 * len(axes):
        return None
    sides = dict(zip(axes, zip(pads[: len(axes)], pads[len(axes) :], strict=True), strict=True))
    made: Flow | None = flow
    for name, sign in (("pad", 1), ("crop", -1)):
        around = {axis: (max(sign * b, 0), max(sign * a, 0)) for axis, (b, a) in sides.items()}
        if made is not None and any(map(any, around.values())):
            made = _bordered(reading, operation, made, name, around)
    return made


def _bordered(
    reading: Reading,
    operation: Operation,
    flow: Flow,
    name: str,
    around: dict[int, tuple[int, int]],
) -> Flow | None:
    """Return a map with a border around it, or without one: so much before and after, by place."""
    volume = reading.volume(flow)
    words = ["0"] * (len(volume) - 1)
    places = {}
    for place, (before, after) in around.items():
        if before or after:
            axis = views.axis_at(flow.view, volume, place)
            if axis is None or axis == CHANNELS:
                return None
            words[axis] = side(before, after)
            places[place % len(flow.view)] = axis
    sizes = words[0] if len(set(words)) == 1 else "x".join(words)
    made = reading.behind(flow, f"{name} {sizes}", operation)
    new = reading.volume(made)
    view = tuple(
        whole(places[place], new[places[place]]) if place in places else parts
        for place, parts in enumerate(flow.view)
    )
    return Flow(made.node, view)


def _resize(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    """Read a resize: by whole factors, nearest or linear."""
    sizes = views.sizes(flow.view)
    place = 1 if operation.kind == "Upsample" or len(operation.inputs) < 3 else 2
    scales = reading.constant(operation, place)
    wanted = numbers(reading.constant(operation, 3))
    given = operation.attributes.get("scales") or (scales.values if scales else None)
    if wanted:
        given = [to / n for n, to in zip(sizes, [1, *wanted[1:]], strict=True)]
    mode = operation.attributes.get("mode", "nearest")
    volume = reading.volume(flow)
    if not given or len(given) != len(sizes) or mode not in ("nearest", "linear", "bilinear"):
        return None
    factors = [1] * (len(volume) - 1)
    view = list(flow.view)
    for at, (scale, size) in enumerate(zip(given, sizes, strict=True)):
        factor = round(scale)
        if scale == 1:
            continue
        axis = views.axis_at(flow.view, volume, at)
        if axis in (None, CHANNELS) or factor < 1 or int(size * scale) != size * factor:
            return None
        factors[axis] = factor
        view[at] = whole(axis, size * factor)
    if set(factors) == {1}:
        return flow
    text = f"upsample {factors[0] if len(set(factors)) == 1 else times(tuple(factors))}"
    text += "" if mode == "nearest" else " bilinear"
    return reading.behind(flow, text, operation, tuple(view))


_Reader: TypeAlias = "Callable[[Reading, Operation, Flow], Flow | list[Value] | None]"

OPERATORS: dict[str, _Reader] = {
    "AveragePool": windows.pool,
    "BatchNormalization": _batch_norm,
    "Clip": _clip,
    "Conv": windows.conv,
    "ConvTranspose": windows.deconv,
    "Dropout": _with_number("dropout", "ratio", 1, 0.5),
    "Flatten": _flatten,
    "Gather": _gather,
    "Gemm": _gemm,
    "GlobalAveragePool": windows.global_pool,
    "GlobalMaxPool": windows.global_pool,
    "GroupNormalization": _group_norm,
    "InstanceNormalization": _instance_norm,
    "LRN": _lrn,
    "LayerNormalization": _layer_norm,
    "LeakyRelu": _with_number("leakyrelu", "alpha", 9, 0.01),
    "MatMul": _matmul,
    "MaxPool": windows.pool,
    "PRelu": _prelu,
    "Pad": _pad,
    "ReduceMax": windows.reduce,
    "ReduceMean": windows.reduce,
    "Reshape": _reshape,
    "Resize": _resize,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
    "Upsample": _resize,
}
"""What reads each operator; None where it is no layer of ours."""

PLAIN = {
    "Relu": "relu",
    "Elu": "elu",
    "Gelu": "gelu",
    "HardSigmoid": "hardsigmoid",
    "HardSwish": "hardswish",
    "LogSoftmax": "softmax",
    "Mish": "mish",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "Swish": "silu",
    "Tanh": "tanh",
}
"""Operators that are a layer by their name alone."""
