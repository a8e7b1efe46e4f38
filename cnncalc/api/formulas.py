"""What a network has of some quantities as a compiled function of its letters."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any
from warnings import warn

from cnncalc.api.answer import NetworkWarning
from cnncalc.api.misuse import Misused, read_texts
from cnncalc.api.network import read
from cnncalc.api.options import read_settings
from cnncalc.notation.changes import parts
from cnncalc.notation.expressions import Symbol
from cnncalc.notation.inputs import NO_VOLUMES, given_volume
from cnncalc.numbers.compiled import functions_in
from cnncalc.report.asked import Asked
from cnncalc.report.claim_names import quantities_in
from cnncalc.report.quantities import QUANTITIES
from cnncalc.solving.closed_forms import CLOSED, ClosedForm
from cnncalc.solving.unknowns import unknowns
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Unpack

    from cnncalc.api.network import Input, Named, Network
    from cnncalc.api.options import Beside
    from cnncalc.trace.settings import Settings


class Formula:
    """A function of `letters`, in the order in which numbers are taken: of `quantities` a tuple.

    It gives what the report of the network gives with these numbers in it, or raises its fault.
    Numbers are taken by place or by name; `map` takes many of them, a tuple each. It can be
    pickled, and is compiled once.
    """

    def __init__(
        self,
        network: Network,
        settings: Settings,
        letters: Sequence[str],
        quantities: Sequence[str],
        source: str,
    ) -> None:
        self.network, self.letters, self.quantities = network, tuple(letters), tuple(quantities)
        self._settings, self._source = settings, source
        self._one, self._many = functions_in(source)

    def __reduce__(self) -> tuple[Any, ...]:
        given = self.network, self._settings, self.letters, self.quantities, self._source
        return type(self), given

    def __call__(self, *numbers: int, **named: int) -> tuple[Any, ...]:
        """Return the quantities with numbers for the letters."""
        if len(numbers or named) != len(self.letters) or (numbers and named):
            raise self._misused(numbers or named)
        if named:
            if named.keys() != {*self.letters}:
                raise self._misused(named)
            numbers = tuple([named[name] for name in self.letters])
        try:
            found = self._one(*numbers)
        except (TypeError, ValueError):
            raise self._misused(numbers) from None
        return self._traced(numbers) if found is None else found

    def _misused(self, numbers: object) -> Misused:
        """Return the fault of what are no whole numbers, one for each letter."""
        letters = ", ".join(self.letters)
        return Misused(
            _("a whole number for each of {letters} is needed", letters=letters), "numbers", numbers
        )

    def map(self, points: Iterable[Sequence[int]]) -> list[tuple[Any, ...]]:
        """Return the quantities of many points, each a tuple with a number for each letter.

        >>> formula("NxNx3 -> conv W k3", "macs").map([(8, 4), (9, 4)])
        [(3888,), (5292,)]
        """
        try:
            points = list(points)
            found = self._many(points)
        except (TypeError, ValueError):
            raise self._misused(points) from None
        if None in found:
            for place, each in enumerate(found):
                if each is None:
                    found[place] = self._traced(points[place])
        return found  # type: ignore[return-value] # no None is left

    def _traced(self, numbers: Sequence[int]) -> tuple[Any, ...]:
        """Return the quantities of the network with numbers in it, traced."""
        try:
            named = dict(zip(self.letters, map(index, numbers), strict=True))
        except TypeError:
            raise self._misused(numbers) from None
        report = self.network.answer(self._settings, NO_VOLUMES, named, is_traced=True)
        return tuple(report.total(name) for name in self.quantities)

    def __repr__(self) -> str:
        said = ", ".join(self.quantities)
        return f"<Formula of {self.network.name!r}: {said} by {', '.join(self.letters)}>"


def formula(
    network: Named,
    *quantities: str,
    input: Input = None,  # noqa: A002 - the option's name
    **options: Unpack[Beside],
) -> Formula:
    """Return a function that gives quantities of a network for numbers in place of its letters.

    Letters (`W`) and unknowns (`?w`) are taken in the order in which they are written. Options are
    those of `stack`. A `Problem` where there is no closed form: where letters decide how the
    network is built, say, or for options other than a batch and a type.

    >>> macs = formula("NxNx3 -> conv W k3 -> gap -> fc 10", "params", "macs")
    >>> macs.letters, macs(224, 64), macs(N=32, W=8)
    (('N', 'W'), (2442, 85163392), (314, 194480))
    """
    settings = read_settings("formula", options)
    texts = read_texts("quantities", quantities, "formula('NxNx3 -> conv W k3', 'macs')")
    found = read(network, input=input, channels_first=options.get("channels_first"))
    settings = settings._replace(channels_first=found.channels_first)
    names = quantities_in(",".join(texts) or "params,macs", "quantities", CLOSED)
    letters, unknown = _letters(found)
    tree, given = found.put(found.tree, unknown, found.given)
    for each in Asked(settings, shown=[QUANTITIES[name] for name in names]).idle():
        warn(str(each), NetworkWarning, stacklevel=2)
    form = ClosedForm(tree, letters, settings, given=given)
    return Formula(found, settings, letters, names, form.source(names))


def _letters(network: Network) -> tuple[list[str], dict[str, Symbol]]:
    """Return the names of letters and unknowns, as they are written; and letters for unknowns."""
    given = given_volume(network.tree, network.given)
    steps = (*((given,) if given else ()), *network.tree.sequence.items)
    unknown = {each.name: Symbol(each.name, each.uses[0].span) for each in unknowns(steps)}
    symbols = [part for part in parts((given, network.tree)) if isinstance(part, Symbol)]
    places: dict[str, tuple[bool, int]] = {}
    for each in (*unknown.values(), *symbols):
        place = each.span.source == network.tree.span.source, each.span.start
        places[each.symbol] = min(place, places.get(each.symbol, place))
    return sorted(places, key=places.__getitem__), unknown
