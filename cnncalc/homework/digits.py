"""Slips of the pen: digits of an exact number that went wrong, where nothing else did."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.homework.claims import Claim


PEN = {
    "many": "perhaps a slip of the pen: a zero too many",
    "few": "perhaps a slip of the pen: a zero too few",
    "other": "perhaps a slip of the pen: one digit is another",
    "lost": "perhaps a slip of the pen: a digit is lost",
}


def slip_of_the_pen(claim: Claim, right: int) -> str:
    """Return what went wrong with the digits that are written; empty where that is not known."""
    least, below, unit = claim.value or (0, 0, 0)
    if unit != 1 or below != least + 1 or right < 100:
        return ""
    digits, wanted = str(least), str(right)
    if least in (10 * right, right // 10):
        return PEN["many" if least > right else "few"]
    if len(digits) == len(wanted) and sum(map(str.__ne__, digits, wanted)) == 1:
        return PEN["other"]
    if len(digits) + 1 == len(wanted) and any(
        digits == wanted[:i] + wanted[i + 1 :] for i in range(len(wanted))
    ):
        return PEN["lost"]
    return ""
