"""The walk through a network, its items as modules one after another.

It follows all calls of a definition at once, so that one class says them all: its numbers are
expressions of its parameters, and hold their values at each call beside them. What a module is
called and how modules are put together is said by the library that code is written for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, cast

from cnncalc.codegen.flow import Stream, choose_channels, hold, join_flows, merge_flows
from cnncalc.codegen.layout import IfElse, Node, Rounds, Same, flat
from cnncalc.codegen.numbers import NotAlike, Number, constant, negate, python_number
from cnncalc.codegen.rounds import Piece, first_of, gather_rounds, name_of
from cnncalc.codegen.uses import LayerUse, channels_of, use_of
from cnncalc.notation.evaluation import Scope, number_of
from cnncalc.notation.tree import Call, Group, Item, Join, Labelled, Layer, Pending
from cnncalc.notation.wrong_numbers import letter_needs_number
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem
from cnncalc.trace.expansion import resolved
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cnncalc.codegen.bindings import Env
    from cnncalc.kinds.volumes import Volume

MOST_PARTS = BUDGET.parts  # layers, rounds and calls that are written one by one


class Walk(ABC):
    """Walks through items: first to collect all calls, then to write modules.

    `reserved` are the words of the code, `taken` the names of attributes that are not free, and
    `training` is what says in it that it is trained. `tell` is told how much of what was collected
    is written, from 0 to 1.
    """

    reserved: frozenset[str]
    taken: frozenset[str]
    training: str

    def __init__(self, tell: Callable[[float], object] = float) -> None:
        self.collecting = True
        self.tell = tell
        self.parts = self.collected = 0
        self.sides: dict[int, bool] = {}

    @abstractmethod
    def modules(self, use: LayerUse, channels: Number) -> list[Piece]:
        """Return the modules that a layer is, which gives so many channels."""

    @abstractmethod
    def sequential(self, pieces: list[Piece]) -> Node:
        """Return modules one after another as one."""

    @abstractmethod
    def join(
        self, item: Join, branches: list[list[Piece]], outs: list[Stream], now: Stream
    ) -> Piece:
        """Return a join as a module that holds its branches; `outs` come in, `now` comes out."""

    @abstractmethod
    def stack(self, results: list[Node], axis: int) -> Node:
        """Return what branches give, stacked along a spatial axis, from 1; 0: the channels."""

    @abstractmethod
    def largest(self, results: list[Node]) -> Node:
        """Return the largest of what branches give."""

    @abstractmethod
    def multiplied(self, results: list[Node]) -> Node:
        """Return the product of what two branches give, as matrices of places and channels."""

    @abstractmethod
    def widen(self, result: Node, rank: int) -> Node:
        """Return a vector as a map of so many axes, 1 wide."""

    @abstractmethod
    def call(self, item: Call, env: Env, flow: Stream) -> tuple[list[Piece], Stream]:
        """Return a call as modules."""

    def pieces(self, items: Iterable[Item], env: Env, flow: Stream) -> tuple[list[Piece], Stream]:
        """Return items as modules one after another."""
        found: list[Piece] = []
        items = [*items]
        paired = False
        for number, item in enumerate(items):
            if paired:
                paired = False
                continue
            if isinstance(item, Group) and item.times is not None:
                pair = self._pair(item, items[number + 1 : number + 2], env, flow)
                if pair:
                    found.append(pair[0])
                    flow = pair[1]
                    paired = True
                    continue
            more, flow = self.item(item, env, flow)
            found += more
        return found, flow

    def item(self, item: Item, env: Env, flow: Stream) -> tuple[list[Piece], Stream]:
        """Return an item as modules one after another."""
        if isinstance(item, Layer | Pending):
            return self._layer(item, env, flow)
        if isinstance(item, Labelled):
            inside, flow = self.item(item.item, env, flow)
            env.name_sizes(item.label, flow)
            return [Piece(item.label, self.sequential(inside), label=True)], flow
        if isinstance(item, Group):
            if item.times is None:
                return self.pieces(item.sequence.items, env, flow)
            return self._repeat(item, env, flow)
        if isinstance(item, Call):
            return self.call(item, env, flow)
        return self._join(cast("Join", item), env, flow)

    def _layer(self, item: Layer | Pending, env: Env, flow: Stream) -> tuple[list[Piece], Stream]:
        self.count_part(item, len(flow.volumes))
        if self.collecting:
            volume, (parameters, rest) = cast("Volume", flow.volumes[0]), env.scopes[0]
            layer = item
            if isinstance(layer, Pending):
                layer = cast("Layer", resolved(layer, Scope(parameters, volume[-1]), rest))
            _refuse_letters(layer)
            out = measured(layer, volume).output
            return [], Stream((out,), constant(out[-1], 1))
        use = use_of(item, env, flow)
        volumes = tuple(
            None if layer is None or volume is None else measured(layer, volume).output
            for layer, volume in zip(use.layers, flow.volumes, strict=True)
        )
        channels = channels_of(use, volumes)
        after = Stream(volumes, channels)
        hold(after)
        return self.modules(use, channels), after

    def count(self, group: Group, env: Env, flow: Stream) -> tuple[Number, tuple[int, ...]]:
        """Return how often a group is gone through, in Python and at each call."""
        counts = tuple(
            0 if volume is None else number_of(group.times, Scope(scope[0], volume[-1]))  # type: ignore[arg-type]
            for volume, scope in zip(flow.volumes, env.scopes, strict=True)
        )
        count = python_number(group.times, env.names, flow.channels)  # type: ignore[arg-type]
        return count, counts

    def _repeat(self, group: Group, env: Env, flow: Stream) -> tuple[list[Piece], Stream]:
        count, counts = self.count(group, env, flow)
        if not any(counts):
            return [], flow
        reached = [n for n, volume in zip(counts, flow.volumes, strict=True) if volume]
        if count.literal is None and count.truth:
            if all(reached):
                return self.pieces(group.sequence.items, env.round(group, 0), flow)
            return self._maybe(group, count, counts, env, flow)
        rounds: list[list[Piece]] = []
        now = flow
        for turn in range(max(counts)):
            active = now.only(n > turn for n in counts)
            pieces, after = self.pieces(group.sequence.items, env.round(group, turn), active)
            rounds.append([piece._replace(label=False) for piece in pieces])
            settled = after.volumes == active.volumes and after.channels.text == now.channels.text
            now = merge_flows(after, now)
            if settled and not group.by_round:
                break
            self.count_part(group)
        if self.collecting:
            return [], now
        if group.shared:
            return self._same(group, count, rounds), now
        if count.literal is None and len(set(reached)) == 1 and len(flow.volumes) == 1:
            count = constant(reached[0], 1)
        if count.literal is not None:
            total = count.literal
            rounds += [rounds[-1]] * (min(total, len(rounds) + 3) - len(rounds))
            return list(gather_rounds(rounds, total, self.sequential)), now
        hold(now)
        if not rounds[0]:
            return [], now
        first, *others = [self.sequential(each) for each in rounds]
        if not others or others[0] == first:
            node, name = first, "_"
        else:
            node, name = first_of(first, others[0]), "i"
        if any(each != others[0] for each in others):
            raise NotAlike
        loop = f"for {name} in range({count.text})"
        return [Piece(name_of(rounds[0]), Rounds(node, loop), many=True)], now

    def _same(self, group: Group, count: Number, rounds: list[list[Piece]]) -> list[Piece]:
        """Return rounds of the same weights as one module, handed over so often."""
        nodes = [self.sequential(each) for each in rounds]
        if len({flat(node) for node in nodes}) > 1:
            raise not_again(group)
        return [Piece(name_of(rounds[0]), Same(nodes[0], count.text), many=True)]

    def count_part(self, item: Item, calls: int = 1) -> None:
        """Count a layer, a round or a call, of which not endlessly many are written."""
        self.parts += calls
        if self.collected:
            self.tell(min(self.parts / self.collected - 1, 1))
        if self.parts > 2 * MOST_PARTS:  # they are collected, then written
            raise Problem(
                "too-many-layers",
                _(
                    "code is written for at most {most:,} layers, rounds and calls that differ",
                    most=MOST_PARTS,
                ),
                [Label(item.span)],
                helps=[_("repeat it less often")],
            )

    def _maybe(
        self, group: Group, count: Number, counts: tuple[int, ...], env: Env, flow: Stream
    ) -> tuple[list[Piece], Stream]:
        """Return a group that is there under a condition."""
        active = flow.only(n > 0 for n in counts)
        pieces, after = self.pieces(group.sequence.items, env.round(group, 0), active)
        now = Stream(
            merge_flows(after, flow).volumes, choose_channels(after, flow, counts, count.text)
        )
        hold(now)
        node = self.sequential(pieces)
        piece = Piece(name_of(pieces), node, condition=count.text, inside=tuple(pieces))
        return [piece], now

    def _pair(
        self, group: Group, following: list[Item], env: Env, flow: Stream
    ) -> tuple[Piece, Stream] | None:
        """Return two groups of which one is there, the other not, as one choice."""
        other = following[0] if following else None
        if not isinstance(other, Group) or other.times is None:
            return None
        try:
            count, counts = self.count(group, env, flow)
            against, others = self.count(other, env, flow)
        except NotAlike:
            return None
        if count.literal is not None or not (count.truth and against.truth):
            return None
        if against.text != negate(count.text):
            return None
        first, after = (
            self.pieces(group.sequence.items, env.round(group, 0), flow.only(n > 0 for n in counts))
            if any(counts)
            else ([], flow)
        )
        second, behind = (
            self.pieces(other.sequence.items, env.round(other, 0), flow.only(n > 0 for n in others))
            if any(others)
            else ([], flow)
        )
        if not any(counts) or not any(others):
            return None
        volumes = tuple(one or two for one, two in zip(after.volumes, behind.volumes, strict=True))
        other_flow = Stream(volumes, behind.channels)
        now = Stream(volumes, choose_channels(after, other_flow, counts, count.text))
        hold(now)
        if count.text.startswith("not "):
            node = IfElse(self.sequential(second), against.text, self.sequential(first))
        else:
            node = IfElse(self.sequential(first), count.text, self.sequential(second))
        return Piece(name_of(first), node), now

    def _join(self, item: Join, env: Env, flow: Stream) -> tuple[list[Piece], Stream]:
        branches, outs = [], []
        for branch in item.branches:
            pieces, out = self.pieces(branch.items, env, flow)
            branches.append(pieces)
            outs.append(out)
        now = join_flows(item, outs)
        return [] if self.collecting else [self.join(item, branches, outs, now)], now


def not_again(item: Item) -> Problem:
    """Return the problem of what is used again, and is no one module that can be."""
    return Problem(
        "no-counterpart",
        _("this is no module that can be called again"),
        [Label(item.span)],
        helps=[_("use a part again that is the same at each use, without outputs or labels in it")],
    )


def _refuse_letters(layer: Layer) -> None:
    """Refuse a layer that has a letter for a number: modules are made of numbers."""
    for value in layer.values:
        for side in value if isinstance(value, tuple) else (value,):
            for number in side if isinstance(side, tuple) else (side,):
                if not isinstance(number, int | str | None):
                    raise letter_needs_number(number, layer.span)
