"""A network and a volume, to rows: what each layer outputs, learns, costs and sees.

The trace prints nothing. It hands each row to a sink as it comes, so that totals of a long
network need no more memory than those of a short one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.kinds import receptive_field
from cnncalc.kinds.joins import joined
from cnncalc.kinds.measure import Measure, Writes
from cnncalc.kinds.receptive_field import ALL, OWN, Field
from cnncalc.kinds.table import KINDS
from cnncalc.kinds.volumes import Volume, write_volume
from cnncalc.notation.expressions import (
    Known,
    Scope,
    is_sizes,
    sizes_name,
    too_large,
    whole_number,
)
from cnncalc.notation.tree import (
    Again,
    Argument,
    Call,
    Group,
    Join,
    Labelled,
    Layer,
    Network,
    Pending,
    Reference,
    Sequence,
    takes_input,
)
from cnncalc.numbers.letters import Polynomial, is_large, too_long
from cnncalc.numbers.terms import letters_in
from cnncalc.numbers.working import are_numbers, plain, product
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Span
from cnncalc.trace.disagreement import refuse_misfits
from cnncalc.trace.expansion import (
    MOST_LAYERS,
    call_parameters,
    evaluated,
    in_round,
    refuse_too_many,
    refuse_too_many_rounds,
    resolved,
    too_many,
)
from cnncalc.trace.memory import Pass
from cnncalc.trace.rows import Place, Row, measured
from cnncalc.trace.settings import Settings
from cnncalc.trace.sharing import Record, Sharing, Use
from cnncalc.trace.warnings import (
    at_places,
    does_not_tile,
    flattened,
    left_over,
    misaligned,
    no_field,
    no_one_field,
    taken_as_whole,
    unlike_said,
    unlikely,
    untraced,
    unused,
    with_slip,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.kinds.receptive_field import Axis
    from cnncalc.notation.tree import Item, Said

    Instead = Callable[[Row], Row]

MOST_LETTERED = 10_000  # layers of different formulas in letters, in one network
MOST_PHASE_WORK = 2_000_000  # taps looked at for units that differ, in one network


class Flow(NamedTuple):
    """What passes from an item to the next: a volume, what it sees, and the row it is from.

    `depth` counts, on the longest path up to here, the layers that hold weights to multiply with
    (conv, transposed conv, local, fc), and then the non-linearities on that path. What a label
    holds has the first `use` of what it labels.
    """

    volume: Volume
    field: Field
    row: int
    depth: tuple[int, int] = (0, 0)
    use: Use | None = None


class _Frame(NamedTuple):
    """What names stand for inside a call, and the labels that are set and seen."""

    parameters: dict[str, Known | None]
    rest: tuple[Argument, ...]
    labels: dict[str, Flow]
    outer: _Frame | None = None

    def inner(self) -> _Frame:
        """Return the frame of an aux: it sees these labels, and sets its own."""
        return _Frame(self.parameters, self.rest, {}, self)

    def round(self, group: Group, turn: int) -> _Frame:
        """Return the frame of a group's round, which may name its number, from 0."""
        return _Frame(in_round(group, self.parameters, turn), self.rest, {}, self)

    def scope(self, flow: Flow) -> Scope:
        """Return what names stand for at an item."""
        return Scope(self.parameters, flow.volume[-1])

    def find(self, label: str) -> Flow:
        """Return what a label holds, here or around."""
        frame: _Frame | None = self
        while frame is not None:
            if label in frame.labels:
                return frame.labels[label]
            frame = frame.outer
        raise KeyError(label)


