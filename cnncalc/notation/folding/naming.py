"""What repeats, calls and definitions are called, from the labels of what stands in them.

Labels are paths, as layer1_0_conv1: what those of a block begin with is the block's own, and what
is left is what its parts are called in it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from cnncalc.kinds.table import NAMES
from cnncalc.notation.folding.parts import common, path_of
from cnncalc.notation.folding.survey import is_read_outside
from cnncalc.notation.tree import JOINS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cnncalc.notation.folding.parts import Part

_LONGEST = 60  # letters of a label
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+")
_TAKEN = frozenset((*NAMES, *JOINS, "def", "again", "shared", "opaque", "cin", "network"))
_VAGUE = frozenset(
    ("features", "feature", "layer", "layers", "module", "modules", "model", "net", "conv", "main")
)


class BlockNames:
    """Names that are given once; `classes` are what blocks are made of, by their paths.

    `labels` are those that stand at the beginning.
    """

    def __init__(self, labels: Collection[str], classes: Mapping[str, str]) -> None:
        self._labels = set(labels)
        self._classes = classes
        self._taken = set(_TAKEN)
        self._under: Counter[tuple[str, ...]] = Counter()
        for label in labels:
            words = tuple(label.split("_"))
            self._under.update(words[:size] for size in range(1, len(words) + 1))

    def is_module(self, parts: Sequence[Part]) -> bool:
        """Return whether parts are all that stands under their path, or have one label at most."""
        path, stands = path_of(parts)
        return path is None or stands == 1 or self._under[path] == stands

    def is_among_modules(self, parts: Sequence[Part]) -> bool:
        """Return whether a part is a module of several labels."""
        return any(part.stands > 1 and self.is_module([part]) for part in parts)

    def of_rounds(self, rounds: Sequence[Sequence[Part]]) -> str:
        """Name the parts of the first round; return the label of all."""
        owns = [self._own(each) for each in rounds]
        self._name_parts(rounds)
        label = _span(owns[0], owns[-1])
        self._labels.add(label)
        return label

    def of_calls(self, windows: Sequence[Sequence[Part]]) -> list[str]:
        """Name the parts of the first of some blocks; return the label of each."""
        owns = [self._own(each) for each in windows]
        self._name_parts(windows)
        return owns

    def _own(self, parts: Sequence[Part]) -> str:
        """Return what a block is called, which nothing else is."""
        if is_read_outside(parts):
            return parts[-1].label
        labels = [part.label for part in _labelled(parts)]
        names = []
        path, stands = path_of(parts)
        if path and (self._under[path] == stands or len(labels) == 1):
            names.append("_".join(path))
        if labels:
            names.append(_span(labels[0], labels[-1]))
        found = next((each for each in names if each in labels or each not in self._labels), "")
        self._labels.add(found)
        return found

    def _name_parts(self, windows: Sequence[Sequence[Part]]) -> None:
        """Give the parts of the first window what they are called in all of them, or nothing."""
        rows = [_labelled(window) for window in windows]
        inner = [_inner(window, row) for window, row in zip(windows, rows, strict=True)]
        for place, part in enumerate(rows[0]):
            held = [row[place] for row in rows if place < len(row)]
            alike = {each[place] if place < len(each) else "" for each in inner}
            kept = next((each for each in held if each.kept), None)
            if kept is not None:
                part.label, part.kept = kept.label, True
            elif part is windows[0][-1] and is_read_outside(windows[0]):
                part.label = ""
            elif len(alike) == 1 and alike != {""}:
                (part.label,) = alike
            elif not is_needed(part):
                part.label = ""

    def of_block(self, windows: Sequence[Sequence[Part]], owns: Sequence[str]) -> str:
        """Return what a definition is called: its class, its labels' word, or what it is."""
        classes = {self._class_of(window) for window in windows}
        name = _as_word(classes.pop()) if len(classes) == 1 else ""
        name = name or _stem(owns) or _what(windows[0])
        made, number = name, 2
        while made in self._taken or made in NAMES:
            made, number = f"{name}_{number}", number + 1
        self._taken.add(made)
        return made

    def _class_of(self, parts: Sequence[Part]) -> str:
        """Return the class of what holds some parts and nothing else."""
        path, stands = path_of(parts)
        while path and self._under[path] == stands:
            if found := self._classes.get("_".join(path)):
                return found
            path = path[:-1]
        return ""


def is_needed(part: Part) -> bool:
    """Return whether a label is read."""
    return part.read >= 0 or part.high >= part.end


def _labelled(parts: Sequence[Part]) -> list[Part]:
    """Return the parts that have a label, and none of those in a repeat with one of its own."""
    found: list[Part] = []
    for part in parts:
        if part.label:
            found.append(part)
        if not (part.label and part.is_repeat):
            for branch in part.branches:
                found += _labelled(branch)
    return found


def _inner(window: Sequence[Part], row: Sequence[Part]) -> list[str]:
    """Return what labelled parts of a block are called in it: their labels behind its path."""
    path, _stands = path_of(window)
    start = "_".join((*(path or ()), ""))
    if len(row) < 2:
        start = row[0].label if row else ""
    return [_label(part.label.removeprefix(start)) for part in row]


def _label(label: str) -> str:
    """Return what is left of a label as one: none where it is places alone."""
    if all(word.isdigit() or word in ("", "to") for word in label.split("_")):
        return ""
    return f"_{label}" if label[:1].isdigit() else label


def _span(first: str, last: str) -> str:
    """Return what is called from one label to another.

    >>> _span("layer1_1", "layer1_2"), _span("fc6", "fc7"), _span("a", "")
    ('layer1_1_to_2', 'fc6_to_fc7', 'a')
    """
    if not last or first == last:
        return first
    if not first:
        return last
    start, end = tuple(first.split("_")), tuple(last.split("_"))
    same = len(common(start[:-1], end[:-1]))
    label = "_".join((*start, "to", *end[same:]))
    return label if len(label) <= _LONGEST else first


def _as_word(name: str) -> str:
    """Return the name of a class as that of a definition: BasicBlock is basic_block."""
    return "_".join(each.lower() for each in _WORD.findall(name))


def _stem(owns: Sequence[str]) -> str:
    """Return the word that the labels of a block's calls have in common: fire2, fire3 are fire."""
    stems = {re.sub(r"(?<!\d)\d+[a-z]?$", "", own) for own in owns}
    (stem,) = stems if len(stems) == 1 else ("",)
    plain = stem.strip("_").isalpha() and len(stem) > 2 and all(own != stem for own in owns)
    return stem.strip("_").lower() if plain and stem.lower() not in _VAGUE else ""


def _what(parts: Sequence[Part]) -> str:
    """Return what a block is, by what stands in it."""
    joins = [part for part in parts if part.head[0] == "join"]
    if not joins:
        plain = len(parts) < 4 and all(part.head[0] == "layer" for part in parts)
        return "_".join(part.head[1] for part in parts) if plain else "block"
    how, branches = joins[0].head[1], joins[0].branches
    passed = [all(part.head[:2] == ("layer", "identity") for part in each) for each in branches]
    if how == "add":
        return "residual" if any(passed) else "shortcut"
    if how == "concat":
        several = "inception" if len(branches) > 2 else "block"
        return "dense_block" if any(passed) else several
    return "gate" if how == "mul" else "block"
