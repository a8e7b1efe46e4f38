"""A network and a volume, to rows: what each layer outputs, learns, costs and sees.

The trace prints nothing. It hands each row to a sink as it comes, so that totals of a long
network need no more memory than those of a short one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from cnncalc.kinds.measure import Measure
from cnncalc.kinds.receptive_field import OWN, Field
from cnncalc.notation.evaluation import too_large
from cnncalc.notation.expressions import sizes_name
from cnncalc.notation.inputs import begins_inside, calls_of_all, given_volume, settled
from cnncalc.notation.tree import (
    Again,
    Call,
    Given,
    Group,
    Labelled,
    Layer,
    Pending,
    Reference,
    Sequence,
    takes_input,
    unlabel,
)
from cnncalc.numbers.assumptions import remarking
from cnncalc.numbers.lettered import is_large
from cnncalc.numbers.working import product
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem
from cnncalc.trace.adapted import AS_WRITTEN
from cnncalc.trace.expansion import count_layers
from cnncalc.trace.fields import FieldTrace
from cnncalc.trace.flow import NOTHING, FirstUse, Flow, Frame
from cnncalc.trace.layers import Layers
from cnncalc.trace.ledger import Ledger
from cnncalc.trace.settings import Settings
from cnncalc.trace.sharing import Sharing
from cnncalc.trace.warnings import unlikely, unused, with_slip

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Item, Network
    from cnncalc.speech.problem import Span
    from cnncalc.trace.adapted import Adapted
    from cnncalc.trace.course import Course
    from cnncalc.trace.memory import Pass
    from cnncalc.trace.rounds import AlikeRounds
    from cnncalc.trace.rows import Row

    Instead = Callable[[Row], Row]

T = TypeVar("T")


class Trace:
    """One walk through a network; `warnings` and `notes` hold what it found on the way.

    `measure` stands in place of the kinds' own formulas: so a slip is traced as an answer is.
    `instead` gives the row that stands and goes on in place of a row. `flattened` holds where a
    flatten is read in. Rows of a walk once more are of the `forward` pass of the first. About as
    many as are `expected` come, and calls by whose identity is in `whole` are all of the network.
    What decides on the way is kept in its `course`, where there is one.
    """

    def __init__(
        self,
        sink: Callable[[Row], object],
        settings: Settings = Settings(),  # noqa: B008 - a value, and no state
        *,
        measure: Callable[[Layer, Volume], Measure] | None = None,
        instead: Instead | None = None,
        forward: Pass | None = None,
        sink_rounds: Callable[[AlikeRounds], object] | None = None,
        adapted: Adapted = AS_WRITTEN,
        course: Course | None = None,
    ) -> None:
        self._settings, self._measure = settings, measure
        self._channels_first = settings.channels_first
        self.ledger = Ledger(sink, settings, instead, forward, sink_rounds)
        self.ledger.adapted = adapted
        self.fields = FieldTrace(self.ledger.warn)
        self.layers = Layers(self.ledger, self.fields, measure, settings)
        self.forward = self.ledger.forward
        self.warnings = self.ledger.warnings
        self.notes = self.ledger.notes
        self.flattened = self.layers.flattened
        self.expected = 0
        self.whole: set[int] = set()
        self.course = course

    def run(self, network: Network, volume: Volume, span: Span) -> Flow:
        """Trace a network from a volume, which stands at a span; return what comes out."""
        if self._settings.fold or self._settings.freeze:
            from cnncalc.trace.deployed import adapted_to

            walk = partial(self._as_known, network, volume, span)
            self.ledger.adapted = adapted_to(self._settings, walk)
            self.forward.kept = self.ledger.adapted.kept
        self.layers.calls = network.said
        self.forward.model, self.forward.unlearned = network.name, network.held
        self.whole = {id(call) for call in calls_of_all(network.sequence)}
        labels: dict[str, Flow] = {}
        try:
            flow = NOTHING
            if not begins_inside(network):
                given = given_volume(network)
                flow = self.begin(volume, span, labels, given.label if given else "")
            flow = self.follow(network.sequence, flow, labels)
        except Problem as problem:
            slip = None if self._channels_first else unlikely(volume, span)
            found = with_slip(problem, slip, volume, span)
            found.traced = (network, volume, span, self._settings)
            raise found from None
        self.layers.end(flow.volume)
        if self.course:
            self.course.phase_work = self.fields.phase_work
            self.course.is_known = self.course.is_known and not network.said
        return flow

    def _as_known(
        self, network: Network, volume: Volume, span: Span, known: Adapted
    ) -> tuple[list[Row], bool]:
        """Return the rows of a network up to a fault, and whether they are all.

        They are measured as here: so a shortcut projects where another measure asks for it.
        """
        rows: list[Row] = []
        plain = self._settings._replace(fold=False, freeze=(), planner="ours")
        walk = Trace(rows.append, plain, measure=self._measure, adapted=known)
        try:
            walk.run(network, volume, span)
        except Problem:
            return rows, False
        return rows, True

    def begin(
        self, volume: Volume, span: Span, labels: dict[str, Flow] | None = None, label: str = ""
    ) -> Flow:
        """Trace what comes in, as the first row or a later one; its label is set among others."""
        if 0 in volume:
            fact = _("a size is at least 1")
            raise Problem("size-too-small", fact, [Label(span)], helps=[_("begin at 1 or more")])
        field: Field = ((1, 1, 0),) * (len(volume) - 1)
        if is_large(product(volume)):
            raise too_large(span, _("the number of values"))
        flow = self.ledger.write_input(volume, span, field, label or None)
        if label and labels is not None:
            labels[label] = flow
        if not self._channels_first:
            with remarking():
                self.ledger.warn(unlikely(volume, span))
        return flow

    def follow(self, sequence: Sequence, flow: Flow, labels: dict[str, Flow]) -> Flow:
        """Trace a sequence from what comes out of another; `labels` are those it sees and sets."""
        self.expected = count_layers(sequence)
        sizes = {sizes_name(label): held.volume[:-1] for label, held in labels.items()}
        return self.sequence(sequence, flow, Frame({**sizes}, (), labels, is_network=True))

    def decide(
        self, item: Pending | Call | Group, flow: Flow, frame: Frame, decision: Callable[[Flow], T]
    ) -> T:
        """Return what is decided of an item that a flow comes in to."""
        if self.course:
            self.course.note(item, decision, flow, frame, self.ledger.index + 1)
        return self.layers.sharing.decide(lambda: decision(flow))

    @property
    def mark(self) -> tuple[int, int, int]:
        """How far the walk has come, to `go_back` to."""
        return self.ledger.index, self.ledger.rounds, self.ledger.serial

    def go_back(self, mark: tuple[int, int, int]) -> None:
        """Rewind to a mark, dropping what was traced after it."""
        self.ledger.index, self.ledger.rounds, self.ledger.serial = mark
        self.ledger.places, self.ledger.aux = (), 0
        self.layers.sharing, self.ledger.is_dry = Sharing(), False

    def sequence(self, sequence: Sequence, flow: Flow, frame: Frame) -> Flow:
        """Trace the items of a sequence."""
        before: Item | None = None
        for item in sequence.items:
            if (
                before is not None
                and type(item) is not Layer
                and not takes_input(Sequence((item,), sequence.span))
            ):
                self.ledger.warn(unused(before))
            if type(item) is Layer:
                flow = self.layers.trace(item, flow, None)
            else:
                flow = self.item(item, flow, frame, None)
            before = item
        return flow

    def item(
        self, item: Item, flow: Flow, frame: Frame, label: str | None, *, named: bool = False
    ) -> Flow:
        """Trace an item whose last row has a label; `named`: the label is the item's own."""
        if flow is NOTHING and isinstance(call := unlabel(item), Call) and call.definition.volume:
            flow = self._enter(call.definition.volume, frame)
        if isinstance(item, Layer):
            return self.layers.trace(item, flow, label)
        if isinstance(item, Pending):
            from cnncalc.trace.resolutions import layer_of

            layer = self.decide(item, flow, frame, lambda flow: layer_of(item, flow, frame))
            return self.layers.trace(layer, flow, label)
        if isinstance(item, Labelled):
            first = FirstUse(item.item, flow, frame, self.ledger.index)
            flow = self.item(item.item, flow, frame, item.label, named=True)
            frame.labels[item.label] = flow._replace(use=first)
            frame.parameters[sizes_name(item.label)] = flow.volume[:-1]
            return flow
        if isinstance(item, Reference):
            flow = frame.find(item.label)
            return self.ledger.write_row(
                item, label, flow, Measure(flow.volume, OWN), flow.field, flow.depth, seen=flow.seen
            )
        if isinstance(item, Given):
            return self._enter(item, frame)
        from cnncalc.trace import brackets

        if isinstance(item, Again):
            return brackets.again(self, item, flow, frame, label)
        if isinstance(item, Group):
            return brackets.group(self, item, flow, frame, label, named=named)
        if isinstance(item, Call):
            return brackets.call(self, item, flow, frame, label, named=named)
        if item.how == "aux":
            return brackets.side(self, item, flow, frame, label)
        return brackets.join(self, item, flow, frame, label, named=named)

    def _enter(self, given: Given, frame: Frame) -> Flow:
        """Trace a volume that is one more input."""
        if not frame.is_network:
            raise Problem(
                "input-inside",
                _("an input cannot stand inside a definition that is called"),
                [Label(given.span)],
                helps=[_("label the input before the call, and give the call what follows it")],
            )
        flow = self.begin(settled(given), given.span, frame.labels, given.label)
        if given.label:
            frame.parameters[sizes_name(given.label)] = flow.volume[:-1]
        return flow

    def labelled_last(
        self, sequence: Sequence, flow: Flow, frame: Frame, label: str | None
    ) -> Flow:
        """Trace a sequence whose last row has a label, unless it has one of its own."""
        if label is None:
            return self.sequence(sequence, flow, frame)
        *first, last = sequence.items
        if first:
            flow = self.sequence(Sequence(tuple(first), sequence.span), flow, frame)
            if not takes_input(Sequence((last,), sequence.span)):
                self.ledger.warn(unused(first[-1]))
        return self.item(last, flow, frame, label)
