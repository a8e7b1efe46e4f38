"""What a layer of PyTorch or Keras is: its arguments there, and the layers of ours that it makes.

`pytorch` and `keras` are the tables. An entry has the framework's signature, which says of each
argument which one of ours it is. What `translate` gives are layers of ours by their names; `filled`
gives their values, where the table of kinds has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.kinds.arguments import is_literal
from cnncalc.kinds.signatures import arguments_of
from cnncalc.kinds.table import REQUIRED
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cnncalc.kinds.signatures import Takes


PYTORCH = "pytorch"
KERAS = "keras"

CHANNELS = "channels"
"""Stands for the channels that come in: what says so is held to what does."""

ACTIVATION = "activation"
"""Stands for a layer behind the module."""

SHAPE = "shape"
"""Stands for the shape of a network's input, which Keras takes in its first layer."""

LAYER, STEPPED = "layer", "layer-at-each-step"
"""Stand for a module inside another, an `InnerModule`: it is given as the layers that it makes."""

Values: TypeAlias = dict[str, Any]


class ModuleError(Exception):
    """Why a module is no layer of ours as it is written, and its argument that says so."""

    def __init__(self, message: str, argument: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.argument = argument


class Wanted(NamedTuple):
    """A layer of ours that a module is: its kind and its arguments by name.

    `stands_for` names what is no layer of ours and keeps the shape of its input. Of a join there
    are `branches`, each of layers one after another.
    """

    kind: str
    arguments: dict[str, Any] = {}  # noqa: RUF012 - never changed
    stands_for: str = ""
    branches: tuple[tuple[Wanted, ...], ...] = ()


Rule: TypeAlias = "Callable[[Values, Values, int | None], Sequence[Wanted]]"
"""Makes layers of arguments of ours, of those given, and of the number of spatial axes."""


class Module(NamedTuple):
    """A module of a framework.

    `rank` is the number of spatial axes that it works on, where its name says so; `rule` makes
    layers of its arguments, ours first, where there is more to it than their names. Without
    a signature it takes any argument.
    """

    framework: str
    name: str
    kind: str
    signature: str | None
    rank: int | None = None
    rule: Rule | None = None

    @property
    def takes(self) -> tuple[Takes, ...] | None:
        """What it takes, in the framework's order."""
        return None if self.signature is None else arguments_of(self.signature)

    def argument(self, name: str) -> Takes | None:
        """Return the argument of a name, or of an older one."""
        for each in self.takes or ():
            if name == each.name or name in each.also:
                return each
        return None


class InnerModule(NamedTuple):
    """A module inside another, with its arguments bound."""

    module: Module
    values: Values


def bind(
    module: Module, places: Sequence[Any], names: Mapping[str, Any], *, strict: bool = True
) -> dict[str, Any]:
    """Return the values of a module's arguments by name, as its framework would take them.

    Names that it does not have are passed over where it is not strict.
    """
    if module.takes is None:
        return dict(names)
    placed = [each for each in module.takes if not each.named]
    if len(places) > len(placed):
        message = _(
            "{name} takes at most {count} arguments without a name",
            name=quoted(module.name),
            count=len(placed),
        )
        raise ModuleError(message)
    values = {each.name: value for each, value in zip(placed, places, strict=False)}
    for name, value in names.items():
        takes = module.argument(name)
        if takes is None and strict:
            message = _(
                "{name} takes no argument {argument}",
                name=quoted(module.name),
                argument=quoted(name),
            )
            raise ModuleError(message, name)
        if takes is not None and takes.name in values and name == takes.name:
            raise ModuleError(_("{argument} is given twice", argument=quoted(name)), name)
        if takes is not None:
            values.setdefault(takes.name, value)
    for each in module.takes:
        if values.setdefault(each.name, each.default) is REQUIRED:
            message = _(
                "{name} needs its {argument}", name=quoted(module.name), argument=quoted(each.name)
            )
            raise ModuleError(message)
    return values


def translate(
    module: Module, values: dict[str, Any], rank: int | None = None
) -> tuple[Wanted, ...]:
    """Return the layers that a module is, with its arguments bound, on a map of `rank` axes."""
    rank = module.rank or rank
    arguments: dict[str, Any] = {}
    behind: tuple[Wanted, ...] = ()
    for takes in module.takes or ():
        value = values[takes.name]
        if takes.only and value not in takes.only:
            raise not_read(takes.name, value)
        if takes.ours == ACTIVATION:
            behind = activated(value)
        elif takes.ours in (LAYER, STEPPED):
            values = {**values, takes.name: _inside(module, takes, value, rank)}
            if takes.ours == STEPPED and value is not None and value.module.rank:
                rank = value.module.rank + 1
        elif takes.ours and takes.ours not in (CHANNELS, SHAPE):
            arguments.update(_argument(takes, value, rank))
    try:
        layers = module.rule(arguments, values, rank) if module.rule else None
    except (AttributeError, TypeError, ValueError, KeyError, IndexError):  # no value of such a one
        raise ModuleError(_("{name} cannot be made so", name=quoted(module.name))) from None
    return (*(layers if layers is not None else [Wanted(module.kind, arguments)]), *behind)


def _inside(
    module: Module, takes: Takes, value: Any, rank: int | None
) -> tuple[Wanted, ...] | None:
    """Return the layers that a module inside another makes; None where none is given."""
    if value is None:
        return None
    if not isinstance(value, InnerModule):
        fact = _(
            "{name} takes a layer as its {argument}, and none is read there",
            name=quoted(module.name),
            argument=quoted(takes.name),
        )
        raise ModuleError(fact, takes.name)
    if takes.ours == STEPPED and rank is not None:
        rank = max(rank - 1, 0)
    return translate(*value, rank)


def incoming(module: Module, values: dict[str, Any]) -> tuple[str, int] | None:
    """Return which argument says how many channels come in, and how many."""
    for takes in module.takes or ():
        if takes.ours == CHANNELS:
            value = values.get(takes.name)
            if isinstance(value, tuple | list) and len(value) == 1:
                (value,) = value
            if type(value) is int:
                return takes.name, value
    return None


def input_shape(module: Module, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """Return the shape of what comes into a network, with its batch, where a layer says it."""
    for takes in module.takes or ():
        value = values.get(takes.name)
        if takes.ours == SHAPE and value is not None:
            sizes = tuple(value) if isinstance(value, tuple | list) else (value,)
            return sizes if takes.name.startswith("batch") else (None, *sizes)
    return None


# ---------------------------------------------------------------- values


def not_read(argument: str, value: Any) -> ModuleError:
    """Return what is raised for a value that changes what is counted and has no spelling."""
    words = f"{argument}={value!r}" if is_literal(value) else argument
    return ModuleError(_("{argument} has no spelling here", argument=quoted(words)), argument)


def _argument(takes: Takes, value: Any, rank: int | None) -> dict[str, Any]:
    """Return what an argument gives of ours."""
    ours = takes.ours
    if ours in _AXES:
        return {ours: axes_from(takes.name, value, rank)} if value is not None else {}
    if ours == "padding" and isinstance(value, str):
        if value not in ("same", "valid", "causal"):
            raise not_read(takes.name, value)
        return {} if value == "valid" else {value: True}
    if ours == "padding":
        return {ours: axes_from(takes.name, value, rank)}
    if ours in REVERSED:
        return {REVERSED[ours]: not value}
    if ours in _FLAGS:
        return {ours: bool(value)}
    if ours == "numbers":
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        return {ours: (f"{value:.6g}",) if plain and 0 <= value < 10**6 else ()}
    if value is None and takes.default is None:
        return {}
    if not is_size(value):
        raise not_read(takes.name, value)
    return {ours: value}


def is_size(value: Any) -> bool:
    """Return whether a value is a whole number as it may be typed."""
    return type(value) is int and 0 <= value < MOST_TYPED


MOST_TYPED = 10**BUDGET.digits
_AXES = ("kernel", "stride", "dilation", "output-padding", "size", "factor")
REVERSED = {"bias": "nobias", "scale": "noscale"}
_FLAGS = ("ceil", "bi", "affine")


def axes_from(argument: str, value: Any, rank: int | None) -> tuple[int, ...]:
    """Return one size for all axes, or one for each."""
    sizes = tuple(value) if isinstance(value, tuple | list) else (value,)
    if not all(map(is_size, sizes)) or not sizes:
        raise not_read(argument, value)
    if rank and len(sizes) not in (1, rank):
        raise not_read(argument, value)
    return sizes[:1] if len(set(sizes)) == 1 else sizes


def pair_from(argument: str, value: Any) -> tuple[int, int]:
    """Return what stands before and after on one axis."""
    sides = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(sides) != 2 or not all(map(is_size, sides)):
        raise not_read(argument, value)
    return sides


def sides_from(pairs: Sequence[tuple[int, int]]) -> tuple[Any, ...]:
    """Return paddings of all axes as they are kept: one for both sides where they agree."""
    sides = tuple(before if before == after else (before, after) for before, after in pairs)
    return sides[:1] if len(set(sides)) == 1 else sides


def activated(value: Any) -> tuple[Wanted, ...]:
    """Return the layer that an activation is, by Keras' name or its JSON, or a layer of Keras'."""
    if isinstance(value, InnerModule):
        return translate(*value)
    if isinstance(value, dict):
        inner = value.get("config")
        value = inner if isinstance(inner, str) else value.get("class_name")
    if value in (None, "linear"):
        return ()
    word = str(value).lower()
    kind = ACTIVATIONS.get(word) or ACTIVATIONS.get(word.replace("relu", "_relu"))
    return (Wanted(kind) if kind else Wanted("identity", stands_for=str(value)),)


ACTIVATIONS = {
    "elu": "elu",
    "gelu": "gelu",
    "hard_sigmoid": "hardsigmoid",
    "hard_silu": "hardswish",
    "hard_swish": "hardswish",
    "leaky_relu": "leakyrelu",
    "log_softmax": "softmax",
    "mish": "mish",
    "relu": "relu",
    "relu6": "relu6",
    "sigmoid": "sigmoid",
    "silu": "silu",
    "softmax": "softmax",
    "swish": "silu",
    "tanh": "tanh",
}
"""Keras' names of activations, and the layer that each is."""
