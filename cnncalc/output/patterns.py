"""Rows as lines of text: what rows share is written once, as a pattern that each one fills.

A pattern is of `%`, with the names of columns for what a row has of its own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.report.listing import FEW, Rows, Shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cnncalc.speech.columns import Cells, Column


def escape(words: str) -> str:
    """Return a text that stands in a pattern."""
    return words.replace("%", "%%")


def slot(name: str) -> str:
    """Return the place of a column in a pattern."""
    return f"%({name})s"


def lines_of(
    columns: Sequence[Column],
    rows: Iterable[Cells],
    write: Callable[[Column, Any], str],
    join: Callable[[Sequence[str]], str],
) -> Iterator[str]:
    """Yield rows as lines: their cells, which one function writes, as another joins them."""
    writers = [(each.name, remember(partial(write, each))) for each in columns]
    if not isinstance(rows, Rows):
        for row in rows:
            yield join([write(row.get(name)) for name, write in writers])
        return

    def pattern(shared: Cells, own: Cells) -> str:
        return join(
            [
                slot(name) if name in own else escape(write(shared.get(name)))
                for name, write in writers
            ]
        )

    yield from filled(rows, pattern, dict(writers))


def filled(
    rows: Rows, pattern: Callable[[Cells, Cells], str], writers: Mapping[str, Callable[[Any], str]]
) -> Iterator[str]:
    """Yield rows as lines: the pattern of what a row shares, filled with what is its own."""

    def made(shared: Cells, own: Cells) -> tuple[str, list[tuple[str, Callable[[Any], str]]]]:
        return pattern(shared, own), [(name, writers[name]) for name in own if name in writers]

    patterns = Shared(made)
    for shared, own in rows.halves():
        form, slots = patterns.of(shared, own)
        yield form % {name: write(own[name]) for name, write in slots}


def remember(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return what writes the values of a column, each once if it soon comes again."""
    known: dict[Any, str] = {}

    def written(value: Any) -> str:
        if type(value) not in _KEPT:
            return write(value)
        cell = known.get(value)
        if cell is None:
            if len(known) > FEW:
                known.clear()
            cell = known[value] = write(value)
        return cell

    return written


_KEPT = (int, str, tuple)
