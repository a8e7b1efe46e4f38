"""The one table of conventions: other ways to count, which have their right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.typed import unless_typed
from cnncalc.homework.variations import (
    COSTS,
    COUNTS,
    EVERY_KIND,
    FIELDS,
    PADDED,
    POOLS,
    RECURRENT,
    SAME,
    SHAPES,
    Variation,
    closed,
    kinds_with,
    spec,
    spec_padding,
)
from cnncalc.homework.workings import as_told, cost, values_in
from cnncalc.kinds.measure import Writes
from cnncalc.numbers.working import plain, shown
from cnncalc.report.quantities import BYTES, QUANTITIES
from cnncalc.report.several import last_finite
from cnncalc.speech.language import Sentence
from cnncalc.speech.names import names_in
from cnncalc.trace.adapted import with_bias
from cnncalc.trace.counters import COUNTERS, Counter
from cnncalc.trace.deployed import folded_norms
from cnncalc.trace.dtypes import bytes_of
from cnncalc.trace.layers import measured
from cnncalc.trace.memory_rules import MEMORY_RULES, MemoryRule
from cnncalc.trace.sharing import without_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer
    from cnncalc.trace.rows import Row


def _halved(padding: Any) -> Any:
    """Return a padding that is the sum of both sides, as one for each side."""
    return tuple(
        side if type(side) is tuple else (plain(side) // 2, plain(side) - plain(side) // 2)
        for side in padding
    )


def _no_bias(measure: Measure, _layer: Layer, _volume: Volume) -> Measure:
    return measure._replace(biases=0, params=measure.weights)


def _swapped(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    if quantity != "output" or len(row.output) < 2:
        return None
    return (row.output[-1], *row.output[:-1])


def _macs_with_bias(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    if not row.macs or not row.biases:
        return None
    once = shown(row.macs) + row.forward.of_all(values_in(row.output))
    return cost(quantity, once)


def _flops_with_bias(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    if not row.macs or not row.biases:
        return None
    return 2 * shown(row.macs) + row.forward.of_all(values_in(row.output))


def _kept(work: Callable[[Sequence[Row]], Any]) -> Callable[[Sequence[Row]], Any]:
    """Return what works something out of all rows of a network; that of the last is kept."""
    last: tuple[Any, Any] = None, None

    def found(rows: Sequence[Row]) -> Any:
        nonlocal last
        known, kept = last  # at once: another thread may ask about other rows
        if known is not rows:
            kept = work(rows)
            last = rows, kept
        return kept

    return found


def _norms_and_convs(rows: Sequence[Row]) -> tuple[Collection[int], Collection[int]]:
    """Return the rows of norms that are folded, and those that they are folded into."""
    into = folded_norms(rows)
    return into, {*into.values()}


_deployed = _kept(_norms_and_convs)


def _folded(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
    """Count a network as it is deployed: norms are gone, and convs have a bias."""
    norms, convs = _deployed(rows)
    if row.index in norms:
        return 0
    return QUANTITIES[quantity].of(_biased(row)) if row.index in convs else None


def _biased(row: Row) -> Row:
    """Return the row of a layer with a bias."""
    layer = with_bias(row.node)  # type: ignore[arg-type] # a layer
    measure = measured(layer, row.input)
    shown = measure if row.shared is None else without_weights(measure)
    return row._replace(node=layer, measure=shown)


def _without_bn(measure: Measure, _layer: Layer, _volume: Volume) -> Measure:
    """Count nothing of a batch norm."""
    return measure._replace(weights=0, biases=0, params=0)


def _weights_alone(measure: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count neither biases nor batch norms."""
    left = _without_bn if layer.kind.name == "bn" else _no_bias
    return left(measure, layer, volume)


def _at_outputs(measure: Measure, _layer: Layer, _volume: Volume) -> Measure:
    """Count a MAC of each weight of a transposed conv at each place of its output."""
    positions = values_in(measure.output[:-1])
    return measure._replace(macs=as_told(measure.weights * positions, measure.weights))


