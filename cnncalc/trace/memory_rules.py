"""The one table of memory rules: what others count, or do, where a forward pass is held.

Each rule says how many bytes a row has, or must hold at once while it works. As with counters,
each layer is taken for a module of its own, and a definition with branches in it for a container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.tree import Call, Join, Layer
from cnncalc.numbers.lettered import largest
from cnncalc.numbers.working import plain, product
from cnncalc.trace.planners import PLANNERS
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.numbers.working import Number
    from cnncalc.trace.planners import Planner
    from cnncalc.trace.rows import Row

NO_MODULE = ("flatten", "reshape", "tokens", "transpose", "identity")
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
        _twice_float(row) if isinstance(row.node, Layer) and row.kind not in NO_MODULE else 0
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
            found[index] += _twice_float(rows[index])
    return found


def _of_modules_and_flattens(rows: Sequence[Row]) -> list[Number]:
    """Return these with the outputs of flattens: one stands before a fc that takes a map."""
    found = _of_modules(rows)
    if any(row.kind == "flatten" for row in rows):
        more = [_twice_float(row) if row.kind == "flatten" else 0 for row in rows]
    else:
        more = [
            _FLOAT * row.forward.of_all(product(row.input))
            if row.kind == "fc" and len(row.input) > 1 and not row.aux
            else 0
            for row in rows
        ]
    return [a + b for a, b in zip(found, more, strict=True)] if any(map(plain, more)) else [0]


def _calls(row: Row) -> list[tuple[int, str]]:
    """Return the calls around a row, outermost first: their serial numbers and definitions."""
    return [
        (place.serial, place.node.definition.name)
        for place in row.places
        if isinstance(place.node, Call)
    ]


def _twice(row: Row) -> Number:
    return 0 if row.aux else 2 * row.forward.bytes(product(row.output))


_FLOAT = 2 * 4
"""The bytes of a value by torchsummary, which takes 4 whatever its type, twice."""


def _twice_float(row: Row) -> Number:
    return 0 if row.aux else _FLOAT * row.forward.of_all(product(row.output))


def _planned(planner: Planner) -> Callable[[Sequence[Row]], list[Number]]:
    """Return what is held by a planner."""

    def held(rows: Sequence[Row]) -> list[Number]:
        before = rows[0].forward
        forward = planner.start(before.batch, before.dtype)
        for row in rows:
            forward.add(row.index, row.inputs, row.output, planner.writes(row))
        return [forward.bytes_at(row.index) for row in rows]

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
            "torchsummary-flatten-memory",
            "what torchsummary prints where a flatten is a module of its own",
            "memory",
            _of_modules_and_flattens,
            is_in_mebibytes=True,
            like=("torchsummary-memory",),
        ),
        *(
            MemoryRule(each.name, each.says, "peak", _planned(each), like=each.like)
            for each in PLANNERS.values()
            if each.over
        ),
    )
}
"""Rules by their names; each total is a sum of its rows, a peak the most of them."""


class Held(NamedTuple):
    """What is counted of a network by a rule, or by ours: bytes of a quantity, and as printed."""

    name: str
    quantity: str
    total: int
    says: str
    printed: str = ""


def held_by_all(rows: Sequence[Row]) -> list[Held]:
    """Return the bytes of rows by ours and by each rule; none that letters decide."""
    ours = [
        Held("cnncalc", "memory", sum(row.memory for row in rows if not row.aux), ACTIVATIONS),
        Held("cnncalc", "peak", rows[0].forward.peak, PLANNERS["ours"].says),
    ]
    found = []
    for own in ours:
        found.append(own)
        for rule in MEMORY_RULES.values():
            if rule.quantity == own.quantity and not rule.like:
                each = rule.of(rows)
                total = largest(each) if rule.quantity == "peak" else sum(each)
                printed = _printed(rule, total) if rule.quantity == "memory" and total else ""
                found.append(Held(rule.name, rule.quantity, total, rule.says, printed))
    return [each for each in found if isinstance(each.total, int) and each.total]


ACTIVATIONS = "the input, and outputs that take memory of their own, once"
"""What our memory counts."""


def _printed(rule: MemoryRule, total: Number) -> str:
    """Return a total as a tool prints it, in what it calls MB."""
    if not isinstance(total, int):
        return ""
    unit = 1024**2 if rule.is_in_mebibytes else 1000**2
    hundredths = (200 * total + unit) // (2 * unit)
    return f"{hundredths // 100}.{hundredths % 100:02} MB"
