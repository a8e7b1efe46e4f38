"""What a call in Python does not take: a fault of the input that is a `TypeError` as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_SHOWN = 60  # characters of what is given


class Misused(Problem, TypeError):  # noqa: N818 - a Problem
    """A call with an argument that it does not take."""

    def __init__(self, fact: str, name: str, value: object, sample: str = "") -> None:
        source = Source(name, repr(value)[:MOST_SHOWN])
        label = Label(Span(source, 0, len(source.text)))
        helps = [_("as in {sample}", sample=sample)] if sample else []
        super().__init__("misuse", fact, [label], helps=helps, status=2)


def read_texts(name: str, values: Any, sample: str) -> list[str]:
    """Return texts, or one text; refuse what is none, with a call that is taken."""
    found = [values] if isinstance(values, str) or not hasattr(values, "__iter__") else [*values]
    for each in found:
        if not isinstance(each, str):
            raise Misused(_("{name} takes texts", name=name), name, each, sample)
    return found


def read_names(name: str, values: str | Iterable[str] | None, sample: str) -> str | None:
    """Return names as an option of the command line has them, with commas; None for none."""
    return None if values is None else ",".join(read_texts(name, values, sample))
