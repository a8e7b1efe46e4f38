"""ONNX's recurrent operators: LSTM, GRU and RNN over a sequence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.views import CHANNELS, SEQUENCE, whole

if TYPE_CHECKING:
    from cnncalc.importing.onnx.reading import OnnxOperator, Value

_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}

_MORE = {5: "initial_h", 6: "initial_c", 7: "peepholes"}
"""What a recurrent operator may read besides its weights, by its place; 4 is how long they are."""


def recurrent(op: OnnxOperator, flow: Carried) -> list[Value] | None:
    """Return what a recurrent operator gives: all steps, and its last states.

    It takes steps x batch x values, and gives steps x directions x batch x units; by another
    layout the batch first. Biases are two vectors for each gate, where there are any; of files of
    other kinds one. What else it
    learns stands behind it; a last state beside all steps is opaque, and costs nothing.
    """
    batch_first = bool(op.get("layout"))
    steps_at, batch_at = (1, 0) if batch_first else (0, 1)
    if len(flow.view) != SEQUENCE or flow.view[batch_at]:
        return None
    flat = Carried(flow.node, ((), flow.view[steps_at], flow.view[-1]))
    flow = op.laid_out(flat, -1)
    length, channels = op.volume(flow)
    weight, again = (op.constant(place) for place in (1, 2))
    if weight is None or again is None or not weight.dims or not again.dims:
        return None
    directions, rows, width = weight.dims
    units = again.dims[-1]
    if width != channels or rows != _GATES[op.kind] * units:
        return None
    has_bias = len(op.inputs) > 3 and bool(op.inputs[3])
    used = [bool(name and op.reading.readers.get(name)) for name in op.outputs]
    steps, *states = [*used, False, False, False][:3]
    alone = states == [True, False] and not steps
    biases = op.constant(3) if has_bias else None
    one_bias = biases is not None and biases.dims is not None and biases.dims[-1] == rows
    layer = make(
        op.kind.lower(),
        units=units,
        bi=directions == 2,
        last=alone,
        onebias=one_bias,
        nobias=not has_bias,
    )
    made = op.behind(flow, layer, weights=op.inputs[1])
    made = _with_more(op, made)
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
        volume = (units * directions,)
        found.append(op.opaque("State", [made.node], volume, last) if state else None)
    return found


def _with_more(op: OnnxOperator, made: Carried) -> Carried:
    """Return a recurrent layer with what it learns besides its weights, and what it begins with.

    PyTorch's exporters write out states of zeros, under names that they make up: these learn
    nothing. Where the values of such a state lie in another file, it is not known what it is.
    """
    for place, name in _MORE.items():
        tensor = op.inputs[place] if place < len(op.inputs) else ""
        value = op.values.get(tensor)
        held = op.reading.stored(tensor) if tensor else {}
        zeros = {each: of.zeros for each in held if isinstance(of := op.values[each], Constant)}
        learned = [each for each in held if not zeros[each]]
        count = sum(held[each] for each in learned)
        is_open = all(zeros[each] is None and _MADE_UP.match(each) for each in learned)
        volume = op.volume(made)
        if isinstance(value, Carried):
            made = op.opaque("State", [made.node, value.node], volume, made.view)
        elif count and is_open:
            made = op.opaque(name, [made.node], volume, made.view, count)
        elif count:
            made = op.behind(made, make("position", count=count))
            op.graph.tell_stand_in(name, made.node)
    return made


_MADE_UP = re.compile(r"(?:onnx::|val_\d)")
