"""The last states of recurrent layers, and those that they begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.values import BATCH, Tensor, Value

if TYPE_CHECKING:
    from cnncalc.importing.python.modules import Modules
    from cnncalc.importing.python.values import Spec

_STATES = {"lstm": 2, "gru": 1, "rnn": 1}
"""How many tensors of states a recurrent layer has."""


class States(Tensor):
    """States of several layers or directions: layers x batch x units.

    `known` are those of its last layer, by their places from the end: they are the last of its
    steps. No layer makes the others, which the recurrent layer holds.
    """

    __slots__ = ("known",)

    def __init__(self, tensor: Tensor, known: dict[int, Value]) -> None:
        super().__init__(tensor.node, tensor.view, last=tensor.last)
        self.known = known

    def one(self, index: Value) -> Value:
        """Return one of them by its place, None where it is not known by itself."""
        at, *rest = index if isinstance(index, tuple) else (index,)
        if type(at) is not int or any(each != slice(None) for each in rest):
            return None
        return self.known.get(at - self.view[0][0][2] if at >= 0 else at)


def last_states(run: Modules, steps: Tensor, last: Value, spec: Spec) -> Value:
    """Return the last states of a recurrent layer: of an LSTM those it gives, and its cells'."""
    ways = 2 if spec.values["bidirectional"] else 1
    count, units = int(spec.values["num_layers"]) * ways, int(spec.values["hidden_size"])
    opaque = [
        run.shapes.opaque("State", [steps.node], (count, BATCH, units), 0)
        for _each in range(_STATES[spec.entry.kind])
    ]
    if count == 1:
        opaque[0] = run.shapes.unsqueezed(last, 0)
    else:
        parts = [run.moves.cut(last, 1, at * units, (at + 1) * units) for at in range(ways)]
        known = {at - ways: part for at, part in enumerate(parts)}
        opaque[0] = States(opaque[0], known)
    return tuple(opaque) if len(opaque) > 1 else opaque[0]


def begun_with(run: Modules, node: int, begins: list[Value]) -> int:
    """Return a recurrent layer's node as it depends on the states that it begins with."""
    waiting, sources = list(begins), [node]
    while waiting:
        each = run.machine.need(waiting.pop())
        waiting += each if isinstance(each, list | tuple) else ()
        sources += [each.node] if isinstance(each, Tensor) else []
    if len(sources) == 1:
        return node
    sources = list(dict.fromkeys(sources))
    return run.shapes.graph.opaque("State", sources, run.shapes.graph.volume(node), "", 0)
