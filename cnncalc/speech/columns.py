"""What is told under a name: to people under a heading, to programs as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.speech.visible import visible
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Cells: TypeAlias = "Mapping[str, Any]"
"""A row: its values by the names of columns. What is not there is an empty cell.

Under `NAME-short` is a text where there is little room, under `NAME-part` of what a cell is a part.
"""

Halves: TypeAlias = tuple[Cells, Cells]
"""A row in two: what it shares with others, in one mapping for all, and what is its own."""


class Column(NamedTuple):
    """A column: its stable name for programs, its heading for people, and the form of its values.

    `form` is 'text', 'string' (one that is always there), 'name' (a short one, never broken),
    'code' (notation), 'words' (texts), 'word' (one of ours), 'names' (of things that each have a
    name), 'number' (a whole number that is a name: no commas), 'count', 'share' (percent, to a
    tenth), 'ratio' (to a hundredth), 'figure' (as people publish it: 138M), 'bar' (a share, its
    number and the most of all), 'volume' or 'axes' (a number for each axis, in the order that is
    printed). `path` is where a
    value stands in a JSON row, by default under the name. A column `beside` another is put in
    parentheses behind it where there is no room for columns. `short` is a heading for where there
    is little room; a column that `is_free` may be left out there.
    """

    name: str
    heading: str
    form: str = "text"
    path: tuple[str, ...] = ()
    beside: str = ""
    short: str = ""
    is_free: bool = False
    get: Callable[[Any], Any] | None = None
    of: Sequence[Column] | Sequence[str] = ()
    is_optional: bool = False

    def got(self, subject: Any) -> Any:
        """Return what a subject has of it: an object, or a mapping."""
        if self.get:
            return self.get(subject)
        return subject[self.name] if isinstance(subject, dict) else getattr(subject, self.name)


def field(name: str, form: str = "string", get: Any = None, of: Any = (), **more: Any) -> Column:
    """Return a column that programs alone have."""
    return Column(name, name, form, get=get, of=of, **more)


def optional(columns: Iterable[Column]) -> list[Column]:
    """Return columns that need not be there."""
    return [each._replace(is_optional=True) for each in columns]


def values(columns: Iterable[Column], subject: Any) -> Iterator[tuple[str, Any]]:
    """Yield what is got of a subject under the names of columns, as plain data, each in its turn.

    >>> dict(values([field("real", "ratio"), field("n", "integer", lambda _: 3)], 1.5))
    {'real': 1.5, 'n': 3}
    """
    for each in columns:
        value = each.got(subject)
        if value is not None or not each.is_optional:
            yield each.name, _plain(each, value)


def _plain(column: Column, value: Any) -> Any:
    """Return a value as plain data: problems and objects by their fields."""
    if column.form == "problems":
        return [each.as_data() for each in value]
    fields = {each.name: each for each in column.of if isinstance(each, Column)}
    if not fields or value is None:
        return value
    if column.form in ("names", "object[]"):
        return [dict(values(fields.values(), each)) for each in value]
    if isinstance(value, dict):
        return json_row([fields[name] for name in value], value)
    return dict(values(fields.values(), value))


def json_row(columns: Sequence[Column], row: Cells) -> dict[str, Any]:
    """Return a row as JSON has it: what it has of the columns, each where its path says."""
    return next(json_rows(columns, [row]))


def json_rows(columns: Sequence[Column], rows: Iterable[Cells]) -> Iterator[dict[str, Any]]:
    """Yield rows as JSON has them."""
    paths = [(each.name, *(each.path or (each.name,)), "")[:3] for each in columns]
    axes = {each.name for each in columns if each.form == "axes"}
    for row in rows:
        found: dict[str, Any] = {}
        for name, first, second in paths:
            if name not in row:
                continue
            value = row[name]
            if not second or (name in axes and not isinstance(value, tuple)):
                found[first] = value
            elif first in found:
                found[first][second] = value
            else:
                found[first] = {second: value}
        yield found


_PLACE = [
    field("name", get=lambda label: visible(label.span.source.name)),
    *(
        field(name, "integer", lambda label, name=name: getattr(label.span, name))
        for name in ("line", "column")
    ),
    field("text", get=lambda label: visible(label.span.text[:200])),
    field("label", get=lambda label: visible(label.text)),
]
PROBLEM = [
    field("severity", get=lambda told: told[0].severity, of=("error", "warning", "note")),
    field("code", get=lambda told: told[0].code),
    field("message", get=lambda told: visible(told[0].message)),
    field("places", "object[]", lambda told: told[0].labels, _PLACE),
    field("notes", "words", lambda told: [visible(note) for note in told[0].notes]),
    field("helps", "words", lambda told: [*map(visible, told[0].helps_with(told[1]))]),
    field("try", "words[]", lambda told: told[1].lines),
]
"""A fault with what is offered of it, `told`: lines and columns from 1."""
