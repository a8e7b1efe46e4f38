"""Rows gone through again from the first that is another, each only where what it reads is another.

What comes out is that of a trace from the beginning; where something else would be decided on the
way, or where too much stands together to tell, there is none, and the network is to be traced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.measure import Measure
from cnncalc.kinds.receptive_field import OWN
from cnncalc.kinds.volumes import are_whole
from cnncalc.notation.tree import Join, Layer
from cnncalc.numbers.working import are_numbers
from cnncalc.speech.problem import Problem
from cnncalc.trace.fields import MOST_PHASE_WORK, FieldTrace
from cnncalc.trace.flow import Flow
from cnncalc.trace.joins import volumes_joined
from cnncalc.trace.layers import measured, refuse_large
from cnncalc.trace.ledger import hold
from cnncalc.trace.planners import PLANNERS
from cnncalc.trace.rounds import is_large_field
from cnncalc.trace.rows import Row
from cnncalc.trace.warnings import does_not_tile
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.course import Course
    from cnncalc.trace.memory import Pass
    from cnncalc.trace.settings import Settings


class Otherwise(NamedTuple):
    """How rows are others: every layer is measured in a way, or rows of some numbers are changed.

    `measure` stands in place of the kinds' formulas, and makes a difference at the `numbers` where
    as much comes in to them as did. `change` makes another row of each of these, once it is
    measured as it is, and of the field before it; of each layer where it is made `everywhere`. Of
    an input it makes another input.
    """

    numbers: Collection[int]
    measure: Callable[[Layer, Volume], Measure] | None = None
    change: Callable[[Row, Field], Row] | None = None
    everywhere: bool = False

    def is_made_at(self, number: int) -> bool:
        """Return whether the layer of a number is changed."""
        return self.everywhere or number in self.numbers


class Others(NamedTuple):
    """The rows that are others, by their numbers, and the number at which a fault ends them all."""

    rows: dict[int, Row]
    end: int | None = None


class Rewalk:
    """Goes through the rows of a whole network again; what rows come to is kept.

    `instead` gives the row that stands and goes on in place of each, as in the first walk.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        course: Course,
        settings: Settings,
        instead: Callable[[Row], Row] | None = None,
    ) -> None:
        self.rows, self._course, self._settings, self._instead = rows, course, settings, instead
        self.is_possible = course.is_known and not settings.freeze and _are_plain(rows)
        self._volumes = [row.measure.output for row in rows]
        self._reads = [(*row.inputs, *_before(row, course)) for row in rows]
        self._known: list[dict[tuple[Volume, ...], Row | Problem]] = [{} for _row in rows]

    def others(self, how: Otherwise, *, with_fields: bool = False) -> Others | None:
        """Return the rows that are others, up to a fault; None where the network is to be traced.

        Their fields are those that they had, unless they are asked for.
        """
        walk = _Stand(self._volumes, FieldTrace(_pass_over) if with_fields else None)
        if walk.fields:
            walk.fields.phase_work = self._course.phase_work
        rows, reads, numbers, moved = self.rows, self._reads, how.numbers, walk.moved
        found: dict[int, Row] = {}
        for index in range(min(numbers, default=len(rows)), len(rows)):
            if index not in numbers and moved.isdisjoint(reads[index]):
                continue
            try:
                row = self._other(rows[index], how, walk)
            except Problem:
                return Others(found, index)
            found[index] = self._instead(row) if self._instead else row
            if not self._goes_on(found[index], walk):
                return None
        if walk.fields and walk.fields.phase_work > MOST_PHASE_WORK:
            return None
        return Others(found)

    def _other(self, row: Row, how: Otherwise, walk: _Stand) -> Row:
        """Return a row on what comes in to it now."""
        index, node = row.index, row.node
        if node is None:
            return how.change(row, row.field) if how.change else row
        layer: Any = walk.layers.get(index, node) if walk.layers else node
        if how.measure and isinstance(node, Layer):
            volume = walk.volumes[row.inputs[0]]
            measure = self._fitting(layer, how.measure(layer, volume))
            found = _on(row, layer, volume, (volume,), measure)
        elif walk.is_exact and layer is node:
            key = tuple([walk.volumes[each] for each in self._reads[index]])
            known = self._known[index]
            kept = known.get(key)
            if kept is None:
                try:
                    kept = self._measured(row, node, walk)
                except Problem as problem:
                    kept = problem
                known[key] = kept
            if isinstance(kept, Problem):
                raise kept.with_traceback(None)
            found = kept
        else:
            found = self._measured(row, layer, walk)
        if walk.fields:
            found = found._replace(field=self._field(row, layer, found.measure, walk))
        if how.change and isinstance(node, Layer) and how.is_made_at(index):
            return how.change(found, self._flow(row.inputs[0], walk).field)
        return found

    def _measured(self, row: Row, node: Any, walk: _Stand) -> Row:
        """Return a row as it is measured on what comes in to it now."""
        volume = walk.volumes[self._reads[row.index][-1]]
        if isinstance(node, Layer):
            return _on(row, node, volume, (volume,), self._fitting(node, measured(node, volume)))
        if not isinstance(node, Join):
            return _on(row, node, volume, (volume,), Measure(volume, OWN))
        volumes = [walk.volumes[each] for each in row.inputs]
        first = self._settings.channels_first
        measure = volumes_joined(node, volumes, channels_first=first)
        return _on(row, node, volume, tuple(volumes), measure)

    def _fitting(self, layer: Layer, measure: Measure) -> Measure:
        """Return what a layer does, where that is not refused."""
        refuse_large(measure, layer.span)
        if measure.ragged and self._settings.strict:
            raise does_not_tile(layer, measure.ragged)
        return measure

    def _field(self, row: Row, node: Any, measure: Measure, walk: _Stand) -> Field:
        """Return what a row sees."""
        assert walk.fields  # noqa: S101 - it is asked of them alone
        flows = [self._flow(each, walk) for each in row.inputs]
        if isinstance(node, Join):
            if node.layer:
                return None
            return walk.fields.joined(node, flows, measure.output, [0] * len(flows))
        if measure.reach == OWN or not isinstance(node, Layer):
            return flows[0].field
        return walk.fields.through(flows[0], measure, node)

    def _flow(self, index: int, walk: _Stand) -> Flow:
        """Return what flows from a row."""
        row = self.rows[index]
        field = walk.seen.get(index, row.field)
        return Flow(walk.volumes[index], field, index, seen=row.seen)

    def _goes_on(self, row: Row, walk: _Stand) -> bool:
        """Hand on what comes out of a row; return whether nothing else is decided by it."""
        index, volume, was = row.index, row.measure.output, self._volumes[row.index]
        if walk.fields and row.field != self.rows[index].field:
            walk.seen[index] = row.field
            walk.moved.add(index)
        is_exact = are_whole(volume)
        if volume == was and is_exact:
            return True
        walk.volumes[index] = volume
        walk.moved.add(index)
        walk.is_exact = walk.is_exact and is_exact
        if index in self._course.sized and volume[:-1] != was[:-1]:
            return False
        if index not in self._course.decisions or volume[-1:] == was[-1:]:
            return True
        try:
            layers = self._course.decided(index, volume)
        except Problem:
            return False
        walk.layers.update(layers or {})
        return layers is not None and not (layers and self._settings.fold)


