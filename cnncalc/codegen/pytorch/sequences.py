"""Layers over sequences: learned values, attention, recurrent layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.codegen.layout import Keyword, Node, call
from cnncalc.codegen.pytorch.convolutions import without_bias
from cnncalc.codegen.pytorch.counterpart import given, no_counterpart
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.codegen.numbers import Number
    from cnncalc.codegen.uses import LayerUse


def position(use: LayerUse, _out: Number) -> list[Node]:
    """Write a learned value at every place."""
    if any(values["count"] is not None for values, _volume in use.each()):
        raise no_counterpart(
            use,
            _("values that several places share"),
            _("which places share a value is not known"),
            _("leave the number out, and each place has its own"),
        )
    sizes = use.agreed(lambda _values, volume: volume[:-1])
    return [call("Position", use.channels.text, *map(str, sizes))]


def attention(use: LayerUse, _out: Number) -> list[Node]:
    """Write self-attention over all places; PyTorch's has heads of C/h channels."""
    for values, volume in use.each():
        width = values["key-dim"]
        whole = width is None or width * values["heads"] == volume[-1]
        if values["window"] is not None or not whole:
            raise no_counterpart(
                use,
                _("in windows")
                if values["window"]
                else _("heads of {width} channels", width=width),
                _("PyTorch's attention meets all places, with heads of C/h channels"),
                _("leave 'w' and 'd' out"),
            )
    heads = use.arguments["heads"].text
    return [call("Attention", use.channels.text, heads, *without_bias(use))]


def sdpa(use: LayerUse, _out: Number) -> list[Node]:
    """Write heads whose queries, keys and values come in stacked."""
    heads = use.arguments["heads"]
    keys = use.agreed(
        lambda values, volume: values["key-dim"] or volume[-1] // (3 * values["heads"])
    )
    return [call("Attend", heads.text, str(keys))]


def recurrent(name: str) -> Callable[[LayerUse, Number], list[Node]]:
    """Return what writes a recurrent layer, whose steps are the last axis."""

    def write(use: LayerUse, _out: Number) -> list[Node]:
        if use.flag("onebias"):
            raise no_counterpart(
                use, "onebias", _("PyTorch's has two biases"), _("leave 'onebias' out")
            )
        both = [Keyword("bidirectional", "True")] if use.flag("bi") else []
        more = [*given("num_layers", use.arguments["layers"], "1"), *without_bias(use), *both]
        module = f"Last{name}" if use.flag("last") else name
        return [call(module, use.channels.text, use.arguments["units"].text, *more)]

    return write
