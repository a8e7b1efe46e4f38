"""How the fields of rows are printed: a listing, the card of one row, and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.cli.output import UNFOLDED
from cnncalc.kinds.receptive_field import ALL
from cnncalc.kinds.volumes import times
from cnncalc.numbers.terms import letters_in
from cnncalc.report.folds import fold
from cnncalc.report.quantities import FIELDS, text
from cnncalc.report.view import View, listed
from cnncalc.speech.language import _
from cnncalc.trace.rows import first_larger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.cli.options import Form
    from cnncalc.output.table import Line, Style
    from cnncalc.report.listing import Listing
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row


def listed_fields(
    report: Report, rows: Sequence[Row], depth: int | None, form: Form, *, is_whole: bool
) -> Listing:
    """Return the fields of rows; for people what all axes have is there once."""
    if form.format not in UNFOLDED or depth is not None:
        rows = fold(rows, depth)
    listing = listed(View(report, rows, FIELDS))
    larger = first_larger(report.rows, report.input[:-1])
    notes = [note.as_data() for note in report.notes]
    tail = {**listing.tail, "larger": larger and larger.index, "notes": notes}

    def drawn() -> Listing:
        shown = listing.for_people()
        below = list(_remarks(report)) if is_whole else ()
        return shown._replace(rows=[_once(row) for row in shown.rows], feet=(), below=below)

    return listing._replace(tail=tail, drawn=drawn)


def _once(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values, those that all axes share once; a receptive field is as it is."""
    return {
        name: value if name in ("rf", "layer") else _alone(value) for name, value in row.items()
    }


def _alone(value: Any) -> Any:
    """Return what all axes have, once; nothing where all of the input is seen."""
    if value == ALL:
        return None
    if not isinstance(value, tuple) or len(set(value)) > 1:
        return value
    return f"{value[0]:,}" if letters_in(value) else value[:1]


def draw_card(report: Report, row: Row, looks: Style) -> str:
    """Return the field of one row, and what each of its numbers says."""
    from cnncalc.output import table

    values = _once(View(report, (), ()).values(FIELDS, row))
    lines: list[Line] = [
        (_(each.heading), text(each, values[each.name], commas=True), [_(each.counts)])
        for each in FIELDS
        if values[each.name] is not None
    ]
    return table.draw_facts(name_of(row), _("row {number}", number=row.index), lines, looks)


def _remarks(report: Report) -> Iterator[str]:
    """Yield which row is the first whose field is larger than the input, or sees all of it."""
    larger = first_larger(report.rows, report.input[:-1])
    size = times(report.input[:-1])
    if larger:
        yield _(
            "The first field larger than the input, {size}, is {field}, of row {number}: {layer}.",
            size=size,
            field=times(larger.rf),
            number=larger.index,
            layer=name_of(larger),
        )
    elif not letters_in(
        size for row in report.rows for size in (row.rf if isinstance(row.rf, tuple) else ())
    ):
        yield _("No field is larger than the input, {size}.", size=size)
    whole = next((row for row in report.rows if row.field == ALL and not row.aux), None)
    if whole:
        yield _("Row {number} is the first that sees all of it.", number=whole.index)


def name_of(row: Row) -> str:
    """Return what a row is called: its label, if it has one, and its layer."""
    return f"{row.label}: {row.layer}" if row.label else row.layer
