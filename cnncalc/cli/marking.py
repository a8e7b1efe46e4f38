"""`cnncalc check` on sheets and classes: how they are printed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from cnncalc.cli import faults
from cnncalc.cli.check import KINDS, as_data, draw, padded, widest
from cnncalc.cli.screen import say, style, wants_color
from cnncalc.language import _
from cnncalc.problem import Label, Problem, Source, Span, quoted
from cnncalc.sheets import judged, mark, read_answers, read_sheet, slips

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.sheets import Answer, Question


def run_sheet(path: str, *, form: str) -> int:
    """Judge every claim of a sheet and print the verdicts; 1 where any is not right."""
    questions = read_sheet(path)
    if form in ("json", "csv"):
        answers = [each for question in questions for each in judged(question)]
        rows = [
            {"question": each.question, **(as_data(each.verdict) if each.verdict else {})}
            | {"claim": each.text, "verdict": each.kind}
            for each in answers
        ]
        _print_rows(rows, form, "verdicts", ("question", "claim", "verdict", "answer"))
        return int(any(each.kind != "right" for each in answers))
    right = total = 0
    for question in questions:
        say(f"{question.name}  {question.network}")
        if question.fault:
            faults.warn([question.fault])
        for each in judged(question):
            total += 1
            right += each.kind == "right"
            if each.verdict:
                for line in draw(each.verdict, color=wants_color()):
                    say(f"  {line}")
            else:
                say(f"  {padded(_('fault'), widest())}  {each.text}")
        say("")
    say(_("{right} of {total} right", right=right, total=total))
    return int(right < total)


def run_class(key: str, answers: str, *, form: str) -> int:
    """Mark the answers of a class and print scores and slips; 1 where a question is at fault."""
    questions = read_sheet(key)
    head, rows = read_answers(answers)
    track = progress(rows)
    students = [mark(questions, head, row) for row in track]
    broken = [question.fault for question in questions if question.fault]
    faults.warn(broken)
    _warn_of_columns(questions, head, answers)
    names = [question.name for question in questions]
    table = [
        {
            "student": student.name,
            "score": student.score,
            **{each.question: _cell(each) for each in student.answers},
        }
        for student in students
    ]
    if form in ("json", "csv"):
        _print_rows(table, form, "students", ("student", "score", *names))
        return int(bool(broken))
    from cnncalc import table as drawing

    lines = [
        [
            student.name,
            str(student.score),
            *(_drawn(str(row[name])) for name in names),
        ]
        for student, row in zip(students, table, strict=True)
    ]
    say(drawing.draw_columns([_("student"), _("score"), *names], lines, style()))
    say("")
    for question in questions:
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
        say(f"{question.name}: {counts}")
    return int(bool(broken))


def progress(rows: Sequence[Any]) -> Iterable[Any]:
    """Return rows, with their progress on a terminal where there are many."""
    if len(rows) < 200 or not sys.stderr.isatty():
        return rows
    from cnncalc import table

    return table.track(rows, _("marking"))


def _warn_of_columns(questions: Sequence[Question], head: Sequence[str], path: str) -> None:
    """Warn of columns that no question has, and of questions without a column."""
    known = {question.name for question in questions}
    named = {name.strip() for name in head[1:]}
    for name in sorted(known - named):
        source = Source(path, ",".join(head))
        faults.warn(
            [
                Problem(
                    "column-missing",
                    _(
                        "no column is called {name}: its answers count as blank",
                        name=quoted(name),
                    ),
                    [Label(Span(source, 0, len(source.text)))],
                    severity="warning",
                )
            ]
        )


def _cell(answer: Answer) -> str:
    """Return what stands in a student's cell: the slip where there is one."""
    if answer.kind != "right" and answer.verdict and answer.verdict.reasons:
        return answer.verdict.reasons[0].name
    return answer.kind


def _drawn(cell: str) -> str:
    """Return a student's cell as it is drawn: kinds are translated, names of slips never."""
    return _(cell) if cell in KINDS else cell


def _print_rows(
    rows: Sequence[dict[str, Any]], form: str, name: str, columns: Sequence[str]
) -> None:
    """Print rows of plain data as JSON or CSV."""
    if form == "json":
        from cnncalc.export.json import SCHEMA, dumps

        say(dumps({"schema": SCHEMA, name: list(rows)}))
        return
    import csv
    import io

    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(columns)
    table.writerows([row.get(column, "") for column in columns] for row in rows)
    say(out.getvalue().rstrip("\n"))
