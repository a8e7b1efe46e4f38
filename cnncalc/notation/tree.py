"""The tree of a network: layers, calls, groups, joins, references, labels, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.table import KINDS, REQUIRED, Kind, Parameter
from cnncalc.notation.expressions import Expression, Scope, Value, is_known, number_of
from cnncalc.numbers.letters import can_reach
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Span, nearest, plural, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cnncalc.kinds.volumes import Volume


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

    @property
    def named(self) -> dict[str, Any]:
        """Its values by the names of their parameters."""
        names = (parameter.name for parameter in self.kind.parameters)
        return dict(zip(names, self.values, strict=True))


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
    """A sequence in brackets, some `times`; None: once, and no scope of its own.

    `by_round`: the number of the round stands in it, so that rounds may differ; `shared`: all have
    the weights of the first.
    """

    sequence: Sequence
    times: Expression | None
    span: Span
    by_round: bool = False
    shared: bool = False


class Join(NamedTuple):
    """Branches side by side: `how` is concat, add, mul or aux; or opaque, with its `layer`.

    A concat stacks along a spatial `axis`, counted from 1; 0: along the channels.
    """

    how: str
    branches: tuple[Sequence, ...]
    span: Span
    layer: Layer | None = None
    axis: int = 0

    @property
    def head(self) -> str:
        """What stands before its branches."""
        return f"{self.how} axis={self.axis} " if self.axis else self.how


class Reference(NamedTuple):
    """`@label`: goes on from a labelled output."""

    label: str
    span: Span


class Again(NamedTuple):
    """`again label`: through the item of a label once more, with the same weights."""

    label: str
    target: Item
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


class Said(NamedTuple):
    """What a call says of the channels that come into its layer: an argument's name and number."""

    argument: str
    channels: int
    span: Span


class Line(NamedTuple):
    """A layer as a print has it: its label, its words, and the learned numbers that it says.

    `kind` is its class; `params` and `weights` are None where they are not known.
    """

    label: str
    text: str
    kind: str
    params: int | None
    weights: int | None = None


class Lines(NamedTuple):
    """What is known of a print whose layers have no shapes.

    `warnings` say so; `misfit` says why the order cannot be followed, if that is why. `whole` says
    that the sum of its lines is all that the network learns.
    """

    lines: tuple[Line, ...]
    warnings: tuple[Problem, ...]
    misfit: Problem | None
    whole: bool


class Network(NamedTuple):
    """Definitions, then a volume, if there is one, and what it goes through.

    `warnings` are what was noticed as it was read; `said` holds, by where a layer begins, what
    its call says of what comes in; `lines` what a print says without an order or an input.
    """

    definitions: tuple[Definition, ...]
    volume: Given | None
    sequence: Sequence
    span: Span
    warnings: tuple[Problem, ...] = ()
    said: dict[int, Said] = {}  # noqa: RUF012 - never changed
    lines: Lines | None = None


Item: TypeAlias = Layer | Pending | Call | Group | Join | Reference | Again | Labelled

JOINS = {
    **{kind.name: kind.says for kind in JOIN_KINDS.values()},
    "aux": "a side branch whose output goes nowhere",
}
"""Words before branches in brackets, and what each does."""

# ---------------------------------------------------------------- arguments to parameters


