"""Pools: PyTorch's pad at most half a window, and the same on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.codegen.layout import Keyword, Node, call
from cnncalc.codegen.numbers import agree, literal
from cnncalc.codegen.pytorch.counterpart import given, no_counterpart, sized
from cnncalc.codegen.pytorch.paddings import LOWEST, pad_around, same_pad
from cnncalc.kinds import arithmetic
from cnncalc.kinds.volumes import sides, spread
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.codegen.numbers import Number
    from cnncalc.codegen.uses import LayerUse
    from cnncalc.kinds.volumes import Volume


def maxpool(use: LayerUse, _out: Number) -> list[Node]:
    """Write a max pool."""
    return _pool(use, "MaxPool", LOWEST)


def avgpool(use: LayerUse, _out: Number) -> list[Node]:
    """Write an average pool; zeros of the padding count, as they do in PyTorch."""
    if any(set(values["dilation"]) != {1} for values, _volume in use.each()):
        raise no_counterpart(
            use,
            _("with a dilation"),
            _("PyTorch's {name} has no dilation", name="AvgPool"),
            _("leave 'd' out"),
        )
    return _pool(use, "AvgPool", "")


def _pool(use: LayerUse, name: str, lowest: str) -> list[Node]:
    """Write a pool; PyTorch's pads at most half a window, and the same on both sides."""
    arguments = use.arguments
    pool = sized(use, name)
    kernel = arguments["kernel"].text
    step = given("stride", arguments["stride"], kernel)
    dilation = given("dilation", arguments.get("dilation", literal((1,), 1)), "1")
    if use.flag("same"):
        if not lowest:
            size = f"SameAvgPool{use.rank}d"
            return [call(size, kernel, arguments["stride"].text)]
        return [same_pad(use, lowest), call(pool, kernel, *step, *dilation)]
    fits, explicit = [], []
    for values, volume in use.each():
        axes = list(_geometry(values, volume))
        fits.append(all(before == after <= k // 2 for _n, before, after, k, _s, _d in axes))
        explicit.append(tuple(_explicit(axis, use, lowest) for axis in axes))
    ceil: list[Node] = [Keyword("ceil_mode", "True")] if use.flag("ceil") else []
    if agree(tuple(fits)):
        padding = given("padding", arguments["padding"], "0")
        return [call(pool, kernel, *step, *padding, *dilation, *ceil)]
    around = agree(tuple(explicit))
    return [pad_around(around, lowest), call(pool, kernel, *step, *dilation)]


def _geometry(values: dict[str, Any], volume: Volume) -> Iterator[tuple[int, ...]]:
    """Yield size, padding before and after, kernel, stride and dilation of each axis."""
    rank = len(volume) - 1
    names = ("padding", "kernel", "stride", "dilation")
    pads, *more = (spread(values.get(name, (1,)), rank, name) for name in names)
    for n, pad, k, s, d in zip(volume[:-1], pads, *more, strict=True):
        yield (n, *sides(pad), k, s, d)


def _explicit(axis: tuple[int, ...], use: LayerUse, lowest: str) -> tuple[int, int]:
    """Return the padding that makes a pool that rounds down of one that pads in its own way."""
    n, before, after, k, s, d = axis
    if not use.flag("ceil"):
        return before, after
    out = arithmetic.window_ceil(n, before, after, k, s, d)
    reaches = (out - 1) * s + arithmetic.extent(k, d) - n - before
    if reaches > after and not lowest:
        raise no_counterpart(
            use,
            _("padding {sizes}", sizes=f"{before}:{after}"),
            _("its last window hangs over a padding that PyTorch's pools do not take"),
            _("pad both sides alike, by half a window or less, or leave 'ceil' out"),
        )
    return before, int(reaches)
