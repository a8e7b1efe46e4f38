"""What tensors can do: shapes, reshapes, arithmetic, joins and reductions."""

from __future__ import annotations

import ast
from itertools import zip_longest
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.importing.python import arrays, faults, layouts
from cnncalc.importing.python.reshapes import Reshapes, Settled
from cnncalc.importing.python.values import BATCH, Instance, Learned, Tensor, Unknown, Value
from cnncalc.kinds.volumes import times
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.speech.problem import Problem


_JOIN_OF: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("add", ""),
    ast.Sub: ("add", "Sub"),
    ast.Mult: ("mul", ""),
    ast.Div: ("mul", "Div"),
}


class Tensors(Reshapes):
    """Follows tensors: each operation is a node of the graph, or another view of one."""

    graph: Graph

    # ------------------------------------------------------------ joins

    def tensor_operator(self, kind: type[ast.operator], left: Value, right: Value) -> Value:
        """Return what an operator makes of values of which one is a tensor."""
        for each in (left, right):
            if isinstance(each, Instance | Unknown):
                return self.unknown(_("these values are not known"))
        if not isinstance(left, Tensor) and not isinstance(right, Tensor):
            known = self.guarded(arrays.combined, kind, left, right)
            if known is not None:
                return known
            return self.combined(left, right)
        if isinstance(left, Tensor) and isinstance(right, Tensor):
            if kind is ast.MatMult:
                return self.product(left, right)
            if kind not in _JOIN_OF:
                return self.unknown(_("these values are not known"))
            return self.joined(*_JOIN_OF[kind], [left, right])
        tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
        if isinstance(other, Learned):
            if kind is ast.MatMult:
                return self.times_learned(tensor, other)
            return self.with_learned(kind, tensor, other)
        if isinstance(other, int | float):
            return tensor
        return self.unknown(_("these values are not known"))

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
            self.with_view(each, ((),) * (rank - len(each.view)) + each.view) for each in tensors
        ]
        sizes = [layouts.sizes(each.view) for each in wide]
        most = tuple(max(column) for column in zip(*sizes, strict=True))
        for each in sizes:
            if any(size not in (1, to) for size, to in zip(each, most, strict=True)):
                raise self._misfit(sizes)
        made = self._joined_as_they_are(how, wide, most)
        if made is None:
            made = self._joined_apart(how, wide, most)
        if stands_in:
            self.graph.tell_stand_in(stands_in, made.node)
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
        volumes = [self.graph.volume(node) for node in nodes]
        if how != "mul" and len(set(volumes)) > 1:
            return None
        if len({len(volume) for volume in volumes if len(volume) > 1}) > 1:
            return None
        node = self.graph.join(how, nodes)
        if node is None:
            return None
        volume = self.graph.volume(node)
        held = {part for parts in view for part in parts if part[0] != layouts.BATCH_AXIS}
        own = {
            part
            for axis, size in enumerate(volume)
            for part in whole(axis if axis < len(volume) - 1 else CHANNELS, size)
        }
        return self.with_view(tensors[0], view, node) if held == own else None

    def _joined_apart(self, how: str, tensors: Sequence[Tensor], most: tuple[int, ...]) -> Tensor:
        """Return a join of tensors that hold their axes otherwise, each settled before."""
        channels = next(
            (
                place
                for each in tensors
                if (place := layouts.channels_at(each.view, self.volume(each))) is not None
            ),
            len(most) - 1 if tensors[0].last or len(most) <= 3 else 1,
        )
        ready = [self.settled(each, channels) for each in tensors]
        if how != "mul" and len({self.volume(each.tensor)[-1] for each in ready}) > 1:
            made = self._joined_apart("mul", tensors, most)  # what is 1 channel wide is as wide
            self.graph.tell_stand_in(how, made.node)
            return made
        if how != "mul":
            ready = [self.widened(each, most) for each in ready]
        node = self.graph.join(how, [each.tensor.node for each in ready])
        if node is None:
            raise self._misfit([layouts.sizes(each.view) for each in tensors])
        first = max(ready, key=lambda each: prod(self.volume(each.tensor)))
        return self.laid_out(first, node)

    def widened(self, settled: Settled, most: tuple[int, ...]) -> Settled:
        """Return a settled tensor that is as wide as others: what is 1 wide is repeated."""
        tensor, order = settled
        if layouts.sizes(tensor.view) == most:
            return settled
        volume = tuple(most[place] for place in order)
        if volume[-1] != self.volume(tensor)[-1] or len(volume) < 2:
            raise self.fault(_("this is not made wider here"))
        node = self.add_layer(make("resize", size=volume[:-1]), tensor.node)
        return Settled(self.laid_out(settled, node), order)

    def _misfit(self, sizes: Sequence[tuple[int, ...]]) -> Problem:
        said = [times(tuple(n for n in each if n != BATCH)) or "1" for each in sizes]
        return faults.does_not_fit(self.frame.file, self.node, said[0], said[-1])

    def concatenated(self, several: Sequence[Value], axis: Value) -> Value:
        """Return tensors one behind another along a dimension."""
        tensors = [self.need(each) for each in several]
        if not tensors or not all(isinstance(each, Tensor | Learned) for each in tensors):
            raise self.fault(_("these values are not known"))
        rank = len(self.tensor_sizes(tensors[0]))
        at = self.place(axis, rank)
        if len(tensors) == 1:
            return tensors[0]
        if all(isinstance(each, Learned) for each in tensors):
            sizes = list(tensors[0].sizes)
            sizes[at] = sum(each.sizes[at] for each in tensors)
            return Learned(tuple(sizes), {key: n for each in tensors for key, n in each.of.items()})
        if any(isinstance(each, Learned) for each in tensors):
            return self.behind_token(tensors, at)
        rest = {
            tuple(n for place, n in enumerate(self.tensor_sizes(each)) if place != at)
            for each in tensors
        }
        if len(rest) > 1 or any(len(each.view) != rank for each in tensors):
            raise self._misfit([self.tensor_sizes(each) for each in tensors])
        if at == layouts.batch_at(tensors[0].view):
            raise self.fault(_("the batch is not put together here"))
        held = [layouts.channels_at(each.view, self.volume(each)) for each in tensors]
        spatial = next((place for place in held if place not in (None, at)), None)
        along = at if spatial is None or at in held else spatial
        ready = [self.settled(each, along) for each in tensors]
        number = ready[0].order.index(at) + 1 if along != at else 0
        node = self.graph.join("concat", [each.tensor.node for each in ready], axis=number)
        if node is None:
            raise self._misfit([self.tensor_sizes(each) for each in tensors])
        return self.laid_out(ready[0], node)


def _widest(tensors: Sequence[Tensor]) -> tuple[int, ...]:
    """Return how wide tensors are together in each dimension, from the last."""
    sizes = [layouts.sizes(each.view)[::-1] for each in tensors]
    return tuple(max(column) for column in zip_longest(*sizes, fillvalue=1))
