"""Modules one after another, and the rounds of a repeat as loops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.codegen.layout import WIDTH, Bracket, Keyword, Node, Rounds, flat
from cnncalc.codegen.numbers import NotAlike
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Piece(NamedTuple):
    """One module: the name it would have, and whether that is a label; `many`: a loop of them.

    With a condition it is there or not, and holds what is `inside`.
    """

    name: str
    node: Node
    label: bool = False
    many: bool = False
    condition: str = ""
    inside: tuple[Piece, ...] = ()


def gather_rounds(
    rounds: list[list[Piece]], total: int, sequential: Callable[[list[Piece]], Node]
) -> Iterable[Piece]:
    """Yield the modules of rounds, three or more that are alike as a loop of one module."""
    texts = [tuple(flat(piece.node) for piece in each) for each in rounds]
    start = 0
    left = total
    while start < len(rounds):
        stop = start + 1
        while stop < len(rounds) and texts[stop] == texts[start]:
            stop += 1
        count = stop - start + (left - (len(rounds) - start) if stop == len(rounds) else 0)
        if count > 2 and rounds[start]:
            node = Rounds(sequential(rounds[start]), f"for _ in range({count})")
            yield Piece(name_of(rounds[start]), node, many=True)
        else:
            rule = _progression(texts, start)
            if rule:
                text, stop, count = rule
                name = rounds[start][0].name
                yield Piece(name, Rounds(text, f"for i in range({count})"), many=True)
            else:
                stop = start + 1
                count = 1
                yield from rounds[start]
        left -= count
        start = stop


def _progression(texts: list[tuple[str, ...]], start: int) -> tuple[str, int, int] | None:
    """Return three rounds or more whose numbers grow by the same steps, as one text with `i`."""
    if any(len(text) != 1 for text in texts[start : start + 3]) or len(texts) < start + 3:
        return None
    first, second = _split(texts[start]), _split(texts[start + 1])
    if len(first) != len(second) or first[::2] != second[::2]:
        return None
    steps = _steps(first, second)
    count = 2
    for text in texts[start + 2 :]:
        later = _split(text) if len(text) == 1 else []
        if later[::2] != first[::2] or _steps(first, later) != [count * step for step in steps]:
            break
        count += 1
    if count < 3 or any(step < 0 for step in steps):
        return None
    words = list(first)
    for index, step in enumerate(steps):
        if step:
            times = "i" if step == 1 else f"{step} * i"
            words[2 * index + 1] += f" + {times}"
    body = "".join(words)
    return (body, start + count, count) if len(body) < WIDTH - 16 else None


def _split(texts: tuple[str, ...]) -> list[str]:
    """Return a text's words, each second of them a number that is an argument."""
    return re.split(r"(?<=[(, =])(\d+)(?=[,)])", texts[0])


def _steps(first: list[str], second: list[str]) -> list[int]:
    return [int(b) - int(a) for a, b in zip(first[1::2], second[1::2], strict=True)]


def first_of(node: Node, later: Node) -> Node:
    """Return a round of a loop over `i` whose first round differs from the later ones."""
    if node == later:
        return node
    if isinstance(node, str) and isinstance(later, str):
        return f"{node} if i == 0 else {later}"
    if isinstance(node, Keyword) and isinstance(later, Keyword) and node.name == later.name:
        return Keyword(node.name, first_of(node.node, later.node))
    if isinstance(node, Bracket) and isinstance(later, Bracket) and node.start == later.start:
        if len(node.parts) != len(later.parts):
            raise NotAlike
        parts = (first_of(*pair) for pair in zip(node.parts, later.parts, strict=True))
        return node._replace(parts=tuple(parts))
    raise NotAlike


def name_of(pieces: list[Piece]) -> str:
    """Return what an attribute is called that holds modules."""
    return pieces[0].name if len(pieces) == 1 else "layers"
