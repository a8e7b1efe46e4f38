"""CSV: a line for each row, its columns named as in JSON, numbers bare."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from cnncalc.quantities import text

if TYPE_CHECKING:
    from cnncalc.export import View


def write(view: View) -> str:
    """Return the rows of a report; its totals where it has no rows."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    report, columns = view.report, view.columns
    first = report.channels_first
    names = [column.name for column in columns]
    if not view.rows:
        table.writerow(names)
        table.writerow(
            text(column, report.totals[column.name], channels_first=first) for column in columns
        )
    else:
        table.writerow([view.head[0], "label", view.head[1], "kind", *names])
        table.writerows(
            [
                row.index,
                row.label or "",
                row.layer,
                row.kind,
                *(text(each, report.value(each, row), channels_first=first) for each in columns),
            ]
            for row in view.rows
        )
    return out.getvalue().rstrip("\n")
