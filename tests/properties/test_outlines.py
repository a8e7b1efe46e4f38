"""Totals without rows are those of the rows, and come only where a trace has nothing to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks
from variations import variations

import cnncalc
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import write
from cnncalc.report.outlined import outlined
from cnncalc.report.quantities import SUMMED
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem, Source
from cnncalc.trace.settings import Settings

HOW = [
    Settings(),
    Settings(batch=3, dtype="weights=int4,activations=int8", strict=True),
    Settings(planner="inplace-add"),
]


@st.composite
def residual(draw):
    """Draw a network of blocks that are called again and again, on maps that are and are not alike.

    Labels are set and read around groups, in them and in definitions.
    """
    few = st.integers(1, 3)
    wide, step, times, more = draw(few), draw(few), draw(st.integers(0, 4)), draw(few)
    branch = draw(st.sampled_from(["identity", "conv n k1", "@was", "f n", "gap -> conv n k1"]))
    how = draw(st.sampled_from(["add", "concat", "mul", "max"]))
    kernel = draw(st.sampled_from(["k1", "k3 p1", "k3 p0:2", "k2 p1", "k3 d2 p2"]))
    tail = draw(st.sampled_from(["gap -> fc 3", "fc 3", "@a", "linear 3", "f 2", "output", "relu"]))
    inside = draw(st.sampled_from(["relu", "f n", "[f n]*2", "conv n+i k1", "conv @a", "a: relu"]))
    rounds = draw(st.sampled_from(["again a", "add[@a | identity]", "b: f 4 -> @b", "c 4", "c 2"]))
    return (
        f"def f(n, s=1, ...) {{ conv n {kernel} s=s ... -> bn -> relu }} "
        f"def c(n) {{ was: f n -> {how}[f n -> {inside} | {branch}] -> relu }} "
        f"{draw(st.integers(7, 12))}x{draw(st.integers(7, 12))}x{wide} -> f 4 s{step} -> a: relu "
        f"-> [c {more}]*{times} -> [{rounds}]*{draw(st.integers(0, 3))} -> [f 2+i]*{more} -> {tail}"
    )


def traced(text, settings):
    """Return the report of a text; None where it is refused."""
    try:
        return Report(parse(Source("<stack>", text)), settings)
    except Problem:
        return None


@given(st.one_of(networks(), residual(), residual()), st.sampled_from(HOW))
def test_outlines_have_what_rows_add_up_to(text, settings):
    """Each total that is told without rows is that of the rows, which nothing is said of.

    What is recalled of the texts before is what stands in this one.
    """
    try:
        tree = parse(Source("<stack>", text), recalls=True)
    except Problem:
        return
    assert write(tree) == write(parse(Source("<stack>", text)))
    known = outlined(tree, settings)
    if known is None:
        return
    report = traced(text, settings)
    assert report is not None
    assert not report.warnings
    for name in ("output", *(each.name for each in SUMMED)):
        assert known(name) in (None, report.total(name)), name
    assert known("macs") is not None


MODELS = ["resnet50", "densenet121", "vgg16", "mobilenet_v2", "efficientnet_b0"]


@variations("name", MODELS, 2)
def test_outlines_are_found(name):
    """The text of a network that goes without saying is answered without a walk through its rows.

    One whose warnings are to come, or that is refused, is walked through.
    """
    report = cnncalc.stack(name)
    text = report.text
    found = cnncalc.stack(text)
    assert "rows" not in vars(found)
    assert (found.params, found.macs, found.memory) == (report.params, report.macs, report.memory)
    assert found.peak == report.peak
    assert found.to_dict() == cnncalc.read(text).report().to_dict()


@pytest.mark.parametrize(
    "text",
    ["8x8x3 -> conv 4 k3 s2", "16x16x3 -> linear 4 -> flatten", "3x32x32 -> fc 4"],
)
def test_what_is_warned_of_is_traced(text):
    """A warning comes at once, though nothing is asked for."""
    with pytest.warns(cnncalc.NetworkWarning):
        cnncalc.stack(text)
