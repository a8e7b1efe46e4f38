"""What a command answers with: rows under columns. Every format is written from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cnncalc.kinds.volumes import times, write_volume
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.columns import values
from cnncalc.speech.language import _
from cnncalc.speech.visible import visible
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from cnncalc.report.diagram import Diagram
    from cnncalc.report.view import View
    from cnncalc.speech.columns import Cells, Column, Halves
    from cnncalc.speech.problem import Problem

LEFT = frozenset({"text", "string", "name", "code", "names", "words", "word", "bar"})
"""The forms that stand to the left of their column; numbers stand to the right."""


T = TypeVar("T")

FEW = 300
"""So many rows are held, whoever looks at them."""


class Schema(NamedTuple):
    """What JSON has of an answer, and its schema says: fields before its rows, in them, behind.

    `rows` is the key of the rows, none where they are not there. `more` is the form of what else
    a row has, under names that depend on what is asked.
    """

    rows: str
    fields: Sequence[Column]
    head: Sequence[Column] = ()
    tail: Sequence[Column] = ()
    more: str = ""

    def listing(
        self, columns: Sequence[Column], rows: Iterable[Cells], of: Any = None, **beside: Any
    ) -> Listing:
        """Return rows of this schema; what stands before and behind them is got `of` something."""
        return Listing(self.rows, columns, rows, schema=self, of=of, **beside)


class Rows:
    """Rows that are made as they are gone through."""

    def of(self, names: Collection[str]) -> Rows:  # noqa: ARG002 - of who can leave some out
        """Return the rows with what these columns have, and perhaps with more."""
        return self

    def halves(self) -> Iterator[Halves]:
        """Yield of each row what it shares, in one mapping for all that do, and what is its own.

        Rows that share have the same columns of their own, and tuples in the same of them.
        """
        raise NotImplementedError

    def __iter__(self) -> Iterator[Cells]:
        for shared, own in self.halves():
            yield {**shared, **own}


class ChangedRows(Rows):
    """Rows each half of which a function changes."""

    def __init__(self, rows: Iterable[Cells], change: Callable[[Cells], Cells]) -> None:
        self._rows, self._change = rows, change

    def halves(self) -> Iterator[Halves]:
        """Yield the halves of each row."""
        change: Shared[Cells] = Shared(lambda shared, _own: self._change(shared))
        for shared, own in halves(self._rows):
            yield change.of(shared, own), self._change(own)


class Shared(Generic[T]):
    """What a function makes of what rows share, made once for all that do."""

    def __init__(self, make: Callable[[Cells, Cells], T]) -> None:
        self._make = make
        self._known: dict[int, tuple[Cells, T]] = {}

    def of(self, shared: Cells, own: Cells) -> T:
        """Return it, made with what the first of them has of its own."""
        found = self._known.get(id(shared))
        if found is None:
            if len(self._known) > BUDGET.remembered_rows:
                self._known.clear()
            found = self._known[id(shared)] = shared, self._make(shared, own)
        return found[1]


def halves(rows: Iterable[Cells]) -> Iterator[Halves]:
    """Return the halves of rows; those that are whole have nothing of their own."""
    return rows.halves() if isinstance(rows, Rows) else ((row, {}) for row in rows)


class Listing(NamedTuple):
    """Rows under columns, `name` the key of the rows in JSON.

    Rows may be an iterator, for formats that stream: JSON, JSON lines and CSV read it once, and
    what is behind it after it. The `schema` says what JSON has, `of` is what that is got of, and
    `fields` are those of a row, where they are not the schema's in its order. `feet` are the
    totals, `above` and `below` the lines around a table for people, those below it perhaps made
    of the names of the columns that are shown; `drawn` makes what people are shown where it is
    not the same, and `graph` the graph of a network. `raw` is whether cells of CSV are left as
    they are. `parts` are what people are shown in place of the table, as `output.parts` has them.
    A page has the `figure` of the answer, if it has one of its own, and the `networks` that it is
    of; with `is_rows` there is one, whose rows these are.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Cells]
    fields: Sequence[Column] = ()
    feet: Sequence[Cells] = ()
    above: Sequence[str] = ()
    below: Iterable[str] | Callable[[Collection[str]], Iterable[str]] = ()
    schema: Schema = Schema("", ())
    of: Any = None
    drawn: Callable[[], Listing] | None = None
    graph: Callable[[], Diagram] | None = None
    raw: bool = False
    parts: Sequence[Any] = ()
    figure: Callable[[], Any] | None = None
    networks: Callable[[], Sequence[View]] = list
    is_rows: bool = False

    def for_people(self) -> Listing:
        """Return what people are shown."""
        return self.drawn() if self.drawn else self

    @property
    def in_row(self) -> Sequence[Column]:
        """What JSON has of a row."""
        return self.fields or self.schema.fields or self.columns

    def head(self) -> Iterator[tuple[str, Any]]:
        """Yield what JSON has before the rows."""
        return values(self.schema.head, self.of)

    def tail(self) -> Iterator[tuple[str, Any]]:
        """Yield what JSON has behind the rows, each as late as it is looked at."""
        return values(self.schema.tail, self.of)

    def told(self) -> list[Iterable[Problem]]:
        """Return the problems that go with the answer: beside it in every format but JSON."""
        return [each.got(self.of) for each in self.schema.tail if each.form == "problems"]

    def lines_below(self, shown: Collection[str] | None = None) -> list[str]:
        """Return the lines below a table that shows these columns, by default all of them."""
        names = {each.name for each in self.columns} if shown is None else shown
        lines = self.below(names) if callable(self.below) else self.below
        return [line for line in lines if line]


