"""What is asked beside a network, as every answer says it: in JSON, and below a table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.speech.columns import field
from cnncalc.speech.language import _
from cnncalc.trace.dtypes import find_types
from cnncalc.trace.planners import PLANNERS
from cnncalc.trace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from cnncalc.report.report import Report
    from cnncalc.speech.columns import Column


WEIGHTS_AND_MAPS = "weights of {weights}, maps of {activations}"


LIKE = [field(name) for name in ("counter", "title", "prints", "counts")]
"""What is said of a counter that counts in place of ours."""

OPTIONS = {
    "batch": "integer",
    "dtype": "string",
    "like": "like",
    "planner": "string",
    "device": "string",
    "fold": "true",
    "freeze": "words",
}
"""What is asked beside a network, and the form in which JSON says it."""


def asked(
    of: Callable[[Any], Settings],
    names: Iterable[str] = OPTIONS,
    *,
    always: Collection[str] = (),
    kinds: Callable[[Any], Collection[str] | None] = lambda _subject: None,
) -> list[Column]:
    """Return the fields that say what is asked, from the settings of what an answer is of.

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

    forms = {name: (OPTIONS[name], partial(get, name)) for name in names}
    of_like = {"like": LIKE}
    return [
        field(name, *forms[name], of_like.get(name, ()), is_optional=name not in always)
        for name in names
    ]


FIELDS_APART = {
    "outputs": ("at", "unit", "effective", "draw", "depth"),
    "unit": ("depth",),
    "effective": ("depth",),
    "explain": ("unit", "effective", "draw", "depth"),
}
"""What is asked of receptive fields that has an answer of its own, and what bears on another."""


def apart(asked: Mapping[str, Any], table: Mapping[str, Iterable[str]]) -> tuple[str, str] | None:
    """Return the first two of what is asked that ask for different answers, as a table says."""
    given = [name for name, value in asked.items() if not (value in (None, ()) or value is False)]
    pairs = ((name, other) for name in table if name in given for other in table[name])
    return next((pair for pair in pairs if pair[1] in given), None)


def shows(settings: Settings) -> list[str]:
    """Return the quantities that what is asked bears on, to be shown beside the usual ones."""
    names = ["roofline"] if settings.device else []  # which tells the type by itself
    names += ["memory"] if settings.dtype != "float32" and not settings.device else []
    names += ["peak"] if settings.planner != "ours" else []
    names += [settings.like.quantity] if settings.like else []
    return [*names, *(("trainable",) if settings.freeze else ())]


def told(settings: Settings, report: Report | None = None) -> Iterator[str]:
    """Yield what is done with a network, a sentence each; how much of a report's is frozen."""
    if settings.fold:
        yield _("Batch norms are folded into the layers before them, which have a bias.")
    names = ", ".join(",".join(settings.freeze).replace(" ", "").split(","))
    if settings.freeze and report:
        frozen, params = map(report.total, ("frozen", "params"))
        said = _(
            "Frozen: {names}, {frozen:,} of {params:,} params.",
            names=names,
            frozen=frozen,
            params=params,
        )
        yield said
    elif settings.freeze:
        yield _("Frozen: {names}.", names=names)


def told_of_all(settings: Settings) -> Iterator[str]:
    """Yield all that is asked, where an answer has nowhere else to say it."""
    from cnncalc.report.captions import roofline

    yield from told_of_counts(settings)
    yield from told(settings)
    if settings.device:
        yield " ".join(roofline(settings))


def told_of_counts(settings: Settings) -> Iterator[str]:
    """Yield what is counted and planned for, where that is not the usual."""
    batch, types = settings.batch, find_types(settings.dtype)
    if settings.like:
        yield _("counted as {tool} does", tool=settings.like.title)
    if types.weights != types.activations:
        what = _(WEIGHTS_AND_MAPS, weights=types.weights, activations=types.activations)
        yield _("counted for a batch of {batch}, {what}", batch=batch, what=what)
    elif (batch, types.name) != (1, "float32"):
        yield _("counted for a batch of {batch}, values of {dtype}", batch=batch, dtype=types.name)
    if settings.planner != "ours":
        says = _(PLANNERS[settings.planner].says)
        yield _("planned by {name}: {says}", name=settings.planner, says=says)
