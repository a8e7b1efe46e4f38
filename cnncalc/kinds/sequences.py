"""What layers over sequences do: embeddings, attention, and recurrent layers.

A sequence is LxC, length by channels. Every function takes a volume, channels last, and the
arguments of a layer by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.measure import Measure, divided
from cnncalc.kinds.receptive_field import ALL, OWN
from cnncalc.kinds.volumes import Volume, spatial, write_volume
from cnncalc.numbers.lettered import can_reach
from cnncalc.numbers.working import ceiling, plain, product
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from cnncalc.kinds.arguments import Arguments
    from cnncalc.numbers.working import Number


def _sequence(volume: Volume) -> tuple[Number, Number]:
    """Return the length and the channels of a volume that must be a sequence."""
    if len(volume) != 2:
        raise Problem(
            "needs-a-sequence",
            _("this layer works on a sequence: length x channels"),
            about=_("its input is {volume}", volume=write_volume(volume)),
            helps=[
                _("'tokens' before it makes a sequence of a map")
                if len(volume) > 2
                else _("'reshape 1x{size}' before it makes a sequence of one step", size=volume[0])
            ],
        )
    return volume[0], volume[1]


def embedding(volume: Volume, a: Arguments) -> Measure:
    """Measure an embedding: N numbers learned for each of V words; L words to LxN."""
    if len(volume) != 1:
        raise Problem(
            "needs-a-vector",
            _("an embedding looks up a vector of whole numbers"),
            about=_("its input is {volume}", volume=write_volume(volume)),
            helps=[_("put it first, behind the number of words: '{sample}'", sample="128 -> ...")],
        )
    weights = a.words * a.units
    return Measure((volume[0], a.units), None, weights, 0, weights)


def token(volume: Volume, a: Arguments) -> Measure:
    """Measure learned tokens before a sequence: LxC to (L+N)xC."""
    length, channels = _sequence(volume)
    weights = a.count * channels
    return Measure((length + a.count, channels), None, weights, 0, weights)


def position(volume: Volume, a: Arguments) -> Measure:
    """Measure a learned value that is added at every place, or N of them, at several each."""
    weights = product(volume) if a.count is None else a.count
    return Measure(volume, OWN, weights, 0, weights)


def attention(volume: Volume, a: Arguments) -> Measure:
    """Measure self-attention over all places, or over windows: four projections, two products.

    With D the heads' channels together: 4*C*D weights, 3*D + C biases; 4*L*C*D MACs of weights,
    2*L*L*D of products. In windows of w along each axis, L is padded up to whole windows, a place
    meets those of its own, and each head learns a bias for each of (2w-1)**axes offsets.
    """
    axes, channels = spatial(volume), volume[-1]
    each = divided(channels, a.heads, "channels", "head") if a.key_dim is None else a.key_dim
    inner = channels if a.key_dim is None else a.heads * each
    weights = 4 * channels * inner
    if a.window is None:
        places = seen = product(axes)
    else:
        places = product(ceiling(n, a.window) * a.window for n in axes)
        seen = product(a.window for _axis in axes)
        weights = weights + product(2 * a.window - 1 for _axis in axes) * a.heads
    projected = places * (4 * channels * inner)
    products = 2 * places * seen * inner
    biases = 0 if a.nobias else 3 * inner + channels
    params = weights if a.nobias else weights + biases
    reach = ALL if a.window is None else None
    macs = projected + products
    return Measure(volume, reach, weights, biases, params, macs, products=products)


def sdpa(volume: Volume, a: Arguments) -> Measure:
    """Measure heads whose queries, keys and values come in, stacked along the channels.

    With d channels to a head's queries and keys, h*d of each, and the rest of the channels, V, for
    values: L*L*(h*d + V) MACs in products, and no weights.
    """
    axes, channels = spatial(volume), volume[-1]
    each = divided(channels, 3 * a.heads, "channels", "head") if a.key_dim is None else a.key_dim
    keys = a.heads * each
    values = channels - 2 * keys
    if not can_reach(plain(values), 1):
        raise Problem(
            "queries-do-not-fit",
            _("the queries and keys leave no channels for values"),
            about=_("{count:,} channels", count=plain(channels)),
            notes=[f"{channels} - 2*{a.heads}*{each} = {plain(values)}"],
            helps=[_("give fewer heads, or fewer channels to a head")],
        )
    divided(values, a.heads, "channels", "head")
    places = product(axes)
    products = places * places * (keys + values)
    return Measure((*axes, values), ALL, macs=products, products=products)


def recurrent(gates: int, volume: Volume, a: Arguments) -> Measure:
    """Measure a recurrent layer of some gates: a step reads its input and the step before."""
    length, channels = _sequence(volume)
    ways = 2 if a.bi else 1
    each = 0 if a.nobias else 1 if a.onebias else 2
    sides = a.units if ways * gates == 1 else ways * gates * a.units

    def learned(more: int) -> Number:
        first = sides * (channels + a.units + more if more else channels + a.units)
        inner = ways * a.units + a.units
        if a.layers == 1:
            return first
        return first + (a.layers - 1) * (sides * (inner + more if more else inner))

    weights = learned(0)
    biases = a.layers * (sides * each) if each else 0
    outputs = ways * a.units if a.bi else a.units
    output = (outputs,) if a.last else (length, outputs)
    return Measure(output, ALL, weights, biases, learned(each), length * weights)
