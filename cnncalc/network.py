"""The tree of a network: layers, calls, groups, joins, references, labels, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.expressions import Expression, Value, is_known
from cnncalc.layers import KINDS, REQUIRED, Kind, Parameter
from cnncalc.problem import Fix, Label, Problem, Span, nearest, plural, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Argument(NamedTuple):
    """What follows a layer's name: by position ('' as its name), by name, a flag, or `...`."""

    name: str
    value: Value
    span: Span
    words: str = ""


class Layer(NamedTuple):
    """A layer with all its numbers: one value for each parameter of its kind."""

    kind: Kind
    values: tuple[Any, ...]
    span: Span


class Pending(NamedTuple):
    """A layer some of whose numbers are known only at the call; `preset` is by its name."""

    kind: Kind
    preset: dict[str, Any]
    arguments: tuple[Argument, ...]
    span: Span


class Call(NamedTuple):
    """A definition at work."""

    definition: Definition
    arguments: tuple[Argument, ...]
    span: Span


class Group(NamedTuple):
    """A sequence in brackets, some `times`; None: once, and no scope of its own."""

    sequence: Sequence
    times: Expression | None
    span: Span


class Join(NamedTuple):
    """Branches side by side: `how` is concat, add, mul or aux."""

    how: str
    branches: tuple[Sequence, ...]
    span: Span


class Reference(NamedTuple):
    """`@label`: goes on from a labelled output."""

    label: str
    span: Span


class Labelled(NamedTuple):
    """An item whose output has a name."""

    label: str
    item: Item
    span: Span


class Given(NamedTuple):
    """A volume as it is written; channels last, whatever the layout."""

    sizes: tuple[Expression, ...]
    span: Span


class Sequence(NamedTuple):
    """Items one after another."""

    items: tuple[Item, ...]
    span: Span


class Formal(NamedTuple):
    """A parameter of a definition, with what stands for it when none is given."""

    name: str
    default: Value | None
    span: Span


class Definition(NamedTuple):
    """A named part; `rest` takes the arguments that are left. With a volume it is a model."""

    name: str
    formals: tuple[Formal, ...]
    rest: bool
    volume: Given | None
    sequence: Sequence
    height: int
    span: Span


class Network(NamedTuple):
    """Definitions, then a volume, if there is one, and what it goes through."""

    definitions: tuple[Definition, ...]
    volume: Given | None
    sequence: Sequence
    span: Span


Item: TypeAlias = Layer | Pending | Call | Group | Join | Reference | Labelled

JOINS = {
    "concat": "stacks the branches' outputs along the channels",
    "add": "adds the branches' outputs: a residual connection",
    "mul": "multiplies the branches' outputs: a gate",
    "aux": "a side branch whose output goes nowhere",
}

# ---------------------------------------------------------------- arguments to parameters


def assign(
    owner: str,
    places: list[str],
    find: Callable[[str], str | None],
    arguments: Iterable[Argument],
) -> tuple[dict[str, Argument], list[Argument]]:
    """Give each argument to a parameter; return them by name, and those that are left."""
    given: dict[str, Argument] = {}
    left: list[Argument] = []
    free = iter(places)
    for argument in arguments:
        name: str | None
        if argument.name == "":
            name = next((place for place in free if place not in given), None)
        else:
            name = find(argument.name)
        if name is None:
            left.append(argument)
        elif name in given:
            raise Problem(
                "argument-twice",
                f"{quoted(owner)} is given its {name} twice",
                [Label(given[name].span), Label(argument.span)],
                helps=["leave one of them out"],
            )
        else:
            given[name] = argument
    return given, left


def bind(kind: Kind, preset: dict[str, Any], arguments: tuple[Argument, ...], span: Span) -> Item:
    """Return the layer that arguments make of a kind; pending while they have names in them."""
    if any(argument.name == "..." for argument in arguments):
        return Pending(kind, preset, arguments, span)
    parameters = kind.parameters
    if parameters and parameters[0].form == "words":
        return _bind_words(kind, arguments, span)

    def find(name: str) -> str | None:
        parameter = kind.parameter(name)
        return parameter.name if parameter else None

    places = [parameter.name for parameter in parameters if parameter.place]
    given, left = assign(kind.name, places, find, arguments)
    if left:
        raise _left_over(kind, given, left[0], span)
    for group in kind.one_of:
        rivals = [given[name] for name in group if name in given and not _is_off(given[name])]
        if len(rivals) > 1:
            raise Problem(
                "arguments-exclude-each-other",
                f"one of {', '.join(group)}, not two of them",
                [Label(rival.span) for rival in rivals[:2]],
                helps=["leave one of them out"],
            )
    for parameter in parameters:
        if parameter.default is REQUIRED and parameter.name not in given:
            raise missing(kind.name, parameter, span)
    if not all(is_known(argument.value) for argument in given.values()):
        return Pending(kind, preset, arguments, span)
    values = {
        parameter.name: settled(kind, parameter, given[parameter.name])
        if parameter.name in given
        else preset.get(parameter.name, parameter.default)
        for parameter in parameters
    }
    for parameter in parameters:
        if parameter.like and values[parameter.name] is None:
            values[parameter.name] = values[parameter.like]
    return Layer(kind, tuple(values.values()), span)


