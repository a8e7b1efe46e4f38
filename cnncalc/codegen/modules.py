"""A network to PyTorch: definitions to classes, chains to Sequential, branches to forward.

The walk follows all calls of a definition at once, so that one class says them all: its numbers
are expressions of its parameters, and hold their values at each call beside them. Where the calls
differ in what parameters cannot say, each has a class of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.codegen.layout import (
    WIDTH,
    Bracket,
    Choice,
    Keyword,
    Node,
    Optional,
    Rounds,
    Sum,
    call,
    flat,
    lay,
)
from cnncalc.codegen.numbers import (
    Argument,
    NotAlike,
    Number,
    add,
    agreed,
    argument,
    constant,
    literal,
    multiply,
    named,
    negated,
    passed,
    spoken,
)
from cnncalc.codegen.pytorch import HELPERS, MODULES, NAMES, Use, values_in
from cnncalc.expansion import call_parameters, resolved
from cnncalc.expressions import Scope, number_of
from cnncalc.language import _
from cnncalc.layers import times, write_volume
from cnncalc.network import (
    Call,
    Group,
    Join,
    Labelled,
    Layer,
    Pending,
    Reference,
    Sequence,
    assign,
)
from cnncalc.network import Argument as Typed
from cnncalc.notation import write
from cnncalc.problem import Label, Problem
from cnncalc.trace import Trace, given_volume, settled, volume_missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.expressions import Known
    from cnncalc.layers import Volume
    from cnncalc.network import Definition, Given, Item, Network

MOST_PARTS = 100_000  # layers, rounds and calls that are written one by one

_KEYWORDS = frozenset(
    "and as assert async await break class continue def del elif else except finally for from "
    "global if import in is lambda nonlocal not or pass raise return try while with yield "
    "False None True self super range float nn torch F OrderedDict in_channels x i".split()
)
_TAKEN = _KEYWORDS | frozenset(
    "T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu "
    "cuda double dump_patches eval extend extra_repr float forward get_buffer get_extra_state "
    "get_parameter get_submodule half insert ipu load_state_dict modules mtia named_buffers "
    "named_children named_modules named_parameters parameters pop register_backward_hook "
    "register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook "
    "register_full_backward_pre_hook register_load_state_dict_post_hook "
    "register_load_state_dict_pre_hook register_module register_parameter "
    "register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state "
    "set_submodule share_memory state_dict to to_empty train training type xpu zero_grad".split()
)
"""Names that a module has already."""

_FROM_REST = {"filters": "out_channels", "kernel": "kernel_size"}
"""What PyTorch calls what `...` passes on, where it has a name of its own."""


class Flow(NamedTuple):
    """What passes on: a volume at each call that comes here, and the channels in Python."""

    volumes: tuple[Volume | None, ...]
    channels: Number

    def only(self, calls: Iterable[bool]) -> Flow:
        """Return the flow at some of the calls."""
        volumes = (
            volume if kept else None for volume, kept in zip(self.volumes, calls, strict=True)
        )
        return Flow(tuple(volumes), self.channels)

    @property
    def rank(self) -> int:
        """The number of spatial axes."""
        return cast("int", agreed(tuple(len(v) - 1 if v else None for v in self.volumes)))


class Env(NamedTuple):
    """What names stand for: in Python, and at each call; labels, and the variables of them."""

    names: dict[str, Argument]
    rest: tuple[Typed, ...]
    scopes: tuple[tuple[dict[str, Known | None], tuple[Typed, ...]], ...]
    labels: dict[str, tuple[Node, Flow]]

    def inner(self) -> Env:
        """Return the names inside a round."""
        return self._replace(labels=dict(self.labels))


class Piece(NamedTuple):
    """One module: the name it would have, and whether that is a label; `many`: a loop of them.

    With a condition it is there or not, and holds what is `inside`.
    """

    name: str
    node: Node
    label: bool = False
    many: bool = False
    condition: str = ""
    inside: tuple[Piece, ...] = ()


class Formal(NamedTuple):
    """A parameter of a class: its name, what it is in the notation, and its default."""

    name: str
    source: str
    rest: bool
    default: str | None


class Class(NamedTuple):
    """A class that is written: its name, its parameters and its lines."""

    name: str
    formals: tuple[Formal, ...]
    lines: list[str]


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
    volume = settled(given)
    trace = Trace(lambda _row: None, channels_first=channels_first)
    trace.run(network, volume, given.span)
    return _Writer(network, volume, channels_first=channels_first).write(), trace.warnings


class _Writer:
    """Writes one network: first it collects all calls, then it writes classes."""

    def __init__(self, network: Network, volume: Volume, *, channels_first: bool) -> None:
        self.network = network
        self.volume = volume
        self.typed = write_volume(volume, channels_first=channels_first)
        self.uses: dict[tuple[int, int], list[Made]] = {}
        self.definitions: dict[int, Definition] = {}
        self.classes: dict[tuple[int, int], Class | dict[object, Class]] = {}
        self.names = Names({"Network", *HELPERS, *_KEYWORDS})
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
        lines = _class(name, [], body, [])
        volumes = [_batch(self.volume), _batch(cast("Volume", out.volumes[0]))]
        return self._module(title, volumes, lines)

    def _module(self, title: str, volumes: list[str], lines: list[str]) -> str:
        """Return the whole module: a docstring, imports, helpers, definitions, the network."""
        parts: dict[str, list[str]] = {}
        for made in self.classes.values():
            for each in made.values() if isinstance(made, dict) else [made]:
                parts[each.name] = each.lines
        text = "\n\n\n".join("\n".join(part) for part in [*parts.values(), lines])
        helpers = [name for name in HELPERS if re.search(rf"\b{name}\(", text)]
        if any(name.startswith("SameAvg") for name in helpers) and "SamePad" not in helpers:
            helpers.insert(0, "SamePad")
        text = "\n\n\n".join([*(HELPERS[name].rstrip("\n") for name in helpers), text])
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
        head = [*_docstring(title, [about]), "", *imports]
        return "\n".join(head) + f"\n\n\n{text}\n"

    def _top(self) -> tuple[Sequence, Env]:
        """Return what the network goes through: a model's own sequence, where it is one."""
        items = self.network.sequence.items
        none = Env({}, (), (({}, ()),), {})
        if len(items) == 1 and isinstance(items[0], Call) and items[0].definition.volume:
            call_ = items[0]
            flow = Flow((self.volume,), constant(self.volume[-1], 1))
            return call_.definition.sequence, self._env(call_, none, flow)
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
                doc = _docstring(f"{definition.name} on {write_volume(use.volume)}", [])
                text = "\n".join(_class("", [], body, []))
                if text not in alike:
                    name = self._named(definition.name)
                    alike[text] = Class(name, (), _class(name, [], body, doc))
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
            python = _spelled(formal.name, _KEYWORDS | self.names.taken)
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
            if _says(python, text):
                kept.insert(0, line)
                text += line
        used = [formal for formal in formals if _says(formal.name, text)]
        used.sort(key=lambda formal: formal.default is not None)
        if _says("in_channels", text):
            used.insert(0, Formal("in_channels", "in_channels", rest=False, default=None))
        name = self._named(definition.name)
        doc = _docstring(write(_alone(definition)).rstrip(), [])
        return Class(name, tuple(used), _class(name, used, body, doc, kept))

    def _rest_of(
        self, definition: Definition, uses: list[Made], formals: list[Formal]
    ) -> tuple[Typed, ...]:
        """Return what `...` passes on, as parameters of the class by the names of PyTorch."""
        if not any(use.rest for use in uses):
            return ()
        takers = list(_takers(definition.sequence))
        if len(takers) != 1 or not isinstance(takers[0], Pending):
            raise NotAlike
        taker = takers[0]
        found: dict[str, list[Known | None]] = {}
        for index, use in enumerate(uses):
            given = _assigned(taker, _expanded(taker.arguments, use.rest))
            for parameter, typed in given.items():
                if any(typed is each for each in use.rest):
                    found.setdefault(parameter, [None] * len(uses))[index] = typed.value  # type: ignore[assignment]
        rest = []
        for parameter in taker.kind.parameters:
            if parameter.name not in found:
                continue
            values = found[parameter.name]
            if parameter.form == "flag" or any(
                type(side) is tuple for value in values for side in value or ()
            ):
                raise NotAlike
            name = _FROM_REST.get(parameter.name, parameter.name.replace("-", "_"))
            if any(formal.name == name for formal in formals):
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
                number = named(name, tuple(cast("int", value[0]) for value in values if value))
            formals.append(Formal(name, parameter.name, rest=True, default=default))
            value = Argument(name, tuple(values), number)
            rest.append(Typed(parameter.name, value, definition.span))  # type: ignore[arg-type]
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
            taker = cast("Pending", next(_takers(item.definition.sequence)))
            for name, each in _assigned(taker, _expanded(taker.arguments, inner.rest)).items():
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

    def _env(self, item: Call, env: Env, flow: Flow) -> Env:
        """Return the names inside a call, said in the words of its caller."""
        spoken_ = [
            typed._replace(value=_said(typed, env, flow))
            for typed in _expanded(item.arguments, env.rest)
        ]
        given, left = self._assign(item, spoken_)
        names: dict[str, Argument] = {}
        for formal in item.definition.formals:
            if formal.name in given:
                names[formal.name] = cast("Argument", given[formal.name].value)
            else:
                names[formal.name] = argument(formal.default or (), names, flow.channels)
        scopes = []
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
        self._count_part(item)
        use = _use(item, env, flow)
        kind = item.kind
        volumes = tuple(
            None if layer is None else kind.measure(volume, *layer.values).output
            for layer, volume in zip(use.layers, flow.volumes, strict=True)
        )
        channels = _channels(kind.name, use)
        out = Flow(volumes, channels)
        _hold(out)
        if self.collecting:
            return [], out
        name = NAMES.get(kind.name, kind.name)
        nodes = MODULES[kind.name](use, channels)
        *before, last = [Piece(_hint(node, name), node) for node in nodes]
        if kind.name == "deconv" and before:
            return [Piece(name, before[0].node), last], out
        return [*before, last._replace(name=name)], out

    def _call(self, item: Call, env: Env, flow: Flow) -> tuple[list[Piece], Flow]:
        definition = item.definition
        inner = self._env(item, env, flow)
        if self.collecting:
            use = self._uses(item, env, flow)[0]
            use = use._replace(given=self._given(item))
            key = (id(definition), *_key(use))  # type: ignore[misc]
            if key not in self.known:
                self._count_part(item)
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

    def _count(self, group: Group, env: Env, flow: Flow) -> tuple[Number, tuple[int, ...]]:
        """Return how often a group is gone through, in Python and at each call."""
        counts = tuple(
            0 if volume is None else number_of(group.times, Scope(scope[0], volume[-1]))  # type: ignore[arg-type]
            for volume, scope in zip(flow.volumes, env.scopes, strict=True)
        )
        count = spoken(group.times, env.names, flow.channels)  # type: ignore[arg-type]
        return count, counts

    def _repeat(self, group: Group, env: Env, flow: Flow) -> tuple[list[Piece], Flow]:
        count, counts = self._count(group, env, flow)
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
            active = flow_only(now, counts, turn)
            pieces, after = self.pieces(group.sequence.items, env.inner(), active)
            rounds.append([piece._replace(label=False) for piece in pieces])
            settled = after.volumes == active.volumes and after.channels.text == now.channels.text
            now = _merged(after, now)
            if settled:
                break
            self._count_part(group)
        if self.collecting:
            return [], now
        if count.literal is None and len(set(reached)) == 1 and len(flow.volumes) == 1:
            count = constant(reached[0], 1)
        if count.literal is not None:
            total = count.literal
            rounds += [rounds[-1]] * (min(total, len(rounds) + 3) - len(rounds))
            return list(_gathered(rounds, total)), now
        _hold(now)
        if not rounds[0]:
            return [], now
        first, *others = [sequential(each) for each in rounds]
        if not others or others[0] == first:
            node, name = first, "_"
        else:
            node, name = _first(first, others[0]), "i"
        if any(each != others[0] for each in others):
            raise NotAlike
        loop = f"for {name} in range({count.text})"
        return [Piece(_name_of(rounds[0]), Rounds(node, loop), many=True)], now

    def _count_part(self, item: Item) -> None:
        self.parts += 1
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
        now = Flow(_merged(after, flow).volumes, _either(after, flow, counts, count.text))
        _hold(now)
        node = sequential(pieces)
        piece = Piece(_name_of(pieces), node, condition=count.text, inside=tuple(pieces))
        return [piece], now

    def _pair(
        self, group: Group, following: list[Item], env: Env, flow: Flow
    ) -> tuple[Piece, Flow] | None:
        """Return two groups of which one is there, the other not, as one choice."""
        other = following[0] if following else None
        if not isinstance(other, Group) or other.times is None:
            return None
        try:
            count, counts = self._count(group, env, flow)
            against, others = self._count(other, env, flow)
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
        now = Flow(volumes, _either(after, other_flow, counts, count.text))
        _hold(now)
        if count.text.startswith("not "):
            node = Choice(sequential(second), against.text, sequential(first))
        else:
            node = Choice(sequential(first), count.text, sequential(second))
        return Piece(_name_of(first), node), now

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
        wanted = frozenset(_references(sequence))
        if _is_chain(sequence, wanted, self.sides):
            pieces, flow = self.pieces(sequence.items, env, flow)
            return Body(pieces), flow
        body = Body(None)
        forward = _Forward(self, body, wanted)
        cur, flow = forward.sequence(sequence.items, env, flow, "x", "x", "")
        forward.end(cur)
        return body, flow


