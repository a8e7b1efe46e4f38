"""The one table of memory rules: what others count, or do, where a forward pass is held.

Each rule says how many bytes a row has, or must hold at once while it works. As with counters,
each layer is taken for a module of its own, and a definition with branches in it for a container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.measure import Writes
from cnncalc.notation.tree import Call, Join, Layer
from cnncalc.numbers.working import plain, product
from cnncalc.trace.memory import Pass
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.numbers.working import Number
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


def _in_place(*kinds: str) -> Callable[[Sequence[Row]], list[Number]]:
    """Return what is held where rows of some kinds write over an input that nothing else reads."""

    def held(rows: Sequence[Row]) -> list[Number]:
        before = rows[0].forward
        forward = Pass(before.batch, before.dtype)
        for row in rows:
            writes = Writes.AUX if row.aux else row.writes
            size = product(row.output)
            if row.kind in kinds and all(product(each) >= size for each in row.reads):
                writes = Writes.OVER
            forward.add(row.index, row.inputs, row.output, writes)
        return [forward.bytes(each) for each in forward.held]

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
        MemoryRule(
            "in-place-add", "sums that take the place of a branch", "peak", _in_place("add")
        ),
        MemoryRule(
            "in-place-depthwise",
            "depthwise convs that take the place of their input",
            "peak",
            _in_place("dwconv"),
        ),
        MemoryRule(
            "in-place-both",
            "sums and depthwise convs that take the place of what they read",
            "peak",
            _in_place("add", "dwconv"),
            like=("in-place-add", "in-place-depthwise"),
        ),
    )
}
"""Rules by their names; each total is a sum of its rows, a peak the most of them."""
