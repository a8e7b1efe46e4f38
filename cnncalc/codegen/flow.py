"""What passes from an item to the next, at all calls of a definition at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.codegen.numbers import (
    Argument,
    NotAlike,
    Number,
    agreed,
    argument,
    constant,
    literal,
    named,
)
from cnncalc.codegen.pytorch import Use
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.notation.expressions import Known, Scope, Value
from cnncalc.notation.tree import Argument as Typed
from cnncalc.notation.tree import Layer, Pending, assign
from cnncalc.trace.expansion import resolved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.codegen.layout import Node
    from cnncalc.kinds.volumes import Volume


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


def expanded(arguments: Iterable[Typed], rest: tuple[Typed, ...]) -> Iterable[Typed]:
    """Yield arguments, with what `...` stands for in its place."""
    for typed in arguments:
        if typed.name == "...":
            yield from rest
        else:
            yield typed


def assigned(item: Pending, arguments: Iterable[Typed]) -> dict[str, Typed]:
    """Return the arguments of a layer by parameter."""
    kind = item.kind

    def find(name: str) -> str | None:
        parameter = kind.parameter(name)
        return parameter.name if parameter else None

    places = [parameter.name for parameter in kind.parameters if parameter.place]
    return assign(kind.name, places, find, arguments)[0]


def said(arguments: Iterable[Typed], env: Env, flow: Flow) -> list[Typed]:
    """Return arguments with their values in Python, `...` as what it stands for."""
    found = []
    for typed in expanded(arguments, env.rest):
        value: object = typed.value
        if not isinstance(value, Argument):
            value = argument(typed.value, env.names, flow.channels)
        found.append(typed._replace(value=cast("Value", value)))
    return found


@lru_cache(maxsize=256)
def _literal(value: object, calls: int) -> Argument:
    """Return a layer's own value as an argument."""
    if isinstance(value, tuple):
        return literal(value, calls) if value else Argument("", (value,) * calls)
    if value is None:
        return Argument("None", (None,) * calls)
    return literal((int(cast("int", value)),), calls)


def use_of(item: Layer | Pending, env: Env, flow: Flow) -> Use:
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
    given = assigned(item, said(item.arguments, env, flow))
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


def channels_of(use: Use) -> Number:
    """Return the channels that a layer gives: its formula's, on numbers as Python has them."""
    values = (
        use.arguments[parameter.name].number
        if parameter.form == "number" and value is not None
        else value
        for parameter, value in zip(use.layer.kind.parameters, use.layer.values, strict=True)
    )
    channels = use.layer.kind.measure(use.volume, *values).output[-1]
    return constant(channels, len(use.volumes)) if isinstance(channels, int) else channels


def holds(flow: Flow) -> bool:
    """Return whether the channels in Python are those of the volumes, at every call."""
    return all(
        volume is None or volume[-1] == value
        for volume, value in zip(flow.volumes, flow.channels.values, strict=True)
    )


def hold(flow: Flow) -> None:
    """Refuse channels that are not those of the volumes."""
    if not holds(flow):
        raise NotAlike


def joined(how: str, outs: list[Flow]) -> Flow:
    """Return what comes out of a join."""
    volumes: list[Volume | None] = []
    for each in zip(*(out.volumes for out in outs), strict=True):
        present = [volume for volume in each if volume is not None]
        if not present:
            volumes.append(None)
            continue
        volumes.append(JOIN_KINDS[how].output(present))
    if how == "concat":
        channels = outs[0].channels
        for out in outs[1:]:
            channels = channels + out.channels
        flow = Flow(tuple(volumes), channels)
        hold(flow)
        return flow
    for out in sorted(outs, key=lambda out: len(out.channels.text)):
        flow = Flow(tuple(volumes), out.channels)
        if holds(flow):
            return flow
    raise NotAlike


def merged(after: Flow, before: Flow) -> Flow:
    """Return what comes out of a part that some calls go through, and the others pass by."""
    volumes = tuple(
        before.volumes[index] if volume is None else volume
        for index, volume in enumerate(after.volumes)
    )
    for channels in (after.channels, before.channels):
        flow = Flow(volumes, channels)
        if holds(flow):
            return flow
    return Flow(volumes, after.channels)


def either(after: Flow, before: Flow, counts: tuple[int, ...], condition: str) -> Number:
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
