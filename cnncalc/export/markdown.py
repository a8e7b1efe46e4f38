"""A Markdown table, its totals in the last line, and what was counted below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.quantities import counted, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.quantities import Quantity
    from cnncalc.report import Report


def write(report: Report, columns: Sequence[Quantity]) -> str:
    """Return the rows of a report and its totals."""
    first = report.channels_first

    def cells(of: Sequence[object]) -> list[str]:
        return [
            text(column, value, channels_first=first, commas=True)
            for column, value in zip(columns, of, strict=True)
        ]

    lines = [
        _line(["#", "layer", *(column.heading for column in columns)]),
        _line(["--:", ":--", *("--:" for _ in columns)]),
    ]
    for row in report.rows:
        label = f"{row.label}: " if row.label else ""
        layer = f"{label}`{row.layer}`"
        lines.append(_line([str(row.index), layer, *cells([each.of(row) for each in columns])]))
    totals = cells([report.totals[column.name] for column in columns])
    lines.append(_line(["", "**total**", *totals]))
    if any(report.aux.values()):
        aux = [report.aux.get(each.name) for each in columns]
        lines.append(_line(["", "**auxiliary**", *cells(aux)]))
    return "\n".join([*lines, "", counted(columns, report)])


def _line(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
