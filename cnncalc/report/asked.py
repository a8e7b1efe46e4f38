"""What is asked of an answer: which options bear on nothing in it, and what is said of others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.report.options import OPTIONS, bears_on, given
from cnncalc.speech.columns import field
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.trace.dtypes import find_types
from cnncalc.trace.settings import Settings
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.speech.columns import Column

ROWS_ALONE = ("csv", "jsonl", "markdown", "latex")
"""The formats of an answer's rows, which may have nothing below them that says what was asked."""


class Deaf(NamedTuple):
    """The options that bear on nothing in an answer, in some formats or in all, for none."""

    options: Sequence[str]
    formats: Collection[str] = ()


_FOR_PROGRAMS = ("json", "jsonl", "csv")

DEAF = {
    "a figure": Deaf(("planner", "device", "freeze")),
    "a figure of windows": Deaf(("like", "batch", "dtype", "planner", "device")),
    "the totals of counters": Deaf(("batch", "dtype")),
    "what fits": Deaf(("like", "device")),
    "ram and flash, which hold no training": Deaf(("freeze",)),
    "padding": Deaf(("like", "batch", "dtype", "planner", "freeze")),
    "one row": Deaf(("depth", "sort", "top")),
    "{format}, which has no bars": Deaf(("chart",), (*_FOR_PROGRAMS, "mermaid")),
    "JSON, which has all of these": Deaf(("columns",), ("json", "jsonl")),
    "claims of which none follows from a wrong one": Deaf(("follow",)),
    "verdicts, which are the same: points are for people": Deaf(("follow",), _FOR_PROGRAMS),
}
"""What answers are called that have no place for some options."""


class Asked(NamedTuple):
    """What is asked of an answer, and what there is in it for options to bear on.

    `settings` go beside its networks, and `options` are the others that are given. `called` are the
    names that the answer has in `DEAF`. Where `shown` are quantities, settings bear on these alone,
    in some `formats` or in all, for none; but for those that it `heeds` in another way.
    """

    settings: Settings = Settings()
    options: Collection[str] = ()
    called: Sequence[str] = ()
    shown: Sequence[Quantity] = ()
    formats: Collection[str] = ()
    heeds: Collection[str] = ()

    def idle(self, form: str = "") -> list[Problem]:
        """Return the notes on options that are given and bear on nothing, in a format."""
        changed = given(self.settings) if self.called or self.shown else []
        found = []
        for what in self.called:
            options, formats = DEAF[what]
            if not formats or form in formats:
                idle = [name for name in options if name in (*changed, *self.options)]
                found.append((idle, _(what, format=form)))
        if changed and self.shown and (not self.formats or form in self.formats):
            shown = dict.fromkeys(self.shown)
            idle = [name for name in changed if name not in self.heeds]
            idle = [name for name in idle if not bears_on(name, shown, self.settings)]
            found.append((idle, ", ".join(each.name for each in shown)))
        return [_unneeded(options, what) for options, what in found if options]

    def refuse(self) -> None:
        """Refuse such an option."""
        for problem in self.idle():
            problem.severity = "error"
            raise problem


def of_one_row(**given: object) -> Asked:
    """Return what is asked of an answer of one row: the options of several that are given."""
    return Asked(options=[name for name in given if given[name]], called=["one row"])


def _unneeded(names: Sequence[str], what: str) -> Problem:
    """Return the note that options that are given do not bear on something."""
    said = ", ".join(f"--{name}" for name in names)
    fact = _("{option} has no bearing on {what}", option=said, what=what)
    helps = [_("leave '{option}' out", option=said)]
    if len(names) > 1:
        fact, helps = _("{options} have no bearing on {what}", options=said, what=what), []
    return Problem("nothing-to-change", fact, helps=helps, severity="note", status=2)


LIKE = [field(name) for name in ("counter", "title", "prints", "counts")]
"""What is said of a counter that counts in place of ours."""

_IN_JSON = [name for name in Settings._fields if name in OPTIONS and OPTIONS[name].form]


def fields_of(
    of: Callable[[Any], Settings],
    names: Iterable[str] = _IN_JSON,
    *,
    always: Collection[str] = (),
    kinds: Callable[[Any], Collection[str] | None] = lambda _subject: None,
) -> list[Column]:
    """Return the fields of JSON that say what is asked, from the settings of what an answer is of.

    Some are there `always`, others where they are not the usual; `kinds` are those of the rows that
    a counter counts, None where they are not known yet.
    """

    def get(name: str, subject: Any) -> Any:
        found = getattr(of(subject), name)
        if name not in always and found == getattr(Settings(), name):
            return None
        if name == "like":
            says = {"counter": found.name, "title": found.title, "prints": found.prints}
            return {**says, "counts": found.says(kinds(subject))}
        return found

    return [
        field(
            name,
            OPTIONS[name].form,
            partial(get, name),
            LIKE if name == "like" else (),
            is_optional=name not in always,
        )
        for name in names
    ]


_ROWS = ("depth", "at", "by", "chart", "sort", "top")

APART = {
    "stack": {
        "get": ("json", "format", "explain", "columns", "totals", "check", *_ROWS[2:], "depth"),
        "fits": ("get", "explain", "columns", "totals", "check", *_ROWS),
        "check": ("columns", "totals", *_ROWS),
        "totals": ("explain", "columns", *_ROWS),
        "explain": ("columns", "by", "chart", "depth", "device"),
        "by": ("depth",),
    },
    "rf": {
        "outputs": ("at", "unit", "effective", "draw", "depth"),
        "unit": ("depth",),
        "effective": ("depth",),
        "explain": ("unit", "effective", "draw", "depth"),
    },
}
"""Options that have an answer of their own, and those that bear on another, by the command."""


def apart(command: str, asked: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the first two of what is asked of a command that ask for different answers."""
    given = [name for name, value in asked.items() if not (value in (None, ()) or value is False)]
    own = APART[command]
    pairs = ((name, other) for name in own if name in given for other in own[name])
    return next((pair for pair in pairs if pair[1] in given), None)


def told(settings: Settings, report: Report | None = None) -> Iterator[str]:
    """Yield what is done with a network, a sentence each; how much of a report's is frozen."""
    if settings.fold:
        yield _("Batch norms are folded into the layers before them, which have a bias.")
    names = ", ".join(",".join(settings.freeze).replace(" ", "").split(","))
    if settings.freeze and report:
        of = {"frozen": report.total("frozen"), "params": report.total("params")}
        yield _("Frozen: {names}, {frozen:,} of {params:,} params.", names=names, **of)
    elif settings.freeze:
        yield _("Frozen: {names}.", names=names)


def told_of_all(settings: Settings) -> Iterator[str]:
    """Yield all that is asked and not the usual, where an answer has nowhere else to say it."""
    from cnncalc.report.captions import of_two, planned, roofline

    batch, types = settings.batch, find_types(settings.dtype)
    if settings.like:
        yield _("counted as {tool} does", tool=settings.like.title)
    if types.weights != types.activations:
        yield _("counted for a batch of {batch}, {what}", batch=batch, what=of_two(types))
    elif (batch, types.name) != (1, "float32"):
        yield _("counted for a batch of {batch}, values of {dtype}", batch=batch, dtype=types.name)
    if settings.planner != "ours":
        yield planned(settings)
    yield from told(settings)
    if settings.device:
        yield " ".join(roofline(settings))
