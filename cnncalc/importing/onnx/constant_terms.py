"""What a constant does to a flow that it is added to or multiplied with."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.learned import is_spread
from cnncalc.importing.onnx.model import FLOATS
from cnncalc.importing.onnx.reading import MADE_UP, Carried
from cnncalc.notation.tree import Layer

if TYPE_CHECKING:
    from cnncalc.importing.onnx.model import Constant
    from cnncalc.importing.onnx.reading import OnnxOperator


def with_constant(op: OnnxOperator, how: str, flow: Carried, constant: Constant) -> Carried | None:
    """Return what an add or a product with a constant makes: a bias, a scale, or nothing."""
    numbers: dict[str, int] = {}
    for tensor in op.inputs:
        if op.values.get(tensor) is constant:
            numbers |= op.reading.stored(tensor)
    learned = sum(numbers.values())
    if constant.size == 1 and how != "max":
        return _with_number(op, how, flow, constant)
    if constant.dims is None or how == "max":
        return None if learned else _bounded(op, flow, constant)
    sizes, dims = views.sizes(flow.view), constant.dims
    wide = (1,) * (len(sizes) - len(dims)) + dims
    if len(dims) > len(sizes) or any(
        size not in (1, sizes[axis]) for axis, size in enumerate(wide) if axis
    ):
        return None  # it would make the map larger
    if not learned or _is_mask(op, flow, wide):
        return op.uncounted(flow)
    if learned != constant.size:
        given = [each for each in op.inputs if op.values.get(each) is constant]
        if op.kind != "Add" or not is_spread(op.reading, given[0]):
            return None
        return op.behind(flow, make("position", count=learned))
    spread = [axis for axis, size in enumerate(wide) if size != 1]
    channels = views.channels_at(flow.view, op.volume(flow))
    if len(spread) == 1 and spread[0] not in (channels, 0) and op.kind in ("Add", "Mul"):
        (channels,) = spread
        flow = op.laid_out(flow, channels)
    per_channel = channels is not None and wide[channels] == constant.size
    if per_channel and op.kind in ("Add", "Mul"):
        if _is_taken(op, how, flow):
            return flow
        if how == "add" and op.graph.learns_before(flow.node):
            made = op.behind(flow, make("bn", noscale=True))
            op.graph.tell_stand_in(op.kind, made.node)
            return made
        if how == "mul":
            return op.behind(flow, make("layerscale"))
    folded = all(map(MADE_UP.fullmatch, numbers))  # worked out of learned numbers, by an exporter
    if op.kind in ("Add", "Mul") and constant.size == prod(sizes) and not folded:
        made = op.behind(flow, make("position"))
        if op.kind == "Mul":
            op.graph.tell_stand_in(op.kind, made.node)
        return made
    if op.graph.learns_before(flow.node):
        spreads = op.kind == "Add" and not folded
        table = make("position", count=learned)
        return op.behind(flow, table) if spreads else None
    return op.uncounted(flow)


def _is_taken(op: OnnxOperator, how: str, flow: Carried) -> bool:
    """Return whether the layer before takes a shift or a scale of each channel as its own."""
    alone = all(
        op.reading.readers.get(tensor) == 1
        for tensor in op.inputs
        if isinstance(op.values.get(tensor), Carried)
    )
    layer = op.graph.nodes[flow.node].item
    if how == "add" and alone and isinstance(layer, Layer):
        if layer.named.get("nobias"):
            op.graph.rewrite(flow.node, layer.having(nobias=False))
            return True
        if layer.kind.name == "layerscale":
            op.graph.rewrite(flow.node, make("bn"))
            return True
    return alone and op.graph.learn(flow.node, "nobias" if how == "add" else "noscale")


def _with_number(op: OnnxOperator, how: str, flow: Carried, constant: Constant) -> Carried:
    """Return a flow with one number: that of its only channel, one that a module holds, or none.

    What a module holds is stored by its path; a number in a dimension is no number of the code's.
    """
    reading = op.reading
    tensor = next(each for each in op.inputs if op.values.get(each) is constant)
    origin = reading.stored_as(tensor)
    if constant.type not in FLOATS or not reading.holds(origin):
        return flow
    is_of_channel = constant.dims and op.volume(flow)[-1] == 1 and op.kind in ("Add", "Mul")
    if is_of_channel and _is_taken(op, how, flow):
        return flow
    if "." not in origin or origin in reading.makers:
        return flow
    made = op.behind(flow, make("position", count=1))
    op.graph.tell_stand_in(op.kind, made.node)
    return made


def _bounded(op: OnnxOperator, flow: Carried, constant: Constant) -> Carried | None:
    """Return a flow under a bound of one number, or beside a mask that a file computes."""
    if op.kind == "Max" and constant.values == (0,):
        return op.behind(flow, make("relu"))
    told = op.reading.model.shapes.get(op.outputs[0])
    sizes = views.sizes(flow.view)
    if constant.dims is None and told and list(told[1:]) != list(sizes[1:]):
        return None
    return None if constant.dims and constant.size != 1 else op.uncounted(flow)


def _is_mask(op: OnnxOperator, flow: Carried, dims: tuple[int, ...]) -> bool:
    """Return whether a constant is a mask of an attention: the same for all heads."""
    node = flow.node
    for _turn in range(_MOST_TERMS):
        if node in op.reading.products:
            sizes, heads = views.sizes(flow.view), op.reading.products[node].heads
            alike = [at for at, n in enumerate(sizes[:-2]) if n == heads > 1]
            return bool(alike) and dims[alike[-1]] == 1 and dims[-1] > 1
        here = op.graph.nodes[node]
        if len(here.inputs) != 1 or here.kind not in _TERMS:
            break
        node = here.inputs[0]
    return False


_MOST_TERMS = 8
"""How many terms are added to the scores of an attention at most."""

_TERMS = ("identity", "layerscale", "opaque", "position", "reshape", "transpose")
"""What may stand between scores and a term that is added to them."""
