"""The answers of a class in CSV: a line a student, a column a question.

The first column is the student's name. Questions of one name take the columns of that name in
their order. Answers about one network are judged together, on the student's own numbers.
"""

from __future__ import annotations

import csv
import re
from itertools import islice
from typing import TYPE_CHECKING

from cnncalc.homework.marking import Marking
from cnncalc.homework.sheet_faults import not_read
from cnncalc.homework.written import BLANKS
from cnncalc.importing.sources import read_file
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.full_width import in_ascii
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.homework.sheets import MarkedAnswer, Question

MOST_BYTES = BUDGET.table  # of a table
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SAID = re.compile(r'(?i)"?sep="?([^\r\n"])"?[ \t,;]*(?:[\r\n]|\Z)')


def decoded(content: bytes) -> str:
    """Return the text of a table as spreadsheets save it: UTF-8, UTF-16, or Korean Windows'.

    >>> decoded("이름,1".encode("cp949")), decoded("a;b".encode("utf-16"))
    ('이름,1', 'a;b')
    """
    if len(content) > MOST_BYTES:
        raise ValueError(_("a table has at most {size} MiB", size=MOST_BYTES >> 20))
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "surrogateescape")
    if content[1:2] == b"\0" and content[3:4] == b"\0":  # without its mark
        return content.decode("utf-16-le", "surrogateescape")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp949")
    except UnicodeDecodeError:
        return content.decode("utf-8-sig", "surrogateescape")


def _delimiter(head: str, questions: Sequence[Question]) -> str:
    """Return what stands between cells: what splits the first line into most questions' names."""
    names = {_seen(question.name) for question in questions}

    def count(sign: str) -> tuple[int, int]:
        cells = [_seen(cell.strip().strip('"')) for cell in head.split(sign)]
        return len(names & set(cells[1:])), len(cells)

    return max(",;\t", key=count)


def _refuse_wide(source: Source, head: str) -> None:
    """Refuse answers whose first line has more cells than a class has questions."""
    if max(map(head.count, ",;\t")) > BUDGET.cells:
        raise not_read(
            Span(source, 0, 0),
            _("a class' answers have at most {most:,} columns", most=BUDGET.cells),
            _("the first line names the questions, each other one a student"),
        )


def _said_delimiter(text: str) -> tuple[str, str]:
    """Return what a first line as 'sep=;' says, as Excel writes it, and the text behind it."""
    found = _SAID.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _seen(name: str) -> str:
    r"""Return a name as it is seen: whatever its case, its blanks, and how its signs are composed.

    >>> _seen("Q\xa01 "), _seen("e\u0301")
    ('q 1', 'é')
    """
    if not name.isascii():
        from unicodedata import normalize

        name = normalize("NFKC", name)
        name = "".join(sign for sign in name if sign.isprintable() or sign.isspace())
    return " ".join(name.casefold().split())


class Student(NamedTuple):
    """A student's answers, in the order of the questions."""

    name: str
    answers: tuple[MarkedAnswer, ...]