def text(form: str, value: Any, *, commas: bool = False, channels_first: bool = False) -> str:
    """Return a value as it is printed: bare, or with commas for people; a volume in this order.

    >>> text("count", 25557032, commas=True), text("volume", (32, 32, 3)), text("ratio", 1.5)
    ('25,557,032', '32x32x3', '1.50')
    """
    if value is None:
        return ""
    if type(value) is int and form == "number":
        return str(value)
    if type(value) is tuple and form == "axes":
        return times(value, for_people=commas)
    if isinstance(value, str):
        if commas and (form == "word" or (value == "all" and form in ("axes", "share"))):
            return _(value)
        return visible(value) if commas else value
    if form == "count":
        return f"{value:,}" if commas else str(value)
    if form == "share":
        return "x".join([f"{each:.1f}" for each in _tuple(value)])
    if form == "ratio":
        return f"{value:.2f}"
    if form == "bar":
        return share_bar(*value, 8)
    if form == "words":
        return ", ".join(value)
    if form == "names":
        return ", ".join(each["name"] for each in value)
    first = channels_first and form == "volume"
    if isinstance(value, tuple):
        return write_volume(value, channels_first=first, for_people=commas)
    return str(value)


def _tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


_EIGHTHS = (*("", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b", "\u258a", "\u2589"),)


def bar(value: Any, most: Any, width: int, *, has_eighths: bool = True) -> str:
    """Return a bar as long as a value, `width` cells for the most; more than nothing is seen.

    >>> bar(3, 4, 8), bar(1, 10000, 8), bar(3, 4, 8, has_eighths=False)
    ('\u2588\u2588\u2588\u2588\u2588\u2588', '\u258f', '######')
    """
    if not value:
        return ""
    if not has_eighths:
        return "#" * int((2 * value * width + most) // (2 * most)) or "."
    eighths = int(max((16 * value * width + most) // (2 * most), 1))
    return "\u2588" * (eighths // 8) + _EIGHTHS[eighths % 8]


def share_bar(share: float, *lengths: Any, has_eighths: bool = True) -> str:
    """Return a share in percent and its bar.

    >>> share_bar(42.1, 3, 4, 8)
    ' 42.1% \u2588\u2588\u2588\u2588\u2588\u2588'
    """
    return f"{share:5.1f}% {bar(*lengths, has_eighths=has_eighths)}".rstrip()


def texts(columns: Sequence[Column], row: Cells, *, commas: bool = False) -> list[str]:
    """Return the cells of a row as they are printed."""
    return [text(column.form, row.get(column.name), commas=commas) for column in columns]
