"""Python expressions, laid out as a formatter lays them out: 88 columns, a trailing comma."""

from __future__ import annotations

from typing import TypeAlias

from cnncalc.tuples import NamedTuple

WIDTH = 88
STEP = "    "


class Bracket(NamedTuple):
    """Parts in brackets: a call, a list; `tall`: a part a line, wherever they would fit."""

    start: str
    parts: tuple[Node, ...]
    end: str = ")"
    tall: bool = False


class Keyword(NamedTuple):
    """A named argument."""

    name: str
    node: Node


class Rounds(NamedTuple):
    """A list that a loop makes, its elements handed over one by one."""

    node: Node
    loop: str


class Same(NamedTuple):
    """One argument that is handed over several times: `*[each] * times`."""

    node: Node
    times: str


class IfElse(NamedTuple):
    """One of two expressions, as `node if condition else other`."""

    node: Node
    condition: str
    other: Node


class Optional(NamedTuple):
    """Arguments that are handed over, or none of them: `*([...] if condition else [])`."""

    parts: tuple[Node, ...]
    condition: str


class Operands(NamedTuple):
    """Operands with a sign between them, on a line of their own where they are many."""

    sign: str
    nodes: tuple[Node, ...]


Node: TypeAlias = str | Bracket | Keyword | Rounds | Same | IfElse | Optional | Operands


def call(name: str, *parts: Node, tall: bool = False) -> Bracket:
    """Return a call."""
    return Bracket(f"{name}(", parts, ")", tall)


def flat(node: Node) -> str:
    """Return an expression on one line.

    >>> flat(call("nn.Conv2d", "3", "10", Keyword("padding", "2")))
    'nn.Conv2d(3, 10, padding=2)'
    """
    if isinstance(node, str):
        return node
    if isinstance(node, Bracket):
        return f"{node.start}{', '.join(map(flat, node.parts))}{node.end}"
    if isinstance(node, Keyword):
        return f"{node.name}={flat(node.node)}"
    if isinstance(node, Rounds):
        return f"*[{flat(node.node)} {node.loop}]"
    if isinstance(node, Same):
        return f"*[{flat(node.node)}] * {node.times}"
    if isinstance(node, IfElse):
        return f"{flat(node.node)} if {node.condition} else {flat(node.other)}"
    if isinstance(node, Optional):
        return f"*([{', '.join(map(flat, node.parts))}] if {node.condition} else [])"
    return f" {node.sign} ".join(map(flat, node.nodes))


def lay(node: Node, indent: str = "", before: str = "", after: str = "") -> list[str]:
    r"""Return the lines of an expression, between what stands before and after it.

    >>> print(*lay(call("nn.Sequential", "nn.ReLU()", "nn.Flatten()", tall=True)), sep="\n")
    nn.Sequential(
        nn.ReLU(),
        nn.Flatten(),
    )
    """
    line = f"{indent}{before}{flat(node)}{after}"
    if isinstance(node, str) or (len(line) <= WIDTH and not _is_tall(node)):
        return [line]
    inner = indent + STEP
    if isinstance(node, Keyword):
        return lay(node.node, indent, f"{before}{node.name}=", after)
    if isinstance(node, Bracket):
        if before.endswith(" = ") and len(indent + before + node.start) > WIDTH:
            return [f"{indent}{before}(", *lay(node, inner), f"{indent}){after}"]
        one = f"{inner}{', '.join(map(flat, node.parts))}"
        if len(one) <= WIDTH and not _is_tall(node):
            return [indent + before + node.start, one, indent + node.end + after]
        if len(node.parts) == 1 and isinstance(node.parts[0], IfElse):
            lines = _choice(node.parts[0], inner)  # brackets enough
        else:
            comma = "," if len(node.parts) > 1 else ""
            lines = [line for part in node.parts for line in lay(part, inner, "", comma)]
        return [indent + before + node.start, *lines, indent + node.end + after]
    start, end = "(", ")"
    if isinstance(node, Rounds):
        start, end = "*[", "]"
        lines = [*lay(node.node, inner), inner + node.loop]
    elif isinstance(node, Same):
        start, end = "*[", f"] * {node.times}"
        lines = lay(node.node, inner)
    elif isinstance(node, IfElse):
        lines = _choice(node, inner)
    elif isinstance(node, Optional):
        start = "*("
        lines = _choice(IfElse(Bracket("[", node.parts, "]"), node.condition, "[]"), inner)
    else:
        first, *rest = node.nodes
        lines = lay(first, inner)
        for each in rest:
            lines += lay(each, inner, f"{node.sign} ")
    one = inner + flat(node).removeprefix(start)
    one = one if start == "(" else one.removesuffix(end)
    if len(one) <= WIDTH and not _is_tall(node):
        lines = [one]
    return [f"{indent}{before}{start}", *lines, f"{indent}{end}{after}"]


def _choice(node: IfElse, indent: str) -> list[str]:
    """Return the lines of a choice: what it chooses, by what, and what else."""
    condition = f"{indent}if {node.condition}"
    return [*lay(node.node, indent), condition, *lay(node.other, indent, "else ")]


def _is_tall(node: Node) -> bool:
    """Return whether an expression has a part that takes a line for each of its own."""
    if isinstance(node, Bracket):
        return node.tall or any(map(_is_tall, node.parts))
    if isinstance(node, Keyword | Rounds | Same):
        return _is_tall(node.node)
    if isinstance(node, IfElse):
        return _is_tall(node.node) or _is_tall(node.other)
    if isinstance(node, Optional):
        return len(node.parts) > 2 or any(map(_is_tall, node.parts))
    return isinstance(node, Operands) and any(map(_is_tall, node.nodes))
