"""Sheets: questions with answers in TOML.

accept = ["no-bias"]                     # conventions that are right as well

[[question]]
name = "1a"
network = "32x32x3 -> conv 10 k5 p2"     # notation or a model's name, never a path
claims = ["output=32x32x10", "params=760"]

[[question]]                             # in a key: what a column of answers is about
name = "1b"
network = "7x7x512 -> fc 4096"
ask = "params"
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.homework.claims import NAME, SIGN, claim_text
from cnncalc.homework.conventions import convention_names
from cnncalc.homework.judge import Judge
from cnncalc.importing.sources import read_file, read_text
from cnncalc.report.claim_names import NAMED
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest
from cnncalc.trace.settings import Settings
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.homework.verdicts import Verdict

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?[,;&+?]\s*|(?<!\s)\s+(?:and|or|및)\s+|(?<!\s)\s+(?=\S+\s*$)")
_FIELDS = ("name", "network", "claims", "ask", "accept")
_OWN_FIELDS = ("accept", "question")
_SAMPLES = {"name": "name = '1a'", "claims": "claims = ['params=760']", "ask": "ask = 'params'"}


class Question(NamedTuple):
    """A question of a sheet: a judge for its network, or what is wrong with it.

    `misfit` is what ends its network, and `warnings` what is told of it, at their places here.
    """

    name: str
    network: str
    claims: tuple[str, ...]
    ask: str
    judge: Judge | None
    fault: Problem | None
    source: Source
    number: int = 0
    misfit: Problem | None = None
    warnings: tuple[Problem, ...] = ()


def settings_of(questions: Iterable[Question]) -> Settings:
    """Return what is asked beside the networks of a sheet."""
    judges = (each.judge for each in questions)
    return next((judge.settings for judge in judges if judge), Settings())


class MarkedAnswer(NamedTuple):
    """What became of a cell: right, convention, wrong, unreadable, blank or fault."""

    question: str
    text: str
    kind: str
    verdict: Verdict | None


def read_sheet(
    path: str | os.PathLike[str], how: Mapping[str, Any] | None = None
) -> list[Question]:
    """Return the questions of a TOML sheet; a question that is wrong carries its fault.

    `how` is what their judges take beside a network: the volume that is given, conventions that
    are accepted, the settings.
    """
    import tomllib

    source = read_file(path)
    try:
        content = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(source, str(error)) from None
    except ValueError:
        long = _LONG.search(source.text)
        at = long.start(1) if long else None
        raise _not_toml(source, _("a number has too many digits"), at) from None
    questions = content.get("question")
    if not isinstance(questions, list) or not all(isinstance(e, dict) for e in questions or [0]):
        raise Problem(
            "sheet-not-read",
            _("a sheet has its questions as [[question]] tables"),
            [Label(Span(source, 0, 0))],
            helps=[_("write [[question]], then network = '...' and claims = ['params=760']")],
        )
    _refuse_mistyped(source, content)
    how = dict(how or {})
    how["accept"] = [*how.get("accept", ()), *_accepted(source, content.get("accept", []))]
    judges: dict[tuple[str, ...], Judge] = {}
    return [
        _question(source, number, each, how, judges) for number, each in enumerate(questions, 1)
    ]


def _refuse_mistyped(source: Source, content: dict[str, Any]) -> None:
    """Refuse a sheet with a field that is nearly one that it has; a title it may have."""
    for field in content:
        close = None if field in _OWN_FIELDS else nearest(field, _OWN_FIELDS)
        if close:
            raise Problem(
                "sheet-not-read",
                _("this sheet has a field that says nothing here"),
                [Label(_find(source, 0, field))],
                helps=[meant(close, "")],
            )


_LONG = re.compile(r"[=,\[]\s*[+-]?([0-9][0-9_]{4000,})")  # more digits than Python reads


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


def _accepted(source: Source, names: Any, number: int = 0) -> list[str]:
    """Return the conventions that a sheet accepts, or a question of it."""
    if not isinstance(names, list):
        names = [names]
    for name in map(_text, names):
        if name not in convention_names():
            close = nearest(name, convention_names())
            raise Problem(
                "unknown-convention",
                _("no convention is called {name}", name=quoted(name)),
                [Label(_find(source, number, name))],
                helps=[meant(close, _("there are {names}", names=", ".join(convention_names())))],
            )
    return list(map(_text, names))


def _text(value: Any) -> str:
    """Return what a field has as a text; '' for none, as for a number too long to be written."""
    try:
        return str(value)
    except ValueError:
        return ""


def _question(
    source: Source,
    number: int,
    content: Any,
    how: dict[str, Any],
    judges: dict[tuple[str, ...], Judge],
) -> Question:
    """Return a question with its judge; its fault where it cannot be asked.

    Questions about one network have one judge, kept in `judges`.
    """
    name = _text(content.get("name", number))
    network = content.get("network")
    claims = content.get("claims", [])
    claims = tuple(map(_text, claims if isinstance(claims, list) else [claims]))
    ask = _text(content.get("ask", ""))
    if not ask and len(claims) == 1 and re.search(r"[=~<>]", claims[0]):
        ask = re.split(r"[=~<>]", claims[0])[0].strip()
    judge, fault, misfit = None, None, None
    warnings: tuple[Problem, ...] = ()

    def here(problem: Problem) -> Problem:
        return _moved(problem, source, _text(network or ""), number)

    try:
        _refuse_fields(source, number, name, content)
        own = _accepted(source, content.get("accept", []), number)
        key = (_text(network), *own)
        if key not in judges:
            settings = how.get("settings", Settings())
            parsed = read_text(str(network), channels_first=settings.channels_first)
            judges[key] = Judge(parsed, **{**how, "accept": [*how["accept"], *own]})
        judge = judges[key]
        warnings = tuple(map(here, (*judge.warnings, *judge.misfit())))
        misfit = here(judge.fault) if judge.fault else None
        if "ask" in content:
            judge.refuse_question(Source("ask", ask))
    except Problem as problem:
        judge, fault = None, _moved(here(problem), source, ask, number, "ask")
    about = Question(name, _text(network or ""), claims, ask, judge, fault, source, number)
    return about._replace(misfit=misfit, warnings=warnings if judge else ())


def _refuse_fields(source: Source, number: int, name: str, content: dict[str, Any]) -> None:
    """Refuse a question with a field that says nothing here, or without a network."""
    for field in content:
        if field not in _FIELDS:
            close = nearest(field, _FIELDS)
            raise Problem(
                "sheet-not-read",
                _("question {name} has a field that says nothing here", name=quoted(name)),
                [Label(_find(source, number, field))],
                helps=[meant(close, _("the fields are {names}", names=", ".join(_FIELDS)))],
            )
    for field in ("name", "claims", "ask"):
        value = content.get(field, "")
        parts = value if isinstance(value, list) and field == "claims" else [value]
        if field == "ask" and isinstance(value, list):
            raise _several(source, number, [*map(_text, value)])
        if not all(isinstance(part, str) or (field == "name" and _text(part)) for part in parts):
            raise Problem(
                "sheet-not-read",
                _("a question's {field} is a text in quotes", field=quoted(field)),
                [Label(_find(source, number, field))],
                helps=[_("as in {sample}", sample=_SAMPLES[field])],
            )
    if "ask" in content:
        _refuse_ask(source, number, name, content["ask"])
    if not isinstance(content.get("network"), str):
        raise Problem(
            "sheet-not-read",
            _("question {name} has no network", name=quoted(name)),
            [Label(_find(source, number, name if "name" in content else "[[question]]"))],
            helps=[_("write network = '32x32x3 -> conv 10 k5 p2'")],
        )


def _refuse_ask(source: Source, number: int, name: str, ask: str) -> None:
    """Refuse an ask for nothing, for several quantities, or that is a claim."""
    parts = [part for part in _BETWEEN.split(SIGN.split(ask, maxsplit=1)[0].strip()) if part]
    known = [part for part in parts if _is_quantity(part)]
    if _is_quantity(ask) or (known != parts and NAME.fullmatch(ask.rpartition(".")[2])):
        return  # one whose name is not known is told so
    if len(known) > 1:
        raise _several(source, number, parts)
    fact = _("question {name} asks for nothing", name=quoted(name))
    if ask:
        fact = _("{ask} is no quantity alone", ask=quoted(ask))
    sample = f"ask = '{known[0]}'" if known else _SAMPLES["ask"]
    helps = [_("as in {sample}", sample=sample)]
    if SIGN.search(ask):
        helps.append(_("a claim stands in claims = ['{it}']", it=ask))
    raise Problem("sheet-not-read", fact, [Label(_find(source, number, ask or "ask"))], helps=helps)


def _is_quantity(text: str) -> bool:
    place, _dot, name = text.strip().rpartition(".")
    return re.sub("[_ ]", "-", name.lower()) in NAMED and not re.search(r"\W", place)


def _several(source: Source, number: int, names: Sequence[str]) -> Problem:
    """Return the problem of an ask for several quantities."""
    asks = " ".join(f"[[question]] ask = '{name}'" for name in names)
    return Problem(
        "sheet-not-read",
        _("a question asks for one quantity, and here are {count}", count=len(names)),
        [Label(_find(source, number, "ask"))],
        helps=[_("write a question for each: {asks}", asks=asks)],
    )


def _begin(source: Source, number: int) -> int:
    """Return where the text of a question begins, the first being 1."""
    heads = [found.end() for found in re.finditer(r"\[\[\s*question\s*\]\]", source.text)]
    return heads[number - 1] if 0 < number <= len(heads) else 0


def _find(source: Source, number: int, text: str) -> Span:
    """Return the first place of a whole word, or of a text, in a question; else its head."""
    begin = _begin(source, number)
    found = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)").search(source.text, begin)
    if found:
        return Span(source, *found.span())
    line = source.text.rfind("\n", 0, begin) + 1
    return Span(source, line, max(begin, line))


def _moved(
    problem: Problem, sheet: Source, text: str, number: int, name: str = "<stack>"
) -> Problem:
    """Return a problem of a text of a question with its labels in the sheet, if it is there."""
    start = sheet.text.find(text, _begin(sheet, number)) if text else -1
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


def judge_question(question: Question) -> Iterator[MarkedAnswer]:
    """Yield what became of each claim of a question; of one without claims that it is blank."""
    if question.judge is None:
        for claim in question.claims or ("",):
            yield MarkedAnswer(question.name, claim, "fault", None)
        return
    claims = [claim for claim in question.claims if claim]
    sources = [Source("<claim>", claim_text(question.ask, claim)) for claim in claims]
    verdicts = iter(question.judge.judge_all(sources))
    for claim in question.claims or ("",):
        verdict = next(verdicts) if claim else None
        yield MarkedAnswer(question.name, claim, verdict.kind if verdict else "blank", verdict)


def ask_of(question: Question) -> Question:
    """Return a question as a class is asked it: at fault where it does not say for what."""
    if question.ask or question.fault:
        return question
    fault = Problem(
        "sheet-not-read",
        _("question {name} does not say what its column is about", name=quoted(question.name)),
        [Label(_find(question.source, question.number, question.name))],
        helps=[_("as in {sample}", sample=_SAMPLES["ask"])],
    )
    return question._replace(judge=None, fault=fault)


def faults_of(questions: Iterable[Question]) -> list[Problem]:
    """Return what is wrong with questions, and what their networks warn of."""
    found = []
    for question in questions:
        found += [question.fault] if question.fault else []
        found += question.warnings
    return found
