"""Sweeps: a network for each number of a range, and what comes of it.

What is swept is `input`, the spatial size; an unknown of the network, by its letter (`?w`); a
letter that stands for a size or a number (`C`); or a parameter of a definition that has a default,
by its name, or as `definition.parameter`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.notation.changes import parts, rebuilt
from cnncalc.notation.expressions import Placeholder, Symbol, is_fraction
from cnncalc.notation.inputs import Volumes, given_volume, volume_missing
from cnncalc.report.report import Report
from cnncalc.solving.unknowns import filled, unknowns, uses
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.names import no_such
from cnncalc.speech.problem import Label, Problem, quoted
from cnncalc.trace.expansion import count_layers
from cnncalc.trace.settings import Settings
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.notation.tree import Definition, Formal, Given, Network
    from cnncalc.numbers.ranges import Range
    from cnncalc.solving.closed_forms import ClosedForm
    from cnncalc.solving.unknowns import Key
    from cnncalc.speech.problem import Span

MOST_POINTS = BUDGET.points
FEW_POINTS = 16  # so many are traced as soon as a closed form is made

INPUT = "input"


class Point(NamedTuple):
    """A number of a sweep, and the network's report with it, or the fault that it has."""

    number: Any
    report: Report | None
    fault: Problem | None

    @property
    def shown(self) -> int | float:
        """The number as it is printed: a fraction as a decimal."""
        return self.number if isinstance(self.number, int) else float(self.number)


class Sweep:
    """A network with a number left open, and the numbers to put there."""

    def __init__(
        self,
        network: Network,
        numbers: Range,
        settings: Settings = Settings(),  # noqa: B008 - a value, and no state
        *,
        given: Given | None = None,
    ) -> None:
        refuse_too_many_points(numbers)
        volume = given_volume(network, given)
        if volume is None:
            raise volume_missing(network)
        self.numbers = numbers
        self.settings = settings
        self._network, self._given, self._key = opened(network, volume, numbers.name, numbers.span)

    def layers(self) -> int:
        """Return about how many layers all points come to: of each, those of the largest end."""
        most = 0
        for number in {end for part in self.numbers.parts for end in (part[0], part[-1])}:
            with suppress(Problem):
                network = filled(self._network, {self._key: number})
                most = max(most, count_layers(network.sequence))
        return most * self.numbers.length

    def points(self) -> Iterator[Point]:
        """Yield a point for each number; one that does not fit has its fault."""
        form = self._closed() if self.numbers.length >= FEW_POINTS else None
        for number in self.numbers.numbers():
            if form and form.holds((number,)):
                put = partial(self._put, number)
                known = partial(form.total, (number,))
                yield Point(number, Report.later(put, self.settings, known), None)
            else:
                yield self.traced(number)

    def traced(self, number: Any) -> Point:
        """Return the point of a number, traced."""
        try:
            return Point(number, self._report(number), None)
        except Problem as problem:
            return Point(number, None, problem)

    def _closed(self) -> ClosedForm | None:
        """Return the network's closed form in the number, where it has one."""
        from cnncalc.solving.closed_forms import ClosedForm

        last = self.numbers.parts[-1][-1]
        letter = {self._key: Symbol("n0", self.numbers.span)}
        try:
            network, given = filled(self._network, letter), filled(self._given, letter)
            return ClosedForm(network, ["n0"], self.settings, given=given, sample=[last])
        except Problem:
            return None

    def _put(self, number: Any) -> tuple[Network, Given]:
        """Return the network and its volume with a number."""
        put = {self._key: number}
        return filled(self._network, put), filled(self._given, put)

    def _report(self, number: Any) -> Report:
        network, given = self._put(number)
        if not isinstance(number, int) and any(is_fraction(size) for size in given.sizes):
            raise Problem(
                "number-not-whole",
                _("a size is a whole number"),
                [Label(self.numbers.span)],
                helps=[_("sweep whole numbers")],
            )
        return Report(network, self.settings, given=given, keep_rows=False)


def is_parameter(network: Network, name: str) -> bool:
    """Return whether a name is that of a definition's parameter, which may be a fraction."""
    return any(name in (each, each.partition(".")[2]) for each in _formals(network))


