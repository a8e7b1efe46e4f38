"""Receptive fields: of each row, or of one unit and the pixels that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.api.answer import Answer, warned
from cnncalc.api.misuse import read_axes, read_count, read_flag, read_place, refuse_apart
from cnncalc.api.network import read
from cnncalc.api.options import read_settings
from cnncalc.api.report import Report
from cnncalc.kinds.receptive_field import ALL
from cnncalc.notation.inputs import given_volume
from cnncalc.numbers.lettered import letters_in
from cnncalc.output.pixels import MOST_BOXES
from cnncalc.report.asked import ROWS_ALONE, Asked, told
from cnncalc.report.fields import listed_fields, outputs_of
from cnncalc.report.folds import fold
from cnncalc.report.options import SEEN
from cnncalc.report.places import rows_at
from cnncalc.report.quantities import FIELDS
from cnncalc.report.several import last_finite
from cnncalc.report.unit import listed_unit
from cnncalc.report.view import whole
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.problem import Label, Problem, Source, Span
from cnncalc.trace.effective_field import weigh
from cnncalc.trace.read_pixels import read_pixels
from cnncalc.trace.units import growing, read_unit, some, unit_about, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Unpack

    from cnncalc.api.network import Input, Named
    from cnncalc.api.options import Seen
    from cnncalc.api.pictures import Picture
    from cnncalc.drawing.shapes import Figure
    from cnncalc.notation.tree import Given
    from cnncalc.output.layout import Style
    from cnncalc.output.parts import Part
    from cnncalc.report import report
    from cnncalc.report.listing import Listing
    from cnncalc.trace.effective_field import Weights
    from cnncalc.trace.read_pixels import ReadPixels
    from cnncalc.trace.rows import Row
    from cnncalc.trace.units import Unit


class Fields(Answer):
    """The fields of `rows`; where one `unit` is asked for, what it reads and what that weighs.

    With `draw` people are shown pictures too.
    """

    def __init__(
        self,
        report: report.Report,
        given: Given | None,
        *,
        at: str | None = None,
        unit: str | None = None,
        draw: bool = False,
        effective: bool = False,
        depth: int | None = None,
        outputs: bool = False,
    ) -> None:
        ranks = [len(each.output) - 1 for each in report.inputs]
        if not any(ranks):
            raise _without_axes(given)
        if draw and max(ranks) > 2:
            raise _not_drawn(max(ranks), given)
        self.warnings = report.warnings
        self.report, self.at, self.depth, self._draws = report, at, depth, draw
        self.rows = report.rows if at is None else rows_at(report, at)
        self.outputs = outputs and at is None
        if self.outputs:
            self.rows = outputs_of(report)
        self.unit: Unit | None = None
        self.weights: list[Weights] = []
        self.reads: ReadPixels | None = None
        if unit is not None or effective or (draw and at is not None):
            row = _seeing(report, self.rows, at)
            _refuse_letters(report, [row], given)
            self.unit = unit_of(row) if unit is None else read_unit(Source("--unit", unit), row)
            places = enumerate(self.unit.place if effective else ())
            self.weights = [weigh(report.rows, row, each, axis) for axis, each in places]
            self.reads = read_pixels(report.rows, row, self.unit.place)
        elif draw:
            _refuse_letters(report, self.rows, given)

    def asked(self) -> Asked:
        """Return what was asked: in rows alone of the fields of a unit."""
        return Asked(self.report.settings, shown=FIELDS if self.unit else (), formats=ROWS_ALONE)

    def listing(self, *, for_people: bool = False) -> Listing:
        """Return a row for each row; of one unit, for each axis."""
        if self.unit and self.reads:
            listing = listed_unit(self.report, self.unit, self.reads, self.weights)
        else:
            is_folded = (for_people or self.depth is not None) and not self.outputs
            rows = fold(self.rows, self.depth) if is_folded else self.rows
            is_whole = self.at is None and not self.outputs
            listing = listed_fields(self.report, rows, is_whole=is_whole, has_sizes=self.outputs)
        if self.unit or self._draws:  # a text, and the network below it
            listing = listing._replace(is_rows=False, networks=lambda: [whole(self.report)])
        return listing._replace(figure=self.figure)

    @property
    def is_table(self) -> bool:
        """Whether people are shown a table and no picture."""
        return not (self.unit or self._draws or (len(self.rows) == 1 and self.at is not None))

    def parts(self) -> Iterable[Part]:
        """Return the numbers."""
        from cnncalc.output.fields import field_card, unit_card

        if self.unit and self.reads:
            return [unit_card(self.unit, self.reads)]
        if len(self.rows) == 1 and self.at is not None:
            return [field_card(self.report, self.rows[0])]
        return super().parts()

    def lay_out(self, style: Style) -> str:
        """Return the numbers, and the pictures that are asked for."""
        from cnncalc.output.field_pictures import draw_profiles, draw_units

        report = self.report
        parts = [super().lay_out(style)]
        if self._draws and self.unit:
            parts.append(draw_units(report, [self.unit], None, style))
        elif self._draws:
            grown = growing(self.rows)
            grown = [row for row in grown if row.seen == grown[-1].seen]
            units = [unit_about(unit_of(grown[-1]), row) for row in some(grown, MOST_BOXES)]
            parts.append(draw_units(report, units, len(grown), style))
        sizes = self.unit.seen[:-1] if self.unit else ()
        parts += draw_profiles(sizes, self.weights, style)
        if not self.is_table:  # which says it itself
            parts += ["\n".join(wrap(each, style.width)) for each in told(report.settings)]
        return "\n\n".join(parts)

    def _repr_html_(self) -> str:
        """Return the numbers as tables of a notebook; with pictures, which are text, as text."""
        from html import escape

        if not (self._draws or self.weights):
            return super()._repr_html_()
        return f'<pre style="line-height: 1.2">{escape(str(self))}</pre>'

    def draw(self, *, format: str = "svg") -> Picture:  # noqa: A002 - of a file
        """Return the figure of the fields as text, as `cnncalc rf -o rf.svg` writes it.

        `format` is 'svg', or 'tex' for TikZ; a notebook shows it.
        """
        from cnncalc.api.pictures import write

        return write(self.figure(), format)

    def figure(self) -> Figure:
        """Return what a unit reads or each pixel weighs; how fields grow, or those of outputs."""
        from cnncalc.drawing import effective, fields

        report = self.report
        if self.outputs:
            rank = len(report.input) - 1
            drawn = [row for row in self.rows if _axes(row) == rank]
            drawn = drawn or [_seeing(report, self.rows, None)]
            _refuse_letters(report, drawn, None)
            alike = {(row.rf, row.output[:-1]): unit_of(row) for row in reversed(drawn)}
            return fields.draw_side_by_side(report, [*alike.values()])
        if self.unit and self.weights:
            return effective.draw(report, self.unit, self.weights)
        grows = self.unit is None and self.at is None
        row = (growing(self.rows) if grows else [])[-1:] or [_seeing(report, self.rows, self.at)]
        _refuse_letters(report, [row[0]], None)
        return fields.draw(report, self.unit or unit_of(row[0]), grows=grows)

    def __repr__(self) -> str:
        return f"<Fields of {self.report.text!r}>"


def rf(
    network: Named,
    *,
    at: str | int | None = None,
    unit: str | Sequence[int] | None = None,
    draw: bool = False,
    effective: bool = False,
    depth: int | None = None,
    outputs: bool = False,
    input: Input = None,  # noqa: A002 - the option's name
    **options: Unpack[Seen],
) -> Fields:
    """Return the receptive fields of a network's rows, or what one unit reads.

    `at` is a row, by its label or number; `unit` the place of a unit, as (0, 9); `effective` what
    each pixel weighs, all filters uniform; `draw` adds pictures, `depth` unfolds down to there.
    `outputs` are the network's alone. Options are `strict`, `channels_first` and `fold`, as in
    `stack`.

    >>> rf("32x32x3 -> conv 8 k3 -> conv 8 k3", unit=(0, 0)).unit.sides
    ((0, 4), (0, 4))
    """
    settings = read_settings("rf", options, SEEN)
    row = read_place("at", at)
    flags = {"draw": draw, "effective": effective, "outputs": outputs}
    wanted = {name: read_flag(name, value) for name, value in flags.items()}
    deepest = None if depth is None else read_count("depth", depth)
    place = read_axes("unit", unit)
    refuse_apart("rf", {**wanted, "at": row, "unit": place, "depth": deepest})
    found = read(network, input=input, channels_first=options.get("channels_first"))
    settings = settings._replace(channels_first=found.channels_first)
    given = given_volume(found.tree, found.given)
    return warned(
        Fields(
            Report(found.tree, settings, given=given),
            given,
            at=row,
            unit=place,
            depth=deepest,
            **wanted,
        )
    )


# ---------------------------------------------------------------- faults


def _seeing(report: report.Report, rows: Sequence[Row], at: str | None) -> Row:
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


def _axes(row: Row) -> int | None:
    """Return how many axes a row has a field along; None where it has none of its own."""
    field = row.field
    return len(field) if isinstance(field, tuple) and len(field) == len(row.output) - 1 else None


def _without_axes(given: Given | None) -> Problem:
    return Problem(
        "field-without-axes",
        _("a vector has no axis to see along"),
        [Label(given.span)] if given else (),
        helps=[_("begin with a map, as in '32x32x3 -> ...'")],
    )


def _not_drawn(rank: int, given: Given | None) -> Problem:
    return Problem(
        "axes-not-drawn",
        _("a picture has one axis or two, and the input has {rank}", rank=rank),
        [Label(given.span)] if given else (),
        helps=[_("leave --draw out")],
    )


def _refuse_letters(report: report.Report, rows: Sequence[Row], given: Given | None) -> None:
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
