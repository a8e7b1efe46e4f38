"""Answers agree: whatever road a question takes, a network has one answer for a place."""

import json
from operator import attrgetter

import pytest

from cnncalc import stack
from cnncalc.homework.verdicts import Judge
from cnncalc.notation.parser import parse
from cnncalc.output.formats import export
from cnncalc.report.comparison import listed as side_by_side
from cnncalc.report.listing import fields
from cnncalc.report.quantities import COLUMNS, QUANTITIES, column
from cnncalc.report.view import View, listed
from cnncalc.solving.goals import read_goal
from cnncalc.solving.search import Search
from cnncalc.speech.problem import Source

SUMS = (
    *("params", "weights", "biases", "macs", "flops", "activations", "memory", "params-memory"),
    *("training-sgd", "training-momentum", "training-adam"),
)
CLAIMED = (*SUMS, "peak", "output", "rf", "jump", "start")

NETWORKS = (
    *("56x56x64 -> conv 64 k7 p3 nobias", "8x8x4 -> gap", "15x15x6 -> conv 3 k1"),
    "8x8x3 -> add[conv 3 k1 | identity] -> relu -> maxpool 2 -> fc 4",
    "9x9x2 -> conv 4 k3 s2 -> bn -> relu -> aux[gap -> fc 2] -> conv 2 k1",
)


def by_hand(rows, quantity):
    """Return what rows have of a quantity, made without the program's own way of making it."""
    of = attrgetter(quantity.replace("-", "_"))
    if quantity in SUMS:
        return sum(map(of, rows))
    return max(map(of, rows)) if quantity == "peak" else of(rows[-1])


def said(value):
    """Return a value as a claim says it; None where there is nothing to say."""
    if value in (None, ()):
        return None
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize("text", NETWORKS)
@pytest.mark.parametrize("quantity", CLAIMED)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_answers_agree(text, place, quantity):
    """Of a network and of one of its rows check, stack, solve, compare and JSON say the same."""
    report = stack(text)
    network = parse(Source("<stack>", text))
    judge = Judge(network)
    main = [row for row in report.rows if not row.aux]
    data = json.loads("".join(export(listed(View(report, report.rows, COLUMNS)), "json")))
    for where, rows in (("", main), (f"{place}.", report.rows[place : place + 1])):
        if not rows:
            continue
        wanted = by_hand(rows, quantity)
        if (claimed := said(wanted)) is not None and "/" not in claimed:
            verdict = judge.judge(Source("<claim>", f"{where}{quantity}={claimed}"))
            assert verdict.kind == "right", (where, verdict)
        (solution,) = Search(network, [read_goal(Source("", f"{where}{quantity}=?"))]).solutions()
        assert solution.answers == (wanted,)
    wanted = by_hand(main, quantity)
    assert getattr(report, quantity.replace("-", "_")) == wanted
    (row,) = side_by_side(["it"], [report]).rows
    assert row.get(quantity, wanted) == wanted
    printed = json.loads(json.dumps(fields([column(QUANTITIES[quantity])], {quantity: wanted})))
    for name, value in printed.items() if quantity not in ("rf", "jump", "start") else ():
        found = data["totals"].get(name, value)
        assert found == value or value.items() <= found.items()
