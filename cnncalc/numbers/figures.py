"""Figures as people publish them: 138M, 15.5G, 25,557,032.

A bare whole number is exact. A suffix or a decimal point claims the digits that are written, and
no more: 138M is anything from 137.5M up to 138.5M. So does a size in units of bytes: 61 MB in
powers of 1000, 58.13 MiB in powers of 1024.
"""

from __future__ import annotations

import re

_FIGURE = r"([0-9]+(?:,[0-9]{3})*)(?:\.([0-9]+))?([kKMGBT]?)"
_SIZE = r"([0-9]+(?:,[0-9]{3})*)(?:\.([0-9]+))?\s*([^\W\d_]+)"
_UNITS = {
    f"{prefix}{byte}": base**power
    for base, powers in (
        (1000, (" ", "k kilo", "m mega", "g giga", "t tera")),
        (1024, (" ", "ki kibi", "mi mebi", "gi gibi", "ti tebi")),
    )
    for power, prefixes in enumerate(powers)
    for prefix in prefixes.split(" ")
    for byte in ("b", "byte", "bytes")
}
_MICROSECONDS = {
    **dict.fromkeys(("ns", "nanoseconds"), (1, 1000)),
    **dict.fromkeys(("us", "\u00b5s", "\u03bcs", "microseconds"), (1, 1)),
    **dict.fromkeys(("ms", "milliseconds"), (1000, 1)),
    **dict.fromkeys(("s", "seconds"), (10**6, 1)),
}
_SCALE = {"": 0, "K": 3, "M": 6, "G": 9, "B": 9, "T": 12}


def interval_of_figure(text: str) -> tuple[int, int, int] | None:
    """Return what a figure claims, in halves of its last digit: at least, below, and the unit.

    A number x agrees where least <= x * unit < below; None where the text is no figure.

    >>> interval_of_figure("138M"), interval_of_figure("760")
    ((275000000, 277000000, 2), (760, 761, 1))
    """
    found = re.fullmatch(_FIGURE, text.strip())
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


def interval_of_size(text: str) -> tuple[int, int, int] | None:
    """Return what a size claims of bytes, as `interval_of_figure` does; None where it has no unit.

    >>> interval_of_size("784KiB"), interval_of_size("840 bytes")
    ((1604608, 1606656, 2), (840, 841, 1))
    """
    found = re.fullmatch(_SIZE, text.strip()) if len(text) < 200 else None
    scale = _UNITS.get(found[3].lower()) if found else None
    if not found or scale is None:
        return None
    decimals = found[2] or ""
    whole = int(found[1].replace(",", "") + decimals)
    if scale == 1 and not decimals:
        return whole, whole + 1, 1
    return (2 * whole - 1) * scale, (2 * whole + 1) * scale, 2 * 10 ** len(decimals)


def interval_of_time(text: str) -> tuple[int, int, int] | None:
    """Return what a time claims of microseconds, as `interval_of_figure` does; None without a unit.

    >>> interval_of_time("1.8ms"), interval_of_time("4 ns")
    ((35000, 37000, 20), (7, 9, 2000))
    """
    found = re.fullmatch(_SIZE, text.strip()) if len(text) < 200 else None
    times, parts = _MICROSECONDS.get(found[3].lower(), (0, 0)) if found else (0, 0)
    if not found or not times:
        return None
    decimals = found[2] or ""
    whole = int(found[1].replace(",", "") + decimals)
    return (2 * whole - 1) * times, (2 * whole + 1) * times, 2 * 10 ** len(decimals) * parts


def size_of(text: str) -> int | None:
    """Return the whole bytes of a size, as it is meant where it is not a claim.

    >>> size_of("8GiB"), size_of("1.5 MB"), size_of("8G")
    (8589934592, 1500000, None)
    """
    span = interval_of_size(text)
    if span is None:
        return None
    least, below, unit = span
    return least if unit == 1 else (least + below) // (2 * unit)


def interval_of(text: str) -> tuple[int, int, int] | None:
    """Return what a figure or a size claims, as `interval_of_figure` does."""
    return interval_of_figure(text) or interval_of_size(text)


def agrees(number: int, text: str) -> bool:
    """Return whether a number is what a figure claims.

    >>> agrees(138357544, "138M"), agrees(138357544, "138.3M"), agrees(60950432, "61MB")
    (True, False, True)
    """
    span = interval_of(text)
    return span is not None and span[0] <= number * span[2] < span[1]
