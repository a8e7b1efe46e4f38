"""The tree of a network: layers, calls, groups, joins, references, labels, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.notation.expressions import is_sizes
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.table import Kind
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.expressions import Expression, Value
    from cnncalc.speech.problem import Problem, Span


class Argument(NamedTuple):
    """What follows a layer's name: by position ('' as its name), by name, a flag, or `...`."""

    name: str
    value: Value
    span: Span
    words: str = ""


class Layer(NamedTuple):
    """A layer with all its numbers: one value for each parameter of its kind."""

    kind: Kind
    values: tuple[Any, ...]
    span: Span

    @property
    def named(self) -> dict[str, Any]:
        """Its values by the names of their parameters."""
        return dict(zip(self.kind.names_of_values, self.values, strict=True))

    def having(self, **values: Any) -> Layer:
        """Return the layer with other values of some parameters."""
        return self._replace(values=tuple({**self.named, **values}.values()))

    def as_kind(self, kind: Kind, **values: Any) -> Layer:
        """Return a layer of another kind in its place: its values are the usual ones, or these."""
        given = (values.get(each.name, each.default) for each in kind.parameters)
        return Layer(kind, tuple(given), self.span)

    def measure(self, volume: Volume) -> Measure:
        """Return what it does to a volume, by its kind's formulas."""
        found: Measure = self.kind.measure(volume, *self.values)
        return found


class Pending(NamedTuple):
    """A layer some of whose numbers are known only at the call; `preset` is by its name."""

    kind: Kind
    preset: dict[str, Any]
    arguments: tuple[Argument, ...]
    span: Span

    @property
    def reads_sizes(self) -> bool:
        """Whether the sizes of what a label holds are in it, as nothing but a resize takes them."""
        return self.kind.name == "resize" and any(is_sizes(each.value) for each in self.arguments)


class Call(NamedTuple):
    """A definition at work."""

    definition: Definition
    arguments: tuple[Argument, ...]
    span: Span


class Group(NamedTuple):
    """A sequence in brackets, some `times`; None: once, and no scope of its own.

    `by_round`: the number of the round stands in it, so that rounds may differ; `shared`: all have
    the weights of the first.
    """

    sequence: Sequence
    times: Expression | None
    span: Span
    by_round: bool = False
    shared: bool = False


class Join(NamedTuple):
    """Branches side by side: `how` is concat, add, mul or aux; or opaque, with its `layer`.

    A concat stacks along a spatial `axis`, counted from 1; 0: along the channels.
    """

    how: str
    branches: tuple[Sequence, ...]
    span: Span
    layer: Layer | None = None
    axis: int = 0

    @property
    def head(self) -> str:
        """What stands before its branches."""
        return f"{self.how} axis={self.axis} " if self.axis else self.how


class Reference(NamedTuple):
    """`@label`: goes on from a labelled output."""

    label: str
    span: Span


class Again(NamedTuple):
    """`again label`: through the item of a label once more, with the same weights."""

    label: str
    target: Item
    span: Span


class Labelled(NamedTuple):
    """An item whose output has a name."""

    label: str
    item: Item
    span: Span


class Shape(NamedTuple):
    """A volume in brackets or with commas, whose layout and batch what follows it decides."""

    sizes: tuple[Expression | None, ...]
    may_have_batch: bool
    span: Span
    label: str = ""


class Given(NamedTuple):
    """A volume as it is written, an input; channels last, whatever the layout.

    `shape` is what `--input` gives in brackets or with commas, as it is typed: the calls of the
    network say what its layout is, and whether a batch stands first.
    """

    sizes: tuple[Expression, ...]
    span: Span
    label: str = ""
    shape: Shape | None = None


class Sequence(NamedTuple):
    """Items one after another."""

    items: tuple[Item, ...]
    span: Span


class Formal(NamedTuple):
    """A parameter of a definition, with what stands for it when none is given."""

    name: str
    default: Value | None
    span: Span


class Definition(NamedTuple):
    """A named part; `rest` takes the arguments that are left. With a volume it is a model."""

    name: str
    formals: tuple[Formal, ...]
    rest: bool
    volume: Given | None
    sequence: Sequence
    height: int
    span: Span


class Said(NamedTuple):
    """What a call says of the channels that come into its layer: an argument's name and number."""

    argument: str
    channels: int
    span: Span


class PrintedLine(NamedTuple):
    """A layer as a print has it: its label, its words, and the learned numbers that it says.

    `kind` is its class; `params` and `weights` are None where they are not known.
    """

    label: str
    text: str
    kind: str
    params: int | None
    weights: int | None = None


class PrintedLines(NamedTuple):
    """What is known of a print whose layers have no shapes.

    `warnings` say so; `misfit` says why the order cannot be followed, if that is why. `whole` says
    that the sum of its lines is all that the network learns.
    """

    lines: tuple[PrintedLine, ...]
    warnings: tuple[Problem, ...]
    misfit: Problem | None
    whole: bool


class FromCall(NamedTuple):
    """A call that was read: where, whose, and for how many spatial axes, where it says.

    The rank of a Linear is 0; that of a flatten, behind which no shape is known, is -1.
    """

    start: int
    framework: str
    channels_first: bool
    rank: int | None


class Network(NamedTuple):
    """Definitions, then a volume, if there is one, and what it goes through.

    `warnings` are what was noticed as it was read; `said` holds, by where a layer begins, what
    its call says of what comes in; `lines` what a print says without an order or an input. `calls`
    are those that frameworks spell; `name` is what Keras calls the model that it was made of, and
    `held` how many numbers that has which are not learned and no batch norm's.
    """

    definitions: tuple[Definition, ...]
    volume: Given | None
    sequence: Sequence
    span: Span
    warnings: tuple[Problem, ...] = ()
    said: dict[int, Said] = {}  # noqa: RUF012 - never changed
    calls: tuple[FromCall, ...] = ()
    lines: PrintedLines | None = None
    name: str = ""
    held: int = 0


Item: TypeAlias = Layer | Pending | Call | Group | Join | Reference | Again | Labelled | Given

JOINS = {
    **{kind.name: kind.says for kind in JOIN_KINDS.values()},
    "aux": "a side branch whose output goes nowhere",
}
"""Words before branches in brackets, and what each does."""

# ---------------------------------------------------------------- arguments to parameters


def unlabel(item: Item) -> Item:
    """Return an item without its labels."""
    while isinstance(item, Labelled):
        item = item.item
    return item


def sequences_of(item: Item) -> tuple[Sequence, ...]:
    """Return the sequences in an item: a group's, a join's branches; a call has none here."""
    item = unlabel(item)
    if isinstance(item, Group):
        return (item.sequence,)
    return item.branches if isinstance(item, Join) else ()


def items_in(sequence: Sequence) -> Iterator[Item]:
    """Yield all items of a sequence and in it, outer ones first; not those of calls."""
    for item in sequence.items:
        inner = item
        while isinstance(inner, Labelled):
            yield inner
            inner = inner.item
        yield inner
        for part in sequences_of(inner):
            yield from items_in(part)


def takes_input(sequence: Sequence) -> bool:
    """Return whether a sequence reads what comes in: it begins with no volume and no `@label`."""
    item = unlabel(sequence.items[0])
    if isinstance(item, Reference | Given):
        return False
    if isinstance(item, Group) and item.times is None:
        return takes_input(item.sequence)
    if isinstance(item, Join) and item.how != "aux":
        return any(takes_input(branch) for branch in item.branches)
    return True
