"""ONNX operators whose windows slide over a map: convolutions and pools."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import conv_of, each_axis, make, side
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.learned import has_bias
from cnncalc.importing.onnx.reading import MADE_UP, Carried
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.kinds import arithmetic
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.onnx.reading import OnnxOperator
    from cnncalc.importing.onnx.views import View
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer


class _MapFlow(NamedTuple):
    """A flow whose dimensions are a batch, channels, and then axes of its map, by number."""

    flow: Carried
    axes: list[int]
    sizes: list[int]
    rank: int


def _map_of(op: OnnxOperator, flow: Carried, rank: int) -> _MapFlow | None:
    """Return a flow with the axes that a layer of some spatial dimensions slides over."""
    if len(flow.view) != rank + 2:
        return None
    axes = _axes(flow.view, op.volume(flow))
    if axes is None:
        flow = op.laid_out(flow, 1)
        axes = _axes(flow.view, op.volume(flow))
    if axes is None:
        return None
    volume = op.volume(flow)
    return _MapFlow(flow, axes, [volume[axis] for axis in axes], len(volume) - 1)


def _axes(view: View, volume: Volume) -> list[int] | None:
    """Return the axes that dimensions behind the channels hold, each one whole, in their order."""
    if view[1] != whole(CHANNELS, volume[-1]):
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
    held = len(axes) + len(free) + len({part[0] for part in view[0]})
    if -1 in axes or axes != sorted(axes) or held != len(volume) - 1:
        return None
    return axes


def _spread(found: _MapFlow, values: Sequence[Any], other: Any) -> list[Any]:
    """Return values for all axes of a volume, from those of the axes that a layer slides over."""
    spread = [other] * found.rank
    for axis, value in zip(found.axes, values, strict=True):
        spread[axis] = value
    return spread


def _window(op: OnnxOperator, found: _MapFlow, kernel: Sequence[int]) -> dict[str, Any]:
    """Return kernel, stride, padding and dilation as a layer takes them."""
    attributes = op.attributes
    rank = len(found.axes)
    ones = [1] * rank
    strides = attributes.get("strides") or ones
    dilations = attributes.get("dilations") or ones
    pads = attributes.get("pads") or [0] * (2 * rank)
    automatic = attributes.get("auto_pad", "NOTSET")
    window: dict[str, Any] = {
        "kernel": each_axis(_spread(found, kernel, 1)),
        "stride": each_axis(_spread(found, strides, 1)),
    }
    if automatic == "SAME_UPPER":
        window["same"] = True
    elif automatic == "SAME_LOWER":
        geometry = zip(found.sizes, kernel, strides, dilations, strict=True)
        sides = [arithmetic.same_padding(n, -(-n // s), k, s, d)[::-1] for n, k, s, d in geometry]
        window["padding"] = each_axis(_spread(found, [side(*each) for each in sides], 0))
    elif automatic != "VALID":
        sides = list(zip(pads[:rank], pads[rank:], strict=True))
        window["padding"] = each_axis(_spread(found, [side(*each) for each in sides], 0))
    if set(dilations) != {1}:
        window["dilation"] = each_axis(_spread(found, dilations, 1))
    return window


def _moved(op: OnnxOperator, layer: Layer, found: _MapFlow) -> Carried:
    """Add a layer that slides over a map; its output keeps the order of its dimensions."""
    learns = op.kind in ("Conv", "ConvTranspose") and len(op.inputs) > 1
    weights = op.inputs[1] if learns else ""
    made = op.behind(found.flow, layer, weights=weights)
    volume = op.volume(made)
    axes = [whole(axis, volume[axis]) for axis in found.axes]
    return Carried(made.node, (found.flow.view[0], whole(CHANNELS, volume[-1]), *axes))


def conv(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a convolution; on a vector, a layer that mixes all channels."""
    weight = op.constant(1)
    if weight is None or weight.dims is None or len(weight.dims) < 3:
        return None
    filters, each, *kernel = weight.dims
    groups = op.get("group", 1)
    nobias = not has_bias(op)
    vector = len(op.volume(flow)) == 1 and flow.view[1] and not any(flow.view[2:])
    if vector and groups == 1 == prod(kernel) and not any(op.get("pads") or ()):
        layer = make("fc", units=filters, nobias=nobias)
        made = op.behind(flow, layer, weights=op.inputs[1])
        return Carried(made.node, ((), whole(CHANNELS, filters), *flow.view[2:]))
    found = _map_of(op, flow, len(kernel))
    if found is None:
        return None
    window = _window(op, found, kernel)
    channels = op.volume(found.flow)[-1]
    if groups * each != channels:
        return None
    layer = conv_of(channels, filters, groups, **window, nobias=nobias)
    return _also(op, _moved(op, layer, found))


def _also(op: OnnxOperator, made: Carried) -> Carried:
    """Return a convolution with what else its weights are computed from: gains of its filters."""
    numbers = op.reading.stored(op.inputs[1])
    weight = op.constant(1)
    given = {
        name: n
        for name, n in numbers.items()
        if name not in op.reading.makers and not MADE_UP.fullmatch(name)
    }
    more = sum(given.values()) - ((weight.size or 0) if weight else 0)
    filters = op.volume(made)[-1]
    if len(given) < 2 or more <= 0:
        return made
    if more == filters:
        return op.behind(made, make("layerscale"))
    return op.opaque("Weights", [made.node], op.volume(made), made.view, more)


