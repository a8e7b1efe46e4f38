"""Networks that go by one name: others of the family, another input, a stride moved.

People say 'ResNet-50' of a network with the stride on the 1x1 of a block or on the 3x3, and
'AlexNet' of one that is given 224 pixels or 227.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import COSTS, COUNTS, FIELDS, SHAPES
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation import library
from cnncalc.notation.inputs import given_volume
from cnncalc.notation.parser import parse
from cnncalc.speech.language import Sentence
from cnncalc.trace.layers import measured
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.homework.answers import Query
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.library import Published
    from cnncalc.notation.tree import Given, Layer, Network
    from cnncalc.trace.rows import Row

INPUTS = {224: 227, 227: 224}
"""The widths of an input that go by each other's name."""

USUAL = (28, 32, 224, 227, 256, 299)
"""The widths of inputs that exercises have, and that are taken for each other."""

_BETWEEN = ("bn", "ln", "gn", "in", "relu", "relu6", "silu", "gelu", "identity")


class Variant(NamedTuple):
    """A network and what comes in, which go by the name of another; how its layers are measured.

    `of` are the quantities that it bears on, none for all. Norms that are folded stay in one that
    `unfolds`: it has other rows, and bears on the whole network alone.
    """

    name: str
    says: str
    of: frozenset[str]
    network: Network
    given: Given | None
    measure: Callable[[Layer, Volume], Measure] | None = None
    unfolds: bool = False

    def bears_on(self, query: Query) -> bool:
        """Whether it may give what is asked another value."""
        return (not self.of or query.quantity in self.of) and not (self.unfolds and query.place)


def variants(
    network: Network,
    given: Given,
    rows: Sequence[Row],
    others: Sequence[tuple[str, Network]],
    *,
    fold: bool = False,
) -> Iterator[Variant]:
    """Yield the variants of a network: `others` of its name, its inputs, its strides moved.

    Where it is to `fold` its norms, there is the network with them.
    """
    if fold:
        says = Sentence("batch norms that are not folded")
        yield Variant("bn-not-folded", says, COUNTS, network, given, unfolds=True)
    for name, other in others:
        says = Sentence("the network '{name}'", name=name)
        yield Variant(name, says, frozenset(), other, given_volume(other))
    sizes = tuple(
        INPUTS.get(size, size) if type(size) is int else size for size in given.sizes[:-1]
    )
    if sizes and sizes != given.sizes[:-1]:
        volume = (*sizes, given.sizes[-1])
        says = Sentence("an input of {volume}", volume=write_volume(volume))
        of = SHAPES | COUNTS | COSTS | {"activations"}
        yield Variant(f"input-{sizes[0]}", says, of, network, given._replace(sizes=volume))
    for to_point, name, says in (
        (True, "stride-on-1x1", Sentence("the stride on the 1x1 before the kernel")),
        (False, "stride-on-kernel", Sentence("the stride on the kernel behind the 1x1")),
    ):
        table = _moved(rows, to_point=to_point)
        if table:
            of = COSTS | FIELDS | {"activations"}
            yield Variant(name, says, of, network, given, _instead(table))


def misread_inputs(volume: Volume) -> Iterator[tuple[str, Volume]]:
    """Yield inputs that are taken for one: of another usual width that is near."""
    sizes = volume[:-1]
    if not sizes or not all(type(size) is int for size in sizes) or len(set(sizes)) > 1:
        return
    for size in USUAL:
        if size != sizes[0] and 3 * size < 4 * sizes[0] < 6 * size:
            other = (size,) * len(sizes) + volume[-1:]
            yield Sentence("an input of {volume}", volume=write_volume(other)), other


def _instead(table: dict[tuple[Any, ...], Layer]) -> Callable[[Layer, Volume], Measure]:
    """Return a measure with other layers in place of some, by their kind, values and volume."""

    def measure(layer: Layer, volume: Volume) -> Measure:
        return measured(table.get((layer.kind.name, layer.values, volume), layer), volume)

    return measure


def _moved(rows: Sequence[Row], *, to_point: bool) -> dict[tuple[Any, ...], Layer]:
    """Return 1x1 convs and the convs behind them with their strides changed for each other's."""
    table: dict[tuple[Any, ...], Layer] = {}
    for row in rows:
        if not _is_conv(row) or _is_point(row):
            continue
        point = rows[row.inputs[0]]
        while point.kind in _BETWEEN:
            point = rows[point.inputs[0]]
        if not _is_conv(point) or not _is_point(point):
            continue
        kernel, before = row.node, point.node
        strides = [each.named["stride"] for each in (before, kernel)]  # type: ignore[union-attr]
        giver = strides[1 if to_point else 0]
        if set(strides[0 if to_point else 1]) != {1} or set(giver) == {1}:
            continue
        reached = _strided(before, strides[1])
        volume = measured(reached, point.input).output
        table[before.kind.name, before.values, point.input] = reached  # type: ignore[union-attr]
        table[kernel.kind.name, kernel.values, volume] = _strided(kernel, strides[0])  # type: ignore[union-attr]
    return table


def _is_conv(row: Row) -> bool:
    return row.kind in ("conv", "dwconv")


def _is_point(row: Row) -> bool:
    return set(row.node.named["kernel"]) == {1}  # type: ignore[union-attr]


def _strided(layer: Any, stride: tuple[int, ...]) -> Layer:
    """Return a layer with another stride."""
    other: Layer = layer.having(stride=stride)
    return other


def family(name: str) -> list[tuple[str, Network]]:
    """Return the family of a model: the others whose names begin as its own does."""
    source = library.read(name) if name and library.is_name(name) else None
    if source is None:
        return []
    own = source.text.rstrip().splitlines()[-1]
    stem = own.split("_")[0]
    names = [each for each in library.names() if each.split("_")[0] == stem and each != own]
    return [(each, parse(library.read(each) or source)) for each in names[:8]]


def published(name: str) -> Sequence[Published]:
    """Return what was published of a model."""
    if not name or not library.is_name(name):
        return ()
    model = library.model(name)
    return model.published if model else ()
