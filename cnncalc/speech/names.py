"""Names that a text lists with commas between them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def no_such(
    code: str, message: str, name: str, span: Span, known: Collection[str], *, status: int = 2
) -> Problem:
    """Return the fault of a name that is none of those known: the nearest is meant, or all told."""
    from cnncalc.speech.spelling import meant, nearest

    told = _("there are {names}", names=", ".join(known))
    helps = [meant(nearest(name, known), told)]
    return Problem(code, message, [Label(span)], helps=helps, status=status)


def names_in(
    text: str,
    option: str,
    known: Collection[str],
    code: str,
    fact: str,
    others: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """Return the names that an option's value lists with commas; refuse one that is not known.

    `fact` is the message of a name that there is not, with {name} in it; `others` has names for
    names.
    """
    source = Source(option, text)
    found = []
    start = 0
    for part in text.split(","):
        name = part.strip().lower()
        if name not in known:
            name = others.get(name.replace("_", "-"), name)
        if name not in known:
            span = Span(source, start, start + len(part))
            raise no_such(code, _(fact, name=quoted(part.strip())), name, span, known)
        found.append(name)
        start += len(part) + 1
    return found
