"""Layers of Keras as the nodes that they make."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.graph import KEEP_SHAPE
from cnncalc.importing.keras.attention import attended, scored
from cnncalc.importing.keras.calls import name_of
from cnncalc.importing.keras.moves import centered, joined, linked, permuted, target_reshaped
from cnncalc.importing.keras.norms import NORMS, axis_of_channels, hold_moments, of_places
from cnncalc.importing.keras.operations import KerasFunction, operation_of
from cnncalc.importing.keras.products import dotted, einsum_dense
from cnncalc.importing.keras.shapes import ENTRY, LAYER, fits
from cnncalc.importing.keras.steps import (
    MOST_NESTED,
    RECURRENT,
    at_each_step,
    recurrent_outputs,
)
from cnncalc.importing.layers import at_each_place, from_module, make
from cnncalc.kinds import modules
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.modules import ACTIVATIONS, KERAS, ModuleError, Wanted, activated, is_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.keras.calls import KerasCall
    from cnncalc.kinds.volumes import Volume

_JOINS = {
    **dict.fromkeys(("Add", "Subtract", "Average", "CustomScaleLayer"), "add"),
    **dict.fromkeys(("Maximum", "Minimum"), "max"),
    "Multiply": "mul",
}
"""Layers that merge several inputs, and the join that stands for each."""


class KerasLayers:
    """The layers of a model, added to a graph."""

    def __init__(self, graph: Graph, channels_first: bool) -> None:
        self.graph = graph
        self.channels_first = channels_first
        self.weights = ""
        self.held: dict[str, int] = {}  # by weights: numbers that are not learned, no batch norm's

    def outputs(
        self, call: KerasCall, nodes: Sequence[int], told: Sequence[Volume | None], steps: Volume
    ) -> list[int | None] | None:
        """Return the outputs of a call that reads nodes; None for one that is none of ours.

        `told` are its outputs by the file's own words; `steps` at how many steps it is run.
        """
        entry, name = call.entry, call.name
        kind, config = str(entry.get("class_name")), entry.get("config") or {}
        function, weights = operation_of(entry), f"{id(entry)}"
        if function.lower() in _WORDS:
            return [self._behind(nodes[0], [Wanted(_WORDS[function.lower()])], name)]
        if function and function != "Concatenate":
            known = {**(config if isinstance(config, dict) else {}), **call.given}
            first = self.channels_first or bool(steps)
            return KerasFunction(self.graph, function, known, nodes, name, told, first).outputs()
        if function:
            kind, config = function, {**config, **call.given}
        if not (type(config) is dict and fits(config, LAYER)):
            return None
        nodes = self._unmasked(call, nodes)
        if kind in RECURRENT:
            return recurrent_outputs(self, kind, config, nodes, name, weights)
        if kind == "ReversibleEmbedding" and call.given.get("reverse"):
            return [self._reversed(config, nodes[0], name, weights)]
        if steps and kind not in (*_JOINS, "Concatenate"):
            kind, config = "TimeDistributed", {"layer": entry}
        elif steps and kind == "Concatenate" and type(config.get("axis")) is int:
            config = {**config, "axis": config["axis"] + (config["axis"] > 0)}
        made = self.add(kind, config, nodes, name, weights)
        return None if made is None else [made]

    def _unmasked(self, call: KerasCall, nodes: Sequence[int]) -> list[int]:
        """Return what a layer works on: masks alone change no shape, and learn nothing."""
        roles = call.roles if len(call.roles) == len(nodes) else ("",) * len(nodes)
        kept = [node for node, role in zip(nodes, roles, strict=True) if "mask" not in role]
        masks = sorted({*nodes} - {*kept})
        return [linked(self.graph, kept[0], masks, "Where"), *kept[1:]] if kept else [*nodes]

    def add(
        self,
        kind: str,
        config: dict[str, Any],
        nodes: Sequence[int],
        name: str,
        weights: str,
        depth: int = 0,
    ) -> int | None:
        """Return the node of a layer; None for one that is none of ours, or not written so.

        `weights` is the same for all calls of one layer; it stands so deep in layers around others.
        """
        self.weights = weights
        if not (type(config) is dict and fits(config, LAYER)):
            return None
        if kind == "Normalization" and len(nodes) == 1:
            hold_moments(self, config, self.graph.volume(nodes[0]))
        if kind in _JOINS:
            if len(nodes) == 1:
                return nodes[0]
            node = joined(self.graph, _JOINS[kind], nodes, name)
            if node is not None and kind in ("Subtract", "Average", "Minimum", "CustomScaleLayer"):
                self.graph.tell_stand_in(kind, node)
            return node
        if kind == "Concatenate":
            return self._concatenated(config.get("axis", -1), nodes, name)
        if kind == "Dot" and not self.channels_first:
            return dotted(self.graph, config.get("axes"), nodes, name)
        if kind == "EinsumDense" and not self.channels_first:
            node = einsum_dense(self, config, nodes[0], name, weights)
            return None if node is None else self._activated(config, node)
        if kind in ("Attention", "AdditiveAttention") and len(nodes) > 1:
            return scored(self, kind, config, nodes, name, weights)
        if kind in ("MultiHeadAttention", "GroupQueryAttention"):
            alone = self._attention(kind, config, nodes, name)
            if alone is not None or self.channels_first:
                return alone
            return attended(self, kind, config, nodes, name, weights)
        if len(nodes) > 1:
            return self._kept(kind, nodes, name)
        (node,) = nodes
        if kind in ("SpectralNormalization", "Pipeline"):
            return self._around(config, node, name, weights, depth)
        if kind.lower() in ACTIVATIONS and find(kind, KERAS) is None:
            return self._behind(node, [Wanted(ACTIVATIONS[kind.lower()])], name)
        entry = find(kind.rpartition(">")[2], KERAS)
        if kind in ("CenterCrop", "RandomCrop"):
            return centered(self.graph, config, node, name)
        if kind == "RepeatVector" and config.get("n") and is_size(config["n"]):
            volume = (config["n"], *self.graph.volume(node))
            return self.graph.opaque(kind, [node], volume, name, 0)
        if kind == "Permute" and not self.channels_first:
            return self._permuted(config.get("dims"), node, name)
        if entry is None:
            return None
        if entry.kind == "reshape":
            return target_reshaped(self.graph, config, node, is_turned=self.channels_first)
        try:
            made = self._wanted(entry, config, len(self.graph.volume(node)) - 1)
            return self._behind(node, made, name)
        except ModuleError:
            if kind == "TimeDistributed":
                return self._at_each_step(config, node, name, depth)
            if entry.kind not in KEEP_SHAPE:
                return None
            return of_places(self, kind, config, node, name)

    def _at_each_step(self, config: dict[str, Any], node: int, name: str, depth: int) -> int | None:
        """Return what TimeDistributed makes of a layer that is none of ours over all steps."""
        inner = config.get("layer")
        if not isinstance(inner, dict) or depth > MOST_NESTED or self.channels_first:
            return None
        kind, own = str(inner.get("class_name")), inner.get("config") or {}

        def run(alone: Graph) -> int | None:
            before, self.graph = self.graph, alone
            try:
                return self.add(kind, own, [0], name, "", depth + 1)
            finally:
                self.graph = before

        return at_each_step(self.graph, node, kind, name, run)

    def plain(
        self, kind: str, config: dict[str, Any], node: int, name: str, weights: str
    ) -> int | None:
        """Return a layer of one input by its entry in the table; None where it has none so."""
        self.weights = weights
        entry = find(kind, KERAS)
        try:
            made = self._wanted(entry, config, len(self.graph.volume(node)) - 1) if entry else ()
            return self._behind(node, made, name) if made else None
        except ModuleError:
            return None

    def _attention(
        self, kind: str, config: dict[str, Any], nodes: Sequence[int], name: str
    ) -> int | None:
        """Return an attention of what comes in on itself, in one layer; None for others."""
        rank = len(self.graph.volume(nodes[0])) - 1
        axes = config.get("attention_axes")
        axes = [axes] if isinstance(axes, int) else axes or [*range(1, rank + 1)]
        entry = find(kind, KERAS)
        if (
            entry is None
            or len({*nodes}) > 1
            or {a % (rank + 2) for a in axes} != {*range(1, rank + 1)}
        ):
            return None
        try:
            return self._behind(nodes[0], self._wanted(entry, config, rank), name)
        except ModuleError:
            return None

    def _activated(self, config: dict[str, Any], node: int) -> int:
        """Return what a layer's own activation makes."""
        return self._behind(node, activated(config.get("activation")), "")

    def _around(
        self, config: dict[str, Any], node: int, name: str, weights: str, depth: int
    ) -> int | None:
        """Return the layer, or the layers, inside another that changes neither shapes nor costs."""
        found: int | None = node
        for place, inner in enumerate(config.get("layers") or [config.get("layer")]):
            if not fits(inner, ENTRY) or not inner or found is None or depth > MOST_NESTED:
                return None
            kind, own = str(inner.get("class_name")), inner.get("config") or {}
            title = name if "layer" in config else name_of(inner)
            found = self.add(kind, own, [found], title, f"{weights} {place}", depth + 1)
            if found is not None and "layer" in config:  # a vector as long as its filters
                self.held[weights] = int(self.graph.volume(found)[-1])
        return found

    def _reversed(self, config: dict[str, Any], node: int, name: str, weights: str) -> int | None:
        """Return an embedding backwards, a score for each word, by the same numbers or its own."""
        words, volume = config.get("input_dim"), self.graph.volume(node)
        if not words or not is_size(words):
            return None
        if config.get("tie_weights") is False:
            layer = make("linear", units=words, nobias=True)
            return self.graph.layer(layer, node, name, f"{weights} reverse")
        kind, macs = "ReversibleEmbedding", prod(volume) * words
        return self.graph.opaque(kind, [node], (*volume[:-1], words), name, 0, macs)

    def _permuted(self, dims: Any, node: int, name: str) -> int | None:
        rank = len(self.graph.volume(node))
        if not isinstance(dims, list) or sorted(dims) != [*range(1, rank + 1)]:
            return None
        return permuted(self.graph, node, [axis - 1 for axis in dims], name)

    def _concatenated(self, axis: Any, nodes: Sequence[int], name: str) -> int | None:
        """Return tensors one behind the other along an axis, the batch being the first."""
        rank = len(self.graph.volume(nodes[0]))
        place = axis % (rank + 1) if isinstance(axis, int) else 0
        if self.channels_first:
            place = rank if place == 1 else place - 1
        if not 0 < place <= rank:
            return None
        if len(nodes) == 1:
            return nodes[0]
        return self.graph.join("concat", nodes, name, 0 if place == rank else place)

    def _kept(self, kind: str, nodes: Sequence[int], name: str) -> int | None:
        """Return a layer of one's own that reads several tensors of one shape and keeps it."""
        volumes = {self.graph.volume(node) for node in nodes}
        if find(kind, KERAS) or len(volumes) > 1:
            return None
        return self.graph.opaque(kind, nodes, volumes.pop(), name)

    def _wanted(
        self, entry: modules.Module, config: dict[str, Any], rank: int
    ) -> tuple[Wanted, ...]:
        """Return the layers that an entry's configuration makes on a map of so many axes."""
        return modules.translate(entry, self._bound(entry, config, rank), rank)

    def _bound(self, entry: modules.Module, config: dict[str, Any], rank: int) -> dict[str, Any]:
        """Return the arguments of a configuration by their names, with the layers in it."""
        given = dict(config)
        if entry.kind in NORMS and "axis" in given:
            given["axis"] = axis_of_channels(given["axis"], rank, self.channels_first)
        for takes in entry.takes or ():
            inner = given.get(takes.name)
            if takes.ours not in (modules.LAYER, modules.STEPPED) or not isinstance(inner, dict):
                continue
            if inside := find(str(inner.get("class_name")), KERAS):
                deep = max(rank - (takes.ours == modules.STEPPED), 0)
                own = self._bound(inside, inner.get("config") or {}, deep)
                given[takes.name] = modules.InnerModule(inside, own)
        return modules.bind(entry, (), given, strict=False)

    def _behind(self, node: int, made: Sequence[Wanted], name: str) -> int:
        """Return the last of some layers behind a node; those that cost something have its name."""
        for place, wanted in enumerate(made):
            volume = self.graph.volume(node)
            if wanted.branches:
                ends = [self._behind(node, each, "") for each in wanted.branches]
                node = self.graph.joined(wanted.kind, ends)
                continue
            if wanted.stands_for:
                node = self.graph.skip_as_identity(node, wanted.stands_for, name)
                continue
            flags = [flag for flag in ("noscale", "nobias") if wanted.arguments.get(flag)]
            if wanted.kind in NORMS and flags:
                rest = {k: v for k, v in wanted.arguments.items() if k not in flags}
                layer = from_module(wanted._replace(arguments=rest), volume[-1])
                node = self.graph.layer(layer, node, "", f"{self.weights} {place}")
                self.graph.learns_no(node, *flags)
                continue
            before = wanted.kind == "dwconv" and place + 1 < len(made) and made[place + 1]
            title = f"{name}_depthwise" if before and before.kind == "conv" else name
            layer = from_module(at_each_place(wanted, volume), volume[-1])
            titled = title if wanted.kind in _TITLED else ""
            node = self.graph.layer(layer, node, titled, f"{self.weights} {place}")
        return node


_WORDS = {word.replace("_", ""): kind for word, kind in ACTIVATIONS.items()}
_TITLED = frozenset(
    """
    conv dwconv deconv local linear maxpool avgpool gap gmp adaptiveavgpool adaptivemaxpool
    embedding lstm gru rnn attention
    """.split()
)
