"""Listings as text for other programs: one file a format, all from the same rows."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.report.listing import Listing

FORMATS = ("json", "jsonl", "csv", "markdown", "latex", "mermaid", "html")
"""The formats by name; each is a module here with a `write`."""

ENDINGS = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".md": "markdown",
    ".tex": "latex",
    ".mmd": "mermaid",
    ".txt": "table",
    ".svg": "svg",
    ".html": "html",
}
"""The format that a file's ending asks for; 'table' is drawn by `table` as well."""

WORKINGS = ("text", "markdown", "latex")
"""The formats of a working, which `working` writes."""


def export(listing: Listing, name: str) -> Iterator[str]:
    """Yield the lines of a listing in a format."""
    lines: Iterator[str] = import_module(f"cnncalc.output.{name}").write(listing)
    return lines
