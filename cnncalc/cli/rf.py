"""`cnncalc rf`: the receptive fields of a network, and what one unit reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import faults
from cnncalc.cli.command import Command
from cnncalc.cli.field_pictures import draw_profiles, draw_units
from cnncalc.cli.fields import draw_card, listed_fields
from cnncalc.cli.options import (
    Form,
    channels_first_option,
    form_options,
    input_option,
    row_options,
    words_argument,
)
from cnncalc.cli.output import rows_at, show
from cnncalc.cli.unit import draw_unit, listed_unit
from cnncalc.kinds.receptive_field import ALL
from cnncalc.notation.tree import given_volume
from cnncalc.numbers.terms import letters_in
from cnncalc.output.pixels import MOST_BOXES
from cnncalc.report.listing import Column
from cnncalc.report.report import Report
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span
from cnncalc.trace.effective_field import weigh
from cnncalc.trace.read_pixels import read_pixels
from cnncalc.trace.rows import last_finite
from cnncalc.trace.settings import Settings
from cnncalc.trace.units import growing, read_unit, some, unit_about, unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.notation.tree import Given
    from cnncalc.output.table import Style
    from cnncalc.trace.rows import Row


def command() -> click.Command:
    """Return the command `cnncalc rf`."""

    def run(
        words: tuple[str, ...],
        input: str | None,  # noqa: A002 - the option's name
        channels_first: bool,
        **asked: Any,
    ) -> None:
        from cnncalc.importing.sources import read_input, read_network

        form = Form.of(asked)
        given = read_input(input, channels_first=channels_first)
        network = read_network(" ".join(words), given=given, channels_first=channels_first)
        given = given or given_volume(network)
        report = Report(network, Settings(channels_first=channels_first), given=given)
        print_fields(report, given, form, **asked)

    return Command(
        "rf",
        callback=run,
        params=[
            words_argument(),
            input_option(),
            *(each for each in row_options() if each.name != "by"),
            click.Option(
                ["--unit"], metavar="N[,N...]", help="Show the pixels that this output unit reads."
            ),
            click.Option(["--draw"], is_flag=True, help="Draw the field on the input."),
            click.Option(
                ["--effective"],
                is_flag=True,
                help="Show what each pixel weighs, all filters uniform.",
            ),
            *form_options(),
            channels_first_option(),
        ],
        help="The receptive field of each layer; or of one, and the pixels that a unit reads.\n\n"
        "--unit, --draw and --effective show the unit in the middle, if no other is named, of the "
        "last row that does not see all; --draw alone shows how the fields grow.",
        example="cnncalc rf vgg16 --at conv4_3 --unit 0,9 --draw",
    )


def print_fields(
    report: Report,
    given: Given | None,
    form: Form,
    *,
    at: str | None,
    unit: str | None,
    draw: bool,
    effective: bool,
    depth: int | None,
) -> None:
    """Print the fields of a network's rows, or that of one unit, in numbers and pictures."""
    if len(report.input) == 1:
        raise _without_axes(given)
    if draw and len(report.input) > 3:
        raise _not_drawn(report, given)
    rows = report.rows if at is None else rows_at(report, at)
    if unit is not None or effective or (draw and at is not None):
        row = _seeing(report, rows, at)
        _refuse_letters(report, [row], given)
        chosen = unit_of(row) if unit is None else read_unit(Source("--unit", unit), row)
        places = enumerate(chosen.place if effective else ())
        weights = [weigh(report.rows, row, each, axis) for axis, each in places]
        read = read_pixels(report.rows, row, chosen.place)
        listing = listed_unit(report, chosen, read, weights)
    else:
        if draw:
            _refuse_letters(report, rows, given)
        chosen, weights = None, []
        listing = listed_fields(report, rows, depth, form, is_whole=at is None)

    def drawing(looks: Style) -> str:
        from cnncalc.output import table

        if chosen:
            parts = [draw_unit(report, chosen, read, looks)]
        elif len(rows) == 1 and at is not None:
            parts = [draw_card(report, rows[0], looks)]
        else:
            parts = [table.draw(listing, looks)]
        if draw and chosen:
            parts.append(draw_units(report, [chosen], None, looks))
        elif draw:
            grown = growing(rows)
            units = [unit_about(unit_of(grown[-1]), row) for row in some(grown, MOST_BOXES)]
            parts.append(draw_units(report, units, len(grown), looks))
        return "\n\n".join([*parts, *draw_profiles(report, weights, looks)])

    if form.format != "json":
        faults.warn([*report.warnings, *report.notes])
    show(listing, form, drawing)


