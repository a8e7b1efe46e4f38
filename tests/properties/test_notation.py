"""Notation: what is written parses to what it was written from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks

from cnncalc import Problem, stack
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import write
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.problem import Source


@pytest.mark.parametrize("channels_first", [False, True])
@given(data=st.data())
def test_parse_undoes_write(channels_first, data):
    """`parse(write(x)) == x`, in both layouts."""
    text = data.draw(networks(rank=data.draw(st.integers(1, 3))))
    network = parse(Source("<stack>", text))
    written = write(network, channels_first=channels_first)
    assert parse(Source("<stack>", written), channels_first=channels_first) == network


@given(text=networks())
def test_written_networks_give_the_same_answer(text):
    """Canonical notation has the totals of what it was made from, or the same fault."""
    assert outcome(write(parse(Source("<stack>", text)))) == outcome(text)


def outcome(text):
    """Return a network's totals, or the code of its fault."""
    try:
        report = stack(text)
        return {name: report.total(name) for name in QUANTITIES}
    except Problem as problem:
        return problem.code


@given(text=networks())
def test_rows_add_up(text):
    """Each total is the sum of its column, auxiliary classifiers apart."""
    try:
        report = stack(text)
    except Problem:
        return
    for name in ("params", "weights", "biases", "macs", "flops", "activations"):
        main = sum(getattr(row, name) for row in report.rows if not row.aux)
        side = sum(getattr(row, name) for row in report.rows if row.aux)
        assert (main, side) == (report.total(name), report.aux[name])
    assert report.params == report.weights + report.biases
