"""Verdicts as rows under columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.report.asked import fields_of
from cnncalc.report.listing import Schema
from cnncalc.speech.columns import Column, field, optional, values

if TYPE_CHECKING:
    from cnncalc.homework.verdicts import Verdict

OUTCOMES = ("right", "follows", "convention", "depends", "wrong", "unreadable", "blank", "fault")
REASON = (
    *(field("name"), field("convention", "boolean", lambda reason: reason.is_convention)),
    *(field("value"), field("working"), field("says")),
)
VERDICT = (
    Column("claim", "claim", "code", get=lambda verdict: verdict.text),
    Column("verdict", "verdict", get=lambda verdict: verdict.kind, of=OUTCOMES),
    *(Column("answer", "answer"), Column("working", "working")),
    Column("reasons", "reasons", "names", of=REASON),
    Column("note", "note", get=lambda of: of.note or (of.problem.message if of.problem else "")),
)
VERDICT_FIELDS = (
    *VERDICT,
    field("code", get=lambda of: of.problem and of.problem.code, is_optional=True),
)
KEY = (
    *(Column("question", "question"), Column("network", "network", "code")),
    *(Column("ask", "asked"), Column("answer", "answer"), Column("working", "working")),
)

_BESIDE = fields_of(lambda found: found.settings, kinds=lambda found: found.kinds())

VERDICTS = Schema(
    "verdicts",
    [
        *(Column("question", "question", is_optional=True), *VERDICT_FIELDS[:2]),
        *optional(VERDICT_FIELDS[2:]),
    ],
    _BESIDE,
    [field("warnings", "problems")],
)
"""Verdicts on claims: those of a sheet stand under its questions."""

KEYS = Schema("key", KEY, _BESIDE, [field("warnings", "problems")])
CLASS = Schema(
    "students",
    [Column("student", "student"), Column("score", "score", "count")],
    _BESIDE,
    [field("warnings", "problems", lambda marks: marks.told())],
    more="string",
)
"""A class: its students, with what each answered under the names of the questions."""


def as_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data, for JSON."""
    return dict(values(VERDICT_FIELDS, verdict))
