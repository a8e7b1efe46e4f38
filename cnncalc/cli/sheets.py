"""`cnncalc check` on sheets and classes: how they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.cli.check import KINDS, VERDICT, VERDICT_FIELDS, as_data, draw, padded, widest
from cnncalc.cli.output import show
from cnncalc.cli.streams import track
from cnncalc.homework.sheets import judged, mark, read_answers, read_sheet, slips
from cnncalc.report.listing import Column, Listing
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.cli.options import Form
    from cnncalc.homework.sheets import Answer, Question, Student
    from cnncalc.output.table import Style


def run_sheet(path: str, *, form: Form, how: Mapping[str, Any]) -> int:
    """Judge every claim of a sheet and print the verdicts; 1 where any is not right.

    `how` is what a `Judge` takes beside its network.
    """
    questions = read_sheet(path, how)
    answers = {question.name: list(judged(question)) for question in questions}
    all_ = [each for found in answers.values() for each in found]
    rows = [
        {"question": each.question, **(as_data(each.verdict) if each.verdict else {})}
        | {"claim": each.text, "verdict": each.kind}
        for each in all_
    ]

    def drawing(how: Style) -> str:
        lines = []
        for question in questions:
            lines += wrap(f"{question.name}  {question.network}", how.width)
            for each in answers[question.name]:
                if each.verdict:
                    lines += draw(each.verdict, how, indent=2)
                else:
                    lines += wrap(f"  {padded(_('fault'), widest())}  {each.text}", how.width)
            lines.append("")
        right = sum(each.kind == "right" for each in all_)
        return "\n".join([*lines, _("{right} of {total} right", right=right, total=len(all_))])

    name = Column("question", _("question"))
    listing = Listing("verdicts", [name, *VERDICT], rows, fields=[name, *VERDICT_FIELDS])
    show(listing, form, drawing, warnings=_told(questions))
    return int(any(each.kind != "right" for each in all_))


def run_class(key: str, answers: str, *, form: Form, how: Mapping[str, Any]) -> int:
    """Mark the answers of a class and print scores and slips; 1 where a question is at fault."""
    questions = read_sheet(key, how)
    head, rows = read_answers(answers)
    students = [mark(questions, head, row) for row in track(rows, _("marking"))]
    told = [*_told(questions), *_missing_columns(questions, head, answers)]
    columns = [
        *(Column("student", _("student")), Column("score", _("score"), "count")),
        *(Column(question.name, question.name) for question in questions),
    ]
    marks = [
        {
            "student": student.name,
            "score": student.score,
            **{each.question: _cell(each) for each in student.answers},
        }
        for student in students
    ]
    drawn = [{name: _drawn(value) for name, value in row.items()} for row in marks]
    below = [_summary(question, students) for question in questions]
    show(
        Listing(
            "students",
            columns,
            marks,
            drawn=lambda: Listing("students", columns, drawn, below=below),
        ),
        form,
        warnings=told,
    )
    return int(any(question.fault for question in questions))


def _told(questions: Sequence[Question]) -> list[Problem]:
    """Return what is wrong with questions, and what their networks warn of."""
    found = []
    for question in questions:
        found += [question.fault] if question.fault else []
        found += question.judge.warnings if question.judge else []
    return found


def _summary(question: Question, students: Sequence[Student]) -> str:
    """Return how a class did on a question: how many of each verdict, the most frequent slips."""
    kinds = [
        each.kind
        for student in students
        for each in student.answers
        if each.question == question.name
    ]
    counts = ", ".join(
        _("{count} {kind}", count=kinds.count(kind), kind=_(kind))
        for kind in dict.fromkeys(sorted(kinds))
    )
    found = ", ".join(f"{name} ({count})" for name, count in slips(students, question.name)[:3])
    if found:
        counts = _("{counts}; most frequent: {slips}", counts=counts, slips=found)
    return f"{question.name}: {counts}"


def _missing_columns(
    questions: Sequence[Question], head: Sequence[str], path: str
) -> Iterator[Problem]:
    """Yield a warning for each question without a column."""
    named = {name.strip() for name in head[1:]}
    for name in sorted({question.name for question in questions} - named):
        source = Source(path, ",".join(head))
        yield Problem(
            "column-missing",
            _("no column is called {name}: its answers count as blank", name=quoted(name)),
            [Label(Span(source, 0, len(source.text)))],
            severity="warning",
        )


def _cell(answer: Answer) -> str:
    """Return what stands in a student's cell: the slip where there is one."""
    if answer.kind != "right" and answer.verdict and answer.verdict.reasons:
        return answer.verdict.reasons[0].name
    return answer.kind


def _drawn(cell: Any) -> Any:
    """Return a student's cell as it is drawn: kinds are translated, names of slips never."""
    return _(cell) if cell in KINDS else cell
