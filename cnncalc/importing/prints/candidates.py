"""The layers that a row of a summary may be: those whose output and count are the row's.

Each class has a few, the plainest first. A row of Keras' says its channels last; one of torchinfo
or torchsummary has them first where its class works on maps.
"""

from __future__ import annotations

import re
from itertools import product
from math import gcd, isqrt, prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.keras.merges import MERGES
from cnncalc.importing.layers import BY_VALUE, each_axis, make
from cnncalc.importing.prints.rows import outputs
from cnncalc.importing.prints.sliding import (
    adaptive,
    around,
    pool,
    resampled,
    separable,
    shuffled,
    sliding,
)
from cnncalc.kinds import keras, pytorch
from cnncalc.kinds.keras_rules import spread_over_steps
from cnncalc.kinds.modules import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.prints.rows import PrintedRow
    from cnncalc.importing.prints.sliding import Maker
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer


def candidates(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield the layers that a row may be behind a volume, the plainest first."""
    if row.is_torch and row.kind in _TORCH:
        yield from _TORCH[row.kind](row, volume)
    elif not row.is_torch and row.kind in _KERAS:
        yield from _KERAS[row.kind](row, volume)


def known_as(kind: str) -> str:
    """Return Keras' class that a row names, whose name may be cut; '' for one that is not known."""
    kind = kind.rstrip("…")
    if kind in MERGES or kind in _KERAS:
        return "" if kind in MERGES else kind
    names = [name for name in _KERAS if name.startswith(kind)] if kind else []
    bare = {name.rstrip("123D") for name in names}  # how many axes it has changes nothing here
    return names[0] if len(bare) == 1 else ""


def is_known(row: PrintedRow) -> bool:
    """Return whether a row's class is known."""
    return row.kind in (_TORCH if row.is_torch else _KERAS)


def is_of_one(kind: str) -> bool:
    """Return whether a class of Keras, whose name may be cut, reads one tensor alone."""
    return known_as(kind) not in ("", "MultiHeadAttention") or kind in MODELS


MODELS = ("Functional", "Model", "Sequential")
"""Classes of Keras that are models."""


def is_leaf(kind: str) -> bool:
    """Return whether a class of PyTorch is a layer that a row may be."""
    return kind in _TORCH


def _plain(*layers: Layer) -> Maker:
    return lambda _row, _volume: iter([[*layers]])


def hidden(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield what a forward may do before a row of PyTorch that none shows: a flatten, a pool."""
    sizes = row.output
    if len(sizes) == 1 and len(volume) > 1:
        yield [make("flatten")]
        yield [make("gap"), make("flatten")]
    for after in outputs(row, len(volume)) if len(volume) > 1 else ():
        steps = [n // to for n, to in zip(volume[:-1], after[:-1], strict=True)]
        if min(steps) > 0 and max(steps) > 1:
            yield [make("maxpool", kernel=each_axis(steps), stride=each_axis(steps))]


def _dense(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield a layer that mixes channels at each place, or all values of what is flattened."""
    units = row.output[-1]
    for nobias in (False, True):
        full = make("fc", units=units, nobias=nobias)
        if len(volume) == 1:
            yield [full]
        elif len(row.output) == len(volume):
            yield [make("conv", filters=units, kernel=(1,), nobias=nobias)]
        elif row.is_torch and len(row.output) == 1:
            yield from ([*before, full] for before in _before_full(row, volume, units, nobias))


def _before_full(
    row: PrintedRow, volume: Volume, units: int, nobias: bool
) -> Iterator[list[Layer]]:
    """Yield what a forward may do before a full layer, which no row shows: a flatten, a pool."""
    takes, left = divmod(row.learned - (0 if nobias else units), units)
    if left or takes < 1:
        return
    if takes == prod(volume):
        yield [make("flatten")]
    elif takes == volume[-1]:
        yield [make("gap"), make("flatten")]
    elif takes % volume[-1] == 0 and len(volume) == _MAP:
        side = isqrt(takes // volume[-1])
        step = min(volume[:-1]) // max(side, 1)
        if step > 1:
            yield [make("maxpool", kernel=(step,), stride=(step,)), make("flatten")]


_MAP, _SEQUENCE = 3, 2


def _norm(kind: str) -> Maker:
    """Return a norm: a scale and a shift for each channel, or one of them, or for each value."""
    flags: tuple[dict[str, Any], ...] = ({}, {"noscale": True}, {"noscale": True, "nobias": True})

    def made(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
        if kind == "in":
            yield from ([make("in", affine=bool(affine))] for affine in (0, 1))
            return
        yield from ([make(kind, **each)] for each in flags)
        if row.learned and row.learned in (prod(volume), 2 * prod(volume)):
            yield [make("position", count=row.learned)]

    return made


def _pooled(kind: str) -> Maker:
    return lambda _row, _volume: iter([[make(kind), make("flatten")], [make(kind)]])


def _recurrent(kind: str) -> Maker:
    def made(row: PrintedRow, _volume: Volume) -> Iterator[list[Layer]]:
        units, last = row.output[-1], len(row.output) == 1
        if not row.is_torch:
            for more in ({"onebias": True}, {}, {"nobias": True}):
                yield [make(kind, units=units, last=last, **more)]
            return
        for bi, layers in product((False, True), range(1, _MOST_LAYERS + 1)):
            for nobias in (False, True) if units % (1 + bi) == 0 else ():
                each = units // (1 + bi)
                yield [make(kind, units=each, bi=bi, layers=layers, nobias=nobias)]

    return made


_MOST_LAYERS = 8


def _both_ways(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield a recurrent layer in both directions: which one, its count says."""
    for kind in ("lstm", "gru", "rnn"):
        for (layer,) in _recurrent(kind)(row._replace(output=(*row.output[:-1], 1)), volume):
            named = {**layer.named, "units": row.output[-1] // 2, "bi": True}
            yield [make(kind, **named)]


def _attention(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield a self-attention as wide as its count says: how many heads changes nothing counted."""
    channels = volume[-1]
    if len(volume) != _SEQUENCE:
        return
    width, left = divmod(row.learned - channels, 4 * channels + 3)
    if not left and width > 0:
        yield [make("attention", heads=1, **{"key-dim": width})]
    width, left = divmod(row.learned, 4 * channels)
    if not left and width > 0 and not _other_values(row.learned - channels, channels):
        yield [make("attention", heads=1, **{"key-dim": width}, nobias=True)]


def _other_values(count: int, channels: int) -> bool:
    """Return whether heads of other values than keys, with biases, would learn as many."""
    each = 2 * channels + 1  # of a value's channel; one more of a query's and a key's
    return any(
        gcd(keys, (count - keys * (each + 1)) // each) > 1
        for keys in range(1, min(count // (each + 1), _WIDEST))
        if (count - keys * (each + 1)) % each == 0
    )


_WIDEST = 10**5


def _shaped(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    if prod(row.output) == prod(volume):
        yield [make("flatten") if len(row.output) == 1 else make("reshape", volume=row.output)]


def _turned(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    if len(volume) > 1 and row.output[-2:] == volume[:-3:-1]:
        yield [make("transpose")]


def _embedding(row: PrintedRow, _volume: Volume) -> Iterator[list[Layer]]:
    if row.output and row.learned % row.output[-1] == 0 < row.learned:
        yield [make("embedding", words=row.learned // row.output[-1], units=row.output[-1])]


def _prelu(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    yield [make("prelu")]
    yield [make("prelu", count=1)]
    if row.learned and prod(volume) % row.learned == 0:
        yield [make("position", count=row.learned)]


def _stepped(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield a layer at each of several steps: which one, its output and its count say."""
    steps, *rest = volume
    after = row.output[1:]
    if row.output[:1] != (steps,) or not rest or not after:
        return
    yield from _dense(row, volume)
    yield from _norm("bn")(row, volume)
    if not row.learned:
        if row.output == volume:
            yield [make("identity")]
        if len(after) == 1 < len(rest):
            pool = make("avgpool", kernel=(1, *rest[:-1]))
            shaped = make("reshape", volume=row.output)
            yield from ([shaped], [pool, shaped])
    rank = len(rest) - 1
    for kind in ("MaxPooling", "Conv", "SeparableConv", "DepthwiseConv") if rank in _AXES else ():
        of = _KERAS.get(f"{kind}{rank}D")
        for layers in of(row._replace(output=after), tuple(rest)) if of else ():
            wanted = [Wanted(each.kind.name, each.named) for each in layers]
            yield [make(each.kind, **each.arguments) for each in spread_over_steps(wanted, rank)]


_AXES = (1, 2, 3)
_PLAIN = ("flatten", "layerscale", "lrn", "shuffle")
_OF_KIND: dict[str, Maker] = {
    **{kind: _plain(make(kind)) for kind in (*BY_VALUE, *_PLAIN)},
    **{kind: sliding(kind) for kind in ("conv", "deconv", "dwconv")},
    **{kind: pool(kind) for kind in ("maxpool", "avgpool")},
    **{kind: _pooled(kind) for kind in ("gap", "gmp")},
    **{kind: _norm(kind) for kind in ("bn", "ln", "in")},
    **{kind: _recurrent(kind) for kind in ("lstm", "gru", "rnn")},
    **dict.fromkeys(("pad", "crop"), around),
    **dict.fromkeys(("upsample", "resize"), resampled),
    **dict.fromkeys(("pixelshuffle", "pixelunshuffle"), shuffled),
    "adaptiveavgpool": adaptive("adaptiveavgpool", "gap"),
    "adaptivemaxpool": adaptive("adaptivemaxpool", "gmp"),
    "embedding": _embedding,
    "linear": _dense,
    "prelu": _prelu,
}
"""The layers that a row may be whose class is one of ours of a kind."""

_ALIAS = re.compile(r"(Global)?(Avg|Max)Pool\dD|(Separable)?Convolution.*|(Sync|Reversible).*")
"""Other names of Keras' classes, which no summary prints."""

_KERAS: dict[str, Maker] = {
    **{
        name: _OF_KIND[module.kind]
        for name, module in keras.MODULES.items()
        if module.kind in _OF_KIND and not _ALIAS.fullmatch(name)
    },
    **{f"SeparableConv{n}D": separable for n in _AXES[:2]},
    "Activation": _plain(make("identity")),
    "Bidirectional": _both_ways,
    "CenterCrop": around,
    "GroupNormalization": _plain(make("gn", groups=1)),
    "MultiHeadAttention": _attention,
    "Permute": _turned,
    "RMSNormalization": _plain(make("ln", nobias=True)),
    "Reshape": _shaped,
    "TimeDistributed": _stepped,
}
"""The layers that a row of each class of Keras may be."""

_TORCH: dict[str, Maker] = {
    **{
        name: _OF_KIND[module.kind]
        for name, module in pytorch.MODULES.items()
        if module.kind in _OF_KIND
    },
    "GroupNorm": lambda _row, _volume: iter(
        [[make("gn", groups=1)], [make("gn", groups=1, noscale=True, nobias=True)]]
    ),
    "RMSNorm": _plain(make("ln", nobias=True)),
}
"""The layers that a row of each module of PyTorch may be."""
