"""A class of PyTorch's as text: its constructor and its forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.codegen.layout import call, lay
from cnncalc.codegen.pytorch.sequential import are_tall, parts_of
from cnncalc.kinds.volumes import Volume, times

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.codegen.classes import Body, InitArgument


def class_lines(
    name: str, formals: list[InitArgument], body: Body, doc: list[str], before: Iterable[str] = ()
) -> list[str]:
    """Return the lines of a class."""
    one, two = "    ", " " * 8
    base = "nn.Module" if body.chain is None else "nn.Sequential"
    lines = [f"class {name}({base}):"]
    if doc:
        lines += [f"{one}{line}".rstrip() for line in doc] + [""]
    texts = [
        formal.name if formal.default is None else f"{formal.name}={formal.default}"
        for formal in formals
    ]
    lines += lay(call("def __init__", "self", *texts), one, "", ":")
    if body.chain is not None:
        lines += [f"{two}{line}" for line in before]
        pieces = body.chain
        parts = parts_of(pieces)
        return [*lines, *lay(call("super().__init__", *parts, tall=are_tall(pieces)), two)]
    lines.append(f"{two}super().__init__()")
    lines += [f"{two}{line}" for line in before]
    for attribute, node in body.attributes:
        lines += lay(node, two, f"self.{attribute} = ")
    lines += ["", *lay(call("def forward", "self", *body.takes), one, "", ":")]
    for start, node in body.lines:
        lines += lay(node, two, start)
    return lines


def batch(volume: Volume) -> str:
    """Return a volume as PyTorch has it: 1x3x224x224."""
    return times((1, volume[-1], *volume[:-1]))
