"""Every line of working that is shown is evaluated, and comes to the value beside it."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import Problem, stack
from cnncalc.kinds.table import KINDS
from cnncalc.numbers.working import write
from cnncalc.report.explanation import explain
from cnncalc.speech.signs import ASCII, LATEX, UNICODE


def evaluated(text):
    """Work a shown line out, by Python alone."""
    text = text.replace("·", "*").replace("−", "-")
    while match := re.search(r"[⌊⌈]([^⌊⌈⌋⌉]*)[⌋⌉]", text):
        name = "floor" if match[0][0] == "⌊" else "ceil"
        text = text[: match.start()] + f"{name}({match[1]})" + text[match.end() :]
    text = re.sub(r"\\left\\lfloor|\\left\\lceil", lambda m: m[0][6:11] + "(", text)
    text = re.sub(r"\\right\\r(floor|ceil)", ")", text).replace("lfloo(", "floor(")
    while match := re.search(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", text):
        text = text[: match.start()] + f"(({match[1]})/({match[2]}))" + text[match.end() :]
    text = text.replace(r"\cdot", "*").replace("lceil(", "ceil(")
    return eval(text, {"floor": math.floor, "ceil": math.ceil})


def check(report):
    """Evaluate every step of a report, in all three ways of writing; return how many."""
    count = 0
    for row in report.rows:
        for step in explain(row, report.rows):
            for signs in (ASCII, UNICODE, LATEX):
                assert evaluated(write(step.numbers, signs)) == step.value, step
            count += 1
            if step.quantity in ("params", "macs"):
                assert step.value == getattr(row, step.quantity)
            if step.quantity == "rf":
                assert step.value in row.rf
            if step.quantity == "output":
                assert step.value in row.output
    return count


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_examples(kind):
    """The working of each kind's example holds."""
    check(stack(kind.example))


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "googlenet_paper", "mobilenet_v2"])
def test_models(name):
    """So does that of whole networks."""
    assert check(stack(name)) > 70


@given(
    n=st.tuples(st.integers(5, 40), st.integers(5, 40), st.sampled_from([2, 4])),
    k=st.integers(1, 5),
    s=st.integers(1, 3),
    p=st.integers(0, 3),
    d=st.integers(1, 2),
    g=st.sampled_from([1, 2]),
    flag=st.sampled_from(["", "same", "full", "nobias"]),
)
def test_convs(n, k, s, p, d, g, flag):
    """And that of any conv, whatever its options."""
    pad = "" if flag in ("same", "full") else f"p{p}:{p + 1}"
    text = f"{n[0]}x{n[1]}x{n[2]} -> conv 4 k{k} s{s} {pad} d{d} g{g} {flag}"
    try:
        report = stack(text)
    except Problem:
        return
    assert check(report) >= 3
