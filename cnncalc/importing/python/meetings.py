"""What learned tensors and constants make of tensors that depend on the input."""

from __future__ import annotations

import ast
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.python import arrays, layouts
from cnncalc.importing.python.tensor_values import BATCH, Learned, Tensor
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.python.shapes import Shapes
    from cnncalc.importing.python.values import Places, Value
    from cnncalc.importing.python.weights import LayerWeights


class Meetings:
    """Follows tensors that meet others which do not depend on the input."""

    def __init__(self, weights: LayerWeights, shapes: Shapes) -> None:
        self.machine = shapes.machine
        self.weights, self.nodes, self.shapes = weights, shapes.nodes, shapes

    def with_learned(self, kind: type[ast.operator], tensor: Tensor, other: Learned) -> Value:
        """Return what a learned tensor makes of one that depends on the input.

        A number for each value is `position`, one for each channel a scale or a shift.
        """
        sizes = layouts.sizes(tensor.view)
        rank = len(sizes)
        wide = (1,) * (rank - len(other.sizes)) + other.sizes
        if len(wide) > rank:
            raise self.machine.fault(_("this is not made wider here"))
        for size, to in zip(wide, sizes, strict=True):
            if size not in (1, to, BATCH) and to != 1:
                raise self.shapes.unlike([other.sizes, sizes])
        if any(to == 1 < size for size, to in zip(wide, sizes, strict=True)):
            if not other.keys:
                grown = [max(pair) for pair in zip(wide, sizes, strict=True)]
                return self.nodes.opaque("Expand", [tensor.node], grown, 0)
            raise self.machine.fault(_("this is not made wider here"))
        if not other.keys:
            return tensor
        self.weights.meet(other)
        grown = [place for place, size in enumerate(wide) if size not in (1, BATCH)]
        count = prod(wide[place] for place in grown)
        if count != other.whole or len(other.keys) > 1 or other.keys & self.weights.counted:
            return self.opaque_learned(tensor, other, kind)
        adds = kind in (ast.Add, ast.Sub)
        if adds and all(place in grown or size in (1, BATCH) for place, size in enumerate(sizes)):
            self.weights.counted |= other.keys
            settled = self.nodes.settled(tensor, self.shapes.channels_beside(tensor, rank - 1))
            return self.nodes.layer_behind(settled, make("position"))
        if len(grown) == 1 and kind in (ast.Add, ast.Sub, ast.Mult):
            self.weights.counted |= other.keys
            settled = self.nodes.settled(tensor, grown[0])
            layer = make("bn", noscale=True) if adds else make("layerscale")
            made = self.nodes.layer_behind(settled, layer)
            if adds:
                self.nodes.graph.tell_stand_in("bias", made.node)
            return made
        if count == 1:
            self.weights.counted |= other.keys
            node = self.nodes.add_layer(make("prelu", count=1), tensor.node)
            self.nodes.graph.tell_stand_in("scale", node)
            return self.nodes.alike(tensor, node)
        return self.opaque_learned(tensor, other, kind)

    def opaque_learned(self, tensor: Tensor, other: Learned, kind: type[ast.operator]) -> Tensor:
        """Return what keeps a tensor's shape and is no layer, with what it learns."""
        learned = sum(n for key, n in other.of.items() if key not in self.weights.counted)
        self.weights.counted |= other.keys
        volume = self.nodes.volume(tensor)
        if learned and kind in (ast.Add, ast.Sub) and min(other.keys) > 0:  # of no layer
            node = self.nodes.add_layer(make("position", count=learned), tensor.node)
        else:
            node = self.nodes.graph.opaque(kind.__name__, [tensor.node], volume, "", learned)
        return self.nodes.alike(tensor, node)

    def behind_token(self, tensors: Sequence[Value], at: int) -> Value:
        """Return a sequence behind learned tokens, or what stands beside constants."""
        if not any(each.keys for each in tensors if isinstance(each, Learned)):
            return self._beside_constants(tensors, at)
        found = [each for each in tensors if isinstance(each, Tensor)]
        tokens = [each for each in tensors if isinstance(each, Learned)]
        if len(found) != 1 or len(tokens) < len(tensors) - 1:
            raise self.machine.fault(_("these values are not known"))
        (tensor,) = found
        for token in tokens:
            tensor = self._with_token(tensor, token, at)
        return tensor

    def _with_token(self, tensor: Tensor, token: Learned, at: int) -> Tensor:
        """Return a sequence with learned tokens at one of its ends."""
        sizes, own = layouts.sizes(tensor.view), token.sizes
        channels = self.shapes.channels_beside(tensor, len(sizes) - 1)
        fits = len(own) == len(sizes) and all(
            size == to or place == at or (size == 1 and place == layouts.batch_at(tensor.view))
            for place, (size, to) in enumerate(zip(own, sizes, strict=True))
        )
        if not fits or at == channels:
            raise self.machine.fault(_("these values are not known"))
        settled = self.nodes.settled(tensor, channels)
        self.weights.meet(token)
        if len(settled.order) != 2 or token.whole != own[at] * own[channels] or not token.keys:
            raise self.machine.fault(_("these values are not known"))
        self.weights.counted |= token.keys
        return self.nodes.layer_behind(settled, make("token", count=own[at]))

    def _beside_constants(self, tensors: Sequence[Value], at: int) -> Value:
        """Return tensors and constants along a dimension: no layer here, but its shape is known."""
        sizes = [self.shapes.tensor_sizes(each) for each in tensors]
        made = list(sizes[0])
        made[at] = sum(each[at] for each in sizes)
        nodes = [each.node for each in tensors if isinstance(each, Tensor)]
        return self.nodes.opaque("cat", nodes, made, 0)

    def numbers_of(self, name: str, places: Places) -> Value:
        """Return numbers that a package makes, as a tensor that learns nothing."""
        first = places[0] if places else []
        if name in ("arange", "linspace"):
            known = 0 < len(places) <= 3 and all(isinstance(each, int | float) for each in places)
            if known and (made := arrays.spaced(name, places)) is not None:
                return made
            if name == "linspace" and len(places) > 2:
                first = places[2]
            elif len(places) > 1 and all(isinstance(each, int) for each in places[:2]):
                first = max(places[1] - places[0], 1)
            count = first if isinstance(first, int) else 1
            return Learned((count,))
        if name in ("zeros", "ones", "eye"):
            several = first if isinstance(first, list | tuple) else [first]
            return Learned(tuple(self.shapes.whole_sizes(several)) * (2 if name == "eye" else 1))
        if isinstance(first, Learned):
            return first
        if isinstance(first, list | tuple) and (values := arrays.numbers(first)) is not None:
            return arrays.row(values)
        found: list[int] = []
        while isinstance(first, list | tuple):
            found.append(len(first))
            first = first[0] if first else None
        return Learned(tuple(found))