def settled(kind: Kind, parameter: Parameter, argument: Argument) -> Any:
    """Return an argument's numbers in the form that its parameter takes."""
    value = argument.value
    form = parameter.form
    if form == "sides":
        return value
    for side in value:
        if isinstance(side, tuple):
            raise Problem(
                "before-after-not-here",
                f"only a padding is given as before:after, and this is a {parameter.name}",
                [Label(argument.span)],
                helps=["give one number, or one for each axis"],
            )
        if form == "flag" and side not in (0, 1):
            raise Problem(
                "flag-not-0-or-1",
                f"{quoted(parameter.name)} is on or off: 1 or 0",
                [Label(argument.span, str(side))],
                helps=[f"write '{parameter.name}' alone, or leave it out"],
            )
        if form != "flag" and side < parameter.least:
            raise Problem(
                "number-too-small",
                f"the {parameter.name} of {quoted(kind.name)} must be at least {parameter.least}",
                [Label(argument.span, str(side))],
                helps=[f"write {parameter.least} or more"],
            )
    if form == "axes":
        return value
    if len(value) > 1:
        raise _one_number(kind, parameter, argument)
    return bool(value[0]) if form == "flag" else value[0]


def missing(owner: str, parameter: Parameter, span: Span) -> Problem:
    """Return the problem of a parameter that needs an argument and has none."""
    sample = parameter.letter + ("3" if parameter.name == "kernel" else "2")
    return Problem(
        "argument-missing",
        f"{quoted(owner)} needs its {parameter.name}: {parameter.says}",
        [Label(span)],
        helps=[f"add {'an option' if parameter.letter else 'a number'}, as in '{sample}'"],
        fix=Fix(span, f"{span.text} {sample}"),
    )


def _one_number(kind: Kind, parameter: Parameter, argument: Argument) -> Problem:
    """Return the problem of a value for each axis where one number is taken."""
    helps, fix = ["give one number"], None
    if parameter.place and kind.parameter("k") and kind.parameters[0] is parameter:
        helps = [
            f"first the {parameter.name}, then the kernel: '{kind.name} N k{argument.span.text}'"
        ]
    return Problem(
        "one-number-needed",
        f"{quoted(kind.name)} takes one number as its {parameter.name}",
        [Label(argument.span)],
        helps=helps,
        fix=fix,
    )


def _left_over(kind: Kind, given: dict[str, Argument], argument: Argument, span: Span) -> Problem:
    """Return the problem of an argument that no parameter takes."""
    if argument.name:
        names = [
            parameter.letter or parameter.name
            for parameter in kind.parameters
            if parameter.form not in ("rank", "words")
        ]
        close = nearest(argument.name, [parameter.name for parameter in kind.parameters])
        takes = ", ".join(names)
        return Problem(
            "unknown-argument",
            f"{quoted(kind.name)} has no {quoted(argument.name)}",
            [Label(argument.span)],
            helps=[
                f"did you mean {quoted(close)}?"
                if close
                else f"it takes {takes}"
                if names
                else "leave it out"
            ],
        )
    extra = argument.span
    inside = extra.source is span.source and span.start <= extra.start < span.end
    places = [parameter for parameter in kind.parameters if parameter.place]
    if "kernel" not in given and kind.parameter("k"):
        if inside and len(places) == 1 and len(given[places[0].name].value) > 1:
            first = given[places[0].name].span
            right = f"{extra.text} k{first.text}"
            return Problem(
                "too-many-numbers",
                f"the {places[0].name} of {quoted(kind.name)} come first, then the kernel",
                [Label(first.to(extra))],
                helps=[f"write '{kind.name} {right}'"],
                fix=Fix(first.to(extra), right),
            )
        return Problem(
            "too-many-numbers",
            f"{quoted(kind.name)} takes {plural(len(places), 'number')} without a letter",
            [Label(extra)],
            helps=[f"is it the kernel? write 'k{extra.text}'"],
            fix=Fix(extra, f"k{extra.text}"),
        )
    count = plural(len(places), "number") if places else "no number"
    return Problem(
        "too-many-numbers",
        f"{quoted(kind.name)} takes {count} without a letter",
        [Label(extra)],
        helps=["leave it out, or put the letter of an option before it"],
        fix=Fix(extra, ""),
    )


def _bind_words(kind: Kind, arguments: tuple[Argument, ...], span: Span) -> Item:
    """Return a layer whose numbers are kept as they are written, and not used."""
    if not all(is_known(argument.value) for argument in arguments):
        return Pending(kind, {}, arguments, span)
    return Layer(kind, (tuple(argument.words for argument in arguments),), span)


def _is_off(argument: Argument) -> bool:
    """Return whether an argument is a flag that is given as 0."""
    return argument.name in _FLAG_NAMES and argument.value == (0,)


_FLAG_NAMES = frozenset(
    parameter.name
    for kind in KINDS.values()
    for parameter in kind.parameters
    if parameter.form == "flag"
)


def takes_input(sequence: Sequence) -> bool:
    """Return whether a sequence reads what comes in: it does not when it begins with `@label`."""
    item = sequence.items[0]
    while isinstance(item, Labelled):
        item = item.item
    if isinstance(item, Reference):
        return False
    if isinstance(item, Group) and item.times is None:
        return takes_input(item.sequence)
    if isinstance(item, Join) and item.how != "aux":
        return any(takes_input(branch) for branch in item.branches)
    return True
