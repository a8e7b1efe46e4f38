"""What a constant does to a flow that it is added to or multiplied with."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.learned import is_spread, stored
from cnncalc.importing.onnx.model import FLOATS
from cnncalc.importing.onnx.reading import MADE_UP, Carried
from cnncalc.notation.tree import Layer

if TYPE_CHECKING:
    from cnncalc.importing.onnx.model import Constant, Operation
    from cnncalc.importing.onnx.reading import Reading


def with_constant(
    reading: Reading, operation: Operation, how: str, flow: Carried, constant: Constant
) -> Carried | None:
    """Return what an add or a product with a constant makes: a bias, a scale, or nothing."""
    numbers: dict[str, int] = {}
    for tensor in operation.inputs:
        if reading.values.get(tensor) is constant:
            numbers |= stored(reading, tensor)
    learned = sum(numbers.values())
    if constant.size == 1 and how != "max":
        if not any(_is_parameter(reading, each, constant) for each in operation.inputs):
            return flow
        made = reading.behind(flow, make("position", count=1), operation)
        reading.graph.tell_stand_in(operation.kind, made.node)
        return made
    if constant.dims is None or how == "max":
        return None if learned else _bounded(reading, operation, flow, constant)
    sizes, dims = views.sizes(flow.view), constant.dims
    wide = (1,) * (len(sizes) - len(dims)) + dims
    if len(dims) > len(sizes) or any(
        size not in (1, sizes[axis]) for axis, size in enumerate(wide) if axis
    ):
        return None  # it would make the map larger
    if not learned or _is_mask(reading, flow, wide):
        return reading.uncounted(operation, flow)
    if learned != constant.size:
        given = [each for each in operation.inputs if reading.values.get(each) is constant]
        if operation.kind != "Add" or not is_spread(reading, given[0]):
            return None
        return reading.behind(flow, make("position", count=learned), operation)
    spread = [axis for axis, size in enumerate(wide) if size != 1]
    channels = views.channels_at(flow.view, reading.volume(flow))
    if len(spread) == 1 and spread[0] not in (channels, 0) and operation.kind in ("Add", "Mul"):
        (channels,) = spread
        flow = reading.laid_out(operation, flow, channels)
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
                reading.graph.rewrite(flow.node, layer.having(nobias=False))
                return flow
            if layer.kind.name == "layerscale":
                reading.graph.rewrite(flow.node, make("bn"))
                return flow
        if alone and reading.graph.learn(flow.node, "nobias" if how == "add" else "noscale"):
            return flow
        if how == "add" and reading.graph.learns_before(flow.node):
            made = reading.behind(flow, make("bn", noscale=True), operation)
            reading.graph.tell_stand_in(operation.kind, made.node)
            return made
        if how == "mul":
            return reading.behind(flow, make("layerscale"), operation)
    folded = all(map(MADE_UP.fullmatch, numbers))  # worked out of learned numbers, by an exporter
    if operation.kind == "Add" and constant.size == prod(sizes) and not folded:
        return reading.behind(flow, make("position"), operation)
    if reading.graph.learns_before(flow.node):
        spreads = operation.kind == "Add" and not folded
        table = make("position", count=learned)
        return reading.behind(flow, table, operation) if spreads else None
    return reading.uncounted(operation, flow)


def _is_parameter(reading: Reading, tensor: str, constant: Constant) -> bool:
    """Return whether a single number is one that a module holds: it is stored by its path there."""
    if reading.values.get(tensor) is not constant:
        return False
    while (maker := reading.makers.get(tensor)) and maker.kind == "Identity":
        (tensor, *_more) = maker.inputs
    is_stored = tensor not in reading.makers
    is_path = "." in tensor and not MADE_UP.fullmatch(tensor)
    return is_stored and is_path and constant.type in FLOATS


def _bounded(
    reading: Reading, operation: Operation, flow: Carried, constant: Constant
) -> Carried | None:
    """Return a flow under a bound of one number, or beside a mask that a file computes."""
    if operation.kind == "Max" and constant.values == (0,):
        return reading.behind(flow, make("relu"), operation)
    told = reading.model.shapes.get(operation.outputs[0])
    sizes = views.sizes(flow.view)
    if constant.dims is None and told and list(told[1:]) != list(sizes[1:]):
        return None
    return None if constant.dims and constant.size != 1 else reading.uncounted(operation, flow)


def _is_mask(reading: Reading, flow: Carried, dims: tuple[int, ...]) -> bool:
    """Return whether a constant is a mask of an attention: the same for all heads."""
    node = flow.node
    for _turn in range(_MOST_TERMS):
        if node in reading.products:
            sizes, heads = views.sizes(flow.view), reading.products[node].heads
            alike = [at for at, n in enumerate(sizes[:-2]) if n == heads > 1]
            return bool(alike) and dims[alike[-1]] == 1 and dims[-1] > 1
        here = reading.graph.nodes[node]
        if len(here.inputs) != 1 or here.kind not in _TERMS:
            break
        node = here.inputs[0]
    return False


_MOST_TERMS = 8
"""How many terms are added to the scores of an attention at most."""

_TERMS = ("identity", "layerscale", "opaque", "position", "reshape", "transpose")
"""What may stand between scores and a term that is added to them."""
