"""Sheets: questions with answers in TOML.

accept = ["no-bias"]                     # conventions that are right as well

[[question]]
name = "1a"
network = "32x32x3 -> conv 10 k5 p2"     # notation or a model's name, never a path
claims = ["output=32x32x10", "params=760"]

[[question]]                             # in a key: what a column of answers is about
name = "1b"
network = "7x7x512 -> fc 4096"
ask = "params"                           # or several: ["output", "params"]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.homework.claims import claim_text
from cnncalc.homework.conventions import convention_names
from cnncalc.homework.judge import Judge
from cnncalc.homework.sheet_faults import (
    SAMPLES,
    moved,
    not_read,
    parts_of,
    place_in,
    read_toml,
    refuse_fields,
    refuse_mistyped,
    text_in,
)
from cnncalc.importing.sources import read_file, read_text
from cnncalc.speech.language import _
from cnncalc.speech.names import no_such
from cnncalc.speech.problem import Problem, Source, Span, quoted
from cnncalc.trace.settings import Settings
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from cnncalc.homework.verdicts import Verdict


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
    source = read_file(path)
    content = read_toml(source)
    questions = content.get("question")
    if not isinstance(questions, list) or not all(isinstance(e, dict) for e in questions or [0]):
        raise not_read(
            Span(source, 0, 0),
            _("a sheet has its questions as [[question]] tables"),
            _("write [[question]], then network = '...' and claims = ['params=760']"),
        )
    refuse_mistyped(source, content)
    how = dict(how or {})
    how["accept"] = [*how.get("accept", ()), *_accepted(source, content.get("accept", []))]
    judges: dict[tuple[str, ...], Judge] = {}
    return [
        _question(source, number, one, how, judges)
        for number, each in enumerate(questions, 1)
        for one in _asked_of(each)
    ]


def _asked_of(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a question for each quantity that one asks for; of claims, one goes with each."""
    ask, claims = content.get("ask"), content.get("claims")
    asks = ask if isinstance(ask, list) else parts_of(ask) if isinstance(ask, str) else []
    is_paired = not claims or (isinstance(claims, list) and len(claims) == len(asks))
    if len(asks) < 2 or not is_paired:
        yield {**content, "ask": asks[0]} if asks else content
        return
    for at, one in enumerate(asks):
        yield {**content, "ask": one} | ({"claims": claims[at]} if claims else {})


def _accepted(source: Source, names: Any, number: int = 0) -> list[str]:
    """Return the conventions that a sheet accepts, or a question of it."""
    if not isinstance(names, list):
        names = [names]
    for name in map(text_in, names):
        if name not in convention_names():
            fact = _("no convention is called {name}", name=quoted(name))
            span = place_in(source, number, name)
            raise no_such("unknown-convention", fact, name, span, convention_names(), status=1)
    return list(map(text_in, names))


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
    name = text_in(content.get("name", number))
    network = content.get("network")
    claims = content.get("claims", [])
    claims = claims if isinstance(claims, list) else [claims]
    claims = tuple(text_in(claim).strip() for claim in claims)
    ask = text_in(content.get("ask", ""))
    if not ask and len(claims) == 1 and re.search(r"[=~<>]", claims[0]):
        ask = re.split(r"[=~<>]", claims[0])[0].strip()
    judge, fault, misfit = None, None, None
    warnings: tuple[Problem, ...] = ()

    def here(problem: Problem) -> Problem:
        return moved(problem, source, text_in(network or ""), number)

    try:
        refuse_fields(source, number, name, content)
        own = _accepted(source, content.get("accept", []), number)
        key = (text_in(network), *own)
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
        judge, fault = None, moved(here(problem), source, ask, number, "ask")
    about = Question(name, text_in(network or ""), claims, ask, judge, fault, source, number)
    return about._replace(misfit=misfit, warnings=warnings if judge else ())


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
    fault = not_read(
        place_in(question.source, question.number, question.name),
        _("question {name} does not say what its column is about", name=quoted(question.name)),
        _("as in {sample}", sample=SAMPLES["ask"]),
    )
    return question._replace(judge=None, fault=fault)


def faults_of(questions: Iterable[Question]) -> list[Problem]:
    """Return what is wrong with questions, and what their networks warn of."""
    found = []
    for question in questions:
        found += [question.fault] if question.fault else []
        found += question.warnings
    return found
