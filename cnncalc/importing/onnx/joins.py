"""ONNX operators of several tensors: joins of flows, and what a constant does to a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.layers import change, make
from cnncalc.importing.onnx import unread, views
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.notation.tree import Layer

if TYPE_CHECKING:
    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.onnx.reading import Reading

JOINS = {
    **dict.fromkeys(("Add", "Sum", "Sub", "Mean"), "add"),
    **dict.fromkeys(("Mul", "Div"), "mul"),
    **dict.fromkeys(("Max", "Min"), "max"),
}
"""Operators on several tensors, and the join that stands for each."""


def combined(reading: Reading, operation: Operation, flows: list[Carried]) -> Carried | None:
    """Return what an add or a product makes, of flows or of a flow and a constant."""
    how = JOINS[operation.kind]
    if len(flows) < len(operation.inputs):
        given = [reading.values.get(tensor) for tensor in operation.inputs]
        constants = [each for each in given if isinstance(each, Constant)]
        if len(flows) == len(constants) == 1 and how != "max":
            return _with_constant(reading, operation, how, flows[0], constants[0])
        return None
    view = views.broadcast([flow.view for flow in flows])
    if view is None or (
        how != "mul" and any(views.sizes(f.view) != views.sizes(view) for f in flows)
    ):
        return None
    node = reading.graph.join(how, [flow.node for flow in flows], reading.title(operation))
    if node is None:
        return None
    if operation.kind not in ("Add", "Sum", "Mul", "Max"):
        reading.graph.tell_stand_in(operation.kind, node)
    return Carried(node, view)


def _with_constant(
    reading: Reading, operation: Operation, how: str, flow: Carried, constant: Constant
) -> Carried | None:
    """Return what an add or a product with a constant makes: a bias, a scale, or nothing."""
    if constant.size == 1:
        return flow
    sizes = views.sizes(flow.view)
    dims = constant.dims
    if dims is None or len(dims) > len(sizes):
        return None
    wide = (1,) * (len(sizes) - len(dims)) + dims
    if any(size not in (1, sizes[axis]) for axis, size in enumerate(wide) if axis):
        return None  # it would make the map larger
    learns = any(
        unread.is_learned(reading, tensor, constant)
        for tensor in operation.inputs
        if reading.values.get(tensor) is constant
    )
    channels = views.channels_at(flow.view, reading.volume(flow))
    per_channel = channels is not None and wide[channels] == constant.size
    if per_channel and operation.kind in ("Add", "Mul"):
        alone = all(
            reading.readers.get(tensor) == 1
            for tensor in operation.inputs
            if isinstance(reading.values.get(tensor), Carried)
        )
        layer = reading.graph.nodes[flow.node].item
        if how == "add" and alone and isinstance(layer, Layer):
            if layer.named.get("nobias"):
                reading.graph.rewrite(flow.node, change(layer, nobias=False))
                return flow
            if layer.kind.name == "layerscale":
                reading.graph.rewrite(flow.node, make("bn"))
                return flow
        if alone and reading.graph.learn(flow.node, "nobias" if how == "add" else "noscale"):
            return flow
        if how == "mul":
            return reading.behind(flow, make("layerscale"), operation)
    if learns and operation.kind == "Add" and wide[1:] == sizes[1:]:
        return reading.behind(flow, make("position"), operation)
    if learns and reading.graph.learns_before(flow.node):
        return None
    return reading.uncounted(operation, flow)


def concat(reading: Reading, operation: Operation, flows: list[Carried]) -> Carried | None:
    """Return flows stacked along their channels."""
    if len(flows) < len(operation.inputs):
        return None
    rank = len(flows[0].view)
    axis = operation.attributes.get("axis", 1)
    axis += rank if axis < 0 else 0
    rest = set()
    for flow in flows:
        if (
            len(flow.view) != rank
            or views.axis_at(flow.view, reading.volume(flow), axis) != CHANNELS
        ):
            return None
        rest.add((flow.view[:axis], flow.view[axis + 1 :]))
    if len(rest) > 1:
        return None
    if len(flows) == 1:
        return flows[0]
    node = reading.graph.join("concat", [flow.node for flow in flows], reading.title(operation))
    if node is None:
        return None
    view = flows[0].view
    channels = whole(CHANNELS, reading.graph.volume(node)[-1])
    return Carried(node, (*view[:axis], channels, *view[axis + 1 :]))
