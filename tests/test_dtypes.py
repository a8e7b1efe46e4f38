"""Types of values: what is in bytes, against sums by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import check, stack
from cnncalc.speech.problem import Problem
from cnncalc.trace.dtypes import find_types

WIDTHS = {"float32": 4, "float16": 2, "bfloat16": 2, "int16": 2, "int8": 1}
NAMES = [*WIDTHS, "int4"]


def tensor(values, name):
    """Return the bytes of a tensor; of int4 two values lie in each, and the last may be half."""
    if name == "int4":
        return len(range(0, values, 2))
    return values * WIDTHS[name]


@given(
    side=st.integers(1, 9),
    channels=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    batch=st.integers(1, 3),
    weights=st.sampled_from(NAMES),
    maps=st.sampled_from(NAMES),
)
def test_bytes_of_a_chain(side, channels, batch, weights, maps):
    """Convs one behind another, each with a bias, counted tensor by tensor."""
    layers = [f"conv {each} k1" for each in channels[1:]]
    text = f"{side}x{side}x{channels[0]} -> " + " -> ".join(layers)
    report = stack(text, batch=batch, dtype=f"weights={weights},activations={maps}")
    sizes = [tensor(batch * side * side * each, maps) for each in channels]
    learned = [
        tensor(one * other, weights) + tensor(other, weights) for one, other in pairwise(channels)
    ]
    pairs = [one + other for one, other in pairwise(sizes)]
    moved = [pair + own for pair, own in zip(pairs, learned, strict=True)]
    assert [row.memory for row in report.rows] == sizes
    assert report.memory == sum(sizes)
    assert [row.params_memory for row in report.rows[1:]] == learned
    assert report.params_memory == sum(learned)
    assert [row.peak for row in report.rows[1:]] == pairs
    assert report.peak == max(pairs)
    assert report.bytes == sum(moved)
    macs = sum(batch * side * side * one * other for one, other in pairwise(channels))
    assert abs(report.intensity - 2 * macs / sum(moved)) < 0.00501
    assert report.training_adam == 2 * sum(sizes) + 4 * sum(learned)


def test_a_branch_in_int4():
    """Each tensor that is held is rounded up by itself: 3 + 3 bytes of two with 5 values."""
    report = stack("5x1 -> add[conv 1 k3 p1 | conv 1 k1] -> fc 3", dtype="int4")
    assert [row.peak for row in report.rows] == [3, 6, 9, 9, 5]
    assert report.memory == 4 * 3 + 2
    assert report.params_memory == (2 + 1) + (1 + 1) + (8 + 2)


def test_claims_of_types():
    """A claim is judged in the types that are asked for; values for bytes are a slip."""
    how = {"dtype": "weights=int4,activations=int8"}
    assert check("8x8x3 -> conv 4 k3", "params-memory=56", "memory=336", **how).right
    (verdict,) = check("8x8x3 -> conv 4 k3", "memory=336", dtype="int16").verdicts
    assert [each.name for each in verdict.reasons] == ["bytes-forgotten"]


@pytest.mark.parametrize(
    ("text", "weights", "activations"),
    [
        ("int4", "int4", "int4"),
        ("weights=int4", "int4", "float32"),
        (" activations = Int8 , weights=INT4", "int4", "int8"),
    ],
)
def test_types_as_typed(text, weights, activations):
    """One name for both, or each under its own; float32 for the other."""
    assert find_types(text) == (weights, activations)


@pytest.mark.parametrize(
    "text", ["", "int5", "weights=", "weights=int4,weights=int8", "int8,int8", "biases=int8", "a=b"]
)
def test_no_types(text):
    """What names no types is refused, in Python too."""
    with pytest.raises(Problem) as caught:
        stack("8x8x3 -> conv 4 k3", dtype=text)
    assert caught.value.code == "unknown-type"
