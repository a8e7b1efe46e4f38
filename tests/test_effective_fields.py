"""Effective receptive fields against gradients measured in PyTorch, and against known numbers."""

import json
from math import comb
from pathlib import Path

import pytest

from cnncalc import Problem, stack
from cnncalc.trace.effective_field import MOST_STEPS, deviation, holding, weigh

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for line in (DATA / "effective_fields.jsonl").read_text().splitlines()]


def weights(text, unit=0, axis=0):
    """Return the weights of a unit of the last row of a network."""
    rows = stack(text).rows
    return weigh(rows, rows[-1], unit, axis)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_against_gradients(case):
    """Along each axis the weights are those that PyTorch's gradients have."""
    for axis, measured in enumerate(case["axes"]):
        found = weights(case["network"], case["unit"][axis], axis)
        assert found.first == measured["first"]
        assert found.exact
        shares = [value / found.whole for value in found.values]
        assert shares == pytest.approx(measured["weights"], abs=1e-9)


def test_stacks_of_small_filters():
    """Two taps n times give Pascal's triangle; three 3x3 give 1 3 6 7 6 3 1 of 27."""
    assert weights("64x1 -> [conv 1 k2]*9").values == tuple(comb(9, i) for i in range(10))
    three = weights("15x15x1 -> [conv 1 k3 p1]*3", 7)
    assert (three.first, three.values, three.whole) == (4, (1, 3, 6, 7, 6, 3, 1), 27)


@pytest.mark.parametrize(
    "chain",
    [
        [(3, 1, 1)] * 12,
        [(7, 2, 1), (3, 2, 1), (3, 1, 1), (3, 1, 2), (3, 2, 1), (3, 1, 4)],
        [(4, 1, 1), (2, 2, 1), (5, 3, 2), (1, 1, 1), (3, 1, 1)],
    ],
)
def test_variance(chain):
    """Along a chain the variance is the sum of j^2 d^2 (k^2 - 1)/12 (Luo et al., 2016)."""
    layers = " -> ".join(f"conv 1 k{k} s{s} d{d}" for k, s, d in chain)
    variance, jump = 0, 1
    for k, s, d in chain:
        variance += (jump * d) ** 2 * (k * k - 1) / 12
        jump *= s
    assert deviation(weights(f"999x1 -> {layers}")) ** 2 == pytest.approx(variance)


def test_tends_to_a_gaussian():
    """Of many small filters 95 % of the weight lies within 1.96 deviations, of few all of it."""
    many = weights("999x1 -> [conv 1 k3]*100")
    first, last = holding(many)
    assert last - first + 1 == pytest.approx(2 * 1.96 * deviation(many), abs=1)
    assert last - first + 1 < len(many.values) / 6
    assert holding(weights("9x1 -> conv 1 k7"), 95) == (0, 6)


def test_long_denominators_are_cut():
    """Beyond 1,024 bits weights are cut to 512, and hardly differ from the exact ones."""
    long = weights("4001x1 -> [conv 1 k5]*450")
    assert not long.exact
    exact = [1]  # worked out anew, by Python's own long numbers
    for _ in range(450):
        padded = [0, 0, 0, 0, *exact, 0, 0, 0, 0]
        exact = [sum(padded[i : i + 5]) for i in range(len(padded) - 4)]
    assert len(long.values) == len(exact)
    some = slice(700, 1100)
    expected = [value / 5**450 for value in exact[some]]
    assert [value / long.whole for value in long.values[some]] == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "999999999999999x1 -> conv 1 k999999999",
        "999999999x1 -> [conv 1 k3 s2]*25",
        "999x1 -> deconv 1 k1000 s1000 -> conv 1 k300000",
        "9999x1 -> [add[identity | conv 1 k3 p1]]*1000",
    ],
)
def test_bounded(text):
    """Too many weights are refused before they are added up."""
    with pytest.raises(Problem) as caught:
        weights(text)
    assert caught.value.code == "effective-field-too-large"
    assert f"{MOST_STEPS:,}" in caught.value.notes[0]