class Rereading(Sweep):
    """A network that is read anew for each number: of a model's source, an argument of its own."""

    def __init__(
        self,
        read: Callable[[Any], Network],
        numbers: Range,
        settings: Settings = Settings(),  # noqa: B008
    ) -> None:
        refuse_too_many_points(numbers)
        self.numbers, self.settings, self._read = numbers, settings, read

    def layers(self) -> int:
        """Return about how many layers all points come to: of each, those of the last."""
        with suppress(Problem):
            last = self._read(self.numbers.parts[-1][-1])
            return count_layers(last.sequence) * self.numbers.length
        return 0

    def points(self) -> Iterator[Point]:
        """Yield a point for each number; one that does not fit has its fault."""
        for number in self.numbers.numbers():
            try:
                yield Point(number, Report(self._read(number), self.settings), None)
            except Problem as problem:
                yield Point(number, None, problem)


def refuse_too_many_points(numbers: Range) -> None:
    """Refuse a range of more numbers than a sweep goes through."""
    if numbers.length > MOST_POINTS:
        raise Problem(
            "too-many-points",
            _("a sweep has at most {most:,} points", most=MOST_POINTS),
            [Label(numbers.span, f"{numbers.length:,}")],
            helps=[_("take larger steps, as in 'n=32..512:32'")],
            status=2,
        )


def opened(network: Network, given: Given, name: str, span: Span) -> tuple[Network, Given, Key]:
    """Return a network and its volume, with an unknown where the sweep puts its numbers."""
    steps = (given, *network.sequence.items)
    for unknown in unknowns(steps):
        if unknown.name == name:
            return network, given, unknown.key
    swept = Placeholder(f"{name}=", span)  # no letter of the notation is written so
    key: Key = swept.letter
    letters = _letters(network, given)
    if name in letters:

        def put(part: Any) -> Any:
            return swept if isinstance(part, Symbol) and part.symbol == name else part

        return rebuilt(network, put), rebuilt(given, put), key
    if name == INPUT:
        given = _opened_volume(given, swept)
        return Volumes(given).put_in(network), given, key
    formals = _formals(network)
    found = [each for each in formals if name in (each, each.partition(".")[2])]
    if len(found) != 1:
        named = [*(each.name for each in unknowns(steps)), *letters]
        raise _not_one(name, span, found, formals, named)
    formal = formals[found[0]]
    opened: Network = rebuilt(
        network, lambda part: formal._replace(default=(swept,)) if part is formal else part
    )
    if formal.default is None or not any(
        use.key == key for item in opened.sequence.items for use in uses(item)
    ):
        raise Problem(
            "sweep-without-effect",
            _(
                "each call says what {name} is, so its default is not used",
                name=quoted(formal.name),
            ),
            [Label(formal.span)],
            helps=[_("write '?n' where a call gives it, and sweep n")],
        )
    return opened, given, key


def _opened_volume(given: Given, swept: Placeholder) -> Given:
    """Return a volume whose spatial sizes, which are all alike, are swept."""
    *sides, channels = given.sizes
    if not sides:
        return given._replace(sizes=(swept,))
    if len(set(sides)) > 1:
        raise Problem(
            "sides-differ",
            _("the sides of the input differ, and a sweep of it makes them alike"),
            [Label(given.span)],
            helps=[_("write '?n' in place of the sizes that are swept, and sweep n")],
        )
    return given._replace(sizes=(*[swept] * len(sides), channels))


def _letters(network: Network, given: Given) -> list[str]:
    """Return the letters of a network and its volume that stand for numbers."""
    return sorted({part.symbol for part in parts((given, network)) if isinstance(part, Symbol)})


def _formals(network: Network) -> dict[str, Formal]:
    """Return the parameters of the definitions, as definition.parameter."""
    definitions: tuple[Definition, ...] = network.definitions
    return {f"{each.name}.{formal.name}": formal for each in definitions for formal in each.formals}


def _not_one(
    name: str, span: Span, found: list[str], formals: dict[str, Formal], letters: list[str]
) -> Problem:
    """Return the problem of a name of which there is nothing, or more than one thing, to sweep."""
    if found:
        return Problem(
            "sweep-ambiguous",
            _("several definitions have a parameter {name}", name=quoted(name)),
            [Label(span)],
            helps=[_("name one of them: {names}", names=", ".join(found))],
            status=2,
        )
    known = [INPUT, *letters, *dict.fromkeys(each.partition(".")[2] for each in formals)]
    fact = _("nothing here is called {name}", name=quoted(name))
    return no_such("unknown-sweep", fact, name, span, known)
