"""ONNX operators of several tensors: joins of flows, each at its place in the volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.layers import channels_from, each_axis, make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.constant_terms import with_constant
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.views import CHANNELS, SEQUENCE, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.onnx.reading import OnnxOperator
    from cnncalc.importing.onnx.views import View

JOINS = {
    **dict.fromkeys(("Add", "Sum", "Sub", "Mean"), "add"),
    **dict.fromkeys(("Mul", "Div"), "mul"),
    **dict.fromkeys(("Max", "Min"), "max"),
}
"""Operators on several tensors, and the join that stands for each."""


def combined(op: OnnxOperator, flows: list[Carried]) -> Carried | None:
    """Return what an add or a product makes, of flows or of a flow and a constant."""
    how = JOINS[op.kind]
    if len(flows) < len(op.inputs):
        constants = [each for each in op.reads() if isinstance(each, Constant)]
        if len(flows) == len(constants) == 1:
            return with_constant(op, how, flows[0], constants[0])
        return None
    rank = max(len(flow.view) for flow in flows)
    flows = [Carried(node, ((),) * (rank - len(view)) + view) for node, view in flows]
    if views.broadcast([flow.view for flow in flows]) is None:
        place = _channels_of(op, flows)
        flows = [op.laid_out(flow, place) for flow in flows]
    view = views.broadcast([flow.view for flow in flows])
    if view is None:
        return None
    if how != "mul":
        flows = [_grown(op, flow, flows, view) for flow in flows]
    node = op.graph.join(how, [flow.node for flow in flows], op.title)
    if node is None:
        flows = [_grown(op, flow, flows, view) for flow in flows]
        node = op.graph.join(how, [flow.node for flow in flows], op.title)
    if node is None:
        return None
    if op.kind not in ("Add", "Sum", "Mul", "Max"):
        op.graph.tell_stand_in(op.kind, node)
    return Carried(node, view)


def _channels_of(op: OnnxOperator, flows: Sequence[Carried]) -> int:
    """Return which dimension of several flows is laid out as their channels."""
    for flow in flows:
        place = views.channels_at(flow.view, op.volume(flow))
        if place:
            return place
    rank = len(flows[0].view)
    return 1 if rank > SEQUENCE else rank - 1


def _grown(op: OnnxOperator, flow: Carried, flows: Sequence[Carried], view: View) -> Carried:
    """Return a flow as large as others that it is joined with: what is 1 wide is repeated."""
    if views.sizes(flow.view) == views.sizes(view):
        return flow
    largest = max(flows, key=lambda each: sum(views.sizes(each.view)))
    volume, to = op.volume(flow), op.volume(largest)
    if views.sizes(largest.view) != views.sizes(view):
        dims = [[(axis, step, size) for axis, step, size in parts] for parts in view]
        to, _view = views.packed(dims, CHANNELS)
    if len(volume) == len(to) and volume[-1] == to[-1]:
        layer = make("resize", size=each_axis(to[:-1]))
        return Carried(op.graph.layer(layer, flow.node), view)
    return op.opaque("Expand", [flow.node], to, view)


def concat(op: OnnxOperator, flows: list[Carried]) -> Carried | None:
    """Return flows stacked along their channels, or along a spatial axis."""
    rank = len(flows[0].view)
    axis = op.get("axis", 1)
    axis += rank if axis < 0 else 0
    if len(flows) < len(op.inputs):
        return _with_tokens(op, flows, axis)
    if len(flows) == 1:
        return flows[0]
    if any(len(flow.view) != rank for flow in flows) or not 0 <= axis < rank:
        return None
    if rolled := _rolled(op, flows, axis):
        return rolled
    if stacked := _stacked(op, flows, axis):
        return stacked
    place = _channels_of(op, flows)
    places = [axis if _is_channels(flow.view, axis) else place for flow in flows]
    return _stacked(op, list(map(op.laid_out, flows, places)), axis)


def _is_channels(view: View, axis: int) -> bool:
    return bool(view[axis]) and all(part[0] == CHANNELS for part in view[axis])


def _stacked(op: OnnxOperator, flows: Sequence[Carried], axis: int) -> Carried | None:
    """Return flows stacked along a dimension, if all hold the same axis there."""
    rests = {(*flow.view[:axis], *flow.view[axis + 1 :]) for flow in flows}
    volumes = [op.volume(flow) for flow in flows]
    if len(rests) > 1:
        return None
    (rest,) = rests
    inner = sum(1 for parts in rest for part in parts if part[0] == CHANNELS)
    nodes = [flow.node for flow in flows]
    held = [{part[0] for part in flow.view[axis]} for flow in flows]
    view = flows[0].view
    if all(each <= {CHANNELS} for each in held) and (
        not inner or all(_outermost(flow.view, axis) for flow in flows)
    ):
        node = op.graph.join("concat", nodes, op.title)
        if node is None:
            return None
        within = volumes[0][-1] // views.sizes(view)[axis] if inner else 1
        count = sum(views.sizes(flow.view)[axis] for flow in flows)
        channels = ((CHANNELS, within, count),) if count > 1 else ()
        return Carried(node, (*view[:axis], channels, *view[axis + 1 :]))
    axes = {views.axis_at(flow.view, op.volume(flow), axis) for flow in flows} - {None}
    place = axes.pop() if len(axes) == 1 else None
    if place is None or place == CHANNELS or any(len(v) != len(volumes[0]) for v in volumes):
        return None
    if any(
        volume[place] != views.sizes(flow.view)[axis]
        for volume, flow in zip(volumes, flows, strict=True)
    ):
        return None
    node = op.graph.join("concat", nodes, op.title, place + 1)
    if node is None:
        return None
    size = op.graph.volume(node)[place]
    return Carried(node, (*view[:axis], whole(place, size), *view[axis + 1 :]))


def _outermost(view: View, axis: int) -> bool:
    """Return whether a dimension holds the channels' outermost part: what lies in it is whole."""
    inner = [part for at, parts in enumerate(view) if at != axis for part in parts]
    within = 1
    for _axis, step, size in sorted(part for part in inner if part[0] == CHANNELS):
        if step != within:
            return False
        within *= size
    return all(part[1] >= within for part in view[axis])


