"""Products of tensors: of two that depend on the input, and of one by learned matrices."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.python import layouts
from cnncalc.importing.python.modules import Modules
from cnncalc.importing.python.values import (
    BATCH,
    Learned,
    Tensor,
    Value,
)
from cnncalc.kinds.modules import Wanted
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence


class Products(Modules):
    """Follows products of matrices, and what has a shape and is no layer here."""

    def product(self, left: Value, right: Value) -> Value:
        """Return the product of two stacks of matrices."""
        if isinstance(left, Learned) or isinstance(right, Learned):
            if isinstance(left, Learned) and isinstance(right, Learned):
                made = self.combined(left, right)
                return Learned((*left.sizes[:-1], right.sizes[-1]), made.of)
            if isinstance(right, Learned):
                return self.times_learned(left, right)
        one, other = self.tensor_sizes(left), self.tensor_sizes(right)
        if len(one) < 2 or len(other) < 2 or one[-1] != other[-2]:
            raise self._misfit([one, other])
        made = self._as_matrices(left, right)
        if made is not None:
            return made
        rank = max(len(one), len(other))
        stacks = [(1,) * (rank - len(each)) + each[:-2] for each in (one, other)]
        sizes = (*(max(pair) for pair in zip(*stacks, strict=True)), one[-2], other[-1])
        nodes = [each.node for each in (left, right) if isinstance(each, Tensor)]
        macs = prod(size for size in sizes if size != BATCH) * one[-1]
        return self.opaque("matmul", nodes, sizes, learned=0, macs=macs)

    def einsum(self, equation: Value, tensors: Sequence[Value]) -> Value:
        """Return an Einsum of two tensors, as a product of stacks of matrices."""
        terms, _arrow, out = str(equation).replace(" ", "").partition("->")
        first, _comma, second = terms.partition(",")
        both = [each for each in first if each in second]
        stack = [each for each in both if each in out]
        summed = [each for each in both if each not in out]
        own = [[each for each in term if each not in both] for term in (first, second)]
        whole = [*stack, *own[0], *own[1]]
        if (
            len(tensors) != 2
            or [*map(len, (*own, summed))] != [1, 1, 1]
            or sorted(whole) != sorted(out)
        ):
            raise self.fault(_("this product is not followed"))
        orders = [*stack, *own[0], *summed], [*stack, *summed, *own[1]]
        one, other = (
            self.permuted(self.need(each), [term.index(letter) for letter in order])
            for each, term, order in zip(tensors, (first, second), orders, strict=True)
        )
        return self.permuted(self.product(one, other), [whole.index(each) for each in out])

    def _as_matrices(self, left: Tensor, right: Tensor) -> Tensor | None:
        """Return a product of two tensors, each settled as a stack of matrices; None for no such.

        The second is turned behind that where its values stand so, as keys do in attention.
        """
        rank = len(left.view)
        sizes = [layouts.sizes(each.view) for each in (left, right)]
        places = [layouts.batch_at(each.view) for each in (left, right)]
        if len(right.view) != rank or sizes[0][:-2] != sizes[1][:-2] or places[0] != places[1]:
            return None
        if any(layouts.has_batch(parts) for each in (left, right) for parts in each.view[-2:]):
            return None
        plans = [layouts.plan(right.view, self.volume(right), at) for at in (rank - 1, rank - 2)]
        is_turned = plans[0].turned and (not plans[1].turned or plans[1].layer == "")
        one = self.settled(left, rank - 1)
        other = self.settled(right, rank - 2 if is_turned else rank - 1).tensor.node
        if is_turned:
            other = self.add_layer(make("transpose"), other)
        node = self.graph.join("product", [one.tensor.node, other])
        return None if node is None else self.laid_out(one, node)

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
            raise self.fault(_("the batch is mixed with the values of one input here"))
        rest = [place for place in range(len(sizes)) if place != batch]
        channels = 1 if len(sizes) > 3 and batch == 0 else len(sizes) - 1
        order = [*(place for place in rest if place != channels), channels]
        volume = tuple(sizes[place] for place in order)
        if not volume or any(size % BATCH == 0 for size in volume):
            raise self.fault(_("the batch is mixed with the values of one input here"))
        node = self.graph.opaque(kind, list(dict.fromkeys(nodes)), volume, "", learned, macs)
        return Tensor(node, layouts.laid_out(volume, order, len(sizes), batch))

    def times_learned(self, tensor: Tensor, other: Learned) -> Value:
        """Return the product of a tensor and a learned matrix: a linear layer without bias."""
        if len(other.sizes) != 2 or other.whole != prod(other.sizes) or len(other.keys) != 1:
            raise self.fault(_("this product is not followed"))
        (key,) = other.keys
        return self.linear(tensor, other.sizes[0], other.sizes[1], f"p{key}", nobias=True)

    def linear(
        self, tensor: Tensor, takes: int, gives: int, weights: str, *, nobias: bool
    ) -> Tensor:
        """Return a linear layer of weights of its own behind a tensor."""
        settled = self.settled(tensor, len(tensor.view) - 1)
        if self.volume(settled.tensor)[-1] != takes:
            raise self.misfit(takes, settled.tensor)
        made = [Wanted("linear", {"units": gives, "nobias": nobias})]
        node = self.layers_behind(made, settled.tensor.node, weights)
        return self.laid_out(settled, node)
