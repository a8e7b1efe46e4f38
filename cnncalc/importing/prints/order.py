"""A printed PyTorch model, as `print(model)` writes it, to notation.

A print holds the modules in the order in which they were made, each with its arguments. Of a
Sequential that is the order in which they run. Of any other module it is not known: it is read as
printed, with a warning, where its channels fit; where they do not, or where the map is pooled away
before a layer that needs it, the print does not say enough and is refused.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.graph import KEEP_SHAPE
from cnncalc.importing.labels import Labels, label_of, made_of
from cnncalc.importing.layers import NOWHERE, from_module, make
from cnncalc.importing.prints.misfits import Gaps, gate_alone, gated, misfit
from cnncalc.importing.prints.modules import entry_of, layers_of, resized
from cnncalc.importing.prints.text import read_modules, second_model
from cnncalc.importing.refusals import nothing_to_read
from cnncalc.kinds.modules import ModuleError, Wanted
from cnncalc.notation.folding.fold import fold
from cnncalc.notation.tree import Given, Group, Labelled, Network, Sequence
from cnncalc.notation.writer import lay_out
from cnncalc.speech.problem import Problem, Source
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.importing.prints.text import PrintedModule
    from cnncalc.kinds.modules import Module
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Item, Layer

_ON_MAPS = frozenset(
    """
    conv dwconv deconv maxpool avgpool gap gmp pad crop adaptiveavgpool adaptivemaxpool upsample
    resize pixelshuffle
    """.split()
)


class _ModuleLayers(NamedTuple):
    """The layers that a module is, and the channels that it takes and gives, where it says so.

    `needs` says what it works on: 'map', 'values' (whatever is flattened), 'pooled' (a map that a
    pool which is not printed makes 1x1), or '' (anything).
    """

    layers: tuple[Layer, ...]
    takes: int | None = None
    gives: int | None = None
    needs: str = ""


def translate(source: Source, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return a printed model in notation, behind a volume if it is given, and its warnings."""
    return _Print(source, given).written()


