"""Definitions as classes: one for all calls, or one for each where one cannot say them all."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, cast

from cnncalc.codegen.bindings import (
    Env,
    MadeCall,
    assign_layer,
    call_key,
    enter_call,
    expand_rest,
    find_calls,
    given_names,
    literal_env,
)
from cnncalc.codegen.classes import Body, InitArgument, WrittenClass, docstring, says
from cnncalc.codegen.flow import NOTHING, Stream, enter
from cnncalc.codegen.forward import Forward
from cnncalc.codegen.layout import Keyword, Node, call, lay
from cnncalc.codegen.names import Names, python_name
from cnncalc.codegen.numbers import (
    NotAlike,
    PythonArgument,
    as_argument,
    constant,
    literal,
    name_number,
    python_argument,
)
from cnncalc.codegen.rounds import Piece
from cnncalc.codegen.structure import is_chain, references, takers
from cnncalc.codegen.walk import Walk
from cnncalc.kinds.volumes import Volume, write_volume
from cnncalc.notation.inputs import begins_inside, given_volume
from cnncalc.notation.tree import Argument as Typed
from cnncalc.notation.tree import Call, Definition, Network, Pending, Sequence
from cnncalc.notation.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cnncalc.notation.evaluation import Known
    from cnncalc.notation.expressions import Value


class Definitions(Walk):
    """Walks through a network, and writes the classes of its definitions.

    `arriving` is what a class calls the channels that come in, `passed_on` what the library calls
    what `...` passes on, where it has a name of its own. No class is called by a name in `taken`.
    """

    arriving = ""
    passed_on: dict[str, str] = {}  # noqa: RUF012 - never changed

    def __init__(
        self,
        network: Network,
        inputs: list[Volume],
        typed: str,
        taken: Iterable[str],
        tell: Callable[[float], object] = float,
    ) -> None:
        super().__init__(tell)
        self.network = network
        self.inputs = inputs
        self.volume = inputs[0]
        given = given_volume(network)
        self.label = given.label if given else ""
        self.typed = typed
        self.uses: dict[tuple[int, int], list[MadeCall]] = {}
        self.definitions: dict[int, Definition] = {}
        self.classes: dict[tuple[int, int], WrittenClass | dict[object, WrittenClass]] = {}
        self.names = Names({"Network", *taken, *self.reserved})
        self.known: dict[object, Stream] = {}

    @abstractmethod
    def class_lines(
        self,
        name: str,
        formals: list[InitArgument],
        body: Body,
        doc: list[str],
        before: Iterable[str] = (),
    ) -> list[str]:
        """Return the lines of a class; `before` stand first in its constructor."""

    def body(
        self, sequence: Sequence, env: Env, flow: Stream, *, is_network: bool = False
    ) -> tuple[Body, Stream]:
        """Return the body of a class: a chain, or attributes and what forward does with them."""
        wanted = frozenset(references(sequence))
        if is_chain(sequence, wanted, self.sides):
            pieces, flow = self.pieces(sequence.items, env, flow)
            return Body(pieces), flow
        body = Body(None)
        forward = Forward(self, body, sequence)
        cur = "x"
        if is_network and flow is not NOTHING:
            cur = forward.begin(self.label, env, flow, among=len(self.inputs) > 1)
        out, flow = forward.sequence(sequence.items, env, flow, cur, "x", "")
        forward.end(out)
        return body, flow

    def define(self) -> tuple[str, Body, Stream, str]:
        """Write all classes; return the network's name, body, what comes out, and its title."""
        sequence, env = self.top()
        flow = NOTHING if begins_inside(self.network) else enter(self.volume)
        name, title = self.title()
        self.body(sequence, env, flow, is_network=True)
        self.collecting, self.collected = False, self.parts
        self.known.clear()
        own = {id(definition) for definition in self.network.definitions}

        def order(key: tuple[int, int]) -> tuple[bool, int, int]:  # the library's blocks first
            return key[0] in own, self.definitions[key[0]].span.start, key[1]

        for key in sorted(self.uses, key=order):
            self._define(key)
        body, out = self.body(sequence, env, flow, is_network=True)
        return name, body, out, title

    def top(self) -> tuple[Sequence, Env]:
        """Return what the network goes through: a model's own sequence, where it is one."""
        none = Env({}, (), (({}, ()),), {})
        if model := self._model():
            return model.definition.sequence, enter_call(model, none, enter(self.volume))
        return self.network.sequence, none

    def _model(self) -> Call | None:
        """Return the call of a model that is all of the network."""
        first = next(iter(self.network.sequence.items), None)
        if len(self.network.sequence.items) > 1 or not isinstance(first, Call):
            return None
        begins = first.definition.volume or begins_inside(self.network)
        return first if begins else None

    def title(self) -> tuple[str, str]:
        """Return the name of the network's class, and the network in notation."""
        label = f"{self.label}: " if self.label else ""
        typed = "" if begins_inside(self.network) else f"{label}{self.typed} -> "
        if model := self._model():
            definition = model.definition
            alone = self.network._replace(volume=None, sequence=definition.sequence)
            name = self._named(definition.name)
            return name, f"{definition.name}: {typed}{write(alone._replace(definitions=()))}"
        text = write(self.network._replace(definitions=(), volume=None))
        return "Network", f"{typed}{text}" if self.network.sequence.items else self.typed

    def _named(self, name: str) -> str:
        """Return a class name of a definition's that is not taken."""
        words = ""
        for word in name.split("_"):
            words += "_" if words[-1:].isdigit() and word[:1].isdigit() else ""
            words += word[:1].upper() + word[1:]
        words = words if words[:1].isalpha() else f"Part{words}"
        return self.names.free(words)

    def _define(self, key: tuple[int, int]) -> None:
        """Write the class of a definition; one for each call where one cannot say them all."""
        definition = self.definitions[key[0]]
        uses = self.uses[key]
        try:
            self.classes[key] = self._class_of(definition, uses)
        except NotAlike:
            made: dict[object, WrittenClass] = {}
            alike: dict[str, WrittenClass] = {}
            for use in uses:
                env = literal_env(use)
                flow = Stream((use.volume,), constant(use.volume[-1], 1))
                body, _out = self.body(definition.sequence, env, flow)
                doc = docstring(f"{definition.name} on {write_volume(use.volume)}", [])
                text = "\n".join(self.class_lines("", [], body, []))
                if text not in alike:
                    name = self._named(definition.name)
                    alike[text] = WrittenClass(name, (), self.class_lines(name, [], body, doc))
                made[call_key(use)] = alike[text]
            self.classes[key] = made

    def _class_of(self, definition: Definition, uses: list[MadeCall]) -> WrittenClass:
        """Return the one class that says all calls of a definition."""
        calls = len(uses)
        channels = name_number(self.arriving, tuple(use.volume[-1] for use in uses))
        names: dict[str, PythonArgument] = {}
        formals: list[InitArgument] = []
        before: list[tuple[str, str]] = []
        for formal in definition.formals:
            values = [use.parameters[formal.name] for use in uses]
            giving = sum(formal.name in use.given for use in uses)
            python = python_name(formal.name, self.names.taken)
            default = python_argument(formal.default, names, channels) if formal.default else None
            if default and not giving:
                number = default.number
                if number and number.truth and number.literal is None:
                    before.append((python, f"{python} = {number.text}"))
                    names[formal.name] = as_argument(name_number(python, number.values, truth=True))
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
            formals.append(InitArgument(python, formal.name, rest=False, default=text))
            one = all(value is not None and len(value) == 1 for value in values)
            number = None
            if one:
                numbers = tuple(cast("int", cast("Known", value)[0]) for value in values)
                number = name_number(python, numbers, truth=set(numbers) <= {0, 1})
            names[formal.name] = PythonArgument(python, tuple(values), number)
        rest = self._rest_of(definition, uses, formals)
        env = Env(names, rest, tuple((use.parameters, use.rest) for use in uses), {})
        flow = Stream(tuple(use.volume for use in uses), channels)
        body, _out = self.body(definition.sequence, env, flow)
        nodes = [node for _name, node in body.attributes]
        nodes += [] if body.chain is None else [self.sequential(body.chain)]
        text = "\n".join(line for node in nodes for line in lay(node))
        kept: list[str] = []
        for python, line in reversed(before):
            if says(python, text):
                kept.insert(0, line)
                text += line
        used = [formal for formal in formals if says(formal.name, text)]
        used.sort(key=lambda formal: formal.default is not None)
        if says(self.arriving, text):
            used.insert(0, InitArgument(self.arriving, self.arriving, rest=False, default=None))
        name = self._named(definition.name)
        doc = docstring(write(_alone(definition)).rstrip(), [])
        return WrittenClass(name, tuple(used), self.class_lines(name, used, body, doc, kept))

    def _rest_of(
        self, definition: Definition, uses: list[MadeCall], formals: list[InitArgument]
    ) -> tuple[Typed, ...]:
        """Return what `...` passes on, as parameters of the class by the names of the library."""
        if not any(use.rest for use in uses):
            return ()
        found_takers = [*takers(definition.sequence)]
        taker = found_takers[0]
        if len(found_takers) > 1 or not isinstance(taker, Pending):
            raise NotAlike
        found: dict[str, list[Known | None]] = {}
        for index, use in enumerate(uses):
            given = assign_layer(taker, expand_rest(taker.arguments, use.rest))
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
            python = self.passed_on.get(parameter.name, parameter.name.replace("-", "_"))
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
                number = name_number(
                    python, tuple(cast("int", value[0]) for value in values if value)
                )
            formals.append(InitArgument(python, parameter.name, rest=True, default=default))
            passing = cast("Value", PythonArgument(python, tuple(values), number))
            rest.append(Typed(parameter.name, passing, definition.span))
        return tuple(rest)

    def _made(self, item: Call, env: Env, flow: Stream, inner: Env) -> Node:
        """Return the call of a definition's class."""
        made = self.classes[id(item.definition), flow.rank]
        if isinstance(made, dict):
            keys = {call_key(use) for use in find_calls(item, env, flow)}
            if len(keys) > 1:
                raise NotAlike
            return call(made[keys.pop()].name)
        typed: dict[str, PythonArgument] = {}
        if any(formal.rest for formal in made.formals):
            taker = cast("Pending", next(iter(takers(item.definition.sequence))))
            for name, each in assign_layer(taker, expand_rest(taker.arguments, inner.rest)).items():
                if any(each is one for one in inner.rest):
                    typed[name] = cast("PythonArgument", each.value)
        given = given_names(item)
        parts: list[Node] = []
        for formal in made.formals:
            if formal.source == self.arriving:
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

    def call(self, item: Call, env: Env, flow: Stream) -> tuple[list[Piece], Stream]:
        """Return the call of a definition's class, what is in it walked through once."""
        definition = item.definition
        inner = enter_call(item, env, flow)
        if self.collecting:
            use = find_calls(item, env, flow)[0]
            use = use._replace(given=given_names(item))
            key: object = (id(definition), *call_key(use))
            if key not in self.known:
                self.count_part(item)
                self.definitions[id(definition)] = definition
                self.uses.setdefault((id(definition), flow.rank), []).append(use)
                self.known[key] = self.body(definition.sequence, inner, flow)[1]
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
            self.known[key] = self.body(definition.sequence, inner, flow)[1]
        out = self.known[key]
        node = self._made(item, env, flow, inner)
        return [Piece(definition.name, node)], out


def _alone(definition: Definition) -> Network:
    """Return a definition as a text of its own."""
    return Network((definition,), None, Sequence((), definition.span), definition.span)