def _on(row: Row, node: Any, volume: Volume, reads: tuple[Volume, ...], measure: Measure) -> Row:
    """Return a row whose item does something to what comes in."""
    values: Any = (*row[:2], node, volume, measure, *row[5:12], reads, *row[13:])
    return Row(*values)


class _Stand:
    """Where one walk stands: what flows from each row, and from which rows something else.

    Some sizes are not whole numbers where it is not exact.
    """

    def __init__(self, volumes: list[Volume], fields: FieldTrace | None) -> None:
        self.volumes = volumes[:]
        self.fields = fields
        self.seen: dict[int, Field] = {}
        self.moved: set[int] = set()
        self.layers: dict[int, Layer] = {}
        self.is_exact = True


def _pass_over(_warning: Problem) -> None:
    """Leave a warning out: those of the rows as they are were given."""


def _before(row: Row, course: Course) -> tuple[int, ...]:
    """Return the row from which the branches of a join go on."""
    return (course.before[row.index],) if row.index in course.before else ()


def _are_plain(rows: Sequence[Row]) -> bool:
    """Return whether rows are of numbers, not letters, all with weights of their own."""
    return all(
        row.index == place
        and row.shared is None
        and are_numbers(*row.output, row.measure.macs, row.measure.params)
        and not is_large_field(row.field)
        for place, row in enumerate(rows)
    )


def with_own_pass(rows: Sequence[Row], settings: Settings) -> list[Row]:
    """Return rows that are of a forward pass of their own, as what is held is worked out in one."""
    planner, was = PLANNERS[settings.planner], rows[0].forward
    forward = planner.start(settings.batch, settings.dtype, settings.device)
    forward.model, forward.unlearned = was.model, was.unlearned
    found = [row._replace(forward=forward) for row in rows]
    for row in found:
        hold(planner, row)
    return found


def own_pass(rows: Sequence[Row], others: Mapping[int, Row], settings: Settings) -> Pass | None:
    """Return the pass of rows some of which are others; None where it is laid by a plan."""
    planner = PLANNERS[settings.planner]
    if planner.is_laid or 0 in others:
        return None
    writes = [(index, row.output, planner.writes(row)) for index, row in others.items()]
    return rows[0].forward.writing(writes)
