"""Products of Keras: of maps by one another, and of a map by learned numbers along any axes.

Axes go by letters, as in Einsum: those that both have and the output too are a stack of products,
those that the output lacks are summed over.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.keras.moves import permuted, reshaped
from cnncalc.importing.layers import make
from cnncalc.kinds.modules import is_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.keras.calls import LayerCall

_MATRIX = 2
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def multiplied(graph: Graph, nodes: Sequence[int], name: str, terms: Sequence[str]) -> int | None:
    """Return the product of two maps whose axes have letters, and those of the output: `terms`.

    The letters are those behind the batch.
    """
    one, other, out = terms
    wide = [
        dict(zip(term, map(int, graph.volume(n)), strict=False))
        for term, n in zip((one, other), nodes, strict=True)
    ]
    if any(
        len(graph.volume(n)) != len(t) or len(set(t)) < len(t)
        for n, t in zip(nodes, (one, other), strict=True)
    ):
        return None
    both = [each for each in one if each in other]
    if any(wide[0][each] != wide[1][each] for each in both):
        return None
    stack = [each for each in both if each in out]
    summed = [each for each in both if each not in out]
    own = [[each for each in term if each not in both] for term in (one, other)]
    if sorted([*stack, *own[0], *own[1]]) != sorted(out):
        return None
    size = {**wide[0], **wide[1]}

    def matrices(place: int, rows: list[str], columns: list[str]) -> int:
        term = (one, other)[place]
        node = permuted(
            graph, nodes[place], [term.index(each) for each in (*stack, *rows, *columns)], name
        )
        sides = [prod(size[each] for each in side) for side in (rows, columns)]
        return reshaped(graph, node, (*(size[each] for each in stack), *sides))

    left = matrices(0, own[0], summed)
    if [*other] == [*stack, *own[1], *summed]:
        right = graph.layer(make("transpose"), matrices(1, own[1], summed))
    else:
        right = matrices(1, summed, own[1])
    made = graph.join("product", [left, right], name)
    if made is None:
        return None
    order = [*stack, *own[0], *own[1]]
    made = reshaped(graph, made, [size[each] for each in order] or (1,))
    return permuted(graph, made, [order.index(each) for each in out], name)


def dotted(graph: Graph, axes: Any, nodes: Sequence[int], name: str) -> int | None:
    """Return Keras' Dot: a product along an axis of each of two maps, counted with the batch."""
    found = [axes, axes] if isinstance(axes, int) else axes
    if not isinstance(found, list) or len(found) != len(nodes) or len(nodes) != _MATRIX:
        return None
    ranks = [len(graph.volume(node)) for node in nodes]
    places = [
        axis % (rank + 1) - 1
        for axis, rank in zip(found, ranks, strict=True)
        if isinstance(axis, int)
    ]
    if len(places) != _MATRIX or min(places) < 0:
        return None
    one, other = _LETTERS[: ranks[0]], _LETTERS[ranks[0] : sum(ranks)]
    shared = one[places[0]]
    other = other[: places[1]] + shared + other[places[1] + 1 :]
    out = (one + other).replace(shared, "")
    return multiplied(graph, nodes, name, (one, other, out))


def einsum(graph: Graph, equation: str, nodes: Sequence[int], name: str) -> int | None:
    """Return an Einsum of two maps with a batch in front."""
    given, arrow, out = equation.replace(" ", "").partition("->")
    terms = [*given.split(","), out]
    if not arrow or len(terms) != len(nodes) + 1 or len(nodes) != _MATRIX or "." in equation:
        return None
    if len({each[:1] for each in terms}) > 1 or not out:
        return None
    return multiplied(graph, nodes, name, [each[1:] for each in terms])


def matmul(graph: Graph, nodes: Sequence[int], name: str) -> int | None:
    """Return the product of matrices, or of stacks of them."""
    return graph.join("product", nodes, name) if len(nodes) == _MATRIX else None


def einsum_dense(graph: Graph, call: LayerCall) -> int | None:
    """Return an EinsumDense: it mixes the axes that it sums over, at each place of the others."""
    _kind, config, (node, *_more), name, weights, _depth = call
    volume = graph.volume(node)
    given, _arrow, out = str(config.get("equation")).replace(" ", "").partition("->")
    read, _comma, kernel = given.partition(",")
    more = "".join(e for e in _LETTERS if e not in given)[: max(len(volume) + 4 - len(read), 0)]
    if "..." in read:
        more = more[: len(volume) + 1 - len(read.replace("...", ""))]
        read, out = read.replace("...", more), out.replace("...", more)
    if len(read) != len(volume) + 1 or read[:1] != out[:1] or read[0] in kernel:
        return None
    if any(len(set(each)) < len(each) for each in (read, kernel, out)):
        return None
    size = dict(zip(read[1:], map(int, volume), strict=True))
    told = config.get("output_shape")
    told = told if isinstance(told, list) else [told]
    for letter, n in zip(out[::-1], told[::-1], strict=False):
        if letter not in size and n and is_size(n):
            size[letter] = n
    stack = [each for each in kernel if each in read and each in out]
    summed = [each for each in read[1:] if each in kernel and each not in out]
    new = [each for each in kernel if each not in read]
    kept = [each for each in read[1:] if each not in kernel]
    if set(new) - set(size) or set(out[1:]) != {*stack, *new, *kept} or not summed:
        return None
    node = permuted(graph, node, [read.index(e) - 1 for e in (*kept, *stack, *summed)], name)
    groups = prod(size[each] for each in stack)
    rows = [size[each] for each in kept] or ([1] if groups > 1 else [])
    node = reshaped(graph, node, (*rows, groups * prod(size[each] for each in summed)))
    biased = str(config.get("bias_axes") or "")
    bias = bool(biased) and {*biased} == {*stack, *new}
    filters = groups * prod(size[each] for each in new)
    layer = (
        make("conv", filters=filters, kernel=(1,), groups=groups, nobias=not bias)
        if groups > 1
        else make("linear", units=filters, nobias=not bias)
    )
    node = graph.layer(layer, node, name, f"{weights} 0")
    order = [*kept, *stack, *new]
    node = reshaped(graph, node, [size[each] for each in order] or (1,))
    node = permuted(graph, node, [order.index(each) for each in out[1:]], name)
    if biased and not bias:
        count = prod(size[each] for each in biased)
        node = graph.layer(make("position", count=count), node, name, f"{weights} 1")
    return node
