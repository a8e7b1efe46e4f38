"""JSON, in the schema that the README documents: whole numbers are exact, names are stable."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from cnncalc.output.patterns import escape, filled, remember, slot
from cnncalc.report.listing import Rows
from cnncalc.speech.columns import json_row, json_rows
from cnncalc.speech.visible import ACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cnncalc.report.listing import Listing
    from cnncalc.speech.columns import Cells, Column
    from cnncalc.speech.problem import Problem

SCHEMA = 1


def write(listing: Listing) -> Iterator[str]:
    """Yield the lines of one object, a line for each row, as the rows come."""
    yield "{"
    held = ""
    for name, value in _members(listing):
        if held:
            yield f"{held},"
        if isinstance(value, dict | str) or not _holds_objects(value):
            held = f"  {line(name)}: {line(value)}"
            continue
        row = ""
        for each in value if isinstance(value, Iterator) else map(line, value):
            yield f"{row}," if row else f"  {line(name)}: ["
            row = f"    {each}"
        if row:
            yield row
        held = "  ]" if row else f"  {line(name)}: []"
    yield held
    yield "}"


def _members(listing: Listing) -> Iterator[tuple[str, Any]]:
    """Yield what the object has, its rows in lines; its tail is looked at when they are read."""
    yield "schema", SCHEMA
    yield from listing.head()
    if listing.name:
        yield listing.name, rows_of(listing.in_row, listing.rows)
    yield from listing.tail()


def _holds_objects(value: Any) -> bool:
    return isinstance(value, Iterator) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )


class _Slot(str):
    """The place of what a row has of its own."""

    __slots__ = ()


def rows_of(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[str]:
    """Yield rows as objects, each on a line."""
    if not isinstance(rows, Rows):
        yield from map(line, json_rows(columns, rows))
        return

    def pattern(shared: Cells, own: Cells) -> str:
        slots = {name: _Slot(slot(name)) for name in own}
        places = {
            name: (slots[name],) if isinstance(value, tuple) else slots[name]
            for name, value in own.items()
        }
        return _pattern(json_row(columns, {**shared, **places}))

    yield from filled(rows, pattern, {each.name: remember(line) for each in columns})


def _pattern(value: Any) -> str:
    """Return an object with slots as a pattern of its line."""
    if isinstance(value, dict):
        return f"{{{', '.join([f'{line(key)}: {_pattern(each)}' for key, each in value.items()])}}}"
    own = value[0] if value and isinstance(value, tuple) else value
    return own if isinstance(own, _Slot) else escape(line(value))


@cache
def _encoder() -> Callable[[Any], str]:
    """Return what encodes plain data: what json itself calls, as importing that takes a while."""
    try:
        from _json import encode_basestring, make_encoder

        made = make_encoder(None, str, encode_basestring, None, ": ", ", ", False, False, True)
    except (ImportError, TypeError):  # another Python
        from json import JSONEncoder

        return JSONEncoder(ensure_ascii=False, default=str).encode
    return lambda value: "".join(made(value, 0))


def line(value: Any) -> str:
    """Return plain data as JSON on one line; what JSON has no number for is a text, as 2/3.

    What acts on a terminal is escaped, and is the same text to who reads it.
    """
    if type(value) is int:
        return str(value)
    if type(value) is tuple and {*map(type, value)} == {int}:
        return str([*value])
    text = _encoder()(value)
    if text.isprintable():
        return text
    import re

    return re.sub(ACTS, lambda found: f"\\u{ord(found[0]):04x}", text)


def write_problem(problem: Problem) -> str:
    """Return a fault as a JSON text of one object."""
    return f'{{\n  "schema": {SCHEMA},\n  "error": {line(problem.as_data())}\n}}'
