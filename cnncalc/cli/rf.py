"""`cnncalc rf`: the receptive fields of a network, and what one unit reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import faults
from cnncalc.cli.command import Command
from cnncalc.cli.options import (
    Form,
    channels_first_option,
    form_options,
    input_option,
    row_options,
    words_argument,
)
from cnncalc.cli.output import UNFOLDED, rows_at, show
from cnncalc.kinds.receptive_field import ALL
from cnncalc.kinds.volumes import AXES, axis_name, times
from cnncalc.notation.tree import given_volume
from cnncalc.numbers.letters import letters_in
from cnncalc.output.pixels import MOST_BOXES, draw_ends, draw_fields, draw_weights, sign
from cnncalc.report.folds import fold
from cnncalc.report.listing import Column, Listing
from cnncalc.report.quantities import FIELDS, QUANTITIES, in_order, text
from cnncalc.report.report import Report
from cnncalc.report.view import View, listed
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, plural
from cnncalc.trace.effective_field import beyond, deviation, holding, weigh
from cnncalc.trace.rows import first_larger, last_finite
from cnncalc.trace.units import Unit, growing, read_unit, some, unit_about, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.notation.tree import Given
    from cnncalc.output.pixels import Side
    from cnncalc.output.table import Line, Style
    from cnncalc.trace.effective_field import Weights
    from cnncalc.trace.rows import Row

WIDTH = 80  # of pictures, where there is no terminal


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
        report = Report(network, given=given, channels_first=channels_first)
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
        listing = _axes(report, chosen, weights)
    else:
        if draw:
            _refuse_letters(report, rows, given)
        chosen, weights = None, []
        listing = _fields(report, rows, depth, form, is_whole=at is None)

    def drawing(looks: Style) -> str:
        from cnncalc.output import table

        if chosen:
            parts = [table.draw_facts(*_described(chosen), _box(report, chosen), looks)]
        elif len(rows) == 1 and at is not None:
            parts = [_card(report, rows[0], looks)]
        else:
            parts = [table.draw(listing, looks)]
        if draw and chosen:
            parts.append(_picture(report, [chosen], None, looks))
        elif draw:
            grown = growing(rows)
            units = [unit_about(unit_of(grown[-1]), row) for row in some(grown, MOST_BOXES)]
            parts.append(_picture(report, units, len(grown), looks))
        return "\n\n".join([*parts, *_profiles(report, weights, looks)])

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


# ---------------------------------------------------------------- numbers


def _fields(
    report: Report, rows: Sequence[Row], depth: int | None, form: Form, *, is_whole: bool
) -> Listing:
    """Return the fields of rows; for people what all axes have is there once."""
    if form.format not in UNFOLDED or depth is not None:
        rows = fold(rows, depth)  # type: ignore[assignment] # several as one are as rows
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


def _card(report: Report, row: Row, looks: Style) -> str:
    """Return the field of one row, and what each of its numbers says."""
    from cnncalc.output import table

    values = _once(View(report, (), ()).values(FIELDS, row))
    lines: list[Line] = [
        (_(each.heading), text(each, values[each.name], commas=True), [_(each.counts)])
        for each in FIELDS
        if values[each.name] is not None
    ]
    return table.draw_facts(_name(row), _("row {number}", number=row.index), lines, looks)


def _axes(report: Report, unit: Unit, weights: Sequence[Weights]) -> Listing:
    """Return what a unit reads, a row for each axis, and what each pixel weighs."""
    sizes = report.input[:-1]
    ends = ("first", "last", "inside-first", "inside-last")
    columns = [Column("axis", "axis"), *(Column(each, each, "number") for each in ("unit", *ends))]
    names = ["axis", "unit", "pixels", "inside"]
    if weights:
        columns += [Column(each, each, "number") for each in ("held-first", "held-last")]
        columns.append(Column("deviation", "deviation", "ratio"))
        names += ["weights", "of", "exact", "held", "deviation"]
    rows: list[dict[str, Any]] = []
    inside = unit.inside(sizes)
    for axis, (place, side) in enumerate(zip(unit.place, unit.sides, strict=True)):
        pairs = (*(side or (None, None)), *(inside[axis] or (None, None)))
        row = {"axis": AXES[len(sizes)][axis] if len(sizes) in AXES else str(axis), "unit": place}
        rows.append(
            {**row, "pixels": side, "inside": inside[axis], **dict(zip(ends, pairs, strict=True))}
        )
        if weights:
            found = weights[axis]
            held = holding(found) if found.whole else None
            rows[-1] |= {
                "weights": found.values,
                "of": found.whole,
                "exact": found.exact,
                "held": held,
                **dict(zip(("held-first", "held-last"), held or (None, None), strict=True)),
                "deviation": deviation(found),
            }
    size = in_order(QUANTITIES["output"], report.input, channels_first=report.channels_first)
    head = {"network": report.text, "input": size, "row": unit.row.index, "layer": _name(unit.row)}
    tail = {
        name: [each.as_data() for each in found]
        for name, found in (("warnings", report.warnings), ("notes", report.notes))
    }
    return Listing(
        "axes", columns, rows, [Column(name, name) for name in names], head=head, tail=tail
    )


def _described(unit: Unit) -> tuple[str, str]:
    """Return what a row is called, and which of its units this is."""
    where = _(
        "unit {unit} of {size}, row {number}",
        unit=unit.text,
        size=times(unit.row.output[:-1]),
        number=unit.row.index,
    )
    return _name(unit.row), where


def _name(row: Row) -> str:
    return f"{row.label}: {row.layer}" if row.label else row.layer


def _box(report: Report, unit: Unit) -> list[Line]:
    """Return the first and last pixel that a unit reads along each axis, and what is clipped."""
    sizes = report.input[:-1]
    lines: list[Line] = []
    for axis, (side, inside) in enumerate(zip(unit.sides, unit.inside(sizes), strict=True)):
        name = axis_name(axis, len(sizes))
        if side is None:
            lines.append((name, _("nothing"), [_("the layer leaves this unit between its taps")]))
            continue
        said = []
        if inside is None:
            said = [_("all of it beyond the border")]
        elif inside != side:
            said = [_("clipped to {pixels}", pixels=_pixels(inside))]
            before, behind = inside[0] - side[0], side[1] - inside[1]
            if before:
                said[0] += _(", {pixels} before the input", pixels=plural(before, "pixel"))
            if behind:
                said[0] += _(", {pixels} behind it", pixels=plural(behind, "pixel"))
        lines.append((name, _pixels(side), said))
    return lines


def _pixels(side: Side) -> str:
    return f"{side[0]}..{side[1]}"


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
            layer=_name(larger),
        )
    elif not letters_in(
        size for row in report.rows for size in (row.rf if isinstance(row.rf, tuple) else ())
    ):
        yield _("No field is larger than the input, {size}.", size=size)
    whole = next((row for row in report.rows if row.field == ALL and not row.aux), None)
    if whole:
        yield _("Row {number} is the first that sees all of it.", number=whole.index)


# ---------------------------------------------------------------- pictures


def _picture(report: Report, units: Sequence[Unit], of: int | None, looks: Style) -> str:
    """Return the fields of units on the input, what the signs say, and how large a cell is.

    `of`: of how many fields that grow these are; None for the one unit that is asked for.
    """
    from cnncalc.output import table

    sizes = report.input[:-1]
    seeing = [(unit, [side for side in unit.sides if side]) for unit in units]
    seeing = [each for each in seeing if len(each[1]) == len(sizes)]
    if not seeing:
        return _("There is no field to draw.")
    color = looks.color and looks.unicode
    boxes = [sides for _unit, sides in seeing]
    picture = draw_fields(sizes, boxes, width=looks.width or WIDTH, color=color)
    last = len(boxes) - 1
    narrower = looks._replace(width=looks.width and max(looks.width - 2, 1))

    def signed(box: int | None, said: str, *, inside: bool = True) -> str:
        folded = table.draw_lines([said], narrower).replace("\n", "\n  ")
        return f"{sign((box, inside), len(boxes), color=color)} {folded}"

    if of is None:
        signs = [signed(0, _("what the unit reads"))]
    else:
        widest = max(len(times(unit.row.rf)) for unit in units)
        signs = [
            signed(
                box,
                f"{times(unit.row.rf):<{widest}}  "
                + _("row {number}: {layer}", number=unit.row.index, layer=_name(unit.row)),
            )
            for box, (unit, _sides) in enumerate(seeing)
        ]
    signs.append(signed(None, _("the input")))
    if any(unit.inside(sizes) != list(unit.sides) for unit, _sides in seeing):
        signs.append(signed(last, _("in the padding"), inside=False))
    said = []
    if of and len(units) < of:
        said.append(_("{count} of {total} fields that grow.", count=len(units), total=of))
    if picture.scale > 1:
        cell = times((picture.scale,) * len(sizes))
        said.append(_("A cell is {size} pixels.", size=cell))
    if picture.is_cut:
        said.append(_("The field goes on beyond the picture."))
    below = ["", table.draw_lines(said, looks)] if said else []
    return "\n".join([*picture.lines, "", *signs, *below])


def _profiles(report: Report, weights: Sequence[Weights], looks: Style) -> Iterator[str]:
    """Yield what the pixels weigh along each axis, axes that are alike together."""
    from cnncalc.output import table

    rank = len(report.input) - 1
    for values in dict.fromkeys(each.values for each in weights):
        axes = [axis for axis, each in enumerate(weights) if each.values == values]
        *others, name = (axis_name(axis, rank) for axis in axes)
        names = _(" and ").join([", ".join(others), name] if others else [name])
        first = weights[axes[0]]
        if not first.whole:
            yield _("{axes}: the unit reads nothing", axes=names)
            continue
        picture = draw_weights(
            first,
            holding(first),
            width=looks.width or WIDTH,
            color=looks.color,
            unicode=looks.unicode,
        )
        ends = dict.fromkeys(draw_ends(weights[axis], picture) for axis in axes)
        held = dict.fromkeys(holding(weights[axis]) for axis in axes)
        outside = dict.fromkeys(beyond(weights[axis], report.input[axis]) for axis in axes)
        start, end = next(iter(held))
        said = [
            _("All filters uniform: what each pixel weighs along {axes}.", axes=names),
            _(
                "95 % of the weight lies in {width:,} of {size}, {pixels}.",
                width=end - start + 1,
                size=plural(len(values), "pixel"),
                pixels=_(" and ").join(map(_pixels, held)),
            ),
            _("The standard deviation is {deviation:,.1f} pixels.", deviation=deviation(first)),
        ]
        if any(outside):
            percents = _(" and ").join(f"{each:.1f} %" for each in outside)
            said.append(_("On the padding: {percents}.", percents=percents))
        if picture.scale > 1:
            said.append(_("A bar is {count} pixels.", count=picture.scale))
        yield "\n".join([*picture.lines, *ends, "", table.draw_lines(said, looks)])


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
            optional=[name for name in known if name not in ("axis", "unit", "pixels", "inside")],
        ),
    }
