"""Shapes of tensors: their sizes, and tensors in other dimensions or in another order of them."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.views import CHANNELS, MOST_RANK, whole
from cnncalc.importing.python import faults, layouts
from cnncalc.importing.python.tensor_values import BATCH, Learned, Tensor
from cnncalc.kinds.volumes import times
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.python.nodes import TensorNodes
    from cnncalc.importing.python.values import Value
    from cnncalc.speech.problem import Problem


class Shapes:
    """Shapes of tensors, each a view of its node or a layer behind it."""

    def __init__(self, nodes: TensorNodes) -> None:
        self.machine, self.nodes = nodes.machine, nodes

    def tensor_sizes(self, value: Value) -> tuple[int, ...]:
        """Return the sizes of a tensor's dimensions."""
        return value.sizes if isinstance(value, Learned) else layouts.sizes(value.view)

    def rank(self, value: Value) -> int:
        """Return how many dimensions a tensor has."""
        return len(self.tensor_sizes(value))

    def shape_of(self, value: Value) -> tuple[Any, ...]:
        """Return a tensor's shape as its framework shows it: Keras leaves the batch open."""
        found = self.tensor_sizes(value)
        if isinstance(value, Tensor) and value.last:
            place = layouts.batch_at(value.view)
            return tuple(None if at == place else size for at, size in enumerate(found))
        return found

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
        return self.recognised(self.nodes.with_view(tensor, view))

    def _flat(self, tensor: Tensor) -> Tensor | None:
        """Return a tensor as a batch of vectors, its values in the order of its dimensions."""
        if layouts.batch_at(tensor.view) != 0:
            return None
        count = prod(layouts.sizes(tensor.view)[1:])
        node = self.nodes.add_layer(make("flatten"), tensor.node)
        return self.nodes.with_view(tensor, ((layouts.BATCH_PART,), whole(CHANNELS, count)), node)

    def misshapen(self, tensor: Value, dims: Sequence[int]) -> Problem:
        """Return the problem of a reshape to another number of values."""
        found = [size for size in self.tensor_sizes(tensor) if size % BATCH]
        return faults.does_not_fit(
            *self.machine.here, layouts.written(dims), times(tuple(found)) or "1"
        )

    def recognised(self, tensor: Tensor) -> Tensor:
        """Return a tensor that was flattened as a vector, and one whose channels were shuffled."""
        volume = self.nodes.volume(tensor)
        view = tensor.view
        is_batch = view[:1] == ((layouts.BATCH_PART,),) and not layouts.has_batch(view[-1])
        if len(view) == 2 and len(volume) > 1 and is_batch:
            return self.nodes.settled(tensor, 1).tensor
        if dealt := views.shuffled(view, volume):
            view, groups = dealt
            node = self.nodes.add_layer(make("shuffle", numbers=(str(groups),)), tensor.node)
            return self.nodes.with_view(tensor, view, node)
        return tensor

    def _viewed(self, tensor: Tensor, places: Sequence[int]) -> Tensor:
        """Return a tensor with some of its dimensions in an order."""
        view = tuple(tensor.view[each] for each in places)
        return self.recognised(self.nodes.with_view(tensor, view))

    def permuted(self, tensor: Value, order: Sequence[Value]) -> Value:
        """Return a tensor with its dimensions in another order."""
        found = self.tensor_sizes(tensor)
        places = [self.place(each, len(found)) for each in self.whole_sizes(order)]
        if sorted(places) != list(range(len(found))):
            raise self.machine.raised("RuntimeError", _("each dimension stands once in the order"))
        if isinstance(tensor, Learned):
            return Learned(tuple(found[each] for each in places), tensor.of)
        return self._viewed(tensor, places)

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
        return self._viewed(tensor, kept)

    def unsqueezed(self, tensor: Value, place: Value) -> Value:
        """Return a tensor with one more dimension, 1 wide."""
        found = self.tensor_sizes(tensor)
        at = self.place(place, len(found) + 1)
        if isinstance(tensor, Learned):
            return Learned((*found[:at], 1, *found[at:]), tensor.of)
        return self.nodes.with_view(tensor, (*tensor.view[:at], (), *tensor.view[at:]))

    def misfit(self, takes: int, tensor: Tensor) -> Problem:
        """Return the problem of a layer that takes another number of channels."""
        volume = self.nodes.volume(tensor)
        arrive = f"{volume[-1]:,}"
        here, applying = self.machine.here, self.machine.applying
        return faults.does_not_fit(*here, f"{takes:,}", arrive, applying)

    def unlike(self, sizes: Sequence[tuple[int, ...]]) -> Problem:
        """Return the problem of tensors whose sizes do not go together."""
        said = [times(tuple(n for n in each if n != BATCH)) or "1" for each in sizes]
        return faults.does_not_fit(*self.machine.here, said[0], said[-1])

    def channels_beside(self, tensor: Tensor, place: int) -> int:
        """Return which dimension a tensor's channels are, for an operation on one of them."""
        found = layouts.channels_at(tensor.view, self.nodes.volume(tensor))
        if found is not None:
            return found
        rank = len(tensor.view)
        batch = layouts.batch_at(tensor.view)
        usual = rank - 1 if tensor.last or rank <= 3 else 1
        if usual == batch:
            return place
        return rank - 1 if layouts.has_batch(tensor.view[usual]) else usual
