"""ONNX operators to layers: what each is in the notation, from its attributes and dimensions."""

from __future__ import annotations

from math import isfinite, prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.importing import views
from cnncalc.importing.constants import numbers, resolved
from cnncalc.importing.reading import MADE_UP, Flow
from cnncalc.importing.views import CHANNELS, MOST_RANK, whole
from cnncalc.kinds import arithmetic
from cnncalc.kinds.volumes import times
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx import Operation
    from cnncalc.importing.reading import Reading, Value


# ---------------------------------------------------------------- windows


class _Map(NamedTuple):
    """A flow whose dimensions are a batch, channels, and then axes of its map, by number."""

    axes: list[int]
    sizes: list[int]
    rank: int


def _map_of(reading: Reading, flow: Flow, rank: int) -> _Map | None:
    """Return the axes that a layer of some spatial dimensions slides over."""
    volume, view = reading.volume(flow), flow.view
    if len(view) != rank + 2 or view[0] or view[1] != whole(CHANNELS, volume[-1]):
        return None
    free = [axis for axis, size in enumerate(volume[:-1]) if size == 1]
    axes = []
    for parts in view[2:]:
        if not parts:
            axes.append(free.pop(0) if free else -1)
        elif len(parts) == 1 and parts[0][2] == volume[parts[0][0]]:
            axes.append(parts[0][0])
        else:
            return None
    if -1 in axes or axes != sorted(axes) or len(axes) + len(free) != len(volume) - 1:
        return None
    return _Map(axes, [volume[axis] for axis in axes], len(volume) - 1)


def _words(letter: str, values: Sequence[str], default: str) -> list[str]:
    """Return an option with one value for all axes, or one for each; nothing for its default."""
    if all(value == default for value in values):
        return []
    return [letter + (values[0] if len(set(values)) == 1 else "x".join(values))]


def _spread(found: _Map, values: Sequence[Any], other: Any) -> list[Any]:
    """Return values for all axes of a volume, from those of the axes that a layer slides over."""
    spread = [other] * found.rank
    for axis, value in zip(found.axes, values, strict=True):
        spread[axis] = value
    return spread


