"""What a source makes and never calls, or calls for nothing: it is named, and not counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.python import trees
from cnncalc.importing.python.constants import learned_by
from cnncalc.importing.python.faults import span_of
from cnncalc.importing.python.objects import Instance
from cnncalc.importing.python.tensor_values import Learned
from cnncalc.importing.python.values import Unknown
from cnncalc.importing.remarks import few
from cnncalc.notation.tree import Given, Layer
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, plural

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.nesting import Node
    from cnncalc.importing.python.values import Value
    from cnncalc.speech.problem import Span

_LAYER = re.compile(r"(^|\.)(nn|layers)\.[A-Z](?!\w*Loss$)\w*$")
"""Paths of classes of a framework that may be layers: no function, and no loss."""


def never_called(
    root: Value, used: frozenset[int] | set[int], called: Container[int], span: Span
) -> list[Problem]:
    """Return a warning, at a span, of what a model holds that learns and is never called.

    `used` are the keys of learned tensors that are read, `called` the modules by their `id`.
    """
    names, unread, learned = [], [], 0
    for name, each in trees.held(root):
        if isinstance(each, Unknown):
            if _LAYER.search(each.path):
                unread.append(f"{name} ({each.path.rpartition('.')[2]})")
            continue
        if isinstance(each, Learned):
            numbers = each.whole if each.keys and not each.keys & used else 0
        else:
            numbers = learned_by(each) if each.spec is not None and id(each) not in called else 0
        if numbers:
            names.append(name)
            learned += numbers
    notes = []
    if names:
        count = plural(learned, "learned number")
        notes.append(_("{names}: {numbers}", names=few(names), numbers=count))
    if unread:
        notes.append(_("{names}: what it learns is not known here", names=few(unread)))
    if not notes:
        return []
    return [
        Problem(
            "never-called",
            _("some modules are never called, and not counted"),
            [Label(span)],
            notes=notes,
            severity="warning",
        )
    ]


def not_registered(root: Value, called: Iterable[Value], span: Span) -> list[Problem]:
    """Return a warning, at a span, of layers that learn and that PyTorch does not know of.

    Those that stand in plain lists, or that are made where the model is called: `called` are the
    layers that are.
    """
    base = root.outside if isinstance(root, Instance) else None
    if base is None or not base.path.startswith("torch"):
        return []
    known = {id(each) for each in trees.registered(root)}
    found = [each for each in called if id(each) not in known and learned_by(each)]
    if not found:
        return []
    count = plural(sum(map(learned_by, found)), "learned number")
    lines = sorted({span_of(*each.place).line for each in found if each.place})
    notes = [_("line {line}: {numbers}", line=few([f"{line}" for line in lines]), numbers=count)]
    about = _("some layers are counted that no list of modules holds: PyTorch does not train them")
    return [Problem("not-registered", about, [Label(span)], notes=notes, severity="warning")]


def called_for_nothing(graph: Graph, span: Span, begun: int = 0) -> list[Problem]:
    """Return a warning, at a span, of layers that learn, whose outputs no output needs.

    Nodes before `begun` are no part of what was asked for: the file made them before its entry.
    """
    needed = graph.needed()
    held = {graph.nodes[node].weights for node in needed}
    names, learned, macs = [], 0, 0
    nodes = graph.nodes
    reads = {each for node in needed if not _is_input(nodes[node]) for each in nodes[node].inputs}
    apart = {0} - reads  # what stands behind an input that is none of the network's
    for number, node in enumerate(graph.nodes[begun:], begun):
        if number not in needed if _is_input(node) else apart & {*node.inputs}:
            apart.add(number)
        if number in needed | apart or not node.weights or not isinstance(node.item, Layer):
            continue
        found = node.item.measure(graph.volume(node.inputs[0]))
        macs += int(found.macs)
        if node.weights not in held:
            held.add(node.weights)
            learned += int(found.params)
        names.append(node.label)
    if not names:
        return []
    numbers = plural(learned, "learned number")
    notes = [_("{names}: {numbers}, {macs:,} MACs", names=few(names), numbers=numbers, macs=macs)]
    about = _("what some modules give is used nowhere, and not counted")
    return [Problem("not-counted", about, [Label(span)], notes=notes, severity="warning")]


def _is_input(node: Node) -> bool:
    return isinstance(node.item, Given)
