"""Reports as text for other programs: one file a format, all from the same rows."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.quantities import Quantity
    from cnncalc.report import Report

FORMATS = ("json", "csv", "markdown")
"""The formats by name; each is a module here with a `write`."""


def export(report: Report, name: str, columns: Sequence[Quantity]) -> str:
    """Return a report in a format; `columns` are the quantities of a format that has columns."""
    text: str = import_module(f"{__name__}.{name}").write(report, columns)
    return text
