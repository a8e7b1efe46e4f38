"""Modules one after another, as Sequential: by name where one has a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.codegen.layout import Bracket, IfElse, Keyword, Node, Optional, call
from cnncalc.codegen.names import Names
from cnncalc.codegen.numbers import negate
from cnncalc.codegen.pytorch.names import TAKEN

if TYPE_CHECKING:
    from cnncalc.codegen.rounds import Piece


def sequential(pieces: list[Piece]) -> Node:
    """Return modules one after another as one."""
    if not pieces:
        return call("nn.Identity")
    if len(pieces) == 1 and not pieces[0].many:
        piece = pieces[0]
        if not piece.condition:
            return piece.node
        if piece.condition.startswith("not "):
            return IfElse(call("nn.Identity"), negate(piece.condition), piece.node)
        return IfElse(piece.node, piece.condition, call("nn.Identity"))
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


def hint(node: Node, name: str) -> str:
    """Return what an attribute is called that holds a module put before a layer."""
    head = node.start if isinstance(node, Bracket) else ""
    if "Pad" in head:
        return "pad"
    return "flatten" if "Flatten" in head else name
