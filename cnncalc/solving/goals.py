"""Goals: claims that are to hold, or quantities to be told; and how far off a value is."""

from __future__ import annotations

import re
from typing import Any

from cnncalc.homework.claims import Claim, read_claim
from cnncalc.homework.truth import holds
from cnncalc.numbers.lettered import letters_in
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span


def read_goal(source: Source, *, channels_first: bool = False) -> Claim:
    """Return a goal: a claim; or a quantity that is asked for, `params=?`, whose sign is `?`.

    >>> read_goal(Source("<goal>", "size=55")).value, read_goal(Source("<goal>", "rf=?")).operator
    ((55,), '?')
    """
    asked = re.fullmatch(r"([^<>~=]*)=\s*\?\s*", source.text)
    text = Source(source.name, f"{asked[1]}=1") if asked else source
    try:
        goal = read_claim(text, channels_first=channels_first)
    except Problem as problem:  # drawn on what was typed
        problem.labels = tuple(
            each._replace(span=Span(source, each.span.start, each.span.end))
            for each in problem.labels
        )
        raise
    if asked:
        return goal._replace(text=source.text.strip(), operator="?", value=None)
    if goal.value is None:
        raise Problem(
            "goal-without-value",
            _("a goal has a value: only networks that fit are looked for"),
            [Label(goal.span)],
            helps=[_("write a number or a volume, or '{name}=?' to ask", name=goal.quantity)],
        )
    if letters_in(goal.value):
        raise Problem(
            "goal-without-value",
            _("a goal is in numbers, and this one has letters"),
            [Label(goal.span)],
            helps=[_("write a number or a volume, or '{name}=?' to ask", name=goal.quantity)],
        )
    return goal


def misses_map(goal: Claim, found: Any) -> bool:
    """Return whether a goal fails along its map, which numbers of channels do not change."""
    if goal.operator == "?" or not isinstance(found, tuple) or goal.value is None:
        return False
    if goal.quantity == "output":
        if len(found) != len(goal.value) or len(found) == 1:
            return False
        goal = goal._replace(quantity="size", value=goal.value[:-1])
        found = found[:-1]
    return goal.quantity == "size" and not holds(goal, found)


def distance_of(goal: Claim, found: Any) -> float:
    """Return how far a value is from a goal, as a part of it."""
    if goal.value is None or found is None or "all" in (found, *goal.value):
        return float("inf")
    sizes: tuple[Any, ...] = found if isinstance(found, tuple) else (found,)
    if letters_in(sizes):
        return float("inf")
    if goal.is_figure:
        wanted = goal.value[0] / goal.value[2]
        return float(abs(found - wanted) / max(wanted, 1))
    each = goal.value * len(sizes) if len(goal.value) == 1 else goal.value
    if len(each) != len(sizes):
        return float("inf")
    away = sum(abs(a - b) for a, b in zip(sizes, each, strict=True))
    return float(away / max(sum(map(abs, each)), 1))
