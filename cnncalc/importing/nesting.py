"""A graph's nodes as notation nests them: joins where their branches part, labels elsewhere.

A join is written where its branches part: at its immediate dominator, the last node that every
path to it passes (Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm", 2001). A node
that was written before is a reference; so every acyclic graph can be written, and one that is
nested needs no label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cnncalc.importing.layers import NOWHERE, make
from cnncalc.notation import tree
from cnncalc.notation.tree import Again, Given, Join, Labelled, Layer, Reference
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Item

MOST_NESTED = 40


class Node(NamedTuple):
    """A layer, or a join by its name, or an input; the nodes it reads, in order; its output.

    A layer of several inputs is an opaque one; the input of all is an identity. `named` says that
    its label is its file's word for it, and is shown; a concat has an `axis`, from 1. Layers of the
    same `weights`, where they have a name, are one layer and what is `again` it.
    """

    item: Layer | Given | str
    inputs: tuple[int, ...]
    volume: Volume
    label: str
    named: bool = False
    axis: int = 0
    weights: str = ""

    @property
    def kind(self) -> str:
        """What it is called in the notation."""
        if isinstance(self.item, Layer):
            return self.item.kind.name
        return self.item if isinstance(self.item, str) else "input"


class _TooNested(Exception):  # noqa: N818 - not an error: another way is taken
    pass


class Nesting:
    """Writes the nodes that outputs need, each once."""

    def __init__(self, nodes: Sequence[Node], sinks: Sequence[int], needed: set[int]) -> None:
        self._nodes = nodes
        self._sinks = sinks
        self._needed = sorted(needed - {0})
        self._dominator = _dominators(nodes)
        self._begin()

    def _begin(self) -> None:
        self._done = {0}
        self._read: set[int] = set()
        self._branches: dict[int, list[list[int]]] = {}
        self._first: dict[str, int] = {}  # the node that is written first, of those that share

    def sequence(self, shown: set[int]) -> tree.Sequence:
        """Return the nodes as a tree; those that are shown, or read again, with their labels."""
        try:
            sequence = self._nested()
        except _TooNested:
            self._begin()
            sequence = self._flat()
        labelled = shown | self._read | self._shared()
        if 0 in self._read:
            sequence.insert(0, 0)
        return self._written(sequence, labelled)

    def _shared(self) -> set[int]:
        """Return the nodes whose weights serve others too."""
        served: dict[str, list[int]] = {}
        for node in self._needed:
            if weights := self._nodes[node].weights:
                served.setdefault(weights, []).append(node)
        return {node for nodes in served.values() if len(nodes) > 1 for node in nodes}

    def _nested(self) -> list[int]:
        sequence: list[int] = []
        base = 0
        for sink in self._sinks:
            sequence += self._chain(sink, base, 0)
            base = sink
        return sequence

    def _chain(self, node: int, base: int, depth: int) -> list[int]:
        """Return what leads from a base to a node: nodes, and ~n for a reference to node n."""
        if depth > MOST_NESTED:
            raise _TooNested
        back: list[int] = []
        while node != base:
            if node in self._done:
                self._read.add(node)
                back.append(~node)
                break
            back.append(node)
            if isinstance(self._nodes[node].item, Given):
                break  # one more input: what came before is dropped
            inputs = self._nodes[node].inputs
            node = inputs[0] if len(inputs) == 1 else self._dominator[node]
        back.reverse()
        for each in back:
            if each >= 0:
                inputs = self._nodes[each].inputs
                if len(inputs) > 1:
                    fork = self._dominator[each]
                    self._branches[each] = [self._chain(one, fork, depth + 1) for one in inputs]
                self._done.add(each)
        return back

    def _flat(self) -> list[int]:
        """Return all nodes one after another, by references wherever they do not follow."""
        sequence: list[int] = []
        before = 0
        for node in self._needed:
            inputs = self._nodes[node].inputs
            if len(inputs) > 1:
                self._branches[node] = [[] if one == before else [~one] for one in inputs]
                self._read.update(one for one in inputs if one != before)
                if before not in inputs:
                    self._read.add(before)
            elif inputs[0] != before and not isinstance(self._nodes[node].item, Given):
                sequence.append(~inputs[0])
                self._read.add(inputs[0])
            sequence.append(node)
            before = node
        return sequence

    def _written(self, sequence: list[int], labelled: set[int]) -> tree.Sequence:
        items = [self._item(each, labelled) for each in sequence]
        return tree.Sequence(tuple(items) or (make("identity"),), NOWHERE)

    def _item(self, place: int, labelled: set[int]) -> Item:
        """Return a node as an item; one below 0 as a reference."""
        if place < 0:
            return Reference(self._nodes[~place].label, NOWHERE)
        node = self._nodes[place]
        item: Item
        first = self._first.setdefault(node.weights, place) if node.weights else place
        if first != place:
            of = cast("Layer", self._nodes[first].item)
            item = Again(self._nodes[first].label, of, NOWHERE)
            return Labelled(node.label, item, NOWHERE) if place in self._read else item
        if place in self._branches:
            branches = (self._written(branch, labelled) for branch in self._branches[place])
            how, layer = (node.item, None) if isinstance(node.item, str) else ("opaque", node.item)
            assert not isinstance(layer, Given)  # noqa: S101 - an input has no branches
            item = Join(how, tuple(branches), NOWHERE, layer, node.axis)
        else:
            item = cast("Layer | Given", node.item)
        return Labelled(node.label, item, NOWHERE) if place in labelled and node.label else item


def _dominators(nodes: Sequence[Node]) -> list[int]:
    """Return the immediate dominator of each node: the last node on all paths to it.

    Nodes stand behind those they read. A jump pointer beside each parent (Myers, 1983) makes the
    common ancestor of two nodes a matter of log n steps, whatever the graph.
    """
    parents, depths, jumps = [0], [0], [0]

    def common(one: int, other: int) -> int:
        while one != other:
            if depths[one] < depths[other]:
                one, other = other, one
            if depths[one] > depths[other]:
                one = jumps[one] if depths[jumps[one]] >= depths[other] else parents[one]
            elif jumps[one] != jumps[other]:
                one, other = jumps[one], jumps[other]
            else:
                one, other = parents[one], parents[other]
        return one

    for node in nodes[1:]:
        parent = node.inputs[0]
        for other in node.inputs[1:]:
            parent = common(parent, other)
        jump = jumps[parent]
        far = depths[parent] - depths[jump] == depths[jump] - depths[jumps[jump]]
        parents.append(parent)
        depths.append(depths[parent] + 1)
        jumps.append(jumps[jump] if far else parent)
    return parents
