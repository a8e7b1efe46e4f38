"""Another way to an answer: what an entry of the tables of conventions and of slips is.

A variation is, where it can be, a changed specification put through the same core: a layer with
its padding on one side, without its stride, on an input without its depth. The rest are changes of
one number. Conventions are other people's right answers; slips are nobody's.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.table import KINDS
from cnncalc.notation.tree import Layer
from cnncalc.speech.language import Sentence
from cnncalc.trace.layers import measured
from cnncalc.tuples import NamedTuple, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.rows import Row

ChangeLayer: TypeAlias = "Callable[[Layer], Layer]"
ChangeMeasure: TypeAlias = "Callable[[Measure, Layer, Volume], Measure]"
ChangeInput: TypeAlias = "Callable[[Layer, Volume], Volume]"
RowAnswer: TypeAlias = "Callable[[Row, str, Sequence[Row]], Any]"

SHAPES = frozenset({"output", "size", "channels"})
COUNTS = frozenset({"params", "weights", "biases"})
COSTS = frozenset({"macs", "flops"})
FIELDS = frozenset({"rf"})
DEPTHS = SHAPES - {"size"}
EVERY_KIND: frozenset[str] = frozenset()
"""The kinds of what is gone at the rows of all."""
CARRIED = frozenset({"in_features", "activations", "memory", "peak"}) | COUNTS | COSTS
"""What a wrong size or depth is carried on to."""


class _WayEntry(NamedTuple):
    """Another way to an answer: a convention, which has its right, or a slip.

    `of` are the quantities that it bears on. Exactly one of five says how the answer comes about:
    `change_layer` changes a layer before it is measured, `change_input` what comes in to it,
    `change_measure` what was measured of it; `answer` gives the answer about one row, as a number
    that may show its arithmetic, or None, from the row, the quantity and all rows; `factor`
    multiplies the right answer by a fraction. A `unit` is one that must be written in a claim for
    it to be meant. `about` is what a frequent slip is about: two that are about different things
    may be made at once. A `rare` one is looked for where nothing else gives the value. Rows of
    other kinds than its `kinds` are not asked, measured or changed. Where it gives what a way does
    that it is `like`, that one is meant.
    """

    name: str
    says: str
    of: frozenset[str]
    kinds: frozenset[str]
    is_convention: bool = False
    change_layer: ChangeLayer | None = None
    change_input: ChangeInput | None = None
    change_measure: ChangeMeasure | None = None
    answer: RowAnswer | None = None
    factor: tuple[int, int] | None = None
    unit: str = ""
    like: tuple[str, ...] = ()
    about: str = ""
    rare: bool = False


@entry_of("cnncalc.homework.ways", "WAYS")
class Variation(_WayEntry):
    """An entry, and what follows from it for every network, worked out once."""

    @cached_property
    def changes_rows(self) -> bool:
        """Whether it measures layers in another way."""
        return bool(self.change_layer or self.change_input or self.change_measure)

    @cached_property
    def alone(self) -> Together:
        """The way gone by itself."""
        return Together((self,))

    def is_of(self, kind: str) -> bool:
        """Return whether it is gone at rows of a kind."""
        return not self.kinds or kind in self.kinds

    def answer_at(self, row: Row, quantity: str, rows: Sequence[Row]) -> Any:
        """Return what it answers about a row; None where it has no answer, as of other kinds."""
        return self.answer(row, quantity, rows) if self.answer and self.is_of(row.kind) else None

    def is_carried_to(self, quantity: str) -> bool:
        """Whether a size or a depth that it gives bears on a quantity of later rows."""
        is_shape = self.changes_rows and bool(self.of & SHAPES)
        return is_shape and quantity in CARRIED - self.of

    def measure(self, layer: Layer, volume: Volume) -> Measure:
        """Measure a layer in this way."""
        return measured_with((self,), layer, volume)


class Together:
    """Ways that are gone at once, in this order: what they say, and at the rows of which `kinds`.

    Those that change layers are `of_layers`; others change what `reads`, or what was measured.
    """

    def __init__(self, ways: tuple[Variation, ...]) -> None:
        self.ways = ways
        self.name = ", ".join([way.name for way in ways])
        self.says = both(*[way.says for way in ways])
        self.is_convention = len(ways) == 1 and ways[0].is_convention
        self.kinds = ways[0].kinds
        for way in ways[1:]:
            self.kinds = self.kinds | way.kinds if self.kinds and way.kinds else EVERY_KIND
        self.reads = [way for way in ways if way.change_input]
        self.measures = [way for way in ways if way.change_measure]
        self.of_layers = [way for way in ways if way.change_layer]


def both(first: str, second: str = "") -> str:
    """Return what a way says, or what two say that are gone at once."""
    if not second:
        return first
    return Sentence("{first}, and {second}", first=first, second=second)


PAIRS = frozenset(
    map(
        frozenset,
        (
            *(("padding", "stride"), ("padding", "one"), ("stride", "one"), ("bias", "weights")),
            *((about, "depth") for about in ("padding", "stride", "one", "size")),
        ),
    )
)
"""What two slips that are made at once may be about."""


def input_with(ways: Iterable[Variation], layer: Layer, volume: Volume) -> Volume:
    """Return what comes in to a layer in several ways."""
    for way in ways:
        if way.change_input and way.is_of(layer.kind.name):
            volume = way.change_input(layer, volume)
    return volume


def changed_layer(ways: Iterable[Variation], layer: Layer) -> Layer:
    """Return a layer that is changed in several ways."""
    for way in ways:
        if way.change_layer and way.is_of(layer.kind.name):
            layer = way.change_layer(layer)
    return layer


def measured_with(ways: Sequence[Variation], layer: Layer, volume: Volume) -> Measure:
    """Measure a layer in several ways at once: first it is changed, then what was measured."""
    return measured_changed(ways, changed_layer(ways, layer), volume)


def measured_changed(ways: Sequence[Variation], layer: Layer, volume: Volume) -> Measure:
    """Measure a layer that was changed in several ways."""
    volume = input_with(ways, layer, volume)
    return changed_measure(ways, measured(layer, volume), layer, volume)


def changed_measure(
    ways: Iterable[Variation], found: Measure, layer: Layer, volume: Volume
) -> Measure:
    """Return what was measured of a layer, changed in several ways."""
    for way in ways:
        if way.change_measure and way.is_of(layer.kind.name):
            found = way.change_measure(found, layer, volume)
    return found


def closed(entries: Mapping[str, Variation]) -> dict[str, Variation]:
    """Return a table by name, whose entries know theirs; one that is not whole does not load."""
    for name, each in entries.items():
        changes = (each.change_layer, each.change_input, each.change_measure)
        ways = (*changes, each.answer, each.factor)
        if sum(way is not None for way in ways) != 1:
            message = f"{name}: exactly one way to the answer must be set"
            raise ValueError(message)
        if not (each.says and each.of and name) or "," in name:
            message = f"{name}: a name, a sentence and quantities must be set"
            raise ValueError(message)
        if not each.kinds <= {*KINDS, *JOIN_KINDS}:
            message = f"{name}: kinds that there are must be set"
            raise ValueError(message)
    return {n: way._replace(name=n, says=Sentence(way.says)) for n, way in entries.items()}


def kinds_with(parameter: str) -> frozenset[str]:
    """Return the names of the kinds of layers that have a parameter."""
    return frozenset(kind.name for kind in KINDS.values() if parameter in kind.names_of_values)


def spec(**changes: Any) -> ChangeLayer:
    """Return a change of layers in those arguments that they have; one may be a function."""

    def change_layer(layer: Layer) -> Layer:
        values, places = list(layer.values), layer.kind.places_of_values
        for name, change in changes.items():
            if (at := places.get(name)) is not None:
                values[at] = change(values[at]) if callable(change) else change
        return Layer(layer.kind, tuple(values), layer.span)

    return change_layer


def spec_padding(change: Callable[[Any], Any]) -> ChangeLayer:
    """Return a change of all paddings: of windows, and of layers that only pad or crop."""
    return spec(padding=change, size=change)


PADDED = kinds_with("padding") | {"pad", "crop"}
RECURRENT = frozenset({"lstm", "gru", "rnn"})
POOLS = frozenset({"maxpool", "avgpool"})
CONVS = frozenset({"conv", "dwconv", "deconv"})
BY_DEPTH = CONVS | POOLS | {"bn", "relu", "relu6", "silu", "gelu", "sigmoid", "dropout", "identity"}
BY_DEPTH |= {"pad", "upsample", "input", "reference", "add", "concat"}
"""Kinds of rows that learn by the depth of their maps, and give one by it, whatever their sizes."""
WINDOWS = frozenset({"conv", "dwconv", "local"}) | POOLS
SAME = {"same": True, "padding": (0,), "valid": False, "full": False, "ceil": False}


def has_windows(layer: Layer) -> bool:
    """Return whether a layer slides windows over its map."""
    return layer.kind.name in WINDOWS


def along(values: Any, axis: int) -> Any:
    """Return what an argument says along an axis: its one value, or that axis's own."""
    return values[axis] if len(values) > 1 else values[0]


def padding_as(change: Callable[[Any], Any]) -> RowAnswer:
    """Return an answer that is a padding, from the kernel."""

    def answer(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
        return tuple(change(k) for k in row.node.named["kernel"])  # type: ignore[union-attr]

    return answer