def deconv(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a transposed convolution, with what a file asks of its output."""
    weight = op.constant(1)
    if weight is None or weight.dims is None or len(weight.dims) < 3:
        return None
    _channels, each, *kernel = weight.dims
    found = _map_of(op, flow, len(kernel))
    if found is None:
        return None
    attributes = dict(op.attributes)
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
    window = _window(op.having(attributes=attributes), found, kernel)
    if any(extra):
        window["output-padding"] = each_axis(_spread(found, extra, 0))
    nobias = not has_bias(op)
    layer = make("deconv", filters=each * groups, **window, groups=groups, nobias=nobias)
    return _moved(op, layer, found)


def pool(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a pool whose windows slide."""
    kernel = op.get("kernel_shape") or []
    found = _map_of(op, flow, len(kernel))
    if found is None:
        return None
    attributes = {"strides": [1] * len(kernel), **op.attributes}
    name = "maxpool" if op.kind == "MaxPool" else "avgpool"
    window = _window(op.having(attributes=attributes), found, kernel)
    ceil = bool(attributes.get("ceil_mode")) and "same" not in window
    made = _moved(op, make(name, **window, ceil=ceil), found)
    if op.kind == "LpPool":
        op.graph.tell_stand_in(op.kind, made.node)
    return made


def deformed(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a deformable convolution whose offsets are those of a conv of what it reads.

    That conv is a part of the layer: it has the same windows, and a bias. With a mask, or where
    the offsets come from elsewhere, it is a conv whose taps something opaque moves.
    """
    weight = op.constant(1)
    offsets = op.values.get(op.inputs[2])
    if weight is None or not weight.dims:
        return None
    filters, _each, *kernel = weight.dims
    found = _map_of(op, flow, len(kernel))
    if found is None:
        return None
    window = _window(op, found, kernel)
    deformable = op.get("offset_group", 1)
    groups = op.get("group", 1)
    biased = len(op.inputs) > 3 and bool(op.inputs[3])
    own = make("conv", filters=deformable * len(kernel) * prod(kernel), **window)
    masked = "".join(op.inputs[4:5])
    node = op.graph.nodes[offsets.node] if isinstance(offsets, Carried) else None
    if node and not masked and node.inputs == (flow.node,) and node.item == own:
        more = {"deformable-groups": deformable, "nobias": not biased}
        layer = make("deformconv", filters=filters, **window, groups=groups, **more)
        return _moved(op, layer, found)
    conv = make("conv", filters=filters, **window, groups=groups, nobias=not biased)
    plain = _moved(op, conv, found)
    moves = [tensor for tensor in (*op.inputs[2:3], masked) if tensor]
    given = [op.values.get(tensor) for tensor in moves]
    read = [plain.node, *(each.node for each in given if isinstance(each, Carried))]
    learned = sum(sum(op.reading.stored(tensor).values()) for tensor in moves)
    sources = list(dict.fromkeys(read))
    return op.opaque("MovedTaps", sources, op.volume(plain), plain.view, learned)


def adaptive_pool(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a pool to a size of its output, which PyTorch has and ONNX has not."""
    sizes = op.attributes["output_size"]
    found = _map_of(op, flow, len(sizes))
    if found is None or None in sizes:
        return None
    kind = "adaptivemaxpool" if "Max" in op.kind else "adaptiveavgpool"
    layer = make(kind, size=each_axis(_spread(found, sizes, 1)))
    return _moved(op, layer, found)


def global_pool(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a pool of the whole map."""
    axes = list(range(2, len(flow.view)))
    return _reduced(op, flow, axes, keep=True)


def reduce(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a mean or a largest value along axes of the map."""
    axes = axes_of(op, len(flow.view))
    if not axes and op.get("noop_with_empty_axes"):
        return flow
    axes = axes or list(range(len(flow.view)))
    return _reduced(op, flow, axes, keep=bool(op.get("keepdims", 1)))


def axes_of(op: OnnxOperator, rank: int) -> list[int] | None:
    """Return the dimensions that an operator names, counted from the first."""
    axes = op.listed("axes", 1)
    if axes is None:
        return None
    return sorted({axis + rank if axis < 0 else axis for axis in axes})


def _reduced(op: OnnxOperator, flow: Carried, axes: list[int], *, keep: bool) -> Carried | None:
    """Return a map with some of its axes pooled to one."""
    volume, view = op.volume(flow), flow.view
    if axes == [views.channels_at(view, volume)] and volume[-1] > 1:
        largest = op.kind == "ReduceMax"
        if op.kind not in ("ReduceMax", "ReduceMean") or len(volume) == 1:
            return None
        one = op.behind(flow, make("channelmax" if largest else "channelmean"))
        rest = [() if axis in axes else parts for axis, parts in enumerate(view)]
        if not keep:
            del rest[axes[0]]
        return Carried(one.node, tuple(rest))
    pooled = {part[0] for axis in axes for part in view[axis]}
    left = {part[0] for axis, parts in enumerate(view) if axis not in axes for part in parts}
    if CHANNELS in pooled or pooled & left:
        return None
    made = flow
    largest = op.kind in ("GlobalMaxPool", "ReduceMax")
    if pooled and not left - {CHANNELS}:
        made = op.behind(flow, make("gmp" if largest else "gap"))
    elif pooled:
        sizes = each_axis(n if axis in pooled else 1 for axis, n in enumerate(volume[:-1]))
        pool = make("maxpool" if largest else "avgpool", kernel=sizes)
        made = op.behind(flow, pool)
    elif keep and len(volume) > 1 and op.kind.startswith("Global"):
        made = op.behind(flow, make("gmp" if largest else "gap"))
    if op.kind == "GlobalLpPool" and made is not flow:
        op.graph.tell_stand_in(op.kind, made.node)
    kept = [() if axis in axes else parts for axis, parts in enumerate(view)]
    if not keep:
        kept = [parts for axis, parts in enumerate(kept) if axis not in axes]
    return op.recognise_reshape(Carried(made.node, tuple(kept)))
