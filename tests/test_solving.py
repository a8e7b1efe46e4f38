"""Solving backwards: what was hidden is found again, and every solution holds."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import Problem, stack
from cnncalc.claims import read_claim
from cnncalc.problem import Source
from cnncalc.solving import Search


def solve(network, *goals):
    """Return the values of all solutions."""
    claims = [read_claim(Source("<goal>", goal)) for goal in goals]
    return [each.values for each in Search(Source("<stack>", network), claims).solutions()]


@pytest.mark.parametrize(
    ("network", "goals", "values"),
    [
        ("63x63x16 -> conv 32 k7 s1 p?", ["output=63x63x32"], [(3,)]),
        ("7x7x1 -> [conv 1 k3]*?", ["size=3"], [(2,)]),
        ("7x7x1 -> conv 1 k?", ["size=3"], [(5,)]),
        ("?nx?nx3 -> conv 96 k11 s4", ["size=55"], [(227,), (228,), (229,), (230,)]),
        ("32x32x3 -> conv ? k5 p2", ["params=760"], [(10,)]),
        ("64x64x32 -> conv 40 k9 p?", ["size=64"], [(4,)]),
        ("32x32x3 -> conv 10 k3 s2 p?", ["size=60"], []),
        ("224x224x3 -> conv 64 k? s? p? nobias", ["size=112", "weights=9408"], [(7, 2, 3)]),
    ],
)
def test_known_answers(network, goals, values):
    """The questions that are asked have the answers that are known."""
    found = solve(network, *goals)
    assert found == values or set(values) <= set(found)
    assert bool(found) == bool(values)


@given(
    n=st.integers(8, 40),
    k=st.integers(1, 7),
    s=st.integers(1, 3),
    p=st.integers(0, 3),
    filters=st.integers(1, 64),
    hidden=st.sampled_from(["k", "s", "p", "N", "sp"]),
)
def test_what_was_hidden_is_found(n, k, s, p, filters, hidden):
    """A number of a random conv is hidden, and is among the answers; all of them hold."""
    text = f"{n}x{n}x3 -> conv {filters} k{k} s{s} p{p} -> relu"
    try:
        report = stack(text)
    except Problem:
        return
    numbers = {"k": k, "s": s, "p": p, "N": filters}
    for letter in hidden:
        old = f"conv {filters} " if letter == "N" else f" {letter}{numbers[letter]}"
        text = text.replace(old, "conv ? " if letter == "N" else f" {letter}?")
    output = "x".join(map(str, report.output))
    goals = [f"output={output}", f"params={report.params}"]
    found = solve(text, *goals)
    assert tuple(numbers[letter] for letter in hidden) in found
    for values in found:
        filled = text
        for value in values:
            filled = re.sub(r"\?", str(value), filled, count=1)
        again = stack(filled)
        assert (again.output, again.params) == (report.output, report.params)


def test_three_unknowns_on_ten_layers_are_quick():
    """A beginning that does not fit is not tried again."""
    body = " -> ".join(["conv 8 k3 p1 -> relu"] * 4)
    start = time.perf_counter()
    found = solve(f"32x32x3 -> conv 8 k? s? p? -> {body}", "size=16", "1.params=224")
    assert (3, 2, 1) in found
    assert time.perf_counter() - start < 10  # under a second on a quiet machine


def test_nothing_unknown():
    """A network without an unknown is a fault."""
    with pytest.raises(Problem) as problem:
        solve("8x8x3 -> relu", "size=8")
    assert problem.value.code == "nothing-unknown"