def flow_only(flow: Flow, counts: tuple[int, ...], turn: int) -> Flow:
    """Return the flow at the calls that go through another round."""
    return flow.only(n > turn for n in counts)


class Body:
    """The body of a class: `chain` of modules; or attributes, and the lines of forward."""

    def __init__(self, chain: list[Piece] | None) -> None:
        self.chain = chain
        self.attributes: list[tuple[str, Node]] = []
        self.lines: list[tuple[str, Node]] = []

    def nodes(self) -> Iterable[Node]:
        """Yield the expressions that stand in its constructor."""
        if self.chain is not None:
            yield sequential(self.chain)
        for _name, node in self.attributes:
            yield node


class _Forward:
    """Writes forward: a statement for each part, a variable for what is needed again."""

    def __init__(self, writer: _Writer, body: Body, wanted: frozenset[str]) -> None:
        self.writer = writer
        self.body = body
        self.wanted = wanted
        self.names = Names(_TAKEN)
        self.variables = Names(_KEYWORDS)
        self.outputs: list[str] = []
        self.sides: list[str] = []

    def end(self, cur: Node) -> None:
        """Return what comes out: the outputs, and in training what auxiliary parts give."""
        outputs = list(self.outputs)
        if self.sides or (outputs and cur != outputs[-1]):
            cur = self.bind(cur, "x")
        if not outputs or cur not in outputs:
            outputs.append(cast("str", cur))
        if self.sides:
            self.body.lines.append(("if self.training:", ""))
            self.body.lines.append(("    return ", ", ".join([*outputs, *self.sides])))
        if len(outputs) == 1:
            self.body.lines.append(("return ", outputs[0] if self.outputs else cur))
        else:
            self.body.lines.append(("return ", ", ".join(outputs)))

    def bind(self, cur: Node, variable: str) -> str:
        """Return the variable that holds what comes, a new statement where it has none."""
        if isinstance(cur, str) and cur.isidentifier():
            return cur
        self.body.lines.append((f"{variable} = ", cur))
        return variable

    def attribute(self, name: str, node: Node) -> str:
        """Keep a module under a name, or the next that is free; return the name."""
        found = self.names.free(name)
        self.body.attributes.append((found, node))
        return found

    def variable(self, name: str) -> str:
        """Return a variable of a name that is free."""
        return self.variables.free(name)

    def sequence(
        self, items: Iterable[Item], env: Env, flow: Flow, cur: Node, variable: str, whole: str
    ) -> tuple[Node, Flow]:
        """Write items one after another; `whole` names what stands for all of them."""
        items = [*_plain(items)]
        run: list[Item] = []
        alone = self.is_run(items)
        for number, item in enumerate(items):
            labelled = isinstance(item, Labelled)
            if self.is_module(item) and (not labelled or (whole and alone)):
                run.append(item)
                continue
            cur, flow = self.run(run, env, flow, cur, variable, whole, alone=alone)
            run = []
            kept = number + 1 < len(items) and _is_output(items[number + 1])
            cur, flow = self.item(item, env, flow, cur, variable, whole, kept=kept)
        return self.run(run, env, flow, cur, variable, whole, alone=alone)

    def is_run(self, items: list[Item]) -> bool:
        """Return whether items are modules one after another, behind a reference or not."""
        start = 1 if items and isinstance(items[0], Reference) else 0
        return all(self.is_module(item) for item in items[start:])

    def run(
        self,
        items: list[Item],
        env: Env,
        flow: Flow,
        cur: Node,
        variable: str,
        whole: str,
        *,
        alone: bool = True,
    ) -> tuple[Node, Flow]:
        """Write modules one after another as one, by the name of the whole if they are that."""
        if not items:
            return cur, flow
        pieces, flow = self.writer.pieces(items, env, flow)
        if self.writer.collecting:
            return cur, flow
        if not pieces or all(piece.node == call("nn.Identity") for piece in pieces):
            return cur, flow
        name = pieces[0].name if len(pieces) == 1 else "layers"
        if whole:
            name = whole if alone else f"{whole}_{name}"
        held = self.attribute(name, sequential(pieces))
        return call(f"self.{held}", self.bind(cur, variable)), flow

    def is_module(self, item: Item) -> bool:
        """Return whether an item is a module by itself."""
        return _is_module(item, self.wanted, self.writer.sides) and not _has_join(item)

    def item(
        self,
        item: Item,
        env: Env,
        flow: Flow,
        cur: Node,
        variable: str,
        whole: str,
        *,
        kept: bool = False,
    ) -> tuple[Node, Flow]:
        """Write what is not a module by itself, or has a label."""
        if isinstance(item, Labelled):
            if isinstance(item.item, Join) and item.item.how == "aux":
                cur, flow = self.side(item.item, env, flow, cur, variable, item.label)
            elif self.is_module(item.item):
                cur, flow = self.run([item.item], env, flow, cur, variable, item.label)
            else:
                cur, flow = self.item(item.item, env, flow, cur, variable, item.label)
            if item.label in self.wanted or kept:
                if not (isinstance(cur, str) and cur.isidentifier() and cur != "x"):
                    held = self.variable(item.label)
                    self.body.lines.append((f"{held} = ", cur))
                    cur = held
                env.labels[item.label] = cur, flow
            return cur, flow
        if isinstance(item, Reference):
            return env.labels[item.label]
        if isinstance(item, Layer):  # an output
            if not (isinstance(cur, str) and cur.isidentifier() and cur != "x"):
                held = self.variable("output")
                self.body.lines.append((f"{held} = ", cur))
                cur = held
            if cur not in self.outputs:
                self.outputs.append(cast("str", cur))
            return cur, flow
        if isinstance(item, Group):
            return self.group(item, env, flow, cur, variable, whole)
        if isinstance(item, Call):
            inner = self.writer._env(item, env, flow)  # noqa: SLF001 - the two halves of a writer
            name = whole or item.definition.name
            items = item.definition.sequence.items
            outer, self.wanted = self.wanted, frozenset(_references(item.definition.sequence))
            cur, flow = self.sequence(items, inner, flow, cur, variable, name)
            self.wanted = outer
            return cur, flow
        join = cast("Join", item)
        if join.how == "aux":
            name = f"{whole}_aux" if whole else "aux"
            return self.side(join, env, flow, cur, variable, name)
        return self.join(join, env, flow, cur, variable, whole)

    def group(
        self, group: Group, env: Env, flow: Flow, cur: Node, variable: str, whole: str
    ) -> tuple[Node, Flow]:
        """Write a group in place; its rounds one by one, where it is repeated."""
        if group.times is None:
            return self.sequence(group.sequence.items, env, flow, cur, variable, whole)
        count, counts = self.writer._count(group, env, flow)  # noqa: SLF001
        if count.literal is None and len(counts) > 1:
            raise NotAlike
        for turn in range(counts[0]):
            self.writer._count_part(group)  # noqa: SLF001
            name = f"{whole}_{turn + 1}" if whole else ""
            items = group.sequence.items
            cur, flow = self.sequence(items, env.inner(), flow, cur, variable, name)
        return cur, flow

    def side(
        self, item: Join, env: Env, flow: Flow, cur: Node, variable: str, name: str
    ) -> tuple[Node, Flow]:
        """Write an auxiliary part, whose output is given in training alone."""
        cur = self.bind(cur, variable)
        branch = item.branches[0]
        held = self.variable(name)
        if all(_is_module(each, self.wanted, self.writer.sides) for each in branch.items):
            pieces, _out = self.writer.pieces(branch.items, env.inner(), flow)
            if not self.writer.collecting:
                module = self.attribute(name, sequential(pieces))
                text = f"self.{module}({cur}) if self.training else None"
                self.body.lines.append((f"{held} = ", text))
        else:
            out, _flow = self.sequence(branch.items, env.inner(), flow, cur, held, name)
            if out != held:
                self.body.lines.append((f"{held} = ", out))
        self.sides.append(held)
        return cur, flow

    def join(
        self, item: Join, env: Env, flow: Flow, cur: Node, variable: str, whole: str
    ) -> tuple[Node, Flow]:
        """Write branches side by side, and what puts them together."""
        cur = self.bind(cur, variable)
        names = _branch_names(item, whole)
        simple = all(self.is_run([*_plain(branch.items)]) for branch in item.branches)
        results: list[Node] = []
        outs = []
        for branch, name in zip(item.branches, names, strict=True):
            held = name if simple else self.variable(name)
            result, out = self.sequence(branch.items, env, flow, cur, held, name)
            if not simple:
                result = self.bind(result, held)
            results.append(result)
            outs.append(out)
        now = joined(item.how, outs)
        if item.how == "concat":
            parts = Bracket("[", tuple(results), "]")
            return call("torch.cat", parts, "1"), now
        if item.how == "mul":
            none = ", None" * now.rank
            results = [
                f"{flat(result)}[:, :{none}]" if out.rank < now.rank else result
                for result, out in zip(results, outs, strict=True)
            ]
        return Sum("+" if item.how == "add" else "*", tuple(results)), now


