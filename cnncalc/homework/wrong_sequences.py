"""Wrong ways to the parameters and MACs of attention, recurrent layers and embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.table import KINDS
from cnncalc.numbers.working import plain
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.homework.variations import ChangeMeasure
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer

_GATES = {"lstm": 4, "gru": 3, "rnn": 1}
_OTHER = {"lstm": "gru", "gru": "lstm"}


def _inner(layer: Layer, volume: Volume) -> Any:
    """Return the channels of all heads of an attention together."""
    each = layer.named["key-dim"]
    return volume[-1] if each is None else layer.named["heads"] * each


def projections(count: int, biases: Callable[[Any, Any], Any]) -> ChangeMeasure:
    """Return a change of attention to some of its four projections, and no biases of windows.

    `biases` are those that are left, from the channels of all heads, and of the map.
    """

    def change_measure(found: Measure, layer: Layer, volume: Volume) -> Measure:
        inner, channels = _inner(layer, volume), volume[-1]
        weights = count * channels * inner if count > 1 else channels * inner
        own = biases(inner, channels) if found.biases else 0
        projected = plain(found.macs) - plain(found.products)
        return found._replace(
            weights=weights,
            biases=own,
            params=weights + own if own else weights,
            macs=projected // 4 * count + plain(found.products),
        )

    return change_measure


def heads_multiplied(_found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Give each head all the channels."""
    return _with_heads(layer, volume, layer.named["heads"], volume[-1])


def one_head(_found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count one of the heads alone."""
    return _with_heads(
        layer, volume, 1, plain(_inner(layer, volume)) // plain(layer.named["heads"])
    )


def _with_heads(layer: Layer, volume: Volume, heads: Any, each: Any) -> Measure:
    """Measure an attention with so many heads of so many channels each."""
    return measured(layer.having(**{"heads": heads, "key-dim": each}), volume)


def one_gate(_found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count a recurrent layer as a plain one, which has one gate."""
    return measured(layer._replace(kind=KINDS["rnn"]), volume)


def other_gates(_found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count the three gates of a gru for the four of an lstm, or the other way round."""
    return measured(layer._replace(kind=KINDS[_OTHER[layer.kind.name]]), volume)


def state_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count the weights of what comes in, and not those of the step before."""
    named = layer.named
    if plain(named["layers"]) != 1:
        return found
    sides = (2 if named["bi"] else 1) * _GATES[layer.kind.name] * named["units"]
    weights = sides * volume[-1]
    biases = 0 if named["nobias"] else 1 if named["onebias"] else 2
    params = sides * (volume[-1] + biases) if biases else weights
    return found._replace(weights=weights, params=params, macs=volume[0] * weights)


def words_forgotten(found: Measure, layer: Layer, volume: Volume) -> Measure:
    """Count numbers for each place of the input, and not for each word that there is."""
    weights = volume[0] * layer.named["units"]
    return found._replace(weights=weights, params=weights)