def assign(
    owner: str,
    places: list[str],
    find: Callable[[str], str | None],
    arguments: Iterable[Argument],
) -> tuple[dict[str, Argument], list[Argument]]:
    """Give each argument to a parameter; return them by name, and those that are left.

    Those without a name go, in order, to the first places that no name has taken.
    """
    arguments = tuple(arguments)
    named = {find(argument.name) for argument in arguments if argument.name}
    given: dict[str, Argument] = {}
    left: list[Argument] = []
    free = iter([place for place in places if place not in named])
    for argument in arguments:
        name = find(argument.name) if argument.name else next(free, None)
        if name is None:
            left.append(argument)
        elif name in given:
            raise Problem(
                "argument-twice",
                _("{owner} is given its {name} twice", owner=quoted(owner), name=name),
                [Label(given[name].span), Label(argument.span)],
                helps=[_("leave one of them out")],
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
        return parameter.name if parameter and parameter.form != "rank" else None

    places = [parameter.name for parameter in kind.places]
    given, left = assign(kind.name, places, find, arguments)
    if left:
        raise _left_over(kind, left[0])
    _refuse_kernel_first(kind, given)
    for group in kind.one_of:
        rivals = [given[name] for name in group if name in given and not _is_off(given[name])]
        if len(rivals) > 1:
            raise Problem(
                "arguments-exclude-each-other",
                _("one of {names}, not two of them", names=", ".join(group)),
                [Label(rival.span) for rival in rivals[:2]],
                helps=[_("leave one of them out")],
            )
    for parameter in parameters:
        if parameter.default is REQUIRED and parameter.name not in given:
            raise missing(kind.name, parameter, span)
    if not all(is_known(argument.value) for argument in given.values()):
        return Pending(kind, preset, arguments, span)
    values = {
        parameter.name: in_form(kind, parameter, given[parameter.name])
        if parameter.name in given
        else preset.get(parameter.name, parameter.default)
        for parameter in parameters
    }
    for parameter in parameters:
        if parameter.like and values[parameter.name] is None:
            values[parameter.name] = values[parameter.like]
    return Layer(kind, tuple(values.values()), span)


def _refuse_kernel_first(kind: Kind, given: dict[str, Argument]) -> None:
    """Refuse `conv 3x3 64`: the filters come first."""
    places = kind.places
    if len(places) < 2 or not places[0].place or places[1].name != "kernel":
        return
    first, second = (given.get(place.name) for place in places[:2])
    if first and second and not (first.name or second.name) and len(first.value) > 1:
        between = ", " if "," in first.span.to(second.span).text else " "
        right = f"{second.span.text}{between}k{first.span.text}"
        raise Problem(
            "too-many-numbers",
            _(
                "the {name} of {kind} come first, then the kernel",
                name=_(places[0].name),
                kind=quoted(kind.name),
            ),
            [Label(first.span.to(second.span))],
            helps=[_("write '{text}'", text=f"{kind.name} {right}")],
            fix=Fix(first.span.to(second.span), right),
        )


def in_form(kind: Kind, parameter: Parameter, argument: Argument) -> Any:
    """Return an argument's numbers in the form that its parameter takes."""
    value = argument.value
    form = parameter.form
    if form == "sides":
        return value
    for side in value:
        if isinstance(side, tuple):
            raise Problem(
                "before-after-not-here",
                _(
                    "only a padding is given as before:after, and this is a {name}",
                    name=_(parameter.name),
                ),
                [Label(argument.span)],
                helps=[_("give one number, or one for each axis")],
            )
        if form == "flag" and side not in (0, 1):
            raise Problem(
                "flag-not-0-or-1",
                _("{name} is on or off: 1 or 0", name=quoted(parameter.name)),
                [Label(argument.span, str(side))],
                helps=[_("write '{name}' alone, or leave it out", name=parameter.name)],
            )
        if form != "flag" and not can_reach(side, parameter.least):
            raise Problem(
                "number-too-small",
                _(
                    "the {name} of {kind} must be at least {least}",
                    name=_(parameter.name),
                    kind=quoted(kind.name),
                    least=parameter.least,
                ),
                [Label(argument.span, str(side))],
                helps=[_("write {least} or more", least=parameter.least)],
            )
    if form in ("axes", "volume"):
        return value
    if len(value) > 1:
        raise _one_number(kind, parameter, argument)
    return bool(value[0]) if form == "flag" else value[0]


def missing(owner: str, parameter: Parameter, span: Span) -> Problem:
    """Return the problem of a parameter that needs an argument and has none."""
    sample = parameter.letter + ("3" if parameter.name == "kernel" else "2")
    return Problem(
        "argument-missing",
        _(
            "{owner} needs its {name}: {says}",
            owner=quoted(owner),
            name=_(parameter.name),
            says=_(parameter.says),
        ),
        [Label(span)],
        helps=[
            _("add an option, as in '{sample}'", sample=sample)
            if parameter.letter
            else _("add a number, as in '{sample}'", sample=sample)
        ],
        fix=Fix(span, f"{span.text} {sample}"),
    )


def _one_number(kind: Kind, parameter: Parameter, argument: Argument) -> Problem:
    """Return the problem of a value for each axis where one number is taken."""
    helps, fix = [_("give one number")], None
    if parameter.place and kind.parameter("k") and kind.parameters[0] is parameter:
        helps = [
            _(
                "first the {name}, then the kernel: '{kind} N k{size}'",
                name=_(parameter.name),
                kind=kind.name,
                size=argument.span.text,
            )
        ]
    return Problem(
        "one-number-needed",
        _("{kind} takes one number as its {name}", kind=quoted(kind.name), name=_(parameter.name)),
        [Label(argument.span)],
        helps=helps,
        fix=fix,
    )


def _left_over(kind: Kind, argument: Argument) -> Problem:
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
            _("{owner} has no {name}", owner=quoted(kind.name), name=quoted(argument.name)),
            [Label(argument.span)],
            helps=[
                _("did you mean {name}?", name=quoted(close))
                if close
                else _("it takes {names}", names=takes)
                if names
                else _("leave it out")
            ],
        )
    extra = argument.span
    places = kind.places
    return Problem(
        "too-many-numbers",
        _(
            "{kind} takes {numbers} without a letter",
            kind=quoted(kind.name),
            numbers=plural(len(places), "number"),
        )
        if places
        else _("{kind} takes no number without a letter", kind=quoted(kind.name)),
        [Label(extra)],
        helps=[_("leave it out, or put the letter of an option before it")],
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


def unlabel(item: Item) -> Item:
    """Return an item without its labels."""
    while isinstance(item, Labelled):
        item = item.item
    return item


def sequences_of(item: Item) -> tuple[Sequence, ...]:
    """Return the sequences in an item: a group's, a join's branches; a call has none here."""
    item = unlabel(item)
    if isinstance(item, Group):
        return (item.sequence,)
    return item.branches if isinstance(item, Join) else ()


def items_in(sequence: Sequence) -> Iterator[Item]:
    """Yield all items of a sequence and in it, outer ones first; not those of calls."""
    for item in sequence.items:
        inner = item
        while isinstance(inner, Labelled):
            yield inner
            inner = inner.item
        yield inner
        for part in sequences_of(inner):
            yield from items_in(part)


def takes_input(sequence: Sequence) -> bool:
    """Return whether a sequence reads what comes in: it does not when it begins with `@label`."""
    item = unlabel(sequence.items[0])
    if isinstance(item, Reference):
        return False
    if isinstance(item, Group) and item.times is None:
        return takes_input(item.sequence)
    if isinstance(item, Join) and item.how != "aux":
        return any(takes_input(branch) for branch in item.branches)
    return True


def given_volume(network: Network) -> Given | None:
    """Return the volume that a network begins with: its own, or that of a model it begins with."""
    given, sequence = network.volume, network.sequence
    while given is None and sequence.items:
        item = unlabel(sequence.items[0])
        if isinstance(item, Call):
            given, sequence = item.definition.volume, item.definition.sequence
        elif isinstance(item, Group):
            sequence = item.sequence
        else:
            break
    return given


def volume_missing(network: Network) -> Problem:
    """Return the problem of a network that does not say what comes in."""
    start = network.sequence.items[0].span
    return Problem(
        "volume-missing",
        _("the network does not say what comes in"),
        [Label(start)],
        helps=[_("begin with a volume, as in '32x32x3 -> ...', or give one with --input")],
        fix=Fix(Span(start.source, start.start, start.start), "32x32x3 -> "),
    )


def settled(given: Given) -> Volume:
    """Return a volume all of whose sizes are numbers."""
    nothing = Scope({}, None)
    return tuple(number_of(size, nothing) for size in given.sizes)
