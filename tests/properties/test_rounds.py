"""Rounds that name their number, and powers: held to the text with numbers written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.api.report import Report
from cnncalc.importing.sources import read_network
from cnncalc.notation.writer import write
from cnncalc.speech.problem import Problem

# Items with {i} for the number of the round, and with {n} for a parameter's.
items = st.sampled_from(
    [
        "conv 4*({i}+1) k1",
        "conv 8 k2 causal d=2^{i}",
        "conv 2^({i}+1) k1 -> relu",
        "add[ conv cin k3 p=2^{i} d=2^{i} | identity ]",
        "[relu -> conv 3 k1]*({i}+1)",
        "[relu]*{i} -> bn",
        "part {i}+2",
        "mul[ identity | conv cin k1 -> [sigmoid]*({i}==1) ]",
    ]
)
DEFINITION = "def part(n, i=2) { conv n k1 -> [conv i k1 -> relu]*2 } "


def rows_of(text):
    """Return what each row of a network has, but its spelling and place."""
    report = Report(read_network(text))
    return [(row.kind, row.output, row.params, row.macs, row.rf, row.peak) for row in report.rows]


@given(st.lists(items, min_size=1, max_size=3), st.integers(0, 4), st.integers(1, 3))
def test_a_round_is_the_text_with_its_number(parts, count, outer):
    """What stands in a round is what it would be with its number written out."""
    body = " -> ".join(parts)
    inside = f"[{body}]*{count}".replace("{i}", "i")
    text = f"{DEFINITION}40x40x8 -> [conv 4+i k1 -> {inside}]*{outer}"
    rounds = []
    for turn in range(outer):
        rounds.append(f"conv {4 + turn} k1")
        rounds += [body.replace("{i}", str(each)) for each in range(count)]
    assert rows_of(text) == rows_of(f"{DEFINITION}40x40x8 -> {' -> '.join(rounds)}")
    printed = write(read_network(text))
    assert rows_of(printed) == rows_of(text)
    assert write(read_network(printed)) == printed


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 3))
def test_powers_are_as_pythons(base, exponent, more):
    """A power is Python's, where it is read and where it is worked out at a call."""
    number = base**exponent + more
    report = Report(read_network(f"4x4x3 -> pad {base}^{exponent}+{more} -> crop {number}"))
    assert report.output == (4, 4, 3)
    called = f"def f(a, b) {{ pad a^b+{more} }} 4x4x3 -> f {base} {exponent} -> crop {number}"
    assert Report(read_network(called)).output == (4, 4, 3)


def test_powers_in_letters():
    """A letter has powers."""
    report = Report(read_network("def f(n) { conv n*C^2 k1 nobias } 4x4x3 -> f 2"))
    assert str(report.params) == "6*C^2"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4x4x3 -> conv i k1", "unknown-name"),
        ("def f { conv 2*i k1 } 4x4x3 -> [f]*2", "unknown-name"),
        ("def f(n=2^i) { conv n k1 } 4x4x3 -> [f]*2", "unknown-name"),
        ("4x4x3 -> [relu]*2 -> conv 2^i k1", "unknown-name"),
        ("4x4x3 -> [relu]*i", "unknown-name"),
        ("4x4x3 -> conv 2^3^2 k1", "argument-malformed"),
        ("4x4x3 -> conv 10^10^10 k1", "argument-malformed"),
        ("4x4x3 -> conv 10^(10^10) k1", "number-too-large"),
        ("4x4x3 -> conv 10^(10^190) k1", "number-too-large"),
        ("4x4x3 -> conv 2^C k1", "letter-needs-number"),
        ("4x4x3 -> [conv 2^(1-i) k1]*3", "negative-number"),
        ("4x4x3 -> [[relu]*1000]*1000000", "too-many-layers"),
        pytest.param(
            "4x4x3 -> [[relu]*(1000*(i+1))]*100000",
            "too-many-layers",
            marks=pytest.mark.long,  # they are counted as they come: a million
        ),
    ],
)
def test_what_is_no_number_of_a_round(text, code):
    """A number of no round, and powers that are too large, are faults."""
    with pytest.raises(Problem) as caught:
        Report(read_network(text))
    assert caught.value.code == code
