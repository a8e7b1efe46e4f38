"""A memory to run in: what a network needs of each part of it, and the largest input that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.inputs import given_volume
from cnncalc.numbers.figures import size_of
from cnncalc.numbers.lettered import depends_on_letters
from cnncalc.numbers.working import are_numbers, product
from cnncalc.report.report import Report
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.notation.tree import Given

PARTS = ("ram", "flash")
"""What holds a forward pass, and what holds the parameters."""

MOST_SIDE = BUDGET.sides
MOST_TRIED = 300  # sizes whose whole need is worked out, one by one
MOST_ROWS = BUDGET.fitted  # that this may take
NEAR = 64  # sizes below one that does not fit the network, among which one is looked for

BOTH_HELD = ("conv", "deconv", "fc", "linear", "local", "maxpool", "avgpool")
"""What every planner writes beside what it reads."""


def read_size(text: str, at: int = 0, whole: str | None = None) -> int:
    """Return the bytes of a size, at least 1, which stands somewhere in a whole text."""
    size = size_of(text)
    if not size:
        span = Span(Source("--fits", text if whole is None else whole), at, at + len(text))
        raise Problem(
            "size-unreadable",
            _("{size} is not a size of memory that can be read", size=quoted(text.strip())),
            [Label(span)],
            helps=[_("as in 8GB (10^9 bytes each), 8GiB (2^30 bytes each) or 512MB")],
            status=2,
        )
    return size


def read_targets(text: str) -> dict[str, int]:
    """Return the bytes of each part that is named, as 'ram=256KiB,flash=1MiB'; none for a size.

    >>> read_targets("ram=256KiB, flash=1MiB"), read_targets("8GiB")
    ({'ram': 262144, 'flash': 1048576}, {})
    """
    found: dict[str, int] = {}
    at = 0
    for piece in text.split(",") if "=" in text else ():
        name, _equals, size = piece.partition("=")
        part = name.strip().lower()
        if part not in PARTS or part in found:
            raise Problem(
                "unknown-part",
                _("a memory has ram and flash, each once"),
                [Label(Span(Source("--fits", text), at, at + max(len(name), 1)))],
                helps=[_("as in '--fits ram=256KiB,flash=1MiB'")],
                status=2,
            )
        found[part] = read_size(size, at + len(name) + 1, text)
        at += len(piece) + 1
    return found


class Need(NamedTuple):
    """What a part must hold and what it can, in bytes; `over` is by how much that is too little.

    `made_of` are quantities and what the network has of them, which add up to it.
    """

    part: str
    bytes: int
    budget: int
    over: int
    made_of: tuple[tuple[str, int], ...] = ()


def needs(report: Report, budgets: Mapping[str, int]) -> list[Need]:
    """Return what a network needs of each part: the peak, and the parameters as they are stored.

    Under TensorFlow Lite Micro's planner the arena is its head and its tail, an estimate.
    """
    is_laid = report.settings.planner == "tflm"
    names = {"ram": ("arena-head", "arena-tail") if is_laid else ("peak",), "flash": ("flash",)}
    found = []
    for part, budget in budgets.items():
        made_of = tuple((name, report.total(name)) for name in names[part])
        held = sum(size for _name, size in made_of if are_numbers(size))
        if not all(are_numbers(size) for _name, size in made_of):
            raise depends_on_letters()
        found.append(Need(part, held, budget, max(held - budget, 0), made_of))
    return found


class LargestInput(NamedTuple):
    """The largest square input that fits, None for none.

    It `is_proved` where every larger one was tried, or needs too much whatever the plan; else sides
    were halved, as if what is needed never fell as an input grows. Where the largest that is tried
    fits it `is_open`.
    """

    volume: tuple[int, ...] | None
    is_proved: bool = True
    is_open: bool = False


def largest_square(
    report: Report, given: Given | None, budgets: Mapping[str, int]
) -> LargestInput | None:
    """Return the largest input of equal sides that fits; None where none is looked for.

    Sides that do not fit the network are passed by.
    """
    own = given_volume(report.network, given)
    if own is None or len(report.input) < 2 or len(report.inputs) > 1:
        return None

    def is_enough(found: Report) -> bool:
        return not any(need.over for need in needs(found, budgets))

    sides = _Sides(report, own)
    highest = sides.near(MOST_SIDE)
    if highest and is_enough(highest):
        return LargestInput(highest.input, is_open=True)
    best, is_sure = sides.halved(is_enough)
    last, _is_sure = sides.halved(lambda found: _may_fit(found, budgets))
    side, most = (found.input[0] if found else 0 for found in (best, last))
    tries = min(MOST_TRIED, MOST_ROWS // report.whole.rows[-1].index)
    if most - side > tries:
        return LargestInput(best.input if best else None, is_proved=False)
    larger = map(sides.report, range(most, side, -1))
    best = next((found for found in larger if found and is_enough(found)), best)
    return LargestInput(best.input if best else None, is_proved=is_sure)


def _may_fit(report: Report, budgets: Mapping[str, int]) -> bool:
    """Return whether parts can hold what no planner can do without, which grows with an input."""
    held = report.forward.bytes
    rows = [row for row in report.rows if row.kind in BOTH_HELD and not row.aux]
    least = [held(product(row.input)) + held(product(row.output)) for row in rows]
    least.append(held(product(report.input)))
    flash: int = report.total("flash")
    return max(least) <= budgets.get("ram", max(least)) and flash <= budgets.get("flash", flash)


class _Sides:
    """One network with inputs of other sides."""

    def __init__(self, report: Report, own: Given) -> None:
        self._base, self._own = report, own

    def report(self, side: int) -> Report | None:
        """Return the report of an input with this side; None where it does not fit the network."""
        volume = self._base.input
        given = self._own._replace(sizes=(*(side,) * (len(volume) - 1), volume[-1]))
        try:
            return Report(self._base.network, self._base.settings, given=given)
        except Problem:
            return None

    def near(self, side: int, above: int = 0) -> Report | None:
        """Return that of this side, or of the next below it that fits the network."""
        below = range(side, max(side - NEAR, above), -1)
        return next((found for found in map(self.report, below) if found), None)

    def halved(self, is_enough: Callable[[Report], bool]) -> tuple[Report | None, bool]:
        """Return the largest that is enough, and whether some side near each one looked at fits.

        What is enough for a side is taken to be so for smaller ones.
        """
        best, is_sure = None, True
        low, high = 0, MOST_SIDE + 1
        while high - low > 1:
            middle = (low + high) // 2
            found = self.near(middle, low)
            if found is None and middle - low > NEAR:  # it may lie between: towards its own size
                is_sure = False
                low, high = (low, middle) if middle > max(self._base.input[:-1]) else (middle, high)
            elif found is None:
                low = middle
            elif is_enough(found):
                best, low = found, middle
            else:
                high = found.input[0]
        return best, is_sure
