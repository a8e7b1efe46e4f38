"""Slips of the pen: digits of a number that went wrong, where nothing else did."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from cnncalc.speech.language import Sentence

if TYPE_CHECKING:
    from cnncalc.homework.claims import Claim


PEN = {
    "many": Sentence("perhaps a slip of the pen: a zero too many"),
    "few": Sentence("perhaps a slip of the pen: a zero too few"),
    "other": Sentence("perhaps a slip of the pen: one digit is another"),
    "swapped": Sentence("perhaps a slip of the pen: two digits in each other's place"),
    "lost": Sentence("perhaps a slip of the pen: a digit is lost"),
    "rounded": Sentence("perhaps rounded to fewer digits than are written"),
    "power": Sentence("perhaps a slip of the pen: another power of ten, or its unit"),
}


def slip_of_the_pen(claim: Claim, right: int) -> str:
    """Return what went wrong with the digits that are written; empty where that is not known."""
    if right < 100:
        return ""
    number = number_of(claim)
    is_exact = claim.value == (number, number + 1, 1)
    if (is_exact or _is_whole(claim)) and _is_rounded(number, right):
        return PEN["rounded"]
    slip = _slip(str(number), str(right)) if is_exact else ""
    return PEN.get(slip or ("power" if _is_of_another_power(claim, right) else ""), "")


def number_of(claim: Claim) -> int:
    """Return the number that a claim of a figure writes: 15,500,000,000 of 15.5G."""
    least, below, unit = claim.value or (0, 1, 1)
    return int(least if below == least + 1 else (least + below) // (2 * unit))


def _is_whole(claim: Claim) -> bool:
    """Return whether the number that is written of a figure is a whole one: not 760.5."""
    least, below, unit = claim.value or (0, 1, 1)
    return bool((least + below) % (2 * unit) == 0)


def _is_of_another_power(claim: Claim, right: int) -> bool:
    """Return whether a figure of two digits or more is another number times a power of ten."""
    least, below, unit = claim.value or (0, 1, 1)
    if 10 * (below - least) > least:
        return False
    is_exact = (unit, below) == (1, least + 1)
    return any(
        least <= right * unit * power < below
        or (least * power == right if is_exact else least * power <= right * unit < below * power)
        for power in (10**n for n in range(1, 10))
    )


def _is_rounded(number: int, right: int) -> bool:
    """Return whether a number is another, rounded to fewer digits.

    >>> _is_rounded(400_000, 401_408), _is_rounded(500, 401)
    (True, False)
    """
    powers = takewhile(lambda power: power <= right, (10**n for n in range(1, 200)))
    return any((right + power // 2) // power * power == number for power in powers)


def _slip(digits: str, wanted: str) -> str:
    """Return which slip makes digits of those that are wanted.

    >>> _slip("706", "760"), _slip("7600", "760"), _slip("128800", "1228800"), _slip("7", "760")
    ('swapped', 'many', 'lost', '')
    """
    if digits in (f"{wanted}0", wanted[:-1]):
        return "many" if len(digits) > len(wanted) else "few" if wanted[-1] == "0" else "lost"
    if len(digits) + 1 == len(wanted):
        return (
            "lost"
            if any(digits == wanted[:i] + wanted[i + 1 :] for i in range(len(wanted)))
            else ""
        )
    if len(digits) != len(wanted):
        return ""
    places = [at for at in range(len(digits)) if digits[at] != wanted[at]]
    if len(places) == 1:
        return "other"
    is_pair = len(places) == 2 and places[1] == places[0] + 1
    return "swapped" if is_pair and sorted(digits) == sorted(wanted) else ""
