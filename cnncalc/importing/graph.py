"""A network as readers build it: its layers, where their outputs go, and what is to be said of it.

Node 0 is the input, and every other node stands behind those that it reads. What is built is
written in notation, with its warnings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.labels import Labels, label_of, made_of
from cnncalc.importing.layers import NOWHERE, make, opaque
from cnncalc.importing.nesting import Nesting, Node
from cnncalc.importing.refusals import nothing_to_read, too_many_branches, too_many_parts
from cnncalc.importing.remarks import (
    Lost,
    Remark,
    Unread,
    as_warnings,
    of_lost,
    of_stand_ins,
    of_unread,
)
from cnncalc.kinds.joins import JOIN_KINDS, turn, turn_back
from cnncalc.kinds.table import FREE
from cnncalc.notation.folding.fold import fold
from cnncalc.notation.tree import Given, Layer, Network
from cnncalc.notation.writer import lay_out
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.problem import Problem, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cnncalc.importing.remarks import Place
    from cnncalc.kinds.volumes import Volume

KEEP_SHAPE = frozenset(("bn", "ln", "gn", "in", "prelu", "identity", "dropout", "lrn"))
"""Kinds of a module that keeps the shape of its input, whatever its arguments are."""


class Graph:
    """A network that is built node by node, from the input on.

    `classes` says what modules are made of, by what the labels in them begin with. `output_names`
    are the labels of several outputs, and `find_here` gives where a node stands in the file.
    """

    def __init__(self, volume: Volume) -> None:
        self.nodes = [Node(make("identity"), (), volume, "input")]
        self.outputs: list[int] = []
        self.classes: dict[str, str] = {}
        self.output_names: list[str] = []
        self.here: Place = ""  # what is being read of the file
        self.find_here: Callable[[], Place] = lambda: self.here
        self._places: list[Place] = [""]
        self._remarks: list[Remark] = []
        self._stand_ins: dict[tuple[str, str], list[int]] = {}
        self._unread: dict[int, tuple[str, Unread]] = {}  # kinds, and costs, by nodes
        self._learns = [False]  # whether a node learns, or one that it needs: of the first nodes
        self._unlearned: dict[int, set[str]] = {}
        self._parts = self._branches = 0  # nodes, what they read, and what of it is not the first
        self._led_to = [False]  # whether more than what stands in for others leads to a node
        self._labels = Labels()
        self._labels.give("input")
        self.ranks: dict[str, int] = {}  # how many sizes come in to the first layer of weights

    def volume(self, node: int) -> Volume:
        """Return what a node puts out."""
        return self.nodes[node].volume

    def layer(self, layer: Layer, source: int, name: str = "", weights: str = "") -> int:
        """Add a layer behind a node; return the node that it is.

        `weights` names what it learns: a layer of the same weights is `again` what was before.
        """
        found = layer.measure(self.volume(source))
        kind = layer.kind.name
        label = self._named(name, kind)
        told = found.macs or kind.endswith("pool")
        named = bool(told) and label_of(name) not in ("", kind)
        weights = weights if found.params else ""
        if weights:
            self.ranks.setdefault(weights, len(self.volume(source)))
        return self._add(Node(layer, (source,), found.output, label, named, weights=weights))

    def enter(self, volume: Volume, name: str = "", *, first: bool = True) -> int:
        """Add an input; the first is node 0."""
        if first:
            label = self._labels.give(label_of(name)) if label_of(name) else "input"
            self.nodes[0] = self.nodes[0]._replace(volume=volume, label=label, named=bool(name))
            return 0
        label = self._named(name, "input")
        return self._add(Node(Given(volume, NOWHERE), (0,), volume, label, named=bool(name)))

    def _settle_inputs(self) -> None:
        """Put the first input that is read at the head, where what stands there is not."""
        needed = self.needed()
        inputs = [each for each in sorted(needed) if isinstance(self.nodes[each].item, Given)]
        reads = (self.nodes[each].inputs for each in needed - {0, *inputs})
        if inputs and not any(0 in each for each in reads) and 0 not in self.outputs:
            first = self.nodes[inputs[0]]
            head = self.nodes[0]._replace(volume=first.volume, label=first.label, named=first.named)
            read = {inputs[0]: 0}
            self.nodes = [
                each._replace(inputs=tuple(read.get(one, one) for one in each.inputs))
                for each in self.nodes
            ]
            self.nodes[0] = head
            self.outputs = [read.get(each, each) for each in self.outputs]

    def above(self, nodes: Sequence[int]) -> set[int]:
        """Return nodes and all that they need."""
        found = set(nodes)
        for node in range(max(nodes, default=0), 0, -1):
            if node in found:
                found.update(self.nodes[node].inputs)
        return found

    def depths(self, nodes: Sequence[int]) -> list[int]:
        """Return how many nodes stand before each, on the longest way."""
        depths = [0] * len(self.nodes)
        for node in range(1, len(self.nodes)):
            depths[node] = 1 + max(depths[each] for each in self.nodes[node].inputs)
        return [depths[node] for node in nodes]

    def repeat(self, put: dict[int, int], ends: Sequence[int]) -> list[int]:
        """Add what leads from some nodes to others once more, behind other nodes: `put`."""
        put = dict(put)
        for node in sorted(self.above(ends)):
            here = self.nodes[node]
            if node in put or not any(each in put for each in here.inputs):
                continue
            sources = tuple(put.get(each, each) for each in here.inputs)
            put[node] = self._copied(node, here, sources)
        return [put.get(end, end) for end in ends]

    def _copied(self, node: int, here: Node, sources: tuple[int, ...]) -> int:
        """Add a node like another, behind others."""
        if isinstance(here.item, Given):
            made = node
        elif isinstance(here.item, str):
            joined = self.join(here.item, sources, here.label, here.axis)
            made = self._add(here._replace(inputs=sources)) if joined is None else joined
        elif len(sources) == 1 and here.item.kind.name != "opaque":
            made = self.layer(here.item, sources[0], here.label, here.weights)
        else:
            made = self._add(here._replace(inputs=sources))
        for stands in self._stand_ins.values():
            stands.extend([made] * (node in stands))
        return made

    def rewrite(self, node: int, layer: Layer) -> None:
        """Put a layer of the same output in a node's place."""
        self.nodes[node] = self.nodes[node]._replace(item=layer)

    def replace(self, node: int, layer: Layer, source: int, weights: str = "") -> None:
        """Put a layer behind a node of its own in a node's place, with its label."""
        output = layer.measure(self.volume(source)).output
        self.nodes[node] = self.nodes[node]._replace(
            item=layer, inputs=(source,), volume=output, weights=weights
        )
        self._unread.pop(node, None)

    def learned(self, node: int) -> int:
        """Return how many learned numbers a node holds, one that is no layer here among them."""
        if node in self._unread:
            return self._unread[node][1].learned or 0
        here = self.nodes[node]
        if not isinstance(here.item, Layer) or here.kind == "opaque" or not node:
            return 0
        return int(here.item.measure(self.volume(here.inputs[0])).params)

    def join(self, how: str, sources: Sequence[int], name: str = "", axis: int = 0) -> int | None:
        """Add a join; None where outputs do not fit. A concat may have a spatial axis, from 1."""
        volumes = [turn(self.volume(source), axis) for source in sources]
        kind = JOIN_KINDS.get(how)
        if kind is None or kind.misfit(volumes):
            return None
        output = turn_back(kind.output(volumes), axis)
        return self._add(Node(how, tuple(sources), output, self._named(name, how), axis=axis))

    def joined(self, how: str, sources: Sequence[int]) -> int:
        """Add a join of outputs that fit."""
        made = self.join(how, sources)
        assert made is not None  # noqa: S101
        return made

    def opaque(
        self,
        kind: str,
        sources: Sequence[int],
        volume: Volume,
        name: str = "",
        learned: int | None = None,
        macs: int = 0,
        *,
        keeps: bool = False,
    ) -> int:
        """Add what is no layer of ours and gives a volume.

        It holds so many learned numbers, None where that is not known, and costs so many MACs;
        `keeps` says that its volume is taken from what it reads, for want of another.
        """
        if learned and kind in FREE:
            kind = f"{kind} of weights"
        layer = opaque(kind, volume)
        node = self._add(Node(layer, tuple(sources), volume, self._named(name, kind)))
        self._unread[node] = kind, Unread(node, learned, macs, keeps)
        return node

    def remark(
        self,
        node: int,
        code: str,
        message: str,
        about: str = "",
        notes: Iterable[str] = (),
        helps: Iterable[str] = (),
    ) -> None:
        """Keep a warning about a node, to be shown where the node is written."""
        self._remarks.append(Remark(node, code, message, about, tuple(notes), tuple(helps)))

    def skip_as_identity(self, source: int, kind: str, name: str = "") -> int:
        """Add an identity in place of what learns nothing and keeps the shape, to be told of."""
        node = self.layer(make("identity"), source, name)
        self.tell_stand_in(kind, node)
        return node

    def tell_stand_in(self, kind: str, node: int) -> None:
        """Tell that a node stands for something that is no layer here and learns nothing."""
        self._stand_ins.setdefault((kind, self.nodes[node].kind), []).append(node)

    def learns_no(self, node: int, *flags: str) -> None:
        """Keep what a norm does not learn: 'noscale', 'nobias'."""
        self._unlearned.setdefault(node, set()).update(flags)

    def learn(self, node: int, flag: str) -> bool:
        """Return whether a scale or a shift behind a norm is the one that it lacked; it has it."""
        if flag not in self._unlearned.get(node, ()):
            return False
        self._unlearned[node].discard(flag)
        return True

    def _say_what_norms_lack(self) -> None:
        """Say in norms that they learn no scale or no shift, or put what learns as much there."""
        for node in sorted(self.needed()):
            flags = self._unlearned.get(node)
            layer = self.nodes[node].item
            if not flags or not isinstance(layer, Layer):
                continue
            if all(map(layer.kind.parameter, flags)):
                self.rewrite(node, layer.having(**dict.fromkeys(flags, True)))
            else:
                self.rewrite(node, make("identity" if len(flags) == 2 else "layerscale"))
                self.tell_stand_in(layer.kind.name, node)

    def learns_up_to(self, node: int) -> bool:
        """Return whether a node learns anything, or one that it needs."""
        for each in range(len(self._learns), node + 1):
            needs = any(self._learns[one] for one in self.nodes[each].inputs)
            self._learns.append(needs or self.learned(each) > 0)
        return self._learns[node]

    def learns_before(self, node: int) -> bool:
        """Return whether anything but what stands in for others leads to a node from the input."""
        return self._led_to[node]

    def needed(self) -> set[int]:
        """Return the nodes that the outputs need."""
        return self.above(self.outputs)

    def written(
        self, source: Source, lost: Sequence[Lost] = (), of: int = 0
    ) -> tuple[Source, list[Problem]]:
        """Return the network in notation, and what is to be said of it.

        `source` is the file; `lost` are those of its `of` nodes that could not be read: what they
        read is an output, unless another output needs it.
        """
        self._settle_inputs()
        self._end_at(lost, of)
        if not self.needed() - {0}:
            is_open = any(each.sources for each in lost)
            raise nothing_to_read(source, lost[0].words if lost else "", is_open=is_open)
        self._say_what_norms_lack()
        needed = self.needed()
        self._remarks += of_stand_ins(self._stand_ins, needed)
        self._remarks += of_unread(self._unread.values(), needed)
        kept = {self.nodes[remark.node].label for remark in self._remarks}
        made = Source(made_of(source), lay_out(fold(self.as_network(), kept, self.classes)))
        told = sorted(self._remarks, key=lambda each: each[:4])
        return made, [*as_warnings(told, self.nodes, self._places, made, source)]

    def _end_at(self, lost: Sequence[Lost], of: int) -> None:
        """Make outputs of what could not be read on from, and keep a warning of it."""
        needed = self.needed()
        ends = {source for each in lost for source in each.sources if source}
        for node in range(len(self.nodes) - 1, 0, -1):
            if node in ends and node not in needed:
                self.outputs.append(node)
                needed.add(node)
            if node in needed:
                needed.update(self.nodes[node].inputs)
        cut = next((each for each in lost if any(each.sources)), None)
        if cut is None:
            return
        self._remarks.append(of_lost(cut, lost, of))

    def _add(self, node: Node) -> int:
        self._parts += 1 + len(node.inputs)
        self._branches += max(len(node.inputs) - 1, 0)
        if self._parts > BUDGET.joined:
            raise too_many_parts(self.find_here())
        if self._branches > BUDGET.branches:
            raise too_many_branches(self.find_here())
        stands_in = node.kind in ("identity", "reshape", "flatten")
        self._led_to.append(not stands_in or self._led_to[node.inputs[0]])
        self.nodes.append(node)
        self._places.append(self.find_here())
        return len(self.nodes) - 1

    def _named(self, name: str, kind: str) -> str:
        """Return a label of its own for a node that its file calls by a name."""
        return self._labels.give(label_of(name) or label_of(kind) or "opaque")

    def _output(self, node: int, name: str) -> int:
        """Add an output behind a node, with a label where it has a name."""
        label = self._labels.give(name, f"{name}_out") if name else ""
        output = Node(make("output"), (node,), self.volume(node), label, named=bool(name))
        return self._add(output)

    def as_network(self) -> Network:
        """Return the network as a tree."""
        names: dict[int, str] = {}
        for number, each in enumerate(self.outputs):
            names.setdefault(each, self.output_names[number] if self.output_names else "")
        self.outputs = list(names)
        if len(names) > 1:
            self.outputs = [self._output(each, name) for each, name in names.items()]
        nesting = Nesting(self.nodes, self.outputs, self.needed())
        told = {remark.node for remark in self._remarks}
        shown = {index for index, node in enumerate(self.nodes) if node.named and index}
        body = nesting.sequence(told | shown)
        several = any(isinstance(self.nodes[each].item, Given) for each in self.needed())
        label = self.nodes[0].label if several and self.nodes[0].named else ""
        return Network((), Given(self.volume(0), NOWHERE, label), body, NOWHERE)
