"""Sheets of questions marked: their own claims, the answers of a class, or the key to them."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, overload

from cnncalc.api.answer import Answer, warned
from cnncalc.api.misuse import Misused, choose, read_names, read_path, read_volumes, read_word
from cnncalc.api.options import read_settings
from cnncalc.homework.claims import quantities_of
from cnncalc.homework.classes import ClassAnswers, Student
from cnncalc.homework.conventions import read_accepted
from cnncalc.homework.grids import cell_of, column_names, grid
from cnncalc.homework.keys import answer_question
from cnncalc.homework.listings import CLASS, KEY, KEYS, VERDICT, VERDICTS, as_data
from cnncalc.homework.sheets import ask_of, faults_of, judge_question, read_sheet, settings_of
from cnncalc.homework.verdicts import POINTS, points
from cnncalc.importing.sources import read_input
from cnncalc.output.papers import equation
from cnncalc.output.parts import Passage
from cnncalc.report.asked import ROWS_ALONE, Asked, told_of_all
from cnncalc.speech.columns import Column
from cnncalc.speech.language import _
from cnncalc.speech.visible import visible
from cnncalc.trace.counters import kind_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Unpack

    from cnncalc.api.network import Input
    from cnncalc.api.options import Beside
    from cnncalc.homework.sheets import MarkedAnswer, Question
    from cnncalc.output.parts import Part
    from cnncalc.report.listing import Listing
    from cnncalc.speech.problem import Problem


class _OfSheet(Answer):
    """What became of the `questions` of a sheet."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = questions
        self.settings = settings_of(questions)

    def asked(self) -> Asked:
        """Return what was asked: in rows alone of the quantities that are claimed, or asked for."""
        asked = [f"{name}=0" for each in self.questions for name in each.ask.split(",") if name]
        claims = [text for each in self.questions for text in each.claims]
        shown = quantities_of([*asked, *claims])
        return Asked(self.settings, shown=shown, formats=ROWS_ALONE)

    def kinds(self) -> set[str]:
        """Return the kinds of the rows of all their networks."""
        judges = [each.judge for each in self.questions if each.judge]
        return {kind_of(row) for judge in judges for row in judge.rows}


class Marks(_OfSheet):
    """The `questions` of a sheet, and the `answers` that it claims to each, judged."""

    def __init__(
        self,
        questions: Sequence[Question],
        follow: str = "full",
        tell: Callable[[float], object] = float,
    ) -> None:
        super().__init__(questions)
        self.answers: list[list[MarkedAnswer]] = []
        for question, after in zip_longest(questions, questions[1:]):
            self.answers.append(list(judge_question(question)))
            tell(len(self.answers) / len(questions))
            if question.judge and not (after and after.judge is question.judge):
                question.judge.forget()
        self.warnings = faults_of(questions)
        self._follow = follow

    @property
    def right(self) -> bool:
        """Whether all are right."""
        return all(each.kind == "right" for found in self.answers for each in found)

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all fit
        """Return a row for each claim."""
        rows = [
            {"question": each.question, **(as_data(each.verdict) if each.verdict else {})}
            | {"claim": each.text, "verdict": each.kind}
            for found in self.answers
            for each in found
        ]
        name = Column("question", _("question"))
        below = [*told_of_all(self.settings)]
        return VERDICTS.listing([name, *VERDICT], rows, self, below=below)

    def parts(self) -> Iterable[Part]:
        """Return the verdicts, with what went wrong."""
        from cnncalc.output.sheets import marked

        told = told_of_all(self.settings)
        below = (Passage(each, is_close=True) for each in told)
        return chain(marked(self.questions, self.answers, self._follow), below)

    def __repr__(self) -> str:
        kinds = [each.kind for found in self.answers for each in found]
        return f"<Marks: {kinds.count('right')} of {len(kinds)} right>"


