"""What stands where a layer, an arrow or a bracket should, and the right spelling of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.notation.tokens import rule
from cnncalc.notation.wrong_blocks import repeat_before
from cnncalc.notation.wrong_places import mend, problem
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from collections.abc import Collection

    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Argument

_NO_ARROWS = (
    *("=>", ";", "-->", "=", ">", "|>", "|", "+ ", "- >", "~>"),
    *("\u2013>", "\u2014>", "\u2212>", "\u2013", "\u2014", "\u21d2", "\u27f6", "\u2794"),
)
"""Signs that are meant as arrows, those that word processors make of '->' too, longest first."""

TIMES = re.compile(r"\s*[*×]\s*\w+")


def wrong_arrow(reader: Reader) -> Problem | None:
    """Return the problem of a sign that is meant as an arrow."""
    if reader.text[reader.position :].strip() == "-":
        return problem(
            "arrow-cut-short",
            _("a shell takes the > of an arrow that is not in quotes, and writes to a file"),
            reader.here(),
            _("put the network in quotes; the file that it made is named as what followed"),
        )
    for sign in _NO_ARROWS:
        if reader.at(sign) and (sign != "|" or not reader.depth):
            sign = sign.strip()  # noqa: PLW2901 - a sum is one word, so a blank says that it is none
            span = reader.span(reader.position, reader.position + len(sign))
            return problem(
                "not-an-arrow",
                _("'{sign}' is not an arrow", sign=sign),
                span,
                _("write '->' or ','"),
                "->",
            )
    return None


def lacking(reader: Reader, start: int) -> Problem | None:
    """Return the problem of a layer that lacks an argument, where it is only said otherwise.

    An option may stand behind a comma, `conv 10, k5`, or the arguments in one, `conv 3x3x64`.
    """
    from cnncalc.notation import habits

    reader.skip()
    if reader.consume(","):
        reader.skip()
        if habits.option(reader, reader.position):
            return from_habit(reader, reader.position)
    return from_habit(reader, start) if habits.item(reader, start, whole=True) else None


def from_habit(reader: Reader, start: int) -> Problem | None:
    """Return the problem of an item, or of an option behind a comma, in other people's words."""
    from cnncalc.notation import habits

    if fix := habits.option(reader, start):
        return problem(
            "arrow-before-option",
            _("a comma is an arrow, and no layer follows it here"),
            fix.span,
            _("write a space in its place"),
            fix.text,
        )
    if fix := habits.item(reader, start):
        return mend("said-otherwise", _("a layer is written otherwise here"), fix.span, fix.text)
    return None


def no_item(reader: Reader, start: int) -> Problem:
    """Return the problem of something that no item begins with."""
    here = reader.here()
    if said := repeat_before(reader, start) or from_habit(reader, start):
        return said
    if wrong := wrong_arrow(reader):
        return wrong
    if reader.next().isdigit() and reader.next().isascii():
        return _number_for_item(reader, start)
    if reader.at("->") or reader.next() in (",", "→"):
        return problem(
            "nothing-before-arrow",
            _("nothing stands before this arrow"),
            here,
            _("take it away, or begin with a volume"),
            "",
        )
    if not reader.next():
        return problem(
            "something-expected",
            _("a layer is expected here"),
            here,
            _("as in '{sample}'", sample="relu"),
        )
    return after_item(
        reader,
        closes=False,
        misplaced=_("{sign} cannot stand here, a layer can", sign=quoted(reader.next())),
    )


def _number_for_item(reader: Reader, start: int) -> Problem:
    """Return the problem of a number where a layer should stand: of one with commas, or alone."""
    before = reader.text[:start].rstrip()
    digits = re.compile(r"\d{3}(?!\d)").match(reader.text, start)
    if digits and before.endswith(",") and before[:-1][-1:].isdigit() and start == len(before):
        left = len(before) - 1
        while left and before[left - 1].isdigit():
            left -= 1
        whole = re.compile(r"\d+(?:,\d{3})+").match(reader.text, left)
        span = reader.span(left, whole.end() if whole else digits.end())
        right = span.text.replace(",", "")
        return mend(
            "number-with-commas", _("a comma is an arrow here, not a part of a number"), span, right
        )
    axes = re.compile(r"(\d+)\s*,\s*(\d+)(?=\s*(?:->|→|[,\]|}]|\Z))")
    number = re.compile(r"(?<!\d)\d+$").search(before.rstrip(", "))
    values = number and axes.match(reader.text, number.start())
    if values:
        return mend(
            "said-otherwise",
            _("a layer is written otherwise here"),
            reader.span(values.start(), values.end()),
            f"{values[1]}x{values[2]}",
        )
    return problem(
        "volume-not-first",
        _("a number stands where a layer should"),
        reader.here(),
        _("write a layer after an arrow, or a label before a vector that comes in"),
    )


