"""A network and a volume, to rows: what each layer outputs, learns, costs and sees.

The trace prints nothing. It hands each row to a sink as it comes, so that totals of a long
network need no more memory than those of a short one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from cnncalc.kinds.joins import JOIN_KINDS, joined
from cnncalc.kinds.measure import Measure
from cnncalc.kinds.receptive_field import OWN, Field
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.evaluation import too_large, whole_number
from cnncalc.notation.expressions import sizes_name
from cnncalc.notation.inputs import begins_inside, calls_of_all, given_volume, settled
from cnncalc.notation.tree import (
    Again,
    Call,
    Given,
    Group,
    Join,
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
from cnncalc.trace.adapted import adapt
from cnncalc.trace.expansion import count_layers, refuse_too_many_rounds
from cnncalc.trace.fields import FieldTrace
from cnncalc.trace.flow import NOTHING, Flow, Frame
from cnncalc.trace.layers import Layers, refuse_large
from cnncalc.trace.ledger import Ledger
from cnncalc.trace.resolutions import layer_of, opened, smaller_divisor
from cnncalc.trace.rows import Place, Row
from cnncalc.trace.settings import Settings
from cnncalc.trace.sharing import FirstUse, Record, Sharing
from cnncalc.trace.warnings import no_field, unlikely, unused, with_slip

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Item, Network
    from cnncalc.speech.problem import Span
    from cnncalc.trace.adapted import Adapted
    from cnncalc.trace.memory import Pass
    from cnncalc.trace.rounds import AlikeRounds

    Instead = Callable[[Row], Row]

FEWEST = 5
"""Rounds of a repeat some of which may not be walked: the first ones are, and the last."""


class Trace:
    """One walk through a network; `warnings` and `notes` hold what it found on the way.

    `measure` stands in place of the kinds' own formulas: so a slip is traced as an answer is.
    `instead` gives the row that stands and goes on in place of a row. `flattened` holds where a
    flatten is read in. Rows of a walk once more are of the `forward` pass of the first.
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
    ) -> None:
        self._settings = settings
        self._channels_first = settings.channels_first
        self._ledger = Ledger(sink, settings, instead, forward, sink_rounds)
        self._fields = FieldTrace(self._ledger.warn)
        self._layers = Layers(self._ledger, self._fields, measure, settings)
        self.forward = self._ledger.forward
        self.warnings = self._ledger.warnings
        self.notes = self._ledger.notes
        self.flattened = self._layers.flattened
        self.layers = 0  # about how many there are
        self._whole: set[int] = set()  # calls that are all of the network

    def run(self, network: Network, volume: Volume, span: Span) -> Flow:
        """Trace a network from a volume, which stands at a span; return what comes out."""
        if self._settings.fold or self._settings.freeze:
            self._ledger.adapted = adapt(
                self._settings, lambda known: self._as_known(known, network, volume, span)
            )
            self.forward.kept = self._ledger.adapted.kept
        return self._walk(network, volume, span)

    def _as_known(
        self, known: Adapted, network: Network, volume: Volume, span: Span
    ) -> tuple[list[Row], bool]:
        """Return the rows of a network as far as it has no fault, and whether they are all."""
        rows: list[Row] = []
        walk = Trace(rows.append, self._settings._replace(fold=False, freeze=(), planner="ours"))
        walk._ledger.adapted = known
        try:
            walk._walk(network, volume, span)
        except Problem:
            return rows, False
        return rows, True

    def _walk(self, network: Network, volume: Volume, span: Span) -> Flow:
        """Walk through a network whose rows are known to be adapted, or are as they are written."""
        self._layers.calls = network.said
        self.forward.model, self.forward.unlearned = network.name, network.held
        self._whole = {id(call) for call in calls_of_all(network.sequence)}
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
        self._layers.end(flow.volume)
        return flow

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
        flow = self._ledger.write_input(volume, span, field, label or None)
        if label and labels is not None:
            labels[label] = flow
        if not self._channels_first:
            with remarking():
                self._ledger.warn(unlikely(volume, span))
        return flow

    def follow(self, sequence: Sequence, flow: Flow, labels: dict[str, Flow]) -> Flow:
        """Trace a sequence from what comes out of another; `labels` are those it sees and sets."""
        self.layers = count_layers(sequence)
        sizes = {sizes_name(label): held.volume[:-1] for label, held in labels.items()}
        return self._sequence(sequence, flow, Frame({**sizes}, (), labels, is_network=True))

    @property
    def mark(self) -> tuple[int, int, int]:
        """How far the walk has come, to `go_back` to."""
        return self._ledger.index, self._ledger.rounds, self._ledger.serial

    def go_back(self, mark: tuple[int, int, int]) -> None:
        """Rewind to a mark, dropping what was traced after it."""
        self._ledger.index, self._ledger.rounds, self._ledger.serial = mark
        self._ledger.places, self._ledger.aux = (), 0
        self._layers.sharing, self._ledger.is_dry = Sharing(), False

    def _sequence(self, sequence: Sequence, flow: Flow, frame: Frame) -> Flow:
        before: Item | None = None
        for item in sequence.items:
            if (
                before is not None
                and type(item) is not Layer
                and not takes_input(Sequence((item,), sequence.span))
            ):
                self._ledger.warn(unused(before))
            if type(item) is Layer:
                flow = self._layers.trace(item, flow, None)
            else:
                flow = self._item(item, flow, frame, None)
            before = item
        return flow

    def _item(
        self, item: Item, flow: Flow, frame: Frame, label: str | None, *, named: bool = False
    ) -> Flow:
        """Trace an item whose last row has a label; `named`: the label is the item's own."""
        if flow is NOTHING and isinstance(call := unlabel(item), Call) and call.definition.volume:
            flow = self._enter(call.definition.volume, frame)
        if isinstance(item, Layer):
            return self._layers.trace(item, flow, label)
        if isinstance(item, Pending):
            layer = self._layers.sharing.decide(lambda: layer_of(item, flow, frame))
            return self._layers.trace(layer, flow, label)
        if isinstance(item, Labelled):
            first = FirstUse(item.item, flow, frame, self._ledger.index)
            flow = self._item(item.item, flow, frame, item.label, named=True)
            frame.labels[item.label] = flow._replace(use=first)
            frame.parameters[sizes_name(item.label)] = flow.volume[:-1]
            return flow
        if isinstance(item, Again):
            return self._again(item, flow, frame, label)
        if isinstance(item, Group):
            return self._group(item, flow, frame, label, named=named)
        if isinstance(item, Call):
            return self._call(item, flow, frame, label, named=named)
        if isinstance(item, Reference):
            flow = frame.find(item.label)
            return self._ledger.write_row(
                item,
                label,
                flow,
                Measure(flow.volume, OWN),
                flow.field,
                flow.depth,
                seen=flow.seen,
            )
        if isinstance(item, Given):
            return self._enter(item, frame)
        if item.how == "aux":
            return self._side(item, flow, frame, label)
        return self._join(item, flow, frame, label, named=named)

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

    def _group(
        self, group: Group, flow: Flow, frame: Frame, label: str | None, *, named: bool
    ) -> Flow:
        if group.times is None:
            around = self._ledger.places
            self._ledger.places = self._ledger.fold(group, label) if named else around
            flow = self._labelled_last(group.sequence, flow, frame, label)
            self._ledger.places = around
            return flow
        times, scope = group.times, frame.scope(flow)
        count = self._layers.sharing.decide(lambda: whole_number(times, scope))
        if count < 0:
            raise Problem(
                "negative-number",
                _("a count is never negative"),
                [Label(group.span, str(count))],
                helps=[_("write it so that it comes to 0 or more")],
            )
        if count > 1 and type(group.times) is not int:
            left = self._ledger.most_layers - self._ledger.index
            refuse_too_many_rounds(group, count, frame.scope(flow), frame.rest, left)
        around = self._ledger.places
        inside = self._ledger.fold(group, label) if named else around
        self._ledger.serial += 1
        serial = self._ledger.serial
        turn, inner, walk = 0, None, None
        is_plain = count >= FEWEST and not (group.by_round or group.shared)
        if is_plain and self._ledger.passes_over and not self._layers.sharing.is_on:
            from cnncalc.trace.rounds import RoundWalk

            walk = RoundWalk(self._ledger, flow, count, len(inside))
        try:
            while turn < count:
                turn += 1
                self._ledger.count_round(group.span)
                self._ledger.places = (*inside, Place("repeat", turn, count, serial))
                if group.shared:
                    self._layers.sharing.begin_round(group, turn)
                if inner is None or group.by_round or inner.labels:  # else it is as it was
                    inner = frame.round(group, turn - 1)
                if turn < count or label is None:
                    flow = self._sequence(group.sequence, flow, inner)
                else:
                    flow = self._labelled_last(group.sequence, flow, inner, label)
                if walk:
                    turn, flow = walk.behind(turn, flow)
        except Problem as problem:
            where = _("in round {turn:,} of {count:,}", turn=turn, count=count)
            raise _with_note(problem, where) from None
        if group.shared:
            self._layers.sharing.end_rounds(group)
        self._ledger.places = around
        return flow

    def _again(self, item: Again, flow: Flow, frame: Frame, label: str | None) -> Flow:
        """Trace what has a label once more: as its first use decided, with its weights."""
        self._ledger.count_round(item.span)
        around = self._ledger.places
        use = cast("FirstUse", frame.find(item.label).use)
        if self._layers.sharing.decides:  # what is said of it is known already
            return self._labelled_last(_alone(use.item), flow, use.frame.inner(), label)
        if use not in self._layers.sharing.known:
            self._layers.sharing.known[use] = self._recorded(use)
        self._ledger.places = self._ledger.fold(item, label)
        try:
            with self._layers.sharing.following(self._layers.sharing.known[use]):
                flow = self._labelled_last(_alone(use.item), flow, use.frame.inner(), label)
        except Problem as problem:
            where = _("in '{text}' at {place}", text=f"again {item.label}", place=item.span.place)
            raise _with_note(problem, where) from None
        self._ledger.places = around
        return flow

    def _recorded(self, use: FirstUse) -> Record:
        """Return what a first use decided and the weights that it had, without new rows."""
        sharing = self._layers.sharing
        with self._ledger.looking_ahead(use.row), sharing.recording() as record:
            self._item(use.item, use.flow, use.frame.inner(), None)
        return record

    def _labelled_last(
        self, sequence: Sequence, flow: Flow, frame: Frame, label: str | None
    ) -> Flow:
        """Trace a sequence whose last row has a label, unless it has one of its own."""
        if label is None:
            return self._sequence(sequence, flow, frame)
        *first, last = sequence.items
        if first:
            flow = self._sequence(Sequence(tuple(first), sequence.span), flow, frame)
            if not takes_input(Sequence((last,), sequence.span)):
                self._ledger.warn(unused(first[-1]))
        return self._item(last, flow, frame, label)

    def _call(
        self, call: Call, flow: Flow, frame: Frame, label: str | None, *, named: bool
    ) -> Flow:
        self._ledger.count_round(call.span)
        spoken, parameters, rest, key = self._layers.sharing.decide(
            lambda: opened(call, flow, frame)
        )
        around = self._ledger.places
        if call.definition.volume is None:  # a model is all there is, and does not fold
            self._ledger.places = self._ledger.fold(spoken, label if named else None)
        given = call.definition.volume
        is_network = frame.is_network and id(call) in self._whole
        inner = Frame({**parameters}, rest, {}, is_network=is_network, key=key)
        if given and given.label:
            inner.labels[given.label] = flow
            inner.parameters[sizes_name(given.label)] = flow.volume[:-1]
        try:
            flow = self._labelled_last(call.definition.sequence, flow, inner, label)
        except Problem as problem:
            name, place = call.definition.name, call.span.place
            where = _("in '{name}', called at {place}", name=name, place=place)
            problem.fix = problem.fix or smaller_divisor(problem, call, parameters)
            raise _with_note(problem, where) from None
        self._ledger.places = around
        return flow

    def _side(self, item: Join, flow: Flow, frame: Frame, label: str | None) -> Flow:
        around = self._ledger.places
        inside = self._ledger.fold(item, label) if label else around
        self._ledger.serial += 1
        self._ledger.places = (*inside, Place("aux", 1, 1, self._ledger.serial))
        self._ledger.aux += 1
        self._sequence(item.branches[0], flow, frame.inner())
        self._ledger.aux -= 1
        self._ledger.places = around
        return flow

    def _join(
        self, item: Join, flow: Flow, frame: Frame, label: str | None, *, named: bool
    ) -> Flow:
        around = self._ledger.places
        inside = self._ledger.fold(item, label) if named else around
        self._ledger.serial += 1
        serial, of = self._ledger.serial, len(item.branches)
        outs, firsts = [], []
        for number, branch in enumerate(item.branches, 1):
            self._ledger.places = (*inside, Place("branch", number, of, serial, item))
            firsts.append(self._ledger.adapted.number(self._ledger.index + 1))
            outs.append(self._sequence(branch, flow, frame))
        self._ledger.places = inside
        self._layers.at_places = None
        volumes = [out.volume for out in outs]
        if item.layer is None:
            shown = partial(write_volume, channels_first=self._channels_first)
            from cnncalc.trace.disagreement import refuse_misfits

            refuse_misfits(item, volumes, shown)
            output = joined(item.how, volumes, item.axis)
            field = self._fields.joined(item, outs, output, firsts)
            products = JOIN_KINDS[item.how].products(volumes)
        else:
            output, field, products = item.layer.named["volume"], None, 0
            self._ledger.warn(no_field(item.layer))
        measure = Measure(output, OWN, macs=products, products=products)
        refuse_large(measure, item.span)
        deepest = max(out.depth for out in outs)
        seen = {out.seen for out in outs}
        flow = self._ledger.write_row(
            item,
            label,
            outs[0] if flow is NOTHING else flow,
            measure,
            field,
            deepest,
            tuple(outs),
            seen=seen.pop() if len(seen) == 1 else None,
        )
        self._ledger.places = around
        return flow


def _alone(item: Item) -> Sequence:
    return Sequence((item,), item.span)


class _Where(str):
    """A note of where a problem came about, told from others in every language."""

    __slots__ = ()


def _with_note(problem: Problem, note: str) -> Problem:
    """Return a problem with a note of where it came about, for the innermost three."""
    places = sum(isinstance(each, _Where) for each in problem.notes)
    if problem.code == "too-many-layers" or places >= 3:
        return problem
    return problem.at(problem.labels[0].span, _Where(note)) if problem.labels else problem