class Key(_OfSheet):
    """The right `answers` to the questions of a sheet that claims nothing, with their working."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(questions)
        self.answers = [answer_question(ask_of(question)) for question in questions]
        self.faults = [each.fault for each in self.answers if each.fault]
        self.warnings = []
        for each in self.answers:
            told = faults_of([each.question])
            self.warnings += told if each.fault in told else [*told, *filter(None, [each.fault])]

    @property
    def right(self) -> bool:
        """Whether all questions have an answer."""
        return not self.faults

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all fit
        """Return a row for each question."""
        rows = [
            {
                "question": each.question.name,
                "network": each.question.network,
                "ask": each.question.ask,
                "answer": each.answer,
                "working": "; ".join(f"{line.name}: {equation(line)}" for line in each.working),
            }
            for each in self.answers
        ]
        return KEYS.listing(KEY, rows, self, below=[*told_of_all(self.settings)])

    def parts(self) -> Iterable[Part]:
        """Return the answers, each with its working below."""
        from cnncalc.output.sheets import key

        told = enumerate(told_of_all(self.settings))
        below = (Passage(each, is_close=place > 0) for place, each in told)
        return chain(key(self.answers), below)

    def __repr__(self) -> str:
        said = ", ".join(f"{each.question.name} {each.answer or '?'}" for each in self.answers)
        return f"<Key {visible(said)}>"


class ClassMarks(_OfSheet):
    """The answers of a class to the `questions` of a sheet, judged as they are read.

    They are read once: `students` keeps them all, and without it the first that goes through them
    streams them.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        path: str | os.PathLike[str],
        follow: str = "full",
        tell: Callable[[float], object] = float,
    ) -> None:
        super().__init__([ask_of(question) for question in questions])
        self._answers = ClassAnswers(self.questions, path)
        self._follow, self._tell = follow, tell
        self._names = column_names(self.questions)
        self._kept: list[Student] | None = None
        self.warnings = [*self.told()]

    @property
    def right(self) -> bool:
        """Whether every question can be asked."""
        return not any(question.fault for question in self.questions)

    @property
    def students(self) -> list[Student]:
        """The students, each with the answers in the order of the questions."""
        if self._kept is None:
            self._kept = list(self._answers.students())
            self.warnings = [*self.told()]
        return self._kept

    def told(self) -> Iterator[Problem]:
        """Yield what is wrong with the sheet and, as far as they are read, the answers."""
        yield from (*faults_of(self.questions), *self._answers.warnings)

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Yield the cells of each student."""
        read = self._answers.students(self._tell) if self._kept is None else self._kept
        for student in read:
            cells = zip(self._names, map(cell_of, student.answers), strict=True)
            score = points([each.kind for each in student.answers], self._follow)
            yield {"student": student.name, "score": score, **dict(cells)}

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all fit
        """Return a row for each student; people are shown a grid of signs."""
        heads = [visible(question.name) for question in self.questions]
        columns = [
            *(Column("student", _("student")), Column("score", _("score"), "count")),
            *map(Column, self._names, heads),
        ]
        rows = self._rows()
        return CLASS.listing(columns, rows, self, fields=columns, drawn=self._grid)

    def _grid(self) -> Listing:
        found = grid(self.questions, self._names, self._rows(), self._answers.tallies)
        told = told_of_all(self.settings)
        return found._replace(below=[*found.lines_below(), *told])

    def __repr__(self) -> str:
        return f"<ClassMarks: {len(self.questions)} questions>"


def marks_of(
    questions: Sequence[Question], follow: str, tell: Callable[[float], object] = float
) -> Marks | Key:
    """Return what a sheet claims, judged; the key of one that claims nothing."""
    if any(each.ask for each in questions) and not any(each.claims for each in questions):
        return Key(questions)
    return Marks(questions, follow, tell)


def unheard_by(found: Answer, options: Mapping[str, object]) -> str | None:
    """Return the first option given that bears on answers alone, where a key was asked for."""
    given = (name for name, value in options.items() if value)
    return next(given, None) if isinstance(found, Key) else None


@overload
def mark(
    sheet: str | os.PathLike[str],
    *,
    input: Input = None,
    accept: str | Sequence[str] = (),
    follow: str = "full",
    **options: Unpack[Beside],
) -> Marks | Key: ...


@overload
def mark(
    sheet: str | os.PathLike[str],
    answers: str | os.PathLike[str],
    *,
    input: Input = None,
    accept: str | Sequence[str] = (),
    follow: str = "full",
    **options: Unpack[Beside],
) -> ClassMarks: ...


def mark(
    sheet: str | os.PathLike[str],
    answers: str | os.PathLike[str] | None = None,
    *,
    input: Input = None,  # noqa: A002 - the name
    accept: str | Sequence[str] = (),
    follow: str = "full",
    **options: Unpack[Beside],
) -> Marks | Key | ClassMarks:
    """Return a sheet marked: the path of a TOML file, with that of a class's answers in CSV.

    Without answers the sheet's own claims are judged; of one that claims nothing the key is
    returned, with its working. The other options are those of `check`.
    """
    settings = read_settings("mark", options)
    choose("follow", read_word("follow", follow, "follow='half'"), POINTS)
    how = {
        "given": read_input(read_volumes(input), channels_first=settings.channels_first).head,
        "accept": read_accepted(read_names("accept", accept, "accept=['no-bias']")),
        "settings": settings,
    }
    questions = read_sheet(read_path("sheet", sheet, "mark('sheet.toml')"), how)
    if answers is None:
        found = marks_of(questions, follow)
        of_answers = {"follow": follow if follow != "full" else "", "accept": accept}
        if name := unheard_by(found, of_answers):
            fact = _("{option} is of answers, and a key has none", option=name)
            raise Misused(fact, name, of_answers[name])
        return warned(found)
    path = read_path("answers", answers, "mark('sheet.toml', 'answers.csv')")
    class_ = ClassMarks(questions, path, follow)
    _all = class_.students
    return warned(class_)
