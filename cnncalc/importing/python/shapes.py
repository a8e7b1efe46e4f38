"""Shapes of tensors: reshapes, permutations, and tensors settled as the volumes of their nodes."""

from __future__ import annotations

from contextlib import contextmanager
from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import at_each_place, from_module, make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.views import CHANNELS, MOST_RANK, whole
from cnncalc.importing.python import faults, layouts
from cnncalc.importing.python.values import BATCH, Learned, Tensor, Value
from cnncalc.kinds.volumes import times
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.python.machine import Machine
    from cnncalc.kinds.modules import Wanted
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer

_A_LAYER = 40
"""As many steps as a layer takes."""


class Shapes:
    """Shapes of tensors, and the graph whose nodes make them."""

    def __init__(self, machine: Machine, graph: Graph) -> None:
        self.machine = machine
        self.graph = graph

    @contextmanager
    def beside(self, graph: Graph) -> Iterator[None]:
        """Add what comes to another graph, and go on with this one behind it."""
        before, self.graph = self.graph, graph
        try:
            yield
        finally:
            self.graph = before

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
        value = self.machine.need(value)
        if not isinstance(value, int) or not -rank <= value < rank:
            raise self.machine.raised(
                "IndexError", _("the tensor has {count} dimensions", count=rank)
            )
        return value % rank

    def whole_sizes(self, values: Sequence[Value]) -> list[int]:
        """Return sizes that a call gives one by one, or as one list."""
        if len(values) == 1 and isinstance(values[0], list | tuple):
            values = values[0]
        found = []
        for each in values:
            value = self.machine.need(each)
            if value is None:
                value = -1
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if not isinstance(value, int):
                raise self.machine.fault(_("this size is not known"))
            found.append(value)
        if len(found) > MOST_RANK:
            raise self.machine.fault(_("this size is not known"))
        return found

    def add_layer(self, layer: Layer, node: int, name: str = "", weights: str = "") -> int:
        """Add a layer behind a node; its fault is the source's line's."""
        self.machine.spend(_A_LAYER)
        try:
            return self.graph.layer(layer, node, name, weights)
        except Problem as problem:
            raise problem.at(faults.span_of(self.machine.frame.file, self.machine.node)) from None

    def settled(self, tensor: Tensor, channels: int) -> Settled:
        """Return a tensor whose node's channels are one of its dimensions, all others spatial."""
        view = tensor.view
        if layouts.is_batch_split(view):
            raise self.machine.fault(_("the batch is split here"))
        made = layouts.plan(view, self.volume(tensor), channels)
        if not made.layer:
            return Settled(tensor, made.order)
        if layouts.has_batch(view[channels]):
            raise self.machine.fault(_("the batch is mixed with the values of one input here"))
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
            raise self.machine.raised("RuntimeError", _("only one size can be left open"))
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
            raise self.machine.fault(_("these dimensions are not followed"))
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
            self.machine.frame.file,
            self.machine.node,
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
            raise self.machine.raised("RuntimeError", _("each dimension stands once in the order"))
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

    def opaque(
        self,
        kind: str,
        nodes: list[int],
        sizes: Sequence[int],
        learned: int | None = None,
        macs: int = 0,
    ) -> Value:
        """Return a tensor of known sizes that something makes which is no layer here."""
        batch = next((place for place, size in enumerate(sizes) if size == BATCH), None)
        if batch is None:
            raise self.machine.fault(_("the batch is mixed with the values of one input here"))
        rest = [place for place in range(len(sizes)) if place != batch]
        channels = 1 if len(sizes) > 3 and batch == 0 else len(sizes) - 1
        order = [*(place for place in rest if place != channels), channels]
        volume = tuple(sizes[place] for place in order)
        if not volume or any(size % BATCH == 0 for size in volume):
            raise self.machine.fault(_("the batch is mixed with the values of one input here"))
        node = self.graph.opaque(kind, list(dict.fromkeys(nodes)), volume, "", learned, macs)
        return Tensor(node, layouts.laid_out(volume, order, len(sizes), batch))

    def layers_behind(
        self, made: Sequence[Wanted], node: int, weights: str = "", name: str = ""
    ) -> int:
        """Return the last of some layers behind a node."""
        for place, wanted in enumerate(made):
            volume = self.graph.volume(node)
            if wanted.branches:
                ends = [self.layers_behind(each, node) for each in wanted.branches]
                node = self.graph.joined(wanted.kind, ends)
                continue
            if wanted.stands_for:
                node = self.graph.skip_as_identity(node, wanted.stands_for)
                continue
            layer = from_module(at_each_place(wanted, volume), volume[-1])
            key = f"{weights}.{place}" if weights else ""
            node = self.add_layer(layer, node, name, key)
        return node

    def misfit(self, takes: int, tensor: Tensor) -> Problem:
        """Return the problem of a layer that takes another number of channels."""
        volume = self.volume(tensor)
        arrive = f"{volume[-1]:,}"
        place = self.machine.frame.file, self.machine.node
        return faults.does_not_fit(*place, f"{takes:,}", arrive, self.machine.applying)

    def unlike(self, sizes: Sequence[tuple[int, ...]]) -> Problem:
        """Return the problem of tensors whose sizes do not go together."""
        said = [times(tuple(n for n in each if n != BATCH)) or "1" for each in sizes]
        return faults.does_not_fit(self.machine.frame.file, self.machine.node, said[0], said[-1])

    def channels_beside(self, tensor: Tensor, place: int) -> int:
        """Return which dimension a tensor's channels are, for an operation on one of them."""
        found = layouts.channels_at(tensor.view, self.volume(tensor))
        if found is not None:
            return found
        rank = len(tensor.view)
        batch = layouts.batch_at(tensor.view)
        usual = rank - 1 if tensor.last or rank <= 3 else 1
        if usual == batch:
            return place
        return rank - 1 if layouts.has_batch(tensor.view[usual]) else usual


class Settled(NamedTuple):
    """A tensor whose node's volume is its dimensions in an order: spatial ones, then channels."""

    tensor: Tensor
    order: tuple[int, ...]
