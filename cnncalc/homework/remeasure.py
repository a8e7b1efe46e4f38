"""What layers measure in other ways, worked out once for those that are alike.

A way is gone at every layer, each measured in it, or at rows of some numbers, in place of what they
are measured to be.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import (
    changed_layer,
    changed_measure,
    input_with,
    measured_changed,
    measured_with,
)
from cnncalc.kinds import receptive_field
from cnncalc.kinds.receptive_field import OWN
from cnncalc.kinds.volumes import are_whole
from cnncalc.notation.tree import Layer
from cnncalc.numbers.lettered import is_large
from cnncalc.numbers.working import are_numbers
from cnncalc.speech.problem import Problem
from cnncalc.trace.layers import measured
from cnncalc.trace.rewalk import Others, Otherwise
from cnncalc.trace.sharing import without_weights
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Sequence

    from cnncalc.homework.variations import Together
    from cnncalc.homework.workings import Measuring, MeasuringOf
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.rows import Row
    from cnncalc.trace.trace import Instead


class Alike(NamedTuple):
    """A layer, what comes in to it, what it does as it is, and the rows that are the same.

    `first` is the place of the first of those that are as it is but for how they are typed.
    """

    layer: Layer
    volume: Volume
    own: Measure
    rows: list[Row]
    first: int


class AlikeLayers:
    """The layers of rows, those together that are typed alike and have the same come in.

    Some have the weights of others where they are `shared`.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self.is_shared = any(row.shared is not None for row in rows)

    @cached_property
    def each(self) -> list[Alike]:
        """Each of them once."""
        alike: dict[tuple[object, ...], list[Row]] = {}
        for row in self._rows:
            if isinstance(row.node, Layer):
                span = row.node.span
                text = span.source.text[span.start : span.end]
                key = (row.node.kind.name, row.node.values, row.input)
                alike.setdefault((key, text), []).append(row)
        firsts: dict[object, int] = {}
        found: list[Alike] = []
        for place, ((same, _text), rows) in enumerate(alike.items()):
            layer, volume = rows[0].node, rows[0].input
            assert isinstance(layer, Layer)  # noqa: S101 - no others are kept
            first = firsts.setdefault(same, place)
            found.append(Alike(layer, volume, measured(layer, volume), rows, first))
        return found