# ---------------------------------------------------------------- faults


def _seeing(report: Report, rows: Sequence[Row], at: str | None) -> Row:
    """Return the row whose unit is asked for; refuse one that has no field of its own."""
    found = last_finite(report.rows if at is None else rows[-1:])
    row = found or rows[-1]
    if isinstance(row.rf, tuple):
        return row
    before = last_finite(report.rows[: row.index])
    place = Label(Span(Source("--at", at or ""), 0, len(at or "")))
    helps = [_("ask for a row before it: '--at {number}'", number=before.index)] if before else []
    if row.field == ALL:
        fact = _("row {number} sees all of the input", number=row.index)
        raise Problem("field-is-all", fact, [place], helps=helps)
    raise Problem(
        "no-one-receptive-field",
        _("row {number} has no one receptive field", number=row.index),
        [place, *(label for each in report.warnings for label in each.labels)],
        helps=helps,
    )


def _without_axes(given: Given | None) -> Problem:
    return Problem(
        "field-without-axes",
        _("a vector has no axis to see along"),
        [Label(given.span)] if given else (),
        helps=[_("begin with a map, as in '32x32x3 -> ...'")],
    )


def _not_drawn(report: Report, given: Given | None) -> Problem:
    rank = len(report.input) - 1
    return Problem(
        "axes-not-drawn",
        _("a picture has one axis or two, and the input has {rank}", rank=rank),
        [Label(given.span)] if given else (),
        helps=[_("leave --draw out")],
    )


def _refuse_letters(report: Report, rows: Sequence[Row], given: Given | None) -> None:
    """Refuse fields that letters decide: their pixels are not known."""
    for row in rows:
        field = row.field if isinstance(row.field, tuple) else ()
        numbers = [*report.input[:-1], *row.output[:-1], *(each for axis in field for each in axis)]
        if letters := letters_in(numbers):
            place = row.node if row.node and not letters_in(report.input[:-1]) else given
            raise Problem(
                "letter-needs-number",
                _("pixels have numbers, and letters stand here for some"),
                [Label(place.span, ", ".join(letters))] if place else (),
                helps=[_("write a number in its place")],
            )


def shapes() -> dict[str, Any]:
    """Return the shapes of what it prints as JSON: of rows, and of one unit."""
    from cnncalc.output import schema

    text, number, sizes = schema.TEXT, schema.NUMBER, schema.SIZES
    problems = {"type": "array", "items": {"$ref": "#/$defs/problem"}}
    pair = {"anyOf": [sizes, {"type": "null"}]}
    known = {
        "axis": text,
        "unit": number,
        "pixels": pair,
        "inside": pair,
        "read": {"type": "array", "items": sizes},
        "held": pair,
        "weights": {"type": "array", "items": {"type": "integer"}},
        "of": {"type": "integer"},
        "exact": {"type": "boolean"},
        "deviation": {"type": "number"},
    }
    columns = [Column(name, name) for name in known]
    return {
        "rf": schema.network({"larger": {"type": ["integer", "null"]}, "notes": problems}),
        "unit": schema.listed(
            "axes",
            columns,
            head={"network": text, "input": sizes, "row": number, "layer": text},
            tail={"warnings": problems, "notes": problems},
            known=known,
            optional=[
                name for name in known if name not in ("axis", "unit", "pixels", "inside", "read")
            ],
        ),
    }