def unknown_layer(reader: Reader, word: str, start: int, names: Collection[str]) -> Problem:
    """Return the problem of a name that no layer and no definition has."""
    span = reader.span(start, start + len(word))
    lower = word.lower()
    if lower == "input":
        volume = re.compile(r"INPUT\s+(?=[0-9])", re.IGNORECASE).match(reader.text, start)
        return problem(
            "input-is-a-volume",
            _("the input is written as its volume"),
            reader.span(start, volume.end()) if volume else span,
            _("write the volume itself, as in '32x32x3 -> conv 10 k5'"),
            "" if volume else "32x32x3",
        )
    if lower == "def":
        return problem(
            "definition-not-first",
            _("definitions stand before the network"),
            span,
            _("move it to the beginning of the text"),
        )
    if said := repeat_before(reader, start) or from_habit(reader, start):
        return said
    stem = lower.rstrip("0123456789")
    if stem != lower and stem in names:
        right = f"{stem} {lower[len(stem) :]}"
        return mend("unknown-layer", _("no layer is called {name}", name=quoted(word)), span, right)
    if re.search(rf"\bdef\s+{word}\b", reader.text, re.IGNORECASE):
        return problem(
            "unknown-layer",
            _("{name} is not defined above this place", name=quoted(word)),
            span,
            _("a definition calls those that stand above it, and not itself"),
        )
    close = nearest(word, names)
    lists = _("'cnncalc layers' lists them; a definition stands above what calls it")
    return problem(
        "unknown-layer",
        _("no layer is called {name}", name=quoted(word)),
        span,
        meant(close, lists),
        close,
        lists,
    )


def after_head(reader: Reader, word: str, start: int, known: bool) -> Problem:
    """Return the problem of a sign that is stuck to a layer's name."""
    if said := from_habit(reader, start):
        return said
    sign = reader.next()
    dotted = re.compile(r"(?:\w+\.)+(\w+)(?![\w(.])").match(reader.text, start)
    if sign == "." and dotted:
        from cnncalc.kinds import frameworks

        if frameworks.find(dotted[1]):
            return mend(
                "call-without-parentheses",
                _(
                    "{name} is spelled as in code, and code has its numbers in ( )",
                    name=quoted(dotted[0]),
                ),
                reader.span(start, dotted.end()),
                f"{dotted[0]}()",
            )
    if sign in ("*", "×"):
        count = TIMES.match(reader.text, reader.position)
        span = reader.span(start, count.end() if count else reader.position + 1)
        times = count[0].strip().lstrip("*×").strip() if count else "2"
        right = f"[{word}]*{times}"
        return mend("repeat-without-brackets", _("what repeats stands in brackets"), span, right)
    if sign == "?":
        span = reader.span(start, reader.position + 1)
        return mend(
            "space-missing",
            _("a space stands between a layer and its arguments"),
            span,
            f"{word} ?",
        )
    if (wrong := wrong_arrow(reader)) and known:
        return wrong
    return problem(
        "sign-not-expected",
        _("{sign} cannot stand here", sign=quoted(sign)),
        reader.span(reader.position, reader.position + 1),
        _("a name has letters a to z, digits and _") if sign.isalnum() else _("take it away"),
    )


def refuse_call_without_parentheses(
    reader: Reader, word: str, arguments: list[Argument], start: int
) -> None:
    """Refuse `Conv2d 3 64 3`: its numbers have the order of PyTorch's or of ours, and who knows."""
    from cnncalc.kinds import frameworks

    if frameworks.find(word):
        words = [argument.span.text for argument in arguments]
        raise mend(
            "call-without-parentheses",
            _("{name} is spelled as in code, and code has its numbers in ( )", name=quoted(word)),
            reader.span(start),
            f"{word}({', '.join(words)})",
        )


def call_not_closed(reader: Reader, start: int) -> Problem:
    """Return the problem of a call whose arguments have no comma between them, or no end."""
    return problem(
        "call-not-read",
        _("',' or ')' is expected in a call"),
        reader.here() if reader.next() else reader.span(start),
        _("as in '{sample}'", sample="conv(10, k=5, p=2)"),
    )


def after_bracket(reader: Reader) -> Problem:
    """Return the problem of something that is stuck to a closing bracket."""
    found = re.compile(r"(\d+)").match(reader.text, reader.position)
    if found:
        return _without_star(reader, found)
    return after_item(reader, closes=reader.depth > 0)


def _without_star(reader: Reader, found: re.Match[str]) -> Problem:
    """Return the problem of a count, the first group of what was found, without its sign."""
    return problem(
        "repeat-without-star",
        _("a repeat is written with a *"),
        reader.span(reader.position, found.end()),
        _("write '{text}'", text=f"[...]*{found[1]}"),
        f"*{found[1]}",
    )


def after_item(reader: Reader, *, closes: bool, misplaced: str = "") -> Problem:
    """Return the problem of something that cannot follow, or begin, an item."""
    here = reader.here()
    if wrong := wrong_arrow(reader):
        return wrong
    sign = reader.next()
    if found := re.compile(r"\s*[xX]\s*(\d+)").match(reader.text, reader.position):
        return _without_star(reader, found)
    if sign in "]|})":
        if closes:
            message = _("{sign} does not close what is open here", sign=quoted(sign))
        elif sign == "|":
            message = _("'|' stands between the branches of a join")
        else:
            message = _("this {sign} closes nothing", sign=quoted(sign))
        return problem(
            "bracket-not-opened",
            message,
            reader.span(reader.position, reader.position + 1),
            _("take it away, or open it first"),
        )
    if rule("NAME").match(sign):
        return mend("arrow-missing", _("an arrow is missing before this"), here, f"-> {here.text}")
    return problem(
        "sign-not-expected",
        misplaced
        or _(
            "{sign} cannot stand here, an arrow can",
            sign=quoted(here.text if sign.isalnum() else sign),
        ),
        here,
        _("names have letters a to z, digits and _") if sign.isalnum() else _("take it away"),
    )
