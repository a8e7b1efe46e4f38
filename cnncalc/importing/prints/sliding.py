"""Layers that slide over maps, as rows of a summary: their windows from sizes and counts."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing.layers import each_axis, make, side
from cnncalc.importing.prints.rows import outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.importing.prints.rows import PrintedRow
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer

    Maker: TypeAlias = "Callable[[PrintedRow, Volume], Iterator[list[Layer]]]"

_MOST_STRIDE = 16
_MOST_KERNEL = 64


def _kernels(numbers: int, rank: int, *, square: bool = True) -> Iterator[tuple[int, ...]]:
    """Yield the sides of windows of so many numbers: the same on each axis, or 1 on some."""
    found = []
    for wide in [rank] if square else range(rank - 1, 0, -1):  # as wide on so many axes
        side = round(numbers ** (1 / wide)) if numbers > 0 < wide else 0
        if 0 < side <= _MOST_KERNEL and side**wide == numbers and (square or side % 2):
            ones = (1,) * (rank - wide)
            found += [(side,) * wide + ones, ones + (side,) * wide]
    yield from dict.fromkeys(found)


def _printed(row: PrintedRow, rank: int) -> tuple[int, ...]:
    """Return the sides of a window that a table prints; older ones print channels before them."""
    sides = row.window * rank if len(row.window) == 1 else row.window[-rank:]
    return sides if rank and len(sides) == rank else ()


def _steps(
    kernel: int, before: int, after: int, row: PrintedRow
) -> Iterator[tuple[int, int, bool]]:
    """Yield the steps and the paddings with which a window comes to a size, and whether 'same'."""
    for step in range(1, _MOST_STRIDE + 1):
        if not row.is_torch:
            if (before - kernel) // step + 1 == after and before >= kernel:
                yield step, 0, False
            if -(-before // step) == after:
                yield step, 0, True
            continue
        for padding in range(kernel):
            if (before + 2 * padding - kernel) // step + 1 == after:
                yield step, padding, False
                break


def _windows(
    kernel: tuple[int, ...], row: PrintedRow, volume: Volume, after: Volume
) -> Iterator[Any]:
    """Yield the arguments of windows that come to an output, one axis like another at first."""
    for dilation in _DILATIONS:
        wide = [dilation * (side - 1) + 1 for side in kernel]
        for given in _placed(wide, row, volume, after):
            more = {"dilation": (dilation,)} if dilation > 1 else {}
            yield {"kernel": each_axis(kernel), **given, **more}
        if max(kernel) == 1:
            return


_DILATIONS = (1, 2, 3, 4, 6, 8, 12, 16, 18, 24, 32, 36, 64)


def _placed(wide: Sequence[int], row: PrintedRow, volume: Volume, after: Volume) -> Iterator[Any]:
    """Yield the steps and paddings with which windows so wide come to an output."""
    axes = [
        [*_steps(side, n, to, row)][:_MOST_WAYS]
        for side, n, to in zip(wide, volume[:-1], after[:-1], strict=True)
    ]
    ways = [way for way in product(*axes) if len({same for *_way, same in way}) == 1]
    ways.sort(key=lambda way: len({(step, padding) for step, padding, _same in way}))
    for way in ways:
        given: dict[str, Any] = {"stride": each_axis(step for step, *_rest in way)}
        if way and way[0][2]:
            given["same"] = True
        elif any(padding for _step, padding, _same in way):
            given["padding"] = each_axis(padding for _step, padding, _same in way)
        yield given


_MOST_WAYS = 4


def sliding(kind: str) -> Maker:
    """Return a conv: its kernel from the numbers of a filter, less its bias, over its channels."""
    deep = kind == "dwconv"

    def made(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
        read = 1 if deep else volume[-1]
        for after in outputs(row, len(volume)):
            filters = after[-1]
            parted = (1,) if deep else _groups(row, read, filters)
            biased = (row.is_normed, not row.is_normed)
            for square, groups, nobias in product((True, False), parted, biased):
                numbers = (row.learned - (0 if nobias else filters)) // filters
                each, left = divmod(numbers * groups, read)
                depthwise = deep or (groups == volume[-1] > 1 and kind == "conv")
                if depthwise and row.is_torch and row.is_normed and not (square or nobias):
                    continue  # as many as a 1x1 conv of half the channels, which a branch ends with
                given: dict[str, Any] = {"filters": filters, "nobias": nobias}
                if depthwise and filters == volume[-1]:
                    del given["filters"]
                elif groups > 1 and not depthwise:
                    given["groups"] = groups
                kernels = _kernels(0 if left else each, len(volume) - 1, square=square)
                if printed := _printed(row, len(volume) - 1):
                    kernels = iter([printed] if prod(printed) == each and square > left else [])
                for kernel in kernels:
                    windows = _grown if kind == "deconv" else _windows
                    for window in windows(kernel, row, volume, after):
                        yield [make("dwconv" if depthwise else kind, **given, **window)]

    return made


def _grown(
    kernel: tuple[int, ...], row: PrintedRow, volume: Volume, after: Volume
) -> Iterator[Any]:
    """Yield the arguments of transposed windows that come to an output."""
    sizes = [*zip(kernel, volume[:-1], after[:-1], strict=True)]
    if not row.is_torch:
        for step in range(1, _MOST_STRIDE + 1):
            window = {"kernel": each_axis(kernel), "stride": (step,)}
            yield window
            yield {**window, "same": True}
            if all(step > side for side in kernel):
                yield {**window, "output-padding": each_axis(step - side for side in kernel)}
        return
    ways = []
    for wide, n, to in sizes:
        found = [
            (step, padding, more)
            for step in range(1, _MOST_STRIDE + 1)
            for more in range(step)
            for padding in range(wide)
            if (n - 1) * step - 2 * padding + wide + more == to
        ]
        ways.append(sorted(found, key=lambda way: (way[2], way[0], way[1]))[:_MOST_WAYS])
    for way in sorted(product(*ways), key=lambda way: len(set(way))):
        given: dict[str, Any] = {"kernel": each_axis(kernel)}
        for place, name in enumerate(("stride", "padding", "output-padding")):
            if any(each[place] != (place == 0) for each in way):
                given[name] = each_axis(each[place] for each in way)
        yield given


def _groups(row: PrintedRow, read: int, filters: int) -> list[int]:
    """Return in how many groups channels may be parted: one, each its own, then others."""
    found = [1, *([read] if filters % read == 0 else [])]
    if row.is_plain or not row.is_torch:
        found += [n for n in range(2, _MOST_GROUPS + 1) if read % n == 0 == filters % n]
    return [*dict.fromkeys(found)]


_MOST_GROUPS = 64


def separable(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield a depthwise conv without a bias, each channel some times, and a 1x1."""
    filters, channels = row.output[-1], volume[-1]
    for nobias, times in product((False, True), range(1, _MOST_TIMES + 1)):
        left = row.learned - filters * (times * channels + (not nobias))
        numbers, over = divmod(left, times * channels)
        if over or len(row.output) != len(volume):
            continue
        deep = {"filters": times * channels} if times > 1 else {}
        for kernel in _kernels(numbers, len(volume) - 1):
            for window in _windows(kernel, row, volume, row.output):
                mixed = make("conv", filters=filters, kernel=(1,), nobias=nobias)
                yield [make("dwconv", **deep, **window, nobias=True), mixed]


