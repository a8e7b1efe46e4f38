"""What layers measure in other ways, worked out once for those that are alike.

A way is gone at every layer, each measured in it, or at rows of some numbers, in place of what they
are measured to be.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import changed_layer, input_with, measured_changed, measured_with
from cnncalc.kinds import receptive_field
from cnncalc.kinds.receptive_field import OWN
from cnncalc.kinds.volumes import are_whole
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import are_numbers
from cnncalc.speech.problem import Problem
from cnncalc.trace.layers import measured, refuse_large
from cnncalc.trace.rewalk import Others, Otherwise
from cnncalc.trace.sharing import without_weights

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Sequence

    from cnncalc.homework.variations import Variation
    from cnncalc.homework.workings import Measuring, MeasuringOf
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.speech.problem import Span
    from cnncalc.trace.rows import Row
    from cnncalc.trace.trace import Instead


class AlikeLayers:
    """The layers of rows, those together that are typed alike and have the same come in.

    Some have the weights of others where they are `shared`.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows: dict[tuple[object, ...], list[Row]] = {}
        for row in rows:
            if isinstance(row.node, Layer):
                span = row.node.span
                text = span.source.text[span.start : span.end]
                key = (row.node.kind.name, row.node.values, row.input, text)
                self._rows.setdefault(key, []).append(row)
        self.is_shared = any(row.shared is not None for row in rows)

    @cached_property
    def each(self) -> list[tuple[Layer, Volume, Measure, list[Row]]]:
        """Each layer, what comes in to it, what it does as it is, and its rows."""
        own: Any = [(rows[0].node, rows[0].input, rows) for rows in self._rows.values()]
        return [(layer, volume, measured(layer, volume), rows) for layer, volume, rows in own]


