"""Rows in their folds: each fold a line, and what is in it below it, to open and close."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.report.folds import MOST_ROWS, fold
from cnncalc.report.view import BAR, CLOSE, CORNER, FORK, SIDE, spelled
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.trace.rows import Place, Row

MOST_LINES = 1500
"""The lines that there are at most, however many rows are folded in them."""


class Line(NamedTuple):
    """A row or a fold; `signs` say where it branches off, `name` what it is.

    `inside` are the numbers of the folds around it, outermost first; `number` is its own, None
    where there is nothing to open. A fold `is_open` where a page has room for what is in it.
    """

    row: Row
    signs: str
    name: str
    inside: tuple[int, ...]
    number: int | None
    is_open: bool = False


def nest(rows: Sequence[Row], depth: int | None = None) -> list[Line]:
    """Return rows and their folds in order, those at most `depth` deep open.

    Without a depth as many are open as fit on a page.
    """
    lines = list(_lines(rows))
    levels = range(max((len(each.inside) for each in lines), default=0), -1, -1)
    deepest = next((each for each in levels if _count(lines, each) <= MOST_LINES), 0)
    kept = [each for each in lines if len(each.inside) <= deepest]
    if depth is None:
        depth = next((each for each in levels if _count(kept, each) <= MOST_ROWS), 0)
    return [
        each._replace(
            number=None if len(each.inside) == deepest else each.number,
            is_open=len(each.inside) < depth,
        )
        for each in kept
    ]


def _count(lines: Sequence[Line], level: int) -> int:
    """Return how many lines stand in so many folds at most."""
    return sum(len(each.inside) <= level for each in lines)


def _lines(rows: Sequence[Row]) -> Iterator[Line]:
    before: tuple[Place, ...] = ()
    numbers = count(1)

    def walk(rows: Sequence[Row], inside: tuple[int, ...]) -> Iterator[Line]:
        nonlocal before
        for each in fold(rows, len(inside)):
            is_fold = len(each.rows) > 1
            row = each if is_fold else each.rows[0]
            signs, name = _signs(row, before, len(inside)), _name(row, len(inside))
            before = row.places
            number = next(numbers) if is_fold else None
            yield Line(row, signs, name, inside, number)
            if number is not None:
                yield from walk(row.rows, (*inside, number))

    return walk(rows, ())


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
