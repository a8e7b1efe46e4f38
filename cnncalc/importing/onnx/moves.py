"""ONNX operators that move values about: other shapes, parts, borders and sizes."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import each_axis, make, side
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.batches import Crossed
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.rearrangements import resolved
from cnncalc.importing.onnx.tensors import numbers
from cnncalc.importing.onnx.views import CHANNELS, MOST_RANK, whole
from cnncalc.importing.onnx.windows import axes_of

if TYPE_CHECKING:
    from cnncalc.importing.onnx.reading import OnnxOperator


def flatten(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a flow as two dimensions."""
    sizes = views.sizes(flow.view)
    axis = op.get("axis", 1)
    return op.reshaped(flow, (prod(sizes[:axis]), prod(sizes[axis:])))


def reshape(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a flow in other dimensions."""
    wanted = op.listed("shape", 1)
    if wanted is None:
        told = op.reading.model.shapes.get(op.outputs[0])
        wanted = [size or 1 for size in told] if told else None
    if wanted is None:
        return None
    sizes, batch = views.sizes(flow.view), op.reading.batch
    if wanted and wanted[0] == batch > 1:
        wanted = [1, *wanted[1:]]
    dims = resolved(wanted, sizes, prod(sizes))
    if dims is None and batch > 1:  # the batch is the outermost part of the first
        first, *rest = resolved(wanted, (batch, *sizes[1:]), batch * prod(sizes)) or (1,)
        dims = None if first % batch else (first // batch, *rest)
    made = None if dims is None else op.reshaped(flow, dims)
    if made is None and batch > 1:
        raise Crossed(op.operation)
    return made


def squeeze(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a flow without dimensions that are 1 wide."""
    axes = axes_of(op, len(flow.view))
    if axes is None:
        axes = [axis for axis, parts in enumerate(flow.view) if axis and not parts]
    if any(flow.view[axis] for axis in axes):
        return None
    kept = tuple(parts for axis, parts in enumerate(flow.view) if axis not in axes)
    return op.recognise_reshape(Carried(flow.node, kept))


def unsqueeze(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a flow with dimensions that are 1 wide."""
    axes = op.listed("axes", 1)
    rank = len(flow.view) + len(axes or ())
    if not axes or rank > MOST_RANK:
        return None
    at = {axis + rank if axis < 0 else axis for axis in axes}
    if len(at) < len(axes) or not at <= set(range(rank)):
        return None
    rest = iter(flow.view)
    return Carried(flow.node, tuple(() if axis in at else next(rest) for axis in range(rank)))


def transpose(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a flow with its dimensions in another order."""
    order = op.get("perm") or list(range(len(flow.view)))[::-1]
    if sorted(order) != list(range(len(flow.view))):
        return None
    return op.recognise_reshape(Carried(flow.node, tuple(flow.view[axis] for axis in order)))


def embedded(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return the rows of a table of learned numbers that a flow of indices picks."""
    table = op.constant(0)
    learns = table is not None and bool(op.reading.stored(op.inputs[0]))
    if table is None or table.dims is None or len(table.dims) != 2 or not learns:
        return None
    if op.get("axis", 0) not in (0, -2):
        return None
    words, units = table.dims
    whole_map = tuple(part for parts in flow.view for part in parts)
    flat = op.laid_out(Carried(flow.node, ((), whole_map)), -1)
    layer = make("embedding", words=words, units=units)
    made = op.behind(flat, layer, weights=op.inputs[0])
    left = prod(views.sizes(flow.view))
    view = []
    for size in views.sizes(flow.view):
        left //= size
        view.append(((0, left, size),) if size > 1 else ())
    return Carried(made.node, (*view, whole(CHANNELS, units)))


def expand(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a map of one place at all places: its values, nearest, at a larger size."""
    wanted = op.listed("shape", 1)
    sizes = views.sizes(flow.view)
    if wanted is None or len(wanted) != len(sizes):
        return None
    volume = op.volume(flow)
    if wanted[0] not in (1, op.reading.batch):
        return None
    found = [max(pair) for pair in zip(wanted, sizes, strict=True)]
    grown = [axis for axis, size in enumerate(sizes) if found[axis] != size]
    if not grown:
        return flow
    if flow.view != views.channels_first(volume) or min(grown) < _FIRST:
        return None
    layer = make("resize", size=each_axis(found[_FIRST:]))
    view = views.channels_first((*found[_FIRST:], volume[-1]))
    return op.behind(flow, layer, view)


_FIRST = 2
"""The first dimension of a map, behind the batch and the channels."""


def pad(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a map with a border, or without one."""
    pads = op.listed("pads", 1) or op.get("paddings")
    axes = numbers(op.constant(3)) or list(range(len(flow.view)))
    if not pads or len(pads) != 2 * len(axes):
        return None
    sides = dict(zip(axes, zip(pads[: len(axes)], pads[len(axes) :], strict=True), strict=True))
    made: Carried | None = flow
    for name, sign in (("pad", 1), ("crop", -1)):
        around = {axis: (max(sign * b, 0), max(sign * a, 0)) for axis, (b, a) in sides.items()}
        if made is not None and any(map(any, around.values())):
            made = _bordered(op, made, name, around)
    return made


def _bordered(
    op: OnnxOperator, flow: Carried, name: str, around: dict[int, tuple[int, int]]
) -> Carried | None:
    """Return a map with a border around it, or without one: so much before and after, by place."""
    volume = op.volume(flow)
    words: list[Any] = [0] * (len(volume) - 1)
    places = {}
    for place, (before, after) in around.items():
        if before or after:
            axis = views.axis_at(flow.view, volume, place)
            if axis is None or axis == CHANNELS:
                return None
            words[axis] = side(before, after)
            places[place % len(flow.view)] = axis
    made = op.behind(flow, make(name, size=each_axis(words)))
    new = op.volume(made)
    view = tuple(
        whole(places[place], new[places[place]]) if place in places else parts
        for place, parts in enumerate(flow.view)
    )
    return Carried(made.node, view)


def blocks(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a map with its channels dealt to places, or places gathered to channels."""
    flow = op.laid_out(flow, 1)
    dealt = op.kind == "DepthToSpace"
    kind = "pixelshuffle" if dealt else "pixelunshuffle"
    layer = make(kind, block=op.attributes["blocksize"])
    made = op.behind(flow, layer)
    if op.get("mode", "DCR") == "DCR":
        op.graph.tell_stand_in(op.kind, made.node)
    return Carried(made.node, views.channels_first(op.volume(made)))


def resize(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Read a resize: by whole factors or to sizes, nearest or linear."""
    sizes = views.sizes(flow.view)
    place = 1 if op.kind == "Upsample" or len(op.inputs) < 3 else 2
    scales = op.constant(place)
    wanted = numbers(op.constant(3))
    given = op.get("scales") or (scales.values if scales else None)
    if axes := op.get("axes"):
        given = given and [
            dict(zip(axes, given, strict=True)).get(at, 1) for at in range(len(sizes))
        ]
        wanted = wanted and [
            dict(zip(axes, wanted, strict=True)).get(at, n) for at, n in enumerate(sizes)
        ]
    policy = op.get("keep_aspect_ratio_policy", "stretch")
    if wanted and policy != "stretch":
        kept = [wanted[at] / sizes[at] for at in axes or range(len(sizes))]
        scale = min(kept) if policy == "not_larger" else max(kept)
        grown = [int(scale * n + 0.5) for n in sizes]
        wanted = [grown[at] if not axes or at in axes else n for at, n in enumerate(sizes)]
    if wanted:
        first = sizes[0] if wanted[0] == op.reading.batch else wanted[0]
        given = [to / n for n, to in zip(sizes, [first, *wanted[1:]], strict=True)]
    mode = op.get("mode", "nearest")
    volume = op.volume(flow)
    if (
        not given
        or len(given) != len(sizes)
        or mode not in ("nearest", "linear", "bilinear", "cubic")
    ):
        return None
    sizes_of = list(volume[:-1])
    factors = [1] * (len(volume) - 1)
    view = list(flow.view)
    for at, (scale, size) in enumerate(zip(given, sizes, strict=True)):
        if scale == 1:
            continue
        axis = views.axis_at(flow.view, volume, at)
        if axis in (None, CHANNELS) or axis is None or int(size * scale) < 1:
            return None
        sizes_of[axis] = wanted[at] if wanted else int(size * scale)
        factors[axis] = sizes_of[axis] // size if sizes_of[axis] % size == 0 else 0
        view[at] = whole(axis, sizes_of[axis])
    if set(factors) == {1}:
        return flow
    layer = make("upsample", factor=each_axis(factors), bilinear=mode != "nearest")
    if 0 in factors:
        layer = make("resize", size=each_axis(sizes_of), bilinear=mode != "nearest")
    made = op.behind(flow, layer, tuple(view))
    if mode == "cubic":
        op.graph.tell_stand_in(op.kind, made.node)
    return made
