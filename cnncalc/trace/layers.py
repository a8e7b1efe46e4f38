"""A layer where it stands: measured, held to what its call says, and written as a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.receptive_field import OWN
from cnncalc.kinds.table import KINDS
from cnncalc.kinds.volumes import are_whole
from cnncalc.notation.evaluation import too_large
from cnncalc.notation.tree import Layer
from cnncalc.numbers.assumptions import is_recorded
from cnncalc.numbers.lettered import is_large, letters_in, too_long
from cnncalc.numbers.working import plain, product
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.problem import Problem
from cnncalc.trace import warnings
from cnncalc.trace.adapted import AS_WRITTEN, TAKES_NORMS, with_bias
from cnncalc.trace.ledger import Does
from cnncalc.trace.sharing import Sharing

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Said
    from cnncalc.speech.problem import Span
    from cnncalc.trace.fields import FieldTrace
    from cnncalc.trace.flow import Flow
    from cnncalc.trace.ledger import Ledger
    from cnncalc.trace.settings import Settings


_MEASURES: dict[tuple[object, ...], Measure] = {}
"""What layers did to volumes, for the traces to come."""


def measured(layer: Layer, volume: Volume) -> Measure:
    """Return what a layer does to a volume, by its kind's formulas; on whole numbers once."""
    if is_recorded() or not are_whole(volume):  # in letters, or working
        return layer.measure(volume)
    key = (layer.kind.name, layer.values, volume)
    found = _MEASURES.get(key)
    if found is None:
        found = layer.measure(volume)
        if len(_MEASURES) > 16_384:
            _MEASURES.clear()
        _MEASURES[key] = found
    return found


class Layers:
    """The layers of one trace: what was measured before, and what their calls say.

    `flattened` holds where a flatten is read in; `at_places` a linear layer on a map that nothing
    has answered for yet, and that map.
    """

    def __init__(
        self,
        ledger: Ledger,
        fields: FieldTrace,
        measure: Callable[[Layer, Volume], Measure] | None,
        settings: Settings,
    ) -> None:
        self._ledger = ledger
        self.fields = fields
        self._measure = measure or measured
        self._strict = settings.strict
        self._most_lettered = settings.budget.lettered
        self.sharing = Sharing()
        self.calls: dict[int, Said] = {}
        self.flattened: set[int] = set()
        self.at_places: tuple[Layer, Volume] | None = None
        self._flat: Volume = ()
        self._does: dict[tuple[object, ...], Does] = {}
        self._known: dict[int, tuple[Layer, Does]] = {}  # by the identities of layers
        self._lettered = 0

    def end(self, volume: Volume) -> None:
        """Warn of a linear layer on a map that is still there at the end."""
        if self.at_places and len(volume) > 1:
            self._ledger.warn(warnings.at_places(*self.at_places))

    def trace(self, layer: Layer, flow: Flow, label: str | None) -> Flow:
        """Write the row of a layer that a flow comes in to; return what comes out.

        A norm that is folded has no row. A walk that goes on from other numbers may have other rows
        than are known: what is no norm there, or takes none, stands as it is.
        """
        volume, step = flow.volume, self._ledger.index + 1
        adapted = self._ledger.adapted
        if adapted is not AS_WRITTEN:
            if step in adapted.into and layer.kind.name == "bn":
                self._ledger.index = step
                return flow
            if step in adapted.names and layer.kind.name in TAKES_NORMS:
                layer, label = with_bias(layer), label or adapted.names[step]
        said = self.calls.get(layer.span.start) if self.calls else None
        if said and said.span.source is layer.span.source:
            layer = self._as_said(layer, volume, said)
        known = self._known.get(id(layer))
        if known is None or known[0] is not layer or known[1].volume != volume:
            known = self._find(layer, volume)
        does = known[1]
        measure, shared = does.measure, None
        if measure.params and self.sharing.is_on:
            measure, shared = self.sharing.hold(layer, volume, measure, adapted.number(step))
        if measure.ragged and self._strict:
            raise warnings.does_not_tile(layer, measure.ragged)
        if measure.unread:
            self._ledger.warn(warnings.left_over(layer, volume, measure))
        field, depth = flow.field, flow.depth
        if does.reads:
            field = self.fields.through(flow, measure, layer)
        if does.is_vector or self.at_places:
            self._watch_places(layer, flow, measure)
        if does.deeper:
            depth = (depth[0] + does.deeper[0], depth[1] + does.deeper[1])
        return self._ledger.write_row(
            layer, label, flow, measure, field, depth, shared=shared, seen=flow.seen, does=does
        )

    def _find(self, layer: Layer, volume: Volume) -> tuple[Layer, Does]:
        """Return what a layer does to a volume, worked out once for all layers like it."""
        key = (layer.kind.name, layer.values, volume)
        does = self._does.get(key)
        if does is None:
            try:
                measure = self._measure(layer, volume)
            except Problem as problem:
                raise problem.at(layer.span) from None
            refuse_large(measure, layer.span)
            if layer.kind.name == "conv" and (warning := warnings.order_of_numbers(layer, volume)):
                self._ledger.warn(warning)
            if letters_in((*measure.output, measure.params)):
                self._count_lettered(layer, volume, measure)
            if len(self._does) > BUDGET.remembered_rows:
                self._does.clear()
            does = self._does[key] = Does(layer, volume, measure)
        if len(self._known) > BUDGET.remembered_rows:
            self._known.clear()
        found = self._known[id(layer)] = layer, does
        return found

    def _watch_places(self, layer: Layer, flow: Flow, measure: Measure) -> None:
        """Keep a map that is flattened, and a linear layer on a map until something answers."""
        volume, name = flow.volume, layer.kind.name
        if name == "flatten":
            self._flat = volume
        if name == "linear":
            is_sequence = len(volume) == 2 and flow.field == "all"  # behind a lstm or attention
            has_places = any(size != 1 for size in volume[:-1]) and not is_sequence
            self.at_places = (layer, volume) if has_places else None
        elif self.at_places and name in ("flatten", "fc"):
            self._ledger.warn(warnings.at_places(*self.at_places))
            self.at_places = None
        elif measure.reach != OWN:
            self.at_places = None

    def _as_said(self, layer: Layer, volume: Volume, said: Said) -> Layer:
        """Hold what a call says of the channels that come in to what does.

        A Linear that takes all values of a map has a flatten before it.
        """
        channels = plain(volume[-1])
        if not isinstance(channels, int):
            return layer
        of_all = layer.kind.name == "linear" and len(volume) > 1
        if of_all and said.channels == plain(product(volume)):
            self._ledger.warn(warnings.flattened(layer, said, volume))
            self.flattened.add(layer.span.start)
            return Layer(KINDS["fc"], layer.values, layer.span)
        if said.channels == channels:
            return layer
        raise warnings.unlike_said(layer, said, volume, self._flat)

    def _count_lettered(self, layer: Layer, volume: Volume, measure: Measure) -> None:
        """Refuse too many formulas; say which divisions in them are assumed to come out whole."""
        self._lettered += 1
        if self._lettered > self._most_lettered:
            raise too_long().at(layer.span)
        self._ledger.warn(warnings.taken_as_whole(layer, volume, measure))


def refuse_large(measure: Measure, span: Span) -> None:
    """Refuse a row with a number of more than 200 digits."""
    numbers = (product(measure.output), measure.params, 2 * measure.macs)
    if any(map(is_large, numbers)):
        raise too_large(span)
