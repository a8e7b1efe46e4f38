"""What stands in brackets, is called, or comes again: its rows, and the places around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from cnncalc.notation.evaluation import whole_number
from cnncalc.notation.expressions import sizes_name
from cnncalc.notation.tree import Sequence
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem
from cnncalc.trace.expansion import refuse_too_many_rounds
from cnncalc.trace.flow import NOTHING, Frame
from cnncalc.trace.joins import measured_join
from cnncalc.trace.resolutions import opened
from cnncalc.trace.round_walk import RoundWalk
from cnncalc.trace.rows import Place
from cnncalc.trace.whereabouts import in_again, in_call, in_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.notation.tree import Again, Call, Group, Item, Join, Pending
    from cnncalc.trace.course import Course
    from cnncalc.trace.fields import FieldTrace
    from cnncalc.trace.flow import FirstUse, Flow
    from cnncalc.trace.layers import Layers
    from cnncalc.trace.ledger import Ledger
    from cnncalc.trace.sharing import Record

T = TypeVar("T")


class RowWalk(Protocol):
    """The walk that comes to brackets, and goes on in them: where its rows go, and its ways in."""

    ledger: Ledger
    layers: Layers
    fields: FieldTrace
    course: Course | None
    whole: set[int]

    def decide(
        self, item: Pending | Call | Group, flow: Flow, frame: Frame, decision: Callable[[Flow], T]
    ) -> T:
        """Return what is decided of an item that a flow comes in to."""

    def item(self, item: Item, flow: Flow, frame: Frame, label: str | None) -> Flow:
        """Trace an item whose last row has a label."""

    def sequence(self, sequence: Sequence, flow: Flow, frame: Frame) -> Flow:
        """Trace the items of a sequence."""

    def labelled_last(
        self, sequence: Sequence, flow: Flow, frame: Frame, label: str | None
    ) -> Flow:
        """Trace a sequence whose last row has a label, unless it has one of its own."""


FEWEST = 16
"""Rounds of a repeat some of which may not be walked: the first ones are, and the last."""


def group(
    walk: RowWalk, group: Group, flow: Flow, frame: Frame, label: str | None, *, named: bool
) -> Flow:
    """Trace what is in brackets, as often as its count says."""
    if group.times is None:
        around = walk.ledger.places
        walk.ledger.places = walk.ledger.fold(group, label) if named else around
        flow = walk.labelled_last(group.sequence, flow, frame, label)
        walk.ledger.places = around
        return flow
    times = group.times
    count = walk.decide(group, flow, frame, lambda flow: whole_number(times, frame.scope(flow)))
    if count < 0:
        raise Problem(
            "negative-number",
            _("a count is never negative"),
            [Label(group.span, str(count))],
            helps=[_("write it so that it comes to 0 or more")],
        )
    if count > 1 and type(group.times) is not int:
        left = walk.ledger.most_layers - walk.ledger.index
        refuse_too_many_rounds(group, count, frame.scope(flow), frame.rest, left)
    around = walk.ledger.places
    inside = walk.ledger.fold(group, label) if named else around
    walk.ledger.serial += 1
    serial = walk.ledger.serial
    turn, inner, rounds = 0, None, None
    if walk.course and group.shared:
        walk.course.is_known = False
    is_plain = count >= FEWEST and not (group.by_round or group.shared)
    if is_plain and walk.ledger.passes_over and not walk.layers.sharing.is_on:
        rounds = RoundWalk(walk.ledger, flow, count, len(inside))
    try:
        while turn < count:
            turn += 1
            walk.ledger.count_round(group.span)
            walk.ledger.places = (*inside, Place("repeat", turn, count, serial))
            if group.shared:
                walk.layers.sharing.begin_round(group, turn)
            if inner is None or group.by_round or inner.labels:  # else it is as it was
                inner = frame.round(group, turn - 1)
            if turn < count or label is None:
                flow = walk.sequence(group.sequence, flow, inner)
            else:
                flow = walk.labelled_last(group.sequence, flow, inner, label)
            if rounds:
                turn, flow = rounds.behind(turn, flow)
    except Problem as problem:
        raise in_round(problem, turn, count) from None
    if group.shared:
        walk.layers.sharing.end_rounds(group)
    walk.ledger.places = around
    return flow


def again(walk: RowWalk, item: Again, flow: Flow, frame: Frame, label: str | None) -> Flow:
    """Trace what has a label once more: as its first use decided, with its weights."""
    walk.ledger.count_round(item.span)
    around = walk.ledger.places
    use = cast("FirstUse", frame.find(item.label).use)
    if walk.course:
        walk.course.is_known = False
    if walk.layers.sharing.decides:  # what is said of it is known already
        return walk.labelled_last(_alone(use.item), flow, use.frame.inner(), label)
    if use not in walk.layers.sharing.known:
        walk.layers.sharing.known[use] = _recorded(walk, use)
    walk.ledger.places = walk.ledger.fold(item, label)
    try:
        with walk.layers.sharing.following(walk.layers.sharing.known[use]):
            flow = walk.labelled_last(_alone(use.item), flow, use.frame.inner(), label)
    except Problem as problem:
        raise in_again(problem, item) from None
    walk.ledger.places = around
    return flow


def _recorded(walk: RowWalk, use: FirstUse) -> Record:
    """Return what a first use decided and the weights that it had, without new rows."""
    sharing = walk.layers.sharing
    with walk.ledger.looking_ahead(use.row), sharing.recording() as record:
        walk.item(use.item, use.flow, use.frame.inner(), None)
    return record


def call(
    walk: RowWalk, call: Call, flow: Flow, frame: Frame, label: str | None, *, named: bool
) -> Flow:
    """Trace a definition with what a call gives it."""
    walk.ledger.count_round(call.span)
    found = walk.decide(call, flow, frame, lambda flow: opened(call, flow, frame))
    spoken, parameters, rest, key = found
    around = walk.ledger.places
    if call.definition.volume is None:  # a model is all there is, and does not fold
        walk.ledger.places = walk.ledger.fold(spoken, label if named else None)
    given = call.definition.volume
    is_network = frame.is_network and id(call) in walk.whole
    inner = Frame({**parameters}, rest, {}, is_network=is_network, key=key)
    if given and given.label:
        inner.labels[given.label] = flow
        inner.parameters[sizes_name(given.label)] = flow.volume[:-1]
    try:
        flow = walk.labelled_last(call.definition.sequence, flow, inner, label)
    except Problem as problem:
        raise in_call(problem, call, parameters) from None
    walk.ledger.places = around
    return flow


def side(walk: RowWalk, item: Join, flow: Flow, frame: Frame, label: str | None) -> Flow:
    """Trace a branch whose output goes nowhere."""
    around = walk.ledger.places
    inside = walk.ledger.fold(item, label) if label else around
    walk.ledger.serial += 1
    walk.ledger.places = (*inside, Place("aux", 1, 1, walk.ledger.serial))
    walk.ledger.aux += 1
    walk.sequence(item.branches[0], flow, frame.inner())
    walk.ledger.aux -= 1
    walk.ledger.places = around
    return flow


def join(
    walk: RowWalk, item: Join, flow: Flow, frame: Frame, label: str | None, *, named: bool
) -> Flow:
    """Trace branches side by side, and what joins them."""
    around = walk.ledger.places
    inside = walk.ledger.fold(item, label) if named else around
    walk.ledger.serial += 1
    serial, of = walk.ledger.serial, len(item.branches)
    outs, firsts = [], []
    for number, branch in enumerate(item.branches, 1):
        walk.ledger.places = (*inside, Place("branch", number, of, serial, item))
        firsts.append(walk.ledger.adapted.number(walk.ledger.index + 1))
        outs.append(walk.sequence(branch, flow, frame))
    walk.ledger.places = inside
    walk.layers.at_places = None
    measure, field = measured_join(item, outs, firsts, walk.fields, walk.ledger)
    deepest = max(out.depth for out in outs)
    seen = {out.seen for out in outs}
    before = outs[0] if flow is NOTHING else flow
    flow = walk.ledger.write_row(
        item,
        label,
        before,
        measure,
        field,
        deepest,
        tuple(outs),
        seen=seen.pop() if len(seen) == 1 else None,
    )
    if walk.course:
        walk.course.before[flow.row] = before.row
    walk.ledger.places = around
    return flow


def _alone(item: Item) -> Sequence:
    return Sequence((item,), item.span)
