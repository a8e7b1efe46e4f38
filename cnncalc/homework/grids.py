"""A class as a grid of signs: a row a student, a column a question, and what the signs say."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from cnncalc.homework.ways import called
from cnncalc.report.listing import Listing
from cnncalc.speech.columns import Column
from cnncalc.speech.language import _, is_english
from cnncalc.speech.lines import cells
from cnncalc.speech.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.homework.classes import QuestionTally
    from cnncalc.homework.sheets import MarkedAnswer, Question

SIGNS = {
    "right": "+",
    "follows": "&",
    "convention": "~",
    "depends": "=",
    "wrong": "-",
    "unreadable": "?",
    "blank": ".",
    "fault": "!",
}
"""How a verdict is drawn in a grid; the most frequent slips are letters."""

MOST_SLIPS = 6
LONG_NAME = 5  # cells of a question's name that is no heading of a grid


def column_names(questions: Sequence[Question]) -> list[str]:
    """Return a name for the column of each question that no other has."""
    names = ["student", "score"]
    for number, question in enumerate(questions, 1):
        name = question.name
        while name in names:
            name = f"{name} ({number})"
        names.append(name)
    return names[2:]


def grid(
    questions: Sequence[Question],
    names: Sequence[str],
    rows: Iterable[dict[str, Any]],
    tallies: Sequence[QuestionTally],
) -> Listing:
    """Return a class as a grid of signs: a row a student, and what the signs say below."""
    held = [(row["student"], row["score"], *(row[name] for name in names)) for row in rows]
    slips: dict[str, int] = {}
    for tally in tallies:
        for name, count in tally.slips():
            slips[name] = slips.get(name, 0) + count
    common = sorted(slips, key=lambda name: (-slips[name], name))[:MOST_SLIPS]
    letters = dict(zip(common, ascii_lowercase, strict=False))
    signs = {**SIGNS, **letters}
    is_long = max(map(cells, names), default=0) > LONG_NAME
    heads = (
        [f"{number}" for number in range(1, len(names) + 1)] if is_long else [*map(visible, names)]
    )
    columns = [
        Column("student", _("student")),
        *(Column(name, head, "name") for name, head in zip(names, heads, strict=True)),
        Column("score", _("score"), "figure"),
    ]
    total = len(questions)
    drawn = [
        {
            **{n: signs.get(cell, SIGNS["wrong"]) for n, cell in zip(names, cells_of, strict=True)},
            "student": student,
            "score": f"{score}/{total}",
        }
        for student, score, *cells_of in held
    ]
    mean = sum(score for _student, score, *_cells in held) / len(held) if held else 0
    right = {name: f"{t.kinds.get('right', 0)}" for name, t in zip(names, tallies, strict=True)}
    foot = {"student": _("right; mean"), "score": f"{mean:.1f}/{total}", **right}
    shown = {row[name] for row in drawn for name in names}
    below = []
    if is_long:
        below.append(
            ", ".join(f"{head} {visible(name)}" for head, name in zip(heads, names, strict=True))
        )
    below.append(", ".join(f"{SIGNS[kind]} {_(kind)}" for kind in SIGNS if SIGNS[kind] in shown))
    if letters:
        said = ", ".join(
            f"{sign} {_spoken(name)} ({slips[name]})" for name, sign in letters.items()
        )
        below.append(_("Most frequent: {slips}.", slips=said))
    return Listing("students", columns, drawn, feet=[foot], below=below)


def _spoken(name: str) -> str:
    """Return what a slip is called for people: in English by its name, else by what it says."""
    return name if is_english() else ", ".join(map(called, name.split(", ")))


def cell_of(answer: MarkedAnswer) -> str:
    """Return what stands in a student's cell: the slip where there is one."""
    if answer.kind not in ("right", "follows") and answer.verdict and answer.verdict.reasons:
        return answer.verdict.reasons[0].name
    return answer.kind
