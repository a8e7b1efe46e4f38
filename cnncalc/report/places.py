"""Places: the rows that a label or a number names, and what they have of a quantity."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from cnncalc.numbers.digits import is_whole
from cnncalc.report.several import as_one
from cnncalc.trace.labels import unknown_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row


def row_at(place: str | None, rows: Sequence[Row]) -> Row | None:
    """Return the row at a place, several as one; None for no such place.

    Without a place it stands for the network: all rows but auxiliary ones.
    """
    if place is None:
        return as_one([row for row in rows if not row.aux])
    found = find(rows, place)
    if len(found) < 2:
        return found[0] if found else None
    return as_one(found, label=place)


def find(rows: Sequence[Row], place: str) -> list[Row]:
    """Return the row of a number or a label; the rows inside a label that holds several.

    A label may have those around it before it: layer1_0/conv1, or layer1_0_conv1. The only row of a
    kind goes by the kind, too: conv.
    """
    if is_whole(place):
        return [row for row in rows if row.index == int(place)]
    inside: dict[int, list[Row]] = {}
    for row in rows:
        for each in row.places:
            if each.label == place:
                inside.setdefault(each.serial, []).append(row)
    if inside:
        return next(iter(inside.values()))
    found = (row for row in rows if row.label == place)
    path = place.replace("/", "_").replace(".", "_")
    pathed = (row for row in rows if row.label and row.stage and _path(row) == path)
    if labelled := list(islice(chain(found, pathed), 1)):
        return labelled
    of_kind = list(islice((row for row in rows if row.kind == place), 2))
    return of_kind if len(of_kind) == 1 else []


def _path(row: Row) -> str:
    """Return a row's label behind those around it."""
    around = (place.label for place in row.places if place.label and place.label != row.label)
    return "_".join((*around, row.label or ""))


def rows_at(report: Report, place: str) -> list[Row]:
    """Return the rows of a label or a number; refuse one that no row has."""
    rows = find(report.rows, place)
    if rows:
        return rows
    raise unknown_row(report.rows, place)


def one_at(report: Report, place: str) -> Row:
    """Return the row of a label or a number, several as one; refuse one that no row has."""
    rows = rows_at(report, place)
    return rows[0] if len(rows) == 1 else as_one(rows, place)