def _rolled(op: OnnxOperator, flows: Sequence[Carried], axis: int) -> Carried | None:
    """Return a map whose rows or columns were cut in two and put together the other way round."""
    if len(flows) != 2:
        return None
    found = [op.reading.cuts.get(flow.node) for flow in flows]
    if None in found:
        return None
    (one, start, stop, size), (other, begin, end, _size) = (each for each in found if each)
    if one == other and (begin, end, stop) == (0, start, size) and one.view[axis]:
        return one
    return None


def _with_tokens(op: OnnxOperator, flows: Sequence[Carried], axis: int) -> Carried | None:
    """Return a sequence with learned tokens before it."""
    given = op.reads()
    if len(flows) > 1 or any(each is None for each in given):
        return None
    (flow,) = flows
    count = 0
    for tensor, each in zip(op.inputs, given, strict=True):
        if isinstance(each, Constant):
            sizes = list(views.sizes(flow.view))
            if not each.dims or len(each.dims) != len(sizes) or not op.reading.stored(tensor):
                return None
            count += each.dims[axis]
            sizes[axis] = each.dims[axis]
            if each.dims[1:] != tuple(sizes[1:]) or axis == 0:
                return None
    last = len(flow.view) - 1
    if axis == last or len(flow.view) != SEQUENCE:
        return None
    flow = op.laid_out(flow, last)
    if len(op.volume(flow)) != 2:
        return None
    made = op.behind(flow, make("token", count=count))
    length = op.volume(made)[0]
    return Carried(made.node, (*flow.view[:axis], whole(0, length), *flow.view[axis + 1 :]))


def summed(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Return a sum of what was stacked along a dimension: a join of its parts."""
    axes = op.listed("axes", 1) or []
    if len(axes) != 1:
        return None
    place = axes[0] % len(flow.view)
    count = views.sizes(flow.view)[place]
    here = op.graph.nodes[flow.node]
    parts = flow.view[place]
    if not 1 < count <= _MOST_BRANCHES or len(parts) != 1 or not _is_channels(flow.view, place):
        return None
    ((_axis, step, _count),) = parts
    if step * count != here.volume[-1]:
        return None
    nodes = list(here.inputs)
    volumes = {op.graph.volume(node) for node in nodes}
    if here.item != "concat" or here.axis or len(nodes) != count or len(volumes) > 1:
        slices = [channels_from(at * step, (at + 1) * step) for at in range(count)]
        nodes = [op.graph.layer(each, flow.node) for each in slices]
    node = op.graph.join("add", nodes, op.title)
    if node is None:
        return None
    kept = () if op.get("keepdims", 1) == 0 else ((),)
    return Carried(node, (*flow.view[:place], *kept, *flow.view[place + 1 :]))


_MOST_BRANCHES = 16
