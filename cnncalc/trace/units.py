"""One output unit, and its field on the input.

unit = number { "," number }       one for each spatial axis; x reads as a comma
"""

from __future__ import annotations

import re
from operator import ge
from typing import TYPE_CHECKING, TypeVar

from cnncalc.kinds.volumes import axis_name, times
from cnncalc.numbers.digits import read_whole
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Span, plural
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.volumes import Volume
    from cnncalc.speech.problem import Source
    from cnncalc.trace.rows import Row

Drawn = TypeVar("Drawn")
_PARTS = re.compile(r"(?:^|(?<=[,x×]))[^,x×]*", re.IGNORECASE)


class Unit(NamedTuple):
    """A unit of a row by its place, and its field: first and last pixel along each axis.

    None where a transposed conv leaves it nothing to read; what of a field is really read,
    `read_pixels` finds.
    """

    row: Row
    place: tuple[int, ...]
    sides: tuple[tuple[int, int] | None, ...]

    @property
    def seen(self) -> Volume:
        """The input that it sees."""
        return self.row.seen[1] if self.row.seen else self.row.input

    @property
    def text(self) -> str:
        """The place as it is typed."""
        return ",".join(map(str, self.place))


def unit_of(row: Row, place: tuple[int, ...] | None = None) -> Unit:
    """Return a unit of a row: the one in the middle, if no place is given."""
    place = place or tuple(size // 2 for size in row.output[:-1])
    return Unit(row, place, tuple(row.window(axis, unit) for axis, unit in enumerate(place)))


def unit_about(unit: Unit, row: Row) -> Unit:
    """Return the unit of a row that is centred nearest to where another one is."""
    place = []
    for axis, (side, size, jump) in enumerate(
        zip(unit.sides, row.output[:-1], row.jump, strict=True)
    ):
        first = row.window(axis, 0)
        nearest = size // 2
        if side and first:
            nearest = int((sum(side) - sum(first) + jump) // (2 * jump))
        place.append(min(max(nearest, 0), size - 1))
    return unit_of(row, tuple(place))


def read_unit(source: Source, row: Row) -> Unit:
    """Return the unit of a row that a text names; a `Problem` where there is none such."""
    sizes = row.output[:-1]
    parts = list(_PARTS.finditer(source.text))
    whole = Span(source, 0, len(source.text))
    sample = ",".join(str(size // 2) for size in sizes)
    if not all(re.fullmatch(r"\s*[0-9]+\s*", part[0]) for part in parts):
        raise Problem(
            "unit-malformed",
            _("a unit is a whole number for each axis"),
            [Label(whole)],
            helps=[_("as in '{sample}'", sample=sample)],
        )
    if len(parts) != len(sizes):
        raise Problem(
            "axes-do-not-match",
            _(
                "the unit names {axes}, and the map has {rank}",
                axes=plural(len(parts), "axis", "axes"),
                rank=len(sizes),
            ),
            [Label(whole, _("a unit of a {size} map", size=times(sizes)))],
            helps=[_("as in '{sample}'", sample=sample)],
        )
    place = tuple(read_whole(part[0].strip(), Span(source, *part.span())) for part in parts)
    for axis, (unit, size) in enumerate(zip(place, sizes, strict=True)):
        if unit >= size:
            name = axis_name(axis, len(sizes))
            right = ",".join(
                str(min(*each)) for each in zip(place, (s - 1 for s in sizes), strict=True)
            )
            raise Problem(
                "unit-out-of-range",
                _("the map has no unit {unit} along its {axis}", unit=unit, axis=name),
                [
                    Label(
                        Span(source, *parts[axis].span()),
                        _("units go from 0 to {last}", last=size - 1),
                    )
                ],
                helps=[_("the nearest is '{unit}'", unit=right)],
                fix=Fix(whole, right),
            )
    return unit_of(row, place)


def growing(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the main path whose fields are larger than all before them."""
    grown: list[Row] = []
    for row in rows:
        if row.index and isinstance(row.rf, tuple) and row.rf and not row.aux:
            before = grown[-1].rf if grown else (1,) * len(row.rf)
            if row.rf != before and all(map(ge, row.rf, before)):
                grown.append(row)
    return grown


def some(rows: Sequence[Drawn], most: int) -> list[Drawn]:
    """Return so many rows at most, the first and the last and between them at even steps."""
    if len(rows) <= most:
        return list(rows)
    return [rows[turn * (len(rows) - 1) // (most - 1)] for turn in range(most)]
