"""Reshapes, permutations and settled tensors: their dimensions as the axes of a volume."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.views import CHANNELS, MOST_RANK, whole
from cnncalc.importing.python import faults, layouts
from cnncalc.importing.python.outside import Outside
from cnncalc.importing.python.values import BATCH, Learned, Tensor, Value
from cnncalc.kinds.volumes import times
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer

_A_LAYER = 40
"""As many steps as a layer takes."""


class Reshapes(Outside):
    """Follows reshapes."""

    graph: Graph

    def tensor_sizes(self, value: Value) -> tuple[int, ...]:
        """Return the sizes of a tensor's dimensions."""
        return value.sizes if isinstance(value, Learned) else layouts.sizes(value.view)

    def shape_of(self, value: Value) -> tuple[Any, ...]:
        """Return a tensor's shape as its framework shows it: Keras leaves the batch open."""
        found = self.tensor_sizes(value)
        if isinstance(value, Tensor) and value.last:
            place = layouts.batch_at(value.view)
            return tuple(None if at == place else size for at, size in enumerate(found))
        return found

    def volume(self, tensor: Tensor) -> Volume:
        """Return the volume of a tensor's node."""
        return self.graph.volume(tensor.node)

    def place(self, value: Value, rank: int) -> int:
        """Return a dimension by its number, from the end where it is below 0."""
        value = self.need(value)
        if not isinstance(value, int) or not -rank <= value < rank:
            raise self.raised("IndexError", _("the tensor has {count} dimensions", count=rank))
        return value % rank

    def whole_sizes(self, values: Sequence[Value]) -> list[int]:
        """Return sizes that a call gives one by one, or as one list."""
        if len(values) == 1 and isinstance(values[0], list | tuple):
            values = values[0]
        found = []
        for each in values:
            value = self.need(each)
            if value is None:
                value = -1
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if not isinstance(value, int):
                raise self.fault(_("this size is not known"))
            found.append(value)
        if len(found) > MOST_RANK:
            raise self.fault(_("this size is not known"))
        return found

    def add_layer(self, layer: Layer, node: int, name: str = "", weights: str = "") -> int:
        """Add a layer behind a node; its fault is the source's line's."""
        self.spend(_A_LAYER)
        try:
            return self.graph.layer(layer, node, name, weights)
        except Problem as problem:
            raise problem.at(faults.span_of(self.frame.file, self.node)) from None

    def settled(self, tensor: Tensor, channels: int) -> Settled:
        """Return a tensor whose node's channels are one of its dimensions, all others spatial."""
        view = tensor.view
        if layouts.is_batch_split(view):
            raise self.fault(_("the batch is split here"))
        made = layouts.plan(view, self.volume(tensor), channels)
        if not made.layer:
            return Settled(tensor, made.order)
        if layouts.has_batch(view[channels]):
            raise self.fault(_("the batch is mixed with the values of one input here"))
        layer = make(made.layer) if made.layer != "reshape" else make("reshape", volume=made.volume)
        node = self.add_layer(layer, tensor.node)
        if made.turned:
            self.graph.tell_stand_in("permute", node)
        ready = Tensor(node, layouts.planned_view(view, made), last=tensor.last)
        return Settled(ready, made.order)

    def with_view(self, tensor: Tensor, view: views.View, node: int | None = None) -> Tensor:
        """Return a tensor in another view, or of another node."""
        return Tensor(tensor.node if node is None else node, view, last=tensor.last)

    def laid_out(self, settled: Settled, node: int) -> Tensor:
        """Return what a layer makes of a settled tensor, with its dimensions in the same places."""
        volume = self.graph.volume(node)
        made = layouts.Plan(settled.order, volume, "", turned=False)
        view = layouts.planned_view(settled.tensor.view, made)
        return Tensor(node, view, last=settled.tensor.last)

    def reshaped(self, tensor: Value, wanted: Sequence[Value]) -> Value:
        """Return a tensor in other dimensions; -1 stands for what is left."""
        dims = self.whole_sizes(wanted)
        total = prod(self.tensor_sizes(tensor))
        if dims.count(-1) > 1:
            raise self.raised("RuntimeError", _("only one size can be left open"))
        rest = prod(each for each in dims if each != -1)
        if -1 in dims and rest and total % rest == 0:
            dims[dims.index(-1)] = total // rest
        if prod(dims) != total or min(dims, default=1) < 1:
            raise self.misshapen(tensor, dims)
        if isinstance(tensor, Learned):
            return Learned(tuple(dims), tensor.of)
        view = views.reshaped(tensor.view, dims)
        if view is None and (plain := self._flat(tensor)) is not None:
            view = views.reshaped(plain.view, dims)
            tensor = plain
        if view is None:
            raise self.fault(_("these dimensions are not followed"))
        return self.recognised(self.with_view(tensor, view))

    def _flat(self, tensor: Tensor) -> Tensor | None:
        """Return a tensor as a batch of vectors, its values in the order of its dimensions."""
        if layouts.batch_at(tensor.view) != 0:
            return None
        count = prod(layouts.sizes(tensor.view)[1:])
        node = self.add_layer(make("flatten"), tensor.node)
        return self.with_view(tensor, ((layouts.BATCH_PART,), whole(CHANNELS, count)), node)

    def misshapen(self, tensor: Value, dims: Sequence[int]) -> Problem:
        """Return the problem of a reshape to another number of values."""
        found = [size for size in self.tensor_sizes(tensor) if size % BATCH]
        return faults.does_not_fit(
            self.frame.file,
            self.node,
            layouts.written(dims),
            times(tuple(found)) or "1",
        )

    def recognised(self, tensor: Tensor) -> Tensor:
        """Return a tensor that was flattened as a vector, and one whose channels were shuffled."""
        volume = self.volume(tensor)
        view = tensor.view
        is_batch = view[:1] == ((layouts.BATCH_PART,),) and not layouts.has_batch(view[-1])
        if len(view) == 2 and len(volume) > 1 and is_batch:
            return self.settled(tensor, 1).tensor
        if dealt := views.shuffled(view, volume):
            shuffle = make("shuffle", numbers=(str(dealt[1]),))
            return self.with_view(tensor, dealt[0], self.add_layer(shuffle, tensor.node))
        return tensor

    def permuted(self, tensor: Value, order: Sequence[Value]) -> Value:
        """Return a tensor with its dimensions in another order."""
        found = self.tensor_sizes(tensor)
        places = [self.place(each, len(found)) for each in self.whole_sizes(order)]
        if sorted(places) != list(range(len(found))):
            raise self.raised("RuntimeError", _("each dimension stands once in the order"))
        if isinstance(tensor, Learned):
            return Learned(tuple(found[each] for each in places), tensor.of)
        return self.recognised(self.with_view(tensor, tuple(tensor.view[each] for each in places)))

    def flattened(self, tensor: Value, start: Value, end: Value) -> Value:
        """Return a tensor with some of its dimensions as one."""
        found = self.tensor_sizes(tensor)
        first, last = self.place(start, len(found)), self.place(end, len(found))
        return self.reshaped(
            tensor, [*found[:first], prod(found[first : last + 1]), *found[last + 1 :]]
        )

    def squeezed(self, tensor: Value, places: Sequence[Value]) -> Value:
        """Return a tensor without dimensions that are 1 wide: those, or all."""
        found = self.tensor_sizes(tensor)
        several = [self.place(each, len(found)) for each in self.whole_sizes(places)]
        drop = {
            place
            for place, size in enumerate(found)
            if size == 1 and (place in several or not places)
        }
        kept = [place for place in range(len(found)) if place not in drop]
        if isinstance(tensor, Learned):
            return Learned(tuple(found[each] for each in kept), tensor.of)
        return self.recognised(self.with_view(tensor, tuple(tensor.view[each] for each in kept)))

    def unsqueezed(self, tensor: Value, place: Value) -> Value:
        """Return a tensor with one more dimension, 1 wide."""
        found = self.tensor_sizes(tensor)
        at = self.place(place, len(found) + 1)
        if isinstance(tensor, Learned):
            return Learned((*found[:at], 1, *found[at:]), tensor.of)
        return self.with_view(tensor, (*tensor.view[:at], (), *tensor.view[at:]))


class Settled(NamedTuple):
    """A tensor whose node's volume is its dimensions in an order: spatial ones, then channels."""

    tensor: Tensor
    order: tuple[int, ...]
