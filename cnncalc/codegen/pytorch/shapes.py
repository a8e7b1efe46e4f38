"""Layers that give maps other sizes and other shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.codegen.layout import Keyword, Node, call
from cnncalc.codegen.pytorch.counterpart import no_counterpart, sized
from cnncalc.speech.language import _
from cnncalc.speech.problem import article

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.codegen.numbers import Number
    from cnncalc.codegen.uses import LayerUse


def upsample(use: LayerUse, _out: Number) -> list[Node]:
    """Write an upsampling by a whole factor."""
    return _resampled(use, Keyword("scale_factor", use.arguments["factor"].text))


def resize(use: LayerUse, _out: Number) -> list[Node]:
    """Write a resampling to a size."""
    return _resampled(use, Keyword("size", use.arguments["size"].text))


def _resampled(use: LayerUse, to: Node) -> list[Node]:
    sized(use, "Upsample")
    mode = ("linear", "bilinear", "trilinear")[use.rank - 1]
    more = [Keyword("mode", f'"{mode}"')] if use.flag("bilinear") else []
    return [call("nn.Upsample", to, *more)]


def pixel_shuffle(name: str) -> Callable[[LayerUse, Number], list[Node]]:
    """Return what writes a pixel shuffle, or its inverse, which PyTorch has for 2-D maps."""

    def write(use: LayerUse, _out: Number) -> list[Node]:
        if use.rank != 2:
            raise no_counterpart(
                use,
                _("its input is {rank} map", rank=article(f"{use.rank}-D")),
                _("PyTorch's {name} works on a 2-D map", name=name),
                _("use a volume of 2 spatial axes"),
            )
        return [call(name, use.arguments["block"].text)]

    return write


def reshape(use: LayerUse, _out: Number) -> list[Node]:
    """Write a reshape: a vector, and from it a volume with its channels first."""
    *sizes, channels = use.agreed(lambda values, _volume: values["volume"])
    before: list[Node] = [call("nn.Flatten")] if use.rank else []
    if not sizes:
        return before or [call("nn.Identity")]
    return [*before, call("nn.Unflatten", "1", str((channels, *sizes)))]
