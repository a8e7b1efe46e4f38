"""Paddings: those that a module takes, and modules that pad before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cnncalc.codegen.layout import Keyword, Node, call
from cnncalc.codegen.numbers import PythonArgument, agree, literal
from cnncalc.codegen.pytorch.counterpart import given, sized
from cnncalc.kinds.volumes import sides, spread

if TYPE_CHECKING:
    from cnncalc.codegen.numbers import Number
    from cnncalc.codegen.uses import LayerUse


def padding_by_side(use: LayerUse, name: str) -> tuple[tuple[int, int], ...] | None:
    """Return the paddings before and after on each axis where they differ; None: they do not."""
    values = [spread(each[name], use.rank, "padding") for each, _volume in use.each()]
    pairs = [tuple(sides(value) for value in each) for each in values]
    if all(before == after for each in pairs for before, after in each):
        return None
    return cast("tuple[tuple[int, int], ...]", agree(tuple(pairs)))


LOWEST = 'float("-inf")'


def pad_around(pads: tuple[tuple[int, int], ...], value: str = "") -> Node:
    """Return a module that pads, or crops where it is negative: the last axis goes first."""
    numbers = [side for pair in reversed(pads) for side in pair]
    same = all(number == numbers[0] for number in numbers)
    text = str(numbers[0]) if same else f"({', '.join(map(str, numbers))})"
    if value:
        return call(f"nn.ConstantPad{len(pads)}d", text, value)
    return call(f"nn.ZeroPad{len(pads)}d", text)


def same_pad(use: LayerUse, value: str = "") -> Node:
    """Return the padding of TensorFlow's same, which depends on the size."""
    arguments = use.arguments
    dilation = arguments.get("dilation", literal((1,), 1))
    more = [*given("dilation", dilation, "1"), *([Keyword("value", value)] if value else [])]
    return call("SamePad", arguments["kernel"].text, arguments["stride"].text, *more)


def pad_before(use: LayerUse) -> tuple[list[Node], PythonArgument]:
    """Return what pads before a layer, and the padding that the layer does itself."""
    none = literal((0,), 1)
    if use.flag("same"):
        if use.arguments["kernel"].text == "1":
            return [], none
        if use.arguments["stride"].text == "1":
            return [], PythonArgument('"same"', ())
        return [same_pad(use)], none
    if use.flag("full") or use.flag("causal"):
        reach = use.agreed(lambda values, _volume: _reach(values, use.rank))
        if use.flag("full"):
            return [], literal(reach, 1)
        return [pad_around(tuple((before, 0) for before in reach))], none
    around = padding_by_side(use, "padding")
    if around:
        return [pad_around(around)], none
    return [], use.arguments["padding"]


def _reach(values: dict[str, Any], rank: int) -> tuple[int, ...]:
    """Return how far a kernel reaches past its first tap, on each axis."""
    k, d = (spread(values.get(name, (1,)), rank, name) for name in ("kernel", "dilation"))
    return tuple(step * (size - 1) for size, step in zip(k, d, strict=True))


def pad(use: LayerUse, _out: Number) -> list[Node]:
    """Write a border around the map: of zeros, or made of the map."""
    modes = (("reflect", "Reflection"), ("replicate", "Replication"), ("circular", "Circular"))
    name = next((name for flag, name in modes if use.flag(flag)), "")
    if not name:
        return border(use, 1)
    around = use.agreed(lambda values, _volume: _around(values, use.rank))
    return [
        call(sized(use, f"{name}Pad"), str(tuple(side for pair in around[::-1] for side in pair)))
    ]


def border(use: LayerUse, sign: int) -> list[Node]:
    """Write zeros around the map, or a border that is taken away where the sign is -1."""
    sized(use, "ZeroPad")
    text = use.arguments["size"].text
    if sign == 1 and padding_by_side(use, "size") is None and "(" not in text:
        return [call(sized(use, "ZeroPad"), text)]
    around = use.agreed(lambda values, _volume: _around(values, use.rank))
    return [pad_around(tuple((sign * before, sign * after) for before, after in around))]


def _around(values: dict[str, Any], rank: int) -> tuple[tuple[int, int], ...]:
    """Return what a border is before and after, on each axis."""
    return tuple(map(sides, spread(values["size"], rank, "padding")))
