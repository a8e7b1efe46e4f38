"""Rows measured in other ways where they stand, of which sizes, counts and fields go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import input_with, measured_with
from cnncalc.kinds import receptive_field
from cnncalc.kinds.receptive_field import OWN
from cnncalc.notation.tree import Layer
from cnncalc.trace.rows import measured
from cnncalc.trace.sharing import without_weights

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from cnncalc.homework.variations import Variation
    from cnncalc.homework.workings import Measuring
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.rows import Row
    from cnncalc.trace.trace import Instead


class Remeasure:
    """Puts rows that are measured in some ways in place of those of some numbers.

    What stands there `instead` of a row comes last: a student's own numbers.
    """

    def __init__(
        self, ways: Sequence[Variation], numbers: Container[int], instead: Instead | None = None
    ) -> None:
        self.ways = ways
        self.numbers = numbers
        self.instead = instead
        self._fields: dict[int, Any] = {}

    def __call__(self, row: Row) -> Row:
        """Return what stands in place of a row; rows come in order."""
        if row.index in self.numbers and isinstance(row.node, Layer):
            volume = input_with(self.ways, row.node, row.input)
            measure = measured_with(self.ways, row.node, row.input)
            if row.shared is not None:
                measure = without_weights(measure)
            before = self._fields.get(
                row.inputs[0] if row.inputs else 0, ((1, 1, 0),) * (len(row.input) - 1)
            )
            field = row.field if measure.reach == row.measure.reach else seen(before, measure)
            row = row._replace(input=volume, measure=measure, field=field)
        self._fields[row.index] = row.field
        return self.instead(row) if self.instead else row

    def measure(self, layer: Layer, volume: Volume) -> Measure:
        """Measure a layer in these ways."""
        return measured_with(self.ways, layer, volume)

    def measuring(self, row: Row) -> Measuring:
        """Return how a row that stands here was measured, what came in to it being changed."""
        if row.index not in self.numbers:
            return measured
        ways = [way._replace(change_input=None) for way in self.ways]
        return lambda layer, volume: measured_with(ways, layer, volume)


def seen(field: Field, measure: Measure) -> Field:
    """Return the field of what sees a field through what was measured."""
    if measure.reach == OWN or not isinstance(field, tuple):
        return field
    if not isinstance(measure.reach, tuple) or len(measure.reach) != len(field):
        return measure.reach if measure.reach == "all" else None
    axes = [
        receptive_field.through(axis, reach)
        for axis, reach in zip(field, measure.reach, strict=True)
    ]
    return None if None in axes else tuple(axes)  # type: ignore[arg-type]
