"""How one unit is printed: what it reads along each axis, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.cli.fields import name_of
from cnncalc.kinds.volumes import AXES, axis_name, times
from cnncalc.report.listing import Column, Listing
from cnncalc.report.quantities import QUANTITIES, in_order
from cnncalc.speech.language import _
from cnncalc.speech.problem import plural
from cnncalc.trace.effective_field import deviation, holding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.output.table import Line, Style
    from cnncalc.report.report import Report
    from cnncalc.trace.effective_field import Weights
    from cnncalc.trace.read_pixels import ReadPixels, Run
    from cnncalc.trace.units import Unit


MOST_LISTED = 5  # runs that a line has


def listed_unit(
    report: Report, unit: Unit, read: ReadPixels, weights: Sequence[Weights]
) -> Listing:
    """Return what a unit reads, a row for each axis, and what each pixel weighs."""
    sizes = report.input[:-1]
    ends = ("first", "last", "inside-first", "inside-last")
    columns = [Column("axis", "axis"), *(Column(each, each, "number") for each in ("unit", *ends))]
    names = ["axis", "unit", "pixels", "inside", "read"]
    if weights:
        columns += [Column(each, each, "number") for each in ("held-first", "held-last")]
        columns.append(Column("deviation", "deviation", "ratio"))
        names += ["weights", "of", "exact", "held", "deviation"]
    rows: list[dict[str, Any]] = []
    for axis, (place, side) in enumerate(zip(unit.place, unit.sides, strict=True)):
        inside = read.ends(axis)
        pairs = (*(side or (None, None)), *(inside or (None, None)))
        row: dict[str, Any] = {
            "axis": AXES[len(sizes)][axis] if len(sizes) in AXES else str(axis),
            "unit": place,
        }
        row |= {"pixels": side, "inside": inside, "read": read.runs(axis)}
        rows.append({**row, **dict(zip(ends, pairs, strict=True))})
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
    size = in_order(
        QUANTITIES["output"], report.input, channels_first=report.settings.channels_first
    )
    head = {
        "network": report.text,
        "input": size,
        "row": unit.row.index,
        "layer": name_of(unit.row),
    }
    tail = {
        name: [each.as_data() for each in found]
        for name, found in (("warnings", report.warnings), ("notes", report.notes))
    }
    return Listing(
        "axes", columns, rows, [Column(name, name) for name in names], head=head, tail=tail
    )


def draw_unit(report: Report, unit: Unit, read: ReadPixels, looks: Style) -> str:
    """Return which unit this is, and what it reads along each axis."""
    from cnncalc.output import table

    where = _(
        "unit {unit} of {size}, row {number}",
        unit=unit.text,
        size=times(unit.row.output[:-1]),
        number=unit.row.index,
    )
    return table.draw_facts(name_of(unit.row), where, list(_lines(report, unit, read)), looks)


def _lines(report: Report, unit: Unit, read: ReadPixels) -> Iterator[Line]:
    """Yield the field of a unit along each axis, and what of it is read."""
    sizes = report.input[:-1]
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
