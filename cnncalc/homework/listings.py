"""Verdicts as rows under columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.report.listing import Column, Listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.homework.verdicts import Verdict
    from cnncalc.speech.problem import Problem

KINDS = ("right", "follows", "convention", "depends", "wrong", "unreadable", "blank", "fault")
VERDICT = (
    *(Column("claim", "claim", "code"), Column("verdict", "verdict"), Column("answer", "answer")),
    *(Column("working", "working"), Column("reasons", "reasons", "names"), Column("note", "note")),
)
KEY = (
    *(Column("question", "question"), Column("network", "network", "code")),
    *(Column("ask", "asked"), Column("answer", "answer"), Column("working", "working")),
)
VERDICT_FIELDS = (*VERDICT, Column("code", "code"))


def list_verdicts(
    verdicts: Sequence[Verdict], warnings: Sequence[Problem], head: Mapping[str, Any]
) -> Listing:
    """Return verdicts as rows, with what is said before them."""
    rows = [as_data(each) for each in verdicts]
    told = {"warnings": warnings}
    return Listing("verdicts", VERDICT, rows, fields=VERDICT_FIELDS, head={**head}, told=told)


def as_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data, for JSON."""
    return {
        "claim": verdict.text,
        "verdict": verdict.kind,
        "answer": verdict.answer,
        "working": verdict.working,
        "reasons": [
            {
                "name": reason.name,
                "convention": reason.is_convention,
                "value": reason.value,
                "working": reason.working,
                "says": reason.says,
            }
            for reason in verdict.reasons
        ],
        "note": verdict.note or (verdict.problem.message if verdict.problem else ""),
        **({"code": verdict.problem.code} if verdict.problem else {}),
    }
