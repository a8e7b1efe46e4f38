"""The one table of memory rules: what others count, or do, where a forward pass is held.

Each rule says how many bytes a row has, or must hold at once while it works. As with counters,
each layer is taken for a module of its own, and a definition with branches in it for a container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.tree import Call, Join, Layer
from cnncalc.numbers.working import plain, product
from cnncalc.speech.problem import Problem
from cnncalc.trace.planners import PLANNERS
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.numbers.working import Number
    from cnncalc.trace.planners import Planner
    from cnncalc.trace.rows import Row

NO_MODULE = ("flatten", "reshape", "tokens", "identity")
"""Layers that are functions in the code of networks."""


class MemoryRule(NamedTuple):
    """A rule: the quantity that it is another way to, and the bytes of each row by it.

    A tool may print MiB and call them MB. Where a rule gives what one that it is `like` does, that
    one is meant.
    """

    name: str
    says: str
    quantity: str
    of: Callable[[Sequence[Row]], list[Number]]
    is_in_mebibytes: bool = False
    like: tuple[str, ...] = ()


def _of_learned(rows: Sequence[Row]) -> list[Number]:
    """Return twice the outputs of layers with parameters."""
    return [_twice(row) if plain(row.params) else 0 for row in rows]


def _of_modules(rows: Sequence[Row]) -> list[Number]:
    """Return twice the outputs of layers, and of the calls of definitions that branch."""
    found = [
        _twice(row) if isinstance(row.node, Layer) and row.kind not in NO_MODULE else 0
        for row in rows
    ]
    calls = [_calls(row) for row in rows]
    branching = {
        own[-1][1]
        for row, own in zip(rows, calls, strict=True)
        if own and isinstance(row.node, Join)
    }
    ends = {call: index for index, own in enumerate(calls) for call in own}
    for (_serial, name), index in ends.items():
        if name in branching:
            found[index] += _twice(rows[index])
    return found


def _calls(row: Row) -> list[tuple[int, str]]:
    """Return the calls around a row, outermost first: their serial numbers and definitions."""
    return [
        (place.serial, place.node.definition.name)
        for place in row.places
        if isinstance(place.node, Call)
    ]


def _twice(row: Row) -> Number:
    return 0 if row.aux else 2 * row.forward.bytes(product(row.output))


def _planned(planner: Planner) -> Callable[[Sequence[Row]], list[Number]]:
    """Return what is held by a planner; nothing where it plans no such pass."""

    def held(rows: Sequence[Row]) -> list[Number]:
        before = rows[0].forward
        try:
            forward = planner.start(before.batch, before.dtype)
            for row in rows:
                forward.add(row.index, row.inputs, row.output, planner.writes(row))
                forward.take(row)
            return [forward.bytes(each) for each in forward.held]
        except Problem:
            return [0] * len(rows)

    return held


MEMORY_RULES = {
    rule.name: rule
    for rule in (
        MemoryRule(
            "torchinfo-memory",
            "what torchinfo prints: twice the outputs of layers with parameters",
            "memory",
            _of_learned,
        ),
        MemoryRule(
            "torchsummary-memory",
            "what torchsummary prints: twice the outputs of layers and of blocks with branches",
            "memory",
            _of_modules,
            is_in_mebibytes=True,
        ),
        *(
            MemoryRule(each.name, each.says, "peak", _planned(each), like=each.like)
            for each in PLANNERS.values()
            if each.name != "ours"
        ),
    )
}
"""Rules by their names; each total is a sum of its rows, a peak the most of them."""
