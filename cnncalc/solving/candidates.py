"""What an unknown may be: its range, what grows with it, and which numbers people choose first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.notation.changes import parts
from cnncalc.notation.expressions import Channels, Equal, Product, Sum
from cnncalc.notation.tree import Layer
from cnncalc.report.quantities import SUMMED
from cnncalc.solving.unknowns import Key, Unknowns
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.solving.unknowns import Key, Unknowns
    from cnncalc.speech.problem import Span
    from cnncalc.trace.rows import Row

RANGES = {
    "kernel": (1, 31, 15),
    "stride": (1, 16, 8),
    "padding": (0, 31, 15),
    "dilation": (1, 16, 8),
    "groups": (1, 256, 64),
    "output-padding": (0, 15, 7),
    "multiplier": (1, 64, 16),
    "filters": (1, 4096, 1024),
    "units": (1, 4096, 1024),
    "channels": (1, 4096, 1024),
    "factor": (1, 16, 8),
    "times": (0, 128, 16),
    "input": (1, 1024, 512),
}
"""From where an unknown is looked for, and up to where: alone, beside others."""

_OTHER = (0, 64, 16)

WIDE = BUDGET.sizes  # up to where a size is looked for, where its range can be halved

COSTS = frozenset(quantity.name for quantity in SUMMED)
GROWS = {
    "input": COSTS | {"output", "size", "in_features"},
    "channels": COSTS | {"output", "channels", "in_features"},
    "filters": COSTS | {"output", "channels", "in_features"},
    "units": COSTS | {"output", "channels", "in_features"},
}
"""What can only grow with an unknown, as far as it changes at all."""

FLAT = frozenset({"channels", "filters", "units"})
"""Numbers of channels: the height and width of maps do not change with them."""

LEAST_FILTERS = 8  # of a layer, as people choose them

MOST_SORTED = BUDGET.in_order  # numbers that are put in the order in which people choose them

_USUAL = {"maxpool": (2, 3), "avgpool": (2, 3), "deconv": (4, 2, 3)}


class Variable(NamedTuple):
    """An unknown: its name, what it is a number of, of what kind of layer, range and places."""

    key: Key
    name: str
    roles: frozenset[str]
    kind: str
    numbers: Sequence[int]
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, unknown: Unknowns) -> Variable:
        """Return an unknown as it is looked for; its range is not set yet."""
        roles = frozenset(use.role for use in unknown.uses)
        spans = {(use.span.source, use.span.start): use.span for use in unknown.uses}
        return cls(unknown.key, unknown.name, roles, unknown.uses[0].kind, (), (*spans.values(),))

    def among(self, count: int, *, is_halved: bool) -> Variable:
        """Return it with its range, one of so many unknowns: the narrowest of its roles."""
        ranges = [RANGES.get(role, _OTHER) for role in self.roles]
        least = max(each[0] for each in ranges)
        most = min(each[1 if count == 1 else 2] for each in ranges)
        if is_halved and "input" in self.roles:
            most = WIDE
        return self._replace(numbers=range(least, most + 1))

    def in_order(self) -> Iterable[int]:
        """Return its numbers, those first that people choose first."""
        few = len(self.numbers) <= MOST_SORTED
        return sorted(self.numbers, key=self.rank) if few else self.numbers

    def rank(self, number: int) -> int:
        """Return how far a number is from what people choose first.

        Kernels are odd but where they pool or enlarge; counts are powers of two, or tens.
        """
        if "kernel" in self.roles:
            usual = _USUAL.get(self.kind, (3, 5, 7, 1))
            return usual.index(number) if number in usual else 4 + (number % 2 == 0)
        is_power = number & (number - 1) == 0
        if self.roles & {"filters", "units", "channels"}:
            usual_channels = "channels" in self.roles and number in (1, 3)
            if usual_channels or (is_power and number >= LEAST_FILTERS):
                return 0
            return 1 if is_power or number % 10 == 0 else 2
        return int("groups" in self.roles and not is_power)


def is_not_monotonic(role: str, steps: Iterable[Any]) -> bool:
    """Return whether something in a network may shrink as an unknown grows."""
    nodes = list(parts(steps))
    signs = {sign for node in nodes if isinstance(node, Sum | Product) for sign, _ in node[0]}
    if role == "input":  # sizes reach the channels through flatten alone
        flat = any(isinstance(node, Layer) and node.kind.name == "flatten" for node in nodes)
        return flat and any(isinstance(node, Channels) for node in nodes)
    return bool(signs & {"-", "/"}) or any(isinstance(node, Channels | Equal) for node in nodes)


def padding_rank(row: Row) -> int:
    """Return 0 for a padding that keeps the size at stride 1, or divides it; 1 for none; 2."""
    if not isinstance(row.node, Layer):
        return 0
    values = row.node.named
    if "padding" not in values or values.get("same") or values.get("full"):
        return 0
    paddings = values["padding"]
    spans = [d * (k - 1) for k in values["kernel"] for d in values.get("dilation", (1,))]
    strides = values["stride"]
    if any(isinstance(each, tuple) for each in paddings):
        return 2
    if all(2 * p in (span, span + 1 - s) for p in paddings for span in spans for s in strides):
        return 0
    return 2 if any(paddings) else 1
