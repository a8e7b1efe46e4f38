"""What the letters of formulas stand for, said once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.kinds.reference import letter
from cnncalc.kinds.volumes import axis_name
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import AXES, letters_of
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.report.steps import Step
    from cnncalc.trace.rows import Row

LETTERS = {
    "n": "the size of the input",
    "L": "the length",
    "Cin": "the channels that come in",
    "k": "the size of the kernel",
    "p": "the padding on each side",
    "before": "the padding before",
    "after": "the padding after",
    "P": "the padding of both sides together",
    "out": "the size of the output",
    "r": "the receptive field before",
    "j": "the jump before, the pixels between neighbouring units",
    "a": "the first pixel of unit 0 before",
    "B": "the batch",
}
"""What letters stand for in every formula; the rest are the arguments of the layer's kind."""

_ALONG = re.compile(r"(\w+)([DHW0-9])")


def legend(steps: Iterable[tuple[Row, Step]]) -> list[tuple[list[str], str]]:
    """Return what each letter of some steps stands for: the letters, one an axis, and the words."""
    said: dict[str, list[str]] = {}
    names: dict[str, dict[str, None]] = {}
    for row, step in steps:
        for name in letters_of(step.letters) if step.letters is not None else ():
            along = _ALONG.fullmatch(name)
            base = along[1] if along else name
            names.setdefault(base, {})[name] = None
            if (says := _says(row, base)) and says not in said.setdefault(base, []):
                said[base].append(says)
    known = [base for base in names if said.get(base)]
    return [(list(names[base]), _all(list(names[base]), said[base])) for base in known]


def _says(row: Row, name: str) -> str:
    """Return what a letter stands for in the formulas of a row."""
    if name in LETTERS and not (name == "r" and row.kind.startswith("pixel")):
        return _(LETTERS[name])
    if name == "N" and row.kind in ("conv", "dwconv", "deconv"):
        return _("how many filters")
    parameters = row.node.kind.parameters if isinstance(row.node, Layer) else ()
    found = next((each.says for each in parameters if letter(each) == name), "")
    return _(found).partition(":")[0]


def _all(letters: list[str], said: list[str]) -> str:
    """Return what letters stand for, with the axes that each is along."""
    words = _(" or ").join(said)
    ends = {found[2] for each in letters if (found := _ALONG.fullmatch(each))}
    axes = next((each for each in AXES.values() if ends and ends <= set(each)), "")
    along = [axis_name(axes.index(end), len(axes)) for end in axes if end in ends]
    return _("{says}, along {axes}", says=words, axes=_(" and ").join(along)) if along else words