# ---------------------------------------------------------------- what passes on


def joined(how: str, outs: list[Flow]) -> Flow:
    """Return what comes out of a join."""
    volumes: list[Volume | None] = []
    for each in zip(*(out.volumes for out in outs), strict=True):
        present = [volume for volume in each if volume is not None]
        if not present:
            volumes.append(None)
            continue
        rank = max(map(len, present))
        wide = [(1,) * (rank - len(volume)) + volume for volume in present]
        if how == "concat":
            volumes.append((*wide[0][:-1], sum(volume[-1] for volume in wide)))
        else:
            volumes.append(tuple(map(max, zip(*wide, strict=True))))
    if how == "concat":
        channels = outs[0].channels
        for out in outs[1:]:
            channels = add(channels, out.channels)
        flow = Flow(tuple(volumes), channels)
        _hold(flow)
        return flow
    for out in sorted(outs, key=lambda out: len(out.channels.text)):
        flow = Flow(tuple(volumes), out.channels)
        if _holds(flow):
            return flow
    raise NotAlike


def _holds(flow: Flow) -> bool:
    """Return whether the channels in Python are those of the volumes, at every call."""
    return all(
        volume is None or volume[-1] == value
        for volume, value in zip(flow.volumes, flow.channels.values, strict=True)
    )


