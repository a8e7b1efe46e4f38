"""How fields are drawn on their input, and what the pixels of one weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.volumes import axis_name, times
from cnncalc.output.fields import ends_of
from cnncalc.output.pixels import draw_ends, draw_fields, draw_weights, sign
from cnncalc.report.fields import name_of
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural
from cnncalc.trace.effective_field import beyond, deviation, holding
from cnncalc.trace.read_pixels import outside, read_pixels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.output.layout import Style
    from cnncalc.report.report import Report
    from cnncalc.trace.effective_field import Weights
    from cnncalc.trace.read_pixels import Block
    from cnncalc.trace.units import Unit

WIDTH = 80  # of pictures, where there is no terminal


def draw_units(report: Report, units: Sequence[Unit], of: int | None, looks: Style) -> str:
    """Return the fields of units on the input, what the signs say, and how large a cell is.

    `of`: of how many fields that grow these are; None for the one unit that is asked for.
    """
    from cnncalc.output import table

    sizes = units[0].seen[:-1] if units else ()
    seeing = [(unit, [side for side in unit.sides if side]) for unit in units]
    seeing = [each for each in seeing if len(each[1]) == len(sizes)]
    if not seeing:
        return _("There is no field to draw.")
    color = looks.color
    boxes: list[list[Block]] = [[tuple((side,) for side in sides)] for _unit, sides in seeing]
    if of is None:
        boxes = [_parts(report, seeing[0][0])]
    picture = draw_fields(sizes, boxes, width=looks.width or WIDTH, color=color)
    newest = len(boxes) - 1
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
                + _("row {number}: {layer}", number=unit.row.index, layer=name_of(unit.row)),
            )
            for box, (unit, _sides) in enumerate(seeing)
        ]
    signs.append(signed(None, _("the input")))
    if any(
        first < 0 or last >= size
        for _unit, sides in seeing
        for (first, last), size in zip(sides, sizes, strict=True)
    ):
        signs.append(signed(newest, _("in the padding"), inside=False))
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


def _parts(report: Report, unit: Unit) -> list[Block]:
    """Return the blocks that a unit reads, and those of its field that lie in the padding."""
    sizes = unit.seen[:-1]
    field = read_pixels(report.rows, unit.row, unit.place, padded=True)
    beside = [part for block in field.blocks for part in outside(block, sizes)]
    return [*read_pixels(report.rows, unit.row, unit.place).blocks, *beside]


def draw_profiles(sizes: Sequence[int], weights: Sequence[Weights], looks: Style) -> Iterator[str]:
    """Yield what the pixels of an input weigh along each axis, axes that are alike together."""
    from cnncalc.output import table

    rank = len(sizes)
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
        outside = dict.fromkeys(beyond(weights[axis], sizes[axis]) for axis in axes)
        start, end = next(iter(held))
        said = [
            _("All filters uniform: what each pixel weighs along {axes}.", axes=names),
            _(
                "95 % of the weight lies in {width:,} of {size}, {pixels}.",
                width=end - start + 1,
                size=plural(len(values), "pixel"),
                pixels=_(" and ").join(map(ends_of, held)),
            ),
            _("The standard deviation is {deviation:,.1f} pixels.", deviation=deviation(first)),
        ]
        if any(outside):
            percents = _(" and ").join(f"{each:.1f} %" for each in outside)
            said.append(_("On the padding: {percents}.", percents=percents))
        if picture.scale > 1:
            said.append(_("A bar is {count} pixels.", count=picture.scale))
        yield "\n".join([*picture.lines, *ends, "", table.draw_lines(said, looks)])
