"""What names stand for inside a definition: in Python, and at each of its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cnncalc.codegen.numbers import PythonArgument, literal, python_argument
from cnncalc.notation.binding import assign
from cnncalc.notation.evaluation import Known, Scope
from cnncalc.notation.expressions import ROUND, Value, sizes_name
from cnncalc.trace.expansion import call_parameters, evaluated, in_round
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.codegen.flow import Stream
    from cnncalc.codegen.layout import Node
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Argument as Typed
    from cnncalc.notation.tree import Call, Group, Pending


class Env(NamedTuple):
    """What names stand for: in Python, and at each call; labels, and the variables of them."""

    names: dict[str, PythonArgument]
    rest: tuple[Typed, ...]
    scopes: tuple[tuple[dict[str, Known | None], tuple[Typed, ...]], ...]
    labels: dict[str, tuple[Node, Stream]]

    def inner(self) -> Env:
        """Return the names inside an auxiliary part."""
        return self._replace(labels=dict(self.labels))

    def name_sizes(self, label: str, flow: Stream) -> None:
        """Let a name stand for the sizes of what a label holds, which are numbers in code."""
        sizes = tuple(None if volume is None else volume[:-1] for volume in flow.volumes)
        known = next((each for each in sizes if each), None)
        if known:
            alike = all(each in (None, known) for each in sizes)
            text = literal(known, 1).text if alike else ""
            self.names[sizes_name(label)] = PythonArgument(text, sizes)
        for (parameters, _rest), each in zip(self.scopes, sizes, strict=True):
            parameters[sizes_name(label)] = each

    def round(self, group: Group, turn: int) -> Env:
        """Return the names inside a group's round, which may name its number, from 0."""
        if not group.by_round:
            return self.inner()
        scopes = tuple(
            (in_round(group, parameters, turn), rest) for parameters, rest in self.scopes
        )
        names = {**self.names, ROUND: literal((turn,), len(scopes))}
        return Env(names, self.rest, scopes, dict(self.labels))


class MadeCall(NamedTuple):
    """A call as it was made: what it gave by name, and what it comes to."""

    given: frozenset[str]
    parameters: dict[str, Known | None]
    rest: tuple[Typed, ...]
    volume: Volume


def call_key(use: MadeCall) -> tuple[object, ...]:
    """Return what tells a call from another: not the sizes that its labels hold."""
    rest = tuple((each.name, each.value) for each in use.rest)
    given = tuple(each for each in use.parameters.items() if each[0] != sizes_name(each[0][1:]))
    return given, rest, use.volume


def literal_env(use: MadeCall) -> Env:
    """Return the names of one call, with its own numbers."""
    names = {name: literal(value, 1) for name, value in use.parameters.items() if value is not None}
    rest = tuple(each._replace(value=cast("Value", literal(each.value, 1))) for each in use.rest)
    return Env(names, rest, ((use.parameters, use.rest),), {})


def expand_rest(arguments: Iterable[Typed], rest: tuple[Typed, ...]) -> Iterable[Typed]:
    """Yield arguments, with what `...` stands for in its place."""
    for typed in arguments:
        if typed.name == "...":
            yield from rest
        else:
            yield typed


def assign_layer(item: Pending, arguments: Iterable[Typed]) -> dict[str, Typed]:
    """Return the arguments of a layer by parameter."""
    kind = item.kind

    def find(name: str) -> str | None:
        parameter = kind.parameter(name)
        return parameter.name if parameter else None

    places = [parameter.name for parameter in kind.parameters if parameter.place]
    return assign(kind.name, places, find, arguments)[0]


def python_arguments(arguments: Iterable[Typed], env: Env, flow: Stream) -> list[Typed]:
    """Return arguments with their values in Python, `...` as what it stands for."""
    found = []
    for typed in expand_rest(arguments, env.rest):
        value: object = typed.value
        if not isinstance(value, PythonArgument):
            value = python_argument(typed.value, env.names, flow.channels)
        found.append(typed._replace(value=cast("Value", value)))
    return found


def given_names(item: Call) -> frozenset[str]:
    """Return the names of the parameters that a call gives."""
    names = [formal.name for formal in item.definition.formals]
    return frozenset(assign_call(item, item.arguments)[0]) & frozenset(names)


def assign_call(item: Call, arguments: Iterable[Typed]) -> tuple[dict[str, Typed], list[Typed]]:
    """Return arguments by the parameter of the definition that they go to, and what is left."""
    names = [formal.name for formal in item.definition.formals]
    return assign(
        item.definition.name, names, lambda name: name if name in names else None, arguments
    )


def find_calls(item: Call, env: Env, flow: Stream) -> list[MadeCall]:
    """Return what a call comes to, wherever it is reached."""
    found = []
    for volume, (parameters, rest) in zip(flow.volumes, env.scopes, strict=True):
        if volume is not None:
            arguments = evaluated(item.arguments, Scope(parameters, volume[-1]), rest)
            made = call_parameters(item, arguments, volume[-1])
            found.append(MadeCall(frozenset(), *made, volume))
    return found


def enter_call(item: Call, env: Env, flow: Stream) -> Env:
    """Return the names inside a call, said in the words of its caller."""
    given, left = assign_call(item, python_arguments(item.arguments, env, flow))
    names: dict[str, PythonArgument] = {}
    for formal in item.definition.formals:
        if formal.name in given:
            names[formal.name] = cast("PythonArgument", given[formal.name].value)
        else:
            names[formal.name] = python_argument(formal.default or (), names, flow.channels)
    scopes: list[tuple[dict[str, Known | None], tuple[Typed, ...]]] = []
    for volume, (parameters, rest) in zip(flow.volumes, env.scopes, strict=True):
        if volume is None:
            scopes.append(({}, ()))
        else:
            arguments = evaluated(item.arguments, Scope(parameters, volume[-1]), rest)
            scopes.append(call_parameters(item, arguments, volume[-1]))
    return Env(names, tuple(left), tuple(scopes), {})
