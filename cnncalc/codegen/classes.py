"""Classes that are written: their parameters, their bodies, their docstrings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.codegen.layout import WIDTH
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.codegen.layout import Node
    from cnncalc.codegen.rounds import Piece

MOST_LINES = 40  # of notation in a docstring


class InitArgument(NamedTuple):
    """A parameter of a class: its name, what it is in the notation, and its default."""

    name: str
    source: str
    rest: bool
    default: str | None


class WrittenClass(NamedTuple):
    """A class that is written: its name, its parameters and its lines."""

    name: str
    formals: tuple[InitArgument, ...]
    lines: list[str]


class Body:
    """The body of a class: `chain` of modules; or attributes, and the lines of forward.

    `takes` are the arguments of forward: x, or the inputs of a network that has several.
    """

    def __init__(self, chain: list[Piece] | None) -> None:
        self.chain = chain
        self.takes = ["x"]
        self.attributes: list[tuple[str, Node]] = []
        self.lines: list[tuple[str, Node]] = []


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
