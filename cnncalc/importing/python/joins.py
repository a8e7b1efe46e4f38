"""Joins of tensors: value by value, and one behind another along a dimension."""

from __future__ import annotations

from itertools import zip_longest
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.importing.python import layouts
from cnncalc.importing.python.nodes import Settled
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.python.meetings import Meetings
    from cnncalc.importing.python.values import Value


class Joins:
    """Joins tensors, value by value or one behind another."""

    def __init__(self, meetings: Meetings) -> None:
        self.machine = meetings.machine
        self.nodes, self.shapes = meetings.nodes, meetings.shapes
        self.meetings = meetings

    def combined(self, left: Value, right: Value) -> Value:
        """Return what two tensors that do not depend on the input are together."""
        several = [each for each in (left, right) if isinstance(each, Learned)]
        rank = max(len(each.sizes) for each in several)
        wide = [(1,) * (rank - len(each.sizes)) + each.sizes for each in several]
        made = tuple(max(column) for column in zip(*wide, strict=True))
        return Learned(made, {key: n for each in several for key, n in each.of.items()})

    def joined(self, how: str, stands_in: str, tensors: Sequence[Tensor]) -> Tensor:
        """Return tensors joined value by value; what is 1 wide is as wide as the others."""
        if how == "mul":  # it makes wide by itself what is 1 wide
            plain = [each.narrow or each for each in tensors]
            tensors = plain if _widest(plain) == _widest(tensors) else tensors
        rank = max(len(each.view) for each in tensors)
        wide = [
            self.nodes.with_view(each, ((),) * (rank - len(each.view)) + each.view)
            for each in tensors
        ]
        sizes = [layouts.sizes(each.view) for each in wide]
        most = tuple(max(column) for column in zip(*sizes, strict=True))
        for each in sizes:
            if any(size not in (1, to) for size, to in zip(each, most, strict=True)):
                raise self.shapes.unlike(sizes)
        made = self._joined_as_they_are(how, wide, most)
        if made is None:
            made = self._joined_apart(how, wide, most)
        if stands_in:
            self.nodes.graph.tell_stand_in(stands_in, made.node)
        return made

    def _joined_as_they_are(
        self, how: str, tensors: Sequence[Tensor], most: tuple[int, ...]
    ) -> Tensor | None:
        """Return a join of tensors that hold their axes alike; None where they do not."""
        view = views.broadcast([each.view for each in tensors])
        if view is None or (
            how != "mul" and any(layouts.sizes(each.view) != most for each in tensors)
        ):
            return None
        nodes = [each.node for each in tensors]
        volumes = [self.nodes.graph.volume(node) for node in nodes]
        if how != "mul" and len(set(volumes)) > 1:
            return None
        if len({len(volume) for volume in volumes if len(volume) > 1}) > 1:
            return None
        node = self.nodes.graph.join(how, nodes)
        if node is None:
            return None
        volume = self.nodes.graph.volume(node)
        held = {part for parts in view for part in parts if part[0] != layouts.BATCH_AXIS}
        own = {
            part
            for axis, size in enumerate(volume)
            for part in whole(axis if axis < len(volume) - 1 else CHANNELS, size)
        }
        return self.nodes.with_view(tensors[0], view, node) if held == own else None

    def _joined_apart(self, how: str, tensors: Sequence[Tensor], most: tuple[int, ...]) -> Tensor:
        """Return a join of tensors that hold their axes otherwise, each settled before."""
        channels = next(
            (
                place
                for each in tensors
                if (place := layouts.channels_at(each.view, self.nodes.volume(each))) is not None
            ),
            len(most) - 1 if tensors[0].last or len(most) <= 3 else 1,
        )
        ready = [self.nodes.settled(each, channels) for each in tensors]
        if how != "mul" and len({self.nodes.volume(each.tensor)[-1] for each in ready}) > 1:
            made = self._joined_apart("mul", tensors, most)  # what is 1 channel wide is as wide
            self.nodes.graph.tell_stand_in(how, made.node)
            return made
        if how != "mul":
            ready = [self.widened(each, most) for each in ready]
        node = self.nodes.graph.join(how, [each.tensor.node for each in ready])
        if node is None:
            raise self.shapes.unlike([layouts.sizes(each.view) for each in tensors])
        first = max(ready, key=lambda each: prod(self.nodes.volume(each.tensor)))
        return self.nodes.laid_out(first, node)

    def widened(self, settled: Settled, most: tuple[int, ...]) -> Settled:
        """Return a settled tensor that is as wide as others: what is 1 wide is repeated."""
        tensor, order = settled
        if layouts.sizes(tensor.view) == most:
            return settled
        volume = tuple(most[place] for place in order)
        if volume[-1] != self.nodes.volume(tensor)[-1] or len(volume) < 2:
            raise self.machine.fault(_("this is not made wider here"))
        return Settled(self.nodes.layer_behind(settled, make("resize", size=volume[:-1])), order)

    def concatenated(self, several: Sequence[Value], axis: Value) -> Value:
        """Return tensors one behind another along a dimension."""
        tensors = [self.machine.need(each) for each in several]
        if not tensors or not all(isinstance(each, Tensor | Learned) for each in tensors):
            raise self.machine.fault(_("these values are not known"))
        rank = self.shapes.rank(tensors[0])
        at = self.shapes.place(axis, rank)
        if len(tensors) == 1:
            return tensors[0]
        if all(isinstance(each, Learned) for each in tensors):
            sizes = list(tensors[0].sizes)
            sizes[at] = sum(each.sizes[at] for each in tensors)
            return Learned(tuple(sizes), {key: n for each in tensors for key, n in each.of.items()})
        if any(isinstance(each, Learned) for each in tensors):
            return self.meetings.behind_token(tensors, at)
        rest = {
            tuple(n for place, n in enumerate(self.shapes.tensor_sizes(each)) if place != at)
            for each in tensors
        }
        if len(rest) > 1 or any(len(each.view) != rank for each in tensors):
            raise self.shapes.unlike([self.shapes.tensor_sizes(each) for each in tensors])
        if at == layouts.batch_at(tensors[0].view):
            raise self.machine.fault(_("the batch is not put together here"))
        held = [layouts.channels_at(each.view, self.nodes.volume(each)) for each in tensors]
        spatial = next((place for place in held if place not in (None, at)), None)
        along = at if spatial is None or at in held else spatial
        ready = [self.nodes.settled(each, along) for each in tensors]
        number = ready[0].order.index(at) + 1 if along != at else 0
        node = self.nodes.graph.join("concat", [each.tensor.node for each in ready], axis=number)
        if node is None:
            raise self.shapes.unlike([self.shapes.tensor_sizes(each) for each in tensors])
        return self.nodes.laid_out(ready[0], node)


def _widest(tensors: Sequence[Tensor]) -> tuple[int, ...]:
    """Return how wide tensors are together in each dimension, from the last."""
    sizes = [layouts.sizes(each.view)[::-1] for each in tensors]
    return tuple(max(column) for column in zip_longest(*sizes, fillvalue=1))