class InWays:
    """The layers of a network in ways of some names; what they do is kept."""

    def __init__(self, together: Together, layers: AlikeLayers) -> None:
        self.together = together
        self.ways = together.ways
        self._alike = layers
        self._found: list[tuple[Alike, Measure | Problem]] | None = None
        self._on_others: list[tuple[Alike, Measure | Problem]] | None = None
        self._changed_rows: list[int] | None = None

    def measure(self, layer: Layer, volume: Volume) -> Measure:
        """Measure a layer in these ways, once for all that are like it."""
        return self._once((layer.kind.name, layer.values, volume), layer, volume)

    def _once(self, key: tuple[object, ...], layer: Layer, volume: Volume) -> Measure:
        if not are_whole(volume):  # a fraction equals a whole number
            return measured_with(self.ways, layer, volume)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = layer, self._measured(layer, volume)
        found = known[1]
        if isinstance(found, Problem):
            raise found.with_traceback(None)
        return found

    def _measured(
        self, layer: Layer, volume: Volume, own: Measure | None = None
    ) -> Measure | Problem:
        """Return what a layer does in these ways, or its fault; its `own` may be known."""
        together = self.together
        is_other = not together.kinds or layer.kind.name in together.kinds
        changed = self._changed(layer) if together.of_layers and is_other else layer
        try:
            if together.reads or changed is not layer or own is None:
                return measured_changed(self.ways, changed, volume)
            return changed_measure(together.measures if is_other else (), own, layer, volume)
        except Problem as problem:
            return problem

    def _changed(self, layer: Layer) -> Layer:
        """Return a layer that is changed; itself where it comes to the same."""
        changed = changed_layer(self.ways, layer)
        is_same = changed.kind is layer.kind and changed.values == layer.values
        return layer if is_same else changed

    def _on_alike(self) -> list[tuple[Alike, Measure | Problem]]:
        """Return what each of the layers that are alike does."""
        if self._found is None:
            self._found = [
                (each, self._measured(each.layer, each.volume, each.own))
                for each in self._alike.each
            ]
        return self._found

    @cached_property
    def _known(self) -> dict[tuple[object, ...], tuple[Layer, Measure | Problem]]:
        """What was measured: of layers by their identities, and of those that are as they are.

        The layers stand beside it: the identity of one that is gone may be another's.
        """
        known: dict[tuple[object, ...], tuple[Layer, Measure | Problem]] = {}
        found = self._on_alike()
        for each, other in found:
            layer, first = each.layer, found[each.first][1]
            known[id(layer), each.volume] = layer, other
            known[layer.kind.name, layer.values, each.volume] = layer, first
        return known

    def on_changed(self) -> list[tuple[Alike, Measure | Problem]]:
        """Return what those do that do something else, or to something else."""
        if self._on_others is None:
            self._on_others, own = [], self._on_alike()
            for each, _other in own:
                found = own[each.first][1]
                is_same = found is each.own or found == each.own
                if not is_same or (self.together.reads and self._changes_input(each)):
                    self._on_others.append((each, found))
        return self._on_others

    def changed(self) -> list[int]:
        """Return the numbers of the rows that are others where these ways are gone at them."""
        if self._changed_rows is None:
            self._changed_rows = sorted(
                [
                    row.index
                    for each, found in self._on_alike()
                    if not isinstance(found, Problem)
                    for row in each.rows
                    if row.measure is not found and row.measure != found
                ]
            )
        return self._changed_rows

    # ------------------------------------------------------------ the rows that are others

    def everywhere(self) -> Otherwise:
        """Return how rows are others where these ways are gone at every layer."""
        numbers = {row.index for each, _found in self.on_changed() for row in each.rows}
        if self.together.reads:
            return Otherwise(numbers, change=self.change, everywhere=True)
        return Otherwise(numbers, measure=self.measure)

    def _changes_input(self, each: Alike) -> bool:
        return input_with(self.ways, each.layer, each.volume) != each.volume

    def at(self, numbers: Collection[int]) -> Otherwise:
        """Return how rows are others where they are gone at rows of some numbers alone."""
        return Otherwise(numbers, change=self.change)

    def change(self, row: Row, before: Field) -> Row:
        """Return a row measured in these ways, of what sees a field."""
        layer: Any = row.node
        volume = input_with(self.ways, layer, row.input) if self.together.reads else row.input
        measure = self._once((id(layer), row.input), layer, row.input)
        if row.shared is not None:
            measure = without_weights(measure)
        field = row.field if measure.reach == row.measure.reach else field_through(before, measure)
        return row._replace(input=volume, measure=measure, field=field)

    def counted(self, instead: Instead | None) -> Others | None:
        """Return the rows that are others in their counts alone; None where more of one is."""
        if self._alike.is_shared:
            return None
        others: dict[int, Row] = {}
        for each, found in self.on_changed():
            if self.together.reads and self._changes_input(each):
                return None
            if isinstance(found, Problem) or not _is_of_counts(found, each.own):
                return None
            if instead and any(instead(row) is not row for row in each.rows):
                return None
            others.update((row.index, row._replace(measure=found)) for row in each.rows)
        return Others(others)

    def measuring(self, numbers: Container[int] | None = None) -> MeasuringOf:
        """Return how the rows of some numbers, or all, were measured, once all had come in."""

        def of(row: Row) -> Measuring:
            if numbers is not None and row.index not in numbers:
                return measured
            ways = [way._replace(change_input=None) for way in self.ways]
            return lambda layer, volume: measured_with(ways, layer, volume)

        return of


def _is_of_counts(found: Measure, own: Measure) -> bool:
    """Return whether what a layer does otherwise is to have other counts, and no more."""
    if found[:2] != own[:2] or found[6:8] != own[6:8]:  # an output, a reach, what windows leave
        return False
    params, macs = found.params, found.macs
    if bool(params) != bool(own.params) or bool(macs) != bool(own.macs):
        return False
    return are_numbers(params, macs) and not (is_large(params) or is_large(2 * macs))


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


def field_through(field: Field, measure: Measure) -> Field:
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
