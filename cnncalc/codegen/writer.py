"""A network to PyTorch: definitions to classes, chains to Sequential, branches to forward.

The walk follows all calls of a definition at once, so that one class says them all: its numbers
are expressions of its parameters, and hold their values at each call beside them. Where the calls
differ in what parameters cannot say, each has a class of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.codegen.additions import ADDITIONS
from cnncalc.codegen.classes import Body, Class, Formal, batch, class_lines, docstring, says
from cnncalc.codegen.flow import (
    Env,
    Flow,
    assigned,
    channels_of,
    either,
    expanded,
    hold,
    joined,
    merged,
    said,
    use_of,
)
from cnncalc.codegen.forward import Forward
from cnncalc.codegen.layout import Choice, Keyword, Node, Rounds, call, lay
from cnncalc.codegen.numbers import (
    Argument,
    NotAlike,
    Number,
    argument,
    constant,
    literal,
    named,
    negated,
    passed,
    spoken,
)
from cnncalc.codegen.pieces import (
    KEYWORDS,
    Names,
    Piece,
    first_of,
    gathered,
    hint,
    name_of,
    sequential,
)
from cnncalc.codegen.pytorch import MODULES, NAMES
from cnncalc.codegen.structure import is_chain, references, takers
from cnncalc.kinds.volumes import Volume, write_volume
from cnncalc.notation.expressions import (
    Known,
    Scope,
    Value,
    letter_needs_number,
    number_of,
    whole_number,
)
from cnncalc.notation.tree import Argument as Typed
from cnncalc.notation.tree import (
    Call,
    Definition,
    Given,
    Group,
    Item,
    Join,
    Labelled,
    Layer,
    Network,
    Pending,
    Sequence,
    assign,
    given_volume,
    volume_missing,
)
from cnncalc.notation.writer import write
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem
from cnncalc.trace.expansion import call_parameters, resolved
from cnncalc.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PARTS = 50_000  # layers, rounds and calls that are written one by one


_FROM_REST = {"filters": "out_channels", "kernel": "kernel_size"}
"""What PyTorch calls what `...` passes on, where it has a name of its own."""


class Made(NamedTuple):
    """A call as it was made: what it gave by name, and what it comes to."""

    given: frozenset[str]
    parameters: dict[str, Known | None]
    rest: tuple[Typed, ...]
    volume: Volume


def write_pytorch(
    network: Network, *, given: Given | None = None, channels_first: bool = False
) -> tuple[str, list[Problem]]:
    """Return a network as a Python module, and what its trace warns of.

    `given` replaces the volume of its own; `channels_first` writes volumes in comments as CxHxW.
    """
    given = given or given_volume(network)
    if given is None:
        raise volume_missing(network)
    volume = tuple(whole_number(size, Scope({}, None)) for size in given.sizes)
    trace = Trace(lambda _row: None, channels_first=channels_first)
    trace.run(network, volume, given.span)
    try:
        code = Writer(network, volume, channels_first=channels_first).write()
    except NotAlike:
        raise Problem(
            "no-counterpart",
            _("this network has no counterpart in PyTorch that can be written"),
            [Label(network.sequence.span)],
            helps=[_("write it with fewer parameters, or export a part of it by itself")],
        ) from None
    return code, trace.warnings


class Writer:
    """Writes one network: first it collects all calls, then it writes classes."""

    def __init__(self, network: Network, volume: Volume, *, channels_first: bool) -> None:
        self.network = network
        self.volume = volume
        self.typed = write_volume(volume, channels_first=channels_first)
        self.uses: dict[tuple[int, int], list[Made]] = {}
        self.definitions: dict[int, Definition] = {}
        self.classes: dict[tuple[int, int], Class | dict[object, Class]] = {}
        self.names = Names({"Network", *ADDITIONS, *KEYWORDS})
        self.collecting = True
        self.parts = 0
        self.sides: dict[int, bool] = {}
        self.known: dict[object, Flow] = {}

    def write(self) -> str:
        """Return the module."""
        sequence, env = self._top()
        flow = Flow((self.volume,), constant(self.volume[-1], 1))
        name, title = self._title()
        self._body(sequence, env, flow)
        self.collecting = False
        self.known.clear()
        order = [id(definition) for definition in self.network.definitions]
        for key in sorted(self.uses, key=lambda key: (order.index(key[0]), key[1])):
            self._define(key)
        body, out = self._body(sequence, env, flow)
        lines = class_lines(name, [], body, [])
        volumes = [batch(self.volume), batch(cast("Volume", out.volumes[0]))]
        return self._module(title, volumes, lines)

    def _module(self, title: str, volumes: list[str], lines: list[str]) -> str:
        """Return the whole module: a docstring, imports, added, definitions, the network."""
        parts: dict[str, list[str]] = {}
        for made in self.classes.values():
            for each in made.values() if isinstance(made, dict) else [made]:
                parts[each.name] = each.lines
        text = "\n\n\n".join("\n".join(part) for part in [*parts.values(), lines])
        added = [name for name in ADDITIONS if re.search(rf"\b{name}\(", text)]
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
        about = f"{volumes[0]} goes in, {volumes[1]} comes out: batch x channels"
        axes = {1: " x length", 2: " x height x width", 3: " x depth x height x width"}
        about += axes.get(len(self.volume) - 1, "") + "."
        head = [*docstring(title, [about]), "", *imports]
        return "\n".join(head) + f"\n\n\n{text}\n"

    def _top(self) -> tuple[Sequence, Env]:
        """Return what the network goes through: a model's own sequence, where it is one."""
        items = self.network.sequence.items
        none = Env({}, (), (({}, ()),), {})
        if len(items) == 1 and isinstance(items[0], Call) and items[0].definition.volume:
            call_ = items[0]
            flow = Flow((self.volume,), constant(self.volume[-1], 1))
            return call_.definition.sequence, self.inside(call_, none, flow)
        return self.network.sequence, none

    def _title(self) -> tuple[str, str]:
        """Return the name of the network's class, and the network in notation."""
        items = self.network.sequence.items
        if len(items) == 1 and isinstance(items[0], Call) and items[0].definition.volume:
            definition = items[0].definition
            name = self._named(definition.name)
            text = write(self.network._replace(definitions=(), sequence=definition.sequence))
            return name, f"{definition.name}: {self.typed} -> {text}"
        text = write(self.network._replace(definitions=(), volume=None))
        return "Network", f"{self.typed} -> {text}" if items else self.typed

    def _named(self, name: str) -> str:
        """Return a class name of a definition's that is not taken."""
        words = ""
        for word in name.split("_"):
            words += "_" if words[-1:].isdigit() and word[:1].isdigit() else ""
            words += word[:1].upper() + word[1:]
        words = words if words[:1].isalpha() else f"Part{words}"
        return self.names.free(words)

    # ------------------------------------------------------------ definitions

    def _define(self, key: tuple[int, int]) -> None:
        """Write the class of a definition; one for each call where one cannot say them all."""
        definition = self.definitions[key[0]]
        uses = self.uses[key]
        try:
            self.classes[key] = self._class_of(definition, uses)
        except NotAlike:
            made: dict[object, Class] = {}
            alike: dict[str, Class] = {}
            for use in uses:
                env = _literal_env(use)
                flow = Flow((use.volume,), constant(use.volume[-1], 1))
                body, _out = self._body(definition.sequence, env, flow)
                doc = docstring(f"{definition.name} on {write_volume(use.volume)}", [])
                text = "\n".join(class_lines("", [], body, []))
                if text not in alike:
                    name = self._named(definition.name)
                    alike[text] = Class(name, (), class_lines(name, [], body, doc))
                made[_key(use)] = alike[text]
            self.classes[key] = made

    def _class_of(self, definition: Definition, uses: list[Made]) -> Class:
        """Return the one class that says all calls of a definition."""
        calls = len(uses)
        channels = named("in_channels", tuple(use.volume[-1] for use in uses))
        names: dict[str, Argument] = {}
        formals: list[Formal] = []
        before: list[tuple[str, str]] = []
        for formal in definition.formals:
            values = [use.parameters[formal.name] for use in uses]
            giving = sum(formal.name in use.given for use in uses)
            python = _spelled(formal.name, KEYWORDS | self.names.taken)
            default = argument(formal.default, names, channels) if formal.default else None
            if default and not giving:
                number = default.number
                if number and number.truth and number.literal is None:
                    before.append((python, f"{python} = {number.text}"))
                    names[formal.name] = passed(named(python, number.values, truth=True))
                else:
                    names[formal.name] = default
                continue
            if any(type(side) is tuple for value in values for side in value or ()):
                raise NotAlike
            text = None
            if default and giving < calls:
                number = default.number
                text = default.text
                if number is None or number.literal is None:
                    before.append((python, f"{python} = {text} if {python} is None else {python}"))
                    text = "None"
            formals.append(Formal(python, formal.name, rest=False, default=text))
            one = all(value is not None and len(value) == 1 for value in values)
            number = None
            if one:
                numbers = tuple(cast("int", cast("Known", value)[0]) for value in values)
                number = named(python, numbers, truth=set(numbers) <= {0, 1})
            names[formal.name] = Argument(python, tuple(values), number)
        rest = self._rest_of(definition, uses, formals)
        env = Env(names, rest, tuple((use.parameters, use.rest) for use in uses), {})
        flow = Flow(tuple(use.volume for use in uses), channels)
        body, _out = self._body(definition.sequence, env, flow)
        text = "\n".join(line for node in body.nodes() for line in lay(node))
        kept: list[str] = []
        for python, line in reversed(before):
            if says(python, text):
                kept.insert(0, line)
                text += line
        used = [formal for formal in formals if says(formal.name, text)]
        used.sort(key=lambda formal: formal.default is not None)
        if says("in_channels", text):
            used.insert(0, Formal("in_channels", "in_channels", rest=False, default=None))
        name = self._named(definition.name)
        doc = docstring(write(_alone(definition)).rstrip(), [])
        return Class(name, tuple(used), class_lines(name, used, body, doc, kept))

    def _rest_of(
        self, definition: Definition, uses: list[Made], formals: list[Formal]
    ) -> tuple[Typed, ...]:
        """Return what `...` passes on, as parameters of the class by the names of PyTorch."""
        if not any(use.rest for use in uses):
            return ()
        found_takers = [*takers(definition.sequence)]
        taker = found_takers[0]
        if len(found_takers) > 1 or not isinstance(taker, Pending):
            raise NotAlike
        found: dict[str, list[Known | None]] = {}
        for index, use in enumerate(uses):
            given = assigned(taker, expanded(taker.arguments, use.rest))
            for place, typed in given.items():
                if any(typed is each for each in use.rest):
                    found.setdefault(place, [None] * len(uses))[index] = typed.value
        rest = []
        for parameter in taker.kind.parameters:
            if parameter.name not in found:
                continue
            values = found[parameter.name]
            if parameter.form in ("flag", "words") or any(
                type(side) is tuple for value in values for side in value or ()
            ):
                raise NotAlike
            python = _FROM_REST.get(parameter.name, parameter.name.replace("-", "_"))
            if any(formal.name == python for formal in formals):
                raise NotAlike
            default = None
            if None in values:
                if type(parameter.default) is not int and type(parameter.default) is not tuple:
                    raise NotAlike
                usual = parameter.default
                usual = usual if isinstance(usual, tuple) else (usual,)
                default = literal(usual, 1).text
                values = [usual if value is None else value for value in values]
            number = None
            if all(value is not None and len(value) == 1 for value in values):
                number = named(python, tuple(cast("int", value[0]) for value in values if value))
            formals.append(Formal(python, parameter.name, rest=True, default=default))
            passing = cast("Value", Argument(python, tuple(values), number))
            rest.append(Typed(parameter.name, passing, definition.span))
        return tuple(rest)

    def _made(self, item: Call, env: Env, flow: Flow, inner: Env) -> Node:
        """Return the call of a definition's class."""
        made = self.classes[id(item.definition), flow.rank]
        if isinstance(made, dict):
            keys = {_key(use) for use in self._uses(item, env, flow)}
            if len(keys) > 1:
                raise NotAlike
            return call(made[keys.pop()].name)
        typed: dict[str, Argument] = {}
        if any(formal.rest for formal in made.formals):
            taker = cast("Pending", next(iter(takers(item.definition.sequence))))
            for name, each in assigned(taker, expanded(taker.arguments, inner.rest)).items():
                if any(each is one for one in inner.rest):
                    typed[name] = cast("Argument", each.value)
        given = self._given(item)
        parts: list[Node] = []
        for formal in made.formals:
            if formal.source == "in_channels":
                parts.append(flow.channels.text)
                continue
            value = typed.get(formal.source) if formal.rest else inner.names[formal.source]
            if value is None or (not formal.rest and formal.source not in given):
                continue
            if formal.default is None:
                parts.append(value.text)
            elif value.text != formal.default:
                parts.append(Keyword(formal.name, value.text))
        return call(made.name, *parts)

    def _given(self, item: Call) -> frozenset[str]:
        """Return the names of the parameters that a call gives."""
        names = [formal.name for formal in item.definition.formals]
        return frozenset(self._assign(item, item.arguments)[0]) & frozenset(names)

    def _assign(
        self, item: Call, arguments: Iterable[Typed]
    ) -> tuple[dict[str, Typed], list[Typed]]:
        names = [formal.name for formal in item.definition.formals]
        return assign(
            item.definition.name, names, lambda name: name if name in names else None, arguments
        )

    def _uses(self, item: Call, env: Env, flow: Flow) -> list[Made]:
        """Return what a call comes to, wherever it is reached."""
        found = []
        for volume, (parameters, rest) in zip(flow.volumes, env.scopes, strict=True):
            if volume is not None:
                scope = Scope(parameters, volume[-1])
                found.append(Made(frozenset(), *call_parameters(item, scope, rest), volume))
        return found

    def inside(self, item: Call, env: Env, flow: Flow) -> Env:
        """Return the names inside a call, said in the words of its caller."""
        given, left = self._assign(item, said(item.arguments, env, flow))
        names: dict[str, Argument] = {}
        for formal in item.definition.formals:
            if formal.name in given:
                names[formal.name] = cast("Argument", given[formal.name].value)
            else:
                names[formal.name] = argument(formal.default or (), names, flow.channels)
        scopes: list[tuple[dict[str, Known | None], tuple[Typed, ...]]] = []
        for volume, (parameters, rest) in zip(flow.volumes, env.scopes, strict=True):
            if volume is None:
                scopes.append(({}, ()))
            else:
                scopes.append(call_parameters(item, Scope(parameters, volume[-1]), rest))
        return Env(names, tuple(left), tuple(scopes), {})

    # ------------------------------------------------------------ modules

    def pieces(self, items: Iterable[Item], env: Env, flow: Flow) -> tuple[list[Piece], Flow]:
        """Return items as modules one after another."""
        found: list[Piece] = []
        items = [*items]
        paired = False
        for number, item in enumerate(items):
            if paired:
                paired = False
                continue
            if isinstance(item, Group) and item.times is not None:
                pair = self._pair(item, items[number + 1 : number + 2], env, flow)
                if pair:
                    found.append(pair[0])
                    flow = pair[1]
                    paired = True
                    continue
            more, flow = self.item(item, env, flow)
            found += more
        return found, flow

    def item(self, item: Item, env: Env, flow: Flow) -> tuple[list[Piece], Flow]:
        """Return an item as modules one after another."""
        if isinstance(item, Layer | Pending):
            return self._layer(item, env, flow)
        if isinstance(item, Labelled):
            inside, flow = self.item(item.item, env, flow)
            return [Piece(item.label, sequential(inside), label=True)], flow
        if isinstance(item, Group):
            if item.times is None:
                return self.pieces(item.sequence.items, env, flow)
            return self._repeat(item, env, flow)
        if isinstance(item, Call):
            return self._call(item, env, flow)
        return self._join(cast("Join", item), env, flow)

    def _layer(self, item: Layer | Pending, env: Env, flow: Flow) -> tuple[list[Piece], Flow]:
        kind = item.kind
        self.count_part(item, len(flow.volumes))
        if self.collecting:
            volume, (parameters, rest) = cast("Volume", flow.volumes[0]), env.scopes[0]
            layer = item
            if isinstance(layer, Pending):
                layer = cast("Layer", resolved(layer, Scope(parameters, volume[-1]), rest))
            _refuse_letters(layer)
            out = kind.measure(volume, *layer.values).output
            return [], Flow((out,), constant(out[-1], 1))
        use = use_of(item, env, flow)
        volumes = tuple(
            None if layer is None or volume is None else kind.measure(volume, *layer.values).output
            for layer, volume in zip(use.layers, flow.volumes, strict=True)
        )
        channels = channels_of(use)
        after = Flow(volumes, channels)
        hold(after)
        name = NAMES.get(kind.name, kind.name)
        nodes = MODULES[kind.name](use, channels)
        *before, last = [Piece(hint(node, name), node) for node in nodes]
        if kind.name == "deconv" and before:
            return [Piece(name, before[0].node), last], after
        return [*before, last._replace(name=name)], after

    def _call(self, item: Call, env: Env, flow: Flow) -> tuple[list[Piece], Flow]:
        definition = item.definition
        inner = self.inside(item, env, flow)
        if self.collecting:
            use = self._uses(item, env, flow)[0]
            use = use._replace(given=self._given(item))
            key: object = (id(definition), *_key(use))
            if key not in self.known:
                self.count_part(item)
                self.definitions[id(definition)] = definition
                self.uses.setdefault((id(definition), flow.rank), []).append(use)
                self.known[key] = self._body(definition.sequence, inner, flow)[1]
            elif use.given not in [each.given for each in self.uses[id(definition), flow.rank]]:
                self.uses[id(definition), flow.rank].append(use)
            return [], self.known[key]
        key = (
            id(definition),
            flow,
            *inner.names.items(),
            *((each.name, each.value) for each in inner.rest),
        )
        if key not in self.known:
            self.known[key] = self._body(definition.sequence, inner, flow)[1]
        out = self.known[key]
        node = self._made(item, env, flow, inner)
        return [Piece(definition.name, node)], out

    def count(self, group: Group, env: Env, flow: Flow) -> tuple[Number, tuple[int, ...]]:
        """Return how often a group is gone through, in Python and at each call."""
        counts = tuple(
            0 if volume is None else number_of(group.times, Scope(scope[0], volume[-1]))  # type: ignore[arg-type]
            for volume, scope in zip(flow.volumes, env.scopes, strict=True)
        )
        count = spoken(group.times, env.names, flow.channels)  # type: ignore[arg-type]
        return count, counts

    def _repeat(self, group: Group, env: Env, flow: Flow) -> tuple[list[Piece], Flow]:
        count, counts = self.count(group, env, flow)
        if not any(counts):
            return [], flow
        reached = [n for n, volume in zip(counts, flow.volumes, strict=True) if volume]
        if count.literal is None and count.truth:
            if all(reached):
                return self.pieces(group.sequence.items, env.inner(), flow)
            return self._maybe(group, count, counts, env, flow)
        rounds: list[list[Piece]] = []
        now = flow
        for turn in range(max(counts)):
            active = now.only(n > turn for n in counts)
            pieces, after = self.pieces(group.sequence.items, env.inner(), active)
            rounds.append([piece._replace(label=False) for piece in pieces])
            settled = after.volumes == active.volumes and after.channels.text == now.channels.text
            now = merged(after, now)
            if settled:
                break
            self.count_part(group)
        if self.collecting:
            return [], now
        if count.literal is None and len(set(reached)) == 1 and len(flow.volumes) == 1:
            count = constant(reached[0], 1)
        if count.literal is not None:
            total = count.literal
            rounds += [rounds[-1]] * (min(total, len(rounds) + 3) - len(rounds))
            return list(gathered(rounds, total)), now
        hold(now)
        if not rounds[0]:
            return [], now
        first, *others = [sequential(each) for each in rounds]
        if not others or others[0] == first:
            node, name = first, "_"
        else:
            node, name = first_of(first, others[0]), "i"
        if any(each != others[0] for each in others):
            raise NotAlike
        loop = f"for {name} in range({count.text})"
        return [Piece(name_of(rounds[0]), Rounds(node, loop), many=True)], now

    def count_part(self, item: Item, calls: int = 1) -> None:
        """Count a layer, a round or a call, of which not endlessly many are written."""
        self.parts += calls
        if self.parts > 2 * MOST_PARTS:  # they are collected, then written
            raise Problem(
                "too-many-layers",
                _(
                    "code is written for at most {most:,} layers, rounds and calls that differ",
                    most=MOST_PARTS,
                ),
                [Label(item.span)],
                helps=[_("repeat it less often")],
            )

    def _maybe(
        self, group: Group, count: Number, counts: tuple[int, ...], env: Env, flow: Flow
    ) -> tuple[list[Piece], Flow]:
        """Return a group that is there under a condition."""
        active = flow.only(n > 0 for n in counts)
        pieces, after = self.pieces(group.sequence.items, env.inner(), active)
        now = Flow(merged(after, flow).volumes, either(after, flow, counts, count.text))
        hold(now)
        node = sequential(pieces)
        piece = Piece(name_of(pieces), node, condition=count.text, inside=tuple(pieces))
        return [piece], now

    def _pair(
        self, group: Group, following: list[Item], env: Env, flow: Flow
    ) -> tuple[Piece, Flow] | None:
        """Return two groups of which one is there, the other not, as one choice."""
        other = following[0] if following else None
        if not isinstance(other, Group) or other.times is None:
            return None
        try:
            count, counts = self.count(group, env, flow)
            against, others = self.count(other, env, flow)
        except NotAlike:
            return None
        if count.literal is not None or not (count.truth and against.truth):
            return None
        if against.text != negated(count.text):
            return None
        first, after = (
            self.pieces(group.sequence.items, env.inner(), flow.only(n > 0 for n in counts))
            if any(counts)
            else ([], flow)
        )
        second, behind = (
            self.pieces(other.sequence.items, env.inner(), flow.only(n > 0 for n in others))
            if any(others)
            else ([], flow)
        )
        if not any(counts) or not any(others):
            return None
        volumes = tuple(one or two for one, two in zip(after.volumes, behind.volumes, strict=True))
        other_flow = Flow(volumes, behind.channels)
        now = Flow(volumes, either(after, other_flow, counts, count.text))
        hold(now)
        if count.text.startswith("not "):
            node = Choice(sequential(second), against.text, sequential(first))
        else:
            node = Choice(sequential(first), count.text, sequential(second))
        return Piece(name_of(first), node), now

    def _join(self, item: Join, env: Env, flow: Flow) -> tuple[list[Piece], Flow]:
        """Return a join as a module that holds its branches."""
        nodes: list[Node] = []
        outs = []
        for branch in item.branches:
            pieces, out = self.pieces(branch.items, env, flow)
            nodes.append(pieces)  # type: ignore[arg-type]
            outs.append(out)
        now = joined(item.how, outs)
        if self.collecting:
            return [], now
        branches = []
        for pieces, out in zip(cast("list[list[Piece]]", nodes), outs, strict=True):
            if item.how == "mul" and out.rank < now.rank:
                wide = f"({', '.join([out.channels.text, *['1'] * now.rank])})"
                pieces.append(Piece("wide", call("nn.Unflatten", "1", wide)))
            branches.append(sequential(pieces))
        bodies = [node for node in branches if node != call("nn.Identity")]
        if item.how == "add" and len(branches) == 2 and len(bodies) == 1:
            return [Piece("residual", call("Residual", *bodies))], now
        name = {"add": "Add", "mul": "Multiply", "concat": "Concat"}[item.how]
        return [Piece(item.how, call(name, *branches, tall=len(branches) > 2))], now

    # ------------------------------------------------------------ bodies

    def _body(self, sequence: Sequence, env: Env, flow: Flow) -> tuple[Body, Flow]:
        """Return the body of a class: a chain, or attributes and what forward does with them."""
        wanted = frozenset(references(sequence))
        if is_chain(sequence, wanted, self.sides):
            pieces, flow = self.pieces(sequence.items, env, flow)
            return Body(pieces), flow
        body = Body(None)
        forward = Forward(self, body, wanted)
        cur, flow = forward.sequence(sequence.items, env, flow, "x", "x", "")
        forward.end(cur)
        return body, flow


def _refuse_letters(layer: Layer) -> None:
    """Refuse a layer that has a letter for a number: modules are made of numbers."""
    for value in layer.values:
        for side in value if isinstance(value, tuple) else (value,):
            for number in side if isinstance(side, tuple) else (side,):
                if not isinstance(number, int | str | None):
                    raise letter_needs_number(number, layer.span)


def _literal_env(use: Made) -> Env:
    """Return the names of one call, with its own numbers."""
    names = {name: literal(value, 1) for name, value in use.parameters.items() if value is not None}
    rest = tuple(each._replace(value=cast("Value", literal(each.value, 1))) for each in use.rest)
    return Env(names, rest, ((use.parameters, use.rest),), {})


def _key(use: Made) -> tuple[object, ...]:
    """Return what tells a call from another."""
    rest = tuple((each.name, each.value) for each in use.rest)
    return tuple(use.parameters.items()), rest, use.volume


def _alone(definition: Definition) -> Network:
    """Return a definition as a text of its own."""
    from cnncalc.notation.tree import Network as Whole

    return Whole((definition,), None, Sequence((), definition.span), definition.span)


def _spelled(name: str, taken: Iterable[str]) -> str:
    """Return a parameter's name in Python."""
    return f"{name}_" if name in taken else name
