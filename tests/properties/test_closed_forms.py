"""Closed forms against the networks with numbers in them: the same totals, faults and warnings."""

import pickle
import re
import warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc import NetworkWarning, Problem, formula, read, stack
from cnncalc.api import closed_form_cache, text_templates
from cnncalc.kinds.table import KINDS
from cnncalc.notation.parser import parse
from cnncalc.numbers.ranges import read_range
from cnncalc.report.quantities import QUANTITIES
from cnncalc.solving import search
from cnncalc.solving.closed_forms import CLOSED
from cnncalc.solving.goals import read_goal
from cnncalc.speech.problem import Source

NUMBER = re.compile(r"(?<![\w.^*+/-])([a-z]{0,2})([0-9]+)(?![\w.+*/^-])|(?<=x)()([0-9]+)")
DEFINED = (
    "def b(n, s=1, keep=(s==1)*(cin==4*n)) { add[ conv n k1 s=s -> conv 4*n k3 p1 "
    "| [conv 4*n k1 s=s]*(1-keep) ] } 20x20x8 -> conv 8 k3 -> b 2 -> [b 4]*2 -> b 4 s2 -> fc 10"
)
TEXTS = [
    *(kind.example for kind in KINDS.values()),
    DEFINED,
    "17x23x6 -> conv 8 k3 s2 p1 -> concat[maxpool 3 s1 p1 | conv 4 k1] -> dwconv 24 k3 -> fc 7",
    "16x16x8 -> maxpool 3 s2 ceil -> conv 8 k3 same s2 -> add[conv 6 k1 | conv 6 k3 p1] -> gap",
    "9x9x16 -> pixelshuffle 2 -> conv 12 k3 g4 -> pad 2 reflect -> prelu 12 -> pixelunshuffle 2",
    "12x12x12 -> a: conv 12 k3 p1 -> again a -> mul[gap -> fc 12 | identity] -> linear 10",
]


@st.composite
def lettered(draw):
    """Draw a text with letters in place of some of its numbers, and a function to put others."""
    text = draw(st.sampled_from(TEXTS))
    found = [(m.start(m.lastindex), m.end(m.lastindex)) for m in NUMBER.finditer(text)]
    assume(found)
    chosen = draw(st.lists(st.sampled_from(found), min_size=1, max_size=3, unique=True))
    pieces, values, end = [], {}, 0
    for start, stop in sorted(chosen):
        same = [name for name, value in values.items() if value == int(text[start:stop])]
        name = draw(st.sampled_from([*same, "ABC"[len(values)]]))
        values[name] = int(text[start:stop])
        pieces += [text[end:start], name]
        end = stop
    pieces.append(text[end:])
    return pieces, values


def put(pieces, values):
    """Return a text with values in place of letters."""
    return "".join(str(values[each]) if at % 2 else each for at, each in enumerate(pieces))


def answers(ask, *, is_alone):
    """Return what is asked for, or its fault; and what is warned of.

    Of several numbers that are wrong any may be told first.
    """
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = ask()
        except Problem as problem:
            found = problem.code if is_alone else "a fault"
    return found, sorted(str(each.message) for each in told if each.category is NetworkWarning)


def others(draw, values, turns=2):
    """Yield values near those that were written, and far from them."""
    yield values
    for _turn in range(turns):
        near = st.sampled_from([0, 1, 2, 3, 4, 5, 7, 8, 12, 16, 31, 64, 225])
        yield {
            name: draw(near | st.integers(max(value - 3, 0), value + 3))
            for name, value in values.items()
        }


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
@given(lettered(), st.data())
def test_a_formula_is_the_network_with_numbers(drawn, data):
    """Its numbers are those of the text with numbers in it, and so are its faults."""
    pieces, first = drawn
    try:
        found = formula("".join(pieces), *sorted(CLOSED))
    except Problem:
        assume(False)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - written here
    for values in others(data.draw, first):
        numbers = [values[name] for name in found.letters]
        text = put(pieces, values)

        def of_text(text=text):
            report = stack(text)
            return tuple(report.total(name) for name in found.quantities)

        expected = answers(of_text, is_alone=len(first) < 2)[0]
        for ask in (lambda: found(*numbers), lambda: again.map([numbers])[0]):  # noqa: B023
            assert answers(ask, is_alone=len(first) < 2)[0] == expected


