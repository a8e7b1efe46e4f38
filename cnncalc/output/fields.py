"""The field of one row, and of one unit, for people: what each number says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.volumes import axis_name, times
from cnncalc.output.parts import Card
from cnncalc.report.fields import name_of, once
from cnncalc.report.listing import text
from cnncalc.report.quantities import FIELDS
from cnncalc.report.view import View
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.output.parts import Line
    from cnncalc.report.report import Report
    from cnncalc.trace.read_pixels import ReadPixels, Run
    from cnncalc.trace.rows import Row
    from cnncalc.trace.units import Unit

MOST_LISTED = 5  # runs that a line has


def field_card(report: Report, row: Row) -> Card:
    """Return the field of one row, and what each of its numbers says."""
    values = once(View(report, (), ()).values(FIELDS, row))
    lines: list[Line] = [
        (_(each.heading), text(each.form, values[each.name], commas=True), [_(each.counts)])
        for each in FIELDS
        if values[each.name] is not None
    ]
    return Card(lines, name_of(row), _("row {number}", number=row.index))


def unit_card(unit: Unit, read: ReadPixels) -> Card:
    """Return which unit this is, and what it reads along each axis."""
    where = _(
        "unit {unit} of {size}, row {number}",
        unit=unit.text,
        size=times(unit.row.output[:-1]),
        number=unit.row.index,
    )
    return Card(list(_lines(unit, read)), name_of(unit.row), where)


def _lines(unit: Unit, read: ReadPixels) -> Iterator[Line]:
    """Yield the field of a unit along each axis, and what of it is read."""
    sizes = unit.seen[:-1]
    for axis, (side, size) in enumerate(zip(unit.sides, sizes, strict=True)):
        name = axis_name(axis, len(sizes))
        if side is None:
            yield name, _("nothing"), [_("the layer leaves this unit between its taps")]
            continue
        yield name, ends_of(side), _said(side, read.runs(axis), size)


def _said(side: Run, runs: Sequence[Run], size: int) -> list[str]:
    """Return what of a field is read, where that is not all of it."""
    inside = max(side[0], 0), min(side[1], size - 1)
    if inside[0] > inside[1]:
        return [_("all of it beyond the border")]
    if not runs:
        return [_("none of it is read, padding alone")]
    if len(runs) > MOST_LISTED:
        ends = ends_of((runs[0][0], runs[-1][1]))
        return [_("reads {pixels}, in {count} runs", pixels=ends, count=f"{len(runs):,}")]
    if runs != (inside,):
        listed = (ends_of(run) if run[0] < run[1] else str(run[0]) for run in runs)
        return [_("reads {pixels}", pixels=", ".join(listed))]
    if inside == side:
        return []
    said = _("clipped to {pixels}", pixels=ends_of(inside))
    if before := inside[0] - side[0]:
        said += _(", {pixels} before the input", pixels=plural(before, "pixel"))
    if behind := side[1] - inside[1]:
        said += _(", {pixels} behind it", pixels=plural(behind, "pixel"))
    return [said]


def ends_of(run: Run) -> str:
    """Return how the first and last of a run of pixels are written."""
    return f"{run[0]}..{run[1]}"
