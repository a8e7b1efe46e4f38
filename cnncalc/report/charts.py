"""Rows as a chart: what adds up as bars, and the rows that have none left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.numbers.lettered import ratio, share
from cnncalc.report.listing import text
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.columns import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row

MARKS = " \u250c\u251c\u2502\u2514\u250a"
"""What a layer's name is indented by: spaces, and signs of branches."""


def draw_bars(
    columns: Sequence[Column],
    rows: list[dict[str, Any]],
    feet: list[dict[str, Any]],
    report: Report,
    of: Sequence[Row],
) -> list[Column]:
    """Return columns as they are on a chart, what adds up in percent and as a bar; in rows too.

    A single one has its numbers as well; of several the bars' feet are the totals. The longest bar
    is that of the most that any row has, `of` all that there are where not all are shown.
    """
    bars = [each for each in columns if each.name in report.aux]
    charted = [each for each in columns if each.form != "share"]
    for each in bars:
        bar = f"{each.name}-bar"
        total = report.total(each.name)
        parts = [ratio(row.get(each.name, 0), total) if total else 0 for row in rows]
        others = [QUANTITIES[each.name].of(row) for row in of]
        shares = [*parts, *(ratio(other, total) if total else 0 for other in others)]
        most = max((part for part in shares if part), default=0)
        for row, part in zip(rows, parts, strict=True):
            if (value := row.get(each.name)) is not None:
                shown = text(each.form, value, commas=True)
                row[bar] = shown if part is None else (share(value, total), part, most)
        place = charted.index(each)
        if len(bars) == 1:
            charted.insert(place + 1, Column(bar, "", "bar", is_free=each.is_free))
            continue
        charted[place] = Column(bar, each.heading, "bar", is_free=each.is_free)
        for foot in feet:
            foot[bar] = text(each.form, foot[each.name], commas=True)
    return charted


def without_zeros(
    rows: Sequence[dict[str, Any]], bars: Sequence[Column]
) -> Iterator[dict[str, Any]]:
    """Yield the rows that have anything to draw a bar of, and the labels above such rows."""
    labels: list[dict[str, Any]] = []
    for row in rows:
        depth = _depth(row["layer"])
        labels = [label for label in labels if _depth(label["layer"]) < depth]
        if "index" not in row:
            labels.append(row)
        elif not all(_is_zero(row.get(each.name)) for each in bars):
            yield from labels
            labels = []
            yield row


def _depth(layer: str) -> int:
    """Return how far a layer is indented."""
    return len(layer) - len(layer.lstrip(MARKS))


def _is_zero(bar: Any) -> bool:
    """Return whether a bar has no length."""
    return not bar or (isinstance(bar, tuple) and not bar[1])
