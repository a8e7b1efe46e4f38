"""Reasons: the ways that give the value that was claimed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.homework.answers import write_answer
from cnncalc.homework.conventions import CUT_OFF
from cnncalc.homework.truth import holds, may_be, seen_by
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.homework.alternatives import Alternatives
    from cnncalc.homework.claims import Claim

MOST_REASONS = 3


class Reason(NamedTuple):
    """A variation that gives the claimed value, with its arithmetic."""

    name: str
    says: str
    value: str
    working: str
    is_convention: bool


def find_reasons(
    claim: Claim, right: Any, alternatives: Alternatives, *, channels_first: bool = False
) -> Iterator[Reason]:
    """Yield the ways that give the claimed value, the simplest first, at most three.

    Many values keep to a limit: one that is not kept is explained by conventions alone. Where the
    right answer was cut off, and not rounded, a way must give what is claimed without that.
    """
    is_cut = claim.operator == "=" and right is not None and may_be(claim, right)
    found = list(_reasons(claim, right, alternatives, channels_first, is_cut=is_cut))
    if is_cut and not found:
        value = write_answer(right, claim.quantity, channels_first=channels_first)
        return iter([Reason(CUT_OFF, "the answer, cut off and not rounded", value, "", True)])
    return iter(found)


def _reasons(
    claim: Claim, right: Any, alternatives: Alternatives, channels_first: bool, *, is_cut: bool
) -> Iterator[Reason]:
    """Yield them; where the right answer was cut off, of the nearest ways alone."""
    is_limit = claim.operator in ("<=", ">=")
    count = stage = 0
    claim = claim._replace(worked=None)
    seen: set[str] = set()
    workings: set[str] = set()
    for each in alternatives.of(claim.place, claim.quantity):
        if is_cut and each.remote:
            return
        value = seen_by(claim, each.value, alternatives.rows)
        if each.value == right or each.name in seen:
            continue
        if not (holds if is_cut else may_be)(claim, value):
            continue
        if is_limit and (each.unit or not each.is_convention):
            continue  # a limit is the number that is written, in the unit that is
        if not is_meant(each.unit, claim.text):
            continue
        if count and (each.remote != stage or each.name.count(", ")):
            return
        value = write_answer(each.value, claim.quantity, channels_first=channels_first)
        working = each.work()
        if claim.quantity == "rf" and working in workings:
            continue  # a field's working is the whole of it: the same in other words
        seen.add(each.name)
        yield Reason(each.name, each.says, value, working, each.is_convention)
        stage = each.remote
        count += not each.is_convention or working not in workings
        workings |= {working} - {""}
        if count == MOST_REASONS:
            return


def is_meant(unit: str, text: str) -> bool:
    """Return whether a unit of bytes stands in a claim; none always does."""
    return not unit or bool(re.search(rf"[0-9]\s*{unit[0]}", text, re.IGNORECASE))
