"""A network to PyTorch: definitions to classes, chains to Sequential, branches to forward."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from cnncalc.codegen.classes import docstring
from cnncalc.codegen.definitions import Definitions
from cnncalc.codegen.folded import folded
from cnncalc.codegen.layout import Bracket, Node, call, flat
from cnncalc.codegen.numbers import NotAlike
from cnncalc.codegen.pytorch.additions import ADDITIONS, EQUATION, JOIN_CLASSES
from cnncalc.codegen.pytorch.classes import batch, class_lines
from cnncalc.codegen.pytorch.modules import MODULES, NAMES
from cnncalc.codegen.pytorch.names import RESERVED, TAKEN
from cnncalc.codegen.pytorch.sequential import hint, sequential
from cnncalc.codegen.rounds import Piece
from cnncalc.kinds.table import OPAQUE
from cnncalc.kinds.volumes import Volume, write_volume
from cnncalc.notation.evaluation import Scope, whole_number
from cnncalc.notation.flattens import put_in
from cnncalc.notation.inputs import given_volume, volume_missing
from cnncalc.notation.tree import Given, Join, Layer, Network, items_in
from cnncalc.notation.wrong_numbers import letter_needs_number
from cnncalc.report.report import Report
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, quoted
from cnncalc.trace.settings import Settings
from cnncalc.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.codegen.flow import Stream
    from cnncalc.codegen.numbers import Number
    from cnncalc.codegen.uses import LayerUse
    from cnncalc.trace.rows import Row


def write_pytorch(
    network: Network,
    *,
    given: Given | None = None,
    channels_first: bool = False,
    fold: bool = False,
    tell: Callable[[float], object] = float,
) -> tuple[str, list[Problem]]:
    """Return a network as a Python module, and what its trace warns of.

    `given` replaces the volume of its own; `channels_first` writes volumes in comments as CxHxW.
    To `fold` is to write convs with a bias for those that a norm follows, and no norm. `tell` is
    told how much of it is written, from 0 to 1.
    """
    given = given_volume(network, given)
    if given is None:
        raise volume_missing(network)
    _refuse_opaque(network)
    volume = tuple(whole_number(size, Scope({}, None)) for size in given.sizes)
    inputs: list[Volume] = []
    rows: list[Row] = []

    def sink(row: Row) -> None:
        if fold:
            rows.append(row)
        if row.kind == "input":
            inputs.append(tuple(map(known, row.output)))

    def known(size: Number) -> int:
        if not isinstance(size, int):
            raise letter_needs_number(size, network.span)
        return size

    trace = Trace(sink, Settings(channels_first=channels_first))
    trace.run(network, volume, given.span)
    network = put_in(network, trace.flattened)
    typed = write_volume(volume, channels_first=channels_first)
    try:
        if fold:
            network = _folded(network, rows, given)
        code = _Writer(network, inputs, typed, ADDITIONS, tell).write()
    except NotAlike:
        raise Problem(
            "no-counterpart",
            _("this network has no counterpart in PyTorch that can be written"),
            [Label(network.sequence.span)],
            helps=[_("write it with fewer parameters, or export a part of it by itself")],
        ) from None
    return code, trace.warnings


def _folded(network: Network, rows: list[Row], given: Given) -> Network:
    """Return a network without its norms, which learns as much as `--fold` counts."""
    found = folded(network, rows)
    counted = Report(network, Settings(fold=True), given=given, keep_rows=False)
    if Report(found, given=given, keep_rows=False).total("params") != counted.total("params"):
        raise NotAlike
    return found


def _refuse_opaque(network: Network) -> None:
    """Refuse what is no layer here: there is no code to write for it."""
    bodies = [definition.sequence for definition in network.definitions]
    for item in (each for body in [*bodies, network.sequence] for each in items_in(body)):
        layer = item.layer if isinstance(item, Join) else item
        if isinstance(layer, Layer) and layer.kind is OPAQUE:
            raise Problem(
                "no-counterpart",
                _("{name} is no layer here", name=quoted(layer.named["name"])),
                [Label(layer.span, _("there is no code to write for it"))],
                helps=[_("write the layers that it is in its place")],
            )


class _Writer(Definitions):
    """Writes one network in PyTorch."""

    arriving = "in_channels"
    reserved = RESERVED
    taken = TAKEN
    training = "self.training"
    passed_on = {"filters": "out_channels", "kernel": "kernel_size"}  # noqa: RUF012
    sequential = staticmethod(sequential)
    class_lines = staticmethod(class_lines)

    def write(self) -> str:
        """Return the module."""
        name, body, out, title = self.define()
        lines = class_lines(name, [], body, [])
        goes = " and ".join(map(batch, self.inputs))
        goes += " go in" if self.inputs[1:] else " goes in"
        about = f"{goes}, {batch(cast('Volume', out.volumes[0]))} comes out"
        return self._module(title, about, lines)

    def _module(self, title: str, about: str, lines: list[str]) -> str:
        """Return the whole module: a docstring, imports, added, definitions, the network."""
        parts: dict[str, list[str]] = {}
        for made in self.classes.values():
            for each in made.values() if isinstance(made, dict) else [made]:
                parts[each.name] = each.lines
        text = "\n\n\n".join("\n".join(part) for part in [*parts.values(), lines])
        called = {*re.findall(r"\b\w+(?=\()", text)}
        added = [name for name in ADDITIONS if name in called]
        if any(name.startswith("SameAvg") for name in added) and "SamePad" not in added:
            added.insert(0, "SamePad")
        text = "\n\n\n".join([*(ADDITIONS[name].strip("\n") for name in added), text])
        imports = ["from torch import nn"]
        if "torch." in text:
            imports.insert(0, "import torch")
        if re.search(r"\bF\.", text):
            imports.append("from torch.nn import functional as F")
        if "OrderedDict(" in text:
            imports = ["from collections import OrderedDict", "", *imports]
        about += ": batch x channels"
        axes = {1: " x length", 2: " x height x width", 3: " x depth x height x width"}
        about += axes.get(max(map(len, self.inputs)) - 1, "") + "."
        head = [*docstring(title, [about]), "", *imports]
        return "\n".join(head) + f"\n\n\n{text}\n"

    def modules(self, use: LayerUse, channels: Number) -> list[Piece]:
        """Return the modules that a layer is; the last has its name, but where it crops."""
        kind = use.layer.kind.name
        name = NAMES.get(kind, kind)
        *before, last = [Piece(hint(node, name), node) for node in MODULES[kind](use, channels)]
        if kind == "deconv" and before:
            return [Piece(name, before[0].node), last]
        return [*before, last._replace(name=name)]

    def join(
        self, item: Join, branches: list[list[Piece]], outs: list[Stream], now: Stream
    ) -> Piece:
        """Return a join as a module that holds its branches."""
        nodes = []
        for pieces, out in zip(branches, outs, strict=True):
            if item.how == "mul" and out.rank < now.rank:
                wide = f"({', '.join([out.channels.text, *['1'] * now.rank])})"
                pieces.append(Piece("wide", call("nn.Unflatten", "1", wide)))
            nodes.append(sequential(pieces))
        bodies = [node for node in nodes if node != call("nn.Identity")]
        if item.how == "add" and len(nodes) == 2 and len(bodies) == 1:
            return Piece("residual", call("Residual", *bodies))
        name = JOIN_CLASSES[item.how]
        if item.axis:
            return Piece(
                item.how, call("ConcatAlong", str(1 + item.axis), *nodes, tall=len(nodes) > 2)
            )
        return Piece(item.how, call(name, *nodes, tall=len(nodes) > 2))

    def stack(self, results: list[Node], axis: int) -> Node:
        """Return what branches give, stacked along a spatial axis, from 1; 0: the channels."""
        return call("torch.cat", Bracket("[", tuple(results), "]"), str(1 + axis))

    def largest(self, results: list[Node]) -> Node:
        """Return the largest of what branches give."""
        found, *more = results
        for result in more:
            found = call("torch.maximum", found, result)
        return found

    def multiplied(self, results: list[Node]) -> Node:
        """Return the product of what two branches give, as matrices of places and channels."""
        return call("torch.einsum", f'"{EQUATION}"', *results)

    def widen(self, result: Node, rank: int) -> Node:
        """Return a vector as a map of so many axes, 1 wide."""
        return f"{flat(result)}[:, :{', None' * rank}]"
