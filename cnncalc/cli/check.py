"""`cnncalc check`: claims to verdicts, and how verdicts are printed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import faults
from cnncalc.cli.options import names_in
from cnncalc.cli.screen import say, style, wants_color
from cnncalc.judging import Judge, Reason, Verdict, conventions
from cnncalc.language import _
from cnncalc.problem import Label, Problem, Source, Span, cells, quoted
from cnncalc.sheets import judged, mark, read_answers, read_sheet, slips
from cnncalc.variations import CONVENTIONS, SLIPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.network import Given, Network
    from cnncalc.sheets import Answer, Question

HUES = {"right": "32", "convention": "33", "wrong": "31", "unreadable": "35"}
KINDS = (*HUES, "blank", "fault")
SAYS = {way.name: way.says for way in (*CONVENTIONS, *SLIPS)}


def accepted(text: str | None) -> list[str]:
    """Return the conventions that `--accept` names."""
    if not text:
        return []
    fact = "no convention is called {name}"
    return names_in(text, "--accept", conventions(), "unknown-convention", fact)


def run_check(
    network: Network,
    claims: Sequence[str],
    *,
    name: str = "",
    given: Given | None = None,
    channels_first: bool = False,
    accept: Iterable[str] = (),
    as_json: bool = False,
) -> int:
    """Judge claims about a network and print the verdicts; 1 where any is not right."""
    judge = Judge(
        network,
        given=given,
        channels_first=channels_first,
        accept=accept,
        others=_others(name),
    )
    verdicts = [judge.judge(Source("<claim>", claim)) for claim in claims]
    if as_json:
        from cnncalc.export.json import SCHEMA, dumps

        content = {"schema": SCHEMA, "verdicts": [as_data(each) for each in verdicts]}
        say(dumps(content))
    else:
        color = wants_color()
        say("\n".join(line for each in verdicts for line in draw(each, color=color)))
        right = sum(each.kind == "right" for each in verdicts)
        say("\n" + _("{right} of {total} right", right=right, total=len(verdicts)))
    return int(any(each.kind != "right" for each in verdicts))


def _others(name: str) -> list[tuple[str, Network]]:
    """Return the variants of a model: those of its family whose names begin as its own does."""
    from cnncalc import library
    from cnncalc.notation import parse

    source = library.read(name) if name and library.is_name(name) else None
    if source is None:
        return []
    own = source.text.rstrip().splitlines()[-1]
    stem = own.split("_")[0]
    names = [each for each in library.names() if each.split("_")[0] == stem and each != own]
    return [(each, parse(library.read(each) or source)) for each in names[:8]]


def draw(verdict: Verdict, *, color: bool) -> Iterable[str]:
    """Yield the lines of a verdict: the claim, the answer, and what went wrong."""
    widest = _widest()
    word = _padded(_(verdict.kind), widest)
    if color:
        word = f"\x1b[1;{HUES[verdict.kind]}m{word}\x1b[0m"
    yield f"{word}  {verdict.text}"
    pad = " " * (widest + 4)
    if verdict.problem:
        yield f"{pad}{verdict.problem.message}"
        yield from (f"{pad}{text}" for text in verdict.problem.helps)
        return
    if verdict.kind == "right":
        if verdict.note:
            yield f"{pad}{verdict.note}"
        return
    names = [_("answer"), *(_word(each.is_convention, each.name) for each in verdict.reasons)]
    width = max(map(cells, names))
    working = f" = {verdict.working}" if verdict.working else ""
    yield f"{pad}{_padded(names[0], width)}  {_value(verdict.answer)}{working}"
    for name, reason in zip(names[1:], verdict.reasons, strict=True):
        working = f" = {_(reason.working)}" if reason.working else ""
        yield f"{pad}{_padded(name, width)}  {_value(reason.value)}{working}: {_says(reason)}"
    if verdict.note:
        yield f"{pad}{verdict.note}"


def _word(is_convention: bool, name: str) -> str:
    """Return what stands before a reason: the convention's name, to accept it by; or 'slip'."""
    return name if is_convention else _("slip")


def _widest() -> int:
    """Return the cells of the longest kind of verdict."""
    return max(cells(_(kind)) for kind in HUES)


def _padded(text: str, width: int) -> str:
    """Return a text with spaces behind it, up to a width in cells."""
    return text + " " * (width - cells(text))


def _value(text: str) -> str:
    """Return a value as it is drawn: those that are words are translated."""
    return _(text) if text in ("none", "all") else text


def _says(reason: Reason) -> str:
    """Return what a reason says; of two slips at once, what each says."""
    parts = [_(SAYS[name]) for name in reason.name.split(", ") if name in SAYS]
    if len(parts) == 2:
        return _("{first}, and {second}", first=parts[0], second=parts[1])
    return _(reason.says)


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


def leave(status: int) -> None:
    """End a command with a status that is an answer: 1 where a claim is not right."""
    if status:
        sys.stdout.flush()
        click.get_current_context().exit(status)


# ---------------------------------------------------------------- sheets


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
                say(f"  {_padded(_('fault'), _widest())}  {each.text}")
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
