"""Rounds that are passed over are as if each were walked, and as the text written out."""

import sys
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc.notation.parser import parse
from cnncalc.report import long_rows
from cnncalc.report.quantities import COLUMNS, FIELDS, QUANTITIES
from cnncalc.report.report import Report
from cnncalc.report.stack import listed
from cnncalc.report.view import View, whole
from cnncalc.speech.problem import Problem, Source
from cnncalc.trace import brackets
from cnncalc.trace.settings import Settings

ITEMS = st.sampled_from(
    [
        "conv 4 k3 p1",
        "conv 4 k3 p0:2",
        "conv 4 k3x1 d2 p2x0",
        "bn",
        "relu",
        "dropout 0.1",
        "conv cin k1",
        "part 4",
        "a: relu -> conv 4 k1 -> add[@a | identity]",
        "x: [conv 4 k1 -> relu]",
        "aux[conv 3 k3 s2 -> gap -> fc 2]",
        "add[conv 4 k5 p2 -> relu | conv 4 k1]",
        "add[part 4 | @head]",
        "mul[gap -> linear 4 | identity]",
        "concat[conv 2 k3 p1 | slice 0 2]",
        "concat[identity | identity] -> slice 0 4",
        "conv 3 k1",
        "conv 4 k1 s2",
        "maxpool 3 s2 p1",
        "maxpool 1 s2",
        "deconv 4 k2 s2 -> maxpool 2",
        "linear 4",
        "identity",
        "output",
        "reshape 8x8x4",
        "tokens -> reshape 8x8x4",
        "flatten -> reshape 8x8x4",
        "gap",
        "again head",
        "conv 4+i k1 -> conv 4 k1",
        "pad 1 -> crop 1",
        "upsample 2 -> maxpool 2",
    ]
)
COUNTS = st.sampled_from([5, 6, 7, 9])


def repeats(depth=1):
    """Return a strategy of repeats, some with others in them."""
    part = ITEMS
    if depth:
        inner = repeats(depth - 1)
        part = st.one_of(ITEMS, ITEMS, inner, st.builds("add[{} | identity]".format, inner))
    body = st.lists(part, min_size=1, max_size=3).map(" -> ".join)
    return st.builds("[{}]*{}".format, body, COUNTS)


HEADS = st.sampled_from(["conv 4 k1", "relu", "dropout 0.1", "linear 4", "maxpool 1 s2", "gap"])
ENDS = st.sampled_from(["relu", "@head", "gap -> fc 3", "add[@head | @last]", "output", "linear 3"])
HOW = st.sampled_from(
    [
        Settings(),
        Settings(batch=3, dtype="int4"),
        Settings(planner="inplace-both"),
        Settings(strict=True),
    ]
)


def traced(text, settings):
    """Return the report of a text, or the fault that it has."""
    try:
        return Report(parse(Source("<stack>", text)), settings)
    except Problem as problem:
        return problem.code, problem.message, [label.span.place for label in problem.labels]


def held(report, rows):
    """Return what is asked of a forward pass: the fullest row, and what some rows hold of which."""
    forward = report.forward
    return forward.peak, forward.fullest, [forward.at(row) for row in (forward.fullest, *rows)]


def quantities(report, row):
    """Return what a row has of each quantity."""
    return {name: report.value(each, row) for name, each in QUANTITIES.items()}


@given(repeats(), st.sampled_from(["8x8x4", "8x8x3", "9x8x4"]), HEADS, ENDS, HOW)
@example("[[conv 4 k3 p1]*5 -> relu]*7", "8x8x4", "linear 4", "relu", Settings())
@example("[[[relu]*5 -> bn]*6 -> conv 4 k1]*5", "8x8x4", "relu", "add[@head | @last]", Settings())
def test_rounds_that_are_alike(repeat, volume, head, end, settings):
    """Rows, totals, warnings and memory are those of a walk through every round."""
    text = (
        "def part(n) { conv n k3 p1 nobias -> [bn -> relu]*5 } "
        f"{volume} -> head: {head} -> last: {repeat} -> {end}"
    )
    with patch.object(brackets, "FEWEST", 5):
        found = traced(text, settings)
    with patch.object(brackets, "FEWEST", sys.maxsize):
        walked = traced(text, settings)
    if isinstance(walked, tuple):
        assert found == walked
        return
    assert [str(each) for each in found.warnings] == [str(each) for each in walked.warnings]
    assert [str(each) for each in found.notes] == [str(each) for each in walked.notes]
    skips = found.forward.skips
    walked_too = [
        row.index
        for row in found.rows
        if not skips or skips.row(skips.place(row.index)) == row.index
    ]
    assert held(found, walked_too) == held(walked, walked_too)
    assert quantities(found, found.whole) == quantities(walked, walked.whole)
    assert found.aux == walked.aux
    for row, other in zip(found.rows, walked.rows, strict=True):
        assert row[:9] + row[10:] == other[:9] + other[10:]  # all but the forward pass
        assert quantities(found, row) == quantities(walked, other)
        assert row.is_first == other.is_first


@given(repeats(), st.sampled_from(["8x8x4", "9x8x4"]), ENDS, st.sampled_from([9, 13]))
@example("[conv 4 k2 -> pad 0:1]*5", "8x8x4", "relu", 13)
@example("[[conv 4 k3 p1]*5 -> relu]*7", "8x8x4", "add[@head | @last]", 9)
@example("[x: [add[conv 4 k1x3 p0x1 | identity] -> relu]]*5", "9x8x4", "relu", 13)
def test_rows_that_are_filled_by_arithmetic(repeat, volume, end, count):
    """Rows that are too many to keep are listed as rows that are kept, in every column."""
    around = f"[{repeat}]*{count}" if repeat.count("*") < 2 else f"{repeat[:-1]}{count}"
    text = (
        "def part(n) { conv n k3 p1 nobias -> [bn -> relu]*5 } "
        f"{volume} -> head: relu -> last: {around} -> {end}"
    )
    with patch.object(brackets, "FEWEST", 5), patch.object(long_rows, "_FEWEST", 5):
        kept = traced(text, Settings())
        if not isinstance(kept, Report):
            return
        long = Report(parse(Source("<stack>", text)), Settings(), most_rows=1)
        assert isinstance(long.rows, long_rows.LongRows)
        assert [*listed(whole(long)).rows] == [*listed(whole(kept)).rows]
        for columns in (COLUMNS, FIELDS):
            views = [View(found, found.rows, columns) for found in (long, kept)]
            rows = [[*listed(view).for_people().rows] for view in views]
            assert rows[0] == rows[1]


@given(st.lists(ITEMS, min_size=1, max_size=3), COUNTS)
@example(["conv 4 k3 p1", "relu"], 300)
def test_rounds_are_the_text_written_out(items, count):
    """Rows that come from one round are those of a text that has each round in it."""
    body = " -> ".join(items)
    if ":" in body or "i " in body:
        return  # a label is set once
    begin = "def part(n) { conv n k3 p1 nobias -> bn } 8x8x4 -> head: conv 4 k1 -> "
    with patch.object(brackets, "FEWEST", 5):
        found = traced(f"{begin}[{body}]*{count}", Settings())
    written = traced(begin + " -> ".join([body] * count), Settings())
    if isinstance(found, tuple):
        assert isinstance(written, tuple)
        return
    assert quantities(found, found.whole) == quantities(written, written.whole)
    for row, other in zip(found.rows, written.rows, strict=True):
        assert quantities(found, row) == quantities(written, other)
