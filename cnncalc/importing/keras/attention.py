"""Keras' attentions of several inputs, or of other widths, as the products that they are."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.keras.moves import permuted, reshaped
from cnncalc.importing.keras.products import multiplied
from cnncalc.importing.layers import make
from cnncalc.kinds.modules import is_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.keras.calls import LayerCall

_SEQUENCE = 2
"""Places and channels."""


class Heads:
    """What an attention projects: so many heads of queries, fewer of keys and values it may be."""

    def __init__(self, kind: str, config: dict[str, Any]) -> None:
        grouped = kind == "GroupQueryAttention"
        self.heads = config["num_query_heads" if grouped else "num_heads"]
        self.shared = config["num_key_value_heads"] if grouped else self.heads
        self.keys = config["head_dim" if grouped else "key_dim"]
        self.values = self.keys if grouped else config.get("value_dim") or self.keys
        self.bias = config.get("use_bias", True)
        self.gate = bool(config.get("use_gate"))
        out = None if grouped else config.get("output_shape")
        self.out = out if isinstance(out, list) else [] if out is None else [out]
        numbers = (self.heads, self.shared, self.keys, self.values, *self.out)
        if not all(n and is_size(n) for n in numbers) or self.heads % self.shared:
            raise ValueError


def attended(graph: Graph, call: LayerCall) -> int | None:
    """Return a multi-head attention of queries, values and keys; None for one of other axes."""
    kind, config, nodes, name, weights, _depth = call
    try:
        how = Heads(kind, config)
    except (KeyError, ValueError):
        return None
    query, value = nodes[0], nodes[1 % len(nodes)]
    key = nodes[2] if len(nodes) > _SEQUENCE else value
    volume = graph.volume(query)
    rank = len(volume) - 1
    axes = config.get("attention_axes") or [*range(1, rank + 1)]
    axes = [axis % (rank + 2) - 1 for axis in ([axes] if isinstance(axes, int) else axes)]
    kept = [axis for axis in range(rank) if axis not in axes]
    if any(len(graph.volume(node)) != rank + 1 for node in nodes) or not set(axes) < {
        *range(rank + 1)
    }:
        return None
    if len({tuple(graph.volume(node)[axis] for axis in kept) for node in nodes}) > 1:
        return None
    order = [*kept, *axes, rank]
    stack = tuple(volume[axis] for axis in kept)
    query, value, key = (
        _as_sequences(graph, node, order, len(kept)) for node in (query, value, key)
    )
    places = graph.volume(query)[-2]

    def projected(node: int, units: int, part: str) -> int:
        layer = make("linear", units=units, nobias=not how.bias)
        return graph.layer(layer, node, f"{name}_{part}", f"{weights} {part}")

    def parted(node: int, heads: int, each: int, part: str) -> int:
        """Return a projection as heads: places, heads and channels."""
        found = projected(node, heads * each, part)
        return reshaped(graph, found, (*graph.volume(found)[:-1], heads, each))

    rows = "abcdefgh"[: len(kept)]
    asked = parted(query, how.heads, how.keys, "query")
    ratio = how.heads // how.shared
    group = "u" if ratio > 1 else ""
    if group:
        asked = reshaped(graph, asked, (*stack, places, how.shared, ratio, how.keys))
    keys = parted(key, how.shared, how.keys, "key")
    held = parted(value, how.shared, how.values, "value")
    scores = multiplied(
        graph, [asked, keys], name, (f"{rows}qv{group}h", f"{rows}kvh", f"{rows}vq{group}k")
    )
    if scores is None:
        return None
    weighed = graph.layer(make("softmax"), scores)
    made = multiplied(
        graph, [weighed, held], name, (f"{rows}vq{group}k", f"{rows}kvh", f"{rows}qv{group}h")
    )
    if made is None:
        return None
    made = reshaped(graph, made, (*stack, places, how.heads * how.values))
    if how.gate:
        gate = graph.layer(make("sigmoid"), projected(query, how.heads * how.values, "gate"))
        made = graph.join("mul", [made, gate], name)
        if made is None:
            return None
    out = how.out or [volume[-1]]
    made = projected(made, prod(out), "output")
    made = reshaped(graph, made, (*(volume[axis] for axis in (*kept, *axes)), *out))
    turned = [order.index(axis) for axis in range(rank)]
    return permuted(graph, made, [*turned, *range(rank, rank + len(out))], name)


def _as_sequences(graph: Graph, node: int, order: Sequence[int], kept: int) -> int:
    """Return a map whose places that meet stand in one axis, behind those that are kept apart."""
    turned = permuted(graph, node, order)
    sizes = graph.volume(turned)
    return reshaped(graph, turned, (*sizes[:kept], prod(sizes[kept:-1]), sizes[-1]))


def scored(graph: Graph, call: LayerCall) -> int | None:
    """Return Attention or AdditiveAttention, which project nothing: queries, values and keys."""
    kind, config, nodes, name, weights, _depth = call
    query, value, *key = nodes
    keys = (key or [value])[0]
    if {len(graph.volume(node)) for node in nodes} != {_SEQUENCE}:
        return None
    (places, channels), (seen, _channels) = graph.volume(query), graph.volume(keys)
    scales = bool(config.get("use_scale", kind == "AdditiveAttention"))
    concat = config.get("score_mode", "dot") != "dot"
    if kind == "AdditiveAttention" or concat:
        learned = (channels if kind == "AdditiveAttention" else 1) * scales + concat
        scores: int | None = graph.opaque("ReduceSum", [query, keys], (places, seen), name, 0)
    else:
        learned = int(scales)
        scores = multiplied(graph, [query, keys], name, ("qh", "kh", "qk"))
    if scores is not None and learned:
        position = make("position", count=learned)
        scores = graph.layer(position, scores, name, f"{weights} scale")
        graph.tell_stand_in(kind, scores)
    if scores is None:
        return None
    weighed = graph.layer(make("softmax"), scores)
    return multiplied(graph, [weighed, value], name, ("qk", "kh", "qh"))
