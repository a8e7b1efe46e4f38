"""`cnncalc check` on sheets and classes: how they are printed."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from cnncalc.cli.output import show
from cnncalc.cli.streams import watch
from cnncalc.homework.classes import ClassAnswers
from cnncalc.homework.keys import answer_question
from cnncalc.homework.listings import KEY, VERDICT, VERDICT_FIELDS, as_data
from cnncalc.homework.sheets import ask_of, judge_question, read_sheet
from cnncalc.homework.verdicts import points
from cnncalc.output.papers import equation
from cnncalc.output.verdicts import draw, padded, widest
from cnncalc.report.listing import Column, Listing
from cnncalc.speech.language import _
from cnncalc.speech.lines import cells, wrap
from cnncalc.speech.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.cli.requests import Form
    from cnncalc.homework.classes import QuestionTally
    from cnncalc.homework.sheets import MarkedAnswer, Question
    from cnncalc.output.table import Style
    from cnncalc.speech.problem import Problem

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


def run_sheet(path: str, *, form: Form, how: Mapping[str, Any], follow: str) -> int:
    """Judge every claim of a sheet and print the verdicts; 1 where any is not right.

    `how` is what a `Judge` takes beside its network.
    """
    questions = read_sheet(path, how)
    if any(each.ask for each in questions) and not any(each.claims for each in questions):
        return _show_key(questions, form)
    answers = [list(judge_question(question)) for question in questions]
    all_ = [each for found in answers for each in found]
    rows = [
        {"question": each.question, **(as_data(each.verdict) if each.verdict else {})}
        | {"claim": each.text, "verdict": each.kind}
        for each in all_
    ]

    def drawing(how: Style) -> str:
        lines = []
        for question, found in zip(questions, answers, strict=True):
            lines += wrap(visible(f"{question.name}  {question.network}"), how.width)
            for each in found:
                if each.verdict:
                    lines += draw(each.verdict, how, indent=2)
                else:
                    lines += wrap(
                        f"  {padded(_(each.kind), widest())}  {visible(each.text)}", how.width
                    )
            lines.append("")
        right = points([each.kind for each in all_], follow)
        return "\n".join([*lines, _("{right} of {total} right", right=right, total=len(all_))])

    name = Column("question", _("question"))
    listing = Listing("verdicts", [name, *VERDICT], rows, fields=[name, *VERDICT_FIELDS])
    show(listing._replace(told={"warnings": _told(questions)}), form, drawing)
    return int(any(each.kind != "right" for each in all_))


def _show_key(questions: Sequence[Question], form: Form) -> int:
    """Print the right answers to a sheet, with their working; 1 where one has none."""
    found = [answer_question(ask_of(question)) for question in questions]
    rows = [
        {
            "question": each.question.name,
            "network": each.question.network,
            "ask": each.question.ask,
            "answer": each.answer,
            "working": "; ".join(f"{line.name}: {equation(line)}" for line in each.working),
        }
        for each in found
    ]

    def drawing(how: Style) -> str:
        lines = []
        for each in found:
            question = each.question
            lines += wrap(visible(f"{question.name}  {question.network}"), how.width)
            lines += wrap(f"  {visible(question.ask)} = {each.answer or '?'}", how.width)
            for line in each.working:
                lines += wrap(f"    {line.name}: {equation(line)}", how.width)
            lines.append("")
        return "\n".join(lines).rstrip()

    faults = [each.fault for each in found if each.fault]
    told = _told([each.question for each in found])
    told += [fault for fault in faults if fault not in told]
    show(Listing("key", KEY, rows, told={"warnings": told}), form, drawing)
    return int(bool(faults))


def run_class(key: str, answers: str, *, form: Form, how: Mapping[str, Any], follow: str) -> int:
    """Mark the answers of a class and print scores and slips; 1 where a question is at fault."""
    questions = [ask_of(question) for question in read_sheet(key, how)]
    marked = ClassAnswers(questions, answers)
    names = _columns(questions)
    columns = [
        *(Column("student", _("student")), Column("score", _("score"), "count")),
        *(
            Column(name, visible(question.name))
            for name, question in zip(names, questions, strict=True)
        ),
    ]

    def rows() -> Iterator[dict[str, Any]]:
        for student in marked.students():
            cells = zip(names, map(_cell, student.answers), strict=True)
            score = points([each.kind for each in student.answers], follow)
            yield {"student": student.name, "score": score, **dict(cells)}
            tell(marked.read)

    def drawn() -> Listing:
        return _grid(questions, names, list(rows()), marked.tallies)

    def warnings() -> Iterator[Problem]:
        yield from (*_told(questions), *marked.warnings)

    with watch(_("marking")) as tell:
        told = {"warnings": warnings()}
        show(Listing("students", columns, rows(), told=told, drawn=drawn), form)
    return int(any(question.fault for question in questions))


def _columns(questions: Sequence[Question]) -> list[str]:
    """Return a name for the column of each question that no other has."""
    names = ["student", "score"]
    for number, question in enumerate(questions, 1):
        name = question.name
        while name in names:
            name = f"{name} ({number})"
        names.append(name)
    return names[2:]


def _told(questions: Sequence[Question]) -> list[Problem]:
    """Return what is wrong with questions, and what their networks warn of."""
    found = []
    for question in questions:
        found += [question.fault] if question.fault else []
        found += question.judge.warnings if question.judge else []
    return found


def _grid(
    questions: Sequence[Question],
    names: Sequence[str],
    rows: Sequence[dict[str, Any]],
    tallies: Sequence[QuestionTally],
) -> Listing:
    """Return a class as a grid of signs: a row a student, and what the signs say below."""
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
            **{name: signs.get(row[name], SIGNS["wrong"]) for name in names},
            "student": row["student"],
            "score": f"{row['score']}/{total}",
        }
        for row in rows
    ]
    mean = sum(row["score"] for row in rows) / len(rows) if rows else 0
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
        said = ", ".join(f"{sign} {name} ({slips[name]})" for name, sign in letters.items())
        below.append(_("Most frequent: {slips}.", slips=said))
    return Listing("students", columns, drawn, feet=[foot], below=below)


def _cell(answer: MarkedAnswer) -> str:
    """Return what stands in a student's cell: the slip where there is one."""
    if answer.kind not in ("right", "follows") and answer.verdict and answer.verdict.reasons:
        return answer.verdict.reasons[0].name
    return answer.kind
