"""Figures as people publish them: 138M, 15.5G, 25,557,032.

A bare whole number is exact. A suffix or a decimal point claims the digits that are written, and
no more: 138M is anything from 137.5M up to 138.5M.
"""

from __future__ import annotations

import re

_FIGURE = re.compile(r"([0-9]+(?:,[0-9]{3})*)(?:\.([0-9]+))?([kKMGBT]?)")
_SCALE = {"": 0, "K": 3, "M": 6, "G": 9, "B": 9, "T": 12}


def span_of_figure(text: str) -> tuple[int, int, int] | None:
    """Return what a figure claims, in halves of its last digit: at least, below, and the unit.

    A number x agrees where least <= x * unit < below; None where the text is no figure.

    >>> span_of_figure("138M"), span_of_figure("760")
    ((275000000, 277000000, 2), (760, 761, 1))
    """
    found = _FIGURE.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1].replace(",", "")
    decimals = found[2] or ""
    power = _SCALE[found[3].upper()] - len(decimals)
    whole = int(digits + decimals)
    if not found[3] and not decimals:
        return whole, whole + 1, 1
    up, down = 10 ** max(power, 0), 10 ** max(-power, 0)
    return (2 * whole - 1) * up, (2 * whole + 1) * up, 2 * down


def agrees(number: int, text: str) -> bool:
    """Return whether a number is what a figure claims.

    >>> agrees(138357544, "138M"), agrees(138357544, "138.3M"), agrees(760, "0.76k")
    (True, False, True)
    """
    span = span_of_figure(text)
    return span is not None and span[0] <= number * span[2] < span[1]
