"""Classes as text: their docstrings, constructors and forwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.codegen.layout import WIDTH, Node, call, lay
from cnncalc.codegen.pieces import Piece, are_tall, parts_of, sequential
from cnncalc.kinds.volumes import Volume, times

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LINES = 40  # of notation in a docstring


class Formal(NamedTuple):
    """A parameter of a class: its name, what it is in the notation, and its default."""

    name: str
    source: str
    rest: bool
    default: str | None


class Class(NamedTuple):
    """A class that is written: its name, its parameters and its lines."""

    name: str
    formals: tuple[Formal, ...]
    lines: list[str]


class Body:
    """The body of a class: `chain` of modules; or attributes, and the lines of forward."""

    def __init__(self, chain: list[Piece] | None) -> None:
        self.chain = chain
        self.attributes: list[tuple[str, Node]] = []
        self.lines: list[tuple[str, Node]] = []

    def nodes(self) -> Iterable[Node]:
        """Yield the expressions that stand in its constructor."""
        if self.chain is not None:
            yield sequential(self.chain)
        for _name, node in self.attributes:
            yield node


def class_lines(
    name: str, formals: list[Formal], body: Body, doc: list[str], before: Iterable[str] = ()
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
    lines += ["", f"{one}def forward(self, x):"]
    for start, node in body.lines:
        lines += lay(node, two, start)
    return lines


def docstring(title: str, more: list[str]) -> list[str]:
    """Return a docstring, wrapped at arrows and spaces."""
    if not more and len(title) <= WIDTH - 10:
        return [f'"""{title}"""']
    lines = _wrapped(title, WIDTH - 10, "  " if more else "")
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = ["  ..."]
    body = [line for text in more for line in ["", *_wrapped(text, WIDTH, "")]]
    return [f'"""{lines[0]}', *lines[1:], *body, '"""']


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    """Return lines of a text, broken before arrows and bars where it can be."""
    lines = [""]
    for chunk in re.split(r" (?=->|\|)", text):
        fits = len(lines[-1]) + 1 + len(chunk) <= width
        for word in [chunk] if fits or len(indent) + len(chunk) <= width else chunk.split(" "):
            if lines[-1].strip() and len(lines[-1]) + 1 + len(word) > width:
                lines.append(indent)
            lines[-1] += f" {word}" if lines[-1].strip() else word
    return lines


def says(name: str, text: str) -> bool:
    """Return whether a name stands in a text."""
    return re.search(rf"(?<![\w.])(?<!\bself\.){name}\b(?!=[^=])", text) is not None


def batch(volume: Volume) -> str:
    """Return a volume as PyTorch has it: 1x3x224x224."""
    return times((1, volume[-1], *volume[:-1]))
