"""What one unit reads along each axis, as rows under columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.volumes import AXES
from cnncalc.report.asked import beside
from cnncalc.report.fields import name_of
from cnncalc.report.listing import Column, Listing
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import in_order
from cnncalc.trace.effective_field import deviation, holding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.report.report import Report
    from cnncalc.trace.effective_field import Weights
    from cnncalc.trace.read_pixels import ReadPixels
    from cnncalc.trace.units import Unit


def listed_unit(
    report: Report, unit: Unit, read: ReadPixels, weights: Sequence[Weights]
) -> Listing:
    """Return what a unit reads, a row for each axis, and what each pixel weighs."""
    sizes = unit.seen[:-1]
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
    size = in_order(QUANTITIES["output"], unit.seen, channels_first=report.settings.channels_first)
    head = {
        "network": report.text,
        **beside(report.settings),
        "input": size,
        "row": unit.row.index,
        "layer": name_of(unit.row),
    }
    told = {"warnings": report.warnings, "notes": report.notes}
    return Listing(
        "axes", columns, rows, [Column(name, name) for name in names], head=head, told=told
    )
