"""Letters against numbers: a formula, with numbers put in for its letters, is what numbers give."""

import re
from itertools import product

import pytest
from evaluation import at, printed_at
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc import Problem, stack
from cnncalc.homework.answers import Query
from cnncalc.homework.claims import read_claim
from cnncalc.homework.judge import Judge
from cnncalc.homework.truth import holds
from cnncalc.homework.ways import WAYS
from cnncalc.importing.sources import read_text
from cnncalc.notation.evaluation import are_equal
from cnncalc.numbers.letters import Polynomial, letter
from cnncalc.report.comparison import compare
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.problem import Source, Span

SPAN = Span(Source("<stack>", ""), 0, 0)
LETTERS = "ABCD"


@st.composite
def expressions(draw, depth=4):
    """Draw an expression of letters and small numbers, as Python writes it."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from([*LETTERS, "1", "2", "3", "5", "7"]))
    sign = draw(st.sampled_from(["+", "-", "*", "//"]))
    left = draw(expressions(depth=depth - 1))
    right = draw(st.sampled_from("23A") if sign == "//" else expressions(depth=depth - 1))
    return f"({left} {sign} {right})"


@given(text=expressions(), values=st.tuples(*(st.integers(1, 60) for _ in LETTERS)))
def test_arithmetic(text, values):
    """Sums, products and floors of letters are those of the numbers they stand for."""
    numbers = dict(zip(LETTERS, values, strict=True))
    try:
        formula = eval(text, {name: letter(name) for name in LETTERS})
    except Problem:
        assume(False)
    assert at(formula, numbers) == eval(text, numbers)


@given(text=expressions())
def test_written_and_read(text):
    """What is written, for people or to be typed, is read as the same number."""
    try:
        formula = letter("C") ** 17 + eval(text, {name: letter(name) for name in LETTERS})
    except Problem:
        return
    if len(str(formula)) > 200:
        return
    for said in (str(formula), f"{formula:,}".replace(",", "")):
        assert holds(read_claim(Source("<claim>", f"params={said}")), formula), said


@given(left=expressions(2), right=expressions(2), only=st.sampled_from(["", *LETTERS]))
def test_equality(left, right, only):
    """`==` is 1 or 0 where it is so for all numbers from 1 on, else an error that says for which.

    Of one letter that divides nothing it is exact, and the numbers that are said are those that
    brute force finds.
    """
    if only:
        left, right = (re.sub("[ABCD]", only, each) for each in (left, right))
    try:
        sides = [eval(each, {name: letter(name) for name in LETTERS}) for each in (left, right)]
    except Problem:
        return
    tried = [dict(zip(LETTERS, each, strict=True)) for each in product(range(1, 7), repeat=4)]
    if only:
        tried = [{only: number} for number in range(1, 200)]
    equal = [
        numbers for numbers in tried if eval(left, dict(numbers)) == eval(right, dict(numbers))
    ]
    try:
        assert are_equal(*sides, SPAN) == bool(equal)
        assert len(equal) in (0, len(tried))
    except Problem as problem:
        assert problem.code == "letters-undecided"
        said = problem.labels[0].text
        if only and f"// {only}" not in left + right:
            assert 0 < len(equal) < len(tried)
        if said.startswith("true for"):
            ranges = said.removeprefix("true for ").split(", ")
            python = [re.sub(r"(?<![<>])=", "==", each) for each in ranges]
            holding = [n for n in tried if any(eval(each, dict(n)) for each in python)]
            assert holding == equal


@st.composite
def chains(draw):
    """Draw a chain of layers in which some numbers are letters, and what they stand for."""
    values = {}

    def number(name, least, most):
        value = draw(st.integers(least, most))
        if draw(st.booleans()):
            values[name] = value
            return name
        return str(value)

    size = [number("H", 8, 40), number("W", 8, 40), number("C", 1, 5)]
    layers = []
    for turn in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["conv", "maxpool", "dwconv", "deconv", "bn", "pad", "concat"]))
        k = f"k={number(f'K{turn}', 2, 4)}"
        s = f"s={number(f'S{turn}', 1, 3)}"
        p = f"p={number(f'P{turn}', 0, 2)}"
        n = number(f"N{turn}", 1, 6)
        bias = draw(st.sampled_from(["", " nobias"]))
        layers.append(
            {
                "conv": f"conv {n} {k} {s} {p}{bias}",
                "maxpool": f"maxpool {k} {s} {p}",
                "dwconv": f"dwconv {k} {s}",
                "deconv": f"deconv {n} {k} {s}",
                "bn": "bn",
                "pad": f"pad {n}",
                "concat": f"concat[conv {n} k1 | conv 3 k3 p1 | identity]",
            }[kind]
        )
    if draw(st.booleans()):
        layers.append(draw(st.sampled_from(["fc 7", "gap -> fc M", "flatten"])))
        values["M"] = 9
    return f"{'x'.join(size)} -> {' -> '.join(layers)}", values


def in_numbers(text, values):
    """Return a network with numbers in place of its letters."""
    return re.sub(r"\b[A-Z][0-9]?\b|[A-Z](?=x)|(?<=x)[A-Z]\b", lambda m: str(values[m[0]]), text)


COUNTS = [each.name.replace("-", "_") for each in QUANTITIES.values() if each.form == "count"]
MOST_TURNS = 3  # other numbers for the letters of one network


def fitting(draw, text, values):
    """Yield numbers for letters with the network in them, where it fits: those drawn and others."""
    for turn in range(MOST_TURNS):
        if turn:
            values = {
                name: draw(st.integers(0, 3) if name[0] == "P" else st.integers(1, 90))
                for name in values
            }
        try:
            yield values, stack(in_numbers(text, values))
        except Problem:
            continue


@given(chains(), st.data())
def test_networks(drawn, data):
    """Every row of a network in letters is that of the network in numbers, and every total."""
    text, first = drawn
    letters = None
    for values, numbers in fitting(data.draw, text, first):
        letters = letters or stack(text)
        for one, other in zip(letters.rows, numbers.rows, strict=True):
            assert tuple(at(size, values) for size in one.output) == other.output
            for name in ("params", "weights", "biases", "macs", "activations", "peak"):
                assert at(getattr(one, name), values) == getattr(other, name), name
            for name in ("rf", "jump", "start"):
                found = getattr(one, name)
                if isinstance(found, tuple) and isinstance(getattr(other, name), tuple):
                    assert tuple(at(size, values) for size in found) == getattr(other, name), name
        for name in COUNTS:
            found = getattr(letters, name, 0)
            if not isinstance(found, Polynomial):
                assert found == getattr(numbers, name, 0), name
                continue
            assert at(found, values) == getattr(numbers, name), name
            assert printed_at(str(found), values) == getattr(numbers, name), name


@given(chains(), chains(), st.data())
def test_stars(one, other, data):
    """What is marked as the smallest is so at all numbers for which both networks fit."""
    text, first = one
    beside, second = other
    try:
        lines = compare([stack(text), stack(beside)])
    except Problem:
        return
    values = second | first
    for numbers, report in fitting(data.draw, text, values):
        try:
            plain = compare([report, stack(in_numbers(beside, numbers))])
        except Problem:
            continue
        names = {line.quantity.name: line for line in plain}
        for line in lines:
            at_numbers = names.get(line.quantity.name)
            if line.smallest and at_numbers and None not in at_numbers.values:
                least = min(at_numbers.values)
                assert all(at_numbers.values[i] == least for i in line.smallest), line


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("N==N", 1),
        ("4*N==2*N", 0),
        ("N*N==2", 0),
        ("N+M==M+N", 1),
        ("4*N==64", "true for N = 16"),
        ("C==4*N", "true where C = 4*N"),
        ("N*N+N==12", "true for N = 3"),
    ],
)
def test_comparisons(condition, answer):
    """A comparison under letters in a network, and what is said where they decide it."""
    text = f"8x8xC -> [conv 1 k3 p1]*({condition}) -> conv N k1 -> conv M k1"
    if isinstance(answer, int):
        assert len(stack(text).rows) == 3 + answer
    else:
        with pytest.raises(Problem) as found:
            stack(text)
        assert found.value.labels[0].text == answer


@pytest.mark.parametrize(
    ("text", "quantity", "formula"),
    [
        ("28x28xC -> [conv C k3 p1 nobias]*3", "weights", "27·C²"),
        ("28x28xC -> conv C k7 p3 nobias", "weights", "49·C²"),
        ("HxWxC -> conv N k3 p1", "params", "(9·C + 1)·N"),
        ("HxWx3 -> conv 8 k3 s2", "output", "(⌊(H − 3)/2⌋ + 1)x(⌊(W − 3)/2⌋ + 1)x8"),
        ("HxWxC -> conv C/2 k1", "params", "C²/2 + C/2"),
        ("HxWxC -> maxpool k3 s2 p1 -> maxpool k3 s2 p1", "output", "⌈H/4⌉x⌈W/4⌉xC"),
    ],
)
def test_as_in_lectures(text, quantity, formula):
    """Formulas come out as lectures print them."""
    from cnncalc.report.listing import text as said
    from cnncalc.report.quantities import QUANTITIES

    found = stack(text).total(quantity)
    assert said(QUANTITIES[quantity].form, found, commas=True) == formula


@pytest.mark.parametrize(
    "text",
    [
        "HxWxC -> conv N k3 p1 -> bn",
        "HxWxC -> deconv N k3 s2 -> relu",
        "HxWxC -> dwconv k3 -> maxpool 2 -> fc N",
        "HxWxC -> conv N k3 g2 d2",
    ],
)
def test_other_ways(text):
    """What other ways count in letters is, with numbers put in, what they count of these."""
    numbers = {"H": 12, "W": 14, "C": 6, "N": 4}
    of_numbers = re.sub("[HWCN]", lambda found: str(numbers[found[0]]), text)
    lettered, plain = (Judge(read_text(each)) for each in (text, of_numbers))
    ways = [name for name, way in WAYS.items() if way.factor is None]
    for name, of in product(ways, ("params", "biases", "macs", "flops")):
        query = Query(None, of)
        for each in plain.alternatives.named([name], query) if of in WAYS[name].of else ():
            found = [way.value for way in lettered.alternatives.named([name], query)]
            assert [at(value, numbers) for value in found] == [each.value], (name, of)