class _Print:
    """One walk over the modules of a print, in their order."""

    def __init__(self, source: Source, given: Volume | None) -> None:
        self.source = source
        self.given = given
        self.volume = given
        self.channels: int | None = given[-1] if given else None
        self.pooled = False  # the map is 1x1
        self.flat = bool(given) and len(given or ()) == 1
        self.gate: PrintedModule | None = None  # a module that pooled its map away
        self.turned = False  # a Permute has put the channels last
        self.gaps = Gaps()
        self.labels = Labels()

    def written(self) -> tuple[Source, list[Problem]]:
        """Return the model in notation, and what is to be said of it."""
        root, others = read_modules(self.source)
        body = self._module(root, "")
        if not body:
            first = self.gaps.stopped or root
            raise nothing_to_read(self.source, first.span.text)
        given = Given(self.given, NOWHERE) if self.given else None
        network = fold(Network((), given, Sequence(tuple(body), NOWHERE), NOWHERE))
        return Source(made_of(self.source), lay_out(network)), [second_model(others)] * bool(
            others
        ) + list(self.gaps.warnings())

    def _module(self, module: PrintedModule, path: str) -> list[Item]:
        """Return a module as items."""
        name = f"{path}_{module.name}" if path and module.name else module.name or path
        if not module.children:
            return self._leaf(module, name) if module.name or not path else []
        if not module.runs_in_order:
            self.gaps.unordered.setdefault(module.kind, []).append(module)
            if _GATE.search(module.kind):
                raise gate_alone(module)
        before, began, volume = self.pooled, self.channels, self.volume
        items = self._own(module, name)
        for child in module.children:
            items += self._module(child, name)
        if not module.runs_in_order and self.pooled and not before and path + module.name:
            self.gate = module
        if not items:
            return []
        times = None
        if module.times > 1:
            if self.channels is not None and began is not None and self.channels != began:
                raise self._misfit(module, began, self.channels)
            times = module.times
            if self.volume != volume:
                self.volume = None  # the trace works it out, round by round
        if times is None and not module.name:
            return items
        group = Group(Sequence(tuple(items), NOWHERE), times, NOWHERE)
        return [self._labelled(name, group) if module.name else group]

    def _own(self, module: PrintedModule, name: str) -> list[Item]:
        """Return the layer that a module is itself, before those in it: it has its own numbers."""
        return self._leaf(module, name, own=True) if module.rest.strip() else []

    def _labelled(self, name: str, item: Item) -> Item:
        label = label_of(name)
        return Labelled(self.labels.give(label), item, NOWHERE) if label else item

    def _leaf(self, module: PrintedModule, name: str, *, own: bool = False) -> list[Item]:
        """Return a module without children, or one's own part, as items; passed over: none."""
        if self.gaps.stopped:
            self.gaps.left_out += 1
            return []
        kind = module.kind.rpartition(".")[2]
        if kind == "Permute":
            self.turned = not self.turned
            return []
        entry = entry_of(module)
        if own and entry is None:
            return []
        try:
            layer = self._layer(entry, module) if entry else None
        except ModuleError:
            if entry and entry.kind not in KEEP_SHAPE:
                self.gaps.stopped = module
                self.gaps.left_out = 1
                return []
            layer = None
        if layer is None:
            self.gaps.uncounted.setdefault(module.kind, []).append(module)
            return []
        if layer.takes is not None and self.channels is not None:
            fits = layer.takes == self.channels
            if layer.needs == "values" and not self.flat and not self.pooled:
                fits = layer.takes % self.channels == 0
            if not fits:
                raise self._misfit(module, layer.takes, self.channels, layer)
        if layer.needs == "map" and self.gate and self.pooled:
            raise gated(self.gate, module)
        before: list[Item] = []
        if layer.needs == "pooled":
            self.gaps.unpooled.append(module)
            before = [make("gap")]
            self._advance(module, _ModuleLayers((make("gap"),), needs="map"))
            layer = layer._replace(needs="values")
        self._advance(module, layer)
        items: list[Item] = [*layer.layers]
        if module.times > 1:
            items = [Group(Sequence(tuple(items), NOWHERE), module.times, NOWHERE)]
        if items and layer.gives and layer.needs:
            items[0] = self._labelled(name, items[0])
        return [*before, *items]

    def _layer(self, entry: Module, module: PrintedModule) -> _ModuleLayers | None:
        """Return what a module is here; None for what is no layer and keeps the shape."""
        try:
            made, takes = layers_of(entry, module)
        except ModuleError:
            sized = resized(module, self.volume) if self.volume else None
            if sized is None:
                raise
            made, takes = sized, None
        if any(wanted.stands_for for wanted in made):
            return None
        if not made:
            return _ModuleLayers(())
        wanted = made[0]
        if wanted.kind == "linear":
            return self._linear(wanted, takes)
        if wanted.kind == "prelu" and wanted.arguments["count"] == self.channels:
            made = (Wanted("prelu"),)
        gives = takes
        for argument in ("filters", "units"):
            gives = wanted.arguments.get(argument, gives)
        if gives and wanted.arguments.get("bi"):
            gives *= 2  # both directions
        needs = "map" if wanted.kind in _ON_MAPS else ""
        return _ModuleLayers(tuple(from_module(each, takes) for each in made), takes, gives, needs)

    def _linear(self, wanted: Wanted, takes: int | None) -> _ModuleLayers:
        """Return a Linear: behind a Permute it is a 1x1 convolution, else it takes all values.

        Where it takes as many values as a map has channels, a pool of the whole map is not
        printed.
        """
        gives = wanted.arguments["units"]
        layer = from_module(wanted._replace(kind="fc"))
        if takes is None or takes != self.channels or self.flat or self.pooled:
            return _ModuleLayers((layer,), takes, gives, "values")
        if self.turned:
            nobias = wanted.arguments["nobias"]
            one = make("conv", filters=gives, kernel=(1,), nobias=nobias)
            return _ModuleLayers((one,), takes, gives, "map")
        return _ModuleLayers((layer,), takes, gives, "pooled")

    def _advance(self, module: PrintedModule, layer: _ModuleLayers) -> None:
        """Go on behind a layer."""
        if self.volume is not None:
            if layer.needs == "values" and layer.takes not in (None, prod(self.volume)):
                raise self._misfit(module, layer.takes or 0, prod(self.volume), layer)
            try:
                for each in layer.layers:
                    self.volume = each.measure(self.volume).output
            except Problem as problem:
                raise problem.at(module.span) from None
            self.pooled = set(self.volume[:-1]) == {1}
        if layer.gives is not None:
            self.channels = layer.gives
        for each in layer.layers:
            if each.kind.name in ("gap", "gmp"):
                self.pooled = True
            if each.kind.name == "flatten":
                self.channels = self.channels if self.pooled or self.flat else None
                self.flat = True
            if each.kind.name == "fc":
                self.flat = True

    def _misfit(
        self, module: PrintedModule, takes: int, arrives: int, layer: _ModuleLayers | None = None
    ) -> Problem:
        """Return the problem of a module that does not take what comes before it in the print."""
        values = layer is not None and layer.needs == "values"
        volume = self.volume if values else None
        multiple = values and not self.flat and not self.pooled
        ordered = not self.gaps.unordered
        return misfit(module, takes, arrives, volume, multiple=multiple, ordered=ordered)


_GATE = re.compile(r"(?i)squeeze|excit|atten|attn|gate|cbam|^se($|[A-Z_])|SE(Module|Block|Layer)")
"""Classes of gates: they pool, multiply or mix what comes in, and print their layers alone."""
