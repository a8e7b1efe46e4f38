"""What a network has in all, by its outline: each quantity when it is asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.report.quantities import SUMMED
from cnncalc.speech.problem import Problem
from cnncalc.trace.outline import outlines
from cnncalc.trace.outline_parts import Once, Unclear

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.notation.tree import Given, Network
    from cnncalc.report.quantity import Quantity
    from cnncalc.trace.outline_parts import OutlinePart
    from cnncalc.trace.settings import Settings

_SUMS = {each.name: each for each in SUMMED if each.name != "training-macs"}  # by what is before


def outlined(
    network: Network, settings: Settings, given: Given | None = None
) -> Callable[[str], Any] | None:
    """Return what gives totals by names, None for some; None where all is to be traced."""
    try:
        part = outlines(settings).of(network, given)
    except (Unclear, Problem):
        return None
    return partial(_total, part)


def _total(part: OutlinePart, name: str) -> Any:
    """Return what a network has of a quantity; None where it is to be traced."""
    if name == "output":
        return part.volume
    quantity = _SUMS.get(name)
    return None if quantity is None else _sum(part, quantity)


def _sum(part: OutlinePart, quantity: Quantity) -> Any:
    """Return the sum of what is in a part, each worked out once."""
    name, found = quantity.name, 0
    for each, times in part.inside.items():
        one = each.known.get(name)
        if one is None:
            one = quantity.one(each.row) if isinstance(each, Once) else _sum(each, quantity)
            each.known[name] = one
        found += times * one
    return found
