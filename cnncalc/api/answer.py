"""What a question is answered with: it prints as its table, and is plain data when it is asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar
from warnings import warn

from cnncalc.report.asked import Asked
from cnncalc.speech.problem import Offer, Problem, propose_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.output.layout import Style
    from cnncalc.output.parts import Part
    from cnncalc.report.listing import Listing


def _tried(problem: Problem) -> Offer:
    """Return what a problem offers, where no command line asks."""
    if problem.severity == "warning" and not (problem.fix or problem.traced):
        return Offer([])
    from cnncalc.api.proposals import try_out

    return try_out(problem)


propose_with(_tried, is_command=False)


class NetworkWarning(UserWarning):
    """What a network is warned of: a volume that looks like a slip, pixels that are left over."""


class Answer(ABC):
    """An answer as the command of its question gives it: rows for programs, a text for people.

    `warnings` are what its networks are warned of.
    """

    warnings: list[Problem]

    @abstractmethod
    def listing(self, *, for_people: bool = False) -> Listing:
        """Return all rows; `for_people` those that a screen has room for."""

    def asked(self) -> Asked:
        """Return what was asked, of which some may bear on nothing in it."""
        return Asked()

    @property
    def is_table(self) -> bool:
        """Whether people are shown the table of its rows, and nothing else."""
        mine = type(self)
        return mine.lay_out is Answer.lay_out and mine.parts is Answer.parts

    def parts(self) -> Iterable[Part]:
        """Return what people are shown, in parts."""
        return [self.listing(for_people=True)]

    def lay_out(self, style: Style) -> str:
        """Return what people are shown, as text."""
        from cnncalc.output.table import draw_parts

        return draw_parts(self.parts(), style)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, which is what the command prints with `--json`."""
        from json import loads

        from cnncalc.output.json import write

        found: dict[str, Any] = loads("\n".join(write(self.listing())))
        return found

    def __str__(self) -> str:
        from cnncalc.output.layout import Style

        return self.lay_out(Style(None, color=False, unicode=True))

    def _repr_html_(self) -> str:
        """Return what people are shown, as tables of a notebook."""
        from cnncalc.output.html import in_notebook

        return in_notebook(self.listing(for_people=True)._replace(parts=[*self.parts()]))


A = TypeVar("A", bound=Answer)


def warned(answer: A) -> A:
    """Return an answer; what is warned of, and what is idle, comes where the caller asked."""
    from cnncalc.speech.picture import MOST_WARNINGS

    for each in [*answer.warnings, *answer.asked().idle()][:MOST_WARNINGS]:
        warn(str(each), NetworkWarning, stacklevel=3)
    return answer
