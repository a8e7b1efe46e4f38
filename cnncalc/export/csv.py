"""CSV: a line for each row, its columns named as in JSON, numbers bare."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from cnncalc.quantities import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.quantities import Quantity
    from cnncalc.report import Report


def write(report: Report, columns: Sequence[Quantity]) -> str:
    """Return the rows of a report; its totals where it has no rows."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    first = report.channels_first
    if not report.rows:
        table.writerow(column.name for column in columns)
        table.writerow(
            text(column, report.totals[column.name], channels_first=first) for column in columns
        )
    else:
        table.writerow(["index", "label", "layer", "kind", *(column.name for column in columns)])
        table.writerows(
            [
                row.index,
                row.label or "",
                row.layer,
                row.kind,
                *(text(column, column.of(row), channels_first=first) for column in columns),
            ]
            for row in report.rows
        )
    return out.getvalue().rstrip("\n")
