"""What a call in Python does not take: a fault of the input that is a `TypeError` as well.

Arguments are read here by what they are: each reader names the argument that it refuses.
"""

from __future__ import annotations

import os
from operator import index
from typing import TYPE_CHECKING, Any

from cnncalc.numbers.digits import MOST_DIGITS
from cnncalc.report.asked import apart
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import TypeGuard

MOST = 10**MOST_DIGITS
MOST_SHOWN = 60  # characters of what is given


class Misused(Problem, TypeError):  # noqa: N818 - a Problem
    """A call with an argument that it does not take."""

    def __init__(self, fact: str, name: str, value: object, sample: str = "") -> None:
        source = Source(name, shown(value))
        label = Label(Span(source, 0, len(source.text)))
        helps = [_("as in {sample}", sample=sample)] if sample else []
        super().__init__("misuse", fact, [label], helps=helps, status=2)


def shown(value: object) -> str:
    """Return the beginning of what a value shows itself as, whatever its size."""
    from reprlib import Repr

    show = Repr()
    show.maxstring = show.maxother = MOST_SHOWN
    try:
        return show.repr(value)[:MOST_SHOWN]
    except ValueError:  # a number of more digits than Python writes
        return type(value).__name__


def refuse_unknown(function: str, options: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse an argument that a function has none of the name of."""
    for name, value in options.items():
        if name not in known:
            close = nearest(name, known)
            refused = Misused(
                _("{function} takes no '{name}'", function=function, name=name), name, value
            )
            refused.helps = (meant(close, _("it takes {names}", names=", ".join(known))),)
            raise refused


def refuse_apart(function: str, asked: Mapping[str, object]) -> None:
    """Refuse arguments of a function that ask for different answers."""
    if pair := apart(function, asked):
        name, other = pair
        fact = _("{option} and {other} ask for different answers", option=name, other=other)
        raise Misused(fact, other, asked[other])


def read_flag(name: str, value: object) -> bool:
    """Return what is true or false."""
    if not isinstance(value, bool):
        raise Misused(_("{name} is true or false", name=name), name, value)
    return value


def read_word(name: str, value: object, sample: str = "") -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise Misused(_("{name} is a text", name=name), name, value, sample)
    return value


def read_count(name: str, value: Any, least: int = 0, fact: str = "") -> int:
    """Return a whole number, of whatever type counts."""
    try:
        found = index(value)
    except TypeError:
        found = -1
    if found >= MOST:
        raise too_long(name, value)
    if isinstance(value, bool) or found < least:
        said = _("{name} is a whole number, {least} or more", name=name, least=least)
        raise Misused(fact or said, name, value)
    return found


def too_long(name: str, value: object, most: int = MOST_DIGITS) -> Misused:
    """Return the fault of a number of more digits than may be typed."""
    return Misused(_("{name} has at most {most} digits", name=name, most=most), name, value)


def read_place(name: str, value: Any) -> str | None:
    """Return the label or the number of a row as a text; None for none."""
    if value is None or isinstance(value, str):
        return value
    return str(read_count(name, value))


def read_axes(name: str, value: object) -> str | None:
    """Return a place, a number for each axis, as it is typed; None for none."""
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, tuple | list):
        fact = _("{name} is a whole number for each axis", name=name)
        raise Misused(fact, name, value, f"{name}=(0, 9)")
    return ",".join(str(read_count(name, each)) for each in value)


def read_path(name: str, value: object, sample: str) -> str | os.PathLike[str]:
    """Return the path of a file."""
    if isinstance(value, str) or is_path(value):
        return value
    raise Misused(_("{name} is the path of a file", name=name), name, value, sample)


def is_path(value: object) -> TypeGuard[os.PathLike[str]]:
    """Return whether a value is a path that has a text."""
    return isinstance(value, os.PathLike) and isinstance(value.__fspath__(), str)


def read_texts(name: str, values: Any, sample: str) -> list[str]:
    """Return texts, or one text; refuse what is none, with a call that is taken."""
    is_one = isinstance(values, str | bytes) or not hasattr(values, "__iter__")
    found = [values] if is_one else [*values]
    for each in found:
        if not isinstance(each, str):
            raise Misused(_("{name} takes texts", name=name), name, each, sample)
    return found


def read_names(name: str, values: str | Iterable[str] | None, sample: str) -> str | None:
    """Return names as an option of the command line has them, with commas; None for none."""
    return None if values is None else ",".join(read_texts(name, values, sample))


def read_volumes(value: Any) -> str | Mapping[str, str] | None:
    """Return the volumes of inputs as texts; a volume may be whole numbers, as (32, 32, 3)."""
    from collections.abc import Mapping

    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {read_word("input", name): _volume(each) for name, each in value.items()}
    return _volume(value)


def _volume(value: Any) -> str:
    """Return a volume as it is typed."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list) and value:
        return "x".join(str(read_count("input", size)) for size in value)
    fact = _("input is a volume, or one for each name")
    raise Misused(fact, "input", value, "input='32x32x3', input=(32, 32, 3)")


def choose(name: str, value: object, choices: Iterable[str]) -> None:
    """Refuse an argument that is none of its choices."""
    if value is not None and not isinstance(value, str):
        raise Misused(_("{name} is a text", name=name), name, value, quoted(next(iter(choices))))
    if value is not None and value not in choices:
        fact = _("{option} is one of {choices}", option=name, choices=", ".join(choices))
        place = Label(Span(Source(name, value), 0, len(value)))
        raise Problem("unknown-choice", fact, [place])
