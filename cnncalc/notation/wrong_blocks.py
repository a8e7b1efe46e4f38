"""What stands wrong about brackets: the word before, the branches within, the count behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.notation.tree import JOINS
from cnncalc.notation.wrong_places import problem
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from cnncalc.notation.reader import Reader
    from cnncalc.speech.problem import Span

_REPEAT = re.compile(
    r"(?:repeat(?:ed)?\s*+(?:\(\s*+)?)?(\d+)\s*+(?:[xX×*]|\)|times)?\s*(?=[\[(])", re.IGNORECASE
)
_ADDS = ("residual", "shortcut", "skip", "res", "resblock", "sum", "plus")
_STACKS = ("inception", "parallel", "branch", "branches", "split", "fork", "stack", "merge")
"""What people call a join of ours."""


def repeat_before(reader: Reader, start: int) -> Problem | None:
    """Return the problem of `3x [...]`, `repeat 3 (...)`: the count stands behind the brackets."""
    found = _REPEAT.match(reader.text, start)
    if not found or found[0].strip() == found[1]:
        return None
    depth = 0
    for position in range(found.end(), len(reader.text)):
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(reader.text[position], 0)
        if not depth:
            block = f"[{reader.text[found.end() + 1 : position]}]"
            return problem(
                "repeat-without-star",
                _("a repeat is written with a *"),
                reader.span(start, position + 1),
                _("write '{text}'", text=f"[...]*{found[1]}"),
                f"{block}*{found[1]}",
            )
    return None


def not_a_join(reader: Reader, word: str, start: int) -> Problem:
    """Return the problem of a word before [ that is not a join."""
    span = reader.span(start, start + len(word))
    end = _closing(reader, reader.position)
    body = reader.text[reader.position + 1 : end - 1].strip()
    several = bool(_inner_commas(body, "|"))
    right = ""
    if word.lower() in _ADDS:
        right = f"add[{body}]" if several else f"add[{body} | identity]"
    elif word.lower() in _STACKS and several:
        right = f"concat[{body}]"
    if right:
        return problem(
            "unknown-join",
            _("{word} does not join branches", word=quoted(word)),
            reader.span(start, end),
            _("write {text}", text=quoted(right, 60)),
            right,
        )
    close = nearest(word, JOINS)
    known = _("the joins are concat, add, mul, max, product and aux")
    return problem(
        "unknown-join",
        _("{word} does not join branches", word=quoted(word)),
        span,
        meant(close, known),
        close,
        known,
    )


def _closing(reader: Reader, opening: int) -> int:
    """Return the position behind the bracket that closes the one here."""
    depth = 0
    for position in range(opening, len(reader.text)):
        depth += {"[": 1, "]": -1}.get(reader.text[position], 0)
        if not depth:
            return position + 1
    return len(reader.text)


def _inner_commas(body: str, sign: str = ",") -> list[int]:
    """Return where a sign stands in a text outside any brackets."""
    depth, found = 0, []
    for position, each in enumerate(body):
        depth += (each in "[(") - (each in ")]")
        if each == sign and not depth:
            found.append(position)
    return found


def one_branch(join: str, span: Span) -> Problem:
    """Return the problem of a join of one branch: commas may stand where | should."""
    body = span.text
    commas = _inner_commas(body[body.find("[") + 1 : -1]) if "->" not in body else []
    right = None
    if commas:
        start = body.find("[") + 1
        right = "".join(
            " |" if place - start in commas else each for place, each in enumerate(body)
        )
    return problem(
        "join-needs-two",
        _("{join} takes two branches or more, with | between them", join=join),
        span,
        _("write {join}[ ... | identity ], or take '{join}' away", join=join),
        right,
    )


def branches_without_join(reader: Reader, opening: int) -> Problem:
    """Return the problem of branches in plain brackets."""
    span = reader.span(opening, opening + 1)
    return problem(
        "join-missing",
        _("branches need a word that says how they join"),
        span,
        _("write concat[ ... | ... ], add[ ... | ... ] or mul[ ... | ... ]"),
        "concat[",
    )
