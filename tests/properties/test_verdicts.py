"""Verdicts on random networks: what is typed excludes its contrary, and nothing ends in a fault."""

import random

import fuzz
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks

from cnncalc import Problem
from cnncalc.homework.answers import Query
from cnncalc.homework.judge import Judge
from cnncalc.importing.sources import read_text
from cnncalc.speech.problem import Source
from cnncalc.trace.settings import Settings

VGG = Judge(read_text("vgg16"))
PADDINGS = ("", "p0", "p1", "p4", "p7", "p1:2", "p2x3", "padding=0", "same", "valid", "full")


def starts(n, before, after, k, s, d):
    """Return at how many places a window can stand, by trying each."""
    last = n + before + after - d * (k - 1) - 1
    return sum(1 for start in range(last + 1) if start % s == 0)


def conventions_on(judge, quantity):
    """Return the conventions that give another value, by name."""
    right = judge.right(quantity)
    found = judge.alternatives.of(Query(None, quantity))
    return {each.name: each.value for each in found if each.is_convention and each.value != right}


SIZES = {"kB": 10**3, "MB": 10**6, "GB": 10**9}
BETWEEN = st.tuples(st.integers(528, 553), st.just("MB"))  # what is less in MB, and more in MiB


@given(
    st.one_of(BETWEEN, st.tuples(st.integers(1, 999), st.sampled_from([*SIZES]))),
    st.sampled_from(["<=", ">="]),
)
def test_limits_blame_no_unit(size, sign):
    """A limit is the number that is written: right or wrong, and never another unit's."""
    number, unit = size
    found = VGG.judge(Source("", f"params-memory{sign}{number}{unit}"))
    beyond = number * SIZES[unit] - 553_430_176
    holds = beyond >= 0 if sign == "<=" else beyond <= 0
    assert (found.kind, found.reasons) == ("right" if holds else "wrong", ())


def test_a_limit_between_two_units():
    """Of what a MB and a MiB part, the MB that is written decides."""
    assert VGG.judge(Source("", "params-memory<=553MB")).kind == "wrong"
    assert VGG.judge(Source("", "params-memory=527.79MB")).kind == "convention"


@given(
    kind=st.sampled_from(["conv 2", "dwconv", "local 2", "maxpool", "avgpool", "deconv 2"]),
    n=st.integers(8, 24),
    k=st.integers(1, 5),
    s=st.integers(1, 3),
    padding=st.sampled_from(PADDINGS),
    has_ceil=st.booleans(),
)
def test_what_is_typed_excludes_its_contrary(kind, n, k, s, padding, has_ceil):
    """'same' and 'total-padding' are conventions only where they can be, and as counted by hand."""
    ceil = " ceil" if has_ceil and kind.endswith("pool") and padding != "same" else ""
    text = f"{n}x{n}x4 -> {kind} k{k} s{s} {padding}{ceil}".strip()
    try:
        judge = Judge(read_text(text))
    except Problem:
        return  # full of a pool, a window that does not fit
    if judge.fault:
        return
    found = conventions_on(judge, "size")
    is_window = not kind.startswith("deconv")
    if padding:
        assert "same" not in found, text
    elif is_window and not ceil and judge.right("size") != (-(-n // s),) * 2:
        assert found["same"] == (-(-n // s),) * 2, text
    if ceil:
        assert not {"ceil", "floor"} & set(found), text
    sides = {"p1": (0, 1), "p4": (2, 2), "p7": (3, 4)}.get(padding)
    if sides is None and padding != "p2x3":
        assert "total-padding" not in found, text
    elif sides and is_window and not ceil and "total-padding" in found:
        assert found["total-padding"] == (starts(n, *sides, k, s, 1),) * 2, text


VALUES = (
    "1",
    "5",
    "8",
    "16x16x8",
    "2x2x5",
    "760",
    "1.5k",
    "10",
    "none",
    "all",
    "N",
    "3*C",
    "0",
    "4x4",
)
SIGNS = ("=", "=", "=", "~", "<=", ">=")
QUANTITIES = (
    *("output", "size", "channels", "in_features", "params", "weights", "biases", "macs", "flops"),
    *("activations", "rf", "jump", "start", "memory", "params-memory", "peak", "training-sgd"),
)


def claim(chance, rows):
    """Return a claim that may be about a row, and may make no sense."""
    place = chance.choice(["", "", f"{chance.randint(0, rows)}."])
    return f"{place}{chance.choice(QUANTITIES)}{chance.choice(SIGNS)}{chance.choice(VALUES)}"


def judged(text, chance):
    """Judge some claims about a text; return how many verdicts there are, 0 where it is none."""
    try:
        judge = Judge(read_text(text), Settings(batch=chance.choice([1, 3])))
    except Problem:
        return 0
    if len(judge.rows) > 30:
        return 0
    for _ in range(2):
        found = judge.judge(Source("<claim>", claim(chance, len(judge.rows))))
        assert found.kind in ("right", "follows", "convention", "depends", "wrong", "unreadable")
        assert found.text
        for each in found.reasons:
            assert each.says
    return 2


@given(text=networks(depth=1), seed=st.integers(0, 10**6))
def test_random_networks_end_in_verdicts(text, seed):
    """Networks of which many do not fit: a verdict, or a fault with a code."""
    judged(text, random.Random(seed))


def test_mutated_texts_end_in_verdicts():
    """25 texts of the fuzz: the same, with letters and unknowns among them."""
    chance = random.Random(5)
    assert sum(judged(fuzz.mutated(chance), chance) for _ in range(25)) > 5


@pytest.mark.long
def test_many_mutated_texts_end_in_verdicts():
    """500 of them."""
    chance = random.Random(6)
    assert sum(judged(fuzz.mutated(chance), chance) for _ in range(500)) > 100