_MOST_TIMES = 8


def pool(kind: str) -> Maker:
    """Return a pool: windows as wide as their step, or of 3 by steps of 2, or others."""

    def made(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
        printed = _printed(row, len(volume) - 1)
        sides: list[tuple[tuple[int, ...], tuple[int, ...], int]] = [
            *(((step,), (step,), 0) for step in range(1, _MOST_STRIDE + 1)),
            *(((side,), (step,), padding) for side, step, padding in _OTHER_POOLS),
        ]
        if printed:
            kernel, paddings = each_axis(printed), range(min(printed) // 2 + 1)
            steps = [kernel, *((step,) for step in range(1, _MOST_STRIDE + 1))]
            sides = [(kernel, step, padding) for step in steps for padding in paddings]
        for kernel, step, padding in sides:
            plain = {"kernel": kernel, "stride": step}
            if row.is_torch:
                around = {"padding": (padding,)} if padding else {}
                yield [make(kind, **plain, **around)]
                yield [make(kind, **plain, **around, ceil=True)]
            else:
                yield [make(kind, **plain)]
                yield [make(kind, **plain, same=True)]
        for after in outputs(row, len(volume)) if not printed else ():
            ratios = [n // to if to else 0 for n, to in zip(volume[:-1], after[:-1], strict=True)]
            if ratios and min(ratios) > 0:
                yield [make(kind, kernel=each_axis(ratios), stride=each_axis(ratios))]

    return made


_OTHER_POOLS = ((3, 2, 1), (3, 2, 0), (3, 1, 1), (2, 1, 0), (5, 1, 2), (3, 1, 0))


def adaptive(kind: str, whole: str) -> Maker:
    """Return a pool to a size, or of the whole map."""

    def made(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
        for after in outputs(row, len(volume)):
            yield [make(whole)]
            yield [make(kind, size=each_axis(after[:-1]))] if len(after) > 1 else []

    return made


def around(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield a border: half of it before, and the odd line behind."""
    for after in outputs(row, len(volume)):
        more = [to - n for n, to in zip(volume[:-1], after[:-1], strict=True)]
        if more and min(more) >= 0:
            yield [make("pad", size=each_axis(side(n // 2, -(-n // 2)) for n in more))]
        if more and max(more) <= 0:
            yield [make("crop", size=each_axis(side(-n // 2, -(n // 2)) for n in more))]


def resampled(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield what makes maps larger by whole factors, or brings them to a size."""
    for after in outputs(row, len(volume)):
        sizes = [*zip(volume[:-1], after[:-1], strict=True)]
        if sizes and all(to % n == 0 for n, to in sizes):
            yield [make("upsample", factor=each_axis(to // n for n, to in sizes))]
        elif sizes:
            yield [make("resize", size=each_axis(to for _n, to in sizes))]


def shuffled(row: PrintedRow, volume: Volume) -> Iterator[list[Layer]]:
    """Yield what puts channels into places, or places into channels."""
    for after in outputs(row, len(volume)):
        if len(volume) > 1 and after[0] >= volume[0]:
            yield [make("pixelshuffle", block=max(after[0] // volume[0], 1))]
        elif len(volume) > 1:
            yield [make("pixelunshuffle", block=volume[0] // after[0])]
