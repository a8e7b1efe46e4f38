"""Wrong answers whose mistake is known are explained: the mistake is named, or a simpler one.

What is right and what is wrong is worked out by hand in mistakes.py, with nothing of the program.
"""

import random
from collections import Counter

import pytest
from mistakes import CALLED, write, wrong_answers, wrong_sheet
from test_equations import holds

from cnncalc.homework.judge import Judge
from cnncalc.importing.sources import read_text
from cnncalc.speech.problem import Source


def explained(count, seed, family=None):
    """Judge wrong answers; return how many there were, were explained, and named as was meant."""
    chance, found = random.Random(seed), Counter()
    while found["asked"] < count:
        case = wrong_answers(chance, family)
        if case is None:
            continue
        line, claim, (_family, name, _at), _right = case
        verdict = Judge(read_text(line)).judge(Source("<claim>", claim))
        assert verdict.kind in ("wrong", "convention"), case
        found["asked"] += 1
        found["explained"] += bool(verdict.reasons)
        names = CALLED.get(name, {name})
        found["named"] += any(
            names & {each.name, *each.name.split(", ")} for each in verdict.reasons
        )
        for reason in verdict.reasons:
            if reason.working:
                assert holds(reason.value, reason.working), (case, reason)
    return found


def test_known_mistakes_are_explained():
    """Of 20 wrong answers nine in ten have a reason, and two in three the very mistake."""
    found = explained(20, 1)
    assert found["explained"] >= 0.9 * found["asked"]
    assert found["named"] >= 0.66 * found["asked"]


@pytest.mark.long
@pytest.mark.parametrize(
    "family", ["size", "depth", "count", "seen", "cost", "field", "rows", "part"]
)
def test_known_mistakes_of_each_family_are_explained(family):
    """Nine in ten of each family."""
    found = explained(120, 7, family)
    assert found["explained"] >= 0.9 * found["asked"]


def sheets(count, seed):
    """Judge whole sheets of students who make one mistake in a row, or in every row."""
    chance, judged = random.Random(seed), 0
    while judged < count:
        case = wrong_sheet(chance)
        if case is None:
            continue
        line, truth, own, why = case
        judged += 1
        claims = [Source("<claim>", f"{key}={write(value)}") for key, value in own.items()]
        for key, verdict in zip(own, Judge(read_text(line)).judge_all(claims), strict=True):
            is_right = own[key] == truth[key]
            assert (verdict.kind == "right") == is_right, (line, key, own[key], why, verdict)
            assert is_right or verdict.reasons, (line, key, own[key], why, verdict)


def test_sheets_of_several_rows():
    """What is right is; each other row follows from those before it, or has a reason of its own."""
    sheets(3, 5)


@pytest.mark.long
def test_many_sheets_of_several_rows():
    """The same of 40 more."""
    sheets(40, 6)