def _hold(flow: Flow) -> None:
    if not _holds(flow):
        raise NotAlike


def _merged(after: Flow, before: Flow) -> Flow:
    """Return what comes out of a part that some calls go through, and the others pass by."""
    volumes = tuple(
        before.volumes[index] if volume is None else volume
        for index, volume in enumerate(after.volumes)
    )
    for channels in (after.channels, before.channels):
        flow = Flow(volumes, channels)
        if _holds(flow):
            return flow
    return Flow(volumes, after.channels)


def _either(after: Flow, before: Flow, counts: tuple[int, ...], condition: str) -> Number:
    """Return the channels behind a part that is there under a condition."""
    values = tuple(
        one if count else other
        for one, other, count in zip(
            after.channels.values, before.channels.values, counts, strict=True
        )
    )
    for channels in (after.channels, before.channels):
        if channels.values == values:
            return channels
    text = f"({after.channels.text} if {condition} else {before.channels.text})"
    return named(text, values)


def _channels(kind: str, use: Use) -> Number:
    """Return the channels that a layer gives."""
    arguments = use.arguments
    for name in ("filters", "units"):
        given = arguments.get(name)
        if given and given.text != "None":
            if given.number is None:
                raise NotAlike
            return given.number
    if kind == "flatten":
        return values_in(use)
    if kind == "slice":
        stop, start = arguments["to"].number, arguments["from"].number
        if stop is None or start is None:
            raise NotAlike
        return add(stop, start, -1)
    multiplier = arguments.get("multiplier")
    if multiplier and multiplier.text != "None":
        if multiplier.number is None:
            raise NotAlike
        return multiply(multiplier.number, use.channels)
    return use.channels


