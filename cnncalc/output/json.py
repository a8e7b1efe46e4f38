"""JSON, in the schema that the README documents: whole numbers are exact, names are stable."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cnncalc.report.listing import all_cells
from cnncalc.speech.visible import ACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.report.listing import Listing
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
        for each in value:
            yield f"{row}," if row else f"  {line(name)}: ["
            row = f"    {line(each)}"
        if row:
            yield row
        held = "  ]" if row else f"  {line(name)}: []"
    yield held
    yield "}"


def _members(listing: Listing) -> Iterator[tuple[str, Any]]:
    """Yield what the object has; its tail is looked at when the rows are at their end."""
    yield "schema", SCHEMA
    yield from listing.head()
    if listing.name:
        yield listing.name, all_cells(listing.in_row, listing.rows)
    yield from listing.tail()


def _holds_objects(value: Any) -> bool:
    return hasattr(value, "__next__") or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )


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
    text = _encoder()(value)
    if text.isprintable():
        return text
    import re

    return re.sub(ACTS, lambda found: f"\\u{ord(found[0]):04x}", text)


def write_problem(problem: Problem) -> str:
    """Return a fault as a JSON text of one object."""
    return f'{{\n  "schema": {SCHEMA},\n  "error": {line(problem.as_data())}\n}}'
