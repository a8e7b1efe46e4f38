"""Another way to an answer: what a convention and a slip are.

A variation is, where it can be, a changed specification put through the same core: a layer with
its padding on one side, without its stride, on an input without its depth. The rest are changes of
one number. Conventions are other people's right answers; slips are nobody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.kinds.volumes import write_volume
from cnncalc.trace.rows import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.kinds.formulas import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer
    from cnncalc.trace.rows import Row

After: TypeAlias = "Callable[[Measure, Layer, Volume], Measure]"
Value: TypeAlias = "Callable[[Row, str, Sequence[Row]], tuple[Any, str] | None]"

SHAPES = frozenset({"output", "size", "channels"})
COUNTS = frozenset({"params", "weights", "biases"})
COSTS = frozenset({"macs", "flops"})
FIELDS = frozenset({"rf"})


class Variation(NamedTuple):
    """Another way to an answer: a convention, which has its right, or a slip.

    `of` are the quantities that it bears on. `respec` changes a layer before it is measured,
    `after` what was measured; `value` gives the answer about one row, with its arithmetic, from
    the row and those before it; `scale` makes it of the right one, as a fraction.
    """

    name: str
    says: str
    of: frozenset[str]
    is_convention: bool = False
    respec: Callable[[Layer], Layer] | None = None
    after: After | None = None
    value: Value | None = None
    scale: tuple[int, int] | None = None

    def measure(self, layer: Layer, volume: Volume) -> Measure:
        """Measure a layer in this way."""
        if self.respec:
            layer = self.respec(layer)
        found = measured(layer, volume)
        return self.after(found, layer, volume) if self.after else found

    def then(self, other: Variation) -> Variation:
        """Return both variations at once, this one first."""
        respecs = [each for each in (self.respec, other.respec) if each]
        afters = [each for each in (self.after, other.after) if each]

        def respec(layer: Layer) -> Layer:
            for change in respecs:
                layer = change(layer)
            return layer

        def after(found: Measure, layer: Layer, volume: Volume) -> Measure:
            for change in afters:
                found = change(found, layer, volume)
            return found

        return Variation(
            f"{self.name}, {other.name}",
            f"{self.says}, and {other.says}",
            self.of & other.of,
            respec=respec,
            after=after,
        )


def spec(*kinds: str, **changes: Any) -> Callable[[Layer], Layer]:
    """Return a change of layers (of some kinds) in their arguments; one may be a function."""

    def respec(layer: Layer) -> Layer:
        if kinds and layer.kind.name not in kinds:
            return layer
        values = layer.named
        for name, change in changes.items():
            if name in values:
                values[name] = change(values[name]) if callable(change) else change
        return layer._replace(values=tuple(values.values()))

    return respec


def spec_padding(change: Callable[[Any], Any]) -> Callable[[Layer], Layer]:
    """Return a change of all paddings: of windows, and of layers that only pad or crop."""
    of_windows, of_maps = spec(padding=change), spec("pad", "crop", size=change)
    return lambda layer: of_maps(of_windows(layer))


SAME = spec(same=True, padding=(0,), valid=False, full=False, ceil=False)


def text_of(found: Any) -> str:
    """Return a value as it is said: 13x13, or 1,024."""
    if isinstance(found, tuple):
        return write_volume(found, for_people=True)
    return f"{found:,}"
