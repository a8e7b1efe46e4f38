"""Claims of figures against fractions; any text, in time that grows with it and no faster."""

import contextlib
import math
from fractions import Fraction

import clock
import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st
from strategies import few, networks
from variations import variations

from cnncalc import Problem
from cnncalc.homework.claims import read_claim
from cnncalc.homework.judge import Judge
from cnncalc.homework.truth import holds
from cnncalc.notation.parser import parse
from cnncalc.numbers.ranges import read_range
from cnncalc.report.claim_names import NAMES
from cnncalc.solving.goals import read_goal
from cnncalc.solving.search import Search
from cnncalc.speech.problem import Source

SCALES = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12}
UNITS = {"B": 1, "kB": 1000, "KiB": 1024, "MB": 10**6, "MiB": 1 << 20, "GB": 10**9}


@st.composite
def figures(draw):
    """Draw a figure of parameters or bytes, the number that is written, and its last digit."""
    quantity, scales = draw(st.sampled_from([("params", SCALES), ("memory", UNITS)]))
    unit = draw(st.sampled_from([*scales]))
    decimals = draw(st.integers(0, 3))
    number = Fraction(draw(st.integers(0, 99_999)), 10**decimals)
    text = f"{float(number):.{decimals}f}{unit}"
    is_exact = not decimals and scales[unit] == 1
    digit = Fraction(0) if is_exact else Fraction(scales[unit], 10**decimals)
    return quantity, text, number * scales[unit], digit


@given(st.lists(st.integers(2, 40), min_size=2, max_size=4), st.data())
def test_a_vector_as_a_product(sizes, data):
    """The values of a map that is flattened may stand as any product that comes to them."""
    judge = Judge(parse(Source("", f"{'x'.join(map(str, sizes))} -> flatten")))
    cut = data.draw(st.integers(1, len(sizes) - 1))
    parts = [math.prod(sizes[:cut]), *sizes[cut:]]
    text = data.draw(st.sampled_from("*·")).join(map(str, parts))
    assert judge.judge(Source("", f"output={text}")).kind == "right"
    assert judge.judge(Source("", f"output={text}*2")).kind != "right"
    assert judge.judge(Source("", f"output={'x'.join(map(str, sizes))}")).kind == "wrong"


@given(figures(), st.data())
def test_figures(drawn, data):
    """`<=` and `>=` are of what is written; `=` is of its digits, `~` of one percent."""
    quantity, text, number, digit = drawn
    near = data.draw(st.sampled_from([0, digit / 2, -digit / 2, number / 100, -number / 100]))
    found = max(int(number + near) + data.draw(st.integers(-2, 2)), 0)
    away = abs(found - number)
    half_up = -digit / 2 <= found - number < digit / 2 if digit else found == number
    for sign, right in (
        ("<=", found <= number),
        (">=", found >= number),
        ("=", half_up),
        ("~", away * 100 <= number),
    ):
        claim = read_claim(Source("<claim>", f"{quantity}{sign}{text}"))
        assert holds(claim, found) == right, (sign, text, found)


@variations(
    "text",
    ["{} =1", "a{}.params=1", "params={}1", "params=1{}x", "params=1{}a1", "output=1{}x1{}y"]
    + [f"params={each}{{}}" for each in ("(", "1,", "-", "1 ", "1'", "k", "9", "C", "é", "max(")]
    + [f"output={each}{{}}x" for each in ("1x", "1,", "[ ", "(1 , ")],
    6,
)
def test_time(text):
    """Four times as much text takes about four times as long: no part of a claim is quadratic."""

    def judged(count):
        bodies = [text.replace("{}", sign * count) for sign in (" ", "1", "1,")]

        def judge():
            for body in bodies:
                with contextlib.suppress(Problem):
                    holds(read_claim(Source("<claim>", body)), 5)

        return judge

    assert clock.in_proportion(judged, 10_000, 40_000, 10)


@variations("quantity", NAMES, 14)
@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.long)])
def test_solve_takes_every_quantity(quantity, step):
    """Any quantity is a goal, with any sign, one of them in turn, or is refused by an error."""
    network = parse(Source("<stack>", "9x9x2 -> conv ?a k3 -> conv ?b k3"))
    value = "3x3" if quantity == "rf" else "1000"
    ranges = [read_range(Source("--range", f"{name}=1..12")) for name in "ab"]
    for sign in ("=", "<=", ">=", "~")[[*NAMES].index(quantity) % step :: step]:
        goal = f"{quantity}{sign}{value}"
        with contextlib.suppress(Problem):
            search = Search(network, [read_goal(Source("<goal>", goal))], ranges=ranges)
            for solution, _turn in zip(search.solutions(), range(3), strict=False):
                assert search.passes(solution)


@few
@given(
    networks(depth=0).filter(lambda text: not text.startswith("def")),
    st.sampled_from(["params=760", "2.output=8x8x3", "macs~1k"]),
)
def test_a_network_of_words(text, claim):
    """A network that is typed as words with commas is that in quotes, to its claims too."""
    words = text.replace(" ->", ",").split()
    assert printed(["check", *words, claim]) == printed(["check", " ".join(words), claim])
    assert printed(["check", *words[:-1], f"{words[-1]},", claim]) == printed(
        ["check", " ".join(words), claim]
    )
