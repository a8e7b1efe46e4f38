"""A summary's rows as a network: each behind those that it reads, or behind the one before it.

A row is a layer that gives its output and learns as many numbers; one of several inputs is a join.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.graph import Graph
from cnncalc.importing.keras.merges import EXACT, MERGES
from cnncalc.importing.prints.candidates import candidates, hidden
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.importing.prints.rows import PrintedRow
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer

_MOST_READS = 8
"""How many rows may be meant by a name that is cut."""


class RowChain:
    """The rows of a table put one behind another, up to the first that fits nowhere.

    `given` is what comes in; without it, the first row says it, where it is an input.
    """

    def __init__(self, rows: Sequence[PrintedRow], given: Volume | None) -> None:
        begun = next((row.output for row in rows[:1] if row.kind == "InputLayer"), None)
        self.volume = given or begun
        self.solved = 0
        self._made: list[
            tuple[PrintedRow, list[Layer], str]
        ] = []  # of PyTorch, and what they learn
        self._named: list[tuple[str, int]] = []
        self._whole: dict[str, list[int]] = {}  # the rows of each name
        self._cut: list[tuple[str, int]] = []  # those whose names are cut
        self._entered = 0
        self._last = 0
        if self.volume is None:
            return
        self.graph = Graph(self.volume)
        for row in rows:
            node = self._node(row)
            if node is None:
                return
            self._last = node
            self._named.append((row.name, node))
            self._whole.setdefault(row.name, []).append(node)
            self._cut += [(row.name, node)] * row.name.endswith("…")
            self.solved += 1
        read = {each for node in self.graph.nodes for each in node.inputs}
        ends = dict.fromkeys(node for _name, node in self._named)
        self.graph.outputs = [node for node in ends if node and node not in read]

    @property
    def before(self) -> Volume:
        """What the first row that fits nowhere would come behind."""
        return self.graph.volume(self._last)

    def _node(self, row: PrintedRow) -> int | None:
        """Return the node that a row is; None where it fits nowhere."""
        if row.kind == "InputLayer":
            self._entered += 1
            volume = row.output if self._entered > 1 else self.volume or row.output
            return self.graph.enter(volume, row.name, first=self._entered == 1)
        for nodes in self._reads(row):
            found = self._alone(row, nodes[0]) if len(nodes) == 1 else self._joined(row, nodes)
            if found is not None:
                return found
        return None

    def _reads(self, row: PrintedRow) -> Iterator[list[int]]:
        """Yield the rows that a row may read; a name that is cut may be that of several."""
        if row.reads is None:
            yield [self._last]
            return
        found = [[*dict.fromkeys(self._called(name))][:_MOST_READS] for name in row.reads]
        if found and all(found):
            yield [each[0] for each in found]
            for place, each in enumerate(found):
                for other in each[1:]:
                    yield [
                        *(nodes[0] for nodes in found[:place]),
                        other,
                        *(nodes[0] for nodes in found[place + 1 :]),
                    ]

    def _called(self, wanted: str) -> Iterator[int]:
        """Yield the rows of a name, the nearest first; then those that it may be the begin of."""
        cut = wanted.endswith("…")
        bare = wanted.rstrip("…")
        yield from reversed(self._whole.get(wanted, ()))
        for name, node in reversed(self._named if cut else self._cut):
            short = name.rstrip("…")
            if (cut and short.startswith(bare)) or (short != name and bare.startswith(short)):
                yield node

    def _alone(self, row: PrintedRow, node: int) -> int | None:
        """Return a row that reads one other."""
        volume = self.graph.volume(node)
        weights = f"{row.kind} {self.solved}" if row.is_torch else ""
        if row.is_again:
            alike = [each for each in self._made if each[0].kind == row.kind]
            found = (each for each in alike[::-1] if fits(each[1], volume, row, learned=None))
            _row, layers, weights = next(found, (row, [], ""))
            if not layers:
                return None
        else:
            layers = self._layers(row, volume)
            if row.is_torch:
                self._made.append((row, layers, weights))
        if not layers:
            is_passed = row.is_torch and not row.learned and volume in _volumes(row)
            is_of_one = row.kind in MERGES and row.reads is not None
            return node if is_passed or is_of_one else None
        for place, layer in enumerate(layers):
            node = self.graph.layer(layer, node, row.name, f"{weights} {place}" if weights else "")
        return node

    def _layers(self, row: PrintedRow, volume: Volume) -> list[Layer]:
        """Return the layers that a row is behind a volume, with what no row shows before them."""
        for layers in candidates(row, volume) if _comes_in(row, volume) else ():
            if layers and fits(layers, volume, row):
                return layers
        for before in hidden(row, volume) if row.is_torch else ():
            after = follow(before, volume)
            for layers in candidates(row, after) if after and _comes_in(row, after) else ():
                if layers and fits([*before, *layers], volume, row):
                    return [*before, *layers]
        return []

    def _joined(self, row: PrintedRow, nodes: Sequence[int]) -> int | None:
        """Return a row that reads several others: a join that gives its output."""
        graph = self.graph
        if row.kind == "MultiHeadAttention" and len({*nodes}) == 1:
            return self._alone(row, nodes[0])
        if row.learned:
            return None
        if row.kind == "Concatenate":
            axes = range(len(row.output))
            made = (graph.join("concat", nodes, row.name, axis) for axis in axes)
            return next((n for n in made if n is not None and graph.volume(n) == row.output), None)
        node = graph.join(MERGES.get(row.kind, ""), nodes, row.name)
        if node is None or graph.volume(node) != row.output:
            return None
        if row.kind not in EXACT:
            graph.tell_stand_in(row.kind, node)
        return node


def _comes_in(row: PrintedRow, volume: Volume) -> bool:
    """Return whether a volume is what a row says that it takes, where it says so."""
    return row.takes is None or volume in _either_way(row.takes)


def _volumes(row: PrintedRow) -> tuple[Volume, ...]:
    """Return what a row puts out as volumes: PyTorch's may have the channels first or last."""
    return _either_way(row.output) if row.is_torch else (row.output,)


def _either_way(sizes: Volume) -> tuple[Volume, ...]:
    """Return sizes as volumes whose channels stand first, and last."""
    return ((*sizes[1:], sizes[0]), sizes) if len(sizes) > 1 else (sizes,)


def follow(layers: Sequence[Layer], volume: Volume) -> Volume | None:
    """Return what layers make of a volume; None for what they do not take."""
    try:
        for layer in layers:
            volume = layer.measure(volume).output
    except Problem:
        return None
    return volume


def fits(layers: Sequence[Layer], volume: Volume, row: PrintedRow, learned: int | None = 0) -> bool:
    """Return whether layers give a row's output and learn as many numbers; None: as any."""
    found = 0
    try:
        for layer in layers:
            told = layer.measure(volume)
            volume, found = told.output, found + int(told.params)
    except Problem:
        return False
    return volume in _volumes(row) and (learned is None or found == row.learned)