class InWays:
    """The layers of a network in some ways; what they do is kept."""

    def __init__(self, ways: Sequence[Variation], layers: AlikeLayers) -> None:
        self.ways = ways
        self._reads = any(way.change_input for way in ways)
        self._measures = [way.change_measure for way in ways if way.change_measure]
        self._alike = layers
        self._layers: dict[int, tuple[Layer, Layer]] = {}
        self._known: dict[tuple[object, ...], Measure | Problem] = {}

    def measure(self, layer: Layer, volume: Volume) -> Measure:
        """Measure a layer in these ways, once for all that are like it."""
        return self._once((layer.kind.name, layer.values, volume), layer, volume)

    def _once(self, key: tuple[object, ...], layer: Layer, volume: Volume) -> Measure:
        if not are_whole(volume):  # a fraction equals a whole number
            return measured_with(self.ways, layer, volume)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._measured(layer, volume)
        if isinstance(found, Problem):
            raise found.with_traceback(None)
        return found

    def _measured(
        self, layer: Layer, volume: Volume, own: Measure | None = None
    ) -> Measure | Problem:
        """Return what a layer does in these ways, or its fault; its `own` may be known."""
        known = self._layers.get(id(layer))
        if known is None:
            known = self._layers[id(layer)] = layer, changed_layer(self.ways, layer)
        changed = known[1]
        if changed is not layer and changed.kind is layer.kind and changed.values == layer.values:
            self._layers[id(layer)] = layer, layer
            changed = layer
        try:
            if self._reads or changed is not layer or own is None:
                return measured_changed(self.ways, changed, volume)
            for change in self._measures:
                own = change(own, layer, volume)
        except Problem as problem:
            return problem
        return own

    @cached_property
    def _on_alike(self) -> list[Measure | Problem]:
        """What each of the layers that are alike does."""
        found = []
        for layer, volume, own, _rows in self._alike.each:
            found.append(self._measured(layer, volume, own))
            self._known[id(layer), volume] = found[-1]
            self._known.setdefault((layer.kind.name, layer.values, volume), found[-1])
        return found

    @cached_property
    def _at(self) -> dict[int, tuple[Volume, Measure | Problem]]:
        """What comes in to each row that is not as it was, and what is measured there."""
        at = {}
        for (_layer, volume, own, rows), found in zip(
            self._alike.each, self._on_alike, strict=True
        ):
            for row in rows:
                if found is not own or row.measure is not own:
                    at[row.index] = volume, found
        return at

    # ------------------------------------------------------------ the rows that are others

    def everywhere(self) -> Otherwise:
        """Return how rows are others where these ways are gone at every layer."""
        numbers = [row.index for rows in self._changed_rows() for row in rows]
        if self._reads:
            return Otherwise({*numbers}, change=self.change, everywhere=True)
        return Otherwise({*numbers}, measure=self.measure)

    def _changed_rows(self) -> Iterator[list[Row]]:
        for (layer, volume, own, rows), _at in zip(self._alike.each, self._on_alike, strict=True):
            found = self._known[layer.kind.name, layer.values, volume]
            is_same = found is own or found == own
            if not is_same or (self._reads and input_with(self.ways, layer, volume) != volume):
                yield rows

    def changes(self, row: Row) -> bool:
        """Return whether these ways change a row."""
        _volume, found = self._at.get(row.index, ((), row.measure))
        return not isinstance(found, Problem) and found is not row.measure and found != row.measure

    def at(self, numbers: Collection[int]) -> Otherwise:
        """Return how rows are others where they are gone at rows of some numbers alone."""
        return Otherwise(numbers, change=self.change)

    def change(self, row: Row, before: Field) -> Row:
        """Return a row measured in these ways, of what sees a field."""
        layer: Any = row.node
        volume = input_with(self.ways, layer, row.input) if self._reads else row.input
        measure = self._once((id(layer), row.input), layer, row.input)
        if row.shared is not None:
            measure = without_weights(measure)
        field = row.field if measure.reach == row.measure.reach else seen(before, measure)
        return row._replace(input=volume, measure=measure, field=field)

    def counted(self, instead: Instead | None) -> Others | None:
        """Return the rows that are others in their counts alone; None where more of one is."""
        if self._alike.is_shared:
            return None
        others: dict[int, Row] = {}
        for (layer, volume, own, rows), _at in zip(self._alike.each, self._on_alike, strict=True):
            found = self._known[layer.kind.name, layer.values, volume]
            if self._reads and input_with(self.ways, layer, volume) != volume:
                return None
            if found is own or found == own:
                continue
            if isinstance(found, Problem) or not _is_of_counts(found, own, layer.span):
                return None
            if instead and any(instead(row) is not row for row in rows):
                return None
            others.update((row.index, row._replace(measure=found)) for row in rows)
        return Others(others)

    def measuring(self, numbers: Container[int] | None = None) -> MeasuringOf:
        """Return how the rows of some numbers, or all, were measured, once all had come in."""
        ways = [way._replace(change_input=None) for way in self.ways]

        def of(row: Row) -> Measuring:
            if numbers is not None and row.index not in numbers:
                return measured
            return lambda layer, volume: measured_with(ways, layer, volume)

        return of


def _is_of_counts(found: Measure, own: Measure, span: Span) -> bool:
    """Return whether what a layer does otherwise is to have other counts, and no more."""
    try:
        refuse_large(found, span)
    except Problem:
        return False
    goes_on = [(each.output, each.reach, each.unread, each.ragged) for each in (found, own)]
    counts = [(bool(each.params), bool(each.macs)) for each in (found, own)]
    is_same = goes_on[0] == goes_on[1] and counts[0] == counts[1]
    return is_same and are_numbers(found.params, found.macs)


class InPlace:
    """What stands in place of each row of a trace where some are others; rows come in order.

    What stands there `instead` of a row comes last: a student's own numbers.
    """

    def __init__(self, how: Otherwise, instead: Instead | None = None) -> None:
        self._how, self._instead = how, instead
        self._fields: dict[int, Any] = {}

    def __call__(self, row: Row) -> Row:
        """Return what stands in place of a row."""
        if self._how.change and isinstance(row.node, Layer) and self._how.is_made_at(row.index):
            before = self._fields.get(
                row.inputs[0] if row.inputs else 0, ((1, 1, 0),) * (len(row.input) - 1)
            )
            row = self._how.change(row, before)
        self._fields[row.index] = row.field
        return self._instead(row) if self._instead else row


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
