"""Reports as text for other programs: one file a format, all from the same rows."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.quantities import Quantity
    from cnncalc.report import Report

FORMATS = ("json", "csv", "markdown")
"""The formats by name; each is a module here with a `write`."""


WORKINGS = ("text", "markdown", "latex")
"""The formats of a working, which `working` writes."""


class View(NamedTuple):
    """What of a report is shown: which rows, folded or gathered, and which quantities of them.

    `head` names a row's number and the row itself; `whole` stands for all the rows where they are
    a part of the network. No rows: the totals alone.
    """

    report: Report
    rows: Sequence[Any]
    columns: Sequence[Quantity]
    head: tuple[str, str] = ("index", "layer")
    whole: Any = None

    @property
    def headings(self) -> list[str]:
        """What stands above the columns, for people."""
        number = "#" if self.head[0] == "index" else self.head[0]
        return [number, self.head[1], *(column.heading for column in self.columns)]

    def total(self, column: Quantity) -> Any:
        """Return what all the rows have of a quantity."""
        return (
            self.report.value(column, self.whole) if self.whole else self.report.totals[column.name]
        )


def export(view: View, name: str) -> str:
    """Return a view of a report in a format."""
    text: str = import_module(f"{__name__}.{name}").write(view)
    return text
