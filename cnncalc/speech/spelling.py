"""Slips of the pen: the word that one of several is meant by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable


def meant(close: str | None, otherwise: str) -> str:
    """Return the help that offers a name that is close, or says something else where none is."""
    return _("did you mean '{name}'?", name=close) if close else otherwise


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word of which another is a slip of the pen, or None.

    A slip leaves out, adds, changes or swaps a letter; long words may have two or three.

    >>> nearest("covn", ["conv", "fc"]), nearest("max", ["aux"]), nearest("--input", ["--output"])
    ('conv', None, None)
    """
    flat = re.sub("[-_]", "", word.lower())
    most = 0 if len(flat) < 2 else 1 if len(flat) <= 4 else 2 if len(flat) <= 10 else 3
    near = []
    for each in words:
        other = re.sub("[-_]", "", each.lower())
        if abs(len(other) - len(flat)) <= most and (slips := _slips(flat, other)) <= most:
            apart = sum(abs(ord(a) - ord(b)) for a, b in zip(flat, other, strict=False))
            near.append((slips, sorted(flat) != sorted(other), apart, each))
    return min(near)[-1] if near else None


def _slips(word: str, other: str) -> int:
    """Return how many slips lead from one word to another."""
    before: list[int] = []
    last: list[int] = [*range(len(other) + 1)]
    for i, a in enumerate(word, 1):
        row: list[int] = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and word[i - 2] == b:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
