"""Rows measured in other ways where they stand, of which sizes, counts and fields go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import input_with, measured_with
from cnncalc.kinds import receptive_field
from cnncalc.kinds.receptive_field import OWN
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import are_numbers
from cnncalc.speech.problem import Problem
from cnncalc.trace.layers import measured, refuse_large
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


def remeasured(
    ways: Sequence[Variation],
    rows: Sequence[Row],
    instead: Instead | None = None,
    right: dict[tuple[object, ...], Measure] | None = None,
) -> Sequence[Row] | None:
    """Return the rows of a whole network, measured in some ways, where they give no other sizes.

    None where what goes on from a layer is another, or may be refused: the network is to be traced.
    What layers measure as they are is kept in `right`, for other ways to come.
    """
    right = {} if right is None else right
    known: dict[tuple[object, ...], Measure | None] = {}
    found: list[Row] = []
    for row in rows:
        layer, measure = row.node, row.measure
        if isinstance(layer, Layer):
            key = (layer.kind.name, layer.values, row.input)
            if key not in right:
                right[key] = measured(layer, row.input)
            if key not in known:
                known[key] = _counted_otherwise(ways, layer, row.input, right[key])
            other = known[key]
            if other is None or (row.shared is not None and other is not measure):
                return None
            if other is not measure and other != right[key]:
                if instead and instead(row) is not row:
                    return None
                measure = other
        found.append(row if measure is row.measure else row._replace(measure=measure))
    return found


def _counted_otherwise(
    ways: Sequence[Variation], layer: Layer, volume: Volume, right: Measure
) -> Measure | None:
    """Return the measure of a layer in some ways, if it is another in its counts alone."""
    try:
        found = measured_with(ways, layer, volume)
        refuse_large(found, layer.span)
    except Problem:
        return None
    goes_on = [(each.output, each.reach, each.unread, each.ragged) for each in (found, right)]
    counts = [(bool(each.params), bool(each.macs)) for each in (found, right)]
    is_same = goes_on[0] == goes_on[1] and counts[0] == counts[1]
    if not is_same or input_with(ways, layer, volume) != volume:
        return None
    return found if found == right or are_numbers(found.params, found.macs) else None


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
