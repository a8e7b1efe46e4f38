"""A network as it is deployed, norms in the weights before them, or trained in part.

A batch norm multiplies and shifts each channel by numbers that are known when training is over. A
conv that nothing but it reads takes both into its weights and its bias, and the norm is gone. Of a
part that is frozen no number is learned: gradients go through it, or end there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.measure import Writes
from cnncalc.notation.tree import Call
from cnncalc.numbers.digits import is_whole
from cnncalc.trace.adapted import AS_WRITTEN, TAKES_NORMS, Adapted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings

MULTIPLIES = ("mul", "max")
"""Joins whose gradient of one branch is made with what comes by another."""


def adapted_to(settings: Settings, walk: Callable[[Adapted], tuple[list[Row], bool]]) -> Adapted:
    """Return what settings make of the rows of a network.

    `walk` gives them by what is known of them, up to a fault, and whether they are all.
    """
    found = AS_WRITTEN
    if settings.fold:
        rows, _is_whole = walk(found)
        into = folded_norms(rows)
        names = {conv: rows[norm].label for norm, conv in into.items()}
        numbers: list[int] = []
        count = 0
        for row in rows:
            is_gone = row.index in into
            numbers.append(numbers[into[row.index]] if is_gone else count)
            count += not is_gone
        found = Adapted(numbers, into, names)
    if settings.freeze:
        rows, is_whole = walk(found)
        frozen = _frozen(rows, settings.freeze, is_whole=is_whole)
        found = found._replace(frozen=frozen, kept=bytes(_kept(rows, frozen)))
    return found


# ---------------------------------------------------------------- norms


def folded_norms(rows: Sequence[Row]) -> dict[int, int]:
    """Return the rows of norms that can be folded, and the row that each is folded into.

    Weights that are used again must have the same norm behind them each time, and a norm that is
    used again must be folded each time.
    """
    readers = [0] * len(rows)
    for row in rows:
        for read in row.inputs:
            readers[read] += 1
    into = {
        row.index: row.inputs[0]
        for row in rows
        if row.kind == "bn"
        and rows[row.inputs[0]].kind in TAKES_NORMS
        and readers[row.inputs[0]] == 1
    }
    while True:
        behind = {conv: _first(rows[norm]) for norm, conv in into.items()}
        norms: dict[int, set[int | None]] = {}
        for row in rows:
            if row.kind in TAKES_NORMS:
                norms.setdefault(_first(row), set()).add(behind.get(row.index))
        left = {_first(row) for row in rows if row.kind == "bn" and row.index not in into}
        stay = {
            norm: conv
            for norm, conv in into.items()
            if len(norms[_first(rows[conv])]) == 1 and _first(rows[norm]) not in left
        }
        if len(stay) == len(into):
            return into
        into = stay


def _first(row: Row) -> int:
    """Return the row that counts the weights of a row."""
    return row.index if row.shared is None else row.shared


# ---------------------------------------------------------------- parts that are frozen


def _frozen(rows: Sequence[Row], names: Iterable[str], *, is_whole: bool) -> frozenset[int]:
    """Return the rows whose weights some names freeze: their own, or those that they share."""
    named: set[int] = set()
    for name, typed in ((part.strip(), each) for each in names for part in each.split(",")):
        found = {_first(row) for row in rows if _goes_by(row, name)}
        if not found and is_whole:
            from cnncalc.trace.labels import unknown_row

            raise unknown_row(rows, name, "--freeze", _blocks(rows), typed)
        named |= found
    return frozenset(row.index for row in rows if row.learns and _first(row) in named)


def _goes_by(row: Row, name: str) -> bool:
    """Return whether a name is a row's number or label, or that of a block around it."""
    if is_whole(name):
        return row.index == int(name)
    calls = (each.node for each in row.places if isinstance(each.node, Call))
    return (
        row.label == name
        or any(each.label == name for each in row.places)
        or any(call.definition.name == name for call in calls)
    )


def _blocks(rows: Sequence[Row]) -> list[str]:
    """Return the labels and the blocks that rows have or stand in."""
    from cnncalc.trace.labels import labels

    calls = (each.node for row in rows for each in row.places if isinstance(each.node, Call))
    return [*labels(rows), *dict.fromkeys(call.definition.name for call in calls)]


def _kept(rows: Sequence[Row], frozen: Collection[int]) -> Iterator[int]:
    """Yield how often training holds what each row writes.

    Twice where a gradient goes, forward and backward; once where none does and a gradient is made
    with it, of weights or of what it is multiplied with; else not at all. What works in place
    writes where what it reads is. What a gradient is read from before which nothing is frozen is
    held twice, as elsewhere.
    """
    owners: list[int] = []  # the row that took the memory that a row writes to
    after: list[bool] = []  # whether something frozen stands at or before it
    goes: list[bool] = []  # whether a gradient goes to what it writes
    twice: set[int] = set()
    read: set[int] = set()
    needed: set[int] = set()
    for row in rows:
        is_own = row.writes in (Writes.NEW, Writes.INPUT)
        owners.append(row.index if is_own else owners[row.inputs[0]])
        after.append(row.index in frozen or any(after[each] for each in row.inputs))
        learns = row.learns and row.index not in frozen
        goes.append(learns or any(goes[each] for each in row.inputs))
        if goes[row.index]:
            owned = [owners[each] for each in row.inputs]
            is_made_with = learns or row.kind in MULTIPLIES or bool(row.measure.products)
            twice.add(owners[row.index])
            read.update(owned)
            needed.update(owned if is_made_with else ())
    for row in rows:
        is_held = row.index in twice or (row.index in read and not after[row.index])
        yield 2 if is_held else int(row.index in needed)
