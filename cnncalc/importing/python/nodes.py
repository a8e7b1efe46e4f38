"""Tensors and the nodes that make them: settled as their volumes, and layers behind them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from cnncalc.importing.layers import at_each_place, from_module, make
from cnncalc.importing.python import faults, layouts
from cnncalc.importing.python.tensor_values import BATCH, Tensor
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.onnx.views import View
    from cnncalc.importing.python.machine import Machine
    from cnncalc.importing.python.values import Value
    from cnncalc.kinds.modules import Wanted
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer

_A_LAYER = 40
"""As many steps as a layer takes."""


class Settled(NamedTuple):
    """A tensor whose node's volume is its dimensions in an order: spatial ones, then channels."""

    tensor: Tensor
    order: tuple[int, ...]


class TensorNodes:
    """The graph that tensors are nodes of."""

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

    def volume(self, tensor: Tensor) -> Volume:
        """Return the volume of a tensor's node."""
        return self.graph.volume(tensor.node)

    def add_layer(self, layer: Layer, node: int, name: str = "", weights: str = "") -> int:
        """Add a layer behind a node; its fault is the source's line's."""
        self.machine.spend(_A_LAYER)
        try:
            return self.graph.layer(layer, node, name, weights)
        except Problem as problem:
            raise problem.at(faults.span_of(*self.machine.here)) from None

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

    def with_view(self, tensor: Tensor, view: View, node: int | None = None) -> Tensor:
        """Return a tensor in another view, or of another node."""
        return Tensor(tensor.node if node is None else node, view, last=tensor.last)

    def alike(self, tensor: Tensor, node: int) -> Tensor:
        """Return what a node makes that keeps a tensor's shape."""
        return self.with_view(tensor, tensor.view, node)

    def laid_out(self, settled: Settled, node: int) -> Tensor:
        """Return what a layer makes of a settled tensor, with its dimensions in the same places.

        Where it has more dimensions or fewer, they stand as in what comes in.
        """
        volume, last = self.graph.volume(node), settled.tensor.last
        if len(volume) != len(settled.order):
            return Tensor(node, layouts.entry_view(volume, "last" if last else "first"), last=last)
        made = layouts.Plan(settled.order, volume, "", turned=False)
        return Tensor(node, layouts.planned_view(settled.tensor.view, made), last=last)

    def layer_behind(
        self, settled: Settled, layer: Layer, weights: str = "", name: str = ""
    ) -> Tensor:
        """Return what a layer of ours makes of a settled tensor."""
        node = self.add_layer(layer, settled.tensor.node, name, weights)
        return self.laid_out(settled, node)

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
