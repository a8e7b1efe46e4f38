"""A curve for people: a table of points, each with a bar of its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.layout import GAP
from cnncalc.report.listing import bar
from cnncalc.speech.lines import cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.output.layout import Style

LEAST_BAR = 10  # cells for the longest bar


def draw_curve(
    heads: Sequence[str], lines: Sequence[tuple[list[str], int | None]], most: int, style: Style
) -> str:
    """Return a table of points, each with a bar of its value; None for a row that has a fault.

    `most` is the value of the longest bar. Plain text: a curve may have a hundred thousand
    points. Where there is no room beside the columns a point becomes a list, its bar below.
    """
    whole = [line for line, value in lines if value is not None]
    widths = [max(cells(row[i]) for row in [heads, *whole]) for i in range(len(heads))]
    room = (style.width or 80) - sum(widths) - GAP * len(widths)
    gap = " " * GAP
    out = []
    if room >= LEAST_BAR:
        out.append(gap.join(map(_right, heads, widths)))
        for line, value in lines:
            if value is None:
                out.append(f"{_right(line[0], widths[0])}{gap}{line[1]}")
                continue
            row = gap.join(map(_right, line, widths))
            out.append(f"{row}{gap}{bar(value, most, room, has_eighths=style.unicode)}".rstrip())
        return "\n".join(out)
    for line, value in lines:
        out.append(f"{heads[0]} {line[0]}")
        if value is None:
            out.append(f"  {line[1]}")
            continue
        out += [f"  {head} {cell}" for head, cell in zip(heads[1:], line[1:], strict=True)]
        out.append(
            f"  {bar(value, most, (style.width or 80) - 2, has_eighths=style.unicode)}".rstrip()
        )
    return "\n".join(out)


def _right(text: str, width: int) -> str:
    """Return a text at the right of so many cells."""
    return " " * (width - cells(text)) + text
