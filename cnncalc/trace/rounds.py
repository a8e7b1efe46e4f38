"""Rounds of a repeat that are alike: each has the rows of the one before, moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.trace.rows import Place, Row
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.kinds.receptive_field import Field

LARGE = 10**50  # pixels, far from what is refused


class RoundStep(NamedTuple):
    """What a round adds to those before it: rows, rounds and calls, brackets; to depth and field.

    The field grows by a size and a start along each axis.
    """

    rows: int
    rounds: int
    serials: int
    longest: tuple[int, int]
    field: tuple[tuple[int, int], ...]

    def field_after(self, field: Field, times: int) -> Field:
        """Return a field so many rounds later."""
        if not field or isinstance(field, str):
            return field
        axes: Any = field  # none of them in phases
        moved: list[Any] = []
        for axis, by in zip(axes, self.field, strict=True):
            if moved and axis is field[0] and by == self.field[0]:
                moved.append(moved[0])
                continue
            size, jump, start = axis
            moved.append((size + times * by[0], jump, start + times * by[1]))
        return tuple(moved)

    def longest_after(self, longest: tuple[int, int], times: int) -> tuple[int, int]:
        """Return the depth of a path so many rounds later."""
        return longest[0] + times * self.longest[0], longest[1] + times * self.longest[1]


class AlikeRounds(NamedTuple):
    """The `times` that a round comes once more: its `parts`, and what each adds.

    A repeat inside it may be `AlikeRounds` of their own. Of the places around its rows that of the
    repeat itself is behind `around` others.
    """

    parts: Sequence[Row | AlikeRounds]
    times: int
    step: RoundStep
    around: int

    def rows(self, turns: Iterable[int] | None = None) -> Iterator[Row]:
        """Yield the rows, round by round, of all rounds or of some: they are counted from 1."""
        for turn in range(1, self.times + 1) if turns is None else turns:
            last = None
            for row in rows_of(self.parts):
                if last is None or row.places is not last.places:
                    places = self._places_after(row.places, turn)
                if last is None or row.field is not last.field:
                    field = self.step.field_after(row.field, turn)
                last = row
                yield self._after(row, turn, places, field)

    def each(self) -> Iterator[tuple[Row, int]]:
        """Yield the rows of one round, and how often each comes."""
        for part in self.parts:
            if isinstance(part, Row):
                yield part, self.times
            else:
                for row, times in part.each():
                    yield row, times * self.times

    def _places_after(self, places: tuple[Place, ...], turn: int) -> tuple[Place, ...]:
        """Return the places around a row so many rounds later."""
        how, number, of, own, *_rest = places[self.around]
        after = [*places[: self.around], Place(how, number + turn, of, own)]
        further = turn * self.step.serials
        for how, number, of, serial, node, label in places[self.around + 1 :]:
            after.append(Place(how, number, of, serial + further, node, label))
        return tuple(after)

    def _after(self, row: Row, turn: int, places: tuple[Place, ...], field: Field) -> Row:
        """Return a row so many rounds later."""
        index, label, node, volume, measure, _field, inputs, _in, aux, forward, longest = row[:11]
        rest: Any = row[11:]
        further = turn * self.step.rows
        return Row(
            index + further,
            label,
            node,
            volume,
            measure,
            field,
            tuple([each + further for each in inputs]),
            places,
            aux,
            forward,
            self.step.longest_after(longest, turn),
            *rest,
        )


def rows_of(parts: Iterable[Row | AlikeRounds]) -> Iterator[Row]:
    """Yield each row of what a trace handed on."""
    for part in parts:
        if isinstance(part, Row):
            yield part
        else:
            yield from part.rows()


def is_large_field(field: Any) -> bool:
    """Return whether a field has numbers that come near to those that are refused."""
    if not isinstance(field, tuple):
        return False
    return any(abs(part) > LARGE for axis in field for part in axis if type(part) is int)