def _use(item: Layer | Pending, env: Env, flow: Flow) -> Use:
    """Return a layer where it is used."""
    calls = len(flow.volumes)
    kind = item.kind
    _rank = flow.rank
    if isinstance(item, Layer):
        layers = tuple(None if volume is None else item for volume in flow.volumes)
        arguments = {
            parameter.name: _literal(value, calls)
            for parameter, value in zip(kind.parameters, item.values, strict=True)
            if parameter.form != "words"
        }
        return Use(arguments, layers, flow.volumes, flow.channels)
    layers = tuple(
        None
        if volume is None
        else cast("Layer", resolved(item, Scope(scope[0], volume[-1]), scope[1]))
        for volume, scope in zip(flow.volumes, env.scopes, strict=True)
    )
    if kind.parameters and kind.parameters[0].form == "words":
        return Use({}, layers, flow.volumes, flow.channels)
    typed = [
        each._replace(value=_said(each, env, flow)) for each in _expanded(item.arguments, env.rest)
    ]
    given = _assigned(item, typed)
    arguments = {}
    for parameter in kind.parameters:
        if parameter.name in given:
            arguments[parameter.name] = cast("Argument", given[parameter.name].value)
        elif parameter.like:
            arguments[parameter.name] = arguments[parameter.like]
        else:
            usual = item.preset.get(parameter.name, parameter.default)
            arguments[parameter.name] = _literal(usual, calls)
    return Use(arguments, layers, flow.volumes, flow.channels)


