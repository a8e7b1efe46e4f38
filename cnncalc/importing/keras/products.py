"""Layers of Keras that multiply maps by one another: Dot, Attention without weights, matmul."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import make

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph

PRODUCTS = ("Attention", "Dot", "Matmul")
_MATRIX = 2


def multiplied(
    graph: Graph, kind: str, config: dict[str, Any], nodes: Sequence[int], name: str
) -> int | None:
    """Return the product of maps, of matrices of places and channels; None for other maps."""
    ranks = {len(graph.volume(node)) for node in nodes}
    if kind == "Matmul":
        return graph.join("product", nodes, name) if len(nodes) == _MATRIX else None
    if ranks != {_MATRIX} or len(nodes) < _MATRIX:
        return None
    if kind == "Dot":
        return _dotted(graph, config.get("axes"), nodes, name)
    if config.get("use_scale") or config.get("score_mode", "dot") != "dot":
        return None
    query, value, *key = nodes
    turned = graph.layer(make("transpose"), (key or [value])[0])
    scores = graph.join("product", [query, turned], name)
    if scores is None:
        return None
    return graph.join("product", [graph.layer(make("softmax"), scores), value], name)


def _dotted(graph: Graph, axes: Any, nodes: Sequence[int], name: str) -> int | None:
    """Return the product along an axis of each of two sequences, counted behind the batch."""
    found = [axes, axes] if isinstance(axes, int) else axes
    if not isinstance(found, list) or len(found) != len(nodes) or len(nodes) != _MATRIX:
        return None
    places = [axis % (_MATRIX + 1) for axis in found if isinstance(axis, int)]
    if len(places) != _MATRIX or 0 in places:
        return None
    one, other = nodes
    if places[0] == 1:
        one = graph.layer(make("transpose"), one)
    if places[1] == _MATRIX:
        other = graph.layer(make("transpose"), other)
    return graph.join("product", [one, other], name)
