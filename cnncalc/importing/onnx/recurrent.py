"""ONNX's recurrent operators: LSTM, GRU and RNN over a sequence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx.learned import stored
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.views import CHANNELS, whole

if TYPE_CHECKING:
    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.onnx.reading import Reading, Value

_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}

_MORE = {5: "initial_h", 6: "initial_c", 7: "peepholes"}
"""What a recurrent operator may read besides its weights, by its place; 4 is how long they are."""


def recurrent(reading: Reading, operation: Operation, flow: Carried) -> list[Value] | None:
    """Return what a recurrent operator gives: all steps, and its last states.

    It takes steps x batch x values, and gives steps x directions x batch x units; by another
    layout the batch first. Biases are two vectors for each gate, where there are any; of files of
    other kinds one. What else it
    learns stands behind it; a last state beside all steps is opaque, and costs nothing.
    """
    batch_first = bool(operation.attributes.get("layout"))
    steps_at, batch_at = (1, 0) if batch_first else (0, 1)
    if len(flow.view) != _SEQUENCE or flow.view[batch_at]:
        return None
    flat = Carried(flow.node, ((), flow.view[steps_at], flow.view[-1]))
    flow = reading.laid_out(operation, flat, -1)
    length, channels = reading.volume(flow)
    weight, again = (reading.constant(operation, place) for place in (1, 2))
    if weight is None or again is None or not weight.dims or not again.dims:
        return None
    directions, rows, width = weight.dims
    units = again.dims[-1]
    if width != channels or rows != _GATES[operation.kind] * units:
        return None
    has_bias = len(operation.inputs) > 3 and bool(operation.inputs[3])
    used = [bool(name and reading.readers.get(name)) for name in operation.outputs]
    steps, *states = [*used, False, False, False][:3]
    alone = states == [True, False] and not steps
    biases = reading.constant(operation, 3) if has_bias else None
    one_bias = biases is not None and biases.dims is not None and biases.dims[-1] == rows
    layer = make(
        operation.kind.lower(),
        units=units,
        bi=directions == 2,
        last=alone,
        onebias=one_bias,
        nobias=not has_bias,
    )
    made = reading.behind(flow, layer, operation, weights=operation.inputs[1])
    made = _with_more(reading, operation, made)
    one = whole(CHANNELS, units)
    both = ((CHANNELS, units, 2),) if directions == 2 else ()
    last = ((), both, one) if batch_first else (both, (), one)
    if alone:
        return [None, Carried(made.node, last)]
    along = whole(0, length)
    found: list[Value] = [
        Carried(made.node, ((), along, both, one) if batch_first else (along, both, (), one))
    ]
    for state in states:
        title, width = reading.title(operation), units * directions
        ends = reading.graph.opaque("State", [made.node], (width,), title, 0) if state else 0
        found.append(Carried(ends, last) if state else None)
    return found


_SEQUENCE = 3


def _with_more(reading: Reading, operation: Operation, made: Carried) -> Carried:
    """Return a recurrent layer with what it learns besides its weights, and what it begins with.

    PyTorch's exporters write out states of zeros, under names that they make up: these learn
    nothing. Where the values of such a state lie in another file, it is not known what it is.
    """
    for place, name in _MORE.items():
        tensor = operation.inputs[place] if place < len(operation.inputs) else ""
        value = reading.values.get(tensor)
        held = stored(reading, tensor) if tensor else {}
        zeros = {
            each: of.zeros for each in held if isinstance(of := reading.values[each], Constant)
        }
        learned = [each for each in held if not zeros[each]]
        count = sum(held[each] for each in learned)
        is_open = all(zeros[each] is None and _MADE_UP.match(each) for each in learned)
        volume, title = reading.volume(made), reading.title(operation)
        if isinstance(value, Carried):
            sources = [made.node, value.node]
            made = made._replace(node=reading.graph.opaque("State", sources, volume, title, 0))
        elif count and is_open:
            made = made._replace(node=reading.graph.opaque(name, [made.node], volume, title, count))
        elif count:
            made = reading.behind(made, make("position", count=count), operation)
            reading.graph.tell_stand_in(name, made.node)
    return made


_MADE_UP = re.compile(r"(?:onnx::|val_\d)")