def _one_less(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Count an addition less for each output value."""
    return None if not row.macs else 2 * shown(row.macs) - row.forward.of_all(values_in(row.output))


def _every_output(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count the output of a layer that works in place, too."""
    if row.writes in (Writes.NEW, Writes.INPUT):
        return None
    values = row.forward.of_all(values_in(row.output))
    return values if quantity == "activations" else bytes_of(values, row.forward.types.activations)


def _last_finite(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
    """Take the field of the last row before that does not see all."""
    found = last_finite(rows[: row.index + 1]) if row.rf == "all" else None
    return QUANTITIES[quantity].of(found) if found else None


def _convention(
    says: str, of: frozenset[str], kinds: frozenset[str] = EVERY_KIND, **how: Any
) -> Variation:
    return Variation("", says, of, kinds, is_convention=True, **how)


def _counted_by(counter: Counter) -> Variation:
    """Return the convention of a counter: its total for a row, where it counts more than we do."""

    def answer(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
        return row.forward.of_all(plain(counter.cost(quantity, row)))

    says = Sentence("what {tool} counts", tool=counter.name)
    bears = frozenset(name for name in COSTS if counter.bears_on(name))
    return _convention(says, bears, answer=answer)


def _held_by(rule: MemoryRule) -> Iterator[tuple[str, Variation]]:
    """Yield the convention of a memory rule, and the number that is printed in MiB called MB."""
    held = _kept(rule.of)

    def answer(row: Row, _quantity: str, rows: Sequence[Row]) -> Any:
        found = held(rows)
        return found[row.index] if any(found) else None

    def printed(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
        found = answer(row, quantity, rows)
        return None if found is None else plain(found) * 1000**2 // 1024**2

    of = frozenset({rule.quantity})
    yield rule.name, _convention(rule.says, of, answer=answer, like=rule.like)
    if rule.is_in_mebibytes:
        says = Sentence("{rule}, in MiB called MB", rule=Sentence(rule.says))
        yield f"{rule.name}-mib", _convention(says, of, answer=printed, unit="MB")


BN, FC = frozenset({"bn"}), frozenset({"fc"})
MACS, FLOPS = frozenset({"macs"}), frozenset({"flops"})

CUT_OFF = "cut-off"
"""The convention of figures that are cut off, by which the reasons for one go."""

_ENTRIES = {
    CUT_OFF: _convention("the answer, cut off and not rounded", COUNTS | COSTS, factor=(1, 1)),
    "no-bias": _convention(
        "the weights alone, without the biases", COUNTS, change_measure=_no_bias, about="bias"
    ),
    "macs-as-flops": _convention(
        "MACs, which are called FLOPs", FLOPS, answer=lambda row, *_of: row.macs
    ),
    "flops-as-macs": _convention(
        "two operations for each MAC", MACS, answer=lambda row, *_of: 2 * shown(row.macs)
    ),
    "bias-as-mac": _convention(
        "one more for the bias of each output value", COSTS, answer=_macs_with_bias
    ),
    "bias-as-flop": _convention(
        "one more add for the bias of each output value", FLOPS, answer=_flops_with_bias
    ),
    "bn-folded": _convention(
        "batch norms folded into the convolutions before them", COUNTS, answer=_folded
    ),
    "bn-left-out": _convention("without batch norms", COUNTS, change_measure=_without_bn, kinds=BN),
    "weights-alone": _convention(
        "the weights alone, without biases and batch norms",
        COUNTS,
        change_measure=_weights_alone,
        like=("no-bias", "bn-left-out"),
    ),
    "deconv-at-outputs": _convention(
        "a transposed conv's weights used at each place of its output, as thop counts",
        COSTS,
        change_measure=_at_outputs,
        kinds=frozenset({"deconv"}),
    ),
    "convs-alone": _convention(
        "the convolutions alone",
        COSTS,
        answer=lambda row, quantity, _rows: 0 if QUANTITIES[quantity].of(row) else None,
        kinds=FC,
    ),
    "flops-less-one": _convention("an addition less than multiplications", FLOPS, answer=_one_less),
    **{name: _counted_by(each) for name, each in COUNTERS.items() if not each.is_plain},
    "running-statistics": _convention(
        "with batch norm's running mean and variance, as Keras counts",
        COUNTS,
        change_measure=lambda found, _layer, volume: found._replace(
            params=4 * volume[-1], weights=3 * volume[-1]
        ),
        kinds=BN,
    ),
    "one-recurrent-bias": _convention(
        "one bias for each gate of a recurrent layer, as Keras and lectures have it",
        COUNTS,
        change_layer=unless_typed(spec(onebias=True)),
        kinds=RECURRENT,
        about="bias",
    ),
    "last-field": _convention(
        "the field of the last row that does not see all",
        FIELDS | {"jump", "start"},
        answer=_last_finite,
    ),
    "channels-as-depth": _convention(
        "the channels of the map, which are called its depth",
        frozenset({"depth"}),
        answer=lambda row, *_of: row.output[-1],
    ),
    "channels-first": _convention("the volume with its channels first", SHAPES, answer=_swapped),
    "ceil": _convention(
        "pools that round up, as Caffe's do",
        SHAPES,
        change_layer=unless_typed(spec(ceil=True, same=False)),
        kinds=POOLS,
    ),
    "total-padding": _convention(
        "the padding taken as the sum of both sides",
        SHAPES,
        change_layer=spec_padding(_halved),
        kinds=PADDED,
    ),
    "same": _convention(
        "'same' padding, where none is written",
        SHAPES,
        change_layer=unless_typed(spec(**SAME)),
        kinds=kinds_with("same"),
    ),
    "kib-as-kb": _convention("a KB taken as 1024 bytes", BYTES, factor=(1000, 1024), unit="KB"),
    "mib-as-mb": _convention(
        "an MB taken as 1024*1024 bytes", BYTES, factor=(1000**2, 1024**2), unit="MB"
    ),
    "gib-as-gb": _convention(
        "a GB taken as 1024*1024*1024 bytes", BYTES, factor=(1000**3, 1024**3), unit="GB"
    ),
    "every-output": _convention(
        "every layer's output, those that work in place too",
        frozenset({"memory", "activations"}),
        answer=_every_output,
    ),
    "forward-and-backward": _convention(
        "twice the outputs, for their gradients",
        frozenset({"memory", "activations"}),
        factor=(2, 1),
    ),
    **{name: each for rule in MEMORY_RULES.values() for name, each in _held_by(rule)},
    **{
        name: _convention(
            says, COUNTS | COSTS, factor=(1000**power, 1024**power), unit=unit, rare=True
        )
        for power, name, says, unit in (
            (1, "k-of-1024", "a K taken as 1024", "K"),
            (2, "m-of-1024", "an M taken as 1024*1024", "M"),
            (3, "g-of-1024", "a G taken as 1024*1024*1024", "G"),
        )
    },
}

CONVENTIONS = closed(_ENTRIES)


def convention_names() -> list[str]:
    """Return the names of the conventions that can be accepted."""
    return [*CONVENTIONS]


def read_accepted(names: str | None) -> list[str]:
    """Return the conventions that are named, with commas between them, as right as well."""
    if not names:
        return []
    fact = "no convention is called {name}"
    return names_in(names, "--accept", convention_names(), "unknown-convention", fact)
