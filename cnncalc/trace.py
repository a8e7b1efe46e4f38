"""A network and a volume, to rows: what each layer outputs, learns, costs and sees.

The trace prints nothing. It hands each row to a sink as it comes, so that totals of a long
network need no more memory than those of a short one.
"""

from __future__ import annotations

from operator import gt
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cnncalc import receptive_field
from cnncalc.arithmetic import extent, padding
from cnncalc.expansion import (
    MOST_LAYERS,
    call_parameters,
    evaluated,
    refuse_too_many,
    refuse_too_many_rounds,
    resolved,
    too_many,
)
from cnncalc.expressions import Known, Scope, number_of, too_large, whole_number
from cnncalc.language import _
from cnncalc.layers import Measure, Volume, line_name, write_volume
from cnncalc.letters import is_large, letters_in, taken_in, too_long
from cnncalc.memory import Pass, training
from cnncalc.network import (
    Argument,
    Call,
    Given,
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
from cnncalc.notation import write_layer
from cnncalc.problem import Fix, Label, Problem, Span, plural
from cnncalc.receptive_field import ALL, Field
from cnncalc.working import plain, product, shown, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Reversible

    from cnncalc.counting import Counter
    from cnncalc.network import Item
    from cnncalc.receptive_field import Axis
    from cnncalc.working import Number

MOST_LETTERED = 10_000  # layers of different formulas in letters, in one network
MOST_PHASE_WORK = 2_000_000  # taps looked at for units that differ, in one network


class Place(NamedTuple):
    """A bracket that a row stands in: `how` is branch, aux, repeat, or fold.

    A fold is a call, or what has a label: it can be shown as one row. `node` is its item.
    """

    how: str
    number: int
    of: int
    serial: int
    node: Item | None = None
    label: str | None = None


class Flow(NamedTuple):
    """What passes from an item to the next: a volume, what it sees, and the row it is from.

    `depth` counts, on the longest path up to here, the layers that hold weights to multiply with
    (conv, transposed conv, local, fc), and then the non-linearities on that path.
    """

    volume: Volume
    field: Field
    row: int
    depth: tuple[int, int] = (0, 0)


class Row(NamedTuple):
    """One row of a trace: the input (row 0), a layer, a join or a reference.

    `longest` is the depth of its longest path, and the non-linearities on it. `node` is what
    stands in the tree, None for the input; `input` the volume that came in,
    `inputs` the rows it came from; `places` the brackets around it, outermost first. What grows
    with the batch, or with the type of a value, does so by the `forward` pass that it is of. With
    `like` its params, MACs and FLOPs are as that counter counts them.
    """

    index: int  # type: ignore[assignment] # the name that JSON has
    label: str | None
    node: Layer | Join | Reference | None
    input: Volume
    measure: Measure
    field: Field
    inputs: tuple[int, ...]
    places: tuple[Place, ...]
    aux: bool
    forward: Pass
    longest: tuple[int, int] = (0, 0)
    like: Counter | None = None

    @property
    def depth(self) -> int:
        """The conv, transposed conv, local and fc layers on the longest path up to here."""
        return self.longest[0]

    @property
    def nonlinearities(self) -> int:
        """The activation layers on that path."""
        return self.longest[1]

    @property
    def layer(self) -> str:
        """The layer in canonical notation."""
        if isinstance(self.node, Layer):
            return write_layer(self.node)
        if isinstance(self.node, Reference):
            return f"@{self.node.label}"
        return self.kind

    @property
    def kind(self) -> str:
        """The name of the layer's kind; that of a join; 'input' or 'reference'."""
        if isinstance(self.node, Layer):
            return self.node.kind.name
        if isinstance(self.node, Join):
            return self.node.how
        return "reference" if self.node else "input"

    @property
    def output(self) -> Volume:
        """The volume that goes out, channels last."""
        return self.measure.output

    @property
    def params(self) -> Number:
        """The learned numbers."""
        return plain(self.measure.params if self.like is None else self.cost("params"))

    @property
    def weights(self) -> Number:
        """The learned numbers less the biases."""
        return plain(self.measure.weights)

    @property
    def biases(self) -> Number:
        """The learned numbers that are added."""
        return plain(self.measure.biases)

    @property
    def macs(self) -> Number:
        """Multiply-accumulates of the weights."""
        cost = self.measure.macs if self.like is None else self.cost("macs")
        return self.forward.of_all(plain(cost))

    @property
    def flops(self) -> Number:
        """Two for each MAC."""
        if self.like is None:
            return 2 * self.macs
        return self.forward.of_all(plain(self.cost("flops")))

    def cost(self, quantity: str) -> Number:
        """Return the params, macs or flops, with their arithmetic where the measure shows it."""
        if self.like is not None:
            return self.like.cost(quantity, self)
        return 2 * self.measure.macs if quantity == "flops" else getattr(self.measure, quantity)

    @property
    def writes(self) -> str:
        """Where the output goes, as `Pass.add` has it."""
        node = self.node
        if isinstance(node, Layer):
            changes_nothing = "adaptive" in node.kind.name and self.input == self.output
            if node.kind.counted and not changes_nothing:
                return "new"
            if node.kind.view or changes_nothing:
                return "output" if node.kind.name == "output" else "view"
            return "over"
        return "view" if isinstance(node, Reference) else "new"

    @property
    def activations(self) -> Number:
        """The values of the output, where it takes memory of its own."""
        if self.writes != "new":
            return 0
        return self.forward.of_all(plain(product(self.measure.output)))

    @property
    def memory(self) -> Number:
        """The bytes of these values."""
        return self.forward.width * self.activations

    @property
    def params_memory(self) -> Number:
        """The bytes of the learned numbers."""
        return self.forward.width * plain(self.measure.params)

    @property
    def peak(self) -> Number:
        """The bytes that a forward pass must hold at once while it works; 0 if it is auxiliary."""
        return 0 if self.aux else self.forward.bytes(self.forward.held[self.index])

    @property
    def fullest(self) -> int:
        """The row at which it holds most: itself. Several rows in one have one of them."""
        return self.index

    @property
    def training_sgd(self) -> Number:
        """The bytes that training with plain SGD holds for it."""
        return training(self.memory, self.params_memory, "sgd")

    @property
    def training_momentum(self) -> Number:
        """The bytes that training with momentum holds for it."""
        return training(self.memory, self.params_memory, "momentum")

    @property
    def training_adam(self) -> Number:
        """The bytes that training with Adam holds for it."""
        return training(self.memory, self.params_memory, "adam")

    @property
    def rf(self) -> Any:
        """Pixels that a unit sees along each axis; 'all'; or None."""
        return self._axes(receptive_field.size)

    @property
    def jump(self) -> Any:
        """Pixels between neighbouring units along each axis; 'all'; or None."""
        return self._axes(receptive_field.jump)

    @property
    def start(self) -> Any:
        """The first pixel that unit 0 sees along each axis; 'all'; or None."""
        return self._axes(receptive_field.start)

    @property
    def centre(self) -> Any:
        """The pixel that the field of unit 0 is centred on along each axis; 'all'; or None."""
        return self._axes(receptive_field.centre)

    @property
    def padding(self) -> Any:
        """The pixels that the field of unit 0 begins before pixel 0; 'all'; or None."""
        return self._axes(receptive_field.padding)

    def window(self, axis: int, unit: int) -> tuple[int, int] | None:
        """Return the first and last pixel that a unit sees along an axis; None for none."""
        if self.field is None or isinstance(self.field, str):
            return None
        return receptive_field.edges(self.field[axis], unit)

    def _axes(self, of: Callable[[Axis], Any]) -> Any:
        if self.field is None or isinstance(self.field, str):
            return self.field
        return tuple(of(axis) for axis in self.field)


class _Frame(NamedTuple):
    """What names stand for inside a call, and the labels that are set and seen."""

    parameters: dict[str, Known | None]
    rest: tuple[Argument, ...]
    labels: dict[str, Flow]
    outer: _Frame | None = None

    def inner(self) -> _Frame:
        """Return the frame of a round or an aux: it sees these labels, and sets its own."""
        return _Frame(self.parameters, self.rest, {}, self)

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


def measured(layer: Layer, volume: Volume) -> Measure:
    """Return what a layer does to a volume, by its kind's formulas."""
    return layer.kind.measure(volume, *layer.values)


def shown_row(row: Row) -> Row:
    """Return a row whose input and measure are numbers that show their arithmetic."""
    volume, measure = spoken(row.input), row.measure
    if isinstance(row.node, Layer):
        measure = row.node.kind.measure(volume, *(spoken(value) for value in row.node.values))
    return row._replace(input=volume, measure=measure)


class Trace:
    """One walk through a network; `warnings` and `notes` hold what it found on the way.

    `measure` stands in place of the kinds' own formulas: so a slip is traced as an answer is.
    `like` is the counter that the rows are counted by.
    """

    def __init__(
        self,
        sink: Callable[[Row], object],
        *,
        strict: bool = False,
        channels_first: bool = False,
        measure: Callable[[Layer, Volume], Measure] | None = None,
        like: Counter | None = None,
        batch: int = 1,
        dtype: str = "float32",
    ) -> None:
        self.sink = sink
        self.like = like
        self.forward = Pass(batch, dtype)
        self.measure = measure or measured
        self.strict = strict
        self.channels_first = channels_first
        self.warnings: list[Problem] = []
        self.notes: list[Problem] = []
        self._said: set[tuple[object, ...]] = set()
        self._resolved: dict[
            tuple[int, int, int], tuple[Layer, dict[str, Known | None], Pending]
        ] = {}
        self._measured: dict[tuple[object, ...], Measure] = {}
        self._index = 0
        self._rounds = 0
        self._serial = 0
        self._aux = 0
        self._phase_work = 0
        self._lettered = 0
        self._places: tuple[Place, ...] = ()

    def run(self, network: Network, volume: Volume, span: Span) -> Flow:
        """Trace a network from a volume, which stands at a span; return what comes out."""
        return self.follow(network.sequence, self.begin(volume, span), {})

    def begin(self, volume: Volume, span: Span) -> Flow:
        """Trace what comes in: row 0."""
        field: Field = ((1, 1, 0),) * (len(volume) - 1)
        if is_large(product(volume)):
            raise too_large(span, _("the number of values"))
        row = Row(0, None, None, volume, Measure(volume), field, (), (), False, self.forward)
        self._hand_on(row)
        self._warn_of_slips(volume, span)
        return Flow(volume, field, 0)

    def follow(self, sequence: Sequence, flow: Flow, labels: dict[str, Flow]) -> Flow:
        """Trace a sequence from what comes out of another; `labels` are those it sees and sets."""
        refuse_too_many(sequence)
        return self._sequence(sequence, flow, _Frame({}, (), labels))

    @property
    def mark(self) -> tuple[int, int, int]:
        """How far the walk has come, to `go_back` to."""
        return self._index, self._rounds, self._serial

    def go_back(self, mark: tuple[int, int, int]) -> None:
        """Go on from where the walk was, whatever came after it, faults too."""
        self._index, self._rounds, self._serial = mark
        self._places, self._aux = (), 0

    # ------------------------------------------------------------ items

    def _sequence(self, sequence: Sequence, flow: Flow, frame: _Frame) -> Flow:
        before: Item | None = None
        for item in sequence.items:
            if (
                before is not None
                and type(item) is not Layer
                and not takes_input(Sequence((item,), sequence.span))
            ):
                self._warn_of_unused(before)
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
            return self._layer(self._resolve(item, flow, frame), flow, label)
        if isinstance(item, Labelled):
            flow = self._item(item.item, flow, frame, item.label, named=True)
            frame.labels[item.label] = flow
            return flow
        if isinstance(item, Group):
            return self._group(item, flow, frame, label, named=named)
        if isinstance(item, Call):
            return self._call(item, flow, frame, label, named=named)
        if isinstance(item, Reference):
            flow = frame.find(item.label)
            return self._row(
                item, label, flow.volume, Measure(flow.volume), flow.field, (flow.row,), flow.depth
            )
        if item.how == "aux":
            return self._side(item, flow, frame, label)
        return self._join(item, flow, frame, label, named=named)

    def _resolve(self, item: Pending, flow: Flow, frame: _Frame) -> Layer:
        """Return the layer that a pending one is here; rounds of a repeat share it."""
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
        if measure.ragged and self.strict:
            raise _does_not_tile(layer, measure.ragged)
        if measure.unread:
            self._warn_of_unread(layer, volume, measure)
        field = flow.field
        if measure.reach:
            field = self._through(field, measure, layer.span)
        depth = flow.depth
        if measure.macs or layer.kind.nonlinear:
            depth = (depth[0] + bool(measure.macs), depth[1] + layer.kind.nonlinear)
        return self._row(layer, label, volume, measure, field, (flow.row,), depth)

    def _row(
        self,
        node: Layer | Join | Reference,
        label: str | None,
        volume: Volume,
        measure: Measure,
        field: Field,
        inputs: tuple[int, ...],
        depth: tuple[int, int],
    ) -> Flow:
        self._index += 1
        if self._index > MOST_LAYERS:
            raise too_many(node.span, self._index)
        row = Row(
            self._index,
            label,
            node,
            volume,
            measure,
            field,
            inputs,
            self._places,
            self._aux > 0,
            self.forward,
            depth,
            self.like,
        )
        self._hand_on(row)
        return Flow(measure.output, field, self._index, depth)

    def _hand_on(self, row: Row) -> None:
        self.forward.add(row.inputs, row.measure.output, "aux" if row.aux else row.writes)
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
        count = whole_number(group.times, frame.scope(flow))
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
                flow = self._labelled_last(group.sequence, flow, frame.inner(), last)
        except Problem as problem:
            where = _("in round {turn:,} of {count:,}", turn=turn, count=count)
            raise _with_note(problem, where) from None
        self._places = around
        return flow

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
                self._warn_of_unused(first[-1])
        return self._item(last, flow, frame, label)

    def _call(
        self, call: Call, flow: Flow, frame: _Frame, label: str | None, *, named: bool
    ) -> Flow:
        self._count_round(call.span)
        parameters, rest = call_parameters(call, frame.scope(flow), frame.rest)
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
        volumes = [out.volume for out in outs]
        output = _JOINED[item.how](self, item, volumes)
        field = self._joined_field(item, outs, output, firsts)
        inputs = tuple(out.row for out in outs)
        measure = Measure(output)
        self._refuse_large(measure, item.span)
        deepest = max(out.depth for out in outs)
        flow = self._row(item, label, flow.volume, measure, field, inputs, deepest)
        self._places = around
        return flow

    def _concat(self, item: Join, volumes: list[Volume]) -> Volume:
        for number, volume in enumerate(volumes):
            if volume[:-1] != volumes[0][:-1]:
                raise self._disagree(
                    item,
                    number,
                    volumes,
                    "shapes-do-not-concat",
                    _("the branches of a concat must agree in all but their channels"),
                )
        return (*volumes[0][:-1], sum(volume[-1] for volume in volumes))

    def _add(self, item: Join, volumes: list[Volume]) -> Volume:
        for number, volume in enumerate(volumes):
            if volume != volumes[0]:
                raise self._disagree(
                    item,
                    number,
                    volumes,
                    "shapes-do-not-add",
                    _("the branches of an add must agree"),
                )
        return volumes[0]

    def _mul(self, item: Join, volumes: list[Volume]) -> Volume:
        rank = max(len(volume) for volume in volumes)
        wide = [(1,) * (rank - 1) + volume if len(volume) == 1 else volume for volume in volumes]
        output = list(wide[0])
        for number, volume in enumerate(wide):
            for axis, size in enumerate(volume if len(volume) == rank else ()):
                if output[axis] == 1:
                    output[axis] = size
            if len(volume) != rank or any(
                size not in (1, output[axis]) for axis, size in enumerate(volume)
            ):
                raise self._disagree(
                    item,
                    number,
                    volumes,
                    "shapes-do-not-multiply",
                    _("the branches of a mul must agree, or be 1 wide"),
                )
        return tuple(output)

    def _disagree(
        self, item: Join, number: int, volumes: list[Volume], code: str, message: str
    ) -> Problem:
        """Return the problem of two branches that do not fit, both underlined."""
        first = 0 if number else 1
        pair = sorted((first, number))
        labels = [Label(item.branches[index].span, self._volume(volumes[index])) for index in pair]
        helps, fix = _shortcut(item, pair, volumes)
        return Problem(code, message, labels, helps=helps, fix=fix)

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
        if any(out.volume[:-1] != output[:-1] for out in outs):
            self._warn_of_field(item, _("a branch is 1 wide and reaches every position alike"))
            return None
        joined: list[Axis] = []
        for axes in zip(*known, strict=True):
            axis = receptive_field.join(axes)
            if axis is None:
                jumps = _(" and ").join(
                    dict.fromkeys(str(receptive_field.jump(each)) for each in axes)
                )
                why = _("the jumps of the branches differ: {jumps}", jumps=jumps)
                if letters_in(part for each in axes for part in each[:3]):
                    why = _("what the branches see depends on the letters")
                self._warn_of_field(item, why)
                return None
            if not all(each == axes[0] for each in axes) and not receptive_field.aligned(axes):
                paths = [_path(first, out.row) for first, out in zip(firsts, outs, strict=True)]
                self._note_misaligned(item, axes, paths)
            joined.append(axis)
        return tuple(joined)

    def _through(self, field: Field, measure: Measure, span: Span) -> Field:
        """Return what a layer's outputs see."""
        if isinstance(measure.reach, str):
            return ALL
        if field is None or isinstance(field, str):
            return field
        out: list[Axis] = []
        for axis, reach in zip(field, measure.reach, strict=True):
            seen: Axis | None = None
            if self._phase_work <= MOST_PHASE_WORK:
                seen = receptive_field.through(axis, reach)
            if seen is None:
                self._warn_of_untraced(span)
                return None
            if isinstance(seen, receptive_field.Phases):
                self._phase_work += receptive_field.work(axis, reach)
                large = is_large(seen.advance)
            else:
                large = is_large(seen[0]) or is_large(seen[1])
            if large:
                raise too_large(span, _("the receptive field"))
            out.append(seen)
        return tuple(out)

    # ------------------------------------------------------------ warnings and notes

    def _volume(self, volume: Volume) -> str:
        return write_volume(volume, channels_first=self.channels_first)

    def _refuse_large(self, measure: Measure, span: Span) -> None:
        numbers = (product(measure.output), measure.params, 2 * measure.macs)
        if any(map(is_large, numbers)):
            raise too_large(span)

    def _warn(self, problem: Problem) -> None:
        """Keep a warning, once for each place."""
        span = problem.labels[0].span
        key = (problem.code, span.source.name, span.start)
        if key not in self._said:
            self._said.add(key)
            (self.notes if problem.severity == "note" else self.warnings).append(problem)

    def _warn_of_slips(self, volume: Volume, span: Span) -> None:
        meant = None
        if len(volume) == 2 and volume[0] == volume[1] > 1 and not self.channels_first:
            fact = _(
                "1-D: a length of {length} with {channels} channels",
                length=volume[0],
                channels=volume[1],
            )
            meant = f"{volume[0]}x{volume[1]}x1"
            helps = [_("did you mean {volume}?", volume=meant)]
        elif (
            len(volume) == 3
            and volume[0] in (1, 3)
            and min(volume[1:]) >= 16
            and not self.channels_first
        ):
            fact = _(
                "a height of {height}, with {channels} channels",
                height=volume[0],
                channels=volume[2],
            )
            meant = f"{volume[1]}x{volume[2]}x{volume[0]}"
            helps = [_("did you mean {volume}, or --channels-first?", volume=meant)]
        if meant:
            fix = Fix(span, meant)
            self._warn(
                Problem(
                    "volume-unlikely",
                    _("a volume is height x width x channels"),
                    [Label(span, fact)],
                    helps=helps,
                    fix=fix,
                    severity="warning",
                )
            )

    def _warn_of_unread(self, layer: Layer, volume: Volume, measure: Measure) -> None:
        rank = len(volume) - 1
        parts, read = [], []
        for axis, left in enumerate(measure.unread):
            if left:
                line = line_name(axis, rank)
                parts.append(plural(left, line))
                whole = plural(volume[axis], line)
                read.append(_("{count:,} of {lines}", count=volume[axis] - left, lines=whole))
        both = _(" and ")
        self._warn(
            Problem(
                "input-left-over",
                _("the last window ends before its input does"),
                [Label(layer.span, _("{lines} left over", lines=both.join(parts)))],
                notes=[_("its windows read {lines}", lines=both.join(read))],
                severity="warning",
            )
        )

    def _count_lettered(self, layer: Layer, volume: Volume, measure: Measure) -> None:
        """Refuse too many formulas; say which divisions in them are taken to come out whole."""
        self._lettered += 1
        if self._lettered > MOST_LETTERED:
            raise too_long().at(layer.span)
        numbers = (*measure.output, measure.params, measure.macs)
        new = frozenset[str]().union(*map(taken_in, numbers)) - frozenset[str]().union(
            *map(taken_in, volume)
        )
        if new:
            self._warn(
                Problem(
                    "taken-as-whole",
                    _("a division of letters is taken to come out whole"),
                    [Label(layer.span, ", ".join(sorted(new)))],
                    severity="warning",
                )
            )

    def _warn_of_unused(self, item: Item) -> None:
        if not _is_kept(item):
            self._warn(
                Problem(
                    "output-unused",
                    _("nothing takes this output up"),
                    [Label(item.span)],
                    helps=[_("label it and read the label, or leave it out")],
                    severity="warning",
                )
            )

    def _warn_of_untraced(self, span: Span) -> None:
        self._warn(
            Problem(
                "receptive-field-not-traced",
                _("the units differ here in too many ways for their receptive fields to be traced"),
                [Label(span)],
                severity="warning",
            )
        )

    def _warn_of_field(self, item: Join, why: str) -> None:
        self._warn(
            Problem(
                "no-one-receptive-field",
                _("there is no one receptive field behind this join"),
                [Label(item.span, why)],
                severity="warning",
            )
        )

    def _note_misaligned(self, item: Join, axes: tuple[Axis, ...], paths: list[str]) -> None:
        unit, centres = receptive_field.misaligned(axes)
        first = next(index for index, centre in enumerate(centres) if centre is not None)
        other = next(i for i, c in enumerate(centres) if c not in (None, centres[first]))
        labels = [
            Label(
                item.branches[i].span,
                _(
                    "{path}: unit {unit} is centred on pixel {pixel}",
                    path=paths[i],
                    unit=unit,
                    pixel=centres[i],
                ),
            )
            for i in (first, other)
        ]
        self._warn(
            Problem(
                "branches-misaligned",
                _("the branches see their input about different centres"),
                labels,
                notes=[_("the receptive field is the hull of both")],
                severity="note",
            )
        )


_JOINED: dict[str, Callable[[Trace, Join, list[Volume]], Volume]] = {
    "concat": Trace._concat,  # noqa: SLF001 - the table stands beside its class
    "add": Trace._add,  # noqa: SLF001
    "mul": Trace._mul,  # noqa: SLF001
}


def given_volume(network: Network) -> Given | None:
    """Return the volume that a network begins with: its own, or that of a model it begins with."""
    given, sequence = network.volume, network.sequence
    while given is None and sequence.items:
        item = sequence.items[0]
        while isinstance(item, Labelled):
            item = item.item
        if isinstance(item, Call):
            given, sequence = item.definition.volume, item.definition.sequence
        elif isinstance(item, Group):
            sequence = item.sequence
        else:
            break
    return given


def volume_missing(network: Network) -> Problem:
    """Return the problem of a network that does not say what comes in."""
    start = network.sequence.items[0].span
    return Problem(
        "volume-missing",
        _("the network does not say what comes in"),
        [Label(start)],
        helps=[_("begin with a volume, as in '32x32x3 -> ...', or give one with --input")],
        fix=Fix(Span(start.source, start.start, start.start), "32x32x3 -> "),
    )


def last_finite(rows: Reversible[Row]) -> Row | None:
    """Return the last row that does not see all: the field that people speak of."""
    for row in reversed(rows):
        if isinstance(row.rf, tuple) and row.rf and not row.aux:
            return row
    return None


def first_larger(rows: Iterable[Row], sizes: tuple[int, ...]) -> Row | None:
    """Return the first row whose field is larger than the input along an axis."""
    for row in rows:
        if isinstance(row.rf, tuple) and not row.aux and any(map(gt, row.rf, sizes)):
            return row
    return None


def settled(given: Given) -> Volume:
    """Return a volume all of whose sizes are numbers."""
    nothing = Scope({}, None)
    return tuple(number_of(size, nothing) for size in given.sizes)


class _Where(str):
    """A note of where a problem came about, told from others in every language."""

    __slots__ = ()


def _with_note(problem: Problem, note: str) -> Problem:
    """Return a problem with a note of where it came about, for the innermost three."""
    places = sum(isinstance(each, _Where) for each in problem.notes)
    if problem.code == "too-many-layers" or places >= 3:
        return problem
    return problem.at(problem.labels[0].span, _Where(note)) if problem.labels else problem


def _path(first: int, last: int) -> str:
    """Return the name of a branch: its rows, by number."""
    if first >= last:  # one row; or none, where the branch is a group *0 or goes back to a label
        return _("row {number}", number=last)
    return _("rows {first}-{last}", first=first, last=last)


def _is_kept(item: Item) -> bool:
    """Return whether an item's output is kept: by a label, or as an output of the network."""
    if isinstance(item, Labelled | Reference):
        return True
    if isinstance(item, Layer):
        return item.kind.name == "output"
    if isinstance(item, Group) and item.times is None:
        return _is_kept(item.sequence.items[-1])
    return False


def _is_identity(branch: Sequence) -> bool:
    """Return whether a branch passes its input on."""
    return all(isinstance(item, Layer) and item.kind.name == "identity" for item in branch.items)


def _shortcut(item: Join, pair: list[int], volumes: list[Volume]) -> tuple[list[str], Fix | None]:
    """Return what brings a branch to the size of the other, to type."""
    one, other = pair
    if item.how == "add":
        if not _is_identity(item.branches[other]):
            one, other = other, one
        wanted, have = volumes[one], volumes[other]
        if len(wanted) == len(have) > 1 and _is_identity(item.branches[other]):
            strides = {-(-n // to) for n, to in zip(have[:-1], wanted[:-1], strict=True)}
            step = max(strides)
            if all(-(-n // step) == to for n, to in zip(have[:-1], wanted[:-1], strict=True)):
                right = f"conv {wanted[-1]} k1" + (f" s{step}" if step > 1 else "")
                text = _(
                    "bring the shortcut to {volume}: '{layer}'",
                    volume=write_volume(wanted),
                    layer=right,
                )
                if step == 1:
                    text = _(
                        "bring the shortcut to {channels} channels: '{layer}'",
                        channels=wanted[-1],
                        layer=right,
                    )
                return [text], Fix(item.branches[other].span, right)
        return [_("give both branches the same filters, strides and paddings")], None
    if item.how == "concat":
        text = _("give the branches the same strides, and paddings that keep their sizes")
        return [text], None
    return [_("a gate has the channels of what it multiplies, or is 1 wide")], None


def _does_not_tile(layer: Layer, geometry: tuple[int, ...]) -> Problem:
    """Return the problem of windows that do not tile their input, by CS231n's rule."""
    n, before, after, k, s, d = (shown(number) for number in geometry)
    working = n + padding(before, after) - extent(k, d)
    slack, stride = plain(working), plain(s)
    return Problem(
        "windows-do-not-tile",
        _("the windows do not tile the map, which --strict asks for"),
        [
            Label(
                layer.span,
                _("stride {stride} does not divide {slack}", stride=stride, slack=slack),
            )
        ],
        notes=[f"{working} = {slack} = {slack // stride}*{stride} + {slack % stride}"],
        helps=[_("change the padding, or leave --strict out: every framework rounds down")],
    )
