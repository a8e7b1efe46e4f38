"""Layers of Keras as the nodes that they make."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.graph import KEEP_SHAPE
from cnncalc.importing.keras.products import PRODUCTS, multiplied
from cnncalc.importing.keras.shapes import LAYER, fits
from cnncalc.importing.keras.steps import at_each_step, in_both_directions, looped
from cnncalc.importing.layers import each_axis, from_module, make
from cnncalc.kinds import modules
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.modules import ACTIVATIONS, KERAS, ModuleError, Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.kinds.volumes import Volume

_OPERATORS = {
    "add": "Add",
    "multiply": "Multiply",
    "mul": "Multiply",
    "subtract": "Subtract",
    "sub": "Subtract",
    "truediv": "Multiply",
}
_JOINS = {
    **dict.fromkeys(("Add", "Subtract", "Average", "CustomScaleLayer"), "add"),
    **dict.fromkeys(("Maximum", "Minimum"), "max"),
    "Multiply": "mul",
}
"""Layers that merge several inputs, and the join that stands for each."""


class Layers:
    """The layers of a model, added to a graph."""

    def __init__(self, graph: Graph, channels_first: bool) -> None:
        self.graph = graph
        self.channels_first = channels_first
        self.weights = ""

    def add(
        self,
        kind: str,
        config: dict[str, Any],
        nodes: list[int],
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
        if kind == "TFOpLambda":  # an operator of TensorFlow's: by a number, it costs nothing here
            word = str(config.get("function")).rpartition(".")[2]
            kind = _OPERATORS.get(word, kind)
            if word in ACTIVATIONS:
                return self._behind(nodes[0], [Wanted(ACTIVATIONS[word])], name)
        if kind in _JOINS:
            if len(nodes) == 1:
                return nodes[0]
            node = self.graph.join(_JOINS[kind], nodes, name)
            if node is not None and kind in ("Subtract", "Average", "Minimum", "CustomScaleLayer"):
                self.graph.tell_stand_in(kind, node)
            return node
        if kind == "Concatenate":
            return self._concatenated(config.get("axis", -1), nodes, name)
        if kind in PRODUCTS and not self.channels_first:
            return multiplied(self.graph, kind, config, nodes, name)
        if kind == "RNN" and (one := looped(config)):
            kind, config = one
        if kind == "MultiHeadAttention" and len(set(nodes)) == 1:
            nodes = nodes[:1]
        if len(nodes) > 1:
            return self._kept(kind, nodes, name)
        if kind == "Bidirectional" and config.get("merge_mode", "concat") != "concat":
            return in_both_directions(self, config, nodes[0], name, weights)
        if kind in ("Mean", "Max"):
            return self._reduced(kind, config, nodes[0], name)
        if kind.lower() in ACTIVATIONS and find(kind, KERAS) is None:
            return self._behind(nodes[0], [Wanted(ACTIVATIONS[kind.lower()])], name)
        entry = find(kind.rpartition(">")[2], KERAS)
        if kind == "CenterCrop":
            return self._center_crop(config, nodes[0], name)
        if entry is None or (entry.kind == "transpose" and self.channels_first):
            return None
        if entry.kind == "reshape":
            return self._reshape(config, nodes[0])
        try:
            made = self._wanted(entry, config, len(self.graph.volume(nodes[0])) - 1)
            return self._behind(nodes[0], made, name)
        except ModuleError:
            if kind == "TimeDistributed":
                return at_each_step(self, config, nodes[0], depth)
            if entry.kind not in KEEP_SHAPE:
                return None
            return self._with_numbers_of_places(kind, config, nodes[0], name)

    def _concatenated(self, axis: Any, nodes: list[int], name: str) -> int | None:
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

    def _reduced(self, kind: str, config: dict[str, Any], node: int, name: str) -> int | None:
        """Return the mean or the largest of a whole map, for each channel."""
        rank = len(self.graph.volume(node))
        axes = {axis % (rank + 1) for axis in _several(config.get("axis") or ())}
        start = 2 if self.channels_first else 1
        if axes != set(range(start, start + rank - 1)) or rank == 1:
            return None
        node = self.graph.layer(make("gap" if kind == "Mean" else "gmp"), node, name)
        return node if config.get("keepdims") else self.graph.layer(make("flatten"), node)

    def _kept(self, kind: str, nodes: list[int], name: str) -> int | None:
        """Return a layer of one's own that reads several tensors of one shape and keeps it."""
        volumes = {self.graph.volume(node) for node in nodes}
        if find(kind, KERAS) or len(volumes) > 1:
            return None
        return self.graph.opaque(kind, nodes, volumes.pop(), name)

    def _with_numbers_of_places(
        self, kind: str, config: dict[str, Any], node: int, name: str
    ) -> int:
        """Return what has learned numbers for places, not for channels alone, and keeps the shape.

        One number for each value is what `position` learns; what learns others is opaque.
        """
        volume = self.graph.volume(node)
        axes = set(range(1, len(volume) + 1))
        if kind == "PReLU":
            times, learns = 1, axes - set(_several(config.get("shared_axes") or ()))
        else:
            axis = -1 if config.get("axis") is None else config["axis"]
            times = bool(config.get("center", True)) + bool(config.get("scale", True))
            learns = {each % (len(volume) + 1) for each in _several(axis)}
        sizes = [volume[-1], *volume[:-1]] if self.channels_first else volume
        if learns != axes:
            learned = times * prod(sizes[each - 1] for each in learns)
            return self.graph.opaque(kind, [node], volume, name, learned)
        for _turn in range(times):
            node = self.graph.layer(make("position"), node, name)
        self.graph.tell_stand_in(kind, node)
        return node

    def _center_crop(self, config: dict[str, Any], node: int, name: str) -> int | None:
        """Return the middle of a map, the odd row or column left out at the end."""
        volume = self.graph.volume(node)
        if len(volume) != _MAP:
            return None
        sides = (config.get(side) or 0 for side in ("height", "width"))
        over = [n - side for n, side in zip(volume, sides, strict=False)]
        if min(over) < 0:
            return None
        parts = ((each // 2, each - each // 2) for each in over)
        around = each_axis(
            before if before == after else (before, after) for before, after in parts
        )
        return self.graph.layer(make("crop", size=around), node, name)

    def _wanted(
        self, entry: modules.Module, config: dict[str, Any], rank: int
    ) -> tuple[Wanted, ...]:
        """Return the layers that an entry's configuration makes on a map of so many axes."""
        given = dict(config)
        if entry.kind in ("ln", "gn") and given.get("axis") in (rank + 1, [rank + 1]):
            given["axis"] = -1
        if isinstance(inner := given.get("layer"), dict):
            inside = find(str(inner.get("class_name")), KERAS)
            if inside is None:
                raise ModuleError("", "layer")
            each_step = max(rank - 1, 0) if entry.name == "TimeDistributed" else rank
            given["layer"] = self._wanted(inside, inner.get("config") or {}, each_step)
            if _is_the_same(inner, given.get("backward_layer")):
                given.pop("backward_layer", None)
        values = modules.bind(entry, (), given, strict=False)
        return modules.translate(entry, values, rank)

    def _behind(self, node: int, made: Sequence[Wanted], name: str) -> int:
        """Return the last of some layers behind a node; those that cost something have its name."""
        for place, wanted in enumerate(made):
            volume = self.graph.volume(node)
            if wanted.stands_for:
                node = self.graph.skip_as_identity(node, wanted.stands_for, name)
                continue
            flags = [flag for flag in ("noscale", "nobias") if wanted.arguments.get(flag)]
            if wanted.kind in _NORMS and flags:
                rest = {k: v for k, v in wanted.arguments.items() if k not in flags}
                layer = from_module(wanted._replace(arguments=rest), volume[-1])
                node = self.graph.layer(layer, node, "", f"{self.weights} {place}")
                self.graph.learns_no(node, *flags)
                continue
            before = wanted.kind == "dwconv" and place + 1 < len(made) and made[place + 1]
            title = f"{name}_depthwise" if before and before.kind == "conv" else name
            layer = from_module(_at_each_place(wanted, volume), volume[-1])
            titled = title if wanted.kind in _TITLED else ""
            node = self.graph.layer(layer, node, titled, f"{self.weights} {place}")
        return node

    def _reshape(self, config: dict[str, Any], node: int) -> int | None:
        """Return a reshape of a vector to one place, or of a map to a vector."""
        wanted = config.get("target_shape") or []
        if not wanted or min(wanted) < -1 or 0 in wanted:
            return None
        before = self.graph.nodes[node]
        volume = before.volume
        if len(wanted) == 1:
            return node if len(volume) == 1 else self.graph.layer(make("flatten"), node)
        one = [size for size in wanted if size != 1] in ([volume[-1]], [-1])
        if one and set(volume[:-1]) <= {1}:
            source = before.inputs[0] if before.item == make("flatten") else node
            alike = self.graph.volume(source)
            return source if len(alike) == len(wanted) else node
        if tuple(wanted) == volume:
            return node
        if self.channels_first or wanted.count(-1) > 1:
            return None
        rest = prod(size for size in wanted if size != -1)
        sizes = tuple(prod(volume) // rest if size == -1 else size for size in wanted)
        return self.graph.layer(make("reshape", volume=sizes), node)


def _at_each_place(wanted: Wanted, volume: Volume) -> Wanted:
    """Return a dense layer as it works on a volume: on a map, on the channels of each place."""
    if wanted.kind != "linear":
        return wanted
    if len(volume) == 1:
        return wanted._replace(kind="fc")
    units = wanted.arguments["units"]
    one = {"filters": units, "kernel": (1,), "nobias": wanted.arguments["nobias"]}
    return Wanted("conv", one)


_NORMS = ("bn", "ln", "gn")
_TITLED = frozenset(
    (
        *("conv", "dwconv", "deconv", "local", "linear", "maxpool", "avgpool", "gap", "gmp"),
        *("adaptiveavgpool", "adaptivemaxpool", "embedding", "lstm", "gru", "rnn", "attention"),
    )
)


_MAP = 3
"""Height, width and channels."""


def _several(value: Any) -> list[int]:
    """Return one number, or several, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _is_the_same(forward: dict[str, Any], backward: Any) -> bool:
    """Return whether the other direction is what it would be by itself: as many units, turned."""
    if not isinstance(backward, dict):
        return backward is None
    configs = [dict(each.get("config") or {}) for each in (forward, backward)]
    for each in configs:
        for name in ("name", "go_backwards"):
            each.pop(name, None)
    kinds = [each.get("class_name") for each in (forward, backward)]
    return kinds[0] == kinds[1] and configs[0] == configs[1]
