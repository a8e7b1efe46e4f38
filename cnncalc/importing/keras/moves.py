"""Values of a graph in other places: axes in another order, other shapes, several volumes as one.

What learns nothing and costs no MACs is free under the names that ONNX gives such operators.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import each_axis, make, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.keras.calls import LayerCall


def permuted(graph: Graph, node: int, order: Sequence[int], name: str = "") -> int:
    """Return a node whose axes, the channels among them, stand in another order."""
    axes = [*range(len(order))]
    if [*order] == axes:
        return node
    volume = graph.volume(node)
    turned = tuple(volume[axis] for axis in order)
    if [*order] == [*axes[:-2], *axes[:-3:-1]]:
        return graph.layer(make("transpose"), node, name)
    wide = [axis for axis in order if volume[axis] > 1]
    if wide == sorted(wide):  # only axes that are 1 wide change places
        return reshaped(graph, node, turned)
    return graph.opaque("Transpose", [node], turned, name, 0)


def reshaped(graph: Graph, node: int, volume: Sequence[int]) -> int:
    """Return the same values as another volume."""
    volume = tuple(volume)
    if volume == graph.volume(node):
        return node
    if len(volume) == 1:
        return graph.layer(make("flatten"), node)
    return graph.layer(make("reshape", volume=volume), node)


def grown(graph: Graph, nodes: Sequence[int], name: str = "") -> list[int]:
    """Return nodes that are as large as all of them together, where they are 1 wide elsewhere."""
    volumes = [graph.volume(node) for node in nodes]
    rank = max(map(len, volumes))
    padded = [(1,) * (rank - len(each)) + each for each in volumes]
    to = tuple(max(sizes) for sizes in zip(*padded, strict=True))
    if any(n not in (1, size) for each in padded for n, size in zip(each, to, strict=True)):
        return [*nodes]
    return [
        node if volume == to else graph.opaque("Expand", [node], to, name, 0)
        for node, volume in zip(nodes, volumes, strict=True)
    ]


def joined(graph: Graph, how: str, nodes: Sequence[int], name: str = "") -> int | None:
    """Return a join, of maps that are 1 wide where others are not too."""
    node = graph.join(how, nodes, name)
    return graph.join(how, grown(graph, nodes, name), name) if node is None else node


def linked(graph: Graph, node: int, others: Sequence[int], how: str) -> int:
    """Return a node that reads others beside what it passes on: states, masks.

    What learns nothing, and leads nowhere else, is left out.
    """
    found = [*filter(graph.learns_up_to, others)]
    return graph.opaque(how, [node, *found], graph.volume(node), "", 0) if found else node


def centered(graph: Graph, call: LayerCall) -> int | None:
    """Return the middle of a map, the odd row or column left out at the end."""
    (node,), config = call.nodes, call.config
    volume = graph.volume(node)
    if len(volume) != _MAP:
        return None
    sides = (config.get(side) or 0 for side in ("height", "width"))
    over = [n - side for n, side in zip(volume, sides, strict=False)]
    if min(over) < 0:
        return None
    around = each_axis(side(each // 2, each - each // 2) for each in over)
    return graph.layer(make("crop", size=around), node, call.name)


_MAP = 3
"""Height, width and channels."""


def target_reshaped(graph: Graph, call: LayerCall, *, is_turned: bool) -> int | None:
    """Return a reshape of a vector to one place, or of a map to a vector."""
    (node,), wanted = call.nodes, call.config.get("target_shape") or []
    if not wanted or min(wanted) < -1 or 0 in wanted:
        return None
    before = graph.nodes[node]
    volume = before.volume
    if len(wanted) == 1:
        return node if len(volume) == 1 else graph.layer(make("flatten"), node)
    one = [size for size in wanted if size != 1] in ([volume[-1]], [-1])
    if one and set(volume[:-1]) <= {1}:
        source = before.inputs[0] if before.item == make("flatten") else node
        alike = graph.volume(source)
        return source if len(alike) == len(wanted) else node
    if tuple(wanted) == volume:
        return node
    if is_turned or wanted.count(-1) > 1:
        return None
    rest = prod(size for size in wanted if size != -1)
    sizes = tuple(prod(volume) // rest if size == -1 else size for size in wanted)
    return graph.layer(make("reshape", volume=sizes), node)
