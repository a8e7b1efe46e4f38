"""What a network comes to in all, without its rows: what is alike in it is worked out once.

A second road beside `trace`, for sums: a call, or a round of a group, is one `OutlinePart` for the
same volume and numbers, its field kept from a unit of what comes in. Where `trace` would warn or
refuse, or might, an outline is `Unclear`: `trace` has the word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cnncalc.kinds.joins import JOIN_KINDS, joined, turn
from cnncalc.kinds.measure import Measure
from cnncalc.kinds.receptive_field import OWN
from cnncalc.kinds.table import OPAQUE
from cnncalc.notation.evaluation import whole_number
from cnncalc.notation.expressions import sizes_name
from cnncalc.notation.inputs import begins_inside, given_volume, settled
from cnncalc.notation.tree import (
    Call,
    Group,
    Join,
    Labelled,
    Layer,
    Pending,
    Reference,
    Sequence,
    items_in,
    takes_input,
)
from cnncalc.numbers.working import product
from cnncalc.speech.budget import BUDGET
from cnncalc.trace.expansion import MOST_LAYERS
from cnncalc.trace.fields import FieldTrace
from cnncalc.trace.flow import Flow, Frame
from cnncalc.trace.outline_parts import LARGE, Once, OutlinePart, Unclear
from cnncalc.trace.planners import PLANNERS
from cnncalc.trace.resolutions import layer_of, opened
from cnncalc.trace.rows import Row
from cnncalc.trace.warnings import unlikely, unused

if TYPE_CHECKING:
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given, Item, Network
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.settings import Settings

MOST = BUDGET.remembered


def _refuse(problem: Problem) -> None:
    """Give up where a trace would warn; what it notes is noted once it is asked for."""
    if problem.severity != "note":
        raise Unclear


class Outlines:
    """The outlines of networks by the same settings, and the parts that they have in common."""

    def __init__(self, settings: Settings) -> None:
        planner = PLANNERS[settings.planner]
        is_plain = not (settings.fold or settings.freeze or settings.like or planner.is_laid)
        self._is_plain = is_plain and settings.batch < LARGE
        self._settings = settings
        self._forward = planner.start(settings.batch, settings.dtype, settings.device)
        self._fields = FieldTrace(_refuse)
        self._once: dict[tuple[object, ...], Once] = {}
        self._parts: dict[tuple[object, ...], tuple[OutlinePart, object]] = {}
        self._closed: dict[int, tuple[Sequence, bool]] = {}

    def of(self, network: Network, given: Given | None = None) -> OutlinePart:
        """Return what a network comes to; `Unclear`, or a `Problem`, where it is to be traced."""
        given = given_volume(network, given)
        said = network.calls or network.said or network.lines or network.warnings
        if said or given is None or not self._is_plain or begins_inside(network):
            raise Unclear
        volume = settled(given)
        if not all(type(size) is int and 0 < size < LARGE for size in volume) or (
            not self._settings.channels_first and unlikely(volume, given.span)
        ):
            raise Unclear
        part = OutlinePart()
        part.take(self._kept(("input", volume), None, volume, Measure(volume, OWN), (volume,)))
        flow = Flow(volume, ((1, 1, 0),) * (len(volume) - 1), 0, seen=(0, volume))
        frame = Frame({}, (), {})
        if given.label:
            _set(given.label, flow, frame)
        part.volume = self._sequence(network.sequence, flow, frame, part).volume
        if max(part.rows - 1, part.rounds) > min(self._settings.budget.layers, MOST_LAYERS):
            raise Unclear
        return part

    def _kept(
        self,
        key: tuple[object, ...],
        node: Layer | Join | None,
        volume: Volume,
        measure: Measure,
        reads: tuple[Volume, ...],
    ) -> Once:
        """Keep a layer or a join on volumes, whose numbers are whole and none too large."""
        for number in (*measure.output, measure.params, measure.macs, product(measure.output)):
            if type(number) is not int or number > LARGE:
                raise Unclear
        row = Row(0, None, node, volume, measure, None, (), (), False, self._forward, reads=reads)
        if len(self._once) >= MOST:
            self._once.clear()
        self._once[key] = once = Once(row)
        return once

    def _sequence(self, sequence: Sequence, flow: Flow, frame: Frame, part: OutlinePart) -> Flow:
        """Take the items of a sequence into a part; return what comes out."""
        before: Item | None = None
        for item in sequence.items:
            if type(item) is Layer:
                flow = self._layer(item, flow, part)
            elif type(item) is Pending:
                flow = self._layer(layer_of(item, flow, frame), flow, part)
            elif type(item) is Call:
                flow = self._call(item, flow, frame, part)
            elif before and not takes_input(Sequence((item,), item.span)) and unused(before):
                raise Unclear
            else:
                flow = self._item(item, flow, frame, part)
            before = item
        return flow

    def _layer(self, layer: Layer, flow: Flow, part: OutlinePart) -> Flow:
        key = layer.kind.name, layer.values, flow.volume
        once = self._once.get(key) or self._measured(layer, flow.volume, key)
        part.take(once)
        output = once.measure.output
        if once.reads:
            return Flow(output, self._fields.through(flow, once.measure, layer), -1, seen=flow.seen)
        return flow if output == flow.volume else Flow(output, flow.field, -1, seen=flow.seen)

    def _measured(self, layer: Layer, volume: Volume, key: tuple[object, ...]) -> Once:
        """Keep what a layer does to a volume, where a trace has nothing to say of it."""
        measure, name = layer.measure(volume), layer.kind.name
        on_map = name == "linear" and any(size != 1 for size in volume[:-1])
        ragged = measure.ragged and self._settings.strict
        phases = isinstance(measure.reach, tuple) and any(each.phases for each in measure.reach)
        if on_map or ragged or phases or measure.unread or name == OPAQUE.name:
            raise Unclear
        return self._kept(key, layer, volume, measure, (volume,))

    def _item(self, item: Item, flow: Flow, frame: Frame, part: OutlinePart) -> Flow:
        """Take an item that is no layer into a part; return what comes out."""
        if isinstance(item, Labelled):
            flow = self._sequence(Sequence((item.item,), item.span), flow, frame, part)
            _set(item.label, flow, frame)
            return flow
        if isinstance(item, Reference):
            part.rows += 1  # it costs nothing
            return frame.find(item.label)
        if isinstance(item, Join) and item.how in JOIN_KINDS and item.layer is None:
            return self._join(item, flow, frame, part)
        if isinstance(item, Group) and not item.shared:
            if item.times is None:
                return self._sequence(item.sequence, flow, frame, part)
            return self._rounds(item, flow, frame, part)
        raise Unclear

    def _call(self, call: Call, flow: Flow, frame: Frame, part: OutlinePart) -> Flow:
        found = opened(call, flow, frame)
        inner = Frame({**found.parameters}, found.rest, {}, key=found.key)
        volume = call.definition.volume
        label = volume.label if volume else ""
        body = self._part(call.definition.sequence, flow, inner, call, label)
        part.add(body, 1)
        return body.behind(flow, 1)

    def _rounds(self, group: Group, flow: Flow, frame: Frame, part: OutlinePart) -> Flow:
        """Take the rounds of a group into a part: those to come at once where all are alike."""
        count = whole_number(cast("Any", group.times), frame.scope(flow))
        if count < 0:
            raise Unclear
        is_closed = self._is_closed(group.sequence)
        round_, left = 0, count
        while left:
            inner, times = frame.round(group, round_), 1
            if is_closed:
                body = self._part(group.sequence, flow, inner, group)
                is_alike = body.volume == flow.volume and _kind(body.field) == _kind(flow.field)
                times = left if is_alike and not group.by_round else 1
                part.add(body, times)
                flow = body.behind(flow, times)
            else:
                flow = self._sequence(group.sequence, flow, inner, part)
                part.rounds += 1
                if part.rounds > MOST_LAYERS or part.rows > MOST_LAYERS:
                    raise Unclear
            round_, left = round_ + times, left - times
        if not count:
            part.rows, part.rounds = part.rows + 1, part.rounds + 1  # a tally may count one
        return flow

    def _part(
        self, sequence: Sequence, flow: Flow, frame: Frame, owner: object, label: str = ""
    ) -> OutlinePart:
        """Return what a sequence that sees no labels but its own comes to behind a flow.

        It may see what comes in by a label.
        """
        kind = _kind(flow.field)
        key = id(sequence), frame.key, flow.volume, kind
        known = self._parts.get(key)
        if known is None:
            field = ((1, 1, 0),) * len(flow.volume[:-1]) if kind == "finite" else flow.field
            part, flow = OutlinePart(), Flow(flow.volume, field, -1, seen=flow.seen)
            if label:
                _set(label, flow, frame)
            flow = self._sequence(sequence, flow, frame, part)
            part.volume, part.field = flow.volume, flow.field
            if len(self._parts) >= MOST:
                self._parts.clear()
            known = self._parts[key] = part, owner  # so that no other can have its identity
        return known[0]

    def _is_closed(self, sequence: Sequence) -> bool:
        """Return whether a sequence names no label, neither for its map nor for its sizes."""
        known = self._closed.get(id(sequence))
        if known is None:
            if len(self._closed) >= MOST:
                self._closed.clear()
            known = self._closed[id(sequence)] = sequence, not any(map(_names, items_in(sequence)))
        return known[1]

    def _join(self, item: Join, flow: Flow, frame: Frame, part: OutlinePart) -> Flow:
        outs = [self._sequence(branch, flow, frame, part) for branch in item.branches]
        volumes = tuple([out.volume for out in outs])
        key = item.how, item.axis, volumes
        once = self._once.get(key)
        if once is None:
            kind = JOIN_KINDS[item.how]
            if any(len(volume) <= item.axis for volume in volumes) or kind.misfit(
                [turn(volume, item.axis) for volume in volumes]
            ):
                raise Unclear
            products = kind.products(volumes)
            measure = Measure(
                joined(item.how, volumes, item.axis), OWN, macs=products, products=products
            )
            once = self._kept(key, item, flow.volume, measure, volumes)
        part.take(once)
        output = once.measure.output
        field = self._fields.joined(item, outs, output, [0] * len(outs))
        return Flow(output, field, -1, seen=flow.seen)


def _set(label: str, flow: Flow, frame: Frame) -> None:
    """Set a label, and the name of its sizes, in a frame."""
    frame.labels[label] = flow
    frame.parameters[sizes_name(label)] = flow.volume[:-1]


def _kind(field: Field) -> str | None:
    """Return what is known of a field: 'finite', 'all' or nothing."""
    return "finite" if isinstance(field, tuple) else field


def _names(item: Item) -> bool:
    """Return whether an item names a label, or may."""
    if isinstance(item, Pending):
        return item.reads_sizes
    return not isinstance(item, Layer | Call | Group | Join | Labelled)


_OUTLINES: dict[Settings, Outlines] = {}


def outlines(settings: Settings) -> Outlines:
    """Return the outlines by some settings, with the parts that are known of them."""
    found = _OUTLINES.get(settings)
    if found is None:
        if len(_OUTLINES) >= 8:
            _OUTLINES.clear()
        found = _OUTLINES[settings] = Outlines(settings)
    return found


def forget() -> None:
    """Work all out anew, as if there had been no network before."""
    _OUTLINES.clear()
