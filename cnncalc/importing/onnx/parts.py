"""ONNX operators that take parts of a tensor: stretches, every so manyth, and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.layers import every, stretch
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.tensors import numbers
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from cnncalc.importing.onnx.reading import OnnxOperator, Value


def _cut(op: OnnxOperator, flow: Carried, place: int, start: int, stop: int) -> Carried | None:
    """Return a stretch of one dimension: a slice of channels, or a crop."""
    volume = op.volume(flow)
    size = views.sizes(flow.view)[place]
    if not 0 <= start < stop <= size:
        return None
    if (start, stop) == (0, size):
        return flow
    ((axis, step, _size), *inner) = flow.view[place]
    before, after = flow.view[:place], flow.view[place + 1 :]
    if inner or step * size != volume[axis]:
        made = _picked(op, flow, place, stop - start)
    else:
        layer = stretch(volume, axis, start * step, stop * step)
        left = ((axis, step, stop - start),) if stop - start > 1 else ()
        made = op.behind(flow, layer, (*before, left, *after))
    op.reading.cuts[made.node] = (flow, start, stop, size)
    return made


def _picked(op: OnnxOperator, flow: Carried, place: int, size: int) -> Carried:
    """Return some places of a dimension that is no axis by itself: no layer, and free."""
    dims = [list(parts) for parts in flow.view]
    axis = dims[place][0][0] if len({part[0] for part in dims[place]}) == 1 else len(flow.view)
    dims[place] = [(axis, min(part[1] for part in dims[place]), size)] if size > 1 else []
    volume, view = views.packed(dims, CHANNELS)
    return op.opaque("Slice", [flow.node], volume, view)


def part(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return parts of dimensions: slices of channels, crops, and each so manyth."""
    starts, ends = (op.listed(name, i) for i, name in ((1, "starts"), (2, "ends")))
    if starts is None or ends is None:
        return None
    axes = op.listed("axes", 3)
    steps = op.listed("steps", 4)
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
            found = _cut(op, found, axis, start, end)
        if step > 1 and found is not None:
            found = _every(op, found, axis, step)
    return found


def _every(op: OnnxOperator, flow: Carried, place: int, step: int) -> Carried | None:
    """Return each value of a map that stands a step from the last: a pool of windows of one."""
    volume = op.volume(flow)
    axis = views.axis_at(flow.view, volume, place)
    if axis is None or axis == CHANNELS:
        return None
    made = op.behind(flow, every(volume, axis, step))
    left = whole(axis, op.volume(made)[axis])
    return Carried(made.node, (*flow.view[:place], left, *flow.view[place + 1 :]))


def split(op: OnnxOperator, flow: Carried) -> list[Value] | None:
    """Return the parts that one dimension is split into."""
    sizes = views.sizes(flow.view)
    axis = op.get("axis", 0)
    axis += len(sizes) if axis < 0 else 0
    parts = op.listed("split", 1)
    if parts is None:
        each = -(-sizes[axis] // len(op.outputs))
        parts = [min(each, sizes[axis] - each * i) for i in range(len(op.outputs))]
    if sum(parts) != sizes[axis] or len(parts) != len(op.outputs):
        return None
    made: list[Value] = []
    start = 0
    for size in parts:
        made.append(_cut(op, flow, axis, start, start + size))
        start += size
    return None if None in made else made


def as_split(op: OnnxOperator) -> OnnxOperator:
    """Return a SplitToSequence whose parts are known as a Split: each goes by its number.

    One number is the size of all parts but the last.
    """
    flow, sizes = op.values.get(op.inputs[0]), op.constant(1)
    parts, axis = numbers(sizes), op.get("axis", 0)
    if not isinstance(flow, Carried) or sizes is None or not parts or not -len(flow.view) <= axis:
        return op
    if sizes.dims == ():
        whole_axis = views.sizes(flow.view)[axis]
        each = max(parts[0], 1)
        parts = [min(each, whole_axis - at) for at in range(0, whole_axis, each)]
    if len(parts) > BUDGET.slices:
        return op
    (sequence,) = op.outputs
    outputs = tuple(f"{sequence}/{at}" for at in range(len(parts)))
    op.reading.readers |= dict.fromkeys(outputs, 1)
    given = {"axis": axis, "split": parts}
    return op.having(kind="Split", inputs=op.inputs[:1], outputs=outputs, attributes=given)


def gather(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return one place of a dimension, places one after another, or all of them in any order."""
    places = op.constant(1)
    index = numbers(places)
    if places is None or places.dims is None or index is None:
        return None
    axis, dims = op.get("axis", 0), views.sizes(flow.view)
    axis += len(dims) if axis < 0 else 0
    size = dims[axis]
    if len(places.dims) > 1:
        if index != list(range(size)):
            return None
        return op.reshaped(flow, (*dims[:axis], *places.dims, *dims[axis + 1 :]))
    index = [each + (size if each < 0 else 0) for each in index]
    if index != list(range(index[0], index[0] + len(index))):
        if sorted(index) != list(range(size)):
            return None
        return op.uncounted(flow)
    made = _cut(op, flow, axis, index[0], index[0] + len(index))
    if made is None or places.dims:
        return made
    view = (*made.view[:axis], *made.view[axis + 1 :])
    return op.recognise_reshape(Carried(made.node, view))
