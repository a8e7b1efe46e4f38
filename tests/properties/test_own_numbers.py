"""A student who makes one known mistake at a row, and goes on from the numbers that it gave.

The student counts window starts one by one and multiplies by hand; nothing of the program is used.
"""

import random

import pytest

from cnncalc import Problem
from cnncalc.homework.judge import Judge
from cnncalc.homework.reasons import MOST_REASONS
from cnncalc.homework.verdicts import OWN
from cnncalc.importing.sources import read_text
from cnncalc.speech.problem import Source

MISTAKES = ("padding-forgotten", "padding-on-one-side", "stride-ignored", "plus-one-forgotten")


def starts(n, k, s):
    """Return at how many places a window can stand."""
    return sum(1 for start in range(0, n - k + 1, s))


class Student:
    """Works through a chain by hand; `mistake` is made at row `at`."""

    def __init__(self, chance):
        self.side, self.depth = chance.choice([16, 20, 27, 32]), chance.choice([1, 3])
        self.layers = [self._layer(chance) for _ in range(chance.randint(2, 4))]
        self.units = chance.choice([5, 10])

    def _layer(self, chance):
        k, s, p = chance.choice([2, 3, 5]), chance.choice([1, 1, 2]), chance.randint(0, 2)
        filters = chance.choice([0, 2, 4, 8])  # 0: a pool
        return (filters, k, s if filters else 2, p if filters else 0)

    @property
    def text(self):
        """The network, in notation."""
        parts = [
            f"conv {filters} k{k} s{s} p{p}" if filters else f"maxpool {k} s{s}"
            for filters, k, s, p in self.layers
        ]
        return f"{self.side}x{self.side}x{self.depth} -> {' -> '.join(parts)} -> fc {self.units}"

    def answers(self, mistake="", at=0):
        """Return a claim and its value for each row, and the total of the parameters."""
        n, depth, total, found = self.side, self.depth, 0, {}
        for row, (filters, k, s, p) in enumerate(self.layers, 1):
            n_out = size(n, k, s, p, mistake if row == at else "")
            if n_out < 1:
                return None
            total += (k * k * depth + 1) * filters
            n, depth = n_out, filters or depth
            found[f"{row}.output"] = f"{n}x{n}x{depth}"
        last = (n * n * depth + 1) * self.units
        found[f"{len(self.layers) + 1}.params"] = str(last)
        found["params"] = str(total + last)
        return found


def size(n, k, s, p, mistake=""):
    """Return the size that comes out of a window, with a mistake or without."""
    times = {"padding-forgotten": 0, "padding-on-one-side": 1}.get(mistake, 2)
    found = starts(n + times * p, k, 1 if mistake == "stride-ignored" else s)
    return found - (mistake == "plus-one-forgotten")


def students(count, seed):
    """Yield judges with what is right, what a student has, and the mistake's name and row."""
    chance = random.Random(seed)
    for _ in range(count):
        student = Student(chance)
        mistake, at = chance.choice([*MISTAKES]), chance.randint(1, len(student.layers))
        truth, own = student.answers(), student.answers(mistake, at)
        if truth is None or own is None or truth == own:
            continue
        yield Judge(read_text(student.text)), truth, own, mistake, at


def text_of(judge):
    """Return the network that a judge is of, in notation."""
    return judge.retrace.network.sequence.span.source.text


def judged(judge, own):
    """Return the verdicts on a student's answers, all at once."""
    found = judge.judge_all([Source("<claim>", f"{name}={value}") for name, value in own.items()])
    return dict(zip(own, found, strict=True))


def marked(count, seed):
    """Check how students are marked; return how many later rows followed."""
    later = 0
    for judge, truth, own, mistake, at in students(count, seed):
        for name, verdict in judged(judge, own).items():
            case = (
                text_of(judge),
                name,
                own,
                mistake,
                at,
                verdict,
            )
            row = int(name.split(".")[0]) if "." in name else 99
            if own[name] == truth[name]:
                assert verdict.kind == "right", case
            elif row == at:
                assert verdict.kind in ("wrong", "convention"), case
                names = [each.name for each in verdict.reasons]
                assert mistake in names or len(names) == MOST_REASONS, case  # others give it too
            else:
                later += 1
                assert verdict.kind == "follows", case
                assert [each.name for each in verdict.reasons] == [OWN], case
                assert verdict.reasons[0].value.replace(",", "") == own[name], case
    return later


def upstream(count, seed):
    """Leave out the row of the mistake: in how many of how many cases it is found upstream.

    Each has a reason: where it is another, that is simpler.
    """
    found = asked = 0
    for judge, truth, own, mistake, at in students(count, seed):
        name = f"{at + 1}.output"
        if name not in own or own[name] == truth[name]:
            continue
        asked += 1
        verdict = judge.judge(Source("<claim>", f"{name}={own[name]}"))
        assert verdict.reasons, (
            text_of(judge),
            name,
            own,
            mistake,
        )
        found += any(mistake in each.name for each in verdict.reasons)
    return found, asked


def test_later_rows_follow():
    """Of 12 students: what is right on own numbers is said to follow from them, always."""
    assert marked(12, 1) > 12


def test_a_mistake_is_found_upstream():
    """A row that was not claimed: the mistake in it explains the next, or a simpler one does."""
    found, asked = upstream(30, 2)
    assert asked > 6
    assert found >= 0.7 * asked


@pytest.mark.long
def test_many_students():
    """The same of 400 more."""
    assert marked(400, 3) > 400
    found, asked = upstream(700, 4)
    assert found >= 0.7 * asked > 70


def test_points():
    """What follows counts as the rule says; a whole number stays one."""
    from cnncalc.homework.verdicts import points

    kinds = ["wrong", "follows", "right", "convention"]
    assert [points(kinds, rule) for rule in ("full", "half", "none")] == [2, 1.5, 1]


def test_own_numbers_of_every_quantity():
    """By hand: fields, MACs, weights, memory and totals go on from what was claimed."""
    judge = Judge(read_text("32x32x3 -> conv 8 k3 p1 -> maxpool 2 -> conv 4 k3 p1 -> fc 10"))
    own = {
        "1.rf": "4",  # 3
        "2.rf": "5",  # 4 + 1
        "1.output": "30x30x8",
        "1.macs": "194400",  # 30*30*8*27
        "1.activations": "7200",
        "1.memory": "28800",
        "3.in_features": "900",  # 15*15*4
        "1.weights": "215",  # 216
        "1.params": "223",
        "params": "9525",  # 223 + 292 + 9010
    }
    kinds = {name: verdict.kind for name, verdict in judged(judge, own).items()}
    first = ("1.rf", "1.output", "1.weights")
    assert kinds == {name: "wrong" if name in first else "follows" for name in own}


def test_a_network_that_does_not_fit_on_own_numbers():
    """Own numbers that no window fits give no fault, and nothing follows from them."""
    judge = Judge(read_text("9x9x1 -> conv 1 k3 -> conv 1 k7 -> fc 3"))
    found = judged(judge, {"1.output": "5x5x1", "2.output": "2x2x1", "3.params": "15"})
    assert [each.kind for each in found.values()] == ["wrong", "wrong", "follows"]
    with pytest.raises(Problem):
        Judge(read_text("conv 3"))
