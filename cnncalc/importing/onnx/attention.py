"""Attention as a file spells it out, put back together: projections, two products, a projection.

It is found in the graph that was made of a file, whatever operators it came from. It is put
together only where it learns and costs exactly what its parts do.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.notation.tree import Layer
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.onnx.reading import OnnxProduct, Reading
    from cnncalc.kinds.volumes import Volume

_PASSED = frozenset(("identity", "dropout", "reshape", "tokens", "flatten", "transpose"))
_MOVES = ("Transpose", "Slice", "Split")
_MIXES = frozenset(("conv", "fc", "linear"))


class _AttentionParts(NamedTuple):
    """What an attention consists of: its last product, what comes in, and all between.

    `end` is where its output stands as what comes in does; `biases` counts the learned numbers
    beside its projections.
    """

    node: int
    source: int
    end: int
    projections: frozenset[int]
    scores: OnnxProduct
    context: OnnxProduct
    heads: int
    biases: int


def put_together(reading: Reading) -> None:
    """Put an attention in the place of each last projection of one."""
    graph = reading.graph
    readers: dict[int, list[int]] = {}
    for node in graph.needed():
        for each in graph.nodes[node].inputs:
            readers.setdefault(each, []).append(node)
    for node in range(1, len(graph.nodes)):
        if _mixes(graph, node) and (parts := _parts(reading, node, readers)):
            _replace(graph, node, parts)


def _mixes(graph: Graph, node: int) -> bool:
    """Return whether a node mixes channels at each place."""
    item = graph.nodes[node].item
    if not isinstance(item, Layer) or item.kind.name not in _MIXES:
        return False
    named = item.named
    return all(set(named.get(name, (1,))) == {1} for name in ("kernel", "stride"))


def _parts(reading: Reading, last: int, readers: dict[int, list[int]]) -> _AttentionParts | None:
    """Return the parts of an attention whose last projection a node is; None for no such node."""
    graph, products = reading.graph, reading.products
    node = _behind(graph, graph.nodes[last].inputs[0], _PASSED)
    context = products.get(node)
    if context is None:
        return None
    weighed, biases = context.one.node, 0
    softmax = False
    while weighed not in products:
        here = graph.nodes[weighed]
        if len(here.inputs) != 1 or not isinstance(here.item, Layer):
            return None
        kind = here.item.kind.name
        if kind == "softmax":
            softmax = True
        elif kind in ("opaque", "position"):
            biases += graph.learned(weighed)
        elif kind not in _PASSED:
            return None
        weighed = here.inputs[0]
    scores = products[weighed]
    projections = set()
    for flow in (scores.one, scores.other, context.other):
        mixed = _behind(graph, flow.node, _PASSED | {"slice"})
        if not mixed or not _mixes(graph, mixed):
            return None
        projections.add(mixed)
    if not softmax:
        return None
    for end in _moved(graph, last, readers):
        sources = {_source(graph, each, graph.volume(end)) for each in projections}
        if len(sources) == 1 and _holds(graph.volume(end), graph.volume(source := sources.pop())):
            found = frozenset(projections)
            return _AttentionParts(node, source, end, found, scores, context, scores.heads, biases)
    return None


def _holds(volume: Volume, source: Volume) -> bool:
    """Return whether a volume is another, or its places as a sequence."""
    return volume in (source, (prod(source[:-1]), source[-1]))


def _moved(graph: Graph, node: int, readers: dict[int, list[int]]) -> Iterator[int]:
    """Yield a node, and those behind it that alone read it and move its values about."""
    yield node
    while len(behind := readers.get(node, [])) == 1 and _moves(graph, behind[0], _PASSED):
        (node,) = behind
        yield node


def _source(graph: Graph, projection: int, volume: Volume) -> int:
    """Return what a projection reads, in that volume where it was put into another shape."""
    source = graph.nodes[projection].inputs[0]
    while source and graph.volume(source) != volume:
        if graph.nodes[source].kind not in ("identity", "reshape"):
            break
        source = graph.nodes[source].inputs[0]
    return source


def _behind(graph: Graph, node: int, passed: frozenset[str]) -> int:
    """Return the node that others only move or pass on."""
    while node and _moves(graph, node, passed):
        node = graph.nodes[node].inputs[0]
    return node


def _moves(graph: Graph, node: int, passed: frozenset[str]) -> bool:
    """Return whether a node only moves the values of one other, or passes them on."""
    here = graph.nodes[node]
    item = here.item
    if len(here.inputs) != 1 or not isinstance(item, Layer):
        return False
    name = item.kind.name
    return name in passed or (name == "opaque" and item.named["name"] in _MOVES)


def _replace(graph: Graph, last: int, parts: _AttentionParts) -> None:
    """Put an attention in a node's place, if one costs as much as the parts do.

    Where its last projection alone has a bias, that is a shift for each channel behind it.
    """
    volume = graph.volume(parts.source)
    nodes = [*sorted(parts.projections), last]
    stored = [graph.nodes[node].weights for node in nodes]
    weights = " ".join(stored) if all(stored) else ""
    layers = [layer for node in nodes if isinstance(layer := graph.nodes[node].item, Layer)]
    befores = [graph.volume(graph.nodes[node].inputs[0]) for node in nodes]
    found = [layer.measure(before) for layer, before in zip(layers, befores, strict=True)]
    params = sum(int(each.params) for each in found)
    macs = sum(int(each.macs) for each in found) + parts.scores.macs + parts.context.macs
    width = sum(int(each.output[-1]) for each in found[:-1])
    *without, ends_without = (bool(layer.named["nobias"]) for layer in layers)
    if width % (3 * parts.heads):
        return
    wide = {} if width == 3 * volume[-1] else {"key-dim": width // (3 * parts.heads)}
    shift = make("bn", noscale=True)
    is_sequence = volume != graph.volume(parts.end)
    late = int(shift.measure(volume).params) if all(without) and not ends_without else 0
    for window in _windows(volume[:-1], parts):
        one = make("attention", heads=parts.heads, window=window, nobias=all(without), **wide)
        told = one.measure(volume)
        offsets = int(told.params) + late - params
        if int(told.macs) != macs or parts.biases not in (offsets, *_folded(parts, window)):
            continue
        made = [one, *([shift] if late else []), *([make("tokens")] if is_sequence else [])]
        chain = [parts.end]
        while chain[0] != parts.node:
            chain.insert(0, graph.nodes[chain[0]].inputs[0])
        source = parts.source
        for layer, node in zip(made, chain[-len(made) :], strict=True):
            graph.replace(node, layer, source, weights if layer is one else "")
            source = node
            if layer is shift:
                graph.tell_stand_in("Add", node)
        return


def _folded(parts: _AttentionParts, window: int | None) -> tuple[int, ...]:
    """Return how many numbers the biases of offsets are where each pair of places has its own."""
    return () if window is None else (parts.heads * parts.context.summed**2,)


def _windows(sizes: tuple[int, ...], parts: _AttentionParts) -> Iterator[int | None]:
    """Yield the windows that as many places may be: the whole map, or squares."""
    seen = parts.context.summed
    if seen == prod(sizes):
        yield None
    side = round(seen ** (1 / max(len(sizes), 1)))
    if sizes and side ** len(sizes) == seen:
        yield side
