"""The answers of students judged, one network after another; what is judged of them is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.homework.claims import claim_text
from cnncalc.homework.sheets import MarkedAnswer
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.full_width import in_ascii
from cnncalc.speech.problem import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.homework.judge import Judge
    from cnncalc.homework.sheets import Question

MOST_KEPT = BUDGET.answers_kept  # answers to the questions about a network
KEPT_IN_ALL = BUDGET.kept_in_all  # and about all networks of a class
MOST_ASKED = BUDGET.judges  # judges that keep what they worked out
AT_ONCE = BUDGET.cells_at_once  # of students that are marked together


class Marking:
    """Marks the answers of a class to questions.

    Students who give the same answers about a network are judged once. Of many networks few judges
    keep what they worked out: then the students are marked `at_once`, so many, that each judge is
    asked about all of them before the next one is.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = questions
        self._judges = {id(each.judge): each.judge for each in questions if each.judge is not None}
        self._most_kept = min(MOST_KEPT, KEPT_IN_ALL // max(len(self._judges), 1) + 1)
        for judge in self._judges.values():
            judge.most_kept = self._most_kept
        self._groups: dict[int, list[int]] = {key: [] for key in self._judges}
        for number, question in enumerate(questions):  # by their judge
            if question.judge is not None:
                self._groups[id(question.judge)].append(number)
        is_many = len(self._judges) > MOST_ASKED
        self.at_once = max(AT_ONCE // len(questions), 1) if is_many else 1
        self._kept: dict[int, dict[tuple[str, ...], list[MarkedAnswer]]] = {}
        self._asked: dict[int, Judge] = {}  # the judges asked last, in their order

    def mark(
        self, students: Sequence[Sequence[str]], tell: Callable[[float], object] = float
    ) -> list[list[MarkedAnswer]]:
        """Return what became of the answers of students, in the order of the questions.

        `tell` is told how much of it is done, from 0 to 1.
        """
        found = [
            [
                MarkedAnswer(question.name, text, "fault" if text else "blank", None)
                for question, text in zip(self.questions, texts, strict=True)
            ]
            for texts in students
        ]
        for done, (key, group) in enumerate(self._groups.items(), 1):
            for texts, answers in zip(students, found, strict=True):
                numbers = [number for number in group if texts[number]]
                for number, answer in zip(numbers, self._judged(key, numbers, texts), strict=True):
                    answers[number] = answer
            tell(done / len(self._groups))
        return found

    def let_go(self) -> None:
        """Let go of what is kept for students to come."""
        for judge in self._asked.values():
            judge.forget()
        self._asked, self._kept = {}, {}

    def _judged(self, key: int, numbers: Sequence[int], texts: Sequence[str]) -> list[MarkedAnswer]:
        """Return what became of the answers to some questions, which have one judge."""
        if not numbers:
            return []
        judge = self._judges[key]
        kept = self._kept.setdefault(key, {})
        claims = tuple(
            [claim_text(self.questions[number].ask, in_ascii(texts[number])) for number in numbers]
        )
        if (found := kept.get(claims)) is None:
            self._ask(key, judge)
            verdicts = judge.judge_all([Source("<answer>", claim) for claim in claims])
            found = [
                MarkedAnswer(self.questions[number].name, texts[number], verdict.kind, verdict)
                for number, verdict in zip(numbers, verdicts, strict=True)
            ]
            if len(kept) >= self._most_kept:
                kept.clear()
            kept[claims] = found
        return found

    def _ask(self, key: int, judge: Judge) -> None:
        """Ask a judge; of many, one that was not asked for long forgets what it worked out."""
        self._asked.pop(key, None)
        self._asked[key] = judge
        if len(self._asked) > MOST_ASKED:
            oldest = next(iter(self._asked))
            self._asked.pop(oldest).forget()
            self._kept.pop(oldest, None)