class QuestionTally:
    """What became of a question in a class: how many of each verdict, and of each slip."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = {}
        self._slips: dict[str, int] = {}

    def add(self, answer: MarkedAnswer) -> None:
        """Count an answer."""
        self.kinds[answer.kind] = self.kinds.get(answer.kind, 0) + 1
        if answer.kind != "follows" and answer.verdict and answer.verdict.reasons:
            first = answer.verdict.reasons[0].name
            self._slips[first] = self._slips.get(first, 0) + 1

    def slips(self) -> list[tuple[str, int]]:
        """Return the slips, the most frequent first."""
        return sorted(self._slips.items(), key=lambda each: (-each[1], each[0]))


class ClassAnswers:
    """The answers of a class to the questions of a sheet, judged as they are read.

    `warnings` are what is wrong with the columns; once all are read, also with the lines.
    """

    def __init__(self, questions: Sequence[Question], path: str | os.PathLike[str]) -> None:
        self.questions = questions
        self.source = read_file(path, decoded)
        self.tallies = [QuestionTally() for _each in questions]
        self.warnings: list[Problem] = []
        self._record: list[str] = []  # the lines of what is read last
        self._end = 0  # where they end
        self._marking = Marking(questions)
        self._names = {_seen(each.name): each.name for each in reversed(questions)}
        self._names.update({each.name: each.name for each in questions})
        for _row in self._read():  # what is not CSV is told before any answer is
            pass
        self._end = 0
        self._lines: Iterator[list[str]] = self._read()
        self._head = next(self._lines, [])
        if not self._head:
            raise not_read(
                Span(self.source, 0, 0),
                _("there are no answers here"),
                _("the first line names the questions, each other one a student"),
            )
        if (first := self._own_name(self._head[0].strip())) in {each.name for each in questions}:
            raise not_read(
                self._line,
                _(
                    "the first column is the students', and {name} is a question",
                    name=quoted(first),
                ),
                _("put a column of names before it"),
            )
        self._columns = list(self._places())
        if questions and not any(self._columns):
            raise not_read(
                self._line,
                _("no column is called as a question is"),
                _("the questions are {names}", names=", ".join(e.name for e in questions)),
            )

    def students(self, tell: Callable[[float], object] = float) -> Iterator[Student]:
        """Yield the students with their answers, judged.

        `tell` is told how much of the file is, from 0 to 1.
        """
        longer: list[str] = []
        length = max(len(self.source.text), 1)
        before = self._end
        while rows := [*islice(self._lines, self._marking.at_once)]:
            start, part, before = before, self._end - before, self._end

            def told(done: float, start: int = start, part: int = part) -> None:
                tell((start + done * part) / length)

            found = self._marking.mark([*map(self._texts, rows)], told)
            for row, answers in zip(rows, found, strict=True):
                for tally, answer in zip(self.tallies, answers, strict=True):
                    tally.add(answer)
                if any(map(str.strip, row[len(self._head) :])):
                    longer.append(row[0].strip())
                yield Student(row[0].strip(), tuple(answers))
        self._marking.let_go()
        self._lines = iter(())
        if longer:
            self.warnings.append(
                Problem(
                    "cells-without-column",
                    _("lines have more cells than there are columns: {count}", count=len(longer)),
                    [Label(self._first(longer[0]), _("the first"))],
                    helps=[_("put an answer with a comma in it in quotes")],
                    severity="warning",
                )
            )

    def _texts(self, row: Sequence[str]) -> list[str]:
        """Return what a student answers, in the order of the questions; '' for what is blank."""
        texts = [
            row[place].strip() if place and place < len(row) else "" for place in self._columns
        ]
        return ["" if in_ascii(text).lower() in BLANKS else text for text in texts]

    def _read(self) -> Iterator[list[str]]:
        """Yield the lines of the file that are not blank.

        What goes over lines, or holds a quote alone, ends its quotes where a cell ends: an open one
        would take students in, or the answers of the last of them.
        """
        sign, text = _said_delimiter(self.source.text)
        head = next((line[0] for line in _LINE.finditer(text) if line[0].strip()), "")
        _refuse_wide(self.source, head)
        delimiter = sign or _delimiter(head, self.questions)
        reader = csv.reader(self._split(text), delimiter=delimiter)
        while True:
            self._record.clear()
            try:
                row = next(reader)
                if len(self._record) > 1 or self._record[0].count('"') % 2:
                    next(csv.reader(self._record, delimiter=delimiter, strict=True))
            except StopIteration:
                return
            except csv.Error:
                start = self._end - sum(map(len, self._record))
                first = self._record[0].rstrip()
                raise not_read(
                    Span(self.source, start, start + len(first)),
                    _("this is not CSV"),
                    _("a cell has at most 131,072 signs: is a quote left open?"),
                ) from None
            if any(map(str.strip, row)):
                yield row

    def _split(self, text: str) -> Iterator[str]:
        """Yield the lines of a text at the file's end, with their own ends, however they end."""
        before = len(self.source.text) - len(text)
        for line in _LINE.finditer(text):
            self._record.append(line[0])
            self._end = before + line.end()
            yield line[0]

    def _places(self) -> Iterator[int | None]:
        """Yield the column of each question; warn of one without, and of one that none takes."""
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self._head[1:], 1):
            places.setdefault(self._own_name(name.strip()), []).append(place)
        missing: list[str] = []
        for question in self.questions:
            left = places.get(question.name)
            if not left:
                missing.append(question.name)
            yield left.pop(0) if left else None
        asked = {question.name for question in self.questions}
        others = [quoted(name) for name in places if name and name not in asked]
        notes = [_("no question takes {names}", names=", ".join(others))] if others else []
        for name in sorted(set(missing)):
            self._warn(
                "column-missing",
                _("no column is called {name}: its answers count as blank", name=quoted(name)),
                notes,
            )
        for name in sorted(name for name, left in places.items() if left and name in asked):
            self._warn(
                "column-not-read",
                _("more columns are called {name} than questions are", name=quoted(name)),
            )

    def _own_name(self, name: str) -> str:
        """Return the question's name that a heading is, or looks like."""
        return self._names.get(name) or self._names.get(_seen(name), name)

    def _warn(self, code: str, message: str, notes: Sequence[str] = ()) -> None:
        """Warn of a column, at the first line."""
        labels = [Label(self._line)]
        self.warnings.append(Problem(code, message, labels, notes=notes, severity="warning"))

    @property
    def _line(self) -> Span:
        """The line that names the questions."""
        source = Source(self.source.name, ",".join(self._head))
        return Span(source, 0, len(source.text))

    def _first(self, name: str) -> Span:
        """Return where a student's line begins."""
        start = max(self.source.text.find(f"\n{name}"), 0) + 1
        return Span(self.source, start, start + len(name))
