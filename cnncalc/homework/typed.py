"""What the text of a layer says itself, and what it leaves to defaults.

What is typed excludes its contrary: who writes 'p0' does not mean 'same'.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cnncalc.notation.parser import parse
from cnncalc.speech.problem import Problem, Source

if TYPE_CHECKING:
    from cnncalc.homework.variations import ChangeLayer
    from cnncalc.notation.tree import Layer


def unless_typed(change: ChangeLayer) -> ChangeLayer:
    """Return a change of layers that leaves those whose text says the contrary."""

    def change_layer(layer: Layer) -> Layer:
        other = change(layer)
        before, after = layer.named, other.named
        changed = [name for name in before if before[name] != after[name]]
        return layer if any(is_typed(layer, name) for name in changed) else other

    return change_layer


def is_typed(layer: Layer, name: str) -> bool:
    """Return whether a layer's text gives an argument, or one that excludes it.

    Where that cannot be told, as in a definition whose arguments are passed on, it does.
    """
    names = {name}.union(*(group for group in layer.kind.one_of if name in group))
    given = [each for each in layer.kind.parameters if each.name in names]
    values = layer.named
    if any(values[each.name] != each.default for each in given):
        return True
    letter = next((each.letter for each in given if each.letter), "")
    if not letter:
        return False
    span = layer.span
    text = f"{span.source.text[span.start : span.end]} {letter}1"
    return not _reads(re.sub("[0-9]+", "1", text))  # whatever its numbers are


@lru_cache(1024)
def _reads(text: str) -> bool:
    """Return whether a text is a network: it is none where an argument stands twice."""
    try:
        parse(Source("<stack>", text))
    except Problem:
        return False
    return True