def _literal(value: object, calls: int) -> Argument:
    """Return a layer's own value as an argument."""
    if isinstance(value, tuple):
        return literal(value, calls) if value else Argument("", (value,) * calls)
    if value is None:
        return Argument("None", (None,) * calls)
    return literal((int(cast("int", value)),), calls)


def _said(typed: Typed, env: Env, flow: Flow) -> Argument:
    """Return an argument in Python."""
    if isinstance(typed.value, Argument):
        return typed.value
    return argument(typed.value, env.names, flow.channels)


def _expanded(arguments: Iterable[Typed], rest: tuple[Typed, ...]) -> Iterable[Typed]:
    """Yield arguments, with what `...` stands for in its place."""
    for typed in arguments:
        if typed.name == "...":
            yield from rest
        else:
            yield typed


def _assigned(item: Pending, arguments: Iterable[Typed]) -> dict[str, Typed]:
    """Return the arguments of a layer by parameter."""
    kind = item.kind

    def find(name: str) -> str | None:
        parameter = kind.parameter(name)
        return parameter.name if parameter else None

    places = [parameter.name for parameter in kind.parameters if parameter.place]
    return assign(kind.name, places, find, arguments)[0]


def _takers(sequence: Sequence) -> Iterable[Pending | Call]:
    """Yield what takes `...` up."""
    for item in _inside(sequence):
        if isinstance(item, Pending | Call) and any(each.name == "..." for each in item.arguments):
            yield item


def _literal_env(use: Made) -> Env:
    """Return the names of one call, with its own numbers."""
    names = {name: literal(value, 1) for name, value in use.parameters.items() if value is not None}
    rest = tuple(each._replace(value=literal(each.value, 1)) for each in use.rest)  # type: ignore[arg-type]
    return Env(names, rest, ((use.parameters, use.rest),), {})


def _key(use: Made) -> tuple[object, ...]:
    """Return what tells a call from another."""
    rest = tuple((each.name, each.value) for each in use.rest)
    return tuple(use.parameters.items()), rest, use.volume


def _alone(definition: Definition) -> Network:
    """Return a definition as a text of its own."""
    from cnncalc.network import Network as Whole

    return Whole((definition,), None, Sequence((), definition.span), definition.span)


# ---------------------------------------------------------------- what can be a module


def _plain(items: Iterable[Item]) -> Iterable[Item]:
    """Yield items, those of plain groups in their place."""
    for item in items:
        if isinstance(item, Group) and item.times is None:
            yield from _plain(item.sequence.items)
        else:
            yield item


def _inside(sequence: Sequence) -> Iterable[Item]:
    """Yield all items of a sequence, outer ones first; not those of calls."""
    for item in sequence.items:
        inner = item
        while isinstance(inner, Labelled):
            yield inner
            inner = inner.item
        yield inner
        if isinstance(inner, Group):
            yield from _inside(inner.sequence)
        elif isinstance(inner, Join):
            for branch in inner.branches:
                yield from _inside(branch)


def _references(sequence: Sequence) -> Iterable[str]:
    """Yield the labels that are read."""
    return (item.label for item in _inside(sequence) if isinstance(item, Reference))


def _is_output(item: Item) -> bool:
    return isinstance(item, Layer | Pending) and item.kind.name == "output"


def _is_module(item: Item, wanted: frozenset[str], sides: dict[int, bool]) -> bool:
    """Return whether an item takes one input and gives one output, and keeps nothing else."""
    for each in _inside(Sequence((item,), item.span)):
        if isinstance(each, Reference) or _is_output(each):
            return False
        if isinstance(each, Labelled) and each.label in wanted:
            return False
        if isinstance(each, Join) and each.how == "aux":
            return False
        if isinstance(each, Call) and _has_sides(each.definition, sides):
            return False
    return True


