"""What a source makes and never calls, or calls for nothing: it is named, and not counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.python import trees
from cnncalc.importing.python.constants import learned_by
from cnncalc.importing.python.values import Learned, Unknown
from cnncalc.importing.remarks import few
from cnncalc.notation.tree import Layer
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, plural

if TYPE_CHECKING:
    from collections.abc import Container

    from cnncalc.importing.graph import Graph
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


def called_for_nothing(graph: Graph, span: Span, begun: int = 0) -> list[Problem]:
    """Return a warning, at a span, of layers that learn, whose outputs no output needs.

    Nodes before `begun` are no part of what was asked for: the file made them before its entry.
    """
    needed = graph.needed()
    held = {graph.nodes[node].weights for node in needed}
    names, learned, macs = [], 0, 0
    for number, node in enumerate(graph.nodes[begun:], begun):
        if number in needed or not node.weights or not isinstance(node.item, Layer):
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
