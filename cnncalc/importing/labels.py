"""What a file calls things, as labels of the notation, and what a text that is made of it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.speech.problem import Source

_LONGEST_LABEL = 60
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")


class Labels:
    """Labels that are given once: a second one of a name has a number behind it."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def give(self, label: str, instead: str = "") -> str:
        """Return a label that was not given before: `instead` where it was."""
        label = instead if instead and label in self._given else label
        made = label
        while made in self._given:
            self._given[label] += 1
            made = f"{label}_{self._given[label]}"
        self._given[made] = 1
        return made


def made_of(source: Source) -> str:
    """Return the name of a text that is made of a file: its last part, in angle brackets."""
    return f"<{source.name.strip('<>').rpartition('/')[2]}>"


def label_of(name: str) -> str:
    """Return a name as a label: letters, digits and _ alone, not too many; a place has none.

    >>> label_of("layer1.0/conv1"), label_of("3x3"), label_of("512")
    ('layer1_0_conv1', '_3x3', '')
    """
    if not any(map(str.isalpha, name)):
        return ""
    label = _NOT_IN_NAMES.sub("_", name).strip("_")[-_LONGEST_LABEL:]
    return f"_{label}" if label[:1].isdigit() else label
