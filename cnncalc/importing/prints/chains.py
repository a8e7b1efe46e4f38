"""A summary's rows one behind the other, as layers: those whose sizes and counts are the row's.

Each kind of layer has a few that a row may be, the plainest first; the first that gives the row's
output, and learns as many numbers, is it.
"""

from __future__ import annotations

from math import isqrt, prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import make, measure
from cnncalc.speech.problem import Problem
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer

_MOST_STRIDE = 16
_MOST_KERNEL = 64


class Row(NamedTuple):
    """A row: its class, the volume that it puts out, and how many numbers it has learned."""

    kind: str
    output: Volume
    learned: int


def follow(rows: Sequence[Row], given: Volume | None) -> tuple[Volume | None, list[list[Layer]]]:
    """Return what comes into a chain, and the layers of its rows, up to the first that fits none.

    What comes in is `given`, or the first row's; None where neither says it.
    """
    volume = given
    if rows and rows[0].kind == "InputLayer":
        volume, rows = given or rows[0].output, rows[1:]
        made: list[list[Layer]] = [[]]
    else:
        made = []
    begun = volume
    for row in rows:
        if volume is None:
            break
        found = next((each for each in _candidates(row, volume) if _fits(each, volume, row)), None)
        if found is None:
            break
        made.append(found)
        volume = row.output
    return begun, made


def _fits(layers: Sequence[Layer], volume: Volume, row: Row) -> bool:
    """Return whether layers give a row's output and learn as many numbers."""
    learned = 0
    try:
        for layer in layers:
            found = measure(layer, volume)
            volume, learned = found.output, learned + int(found.params)
    except Problem:
        return False
    return (volume, learned) == (row.output, row.learned)


def _candidates(row: Row, volume: Volume) -> Iterator[list[Layer]]:
    """Yield the layers that a row may be, the plainest first."""
    if name := known_as(row.kind):
        yield from _KINDS[name](row, volume)


def known_as(kind: str) -> str:
    """Return the class that a row names, whose name may be cut; '' for one that is not known."""
    names = [name for name in _KINDS if name.startswith(kind)] if kind else []
    return kind if kind in names else names[0] if len(names) == 1 else ""


# ---------------------------------------------------------------- what slides


def _windows(kernel: int, before: Volume, after: Volume) -> Iterator[dict[str, Any]]:
    """Yield the steps and the paddings with which windows come to a size."""
    for step in range(1, _MOST_STRIDE + 1):
        window: dict[str, Any] = {"kernel": (kernel,), "stride": (step,)}
        if all(n >= kernel for n in before[:-1]):
            yield window
        if len(before) == len(after):
            yield {**window, "same": True}


def _kernels(numbers: int, rank: int) -> Iterator[int]:
    """Yield the side of a window of so many numbers, the same on each axis, if there is one."""
    side = isqrt(numbers) if rank == _PLANE else round(numbers ** (1 / max(rank, 1)))
    if 0 < side <= _MOST_KERNEL and side**rank == numbers:
        yield side


_PLANE = 2


def _sliding(kind: str) -> Callable[[Row, Volume], Iterator[list[Layer]]]:
    """Return a conv: its kernel from the numbers of a filter, less its bias, over its channels."""
    deep = kind == "dwconv"

    def made(row: Row, volume: Volume) -> Iterator[list[Layer]]:
        filters, rank = row.output[-1], len(volume) - 1
        read = 1 if deep else volume[-1]
        named = {} if deep and filters == volume[-1] else {"filters": filters}
        for nobias in (False, True):
            numbers = (row.learned - (0 if nobias else filters)) // filters
            for groups in (1,) if deep else _groups(read, filters):
                each, left = divmod(numbers * groups, read)
                more = {} if groups == 1 else {"groups": groups}
                for kernel in _kernels(0 if left else each, rank):
                    for window in _windows(kernel, volume, row.output):
                        yield [make(kind, **named, **window, **more, nobias=nobias)]

    return made


def _groups(*numbers: int) -> list[int]:
    """Return in how many groups channels may be parted."""
    return [each for each in range(1, _MOST_GROUPS + 1) if not any(n % each for n in numbers)]


_MOST_GROUPS = 64


def _separable(row: Row, volume: Volume) -> Iterator[list[Layer]]:
    filters, channels = row.output[-1], volume[-1]
    for nobias in (False, True):
        numbers, left = divmod(row.learned - filters * (channels + (not nobias)), channels)
        if left:
            continue
        for kernel in _kernels(numbers, len(volume) - 1):
            for window in _windows(kernel, volume, row.output):
                mixed = make("conv", filters=filters, kernel=(1,), nobias=nobias)
                yield [make("dwconv", **window, nobias=True), mixed]


