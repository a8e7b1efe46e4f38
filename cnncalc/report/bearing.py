"""Which of what is asked bears on which quantity, and what is said where one bears on none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.report.quantities import BYTES, FIELDS
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.trace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cnncalc.report.quantity import Quantity

_TIMES = ("intensity", "roofline", "bound")
_UNFOLDED = (
    *("output", "macs", "flops", "products", "activations", "memory", "peak", "depth"),
    *("nonlinearities", "last-field", *(each.name for each in FIELDS)),
)
"""What a network has whether its norms are folded or not, unless another tool counts them."""

BEARING: dict[str, Callable[[Quantity, Settings], bool]] = {
    "like": lambda each, settings: _is_counted(_base(each), settings),
    "batch": lambda each, _settings: each.batched or each.name == "bound",
    "dtype": lambda each, _settings: each.name in BYTES or each.name in _TIMES,
    "planner": lambda each, _settings: each.name == "peak" or each.needs == "planner",
    "device": lambda each, _settings: each.needs == "device",
    "fold": lambda each, settings: bool(settings.like) or _base(each) not in _UNFOLDED,
    "freeze": lambda each, _settings: each.name.startswith(("trainable", "frozen", "training-")),
}
"""Whether an option bears on a quantity, by the name of the option; the others may on any."""


def _base(quantity: Quantity) -> str:
    return quantity.name if quantity.share_of == "input" else quantity.share_of or quantity.name


def _is_counted(name: str, settings: Settings) -> bool:
    """Return whether a counter counts a quantity; FLOPs follow from MACs."""
    counted = settings.like.quantity if settings.like else ""
    return name == counted or (name, counted) == ("flops", "macs")


def idle(settings: Settings, names: Iterable[str], what: str) -> list[Problem]:
    """Return the note that options of these names do not bear on something, if any is given."""
    usual = Settings()
    given = [f"--{name}" for name in names if getattr(settings, name) != getattr(usual, name)]
    return [unneeded(given, what)] if given else []


def unneeded(options: Sequence[str], what: str) -> Problem:
    """Return the note that options that are given do not bear on something."""
    said = ", ".join(options)
    fact = _("{option} has no bearing on {what}", option=said, what=what)
    helps = [_("leave '{option}' out", option=said)]
    if len(options) > 1:
        fact, helps = _("{options} have no bearing on {what}", options=said, what=what), []
    return Problem("nothing-to-change", fact, helps=helps, severity="note", status=2)


def idle_beside(
    settings: Settings, shown: Iterable[Quantity], *, but: Iterable[str] = ()
) -> list[Problem]:
    """Return that note of options that bear on none of the quantities that are shown."""
    found = list(dict.fromkeys(shown))
    names = (
        name
        for name, bears in BEARING.items()
        if name not in but and not any(bears(each, settings) for each in found)
    )
    return idle(settings, names, ", ".join(each.name for each in found))


def refuse_idle(settings: Settings, names: Iterable[str], what: str) -> None:
    """Refuse what has no bearing on what is asked for."""
    for problem in idle(settings, names, what):
        problem.severity = "error"
        raise problem
