"""Products of tensors, of two or by learned matrices, and what operators make of tensors."""

from __future__ import annotations

import ast
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.python import arrays, layouts
from cnncalc.importing.python.objects import Instance
from cnncalc.importing.python.tensor_values import BATCH, Learned, Tensor
from cnncalc.importing.python.values import Unknown, Value
from cnncalc.kinds.modules import Wanted
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.python.joins import Joins


_JOIN_OF: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("add", ""),
    ast.Sub: ("add", "Sub"),
    ast.Mult: ("mul", ""),
    ast.Div: ("mul", "Div"),
}


class Products:
    """Follows products of matrices, and operators between tensors."""

    def __init__(self, joins: Joins) -> None:
        self.machine, self.meetings = joins.machine, joins.meetings
        self.nodes, self.shapes = joins.nodes, joins.shapes
        self.joins = joins

    def product(self, left: Value, right: Value) -> Value:
        """Return the product of two stacks of matrices."""
        if isinstance(left, Learned) or isinstance(right, Learned):
            if isinstance(left, Learned) and isinstance(right, Learned):
                made = self.joins.combined(left, right)
                return Learned((*left.sizes[:-1], right.sizes[-1]), made.of)
            if isinstance(right, Learned):
                return self.times_learned(left, right)
        one, other = self.shapes.tensor_sizes(left), self.shapes.tensor_sizes(right)
        if len(one) < 2 or len(other) < 2 or one[-1] != other[-2]:
            raise self.shapes.unlike([one, other])
        made = self._as_matrices(left, right)
        if made is not None:
            return made
        rank = max(len(one), len(other))
        stacks = [(1,) * (rank - len(each)) + each[:-2] for each in (one, other)]
        sizes = (*(max(pair) for pair in zip(*stacks, strict=True)), one[-2], other[-1])
        nodes = [each.node for each in (left, right) if isinstance(each, Tensor)]
        macs = prod(size for size in sizes if size != BATCH) * one[-1]
        return self.nodes.opaque("matmul", nodes, sizes, learned=0, macs=macs)

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
            raise self.machine.fault(_("this product is not followed"))
        orders = [*stack, *own[0], *summed], [*stack, *summed, *own[1]]
        one, other = (
            self.shapes.permuted(self.machine.need(each), [term.index(letter) for letter in order])
            for each, term, order in zip(tensors, (first, second), orders, strict=True)
        )
        return self.shapes.permuted(self.product(one, other), [whole.index(each) for each in out])

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
        plans = [
            layouts.plan(right.view, self.nodes.volume(right), at) for at in (rank - 1, rank - 2)
        ]
        is_turned = plans[0].turned and (not plans[1].turned or plans[1].layer == "")
        one = self.nodes.settled(left, rank - 1)
        other = self.nodes.settled(right, rank - 2 if is_turned else rank - 1).tensor.node
        if is_turned:
            other = self.nodes.add_layer(make("transpose"), other)
        node = self.nodes.graph.join("product", [one.tensor.node, other])
        return None if node is None else self.nodes.laid_out(one, node)

    def times_learned(self, tensor: Tensor, other: Learned) -> Value:
        """Return the product of a tensor and a learned matrix: a linear layer without bias."""
        if len(other.sizes) != 2 or other.whole != prod(other.sizes) or len(other.keys) != 1:
            raise self.machine.fault(_("this product is not followed"))
        (key,) = other.keys
        return self.linear(tensor, other.sizes[0], other.sizes[1], f"p{key}", nobias=True)

    def linear(
        self, tensor: Tensor, takes: int, gives: int, weights: str, *, nobias: bool
    ) -> Tensor:
        """Return a linear layer of weights of its own behind a tensor."""
        settled = self.nodes.settled(tensor, len(tensor.view) - 1)
        if self.nodes.volume(settled.tensor)[-1] != takes:
            raise self.shapes.misfit(takes, settled.tensor)
        made = [Wanted("linear", {"units": gives, "nobias": nobias})]
        node = self.nodes.layers_behind(made, settled.tensor.node, weights)
        return self.nodes.laid_out(settled, node)

    def tensor_operator(self, kind: type[ast.operator], left: Value, right: Value) -> Value:
        """Return what an operator makes of values of which one is a tensor."""
        for each in (left, right):
            if isinstance(each, Instance | Unknown):
                return self.machine.unknown(_("these values are not known"))
        if not isinstance(left, Tensor) and not isinstance(right, Tensor):
            known = self.machine.guarded(arrays.combined, kind, left, right)
            if known is not None:
                return known
            return self.joins.combined(left, right)
        if isinstance(left, Tensor) and isinstance(right, Tensor):
            if kind is ast.MatMult:
                return self.product(left, right)
            if kind not in _JOIN_OF:
                return self.machine.unknown(_("these values are not known"))
            return self.joins.joined(*_JOIN_OF[kind], [left, right])
        tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
        if isinstance(other, Learned):
            if kind is ast.MatMult:
                return self.times_learned(tensor, other)
            return self.meetings.with_learned(kind, tensor, other)
        if isinstance(other, int | float):
            return tensor
        return self.machine.unknown(_("these values are not known"))
