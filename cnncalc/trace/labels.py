"""The labels of rows, and the fault of a name that no row has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.numbers.digits import is_whole
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.trace.rows import Row


def labels(rows: Iterable[Row]) -> list[str]:
    """Return the labels that rows have or stand in."""
    found: dict[str, None] = {}
    for row in rows:
        for name in (*(place.label for place in row.places), row.label):
            if name:
                found[name] = None
    return list(found)


def unknown_row(
    rows: Sequence[Row],
    place: str,
    option: str = "--at",
    names: Sequence[str] = (),
    typed: str = "",
) -> Problem:
    """Return the problem of a label or a number that no row has; `names` are those that some have.

    Without them they are the labels. For a kind of layers its rows are offered. The place is a
    part of what was `typed`.
    """
    close = nearest(place, names or labels(rows))
    last = rows[-1].index
    kind = [str(row.index) for row in rows if row.kind == place]
    if kind:
        close = ",".join(kind) if option == "--freeze" else kind[0]
    message = _("no row has the label {place}", place=quoted(place))
    if is_whole(place):
        message = _("no row has the number {place}", place=quoted(place))
    start = typed.find(place)
    span = Span(Source(option, typed or place), max(start, 0), max(start, 0) + len(place))
    return Problem(
        "unknown-row",
        message,
        [Label(span)],
        helps=[meant(close, _("rows go from 0 to {last}", last=last))],
        fix=Fix(span, close) if close else None,
    )
