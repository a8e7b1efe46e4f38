"""Items as folding compares them: what each is without its numbers, its numbers, what is in it."""

from __future__ import annotations

from operator import eq
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.kinds.table import KINDS
from cnncalc.notation.expressions import Name
from cnncalc.notation.tree import (
    Again,
    Group,
    Item,
    Join,
    Labelled,
    Layer,
    Reference,
    Sequence,
)
from cnncalc.notation.writer import write_item
from cnncalc.speech.problem import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


NOWHERE = Span(Source("", ""), 0, 0)

Number: TypeAlias = Any
"""A number, one for each axis, or the text of an expression in the parameters of a definition."""

Path: TypeAlias = "tuple[str, ...] | None"
"""The words of a label, or those that several begin with; None for no label."""

_NORMS = ("bn", "ln", "gn", "in", "dropout", "identity", "lrn", "layerscale", "prelu")
_POOLS = ("maxpool", "avgpool", "gap", "gmp", "adaptiveavgpool", "adaptivemaxpool", "flatten")
FOLLOWERS = frozenset((*_NORMS, *(kind.name for kind in KINDS.values() if kind.nonlinear)))
"""Kinds that belong to what stands before them."""


class Part:
    """An item: its `head` says what it is but for its `numbers`, and `branches` stand in it.

    `target` is what a reference reads. What is `fixed` keeps its place: an input, an output, what
    reads sizes. Parts of one `shape` are alike but for numbers, those that are `equal` but for
    labels. They stand from `first` up to `end` in the text; what they read begins at `low`; they
    are read up to `read`, and what is in them, or their weights, up to `high`.
    """

    __slots__ = (
        *("head", "numbers", "branches", "label", "item", "target", "fixed", "moved", "kept"),
        *(
            "shape",
            "equal",
            "first",
            "end",
            "low",
            "read",
            "high",
            "length",
            "path",
            "stands",
            "own",
        ),
    )

    def __init__(self, head: tuple[Any, ...], item: Any, numbers: tuple[Number, ...] = ()) -> None:
        self.head = head
        self.item = item
        self.numbers = numbers
        self.branches: tuple[list[Part], ...] = ()
        self.label = ""
        self.target: Part | None = None
        self.fixed = False
        self.moved: Part | None = None  # what its label is now on
        self.kept = False  # its label stays as it is
        self.shape = self.equal = self.first = self.end = self.low = 0
        self.read = self.high = -1
        self.length = self.stands = 0
        self.path: Path = None
        self.own: tuple[Part, ...] = ()  # what has the path of a join's own label

    @property
    def rank(self) -> int:
        """How well a block begins with it: 0 for what learns or holds others, 1 a pool, 2 else."""
        if self.head[0] != "layer":
            return 0
        return 2 if self.head[1] in FOLLOWERS else int(self.head[1] in _POOLS)

    @property
    def is_repeat(self) -> bool:
        """Whether it is a group with a count, which is a scope of its own."""
        return self.head[0] == "group" and bool(self.numbers)

    @property
    def is_plain(self) -> bool:
        """Whether it is a group without a count."""
        return self.head[0] == "group" and not self.numbers

    def inside(self) -> Iterator[Part]:
        """Yield it and all that stands in it, as they are written."""
        yield self
        for branch in self.branches:
            for part in branch:
                yield from part.inside()

    def read_by(self) -> Part:
        """Return what is read in its place."""
        part = self
        while part.moved is not None:
            part = part.moved
        return part


def parts_of(sequence: Sequence) -> list[Part]:
    """Return the items of a sequence as parts."""
    return _PartReader().sequence(sequence)


class _PartReader:
    """Reads items as parts; knows the labels that are set."""

    def __init__(self) -> None:
        self.labelled: dict[str, Part] = {}

    def sequence(self, sequence: Sequence) -> list[Part]:
        return [self.item(item) for item in sequence.items]

    def item(self, item: Item) -> Part:
        label = ""
        while isinstance(item, Labelled):
            label, item = item.label, item.item
        part = self.bare(item)
        if label:
            part.label = label
            part.path, part.stands = tuple(label.split("_")), 1
            part.own = (Part(("label",), None),)
            part.own[0].path, part.own[0].stands = part.path, 1
            self.labelled[label] = part
        return part

    def bare(self, item: Item) -> Part:
        if isinstance(item, Layer):
            return _layer(item)
        if isinstance(item, Reference | Again):
            part = Part((type(item).__name__,), item)
            part.target = self.labelled.get(item.label)
            part.fixed = part.target is None
            return part
        if isinstance(item, Join):
            layer = write_item(item.layer) if item.layer else ""
            part = Part(("join", item.how, item.axis, layer), item)
            part.branches = tuple(map(self.sequence, item.branches))
            part.fixed = item.how == "aux"
            return part
        if isinstance(item, Group) and (item.times is None or type(item.times) is int):
            times = () if item.times is None else (item.times,)
            part = Part(("group", item.by_round, item.shared), item, times)
            part.branches = (self.sequence(item.sequence),)
            return part
        part = Part(("fixed", id(item)), item)
        part.fixed = True
        return part


def _layer(layer: Layer) -> Part:
    """Return a layer as a part: numbers without pairs in them may differ in what is alike."""
    kind = layer.kind
    slots, numbers, rest = [], [], []
    fixed = kind.name == "output"
    for index, (parameter, value) in enumerate(zip(kind.parameters, layer.values, strict=True)):
        if parameter.form in ("number", "axes", "sides") and _is_plain(value):
            slots.append(index)
            numbers.append(value)
        else:
            fixed = fixed or (type(value) is tuple and any(isinstance(x, Name) for x in value))
            rest.append((index, value))
    part = Part(("layer", kind.name, tuple(slots), tuple(rest)), layer, tuple(numbers))
    part.fixed = fixed
    return part


def _is_plain(value: Any) -> bool:
    if type(value) is tuple:
        return all(type(side) is int for side in value)
    return type(value) is int


def group_of(rounds: list[list[Part]]) -> Part:
    """Return a repeat of rounds, as the first of them."""
    item = Group(Sequence((), NOWHERE), len(rounds), NOWHERE)
    part = Part(("group", False, False), item, (len(rounds),))
    part.branches = (rounds[0],)
    stand(part, [each for parts in rounds for each in parts])
    return part


def stand(part: Part, parts: list[Part]) -> None:
    """Let a part stand where others do: what they read and who reads them is as it was."""
    part.path, part.stands = path_of(parts)
    part.first, part.end, part.read = parts[0].first, parts[-1].end, parts[-1].read
    part.low = min(each.low for each in parts)
    part.high = max(max(each.high, -1 if each is parts[-1] else each.read) for each in parts)


def path_of(parts: Iterable[Part]) -> tuple[Path, int]:
    """Return what the labels of parts, and of all that they stand for, begin with; how many."""
    path: Path = None
    stands = 0
    for part in parts:
        if part.path is not None:
            path = part.path if path is None else common(path, part.path)
        stands += part.stands
    return path, stands


def common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that two paths begin with alike."""
    same = map(eq, one, other)
    return one[: next((at for at, each in enumerate(same) if not each), min(len(one), len(other)))]


def values_of(part: Part) -> tuple[Any, ...]:
    """Return the values of a layer with its numbers in their places."""
    values = list(part.item.values)
    for slot, number in zip(part.head[2], part.numbers, strict=True):
        values[slot] = number
    return tuple(values)


def layer_of(part: Part) -> Layer:
    """Return a layer with its numbers, and nowhere."""
    return Layer(part.item.kind, values_of(part), NOWHERE)
