"""The ledger of a trace: where its rows are numbered and handed on, and warnings kept."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from cnncalc.kinds.measure import Measure
from cnncalc.kinds.receptive_field import OWN
from cnncalc.notation.tree import Layer
from cnncalc.numbers.lettered import Lettered
from cnncalc.numbers.working import are_numbers
from cnncalc.trace.adapted import AS_WRITTEN
from cnncalc.trace.expansion import MOST_LAYERS, too_many
from cnncalc.trace.flow import Flow
from cnncalc.trace.planners import PLANNERS
from cnncalc.trace.rows import Place, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.kinds.measure import Writes
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Item, Join, Reference
    from cnncalc.speech.problem import Problem, Span
    from cnncalc.trace.memory import Pass
    from cnncalc.trace.planners import Planner
    from cnncalc.trace.rounds import AlikeRounds, RoundStep
    from cnncalc.trace.settings import Settings


class Does:
    """What a layer does to a volume, and what of that all its rows have in common.

    `deeper` is what it adds to the depth of a path; `writes` is where its output goes, once the
    ledger has found out.
    """

    __slots__ = ("deeper", "is_vector", "measure", "reads", "volume", "writes")

    def __init__(self, layer: Layer, volume: Volume, measure: Measure) -> None:
        self.volume, self.measure = volume, measure
        self.reads = measure.reach != OWN
        self.is_vector = layer.kind.name in ("flatten", "linear", "fc")
        costs, is_nonlinear = bool(measure.macs), layer.kind.nonlinear
        self.deeper = (int(costs), int(is_nonlinear)) if costs or is_nonlinear else ()
        self.writes: Writes | None = None


class Ledger:
    """How far a walk has come, the brackets around it, and what it noticed.

    `index` is the number of the last row as it is written, `rounds` the rounds of repeats and calls
    so far, `serial` the brackets that were opened. A walk that is dry hands no rows on; rounds that
    are alike are handed on as such where there is a sink for them. Where a whole `forward` pass is
    known, it is that of its rows. They are numbered and trained as they are `adapted`.
    """

    def __init__(
        self,
        sink: Callable[[Row], object],
        settings: Settings,
        instead: Callable[[Row], Row] | None,
        forward: Pass | None = None,
        sink_rounds: Callable[[AlikeRounds], object] | None = None,
    ) -> None:
        self.sink = sink
        self.sink_rounds = sink_rounds
        self.instead = instead
        self.like = settings.like
        self.most_layers = settings.budget.layers
        self.channels_first = settings.channels_first
        self.planner = PLANNERS[settings.planner]
        self.is_known = forward is not None
        self.forward = forward or self.planner.start(
            settings.batch, settings.dtype, settings.device
        )
        self.adapted = AS_WRITTEN
        self.warnings: list[Problem] = []
        self.notes: list[Problem] = []
        self._said: set[tuple[object, ...]] = set()
        self.index = -1
        self.rounds = 0
        self.serial = 0
        self.aux = 0
        self.places: tuple[Place, ...] = ()
        self.is_dry = False

    def write_input(self, volume: Volume, span: Span, field: Field, label: str | None) -> Flow:
        """Hand on the row of what comes in."""
        self.index += 1
        if self.index > self.most_layers:
            raise too_many(span, self.index)
        number = self.adapted.number(self.index)
        seen = number, volume
        row = Row(
            number,
            label,
            None,
            volume,
            Measure(volume, OWN),
            field,
            (),
            self.places,
            self.aux > 0,
            self.forward,
            like=self.like,
            seen=seen,
        )
        self.hand_on(row)
        return Flow(volume, field, number, seen=seen)

    def write_row(
        self,
        node: Layer | Join | Reference,
        label: str | None,
        flow: Flow,
        measure: Measure,
        field: Field,
        depth: tuple[int, int],
        outs: tuple[Flow, ...] = (),
        shared: int | None = None,
        seen: tuple[int, Volume] | None = None,
        does: Does | None = None,
    ) -> Flow:
        """Hand on the row of what came in by a flow, and reads that or the `outs` of branches.

        Of a layer it is known what it `does`.
        """
        self.index += 1
        if self.index > self.most_layers:
            raise too_many(node.span, self.index)
        adapted = self.adapted
        number = self.index if adapted is AS_WRITTEN else adapted.number(self.index)
        row = Row(
            number,
            label,
            node,
            flow.volume,
            measure,
            field,
            tuple([out.row for out in outs]) if outs else (flow.row,),
            self.places,
            self.aux > 0,
            self.forward,
            depth,
            self.like,
            tuple([out.volume for out in outs]) if outs else (flow.volume,),
            shared=shared,
            seen=seen,
            channels_first=self.channels_first,
            is_frozen=number in adapted.frozen,
        )
        if self.instead is None:
            self.hand_on(row, does)
            return Flow(measure.output, field, number, depth, None, seen)
        row = self.instead(row)
        self.hand_on(row)
        return Flow(row.output, row.field, number, depth, None, seen)

    def hand_on(self, row: Row, does: Does | None = None) -> None:
        """Give a row to the sink, and to the forward pass; not where the walk only looks ahead."""
        if self.is_dry:
            return
        if not self.is_known:
            known = None if does is None or row.aux else does.writes
            writes = hold(self.planner, row, known)
            if does and not row.aux:
                does.writes = writes
        self.sink(row)

    @contextmanager
    def looking_ahead(self, row: int) -> Iterator[None]:
        """Walk from behind a row without handing rows on, then be back where it stood."""
        before = self.index, self.serial, self.places, self.aux, self.is_dry
        self.index, self.is_dry = row, True
        yield
        self.index, self.serial, self.places, self.aux, self.is_dry = before

    @property
    def passes_over(self) -> bool:
        """Whether rounds that are alike may be passed over here."""
        is_plain = self.adapted is AS_WRITTEN and self.instead is None and not self.is_dry
        return is_plain and self.sink_rounds is not None and not self.planner.is_laid

    def has_room(self, step: RoundStep, times: int) -> bool:
        """Return whether rounds that are alike can be passed over without a fault."""
        rounds = self.rounds + times * step.rounds
        return self.index + times * step.rows <= self.most_layers and rounds <= 2 * MOST_LAYERS

    def go_on(self, step: RoundStep, times: int) -> None:
        """Pass over rounds that are like the one before."""
        if not self.is_known:
            self.forward.repeat(self.index + 1, step.rows, times)
        self.index += times * step.rows
        self.rounds += times * step.rounds
        self.serial += times * step.serials

    def fold(self, node: Item, label: str | None) -> tuple[Place, ...]:
        """Return the places inside a call, or inside what has a label."""
        self.serial += 1
        return (*self.places, Place("fold", 1, 1, self.serial, node, label))

    def count_round(self, span: Span) -> None:
        """Count a round of a repeat, or a call; refuse too many."""
        self.rounds += 1
        if self.rounds > 2 * MOST_LAYERS:
            raise too_many(span, 0, self.rounds)

    def warn(self, problem: Problem | None) -> None:
        """Keep a warning, once for each place."""
        if problem is None:
            return
        span = problem.labels[0].span
        key = (problem.code, span.source.name, span.start)
        if key not in self._said:
            self._said.add(key)
            (self.notes if problem.severity == "note" else self.warnings).append(problem)


def hold(planner: Planner, row: Row, known: Writes | None = None) -> Writes | None:
    """Take a row into the forward pass that it is of; return where all like it write.

    Where that is `known`, it is a row like one before. Of rows in letters it is none.
    """
    forward, measure = row.forward, row.measure
    writes = planner.writes(row) if known is None else known
    forward.add(row.index, row.inputs, measure.output, writes, learns=row.learns)
    if planner.is_laid:
        planner.lay(row)
    if known is None and not are_numbers(*measure.output, measure.macs):
        if isinstance(row.node, Layer):
            forward.fit(_sizes(row.node))
        return None
    return writes


def _sizes(layer: Layer) -> Iterator[Lettered]:
    """Yield the numbers of a layer that are at least 1: kernels, strides, filters."""
    for parameter, value in zip(layer.kind.parameters, layer.values, strict=True):
        if parameter.least:
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Lettered):
                    yield each
