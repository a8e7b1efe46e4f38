"""Listings as text for other programs: one file a format, all from the same rows."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.report.listing import Listing

_TABLE = {
    "json": ".json",
    "jsonl": ".jsonl",
    "csv": ".csv",
    "markdown": ".md",
    "latex": ".tex",
    "mermaid": ".mmd",
    "table": ".txt",
    "svg": ".svg",
    "html": ".html",
}
"""The formats by name, each with the ending of a file that asks for it."""

FORMATS = tuple(name for name in _TABLE if name not in ("table", "svg"))
"""Those that are a module here with a `write`: tables and figures are drawn."""

ENDINGS = {ending: name for name, ending in _TABLE.items()}
"""The format that a file's ending asks for."""

WORKINGS = ("table", "markdown", "latex")
"""The formats of a working, which `explanation` writes; beside a table it is text."""


def export(listing: Listing, name: str) -> Iterator[str]:
    """Yield the lines of a listing in a format."""
    lines: Iterator[str] = import_module(f"cnncalc.output.{name}").write(listing)
    return lines
