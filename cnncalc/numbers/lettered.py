"""What is asked of every number, with letters in it or without.

Whole numbers are answered here; what has letters in it is asked itself, and known by its class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    class Proofs(Protocol):
        """What proves, or refutes by trial, that numbers are larger than others: a `Domain`."""

        def holds_at_least(self, number: Any, least: Any) -> bool:
            """Return whether a number is at least another for certain."""

        def try_out(self, numbers: Iterable[Any]) -> dict[Any, list[int | None]]:
            """Return what numbers are for some letters, the same for all."""


LARGEST = 10**BUDGET.digits_derived  # numbers stay below this


class Lettered:
    """A number with letters in it: `letters.Polynomial`."""

    __slots__ = ()
    if TYPE_CHECKING:
        taken: frozenset[str]

        @property
        def is_large(self) -> bool:
            """Whether it is beyond what is worked out."""

        @property
        def letters(self) -> set[str]:
            """The letters that it has in it."""

        def can_reach(self, least: int) -> bool:
            """Return whether it is so large for some letters, which are at least 1."""

        @staticmethod
        def ratio_of(one: Any, other: Any) -> int | Fraction | None:
            """Return how many times a number another is; None where letters decide that."""

        @staticmethod
        def sum_of(numbers: Iterable[Any]) -> Any:
            """Return what numbers come to together, of which some have letters in them."""

        @staticmethod
        def largest_of(numbers: Sequence[Any], domain: Proofs | None) -> Any:
            """Return the largest of numbers, of which some have letters in them."""


def is_large(number: Any) -> bool:
    """Return whether a number is beyond what is worked out: 200 digits, or such a formula."""
    if type(number) is not int and isinstance(number, Lettered):
        return number.is_large
    return not -LARGEST < number < LARGEST


def can_reach(number: Any, least: int) -> bool:
    """Return whether a number is so large for some letters, which are at least 1.

    >>> from cnncalc.numbers.letters import letter
    >>> C = letter("C")
    >>> can_reach(9 - C, 1), can_reach(2 - 3 * C, 1), can_reach(C - 99, 1)
    (True, False, True)
    """
    return number.can_reach(least) if isinstance(number, Lettered) else bool(number >= least)


def add_up(numbers: Iterable[Any]) -> Any:
    """Return the sum of numbers; letters are gathered once, and not at each number.

    >>> from cnncalc.numbers.letters import letter
    >>> str(add_up([letter("C"), 3, 2 * letter("C")]))
    '3*C + 3'
    """
    numbers = list(numbers)
    lettered = next((kind for kind in {*map(type, numbers)} if issubclass(kind, Lettered)), None)
    return lettered.sum_of(numbers) if lettered else sum(numbers)


def largest(numbers: Iterable[Any], domain: Proofs | None = None) -> Any:
    """Return the largest of numbers; written out where letters decide which it is.

    >>> from cnncalc.numbers.letters import letter
    >>> C, N = letter("C"), letter("N")
    >>> str(largest([C, 4 * C, N + 1, 7])), str(largest([9 * C * N, C * N, 3 * C, 0]))
    ('max(4*C, N + 1, 7)', '9*C*N')
    """
    numbers = list(numbers)
    lettered = next((number for number in numbers if isinstance(number, Lettered)), None)
    return max(numbers) if lettered is None else lettered.largest_of(numbers, domain)


def ratio(one: Any, other: Any) -> int | Fraction | None:
    """Return how many times a number another is, where letters do not matter.

    >>> from cnncalc.numbers.letters import letter
    >>> C = letter("C")
    >>> str(ratio(49 * C * C, 27 * C * C)), ratio(C * C, C)
    ('49/27', None)
    """
    from fractions import Fraction

    for number in (one, other):
        if isinstance(number, Lettered):
            return number.ratio_of(one, other)
    return (Fraction(one) / other if one else 0) if other else None


def share(part: Any, total: Any) -> float | None:
    """Return a part of a total in percent, to a tenth, half up; None where letters decide it.

    >>> share(1, 3), share(2, 3), share(0, 0)
    (33.3, 66.7, 0.0)
    """
    found = _rounded(part, total, 1000)
    return None if found is None else found / 10


def hundredths(part: Any, whole: Any) -> float | None:
    """Return a ratio, rounded to hundredths, half up; None where letters decide it.

    >>> hundredths(200704, 110592), hundredths(0, 0)
    (1.81, 0.0)
    """
    found = _rounded(part, whole, 100)
    return None if found is None else found / 100


def _rounded(part: Any, whole: Any, times: int) -> int | None:
    """Return so many times a ratio, rounded half up; 0 of nothing, None where letters decide."""
    if isinstance(part, int) and isinstance(whole, int):
        return (2 * times * part + whole) // (2 * whole) if whole else 0
    found = ratio(part, whole)
    return None if found is None else int((2 * times * found + 1) // 2)


def letters_in(numbers: Iterable[Any]) -> list[str]:
    """Return the letters that numbers have in them, in order."""
    found = [number.letters for number in numbers if isinstance(number, Lettered)]
    return sorted(set().union(*found))


def taken_in(number: Any) -> frozenset[str]:
    """Return the divisions that were taken to come out whole on the way to a number."""
    return number.taken if isinstance(number, Lettered) else frozenset()


def too_long() -> Problem:
    """Return the problem of a formula that nobody could read."""
    return Problem(
        "formula-too-long",
        _("the formula in letters is too long here"),
        helps=[_("write numbers in place of some letters")],
    )


def depends_on_letters(about: str = "") -> Problem:
    """Return the problem of an answer that is not the same for all numbers; `about` says which."""
    return Problem(
        "letters-undecided",
        _("what comes out here depends on the letters"),
        about=about,
        helps=[_("write numbers in place of the letters")],
    )
