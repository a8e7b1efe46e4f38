"""What is certain of numbers with letters is so for every number that the letters may be."""

import itertools

from evaluation import at
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.numbers.certainty import Domain
from cnncalc.numbers.lettered import largest, letters_in
from cnncalc.numbers.letters import letter
from cnncalc.numbers.runs import signs_of
from cnncalc.numbers.terms import Terms, value_at

LETTERS = "HKN"
NUMBERS = (*range(1, 13), 31, 64, 65, 200)


@st.composite
def numbers(draw, depth=3):
    """Draw a number with letters in it, as sizes and counts are."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(st.sampled_from(LETTERS).map(letter), st.integers(1, 70)))
    one, other = draw(numbers(depth=depth - 1)), draw(numbers(depth=depth - 1))
    sign = draw(st.sampled_from("+-**/m"))
    if sign == "/":
        return one // draw(st.integers(2, 4))
    if sign == "m":
        return largest([one, other])
    return one + other if sign == "+" else one - other if sign == "-" else one * other


def points(sizes, letters):
    """Yield numbers for letters for which every size is at least 1."""
    for values in itertools.product(NUMBERS, repeat=len(letters)):
        found = dict(zip(letters, values, strict=True))
        if all(at(size, found) >= 1 for size in sizes):
            yield found


@given(st.lists(numbers(), max_size=3), numbers(), numbers())
def test_what_is_certain_is_so(sizes, one, other):
    """A comparison that is certain holds at all numbers that fit."""
    domain = Domain(sizes)
    letters = letters_in([*sizes, one, other])
    for less, more in ((one, other), (other, one)):
        if domain.holds_at_least(more, less):
            for values in points(sizes, letters):
                assert at(less, values) <= at(more, values), values


@given(st.lists(numbers(), max_size=2), st.lists(numbers(), min_size=1, max_size=2))
def test_where_it_holds(sizes, several):
    """What is said of one letter, for which numbers it holds, is so for each of them."""
    domain = Domain(sizes)
    where = domain.where(several)
    if where is None:
        return
    name, ranges = where
    for number in range(domain.least_of(name), 300):
        inside = any(low <= number and (high is None or number <= high) for low, high in ranges)
        assert inside == all(at(each, {name: number}) >= 0 for each in several), number


@given(st.lists(numbers(), min_size=1, max_size=5), st.lists(numbers(), max_size=2))
def test_the_largest_is_largest(several, sizes):
    """What is written as the largest of numbers is so at all numbers that fit."""
    found = largest(several, Domain(sizes))
    for values in points(sizes, letters_in([*several, *sizes])):
        assert at(found, values) == max(at(each, values) for each in several)


@given(st.lists(st.integers(-60, 60), min_size=1, max_size=5))
def test_signs_of_a_polynomial(coefficients):
    """The signs of a polynomial in one number are those of its values, for ever."""
    signs = signs_of(coefficients)
    for number in (*range(200), 10**4, 10**9):
        value = sum(each * number**power for power, each in enumerate(coefficients))
        said = next(sign for start, sign in reversed(signs) if start <= number)
        assert said == (value > 0) - (value < 0)


@given(numbers(), st.lists(st.sampled_from(NUMBERS), min_size=3, max_size=3))
def test_what_a_number_comes_to(number, values):
    """Numbers in place of letters give what plain arithmetic gives, also the second time."""
    point = dict(zip(LETTERS, values, strict=True))
    if isinstance(number, Terms):
        wanted = at(number, point)
        assert [value_at(number.terms, point) for _turn in range(2)] == [wanted, wanted]


def test_formulas_that_cross_are_not_proved(monkeypatch):
    """Of formulas each of which may be the largest, none is tried to be proved larger."""
    asked = []
    own = Domain.holds_at_least

    def ask(domain, number, least):
        asked.append(number)
        return own(domain, number, least)

    monkeypatch.setattr(Domain, "holds_at_least", ask)
    several = [letter("H") ** power * letter("N") ** (29 - power) for power in range(30)]
    ((key, _times),) = largest(several, Domain([letter("H") - 2])).terms.items()
    assert len(key[0][0].numbers) == 30
    assert len(asked) < 30
