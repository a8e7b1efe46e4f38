"""The one table of conventions: other ways to count, which have their right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.typed import unless_typed
from cnncalc.homework.variations import (
    COSTS,
    COUNTS,
    FIELDS,
    PADDED,
    POOLS,
    RECURRENT,
    SAME,
    SHAPES,
    RowAnswer,
    Variation,
    closed,
    kinds_with,
    spec,
    spec_padding,
)
from cnncalc.kinds.measure import Writes
from cnncalc.numbers.working import plain, product, shown, spoken
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
    from collections.abc import Iterator, Sequence

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


def _running(measure: Measure, _layer: Layer, volume: Volume) -> Measure:
    """Count a batch norm's running mean and variance, as Keras' summary does."""
    return measure._replace(params=4 * volume[-1], weights=3 * volume[-1])


def _swapped(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    if quantity != "output" or len(row.output) < 2:
        return None
    return (row.output[-1], *row.output[:-1])


def _channels(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    return row.output[-1]


def _flops_are_macs(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    return row.macs if quantity == "flops" else None


def _macs_are_flops(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    return 2 * shown(row.macs) if quantity == "macs" else None


def _macs_with_bias(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    if not row.macs or not row.biases:
        return None
    once = shown(row.macs) + row.forward.of_all(product(spoken(row.output)))
    return once if quantity == "macs" else 2 * once


def _flops_with_bias(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    if quantity != "flops" or not row.macs or not row.biases:
        return None
    return 2 * shown(row.macs) + row.forward.of_all(product(spoken(row.output)))


def _folded() -> RowAnswer:
    """Return the way of a network as it is deployed: norms are gone, and convs have a bias.

    What is folded of the rows of a network is kept.
    """
    known: list[Any] = []

    def answer(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
        if not known or known[0] is not rows:
            into = folded_norms(rows)
            known[:] = rows, into, set(into.values())
        if row.index in known[1]:
            return 0
        return QUANTITIES[quantity].of(_biased(row)) if row.index in known[2] else None

    return answer


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
    positions = product(spoken(tuple(map(plain, measure.output[:-1]))))
    return measure._replace(macs=shown(measure.weights) * positions)


def _of_convs(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count nothing of a fully connected layer."""
    return 0 if QUANTITIES[quantity].of(row) else None


