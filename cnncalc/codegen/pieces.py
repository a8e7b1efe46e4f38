"""Modules one after another: as Sequential, by name or not, rounds of a repeat as loops."""

from __future__ import annotations

import re
from keyword import kwlist
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.codegen.layout import (
    WIDTH,
    Bracket,
    Choice,
    Keyword,
    Node,
    Optional,
    Rounds,
    call,
    flat,
)
from cnncalc.codegen.numbers import NotAlike, negated

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYWORDS = frozenset(
    {
        *kwlist,
        *("self", "super", "range", "float", "nn", "torch", "F", "OrderedDict", "in_channels"),
        *("x", "i"),
    }
)
"""Words of Python, and of what is written."""

TAKEN = KEYWORDS | frozenset(
    {
        *("T_destination", "add_module", "append", "apply", "bfloat16", "buffers"),
        *("call_super_init", "children", "compile", "cpu", "cuda", "double", "dump_patches"),
        *("eval", "extend", "extra_repr", "forward", "get_buffer", "get_extra_state"),
        *("get_parameter", "get_submodule", "half", "insert", "ipu", "load_state_dict"),
        *("modules", "mtia", "named_buffers", "named_children", "named_modules"),
        *("named_parameters", "parameters", "pop", "register_backward_hook", "register_buffer"),
        *("register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook"),
        *("register_full_backward_pre_hook", "register_load_state_dict_post_hook"),
        *("register_load_state_dict_pre_hook", "register_module", "register_parameter"),
        *("register_state_dict_post_hook", "register_state_dict_pre_hook", "requires_grad_"),
        *("set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty"),
        *("train", "training", "type", "xpu", "zero_grad"),
    }
)
"""Names that a module has already."""


class Names:
    """Names that are given once; one that is taken gets the next number behind it.

    >>> names = Names(frozenset({"eval"}))
    >>> names.free("relu"), names.free("relu"), names.free("eval"), names.free("fc8")
    ('relu', 'relu2', 'eval2', 'fc8')
    >>> names.free("fc8")
    'fc8_2'
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self.last: dict[str, int] = {}

    def free(self, name: str) -> str:
        """Return a name that is free, and take it."""
        found, number = name, self.last.get(name, 1)
        while found in self.taken:
            number += 1
            found = f"{name}_{number}" if name[-1].isdigit() else f"{name}{number}"
        self.last[name] = number
        self.taken.add(found)
        return found


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


def sequential(pieces: list[Piece]) -> Node:
    """Return modules one after another as one."""
    if not pieces:
        return call("nn.Identity")
    if len(pieces) == 1 and not pieces[0].many:
        piece = pieces[0]
        if not piece.condition:
            return piece.node
        if piece.condition.startswith("not "):
            return Choice(call("nn.Identity"), negated(piece.condition), piece.node)
        return Choice(piece.node, piece.condition, call("nn.Identity"))
    return call("nn.Sequential", *parts_of(pieces), tall=are_tall(pieces))


def parts_of(pieces: list[Piece]) -> list[Node]:
    """Return modules as the arguments of Sequential, by name where one has a label."""
    if not any(piece.label for piece in pieces):
        return [
            Optional(tuple(parts_of([*piece.inside])), piece.condition)
            if piece.condition and not any(each.label for each in piece.inside)
            else sequential([piece])
            if piece.condition
            else piece.node
            for piece in pieces
        ]
    names = Names(TAKEN)
    labels = {piece.name: names.free(piece.name) for piece in pieces if piece.label}
    parts: list[Node] = []
    for piece in pieces:
        name = labels.pop(piece.name, "") if piece.label else ""
        parts.append(Keyword(name or names.free(piece.name), sequential([piece])))
    return [call("OrderedDict", *parts, tall=True)]


def are_tall(pieces: list[Piece]) -> bool:
    """Return whether modules take a line each."""
    return len(pieces) > 2 and not any(piece.label for piece in pieces)


def gathered(rounds: list[list[Piece]], total: int) -> Iterable[Piece]:
    """Yield the modules of rounds, three or more that are alike as a loop."""
    texts = [tuple(flat(piece.node) for piece in each) for each in rounds]
    start = 0
    left = total
    while start < len(rounds):
        stop = start + 1
        while stop < len(rounds) and texts[stop] == texts[start]:
            stop += 1
        count = stop - start + (left - (len(rounds) - start) if stop == len(rounds) else 0)
        if count > 2 and rounds[start]:
            yield looped(rounds[start], f"for _ in range({count})")
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


def looped(pieces: list[Piece], loop: str) -> Piece:
    """Return a loop of modules."""
    return Piece(name_of(pieces), Rounds(sequential(pieces), loop), many=True)


def name_of(pieces: list[Piece]) -> str:
    """Return what an attribute is called that holds modules."""
    return pieces[0].name if len(pieces) == 1 else "layers"


def hint(node: Node, name: str) -> str:
    """Return what an attribute is called that holds a module put before a layer."""
    head = node.start if isinstance(node, Bracket) else ""
    if "Pad" in head:
        return "pad"
    return "flatten" if "Flatten" in head else name
