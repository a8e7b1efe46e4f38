"""The numbers in place of `?` for which goals hold."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cnncalc.api.answer import Answer, warned
from cnncalc.api.misuse import Misused, read_texts, read_word
from cnncalc.api.network import read
from cnncalc.api.options import read_settings
from cnncalc.numbers.ranges import read_range
from cnncalc.report.asked import ROWS_ALONE, Asked
from cnncalc.report.quantities import in_table
from cnncalc.solving.listings import (
    SOLUTIONS,
    in_turn,
    listed,
    nearest_row,
    read_goals,
    warnings_of,
)
from cnncalc.solving.search import Search
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Unpack

    from cnncalc.api.network import Input, Named
    from cnncalc.api.options import Beside
    from cnncalc.notation.tree import Given, Network
    from cnncalc.output.parts import Part
    from cnncalc.report.listing import Listing
    from cnncalc.solving.findings import Solution
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.settings import Settings


class Solutions(Answer):
    """What a search has found, in order: `numbers` by their names, and `networks` with them.

    It `is_complete` where there are no more in the ranges; `was_stopped` from the keyboard.
    `order` is an option, --min or --max, and the quantity that it names.
    """

    def __init__(
        self,
        network: Network,
        goals: Sequence[str],
        settings: Settings,
        *,
        given: Given | None = None,
        ranges: Sequence[str] = (),
        order: tuple[str, str] | None = None,
        watch: Callable[[float], None] | None = None,
    ) -> None:
        claims = read_goals(goals, order, settings)
        self._search = Search(
            network,
            claims,
            settings,
            given=given,
            ranges=[read_range(Source("--range", text)) for text in ranges],
            **({"watch": watch} if watch else {}),
        )
        found: list[Solution] = []
        self.was_stopped = False
        try:
            found.extend(self._search.solutions())
        except KeyboardInterrupt:
            self.was_stopped = True
        self.settings, self._goals = settings, claims
        self._found = in_turn(claims, found, order)
        self.is_complete = not (self.was_stopped or self._search.is_cut)

    @property
    def ranges(self) -> dict[str, tuple[int, int]]:
        """The first and the last number of each unknown that is looked at."""
        return {each.name: (each.numbers[0], each.numbers[-1]) for each in self._search.variables}

    @property
    def nearest(self) -> dict[str, Any] | None:
        """What came nearest, where nothing was found."""
        return None if self._found else nearest_row(self._search)

    @cached_property
    def warnings(self) -> list[Problem]:  # type: ignore[override] # made when it is asked for
        """What the networks of the first solutions are warned of, each once."""
        return warnings_of(self._search, self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def numbers(self) -> list[dict[str, int]]:
        """The numbers of each solution, by the names of the unknowns."""
        names = [each.name for each in self._search.variables]
        return [dict(zip(names, each.numbers, strict=True)) for each in self._found]

    @property
    def networks(self) -> list[str]:
        """The text of the network with the numbers of each solution in it."""
        return [self._search.text(each.numbers) for each in self._found]

    def asked(self) -> Asked:
        """Return what was asked: in rows alone of the quantities of the goals."""
        shown = in_table([goal.quantity for goal in self._goals])
        return Asked(self.settings, shown=shown, formats=ROWS_ALONE)

    def listing(self, *, for_people: bool = False) -> Listing:
        """Return a row for each solution; people are told the warnings beside each."""
        listing = listed(self._search, self._found, self)
        return listing._replace(schema=SOLUTIONS._replace(tail=())) if for_people else listing

    def parts(self) -> Iterable[Part]:
        """Return the first solutions with their working, and what was searched."""
        from cnncalc.output.solutions import solutions

        return solutions(self._search, self._found, is_cut=not self.is_complete)

    def __repr__(self) -> str:
        return f"<Solutions: {len(self)} of {self._search.network.span.text!r}>"


def solve(
    network: Named,
    *goals: str,
    input: Input = None,  # noqa: A002 - the option's name
    ranges: str | Sequence[str] = (),
    min: str | None = None,  # noqa: A002 - the option's name
    max: str | None = None,  # noqa: A002 - the same
    **options: Unpack[Beside],
) -> Solutions:
    """Return the numbers in place of `?` for which goals hold, those that people choose first.

    A goal is a claim, or a quantity to be told, as 'in_features=?'. `ranges` say where to look,
    as 'k=1..100'; `min` and `max` name the quantity to put solutions in order by. Options are those
    of `stack`.

    >>> solve("63x63x16 -> conv 32 k7 p?", "output=63x63x32").numbers
    [{'p': 3}]
    """
    sample = "solve('32x32x3 -> conv 8 k?', 'size=30')"
    settings = read_settings("solve", options)
    texts = read_texts("goals", goals, sample)
    orders = [
        (f"--{name}", read_word(name, value))
        for name, value in (("min", min), ("max", max))
        if value is not None
    ]
    if len(orders) > 1:
        raise Misused(_("min and max ask for different orders"), "max", max)
    within = read_texts("ranges", ranges, "ranges=['k=1..100']")
    found = read(network, input=input, channels_first=options.get("channels_first"))
    if not texts and not orders:
        raise Misused(_("solve takes a network and goals"), "goals", goals, sample)
    return warned(
        Solutions(
            found.tree,
            texts,
            settings._replace(channels_first=found.channels_first),
            given=found.given,
            ranges=within,
            order=orders[0] if orders else None,
        )
    )