class Trace:
    """One walk through a network; `warnings` and `notes` hold what it found on the way.

    `measure` stands in place of the kinds' own formulas: so a slip is traced as an answer is.
    `instead` gives the row that stands and goes on in place of a row.
    """

    def __init__(
        self,
        sink: Callable[[Row], object],
        settings: Settings = Settings(),  # noqa: B008 - a value, and no state
        *,
        measure: Callable[[Layer, Volume], Measure] | None = None,
        instead: Instead | None = None,
    ) -> None:
        self.sink = sink
        self.instead = instead
        self.settings = settings
        self.forward = Pass(settings.batch, settings.dtype)
        self.measure = measure or measured
        self.warnings: list[Problem] = []
        self.notes: list[Problem] = []
        self._said: set[tuple[object, ...]] = set()
        self._resolved: dict[
            tuple[int, int, int], tuple[Layer, dict[str, Known | None], Pending]
        ] = {}
        self._flat: Volume = ()
        self._measured: dict[tuple[object, ...], Measure] = {}
        self._index = 0
        self._rounds = 0
        self._serial = 0
        self._aux = 0
        self._phase_work = 0
        self._lettered = 0
        self._places: tuple[Place, ...] = ()
        self._calls: dict[int, Said] = {}
        self._sharing = Sharing()
        self._is_dry = False
        self.flattened: set[int] = set()
        self._at_places: tuple[Layer, Volume] | None = None

    def run(self, network: Network, volume: Volume, span: Span) -> Flow:
        """Trace a network from a volume, which stands at a span; return what comes out."""
        self._calls = network.said
        try:
            flow = self.follow(network.sequence, self.begin(volume, span), {})
        except Problem as problem:
            slip = None if self.settings.channels_first else unlikely(volume, span)
            raise with_slip(problem, slip, volume, span) from None
        if self._at_places and len(flow.volume) > 1:
            self._warn(at_places(*self._at_places))
        return flow

    def begin(self, volume: Volume, span: Span) -> Flow:
        """Trace what comes in: row 0."""
        field: Field = ((1, 1, 0),) * (len(volume) - 1)
        if is_large(product(volume)):
            raise too_large(span, _("the number of values"))
        row = Row(0, None, None, volume, Measure(volume, OWN), field, (), (), False, self.forward)
        self._hand_on(row)
        if not self.settings.channels_first:
            self._warn(unlikely(volume, span))
        return Flow(volume, field, 0)

    def follow(self, sequence: Sequence, flow: Flow, labels: dict[str, Flow]) -> Flow:
        """Trace a sequence from what comes out of another; `labels` are those it sees and sets."""
        refuse_too_many(sequence)
        sizes = {sizes_name(label): held.volume[:-1] for label, held in labels.items()}
        return self._sequence(sequence, flow, _Frame({**sizes}, (), labels))

    @property
    def mark(self) -> tuple[int, int, int]:
        """How far the walk has come, to `go_back` to."""
        return self._index, self._rounds, self._serial

    def go_back(self, mark: tuple[int, int, int]) -> None:
        """Rewind to a mark, dropping what was traced after it."""
        self._index, self._rounds, self._serial = mark
        self._places, self._aux = (), 0
        self._sharing, self._is_dry = Sharing(), False

    # ------------------------------------------------------------ items

    def _sequence(self, sequence: Sequence, flow: Flow, frame: _Frame) -> Flow:
        before: Item | None = None
        for item in sequence.items:
            if (
                before is not None
                and type(item) is not Layer
                and not takes_input(Sequence((item,), sequence.span))
            ):
                self._warn(unused(before))
            flow = self._item(item, flow, frame, None)
            before = item
        return flow

    def _item(
        self, item: Item, flow: Flow, frame: _Frame, label: str | None, *, named: bool = False
    ) -> Flow:
        """Trace an item whose last row has a label; `named`: the label is the item's own."""
        if isinstance(item, Layer):
            return self._layer(item, flow, label)
        if isinstance(item, Pending):
            layer = self._sharing.decide(lambda: self._resolve(item, flow, frame))
            return self._layer(layer, flow, label)
        if isinstance(item, Labelled):
            first = Use(item.item, flow, frame, self._index)
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
            return self._row(item, label, flow, Measure(flow.volume, OWN), flow.field, flow.depth)
        if item.how == "aux":
            return self._side(item, flow, frame, label)
        return self._join(item, flow, frame, label, named=named)

    def _resolve(self, item: Pending, flow: Flow, frame: _Frame) -> Layer:
        """Return the layer that a pending one is here; rounds of a repeat share it."""
        if any(is_sizes(argument.value) for argument in item.arguments):
            return cast("Layer", resolved(item, frame.scope(flow), frame.rest))
        key = (id(item), id(frame.parameters), flow.volume[-1])
        known = self._resolved.get(key)
        if known is None or known[1] is not frame.parameters:
            layer = resolved(item, frame.scope(flow), frame.rest)
            if len(self._resolved) > 4096:
                self._resolved.clear()
            known = self._resolved[key] = cast("Layer", layer), frame.parameters, item
        return known[0]

    def _layer(self, layer: Layer, flow: Flow, label: str | None) -> Flow:
        volume = flow.volume
        if self._calls and (said := self._calls.get(layer.span.start)):
            layer = self._as_said(layer, volume, said)
        key = (layer.kind.name, layer.values, volume)
        measure = self._measured.get(key)
        if measure is None:
            try:
                measure = self.measure(layer, volume)
            except Problem as problem:
                raise problem.at(layer.span) from None
            self._refuse_large(measure, layer.span)
            if letters_in((*measure.output, measure.params)):
                self._count_lettered(layer, volume, measure)
            if len(self._measured) > 4096:
                self._measured.clear()
            self._measured[key] = measure
        shared = None
        if measure.params and self._sharing.is_on:
            measure, shared = self._sharing.hold(layer, volume, measure, self._index + 1)
        if layer.kind.name == "flatten":
            self._flat = volume
        if measure.ragged and self.settings.strict:
            raise does_not_tile(layer, measure.ragged)
        if measure.unread:
            self._warn(left_over(layer, volume, measure))
        field = flow.field
        if measure.reach != OWN:
            field = self._through(field, measure, layer)
        if layer.kind.name == "linear":
            self._at_places = (layer, volume) if len(volume) > 1 else None
        elif self._at_places and layer.kind.name in ("flatten", "fc"):
            self._warn(at_places(*self._at_places))
            self._at_places = None
        elif measure.reach != OWN:
            self._at_places = None
        depth = flow.depth
        if measure.macs or layer.kind.nonlinear:
            depth = (depth[0] + bool(measure.macs), depth[1] + layer.kind.nonlinear)
        return self._row(layer, label, flow, measure, field, depth, shared=shared)

    def _as_said(self, layer: Layer, volume: Volume, said: Said) -> Layer:
        """Hold what a call says of the channels that come in to what does.

        A Linear that takes all values of a map has a flatten before it.
        """
        channels = plain(volume[-1])
        if not isinstance(channels, int):
            return layer
        of_all = layer.kind.name == "linear" and len(volume) > 1
        if of_all and said.channels == plain(product(volume)):
            self._warn(flattened(layer, said, volume))
            self.flattened.add(layer.span.start)
            return Layer(KINDS["fc"], layer.values, layer.span)
        if said.channels == channels:
            return layer
        raise unlike_said(layer, said, volume, self._flat)

    def _row(
        self,
        node: Layer | Join | Reference,
        label: str | None,
        flow: Flow,
        measure: Measure,
        field: Field,
        depth: tuple[int, int],
        outs: tuple[Flow, ...] = (),
        shared: int | None = None,
    ) -> Flow:
        """Hand on the row of what came in by a flow, and reads that or the `outs` of branches."""
        self._index += 1
        if self._index > MOST_LAYERS:
            raise too_many(node.span, self._index)
        row = Row(
            self._index,
            label,
            node,
            flow.volume,
            measure,
            field,
            tuple([out.row for out in outs]) if outs else (flow.row,),
            self._places,
            self._aux > 0,
            self.forward,
            depth,
            self.settings.like,
            tuple([out.volume for out in outs]) if outs else (flow.volume,),
            shared=shared,
        )
        if self.instead is not None:
            row = self.instead(row)
        self._hand_on(row)
        return Flow(row.output, row.field, self._index, depth)

    def _hand_on(self, row: Row) -> None:
        if self._is_dry:
            return
        writes = Writes.AUX if row.aux else row.writes
        self.forward.add(row.index, row.inputs, row.measure.output, writes)
        if isinstance(row.node, Layer) and not are_numbers(*row.measure.output, row.measure.macs):
            self.forward.fit(_sizes(row.node))
        self.sink(row)

    def _group(
        self, group: Group, flow: Flow, frame: _Frame, label: str | None, *, named: bool
    ) -> Flow:
        if group.times is None:
            around = self._places
            self._places = self._fold(group, label) if named else around
            flow = self._labelled_last(group.sequence, flow, frame, label)
            self._places = around
            return flow
        times, scope = group.times, frame.scope(flow)
        count = self._sharing.decide(lambda: whole_number(times, scope))
        if count < 0:
            raise Problem(
                "negative-number",
                _("a count is never negative"),
                [Label(group.span, str(count))],
                helps=[_("write it so that it comes to 0 or more")],
            )
        if count > 1 and type(group.times) is not int:
            left = MOST_LAYERS - self._index
            refuse_too_many_rounds(group, count, frame.scope(flow), frame.rest, left)
        around = self._places
        inside = self._fold(group, label) if named else around
        self._serial += 1
        serial = self._serial
        turn = 0
        try:
            for turn in range(1, count + 1):
                self._count_round(group.span)
                self._places = (*inside, Place("repeat", turn, count, serial))
                last = label if turn == count else None
                if group.shared:
                    self._sharing.begin_round(group, turn)
                flow = self._labelled_last(group.sequence, flow, frame.round(group, turn - 1), last)
        except Problem as problem:
            where = _("in round {turn:,} of {count:,}", turn=turn, count=count)
            raise _with_note(problem, where) from None
        if group.shared:
            self._sharing.end_rounds(group)
        self._places = around
        return flow

    def _again(self, item: Again, flow: Flow, frame: _Frame, label: str | None) -> Flow:
        """Trace what has a label once more: as its first use decided, with its weights."""
        self._count_round(item.span)
        around = self._places
        use = cast("Use", frame.find(item.label).use)
        if self._sharing.decides:  # what is said of it is known already
            return self._labelled_last(_alone(use.item), flow, use.frame.inner(), label)
        if use not in self._sharing.known:
            self._sharing.known[use] = self._recorded(use)
        self._places = self._fold(item, label)
        try:
            with self._sharing.following(self._sharing.known[use]):
                flow = self._labelled_last(_alone(use.item), flow, use.frame.inner(), label)
        except Problem as problem:
            where = _("in '{text}' at {place}", text=f"again {item.label}", place=item.span.place)
            raise _with_note(problem, where) from None
        self._places = around
        return flow

    def _recorded(self, use: Use) -> Record:
        """Return what a first use decided and the weights that it had, without new rows."""
        mark, places, aux, dry = self.mark, self._places, self._aux, self._is_dry
        self._index, self._is_dry = use.row, True
        with self._sharing.recording() as record:
            self._item(use.item, use.flow, use.frame.inner(), None)
        self._index, self._serial = mark[0], mark[2]
        self._places, self._aux, self._is_dry = places, aux, dry
        return record

    def _labelled_last(
        self, sequence: Sequence, flow: Flow, frame: _Frame, label: str | None
    ) -> Flow:
        """Trace a sequence whose last row has a label, unless it has one of its own."""
        if label is None:
            return self._sequence(sequence, flow, frame)
        *first, last = sequence.items
        if first:
            flow = self._sequence(Sequence(tuple(first), sequence.span), flow, frame)
            if not takes_input(Sequence((last,), sequence.span)):
                self._warn(unused(first[-1]))
        return self._item(last, flow, frame, label)

    def _call(
        self, call: Call, flow: Flow, frame: _Frame, label: str | None, *, named: bool
    ) -> Flow:
        self._count_round(call.span)
        parameters, rest = self._sharing.decide(
            lambda: call_parameters(call, frame.scope(flow), frame.rest)
        )
        around = self._places
        if call.definition.volume is None:  # a model is all there is, and does not fold
            spoken = tuple(evaluated(call.arguments, frame.scope(flow), frame.rest))
            self._places = self._fold(call._replace(arguments=spoken), label if named else None)
        inner = _Frame(parameters, rest, {})
        try:
            flow = self._labelled_last(call.definition.sequence, flow, inner, label)
        except Problem as problem:
            name, place = call.definition.name, call.span.place
            where = _("in '{name}', called at {place}", name=name, place=place)
            raise _with_note(problem, where) from None
        self._places = around
        return flow

    def _fold(self, node: Item, label: str | None) -> tuple[Place, ...]:
        """Return the places inside a call, or inside what has a label."""
        self._serial += 1
        return (*self._places, Place("fold", 1, 1, self._serial, node, label))

    def _side(self, item: Join, flow: Flow, frame: _Frame, label: str | None) -> Flow:
        around = self._places
        inside = self._fold(item, label) if label else around
        self._serial += 1
        self._places = (*inside, Place("aux", 1, 1, self._serial))
        self._aux += 1
        self._sequence(item.branches[0], flow, frame.inner())
        self._aux -= 1
        self._places = around
        return flow

    def _count_round(self, span: Span) -> None:
        self._rounds += 1
        if self._rounds > 2 * MOST_LAYERS:
            raise too_many(span, 0, self._rounds)

    # ------------------------------------------------------------ joins

    def _join(
        self, item: Join, flow: Flow, frame: _Frame, label: str | None, *, named: bool
    ) -> Flow:
        around = self._places
        inside = self._fold(item, label) if named else around
        self._serial += 1
        serial, of = self._serial, len(item.branches)
        outs, firsts = [], []
        for number, branch in enumerate(item.branches, 1):
            self._places = (*inside, Place("branch", number, of, serial, item))
            firsts.append(self._index + 1)
            outs.append(self._sequence(branch, flow, frame))
        self._places = inside
        self._at_places = None
        volumes = [out.volume for out in outs]
        if item.layer is None:
            refuse_misfits(item, volumes, self._volume)
            output = joined(item.how, volumes, item.axis)
            field = self._joined_field(item, outs, output, firsts)
        else:
            output, field = item.layer.named["volume"], None
            self._warn(no_field(item.layer))
        measure = Measure(output, OWN)
        self._refuse_large(measure, item.span)
        deepest = max(out.depth for out in outs)
        flow = self._row(item, label, flow, measure, field, deepest, tuple(outs))
        self._places = around
        return flow

    def _joined_field(
        self, item: Join, outs: list[Flow], output: Volume, firsts: list[int]
    ) -> Field:
        """Return the hull of what the branches see; None, with a warning, where there is none.

        `firsts` holds the number of each branch's first row.
        """
        fields = [out.field for out in outs if not isinstance(out.field, str)]
        if len(fields) < len(outs):
            return ALL
        known = [field for field in fields if field is not None]
        if len(known) < len(outs):
            return None
        if item.axis:
            self._warn(no_one_field(item, _("its branches give different places")))
            return None
        if any(out.volume[:-1] != output[:-1] for out in outs):
            why = _("a branch is 1 wide and reaches every position alike")
            self._warn(no_one_field(item, why))
            return None
        hulls: list[Axis] = []
        for axes in zip(*known, strict=True):
            axis = receptive_field.join(axes)
            if axis is None:
                jumps = _(" and ").join(
                    dict.fromkeys(str(receptive_field.jump(each)) for each in axes)
                )
                why = _("the jumps of the branches differ: {jumps}", jumps=jumps)
                if letters_in(part for each in axes for part in each[:3]):
                    why = _("what the branches see depends on the letters")
                self._warn(no_one_field(item, why))
                return None
            if not all(each == axes[0] for each in axes) and not receptive_field.aligned(axes):
                paths = [(first, out.row) for first, out in zip(firsts, outs, strict=True)]
                self._warn(misaligned(item, axes, paths))
            hulls.append(axis)
        return tuple(hulls)

    def _through(self, field: Field, measure: Measure, layer: Layer) -> Field:
        """Return what a layer's outputs see."""
        if isinstance(measure.reach, str):
            return ALL
        if field is None or isinstance(field, str):
            return field
        if measure.reach is None:
            self._warn(no_field(layer))
            return None
        out: list[Axis] = []
        for axis, reach in zip(field, measure.reach, strict=True):
            seen: Axis | None = None
            if self._phase_work <= MOST_PHASE_WORK:
                seen = receptive_field.through(axis, reach)
            if seen is None:
                self._warn(untraced(layer.span))
                return None
            if isinstance(seen, receptive_field.Phases):
                self._phase_work += receptive_field.work(axis, reach)
                large = is_large(seen.advance)
            else:
                large = is_large(seen[0]) or is_large(seen[1])
            if large:
                raise too_large(layer.span, _("the receptive field"))
            out.append(seen)
        return tuple(out)

    # ------------------------------------------------------------ warnings and notes

    def _volume(self, volume: Volume) -> str:
        return write_volume(volume, channels_first=self.settings.channels_first)

    def _refuse_large(self, measure: Measure, span: Span) -> None:
        numbers = (product(measure.output), measure.params, 2 * measure.macs)
        if any(map(is_large, numbers)):
            raise too_large(span)

    def _warn(self, problem: Problem | None) -> None:
        """Keep a warning, once for each place."""
        if problem is None:
            return
        span = problem.labels[0].span
        key = (problem.code, span.source.name, span.start)
        if key not in self._said:
            self._said.add(key)
            (self.notes if problem.severity == "note" else self.warnings).append(problem)

    def _count_lettered(self, layer: Layer, volume: Volume, measure: Measure) -> None:
        """Refuse too many formulas; say which divisions in them are assumed to come out whole."""
        self._lettered += 1
        if self._lettered > MOST_LETTERED:
            raise too_long().at(layer.span)
        self._warn(taken_as_whole(layer, volume, measure))


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


def _sizes(layer: Layer) -> Iterator[Polynomial]:
    """Yield the numbers of a layer that are at least 1: kernels, strides, filters."""
    for parameter, value in zip(layer.kind.parameters, layer.values, strict=True):
        if parameter.least:
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Polynomial):
                    yield each
