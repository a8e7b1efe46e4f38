"""ONNX operators that move values about: other shapes, parts, borders and sizes."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import each_axis, make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.batches import Crossed
from cnncalc.importing.onnx.learned import is_learned
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.rearrangements import resolved
from cnncalc.importing.onnx.tensors import numbers
from cnncalc.importing.onnx.views import CHANNELS, MOST_RANK, whole
from cnncalc.importing.onnx.windows import axes_of, side

if TYPE_CHECKING:
    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.onnx.reading import Reading, Value


def flatten(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return a flow as two dimensions."""
    sizes = views.sizes(flow.view)
    axis = operation.attributes.get("axis", 1)
    return reading.reshaped(operation, flow, (prod(sizes[:axis]), prod(sizes[axis:])))


def reshape(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return a flow in other dimensions."""
    wanted = reading.listed(operation, "shape", 1)
    if wanted is None:
        told = reading.model.shapes.get(operation.outputs[0])
        wanted = [size or 1 for size in told] if told else None
    if wanted is None:
        return None
    sizes, batch = views.sizes(flow.view), reading.batch
    if wanted and wanted[0] == batch > 1:
        wanted = [1, *wanted[1:]]
    dims = resolved(wanted, sizes, prod(sizes))
    if dims is None and batch > 1:  # the batch is the outermost part of the first
        first, *rest = resolved(wanted, (batch, *sizes[1:]), batch * prod(sizes)) or (1,)
        dims = None if first % batch else (first // batch, *rest)
    made = None if dims is None else reading.reshaped(operation, flow, dims)
    if made is None and batch > 1:
        raise Crossed(operation)
    return made


def squeeze(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return a flow without dimensions that are 1 wide."""
    axes = axes_of(reading, operation, len(flow.view))
    if axes is None:
        axes = [axis for axis, parts in enumerate(flow.view) if axis and not parts]
    if any(flow.view[axis] for axis in axes):
        return None
    kept = tuple(parts for axis, parts in enumerate(flow.view) if axis not in axes)
    return reading.recognise_reshape(operation, Carried(flow.node, kept))


def unsqueeze(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return a flow with dimensions that are 1 wide."""
    axes = reading.listed(operation, "axes", 1)
    rank = len(flow.view) + len(axes or ())
    if not axes or rank > MOST_RANK:
        return None
    at = {axis + rank if axis < 0 else axis for axis in axes}
    if len(at) < len(axes) or not at <= set(range(rank)):
        return None
    rest = iter(flow.view)
    return Carried(flow.node, tuple(() if axis in at else next(rest) for axis in range(rank)))


def transpose(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return a flow with its dimensions in another order."""
    order = operation.attributes.get("perm") or list(range(len(flow.view)))[::-1]
    if sorted(order) != list(range(len(flow.view))):
        return None
    return reading.recognise_reshape(
        operation, Carried(flow.node, tuple(flow.view[axis] for axis in order))
    )


def _cut(
    reading: Reading, operation: Operation, flow: Carried, place: int, start: int, stop: int
) -> Carried | None:
    """Return a stretch of one dimension: a slice of channels, or a crop."""
    volume = reading.volume(flow)
    size = views.sizes(flow.view)[place]
    if not 0 <= start < stop <= size:
        return None
    if (start, stop) == (0, size):
        return flow
    ((axis, step, _size), *inner) = flow.view[place]
    before, after = flow.view[:place], flow.view[place + 1 :]
    if inner or step * size != volume[axis]:
        made = _picked(reading, operation, flow, place, stop - start)
    else:
        layer = make("slice", **{"from": start * step, "to": stop * step})
        if axis != CHANNELS:
            around: list[Any] = [0] * (len(volume) - 1)
            around[axis] = side(start * step, volume[axis] - stop * step)
            layer = make("crop", size=each_axis(around))
        left = ((axis, step, stop - start),) if stop - start > 1 else ()
        made = reading.behind(flow, layer, operation, (*before, left, *after))
    reading.cuts[made.node] = (flow, start, stop, size)
    return made


def _picked(
    reading: Reading, operation: Operation, flow: Carried, place: int, size: int
) -> Carried:
    """Return some places of a dimension that is no axis by itself: no layer, and free."""
    dims = [list(parts) for parts in flow.view]
    axis = dims[place][0][0] if len({part[0] for part in dims[place]}) == 1 else len(flow.view)
    dims[place] = [(axis, min(part[1] for part in dims[place]), size)] if size > 1 else []
    volume, view = views.packed(dims, CHANNELS)
    title = reading.title(operation)
    return Carried(reading.graph.opaque("Slice", [flow.node], volume, title, 0), view)


def part(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return parts of dimensions: slices of channels, crops, and each so manyth."""
    starts, ends = (reading.listed(operation, name, i) for i, name in ((1, "starts"), (2, "ends")))
    if starts is None or ends is None:
        return None
    axes = reading.listed(operation, "axes", 3)
    steps = reading.listed(operation, "steps", 4)
    sizes = views.sizes(flow.view)
    found: Carried | None = flow
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
    reading: Reading, operation: Operation, flow: Carried, place: int, step: int
) -> Carried | None:
    """Return each value of a map that stands a step from the last: a pool of windows of one."""
    volume = reading.volume(flow)
    axis = views.axis_at(flow.view, volume, place)
    if axis is None or axis == CHANNELS:
        return None
    steps = each_axis(step if each == axis else 1 for each in range(len(volume) - 1))
    made = reading.behind(flow, make("maxpool", kernel=(1,), stride=steps), operation)
    left = whole(axis, reading.volume(made)[axis])
    return Carried(made.node, (*flow.view[:place], left, *flow.view[place + 1 :]))


def split(reading: Reading, operation: Operation, flow: Carried) -> list[Value] | None:
    """Return the parts that one dimension is split into."""
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


def gather(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return one place of a dimension, places one after another, or all of them in any order."""
    places = reading.constant(operation, 1)
    index = numbers(places)
    if places is None or places.dims is None or index is None:
        return None
    if len(places.dims) > 1:
        if index != list(range(views.sizes(flow.view)[operation.attributes.get("axis", 0)])):
            return None
        axis, dims = operation.attributes.get("axis", 0), views.sizes(flow.view)
        return reading.reshaped(operation, flow, (*dims[:axis], *places.dims, *dims[axis + 1 :]))
    axis = operation.attributes.get("axis", 0)
    axis += len(flow.view) if axis < 0 else 0
    size = views.sizes(flow.view)[axis]
    index = [each + (size if each < 0 else 0) for each in index]
    if index != list(range(index[0], index[0] + len(index))):
        if sorted(index) != list(range(size)):
            return None
        node = reading.graph.skip_as_identity(flow.node, operation.kind, reading.title(operation))
        return Carried(node, flow.view)
    made = _cut(reading, operation, flow, axis, index[0], index[0] + len(index))
    if made is None or places.dims:
        return made
    view = (*made.view[:axis], *made.view[axis + 1 :])
    return reading.recognise_reshape(operation, Carried(made.node, view))


def embedded(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return the rows of a table of learned numbers that a flow of indices picks."""
    table = reading.constant(operation, 0)
    learns = table is not None and is_learned(reading, operation.inputs[0])
    if table is None or table.dims is None or len(table.dims) != 2 or not learns:
        return None
    if operation.attributes.get("axis", 0) not in (0, -2):
        return None
    words, units = table.dims
    whole_map = tuple(part for parts in flow.view for part in parts)
    flat = reading.laid_out(operation, Carried(flow.node, ((), whole_map)), -1)
    layer = make("embedding", words=words, units=units)
    made = reading.behind(flat, layer, operation, weights=operation.inputs[0])
    left = prod(views.sizes(flow.view))
    view = []
    for size in views.sizes(flow.view):
        left //= size
        view.append(((0, left, size),) if size > 1 else ())
    return Carried(made.node, (*view, whole(CHANNELS, units)))


def expand(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return a map of one place at all places: its values, nearest, at a larger size."""
    wanted = reading.listed(operation, "shape", 1)
    sizes = views.sizes(flow.view)
    if wanted is None or len(wanted) != len(sizes):
        return None
    volume = reading.volume(flow)
    if wanted[0] not in (1, reading.batch):
        return None
    found = [max(pair) for pair in zip(wanted, sizes, strict=True)]
    grown = [axis for axis, size in enumerate(sizes) if found[axis] != size]
    if not grown:
        return flow
    if flow.view != views.channels_first(volume) or min(grown) < _FIRST:
        return None
    layer = make("resize", size=each_axis(found[_FIRST:]))
    view = views.channels_first((*found[_FIRST:], volume[-1]))
    return reading.behind(flow, layer, operation, view)


_FIRST = 2
"""The first dimension of a map, behind the batch and the channels."""


def pad(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return a map with a border, or without one."""
    pads = reading.listed(operation, "pads", 1) or operation.attributes.get("paddings")
    axes = numbers(reading.constant(operation, 3)) or list(range(len(flow.view)))
    if not pads or len(pads) != 2 * len(axes):
        return None
    sides = dict(zip(axes, zip(pads[: len(axes)], pads[len(axes) :], strict=True), strict=True))
    made: Carried | None = flow
    for name, sign in (("pad", 1), ("crop", -1)):
        around = {axis: (max(sign * b, 0), max(sign * a, 0)) for axis, (b, a) in sides.items()}
        if made is not None and any(map(any, around.values())):
            made = _bordered(reading, operation, made, name, around)
    return made


def _bordered(
    reading: Reading,
    operation: Operation,
    flow: Carried,
    name: str,
    around: dict[int, tuple[int, int]],
) -> Carried | None:
    """Return a map with a border around it, or without one: so much before and after, by place."""
    volume = reading.volume(flow)
    words: list[Any] = [0] * (len(volume) - 1)
    places = {}
    for place, (before, after) in around.items():
        if before or after:
            axis = views.axis_at(flow.view, volume, place)
            if axis is None or axis == CHANNELS:
                return None
            words[axis] = side(before, after)
            places[place % len(flow.view)] = axis
    made = reading.behind(flow, make(name, size=each_axis(words)), operation)
    new = reading.volume(made)
    view = tuple(
        whole(places[place], new[places[place]]) if place in places else parts
        for place, parts in enumerate(flow.view)
    )
    return Carried(made.node, view)


def blocks(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Return a map with its channels dealt to places, or places gathered to channels."""
    flow = reading.laid_out(operation, flow, 1)
    dealt = operation.kind == "DepthToSpace"
    kind = "pixelshuffle" if dealt else "pixelunshuffle"
    layer = make(kind, block=operation.attributes["blocksize"])
    made = reading.behind(flow, layer, operation)
    if operation.attributes.get("mode", "DCR") == "DCR":
        reading.graph.tell_stand_in(operation.kind, made.node)
    return Carried(made.node, views.channels_first(reading.volume(made)))


def resize(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Read a resize: by whole factors or to sizes, nearest or linear."""
    sizes = views.sizes(flow.view)
    place = 1 if operation.kind == "Upsample" or len(operation.inputs) < 3 else 2
    scales = reading.constant(operation, place)
    wanted = numbers(reading.constant(operation, 3))
    given = operation.attributes.get("scales") or (scales.values if scales else None)
    if axes := operation.attributes.get("axes"):
        given = given and [
            dict(zip(axes, given, strict=True)).get(at, 1) for at in range(len(sizes))
        ]
        wanted = wanted and [
            dict(zip(axes, wanted, strict=True)).get(at, n) for at, n in enumerate(sizes)
        ]
    policy = operation.attributes.get("keep_aspect_ratio_policy", "stretch")
    if wanted and policy != "stretch":
        kept = [wanted[at] / sizes[at] for at in axes or range(len(sizes))]
        scale = min(kept) if policy == "not_larger" else max(kept)
        grown = [int(scale * n + 0.5) for n in sizes]
        wanted = [grown[at] if not axes or at in axes else n for at, n in enumerate(sizes)]
    if wanted:
        first = sizes[0] if wanted[0] == reading.batch else wanted[0]
        given = [to / n for n, to in zip(sizes, [first, *wanted[1:]], strict=True)]
    mode = operation.attributes.get("mode", "nearest")
    volume = reading.volume(flow)
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
    made = reading.behind(flow, layer, operation, tuple(view))
    if mode == "cubic":
        reading.graph.tell_stand_in(operation.kind, made.node)
    return made