def _has_sides(definition: Definition, known: dict[int, bool]) -> bool:
    """Return whether a definition has outputs or auxiliary parts of its own."""
    key = id(definition)
    if key not in known:
        known[key] = any(
            _is_output(each)
            or (isinstance(each, Join) and each.how == "aux")
            or (isinstance(each, Call) and _has_sides(each.definition, known))
            for each in _inside(definition.sequence)
        )
    return known[key]


def _has_join(item: Item) -> bool:
    """Return whether branches stand in an item that is not repeated."""
    while isinstance(item, Labelled):
        item = item.item
    if isinstance(item, Group) and item.times is None:
        return any(map(_has_join, item.sequence.items))
    return isinstance(item, Join)


def _is_chain(sequence: Sequence, wanted: frozenset[str], sides: dict[int, bool]) -> bool:
    """Return whether a sequence is modules one after another."""
    return all(_is_module(item, wanted, sides) and not _has_join(item) for item in sequence.items)


def _branch_names(item: Join, whole: str) -> list[str]:
    """Return names for branches: a body and its shortcut, a gate, or numbers."""
    before = f"{whole}_" if whole else ""
    names = [f"{before}branch{number + 1}" for number in range(len(item.branches))]
    trivial = [_is_trivial(branch) for branch in item.branches]
    if len(names) == 2:
        if item.how == "concat":
            names = [f"{before}body"] * 2 if any(trivial) else names
        elif item.how == "add":
            first = 1 if trivial[0] and not trivial[1] else 0
            names[first], names[1 - first] = f"{before}body", f"{before}shortcut"
        elif any(trivial):
            names[trivial.index(False) if False in trivial else 0] = f"{before}gate"
    return names


def _is_trivial(branch: Sequence) -> bool:
    """Return whether a branch passes its input on, always or under a condition."""
    return all(
        (isinstance(item, Layer) and item.kind.name == "identity")
        or (isinstance(item, Group) and item.times is not None)
        for item in branch.items
    )


# ---------------------------------------------------------------- text


def sequential(pieces: list[Piece]) -> Node:
    """Return modules one after another as one."""
    if not pieces:
        return call("nn.Identity")
    if len(pieces) == 1 and not pieces[0].many:
        piece = pieces[0]
        if not piece.condition:
            return piece.node
        if piece.condition.startswith("not "):
            return Choice(call("nn.Identity"), negated(piece.condition), piece.node)
        return Choice(piece.node, piece.condition, call("nn.Identity"))
    return call("nn.Sequential", *_parts(pieces), tall=_are_tall(pieces))


def _parts(pieces: list[Piece]) -> list[Node]:
    """Return modules as the arguments of Sequential, by name where one has a label."""
    if not any(piece.label for piece in pieces):
        return [
            Optional(tuple(_parts([*piece.inside])), piece.condition)
            if piece.condition and not any(each.label for each in piece.inside)
            else sequential([piece])
            if piece.condition
            else piece.node
            for piece in pieces
        ]
    names = Names(_TAKEN)
    labels = {piece.name: names.free(piece.name) for piece in pieces if piece.label}
    parts: list[Node] = []
    for piece in pieces:
        name = labels.pop(piece.name, "") if piece.label else ""
        parts.append(Keyword(name or names.free(piece.name), sequential([piece])))
    return [call("OrderedDict", *parts, tall=True)]


def _are_tall(pieces: list[Piece]) -> bool:
    return len(pieces) > 2 and not any(piece.label for piece in pieces)


def _gathered(rounds: list[list[Piece]], total: int) -> Iterable[Piece]:
    """Yield the modules of rounds, three or more that are alike as a loop."""
    texts = [tuple(flat(piece.node) for piece in each) for each in rounds]
    start = 0
    left = total
    while start < len(rounds):
        stop = start + 1
        while stop < len(rounds) and texts[stop] == texts[start]:
            stop += 1
        count = stop - start + (left - (len(rounds) - start) if stop == len(rounds) else 0)
        if count > 2 and rounds[start]:
            yield _looped(rounds[start], f"for _ in range({count})")
        else:
            rule = _progression(texts, start)
            if rule:
                text, stop, count = rule
                name = rounds[start][0].name
                yield Piece(name, Rounds(text, f"for i in range({count})"), many=True)
            else:
                stop = start + 1
                count = 1
                yield from rounds[start]
        left -= count
        start = stop


def _progression(texts: list[tuple[str, ...]], start: int) -> tuple[str, int, int] | None:
    """Return three rounds or more whose numbers grow by the same steps, as one text with `i`."""
    if any(len(text) != 1 for text in texts[start : start + 3]) or len(texts) < start + 3:
        return None
    first, second = _split(texts[start]), _split(texts[start + 1])
    if len(first) != len(second) or first[::2] != second[::2]:
        return None
    steps = _steps(first, second)
    count = 2
    for text in texts[start + 2 :]:
        words = _split(text) if len(text) == 1 else []
        if words[::2] != first[::2] or _steps(first, words) != [count * step for step in steps]:
            break
        count += 1
    if count < 3 or any(step < 0 for step in steps):
        return None
    words = list(first)
    for index, step in enumerate(steps):
        if step:
            times = "i" if step == 1 else f"{step} * i"
            words[2 * index + 1] += f" + {times}"
    text = "".join(words)
    return (text, start + count, count) if len(text) < WIDTH - 16 else None