def are_equal(one, other):
    """Hold two reports, and what was warned of, to be equal."""
    for name in QUANTITIES:
        assert one[0].total(name) == other[0].total(name), name
    assert len(one[1]) == len(other[1])
    rows = [(row.kind, row.output, row.params, row.rf) for row in other[0].rows]
    assert [(row.kind, row.output, row.params, row.rf) for row in one[0].rows] == rows


@given(lettered(), st.data())
def test_a_report_by_a_closed_form_is_the_traced_one(drawn, data):
    """A network that was asked often answers as at first: totals, rows, warnings and faults."""
    pieces, first = drawn
    turns, peaks = closed_form_cache.TURNS, closed_form_cache.PEAKS
    closed_form_cache.TURNS = closed_form_cache.PEAKS = 1
    try:
        try:
            network = read("".join(pieces))
        except Problem:
            assume(False)
        for values in others(data.draw, first):
            one, other = (
                answers(ask, is_alone=len(first) < 2)
                for ask in (
                    lambda: network.report(**values),  # noqa: B023 - called at once
                    lambda: stack(put(pieces, values)),  # noqa: B023
                )
            )
            if isinstance(other[0], str):
                assert one[0] == other[0]
                continue
            are_equal(one, other)
    finally:
        closed_form_cache.TURNS, closed_form_cache.PEAKS = turns, peaks


@given(lettered(), st.data())
def test_texts_that_are_alike(drawn, data):
    """The texts of a search answer as each of them alone: totals, rows, warnings and faults."""
    pieces, first = drawn
    turns, peaks = text_templates.TURNS, closed_form_cache.PEAKS
    text_templates.TURNS, closed_form_cache.PEAKS = 2, 1
    text_templates.forget()
    try:
        for values in others(data.draw, first, 5):
            text = put(pieces, values)
            one, other = (
                answers(ask, is_alone=True)
                for ask in (lambda: stack(text), lambda: read(text).report())  # noqa: B023
            )
            if isinstance(other[0], str):
                assert one[0] == other[0]
            else:
                are_equal(one, other)
    finally:
        text_templates.TURNS, closed_form_cache.PEAKS = turns, peaks
        text_templates.forget()


@given(lettered(), st.sampled_from(["params", "macs", "size", "1.params", "2.size"]), st.data())
def test_a_search_by_a_closed_form_loses_nothing(drawn, asked, data):
    """What is foretold to fail fails: as many solutions as by traces alone, and as near misses."""
    pieces, values = drawn
    assume(len(values) < 3)
    place, _dot, name = asked.rpartition(".")
    try:
        report = stack(put(pieces, values))
        row = report.rows[int(place)] if place else report.rows[-1]
        found = row.output[:-1] if name == "size" else getattr(row if place else report, name)
        opened = put(pieces, {each: f"?{each.lower()}" for each in values})
        network = parse(Source("<text>", opened))
    except (Problem, IndexError):
        assume(False)
    value = "x".join(map(str, found)) if isinstance(found, tuple) else found
    assume(value != "")  # a vector has no size
    sign = data.draw(st.sampled_from(["=", "<="]))
    goals = [read_goal(Source("<goal>", f"{asked}{sign}{value}"))]
    ranges = [read_range(Source("<range>", f"{each.lower()}=1..9")) for each in values]
    told = []
    for turns in (1, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search, "MOST_TRACED", turns)
            try:
                made = search.Search(network, goals, ranges=ranges)
            except Problem as problem:
                told.append(problem.code)
                continue
            solutions = answers(lambda made=made: sorted(made.solutions()), is_alone=True)[0]
            told.append((solutions, made.findings.nearest, made.findings.beside))
    assert told[0] == told[1]


def test_a_number_for_each_letter():
    """A formula says which letters it takes, called once or over many points."""
    found = formula("NxNx3 -> conv W k3", "params")
    for ask in (lambda: found(3), lambda: found(N=3), lambda: found.map([(3,)])):
        with pytest.raises(TypeError, match="number for each of N, W"):
            ask()