def _one_less(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count an addition less for each output value."""
    if quantity != "flops" or not row.macs:
        return None
    return 2 * shown(row.macs) - row.forward.of_all(product(spoken(row.output)))


def _every_output(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
    """Count the output of a layer that works in place, too."""
    if row.writes in (Writes.NEW, Writes.INPUT):
        return None
    values = row.forward.of_all(product(spoken(row.output)))
    return values if quantity == "activations" else bytes_of(values, row.forward.types.activations)


def _last_finite(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
    """Take the field of the last row before that does not see all."""
    found = last_finite(rows[: row.index + 1]) if row.rf == "all" else None
    return QUANTITIES[quantity].of(found) if found else None


def _convention(name: str, says: str, of: frozenset[str], **how: Any) -> Variation:
    return Variation(name, says, of, is_convention=True, **how)


def _counted_by(counter: Counter) -> Variation:
    """Return the convention of a counter: its total for a row, where it counts more than we do."""

    def answer(row: Row, quantity: str, _rows: Sequence[Row]) -> Any:
        return row.forward.of_all(plain(counter.cost(quantity, row)))

    says = Sentence("what {tool} counts", tool=counter.name)
    bears = frozenset(name for name in COSTS if counter.bears_on(name))
    return _convention(counter.name, says, bears, answer=answer)


def _held_by(rule: MemoryRule) -> Iterator[Variation]:
    """Yield the convention of a memory rule, and the number that is printed in MiB called MB.

    What the rule gives for the rows of a network is kept.
    """
    known: list[Any] = []

    def answer(row: Row, _quantity: str, rows: Sequence[Row]) -> Any:
        if not known or known[0] is not rows:
            known[:] = rows, rule.of(rows)
        return known[1][row.index] if any(known[1]) else None

    def printed(row: Row, quantity: str, rows: Sequence[Row]) -> Any:
        found = answer(row, quantity, rows)
        return None if found is None else plain(found) * 1000**2 // 1024**2

    of = frozenset({rule.quantity})
    yield _convention(rule.name, rule.says, of, answer=answer, like=rule.like)
    if rule.is_in_mebibytes:
        says = Sentence("{rule}, in MiB called MB", rule=Sentence(rule.says))
        yield _convention(f"{rule.name}-mib", says, of, answer=printed, unit="MB")


BN, FC = frozenset({"bn"}), frozenset({"fc"})

CUT_OFF = "cut-off"
"""The convention of figures that are cut off, by which the reasons for one go."""

CONVENTIONS = closed(
    _convention(CUT_OFF, "the answer, cut off and not rounded", COUNTS | COSTS, factor=(1, 1)),
    _convention(
        "no-bias",
        "the weights alone, without the biases",
        COUNTS,
        change_measure=_no_bias,
        about="bias",
    ),
    _convention("macs-as-flops", "MACs, which are called FLOPs", COSTS, answer=_flops_are_macs),
    _convention("flops-as-macs", "two operations for each MAC", COSTS, answer=_macs_are_flops),
    _convention(
        "bias-as-mac", "one more for the bias of each output value", COSTS, answer=_macs_with_bias
    ),
    _convention(
        "bias-as-flop",
        "one more add for the bias of each output value",
        COSTS,
        answer=_flops_with_bias,
    ),
    _convention(
        "bn-folded",
        "batch norms folded into the convolutions before them",
        COUNTS,
        answer=_folded(),
    ),
    _convention("bn-left-out", "without batch norms", COUNTS, change_measure=_without_bn, kinds=BN),
    _convention(
        "weights-alone",
        "the weights alone, without biases and batch norms",
        COUNTS,
        change_measure=_weights_alone,
        like=("no-bias", "bn-left-out"),
    ),
    _convention(
        "deconv-at-outputs",
        "a transposed conv's weights used at each place of its output, as thop counts",
        COSTS,
        change_measure=_at_outputs,
        kinds=frozenset({"deconv"}),
    ),
    _convention("convs-alone", "the convolutions alone", COSTS, answer=_of_convs, kinds=FC),
    _convention("flops-less-one", "an addition less than multiplications", COSTS, answer=_one_less),
    *(_counted_by(each) for each in COUNTERS.values() if not each.is_plain),
    _convention(
        "running-statistics",
        "with batch norm's running mean and variance, as Keras counts",
        COUNTS,
        change_measure=_running,
        kinds=BN,
    ),
    _convention(
        "one-recurrent-bias",
        "one bias for each gate of a recurrent layer, as Keras and lectures have it",
        COUNTS,
        change_layer=unless_typed(spec(onebias=True)),
        kinds=RECURRENT,
        about="bias",
    ),
    _convention(
        "last-field",
        "the field of the last row that does not see all",
        FIELDS | {"jump", "start"},
        answer=_last_finite,
    ),
    _convention(
        "channels-as-depth",
        "the channels of the map, which are called its depth",
        frozenset({"depth"}),
        answer=_channels,
    ),
    _convention("channels-first", "the volume with its channels first", SHAPES, answer=_swapped),
    _convention(
        "ceil",
        "pools that round up, as Caffe's do",
        SHAPES,
        change_layer=unless_typed(spec(ceil=True, same=False)),
        kinds=POOLS,
    ),
    _convention(
        "total-padding",
        "the padding taken as the sum of both sides",
        SHAPES,
        change_layer=spec_padding(_halved),
        kinds=PADDED,
    ),
    _convention(
        "same",
        "'same' padding, where none is written",
        SHAPES,
        change_layer=unless_typed(spec(**SAME)),
        kinds=kinds_with("same"),
    ),
    _convention("kib-as-kb", "a KB taken as 1024 bytes", BYTES, factor=(1000, 1024), unit="KB"),
    _convention(
        "mib-as-mb", "an MB taken as 1024*1024 bytes", BYTES, factor=(1000**2, 1024**2), unit="MB"
    ),
    _convention(
        "gib-as-gb",
        "a GB taken as 1024*1024*1024 bytes",
        BYTES,
        factor=(1000**3, 1024**3),
        unit="GB",
    ),
    _convention(
        "every-output",
        "every layer's output, those that work in place too",
        frozenset({"memory", "activations"}),
        answer=_every_output,
    ),
    _convention(
        "forward-and-backward",
        "twice the outputs, for their gradients",
        frozenset({"memory", "activations"}),
        factor=(2, 1),
    ),
    *(each for rule in MEMORY_RULES.values() for each in _held_by(rule)),
    *(
        _convention(
            name, says, COUNTS | COSTS, factor=(1000**power, 1024**power), unit=unit, rare=True
        )
        for power, name, says, unit in (
            (1, "k-of-1024", "a K taken as 1024", "K"),
            (2, "m-of-1024", "an M taken as 1024*1024", "M"),
            (3, "g-of-1024", "a G taken as 1024*1024*1024", "G"),
        )
    ),
)


def convention_names() -> list[str]:
    """Return the names of the conventions that can be accepted."""
    return [each.name for each in CONVENTIONS]


def read_accepted(names: str | None) -> list[str]:
    """Return the conventions that are named, with commas between them, as right as well."""
    if not names:
        return []
    fact = "no convention is called {name}"
    return names_in(names, "--accept", convention_names(), "unknown-convention", fact)