def _split(texts: tuple[str, ...]) -> list[str]:
    """Return a text's words, each second of them a number that is an argument."""
    return re.split(r"(?<=[(, =])(\d+)(?=[,)])", texts[0])


def _steps(first: list[str], second: list[str]) -> list[int]:
    return [int(b) - int(a) for a, b in zip(first[1::2], second[1::2], strict=True)]


def _first(node: Node, later: Node) -> Node:
    """Return a round of a loop over `i` whose first round differs from the later ones."""
    if node == later:
        return node
    if isinstance(node, str) and isinstance(later, str):
        return f"{node} if i == 0 else {later}"
    if isinstance(node, Keyword) and isinstance(later, Keyword) and node.name == later.name:
        return Keyword(node.name, _first(node.node, later.node))
    if isinstance(node, Bracket) and isinstance(later, Bracket) and node.start == later.start:
        if len(node.parts) != len(later.parts):
            raise NotAlike
        parts = (_first(*pair) for pair in zip(node.parts, later.parts, strict=True))
        return node._replace(parts=tuple(parts))
    raise NotAlike


def _looped(pieces: list[Piece], loop: str) -> Piece:
    """Return a loop of modules."""
    return Piece(_name_of(pieces), Rounds(sequential(pieces), loop), many=True)


def _name_of(pieces: list[Piece]) -> str:
    return pieces[0].name if len(pieces) == 1 else "layers"


def _hint(node: Node, name: str) -> str:
    """Return what an attribute is called that holds a module put before a layer."""
    head = node.start if isinstance(node, Bracket) else ""
    if "Pad" in head:
        return "pad"
    return "flatten" if "Flatten" in head else name


class Names:
    """Names that are given once; one that is taken gets the next number behind it.

    >>> names = Names(frozenset({"eval"}))
    >>> names.free("relu"), names.free("relu"), names.free("eval"), names.free("fc8")
    ('relu', 'relu2', 'eval2', 'fc8')
    >>> names.free("fc8")
    'fc8_2'
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self.last: dict[str, int] = {}

    def free(self, name: str) -> str:
        """Return a name that is free, and take it."""
        found, number = name, self.last.get(name, 1)
        while found in self.taken:
            number += 1
            found = f"{name}_{number}" if name[-1].isdigit() else f"{name}{number}"
        self.last[name] = number
        self.taken.add(found)
        return found


def _spelled(name: str, taken: Iterable[str]) -> str:
    """Return a parameter's name in Python."""
    return f"{name}_" if name in taken else name


def _says(name: str, text: str) -> bool:
    """Return whether a name stands in a text."""
    return re.search(rf"(?<![\w.])(?<!\bself\.){name}\b(?!=[^=])", text) is not None


def _batch(volume: Volume) -> str:
    """Return a volume as PyTorch has it: 1x3x224x224."""
    return times((1, volume[-1], *volume[:-1]))


def _docstring(title: str, more: list[str]) -> list[str]:
    """Return a docstring, wrapped at arrows and spaces."""
    if not more and len(title) <= WIDTH - 10:
        return [f'"""{title}"""']
    lines = _wrapped(title, WIDTH - 10, "  " if more else "")
    body = [line for text in more for line in ["", *_wrapped(text, WIDTH, "")]]
    return [f'"""{lines[0]}', *lines[1:], *body, '"""']


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    """Return lines of a text, broken before arrows and bars where it can be."""
    lines = [""]
    for chunk in re.split(r" (?=->|\|)", text):
        fits = len(lines[-1]) + 1 + len(chunk) <= width
        for word in [chunk] if fits or len(indent) + len(chunk) <= width else chunk.split(" "):
            if lines[-1].strip() and len(lines[-1]) + 1 + len(word) > width:
                lines.append(indent)
            lines[-1] += f" {word}" if lines[-1].strip() else word
    return lines


def _class(
    name: str, formals: list[Formal], body: Body, doc: list[str], before: Iterable[str] = ()
) -> list[str]:
    """Return the lines of a class."""
    one, two = "    ", " " * 8
    base = "nn.Module" if body.chain is None else "nn.Sequential"
    lines = [f"class {name}({base}):"]
    if doc:
        lines += [f"{one}{line}".rstrip() for line in doc] + [""]
    texts = [
        formal.name if formal.default is None else f"{formal.name}={formal.default}"
        for formal in formals
    ]
    lines += lay(call("def __init__", "self", *texts), one, "", ":")
    if body.chain is not None:
        lines += [f"{two}{line}" for line in before]
        pieces = body.chain
        parts = _parts(pieces)
        return [*lines, *lay(call("super().__init__", *parts, tall=_are_tall(pieces)), two)]
    lines.append(f"{two}super().__init__()")
    lines += [f"{two}{line}" for line in before]
    for attribute, node in body.attributes:
        lines += lay(node, two, f"self.{attribute} = ")
    lines += ["", f"{one}def forward(self, x):"]
    for start, node in body.lines:
        lines += lay(node, two, start)
    return lines
