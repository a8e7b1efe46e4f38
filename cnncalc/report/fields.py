"""The receptive fields of rows as rows under columns, and remarks about them."""

from __future__ import annotations

from operator import attrgetter, gt
from typing import TYPE_CHECKING, Any

from cnncalc.kinds.receptive_field import ALL
from cnncalc.kinds.volumes import times
from cnncalc.numbers.lettered import letters_in
from cnncalc.report.asked import told
from cnncalc.report.listing import ChangedRows
from cnncalc.report.quantities import FIELDS, QUANTITIES
from cnncalc.report.stack import STACK, listed
from cnncalc.report.view import View
from cnncalc.speech.columns import field
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.report.listing import Listing
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row


def outputs_of(report: Report) -> list[Row]:
    """Return the rows that are outputs of a network: those marked, or the last."""
    marked = [row for row in report.rows if row.kind == "output" and not row.aux]
    return [row._replace(places=()) for row in marked or report.rows[-1:]]


def listed_fields(
    report: Report, rows: Sequence[Row], *, is_whole: bool, has_sizes: bool = False
) -> Listing:
    """Return the fields of rows; for people what all axes have is there once."""
    columns = (QUANTITIES["output"], *FIELDS) if has_sizes else FIELDS
    listing = listed(View(report, rows, columns))

    def drawn() -> Listing:
        shown = listing.for_people()
        said = _remarks(report, *find_larger(report.rows)) if is_whole else ()
        below = [*said, *told(report.settings)]
        return shown._replace(rows=ChangedRows(shown.rows, once), feet=(), below=below)

    return listing._replace(schema=RF, drawn=drawn)


def _larger(view: View) -> int | None:
    """Return the number of the first row whose field is larger than its input."""
    larger, _is_lettered = find_larger(view.report.rows)
    return larger and larger.index


RF = STACK._replace(
    tail=[
        *STACK.tail[:-1],
        field("larger", "integer?", _larger),
        *(field(name, "problems", attrgetter(f"report.{name}")) for name in ("warnings", "notes")),
    ]
)
"""What JSON has of fields: all that it has of rows, and the first that is larger than its input."""


def once(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values, those that all axes share once; a receptive field is as it is."""
    return {name: value if name in _AS_IT_IS else _alone(value) for name, value in row.items()}


_AS_IT_IS = frozenset(("index", "layer", "output", "rf"))


def _alone(value: Any) -> Any:
    """Return what all axes have, once; nothing where all of the input is seen, or no axis is."""
    if type(value) is not tuple or not value:
        return None if value in (ALL, ()) else value
    first = value[0]
    if value.count(first) < len(value):
        return value
    if type(first) in (int, float):
        return value[:1]
    return f"{first:,}" if letters_in(value) else value[:1]


def find_larger(rows: Iterable[Row]) -> tuple[Row | None, bool]:
    """Return the first row whose field is larger than its input along an axis.

    Also whether letters stand in a field up to there.
    """
    is_lettered = False
    for row in rows:
        if isinstance(row.field, tuple):
            field = row.rf
            if row.seen and not row.aux and any(map(gt, field, row.seen[1])):
                return row, is_lettered
            if not is_lettered and {*map(type, field)} != {int}:
                is_lettered = bool(letters_in(field))
    return None, is_lettered


def _remarks(report: Report, larger: Row | None, is_lettered: bool) -> Iterator[str]:
    """Yield which row is the first whose field is larger than the input, or sees all of it."""
    size = times(larger.seen[1][:-1] if larger and larger.seen else report.input[:-1])
    if larger:
        yield _(
            "The first field larger than the input, {size}, is {field}, of row {number}: {layer}.",
            size=size,
            field=times(larger.rf),
            number=larger.index,
            layer=name_of(larger),
        )
    elif not is_lettered:
        yield _("No field is larger than the input, {size}.", size=size)
    if report.sees_all:
        yield _("Row {number} is the first that sees all of it.", number=report.sees_all.index)


def name_of(row: Row) -> str:
    """Return what a row is called: its label, if it has one, and its layer."""
    return f"{row.label}: {row.layer}" if row.label else row.layer
