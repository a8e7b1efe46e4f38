"""What layers and calls with names in them come to, worked out once for the same numbers.

A network is walked many times, for its slips or along a range, and its rounds are alike: what an
item comes to depends on what names stand for where it stands, and on the channels that arrive.
"""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Any, cast

from cnncalc.notation.tree import Call
from cnncalc.speech.budget import BUDGET
from cnncalc.trace.expansion import call_parameters, evaluated, resolved
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.notation.evaluation import Known
    from cnncalc.notation.tree import Argument, Layer, Pending
    from cnncalc.trace.flow import Flow, Frame

MOST = BUDGET.remembered


class _ComeTo(local):
    """What items came to in this thread, each with its item: no other can have its identity."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], tuple[Pending | Call, Any]] = {}


_COME_TO = _ComeTo()


class Opened(NamedTuple):
    """A call as it is spoken, with its numbers, and what they are inside its definition.

    A walk puts the sizes of labels beside its own copy of the parameters.
    """

    spoken: Call
    parameters: dict[str, Known | None]
    rest: tuple[Argument, ...]
    key: tuple[object, ...]


def forget() -> None:
    """Work all out anew from here on: what is assumed of letters on the way is to be seen."""
    _COME_TO.known.clear()


def layer_of(item: Pending, flow: Flow, frame: Frame) -> Layer:
    """Return the layer that a pending one is here."""
    if item.reads_sizes:
        return cast("Layer", resolved(item, frame.scope(flow), frame.rest))
    key = id(item), frame.key, flow.volume[-1:]
    found = _COME_TO.known.get(key)
    if found is None:
        found = _keep(key, item, resolved(item, frame.scope(flow), frame.rest))
    layer: Layer = found[1]
    return layer


def opened(call: Call, flow: Flow, frame: Frame) -> Opened:
    """Return a call as it is at this place: its arguments as numbers, under their parameters."""
    place = id(call), frame.key, flow.volume[-1:]
    found = _COME_TO.known.get(place)
    if found is None:
        scope = frame.scope(flow)
        arguments = evaluated(call.arguments, scope, frame.rest)
        parameters, rest = call_parameters(call, arguments, scope.channels)
        words = [(each.name, each.value, each.words) for each in rest]
        key = (id(call.definition), *parameters.values(), *words)
        spoken = Call(call.definition, arguments, call.span)
        found = _keep(place, call, Opened(spoken, parameters, rest, key))
    opened: Opened = found[1]
    return opened


def _keep(key: tuple[object, ...], item: Pending | Call, known: Any) -> tuple[Pending | Call, Any]:
    if len(_COME_TO.known) >= MOST:
        _COME_TO.known.clear()
    _COME_TO.known[key] = found = item, known
    return found
