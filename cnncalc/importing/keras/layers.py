"""Layers of Keras as the nodes that they make."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.graph import KEEP_SHAPE
from cnncalc.importing.keras.attention import attended, scored
from cnncalc.importing.keras.calls import LayerCall, name_of
from cnncalc.importing.keras.merges import EXACT, MERGES
from cnncalc.importing.keras.moves import centered, joined, linked, permuted, target_reshaped
from cnncalc.importing.keras.norms import NORMS, axis_of_channels, moments, of_places
from cnncalc.importing.keras.operations import KerasFunction, operation_of
from cnncalc.importing.keras.products import dotted, einsum_dense
from cnncalc.importing.keras.shapes import ENTRY, LAYER, fits
from cnncalc.importing.keras.steps import MOST_NESTED, RECURRENT, at_each_step, recurrent_outputs
from cnncalc.importing.layers import at_each_place, from_module, make
from cnncalc.kinds import modules
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.modules import ACTIVATIONS, KERAS, ModuleError, Wanted, activated, is_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.keras.calls import KerasCall
    from cnncalc.kinds.volumes import Volume

_JOINS = {**MERGES, "CustomScaleLayer": "add"}


class KerasLayers:
    """The layers of a model, added to a graph."""

    def __init__(self, graph: Graph, channels_first: bool) -> None:
        self.graph = graph
        self.channels_first = channels_first
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
            wanted = [Wanted(_WORDS[function.lower()])]
            return [self._behind(LayerCall(kind, {}, nodes, name, ""), wanted)]
        if function and function != "Concatenate":
            known = {**(config if isinstance(config, dict) else {}), **call.given}
            own = LayerCall(function, known, nodes, name, weights)
            first = self.channels_first or bool(steps)
            return KerasFunction(self.graph, own, told, first).outputs()
        if function:
            kind, config = function, {**config, **call.given}
        if not (type(config) is dict and fits(config, LAYER)):
            return None
        own = LayerCall(kind, config, self._unmasked(call, nodes), name, weights)
        if kind in RECURRENT:
            first = self.channels_first
            return recurrent_outputs(self.graph, own, self.plain, channels_first=first)
        if kind == "ReversibleEmbedding" and call.given.get("reverse"):
            return [self._reversed(own)]
        if steps and kind not in (*_JOINS, "Concatenate"):
            own = own._replace(kind="TimeDistributed", config={"layer": entry})
        elif steps and kind == "Concatenate" and type(config.get("axis")) is int:
            axis = config["axis"] + (config["axis"] > 0)
            own = own._replace(config={**config, "axis": axis})
        made = self.add(own)
        return None if made is None else [made]

    def _unmasked(self, call: KerasCall, nodes: Sequence[int]) -> list[int]:
        """Return what a layer works on: masks alone change no shape, and learn nothing."""
        roles = call.roles if len(call.roles) == len(nodes) else ("",) * len(nodes)
        kept = [node for node, role in zip(nodes, roles, strict=True) if "mask" not in role]
        masks = sorted({*nodes} - {*kept})
        return [linked(self.graph, kept[0], masks, "Where"), *kept[1:]] if kept else [*nodes]

    def add(self, call: LayerCall) -> int | None:
        """Return the node of a layer; None for one that is none of ours, or not written so."""
        kind, config, nodes, name, _weights, _depth = call
        if not (type(config) is dict and fits(config, LAYER)):
            return None
        if kind == "Normalization" and len(nodes) == 1:
            self.held[call.weights] = moments(config, self._sizes(nodes[0]))
        if kind in _JOINS:
            if len(nodes) == 1:
                return nodes[0]
            node = joined(self.graph, _JOINS[kind], nodes, name)
            if node is not None and kind not in EXACT:
                self.graph.tell_stand_in(kind, node)
            return node
        if kind == "Concatenate":
            return self._concatenated(config.get("axis", -1), nodes, name)
        if kind == "Dot" and not self.channels_first:
            return dotted(self.graph, config.get("axes"), nodes, name)
        if kind == "EinsumDense" and not self.channels_first:
            node = einsum_dense(self.graph, call)
            return None if node is None else self._activated(call, node)
        if kind in ("Attention", "AdditiveAttention") and len(nodes) > 1:
            return scored(self.graph, call)
        if kind in ("MultiHeadAttention", "GroupQueryAttention"):
            alone = self._attention(call)
            if alone is not None or self.channels_first:
                return alone
            return attended(self.graph, call)
        if len(nodes) > 1:
            return self._kept(kind, nodes, name)
        (node,) = nodes
        if kind in ("SpectralNormalization", "Pipeline"):
            return self._around(call)
        if kind.lower() in ACTIVATIONS and find(kind, KERAS) is None:
            return self._behind(call, [Wanted(ACTIVATIONS[kind.lower()])])
        entry = find(kind.rpartition(">")[2], KERAS)
        if kind in ("CenterCrop", "RandomCrop"):
            return centered(self.graph, call)
        if kind == "RepeatVector" and config.get("n") and is_size(config["n"]):
            volume = (config["n"], *self.graph.volume(node))
            return self.graph.opaque(kind, [node], volume, name, 0)
        if kind == "Permute" and not self.channels_first:
            return self._permuted(config.get("dims"), node, name)
        if entry is None:
            return None
        if entry.kind == "reshape":
            return target_reshaped(self.graph, call, is_turned=self.channels_first)
        try:
            return self._known(entry, call)
        except ModuleError:
            if kind == "TimeDistributed":
                return self._at_each_step(call)
            if entry.kind not in KEEP_SHAPE:
                return None
            return of_places(self.graph, call, self._sizes(nodes[0]), self.held)

    def _sizes(self, node: int) -> Volume:
        """Return the sizes of a node in the order that the model has them."""
        volume = self.graph.volume(node)
        return (volume[-1], *volume[:-1]) if self.channels_first else volume

    def _known(self, entry: modules.Module, call: LayerCall) -> int:
        """Return the layers that an entry says; `ModuleError` for arguments that fit none."""
        rank = len(self.graph.volume(call.nodes[0])) - 1
        values = self._bound(entry, call.config, rank)
        return self._behind(call, modules.translate(entry, values, rank))

    def _at_each_step(self, call: LayerCall) -> int | None:
        """Return what TimeDistributed makes of a layer that is none of ours over all steps."""
        inner = call.config.get("layer")
        if not isinstance(inner, dict) or call.depth > MOST_NESTED or self.channels_first:
            return None
        own = call.inside(inner)._replace(nodes=[0])

        def run(alone: Graph) -> int | None:
            before, self.graph = self.graph, alone
            try:
                return self.add(own)
            finally:
                self.graph = before

        return at_each_step(self.graph, call.nodes[0], own.kind, call.name, run)

    def plain(self, call: LayerCall) -> int | None:
        """Return a layer of one input by its entry in the table; None where it has none so."""
        entry = find(call.kind, KERAS)
        try:
            made = self._known(entry, call) if entry else None
        except ModuleError:
            return None
        return made if made != call.nodes[0] else None  # it is no layer, so written

    def _attention(self, call: LayerCall) -> int | None:
        """Return an attention of what comes in on itself, in one layer; None for others."""
        rank = len(self.graph.volume(call.nodes[0])) - 1
        axes = call.config.get("attention_axes")
        axes = [axes] if isinstance(axes, int) else axes or [*range(1, rank + 1)]
        own = len({*call.nodes}) == 1 and {a % (rank + 2) for a in axes} == {*range(1, rank + 1)}
        return self.plain(call) if own else None

    def _activated(self, call: LayerCall, node: int) -> int:
        """Return what a layer's own activation makes."""
        own = call._replace(nodes=[node], name="")
        return self._behind(own, activated(call.config.get("activation")))

    def _around(self, call: LayerCall) -> int | None:
        """Return the layer, or the layers, inside another that changes neither shapes nor costs."""
        (found,), config = call.nodes, call.config
        made: int | None = found
        for place, inner in enumerate(config.get("layers") or [config.get("layer")]):
            if not fits(inner, ENTRY) or not inner or made is None or call.depth > MOST_NESTED:
                return None
            title = call.name if "layer" in config else name_of(inner)
            own = call.inside(inner, f"{call.weights} {place}")
            made = self.add(own._replace(nodes=[made], name=title))
            if made is not None and "layer" in config:  # a vector as long as its filters
                self.held[call.weights] = int(self.graph.volume(made)[-1])
        return made

    def _reversed(self, call: LayerCall) -> int | None:
        """Return an embedding backwards, a score for each word, by the same numbers or its own."""
        kind, config, (node, *_more), name, weights, _depth = call
        words, volume = config.get("input_dim"), self.graph.volume(node)
        if not words or not is_size(words):
            return None
        if config.get("tie_weights") is False:
            layer = make("linear", units=words, nobias=True)
            return self.graph.layer(layer, node, name, f"{weights} reverse")
        macs = prod(volume) * words
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

    def _behind(self, call: LayerCall, made: Sequence[Wanted]) -> int:
        """Return the last of some layers behind a node; those that cost something have its name."""
        node, name = call.nodes[0], call.name
        for place, wanted in enumerate(made):
            volume, weights = self.graph.volume(node), f"{call.weights} {place}"
            if wanted.branches:
                branch = call._replace(nodes=[node], name="")
                ends = [self._behind(branch, each) for each in wanted.branches]
                node = self.graph.joined(wanted.kind, ends)
                continue
            if wanted.stands_for:
                node = self.graph.skip_as_identity(node, wanted.stands_for, name)
                continue
            flags = [flag for flag in ("noscale", "nobias") if wanted.arguments.get(flag)]
            if wanted.kind in NORMS and flags:
                rest = {k: v for k, v in wanted.arguments.items() if k not in flags}
                layer = from_module(wanted._replace(arguments=rest), volume[-1])
                node = self.graph.layer(layer, node, "", weights)
                self.graph.learns_no(node, *flags)
                continue
            before = wanted.kind == "dwconv" and place + 1 < len(made) and made[place + 1]
            title = f"{name}_depthwise" if before and before.kind == "conv" else name
            layer = from_module(at_each_place(wanted, volume), volume[-1])
            titled = title if wanted.kind in _TITLED else ""
            node = self.graph.layer(layer, node, titled, weights)
        return node


_WORDS = {word.replace("_", ""): kind for word, kind in ACTIVATIONS.items()}
_TITLED = frozenset(
    """
    conv dwconv deconv local linear maxpool avgpool gap gmp adaptiveavgpool adaptivemaxpool
    embedding lstm gru rnn attention
    """.split()
)
