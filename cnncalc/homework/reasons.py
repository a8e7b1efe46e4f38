"""Reasons: the ways that give the value that was claimed."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING, Any

from cnncalc.homework.answers import write_answer
from cnncalc.homework.conventions import CUT_OFF
from cnncalc.homework.miscounts import PARTS
from cnncalc.homework.truth import holds, may_be, seen_by
from cnncalc.homework.ways import WAYS
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.homework.alternative import Alternative
    from cnncalc.homework.alternatives import Alternatives
    from cnncalc.homework.claims import Claim

MOST_REASONS = 3
FORGOTTEN = frozenset({"batch-forgotten", "type-forgotten"})
"""The names of slips that leave out what an option says, whatever the figure's digits."""
_FEW, _ONE, _REMOTE = 1 / 20, 1 / 100, 1 / 1000
"""How wide a figure may be, by its size, for a way of a few, of a table, and of any row."""


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
    right answer was cut off, and not rounded, that comes before what other ways give.
    """
    claim = claim._replace(worked=None)
    rows, rough = alternatives.rows, roughness(claim)
    is_cut = claim.operator == "=" and right is not None and may_be(claim, right)
    found = _of_value(claim, right, alternatives, rough, is_exact=not (rough or is_cut))
    if rough:
        found = _likeliest(found, lambda way: holds(claim, seen_by(claim, way.value, rows)))
    if is_cut:
        value = write_answer(right, claim.quantity, channels_first=channels_first)
        yield Reason(CUT_OFF, WAYS[CUT_OFF].says, value, "", True)
        found = (each for each in found if each.is_convention and holds(claim, each.value))
    count = stage = 0
    workings: set[str] = set()
    for each in found:
        if count and (each.remote != stage or each.name.count(", ")):
            return
        working = each.work()
        if claim.quantity == "rf" and working in workings:
            continue  # a field's working is the whole of it: the same in other words
        value = write_answer(each.value, claim.quantity, channels_first=channels_first)
        yield Reason(each.name, each.says, value, working, each.is_convention)
        stage = each.remote
        count += not each.is_convention or working not in workings
        workings |= {working} - {""}
        if count == MOST_REASONS - is_cut:
            return


def _likeliest(
    ways: Iterator[Alternative], given: Callable[[Alternative], bool]
) -> Iterator[Alternative]:
    """Yield the ways that people most likely went to a figure of few digits.

    Conventions come before slips, what was rounded before what was cut off; of slips, the parts
    that people speak of, or those that give one value.
    """
    ranks: dict[tuple[bool, bool], list[Alternative]] = {}
    for each in ways:
        ranks.setdefault((not each.is_convention, not given(each)), []).append(each)
    found = ranks[min(ranks)] if ranks else []
    for each in found:
        is_alike = each.value == found[0].value or {each.name, found[0].name} <= PARTS
        if each.is_convention or is_alike:
            yield each


def _of_value(
    claim: Claim, right: Any, alternatives: Alternatives, rough: float, *, is_exact: bool
) -> Iterator[Alternative]:
    """Yield the ways whose value is the claimed one, as far as it is written.

    Of one that `is_exact` remoter ways are left out where a nearer one gives it.
    """
    is_limit = claim.operator in ("<=", ">=")
    seen: set[str] = set()

    def is_enough(stage: int) -> bool:
        return (is_exact and bool(seen)) or (rough > _REMOTE and stage > 0)

    for each in alternatives.of(claim.query, is_enough):
        value = seen_by(claim, each.value, alternatives.rows)
        if each.value == right or each.name in seen or not may_be(claim, value):
            continue
        if is_limit and (each.unit or not each.is_convention):
            continue  # a limit is the number that is written, in the unit that is
        if rough > _roughest(each, is_rounded=holds(claim, value)):
            continue  # so many ways give so few digits that one does by chance
        if not is_meant(each.unit, claim.text):
            continue
        seen.add(each.name)
        yield each


def _roughest(way: Alternative, *, is_rounded: bool) -> float:
    """Return how rough a figure may be that a way is told of."""
    if way.remote > 1:
        return _REMOTE
    if (way.is_convention or way.name in FORGOTTEN) and not way.remote:
        return 1 if is_rounded else _FEW
    return _FEW if way.name in PARTS else _ONE


def roughness(claim: Claim) -> float:
    """Return how wide a figure is by its size: 0 where every digit is written, no end for 0M."""
    if not claim.is_figure or claim.operator != "=" or not claim.value:
        return 0
    least, below, unit = claim.value
    if unit == 1 and below == least + 1:
        return 0
    return 2 * (below - least) / (below + least) if below + least else inf


def is_meant(unit: str, text: str) -> bool:
    """Return whether a unit of bytes stands in a claim; none always does."""
    prefix = unit.removesuffix("B")
    return not unit or bool(re.search(rf"[0-9]\s*{prefix}", text, re.IGNORECASE))