def _pool(kind: str) -> Callable[[Row, Volume], Iterator[list[Layer]]]:
    """Return a pool: windows as wide as their step, or of 3 by steps of 2, or others."""

    def made(_row: Row, _volume: Volume) -> Iterator[list[Layer]]:
        sides = [
            *((step, step) for step in range(1, _MOST_STRIDE + 1)),
            *((3, 2), (3, 1), (2, 1), (5, 1)),
        ]
        for kernel, step in sides:
            for more in ({}, {"same": True}):
                yield [make(kind, kernel=(kernel,), stride=(step,), **more)]

    return made


def _around(row: Row, volume: Volume) -> Iterator[list[Layer]]:
    """Yield a border: half of it before, and the odd line behind."""
    more = [to - n for n, to in zip(volume[:-1], row.output[:-1], strict=True)]
    if min(more, default=-1) >= 0:
        sides = tuple(each // 2 if each % 2 == 0 else (each // 2, -(-each // 2)) for each in more)
        yield [make("pad", size=sides[:1] if len(set(sides)) == 1 else sides)]


def _resampled(row: Row, volume: Volume) -> Iterator[list[Layer]]:
    factors = tuple(to // n for n, to in zip(volume[:-1], row.output[:-1], strict=True))
    if factors and min(factors) > 0:
        yield [make("upsample", factor=factors[:1] if len(set(factors)) == 1 else factors)]


# ---------------------------------------------------------------- others


def _plain(*layers: Layer) -> Callable[[Row, Volume], Iterator[list[Layer]]]:
    return lambda _row, _volume: iter([[*layers]])


def _dense(row: Row, volume: Volume) -> Iterator[list[Layer]]:
    for nobias in (False, True):
        units = row.output[-1]
        yield [
            make("fc", units=units, nobias=nobias)
            if len(volume) == 1
            else make("conv", filters=units, kernel=(1,), nobias=nobias)
        ]


def _norm(kind: str) -> Callable[[Row, Volume], Iterator[list[Layer]]]:
    flags: tuple[dict[str, Any], ...] = ({}, {"noscale": True}, {"noscale": True, "nobias": True})
    return lambda _row, _volume: iter([[make(kind, **each)] for each in flags])


def _pooled(kind: str) -> Callable[[Row, Volume], Iterator[list[Layer]]]:
    return lambda _row, _volume: iter([[make(kind), make("flatten")], [make(kind)]])


def _recurrent(kind: str) -> Callable[[Row, Volume], Iterator[list[Layer]]]:
    def made(row: Row, _volume: Volume) -> Iterator[list[Layer]]:
        last = len(row.output) == 1
        for more in ({"onebias": True}, {}, {"nobias": True}):
            yield [make(kind, units=row.output[-1], last=last, **more)]

    return made


def _shaped(row: Row, volume: Volume) -> Iterator[list[Layer]]:
    if prod(row.output) == prod(volume):
        yield [make("reshape", volume=row.output)]


def _embedding(row: Row, _volume: Volume) -> Iterator[list[Layer]]:
    if row.output and row.learned % row.output[-1] == 0 < row.learned:
        yield [make("embedding", words=row.learned // row.output[-1], units=row.output[-1])]


_AXES = (1, 2, 3)
_KINDS: dict[str, Callable[[Row, Volume], Iterator[list[Layer]]]] = {
    **{f"Conv{n}D": _sliding("conv") for n in _AXES},
    **{f"Conv{n}DTranspose": _sliding("deconv") for n in _AXES},
    **{f"DepthwiseConv{n}D": _sliding("dwconv") for n in _AXES[:2]},
    **{f"SeparableConv{n}D": _separable for n in _AXES[:2]},
    **{f"MaxPooling{n}D": _pool("maxpool") for n in _AXES},
    **{f"AveragePooling{n}D": _pool("avgpool") for n in _AXES},
    **{f"GlobalAveragePooling{n}D": _pooled("gap") for n in _AXES},
    **{f"GlobalMaxPooling{n}D": _pooled("gmp") for n in _AXES},
    **{f"ZeroPadding{n}D": _around for n in _AXES},
    **{f"UpSampling{n}D": _resampled for n in _AXES},
    **{f"SpatialDropout{n}D": _plain(make("dropout")) for n in _AXES},
    **dict.fromkeys(
        (
            *(
                "Activation",
                "ActivityRegularization",
                "GaussianNoise",
                "Identity",
                "RandomContrast",
            ),
            *("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "Rescaling"),
        ),
        _plain(make("identity")),
    ),
    "BatchNormalization": _norm("bn"),
    "Dense": _dense,
    "Dropout": _plain(make("dropout")),
    "ELU": _plain(make("elu")),
    "Embedding": _embedding,
    "GroupNormalization": _plain(make("gn", groups=1)),
    "Flatten": _plain(make("flatten")),
    "GRU": _recurrent("gru"),
    "LSTM": _recurrent("lstm"),
    "LayerNormalization": _norm("ln"),
    "LeakyReLU": _plain(make("leakyrelu")),
    "ReLU": _plain(make("relu")),
    "Reshape": _shaped,
    "SimpleRNN": _recurrent("rnn"),
    "Softmax": _plain(make("softmax")),
}
"""The layers that a row of each class may be."""
