"""A network that is asked often with other numbers: traced at first, then by its closed form."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.notation.expressions import Symbol
from cnncalc.speech.problem import Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from cnncalc.notation.inputs import Volumes
    from cnncalc.notation.tree import Given, Network
    from cnncalc.solving.closed_forms import ClosedForm
    from cnncalc.trace.settings import Settings

    Put: TypeAlias = Callable[
        [Network, Mapping[str, Any], Given | None], tuple[Network, Given | None]
    ]

TURNS = 16
"""How often it is traced before its closed form is made, which takes as long."""

PEAKS = 32
"""How often its peak is asked for before that is compiled, which takes longer."""

_NOWHERE = Span(Source("<numbers>", ""), 0, 0)


class ClosedFormCache:
    """The closed forms of a network, one for all questions that give numbers of the same names.

    `put` puts numbers into a network and its volume, or letters.
    """

    def __init__(self, put: Put, network: Network, given: Given | None) -> None:
        self._put, self._network, self._given = put, network, given
        self._asked: dict[tuple[Any, ...], CachedForm] = {}

    def known(
        self, settings: Settings, volumes: Volumes, numbers: Mapping[str, Any]
    ) -> Callable[[str], Any] | None:
        """Return what gives totals by names, None for some; None where all is to be traced."""
        sizes = _sizes(volumes)
        if sizes is None:
            return None
        kinds = tuple(map(sizes.index, sizes[:-1])), sizes[-1:]
        asked = self._asked.setdefault((settings, *numbers, kinds), CachedForm())
        asked.turns += 1
        found = [number for place, number in enumerate(sizes[:-1]) if place in kinds[0]]
        values = (*found, *numbers.values())
        if asked.turns == TURNS:
            with suppress(Problem):
                asked.form = self._closed(settings, volumes, numbers, kinds[0], values)
        return asked.known(values)

    def _closed(
        self,
        settings: Settings,
        volumes: Volumes,
        numbers: Mapping[str, Any],
        kinds: tuple[int, ...],
        values: tuple[Any, ...],
    ) -> ClosedForm:
        """Return the closed form in letters for sizes of a volume that are alike, and numbers."""
        from cnncalc.solving.closed_forms import ClosedForm

        letters = {name: Symbol(f"n{place}", _NOWHERE) for place, name in enumerate(numbers)}
        sides = [Symbol(f"s{kind}", _NOWHERE) for kind in kinds]
        given = volumes.head or self._given
        if volumes.head is not None:
            given = volumes.head._replace(sizes=(*sides, volumes.head.sizes[-1]))
        network, given = self._put(self._network, letters, given)
        names = dict.fromkeys(each.symbol for each in (*sides, *letters.values()))
        return ClosedForm(network, [*names], settings, given=given, is_quiet=True, sample=values)


class CachedForm:
    """A closed form, once it is made, and how often it was asked for."""

    def __init__(self, form: ClosedForm | None = None) -> None:
        self.turns = self._peaks = 0
        self.form = form

    def known(self, values: Sequence[Any]) -> Callable[[str], Any] | None:
        """Return what gives totals by names where letters have values; None if all is traced."""
        holds = self.form is not None and self.form.holds(values)
        return partial(self._total, values) if holds else None

    def _total(self, values: Sequence[Any], name: str) -> Any:
        """Return a total where letters have values; None where it is to be traced."""
        if name == "peak":
            self._peaks += 1
        is_dear = name == "peak" and self._peaks < PEAKS
        return None if is_dear or self.form is None else self.form.total(values, name)


def _sizes(volumes: Volumes) -> tuple[Any, ...] | None:
    """Return the sizes of a volume for the head, all whole numbers, if that is all there is."""
    head = volumes.head
    if head is None:
        return None if volumes.named else ()
    if volumes.named or head.shape or not all(type(size) is int for size in head.sizes):
        return None
    return head.sizes