def _window(operation: Operation, found: _Map, kernel: Sequence[int]) -> list[str]:
    """Return kernel, stride, padding and dilation as options."""
    attributes = operation.attributes
    rank = len(found.axes)
    ones = [1] * rank
    strides = attributes.get("strides") or ones
    dilations = attributes.get("dilations") or ones
    pads = attributes.get("pads") or [0] * (2 * rank)
    automatic = attributes.get("auto_pad", "NOTSET")
    words = _words("k", [str(k) for k in _spread(found, kernel, 1)], "")
    words += _words("s", [str(s) for s in _spread(found, strides, 1)], "1")
    if automatic == "SAME_UPPER":
        words.append("same")
    elif automatic == "SAME_LOWER":
        geometry = zip(found.sizes, kernel, strides, dilations, strict=True)
        sides = [arithmetic.same_padding(n, -(-n // s), k, s, d)[::-1] for n, k, s, d in geometry]
        words += _padding(_spread(found, [side(*each) for each in sides], "0"))
    elif automatic != "VALID":
        sides = list(zip(pads[:rank], pads[rank:], strict=True))
        words += _padding(_spread(found, [side(*each) for each in sides], "0"))
    words += _words("d", [str(d) for d in _spread(found, dilations, 1)], "1")
    return words


def side(before: int, after: int) -> str:
    """Return a padding as it is written: one number, or before:after."""
    if before < 0 or after < 0:
        raise ValueError
    return str(before) if before == after else f"{before}:{after}"


def _padding(values: Sequence[str]) -> list[str]:
    return _words("p", values, "0")


def _moved(reading: Reading, flow: Flow, text: str, operation: Operation, found: _Map) -> Flow:
    """Add a layer that slides over a map; its output keeps the order of its dimensions."""
    made = reading.behind(flow, text, operation)
    volume = reading.volume(made)
    axes = [whole(axis, volume[axis]) for axis in found.axes]
    return Flow(made.node, ((), whole(CHANNELS, volume[-1]), *axes))


def _conv(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None or len(weight.dims) < 3:
        return None
    filters, _each, *kernel = weight.dims
    channels = reading.volume(flow)[-1]
    groups = operation.attributes.get("group", 1)
    nobias = [] if len(operation.inputs) > 2 and operation.inputs[2] else ["nobias"]
    reading.graph.note_weight_use(operation.inputs[1])
    if len(reading.volume(flow)) == 1:
        if set(kernel) != {1} or groups != 1 or any(operation.attributes.get("pads") or ()):
            return None
        made = reading.behind(flow, " ".join([f"fc {filters}", *nobias]), operation)
        return Flow(made.node, ((), whole(CHANNELS, filters), *flow.view[2:]))
    found = _map_of(reading, flow, len(kernel))
    if found is None:
        return None
    words = _window(operation, found, kernel)
    if groups == channels > 1:
        head = ["dwconv"] if filters == channels else ["dwconv", str(filters)]
        text = [*head, *words, *nobias]
    else:
        text = ["conv", str(filters), *words, *([f"g{groups}"] if groups != 1 else []), *nobias]
    return _moved(reading, flow, " ".join(text), operation, found)


def _deconv(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None or len(weight.dims) < 3:
        return None
    _channels, each, *kernel = weight.dims
    found = _map_of(reading, flow, len(kernel))
    if found is None:
        return None
    reading.graph.note_weight_use(operation.inputs[1])
    attributes = dict(operation.attributes)
    rank = len(kernel)
    groups = attributes.get("group", 1)
    strides = attributes.get("strides") or [1] * rank
    dilations = attributes.get("dilations") or [1] * rank
    extra = list(attributes.get("output_padding") or [0] * rank)
    wanted = attributes.get("output_shape")
    automatic = attributes.pop("auto_pad", "NOTSET")
    if wanted or automatic.startswith("SAME"):
        sizes = (
            wanted[-rank:] if wanted else [n * s for n, s in zip(found.sizes, strides, strict=True)]
        )
        befores, afters = [], []
        axes = zip(found.sizes, kernel, strides, dilations, sizes, strict=True)
        for axis, (n, k, s, d, out) in enumerate(axes):
            total = s * (n - 1) + extra[axis] + d * (k - 1) + 1 - out
            if total < 0:  # what is asked for beyond its own size is added at the end
                extra[axis] -= total
                total = 0
            befores.append(total - total // 2 if automatic == "SAME_UPPER" else total // 2)
            afters.append(total - befores[-1])
        attributes["pads"] = [*befores, *afters]
    window = _window(operation._replace(attributes=attributes), found, kernel)
    words = ["deconv", str(each * groups), *window]
    words += _words("op", [str(op) for op in _spread(found, extra, 0)], "0")
    words += [f"g{groups}"] if groups != 1 else []
    words += [] if len(operation.inputs) > 2 and operation.inputs[2] else ["nobias"]
    return _moved(reading, flow, " ".join(words), operation, found)


def _pool(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    kernel = operation.attributes.get("kernel_shape") or []
    found = _map_of(reading, flow, len(kernel))
    if found is None:
        return None
    attributes = {"strides": [1] * len(kernel), **operation.attributes}
    name = "maxpool" if operation.kind == "MaxPool" else "avgpool"
    window = _window(operation._replace(attributes=attributes), found, kernel)
    if not any(word[0] == "s" and word[1:2].isdigit() for word in window):
        window.insert(1, "s1")
    if attributes.get("ceil_mode") and "same" not in window:
        window.append("ceil")
    return _moved(reading, flow, " ".join([name, *window]), operation, found)


def _global_pool(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    axes = list(range(2, len(flow.view)))
    return _reduced(reading, operation, flow, axes, keep=True)


def _reduce(reading: Reading, operation: Operation, flow: Flow) -> Flow | None:
    axes = axes_of(reading, operation, len(flow.view))
    if axes is None:
        return None
    return _reduced(
        reading, operation, flow, axes, keep=bool(operation.attributes.get("keepdims", 1))
    )


def axes_of(reading: Reading, operation: Operation, rank: int) -> list[int] | None:
    """Return the dimensions that an operator names, counted from the first."""
    axes = reading.listed(operation, "axes", 1)
    if axes is None:
        return None
    return sorted({axis + rank if axis < 0 else axis for axis in axes})


def _reduced(
    reading: Reading, operation: Operation, flow: Flow, axes: list[int], *, keep: bool
) -> Flow | None:
    """Return a map with some of its axes pooled to one."""
    volume, view = reading.volume(flow), flow.view
    pooled = {part[0] for axis in axes for part in view[axis]}
    left = {part[0] for axis, parts in enumerate(view) if axis not in axes for part in parts}
    if CHANNELS in pooled or pooled & left:
        return None
    made = flow
    largest = operation.kind in ("GlobalMaxPool", "ReduceMax")
    if pooled and not left - {CHANNELS}:
        made = reading.behind(flow, "gmp" if largest else "gap", operation)
    elif pooled:
        sizes = times(tuple(n if axis in pooled else 1 for axis, n in enumerate(volume[:-1])))
        made = reading.behind(flow, f"{'maxpool' if largest else 'avgpool'} {sizes}", operation)
    elif keep and len(volume) > 1 and operation.kind.startswith("Global"):
        made = reading.behind(flow, "gmp" if largest else "gap", operation)
    kept = [() if axis in axes else parts for axis, parts in enumerate(view)]
    if not keep:
        kept = [parts for axis, parts in enumerate(kept) if axis not in axes]
    return reading.recognise_reshape(operation, Flow(made.node, tuple(kept)))


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
    "AveragePool": _pool,
    "BatchNormalization": _batch_norm,
    "Clip": _clip,
    "Conv": _conv,
    "ConvTranspose": _deconv,
    "Dropout": _with_number("dropout", "ratio", 1, 0.5),
    "Flatten": _flatten,
    "Gather": _gather,
    "Gemm": _gemm,
    "GlobalAveragePool": _global_pool,
    "GlobalMaxPool": _global_pool,
    "GroupNormalization": _group_norm,
    "InstanceNormalization": _instance_norm,
    "LRN": _lrn,
    "LayerNormalization": _layer_norm,
    "LeakyRelu": _with_number("leakyrelu", "alpha", 9, 0.01),
    "MatMul": _matmul,
    "MaxPool": _pool,
    "PRelu": _prelu,
    "Pad": _pad,
    "ReduceMax": _reduce,
    "ReduceMean": _reduce,
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
