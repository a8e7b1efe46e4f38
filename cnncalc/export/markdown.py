"""A Markdown table, its totals in the last line, and what was counted below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.quantities import counted, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.export import View


def write(view: View) -> str:
    """Return the rows of a report and its totals."""
    report, columns = view.report, view.columns
    first = report.channels_first

    def cells(of: Sequence[object]) -> list[str]:
        return [
            text(column, value, channels_first=first, commas=True)
            for column, value in zip(columns, of, strict=True)
        ]

    lines = [
        _line(view.headings),
        _line(["--:", ":--", *("--:" for _ in columns)]),
    ]
    for row in view.rows:
        label = f"{row.label}: " if row.label else ""
        layer = f"{label}`{row.layer}`"
        lines.append(
            _line([str(row.index), layer, *cells([report.value(each, row) for each in columns])])
        )
    name = view.whole.layer if view.whole else "total"
    lines.append(_line(["", f"**{name}**", *cells([view.total(column) for column in columns])]))
    if any(report.aux.values()) and not view.whole:
        aux = [report.aux.get(each.name) for each in columns]
        lines.append(_line(["", "**auxiliary**", *cells(aux)]))
    return "\n".join([*lines, "", counted(columns, report)])


def _line(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
