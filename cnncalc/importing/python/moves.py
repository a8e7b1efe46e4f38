"""Parts of tensors: items, slices, splits; and reductions of dimensions to one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.layers import each_axis, every, make, stretch
from cnncalc.importing.python import arrays, layouts
from cnncalc.importing.python.tensor_values import Learned, States, Tensor
from cnncalc.importing.python.values import Unknown, Value
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.python.joins import Joins


class Moves:
    """Follows what takes parts of tensors, and what sums them up."""

    def __init__(self, joins: Joins) -> None:
        self.machine = joins.machine
        self.nodes, self.shapes = joins.nodes, joins.shapes
        self.joins = joins

    # ------------------------------------------------------------ items and slices

    def tensor_item(self, tensor: Value, index: Value) -> Value:
        """Return a part of a tensor, by an index of any number of dimensions."""
        if isinstance(tensor, States) and (found := tensor.one(index)) is not None:
            return found
        values = arrays.numbers(tensor)
        if values is not None and isinstance(index, int | slice):
            part = self.machine.guarded(lambda: values[index])
            return part if isinstance(index, int) else arrays.row(part)
        if isinstance(tensor, Learned) and isinstance(index, Learned):
            return Learned((*index.sizes, *tensor.sizes[1:]), tensor.of)
        several = list(index) if isinstance(index, tuple) else [index]
        if any(isinstance(each, Tensor | Learned | list | Unknown) for each in several):
            return self.machine.unknown(_("these places depend on the values of a tensor"))
        rank = self.shapes.rank(tensor)
        taken = sum(each is not None and each is not ... for each in several)
        if ... in several:
            at = several.index(...)
            several[at : at + 1] = [slice(None)] * (rank - taken)
        value, place = tensor, 0
        for each in several:
            if each is None:
                value = self.shapes.unsqueezed(value, place)
                place += 1
            elif isinstance(each, slice):
                value = self._sliced(value, place, each)
                place += 1
            elif isinstance(each, int):
                value = self.selected(value, place, each)
            else:
                raise self.machine.fault(_("these places depend on the values of a tensor"))
        return value

    def _sliced(self, tensor: Value, place: int, part: slice) -> Value:
        sizes = self.shapes.tensor_sizes(tensor)
        if place >= len(sizes):
            raise self.machine.raised(
                "IndexError", _("the tensor has {count} dimensions", count=len(sizes))
            )
        for each in (part.start, part.stop, part.step):
            if not isinstance(each, int | None):
                raise self.machine.fault(_("these places depend on the values of a tensor"))
        start, stop, step = part.indices(sizes[place])
        if step < 1:
            raise self.machine.raised("ValueError", _("a step is 1 or more"))
        return self.cut(tensor, place, start, stop, step)

    def selected(self, tensor: Value, place: int, index: int) -> Value:
        """Return one place of a dimension, without the dimension."""
        sizes = self.shapes.tensor_sizes(tensor)
        if place >= len(sizes) or not -sizes[place] <= index < sizes[place]:
            raise self.machine.raised("IndexError", _("the tensor has no such place"))
        at = index % sizes[place]
        return self.shapes.squeezed(self.cut(tensor, place, at, at + 1), [place])

    def cut(self, tensor: Value, place: int, start: int, stop: int, step: int = 1) -> Value:
        """Return a stretch of a dimension, or each so manyth place of it."""
        sizes = self.shapes.tensor_sizes(tensor)
        size = sizes[place]
        if (start, stop, step) == (0, size, 1):
            return tensor
        if start >= stop:
            raise self.machine.fault(_("nothing is left of this dimension"))
        if isinstance(tensor, Learned):
            left = -(-(stop - start) // step)
            return Learned((*sizes[:place], left, *sizes[place + 1 :]), tensor.of)
        if layouts.has_batch(tensor.view[place]):
            raise self.machine.fault(_("some of a batch are taken here"))
        channels = self.shapes.channels_beside(tensor, place)
        settled = self.nodes.settled(tensor, channels)
        axis, node = settled.order.index(place), settled.tensor.node
        volume = self.nodes.volume(settled.tensor)
        if (start, stop) != (0, size):
            node = self.nodes.add_layer(stretch(volume, axis, start, stop), node)
        if step > 1:
            if axis == len(settled.order) - 1:
                raise self.machine.fault(_("each so manyth channel is not taken here"))
            node = self.nodes.add_layer(every(volume, axis, step), node)
        return self.nodes.laid_out(settled, node)

    def split_up(self, tensor: Value, parts: Sequence[int], axis: Value) -> tuple[Value, ...]:
        """Return the parts that a dimension is split into."""
        place = self.shapes.place(axis, self.shapes.rank(tensor))
        if sum(parts) != self.shapes.tensor_sizes(tensor)[place] or min(parts, default=0) < 1:
            raise self.machine.raised("RuntimeError", _("the parts do not add up to the dimension"))
        found, start = [], 0
        for size in parts:
            found.append(self.cut(tensor, place, start, start + size))
            start += size
        return tuple(found)

    def chunked(self, tensor: Value, count: Value, axis: Value) -> tuple[Value, ...]:
        """Return a dimension in so many parts, the last of which may be smaller."""
        place = self.shapes.place(axis, self.shapes.rank(tensor))
        size = self.shapes.tensor_sizes(tensor)[place]
        if not isinstance(count, int) or count < 1:
            raise self.machine.fault(_("this size is not known"))
        each = -(-size // count)
        return self.split_up(tensor, [min(each, size - at) for at in range(0, size, each)], axis)

    def split(self, tensor: Value, size: Value, axis: Value) -> tuple[Value, ...]:
        """Return a dimension in parts of a size, or of several sizes."""
        place = self.shapes.place(axis, self.shapes.rank(tensor))
        whole_size = self.shapes.tensor_sizes(tensor)[place]
        if isinstance(size, list | tuple):
            return self.split_up(tensor, self.shapes.whole_sizes(size), axis)
        if not isinstance(size, int) or size < 1 or whole_size // size > 10_000:
            raise self.machine.fault(_("this size is not known"))
        parts = [min(size, whole_size - at) for at in range(0, whole_size, size)]
        return self.split_up(tensor, parts, axis)

    def stacked(self, several: Sequence[Value], axis: Value) -> Value:
        """Return tensors one behind another along a dimension of their own."""
        rank = self.shapes.rank(self.machine.need(several[0])) + 1 if several else 1
        place = self.shapes.place(axis, rank)
        return self.joins.concatenated(
            [self.shapes.unsqueezed(self.machine.need(each), place) for each in several], place
        )

    # ------------------------------------------------------------ reductions

    def reduced(self, tensor: Value, how: str, axes: Value, keep: Value) -> Value:
        """Return the mean, the sum or the largest over dimensions."""
        sizes = self.shapes.tensor_sizes(tensor)
        several = axes if isinstance(axes, list | tuple) else [axes]
        if axes is None and isinstance(tensor, Learned):
            return Learned((), tensor.of)
        if axes is None:
            return self.machine.unknown(_("one number is made of all values here"))
        places = sorted({self.shapes.place(each, len(sizes)) for each in several})
        if isinstance(tensor, Learned):
            made = tuple(1 if at in places else n for at, n in enumerate(sizes))
            found: Value = Learned(made, tensor.of)
        else:
            found = self._reduced(tensor, how, places)
        if keep:
            return found
        return self.shapes.squeezed(found, places) if places else found

    def _reduced(self, tensor: Tensor, how: str, places: Sequence[int]) -> Tensor:
        if any(layouts.has_batch(tensor.view[place]) for place in places):
            raise self.machine.fault(_("the inputs of a batch are put together here"))
        places = [each for each in places if tensor.view[each]]
        if not places:
            return tensor
        rest = [
            place
            for place, parts in enumerate(tensor.view)
            if place not in places and not layouts.has_batch(parts) and parts
        ]
        largest = how in ("max", "amax", "min", "amin")
        channels = layouts.channels_at(tensor.view, self.nodes.volume(tensor))
        if len(rest) == 1:  # all but one dimension: a global pool
            settled = self.nodes.settled(tensor, rest[0])
            layer = make("gmp" if largest else "gap")
        elif len(places) == 1 and (not rest or places[0] == channels):
            settled = self.nodes.settled(tensor, places[0])
            layer = make("channelmax" if largest else "channelmean")
        elif channels is not None and channels not in places:
            settled = self.nodes.settled(tensor, channels)
            sizes = layouts.sizes(tensor.view)
            kernel = each_axis(sizes[at] if at in places else 1 for at in settled.order[:-1])
            layer = make("maxpool" if largest else "avgpool", kernel=kernel)
        else:
            raise self.machine.fault(_("these dimensions are not put together here"))
        node = settled.tensor.node
        if len(settled.order) == 1 and layer.kind.name.startswith("channel"):
            row = make("reshape", volume=(1, self.nodes.graph.volume(node)[-1]))
            node = self.nodes.add_layer(
                make("flatten"), self.nodes.add_layer(layer, self.nodes.add_layer(row, node))
            )
        else:
            node = self.nodes.add_layer(layer, node)
        if how not in ("mean", "max", "amax"):
            self.nodes.graph.tell_stand_in(how, node)
        return self.nodes.laid_out(settled, node)
