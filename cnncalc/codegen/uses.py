"""A layer where it is used: at all calls of the definition that it stands in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from cnncalc.codegen.bindings import assign_layer, python_arguments
from cnncalc.codegen.numbers import NotAlike, Number, PythonArgument, agree, constant, literal
from cnncalc.notation.evaluation import Scope
from cnncalc.notation.tree import Layer, Pending
from cnncalc.numbers.working import product
from cnncalc.trace.expansion import resolved
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.codegen.bindings import Env
    from cnncalc.codegen.flow import Stream
    from cnncalc.kinds.volumes import Volume


class LayerUse(NamedTuple):
    """A layer where it is used: its arguments in Python, and at each call what it is there.

    `layers` and `volumes` are None at calls that do not come to it; `channels` arrive.
    """

    arguments: dict[str, PythonArgument]
    layers: tuple[Layer | None, ...]
    volumes: tuple[Volume | None, ...]
    channels: Number

    @property
    def rank(self) -> int:
        """The number of spatial axes."""
        return len(self.some_volume) - 1

    @property
    def some_volume(self) -> Volume:
        """What comes in at one of the calls."""
        return next(volume for volume in self.volumes if volume is not None)

    @property
    def volume(self) -> Volume:
        """What comes in at one of the calls, its channels as Python has them."""
        return (*self.some_volume[:-1], self.channels)

    @property
    def layer(self) -> Layer:
        """The layer at one of the calls."""
        return next(layer for layer in self.layers if layer is not None)

    @property
    def is_literal(self) -> bool:
        """Whether all its numbers are the same whatever is passed."""
        numbers = (each.number for each in self.arguments.values())
        return all(each is None or each.literal is not None for each in numbers)

    def each(self) -> Iterator[tuple[dict[str, Any], Volume]]:
        """Yield the values of each call, by parameter, and the volume that comes in."""
        for layer, volume in zip(self.layers, self.volumes, strict=True):
            if layer is not None and volume is not None:
                yield layer.named, volume

    def agreed(self, rule: Callable[[dict[str, Any], Volume], Any]) -> Any:
        """Return what a rule gives of the values and the volume, alike at every call."""
        return agree(tuple(rule(values, volume) for values, volume in self.each()))

    def flag(self, name: str) -> bool:
        """Return whether a flag is set, which must be so at every call."""
        place = self.layer.kind.places_of_values[name]
        return bool(agree(tuple([layer.values[place] for layer in self.layers if layer])))


@lru_cache(maxsize=256)
def _literal(value: object, calls: int) -> PythonArgument:
    """Return a layer's own value as an argument."""
    if isinstance(value, tuple):
        return literal(value, calls) if value else PythonArgument("", (value,) * calls)
    if value is None:
        return PythonArgument("None", (None,) * calls)
    return literal((int(cast("int", value)),), calls)


def use_of(item: Layer | Pending, env: Env, flow: Stream) -> LayerUse:
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
        return LayerUse(arguments, layers, flow.volumes, flow.channels)
    layers = tuple(
        None
        if volume is None
        else cast("Layer", resolved(item, Scope(scope[0], volume[-1]), scope[1]))
        for volume, scope in zip(flow.volumes, env.scopes, strict=True)
    )
    if kind.parameters and kind.parameters[0].form == "words":
        return LayerUse({}, layers, flow.volumes, flow.channels)
    given = assign_layer(item, python_arguments(item.arguments, env, flow))
    arguments = {}
    for parameter in kind.parameters:
        if parameter.name in given:
            arguments[parameter.name] = cast("PythonArgument", given[parameter.name].value)
        elif parameter.like:
            arguments[parameter.name] = arguments[parameter.like]
        else:
            usual = item.preset.get(parameter.name, parameter.default)
            arguments[parameter.name] = _literal(usual, calls)
    return LayerUse(arguments, layers, flow.volumes, flow.channels)


def channels_of(use: LayerUse, outputs: tuple[Volume | None, ...]) -> Number:
    """Return the channels that a layer gives, in its outputs at each call.

    They are its formula's, on numbers as Python has them; of one call that says all in numbers,
    those that go out.
    """
    if len(outputs) == 1 and outputs[0] and use.channels.literal is not None and use.is_literal:
        return constant(outputs[0][-1], 1)
    values = (
        number
        if parameter.form == "number"
        and value is not None
        and (number := use.arguments[parameter.name].number)
        and number.literal is None
        else value
        for parameter, value in zip(use.layer.kind.parameters, use.layer.values, strict=True)
    )
    channels = use.layer.kind.measure(use.volume, *values).output[-1]
    return constant(channels, len(use.volumes)) if isinstance(channels, int) else channels


def values_in(use: LayerUse) -> Number:
    """Return how many values a volume has: its channels, at each of its places."""
    found: Number = product(use.volume)
    if found.values != tuple(product(volume) if volume else None for volume in use.volumes):
        raise NotAlike
    return found
