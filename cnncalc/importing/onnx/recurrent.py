"""ONNX's recurrent operators: LSTM, GRU and RNN over a sequence."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.views import CHANNELS, whole

if TYPE_CHECKING:
    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.onnx.reading import Reading, Value

_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def recurrent(reading: Reading, operation: Operation, flow: Carried) -> list[Value] | None:
    """Return what a recurrent operator gives: all steps, or its last state alone.

    It takes steps x batch x values, and gives steps x directions x batch x units. Biases are two
    vectors for each gate, where there are any; peepholes have no spelling here.
    """
    flow = _as_sequence(reading, operation, flow)
    volume, view = reading.volume(flow), flow.view
    weight, again = (reading.constant(operation, place) for place in (1, 2))
    if operation.attributes.get("layout") or (len(operation.inputs) > 7 and operation.inputs[7]):
        return None
    if weight is None or again is None or not weight.dims or not again.dims or len(volume) != 2:
        return None
    if view != (whole(0, volume[0]), (), whole(CHANNELS, volume[1])):
        return None
    directions, rows, width = weight.dims
    units = again.dims[-1]
    if width != volume[1] or rows != _GATES[operation.kind] * units:
        return None
    has_bias = len(operation.inputs) > 3 and bool(operation.inputs[3])
    used = [bool(name and reading.readers.get(name)) for name in operation.outputs]
    steps, last, *rest = [*used, False, False]
    if any(rest) or (steps and last):
        return None
    layer = make(
        operation.kind.lower(), units=units, bi=directions == 2, last=not steps, nobias=not has_bias
    )
    made = reading.behind(flow, layer, operation, weights=operation.inputs[1])
    one = whole(CHANNELS, units)
    both = ((CHANNELS, units, 2),) if directions == 2 else ()
    if not steps:
        return [None, Carried(made.node, (both, (), one))]
    return [Carried(made.node, (whole(0, volume[0]), both, (), one))]


def _as_sequence(reading: Reading, operation: Operation, flow: Carried) -> Carried:
    """Return a map whose places stand one after another as a sequence; all else as it is."""
    volume = reading.volume(flow)
    places = tuple(part for axis, size in enumerate(volume[:-1]) for part in whole(axis, size))
    if len(volume) == 2 or flow.view != (places, (), whole(CHANNELS, volume[-1])):
        return flow
    steps = prod(volume[:-1])
    view = (whole(0, steps), (), whole(CHANNELS, volume[-1]))
    return reading.behind(flow, make("tokens"), operation, view)
