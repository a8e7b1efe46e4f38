"""Rows in their folds: each fold a line, and what is in it below it, to open and close."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.report.folds import MOST_ROWS, fold
from cnncalc.report.people import BAR, CLOSE, CORNER, FORK, SIDE, spelled
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.trace.rows import Place, Row

MOST_LINES = BUDGET.pictured
"""The lines that there are at most, however many rows are folded in them."""


class NestedLine(NamedTuple):
    """A row or a fold, and the numbers of the folds `inside` of which it stands, outermost first.

    `number` is a fold's own, None where there is nothing to open; it `is_open` where a page has
    room for what is in it. `signs` say where it branches off, `name` what it is.
    """

    row: Row
    inside: tuple[int, ...] = ()
    number: int | None = None
    is_open: bool = False
    signs: str = ""
    name: str = ""


def nest(rows: Sequence[Row], depth: int | None = None) -> list[NestedLine]:
    """Return rows and their folds in order, those at most `depth` deep open.

    Without a depth as many are open as fit on a page. What would be too many lines stays folded;
    of rows that no fold holds the first are there.
    """
    lines = [NestedLine(each) for each in fold(rows, 0)[:MOST_LINES]]
    numbers = count(1)
    deepest = 0
    while len(opened := list(_opened(lines, deepest, numbers))) <= MOST_LINES:
        if len(opened) == len(lines):
            break
        lines, deepest = opened, deepest + 1
    if depth is None:
        depth = next((each for each in range(deepest, 0, -1) if _fit(lines, each)), 0)
    before: Sequence[Place] = ()
    found = []
    for line in lines:
        row = line.row if len(line.row.rows) > 1 else line.row.rows[0]
        folds = len(line.inside)
        signs, name = _signs(row, before, folds), _name(row, folds)
        found.append(NestedLine(row, line.inside, line.number, folds < depth, signs, name))
        before = row.places
    return found


def _opened(
    lines: Sequence[NestedLine], level: int, numbers: Iterator[int]
) -> Iterator[NestedLine]:
    """Yield lines, those that are folds at a level with what is in them behind them."""
    for line in lines:
        if len(line.inside) < level or len(line.row.rows) == 1:
            yield line
            continue
        number = next(numbers)
        yield line._replace(number=number)
        for each in fold(line.row.rows, level + 1):
            yield NestedLine(each, (*line.inside, number))


def _fit(lines: Sequence[NestedLine], level: int) -> bool:
    """Return whether a page has room for the lines that stand in so many folds at most."""
    return sum(len(each.inside) <= level for each in lines) <= MOST_ROWS


def _signs(row: Row, before: Sequence[Place], folds: int) -> str:
    """Return what stands before a row: where it branches off, and how deep in folds it is."""
    found, new, inner = "", False, False
    for depth, place in enumerate(row.places):
        new = new or depth >= len(before) or before[depth] != place
        if place.how == "aux":
            found += SIDE
        elif place.how == "branch":
            found += BAR if not new else CORNER if place.number == 1 else FORK
        elif (place.how == "repeat" and place.of > 1 and not inner) or (
            place.how == "fold" and folds
        ):
            found += "  "
        inner = place.how == "fold"
        folds -= inner and folds > 0
    return found + CLOSE if row.kind in JOIN_KINDS else found


def _name(row: Row, folds: int) -> str:
    """Return what a row is, behind its label where no fold around it has that."""
    around = [place.label for place in row.places if place.how == "fold"][:folds]
    label = f"{row.label}: " if row.label and row.label not in around else ""
    return label + spelled(row)
