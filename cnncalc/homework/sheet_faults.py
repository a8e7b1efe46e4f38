"""What is wrong with a sheet, and where that stands in it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cnncalc.homework.claims import NAME, SIGN
from cnncalc.report.claim_names import named
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?[,;&+?]\s*|(?<!\s)\s+(?:and|or|및)\s+|(?<!\s)\s+(?=\S+\s*$)")
_FIELDS = ("name", "network", "claims", "ask", "accept")
_OWN_FIELDS = ("accept", "question")
SAMPLES = {"name": "name = '1a'", "claims": "claims = ['params=760']", "ask": "ask = 'params'"}


def not_read(span: Span, fact: str, *helps: str) -> Problem:
    """Return the problem of a sheet, or of a class' answers, that cannot be read."""
    return Problem("sheet-not-read", fact, [Label(span)], helps=helps)


def refuse_mistyped(source: Source, content: dict[str, Any]) -> None:
    """Refuse a sheet with a field that is nearly one that it has; a title it may have."""
    for field in content:
        close = None if field in _OWN_FIELDS else nearest(field, _OWN_FIELDS)
        if close:
            raise not_read(
                place_in(source, 0, field),
                _("this sheet has a field that says nothing here"),
                meant(close, ""),
            )


_LONG = re.compile(r"[=,\[]\s*[+-]?([0-9][0-9_]{4000})")  # more digits than Python reads
_HEAVY = re.compile(r"([0-9a-fA-F_]{100000})|(?:\.[ \t]*+[\w\"'-]++[ \t]*+){100}")


def read_toml(source: Source) -> dict[str, Any]:
    """Return what a sheet holds; refuse one that is not TOML, or would take long to be read."""
    import tomllib

    text = source.text
    if heavy := _HEAVY.search(text):
        words = _("a number has too many digits") if heavy[1] else _("a key has too many parts")
        raise _not_toml(source, words, heavy.start())
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(source, str(error)) from None
    except ValueError:
        long = _LONG.search(text)
        at = long.start(1) if long else None
        raise _not_toml(source, _("a number has too many digits"), at) from None


def _not_toml(source: Source, message: str, at: int | None = None) -> Problem:
    """Return the problem of a sheet that is not TOML, at its place: that which its message says."""
    found = _PLACE.search(message)
    place = len(source.text.rstrip()) if at is None else at
    if found:
        lines = source.text.split("\n")
        place = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
    words = _PLACE.sub("", message).strip().lower()
    return Problem(
        "sheet-not-read",
        _("this is not TOML"),
        [
            Label(
                Span(source, min(place, len(source.text)), min(place + 1, len(source.text))), words
            )
        ],
        helps=[_("texts stand in quotes, lists in [ ]")],
    )


def text_in(value: Any) -> str:
    """Return what a field has as a text; '' for none, as for a number too long to be written."""
    try:
        return str(value)
    except ValueError:
        return ""


def refuse_fields(source: Source, number: int, name: str, content: dict[str, Any]) -> None:
    """Refuse a question with a field that says nothing here, or without a network."""
    for field in content:
        if field not in _FIELDS:
            close = nearest(field, _FIELDS)
            raise not_read(
                place_in(source, number, field),
                _("question {name} has a field that says nothing here", name=quoted(name)),
                meant(close, _("the fields are {names}", names=", ".join(_FIELDS))),
            )
    for field in ("name", "claims", "ask"):
        value = content.get(field, "")
        parts = value if isinstance(value, list) and field == "claims" else [value]
        if not all(isinstance(part, str) or (field == "name" and text_in(part)) for part in parts):
            raise not_read(
                place_in(source, number, field),
                _("a question's {field} is a text in quotes", field=quoted(field)),
                _("as in {sample}", sample=SAMPLES[field]),
            )
    if "ask" in content:
        _refuse_ask(source, number, name, content["ask"])
    if not isinstance(content.get("network"), str):
        raise not_read(
            place_in(source, number, name if "name" in content else "[[question]]"),
            _("question {name} has no network", name=quoted(name)),
            _("write network = '32x32x3 -> conv 10 k5 p2'"),
        )


def parts_of(ask: str) -> list[str]:
    """Return what a text asks for, which may be several quantities.

    >>> parts_of("output and params"), parts_of("receptive field"), parts_of("a.macs")
    (['output', 'params'], ['receptive field'], ['a.macs'])
    """
    parts = [part for part in _BETWEEN.split(ask.strip()) if part]
    return parts if not _is_quantity(ask) and all(map(_is_quantity, parts)) else [ask]


def _refuse_ask(source: Source, number: int, name: str, ask: str) -> None:
    """Refuse an ask for nothing, or that is a claim."""
    parts = [part for part in _BETWEEN.split(SIGN.split(ask, maxsplit=1)[0].strip()) if part]
    known = [part for part in parts if _is_quantity(part)]
    if _is_quantity(ask) or (known != parts and NAME.fullmatch(ask.rpartition(".")[2])):
        return  # one whose name is not known is told so
    fact = _("question {name} asks for nothing", name=quoted(name))
    if ask:
        fact = _("{ask} is no quantity alone", ask=quoted(ask))
    sample = f"ask = '{known[0]}'" if known else SAMPLES["ask"]
    helps = [_("as in {sample}", sample=sample)]
    if SIGN.search(ask):
        helps.append(_("a claim stands in claims = ['{it}']", it=ask))
    raise not_read(place_in(source, number, ask or "ask"), fact, *helps)


def _is_quantity(text: str) -> bool:
    place, _dot, name = text.strip().rpartition(".")
    return bool(named(name)) and not re.search(r"\W", place)


@lru_cache(maxsize=1)
def _heads(text: str) -> list[int]:
    """Return where the texts of questions begin, the sheet's own first, and where the last ends."""
    heads = re.finditer(r"\[\[\s*question\s*\]\]", text)
    return [0, *(found.end() for found in heads), len(text)]


def _text_of(source: Source, number: int) -> tuple[int, int]:
    """Return where the text of a question begins and ends; the first is 1, and 0 is the sheet."""
    heads = _heads(source.text)
    is_there = 0 < number < len(heads) - 1
    return (heads[number], heads[number + 1]) if is_there else (0, len(source.text))


def place_in(source: Source, number: int, text: str) -> Span:
    """Return the first place of a whole word, or of a text, in a question; else its head."""
    begin, end = _text_of(source, number)
    literal = re.escape(text)  # it stands first in what is looked for, which is quick
    found = re.compile(rf"{literal}(?<!\w{literal})(?!\w)").search(source.text, begin, end)
    if found:
        return Span(source, *found.span())
    line = source.text.rfind("\n", 0, begin) + 1
    return Span(source, line, max(begin, line))


def moved(
    problem: Problem, sheet: Source, text: str, number: int, name: str = "<stack>"
) -> Problem:
    """Return a problem of a text of a question with its labels in the sheet, if it is there."""
    start = sheet.text.find(text, *_text_of(sheet, number)) if text else -1
    if start < 0:
        return problem
    found = problem.labelled(
        Label(Span(sheet, start + label.span.start, start + label.span.end), label.text)
        if label.span.source.name == name
        else label
        for label in problem.labels
    )
    if problem.fix and problem.fix.span.source.name == name != "<stack>":
        found.fix = None  # what is fixed is no network: its help says it
    return found
