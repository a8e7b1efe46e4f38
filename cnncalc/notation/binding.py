"""Arguments to the parameters of a kind: which takes which, what is lacking, what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.table import KINDS, REQUIRED, Kind, Parameter
from cnncalc.notation.expressions import is_known
from cnncalc.notation.tree import Argument, Item, Layer, Pending
from cnncalc.numbers.lettered import can_reach
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Span, plural, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def assign(
    owner: str,
    places: Sequence[str],
    find: Callable[[str], str | None],
    arguments: Iterable[Argument],
) -> tuple[dict[str, Argument], list[Argument]]:
    """Give each argument to a parameter; return them by name, and those that are left.

    Those without a name go, in order, to the first places that no name has taken.
    """
    arguments = tuple(arguments)
    named = [find(argument.name) if argument.name else None for argument in arguments]
    given: dict[str, Argument] = {}
    left: list[Argument] = []
    free = iter([place for place in places if place not in named])
    for argument, own in zip(arguments, named, strict=True):
        name = own if argument.name else next(free, None)
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


def places_among(
    owner: str, formals: tuple[str, ...], arguments: tuple[Argument, ...]
) -> tuple[dict[str, int], list[int]]:
    """Return which arguments go to the parameters of a definition, by name, and which are left.

    That is worked out once for arguments of the same names.
    """
    key = formals, tuple([argument.name for argument in arguments])
    found = _AMONG.get(key)
    if found is None:
        places = {id(argument): place for place, argument in enumerate(arguments)}
        given, left = assign(
            owner, formals, lambda name: name if name in formals else None, arguments
        )
        found = (
            {name: places[id(argument)] for name, argument in given.items()},
            [places[id(argument)] for argument in left],
        )
        if len(_AMONG) < BUDGET.remembered:
            _AMONG[key] = found
    return found


_AMONG: dict[tuple[object, ...], tuple[dict[str, int], list[int]]] = {}


def bind(kind: Kind, preset: dict[str, Any], arguments: tuple[Argument, ...], span: Span) -> Item:
    """Return the layer that arguments make of a kind; pending while they have names in them."""
    names = tuple([argument.name for argument in arguments])
    if "..." in names:
        return Pending(kind, preset, arguments, span)
    parameters = kind.parameters
    if parameters and parameters[0].form == "words":
        return _bind_words(kind, arguments, span)
    is_pending = is_wide = False
    for _name, value, _span, _words in arguments:
        is_pending = is_pending or not is_known(value)
        is_wide = is_wide or len(value) > 1
    places = _PLACES.get((kind.name, names))
    if places is None or is_wide:
        places = _places(kind, names, arguments, span)
    if is_pending:
        return Pending(kind, preset, arguments, span)
    values = list(kind.defaults)
    if preset:
        values = [preset.get(each.name, each.default) for each in parameters]
    for place, which in places:
        values[place] = in_form(kind, parameters[place], arguments[which])
    for place, other in kind.alike:
        if values[place] is None:
            values[place] = values[other]
    return Layer(kind, tuple(values), span)


_PLACES: dict[tuple[str, tuple[str, ...]], list[tuple[int, int]]] = {}
"""The parameters with their arguments, by the kind and their names, where nothing is wrong."""


def _places(
    kind: Kind, names: tuple[str, ...], arguments: tuple[Argument, ...], span: Span
) -> list[tuple[int, int]]:
    """Return the parameters of a kind that arguments go to, in their order, each with its argument.

    Refuse what is lacking or left.
    """

    def find(name: str) -> str | None:
        parameter = kind.parameter(name)
        return parameter.name if parameter and parameter.form != "rank" else None

    given, left = assign(kind.name, [each.name for each in kind.places], find, arguments)
    if left:
        raise _name_of_two(kind, left[0], span) or _left_over(kind, left[0])
    _refuse_kernel_first(kind, given)
    excludes = False
    for group in kind.one_of:
        taken = [given[name] for name in group if name in given]
        rivals = [each for each in taken if not _is_off(each)]
        excludes |= len(taken) > 1
        if len(rivals) > 1:
            raise Problem(
                "arguments-exclude-each-other",
                _("one of {names}, not two of them", names=", ".join(group)),
                [Label(rival.span) for rival in rivals[:2]],
                helps=[_("leave one of them out")],
            )
    for parameter in kind.parameters:
        if parameter.default is REQUIRED and parameter.name not in given:
            raise missing(kind.name, parameter, span)
    of_all = kind.names_of_values
    which = {id(argument): place for place, argument in enumerate(arguments)}
    places = sorted((of_all.index(name), which[id(each)]) for name, each in given.items())
    if not excludes and len(_PLACES) < BUDGET.remembered:
        _PLACES[kind.name, names] = places
    return places


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
    if len(value) == 1 and type(value[0]) is int and form != "flag" and value[0] >= parameter.least:
        return value if form in ("sides", "axes", "volume") else value[0]
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
    found = Problem(
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
    found.instead = found.helps[0]  # it is needed, whatever else is wrong
    return found


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


def _name_of_two(kind: Kind, argument: Argument, span: Span) -> Problem | None:
    """Return the problem of a name that PyTorch and Keras use for different things."""
    name = argument.name.replace("-", "_")
    fixes: tuple[Fix, Fix | None]
    value = argument.span.text.partition("=")[2] or argument.span.text.rpartition(" ")[2]
    if name == "size" and kind.name == "upsample":
        fact = _("'size' is the factor in Keras, and the size of the output in PyTorch")
        fixes = Fix(argument.span, value), Fix(span, f"resize {value}")
        texts = f"upsample {value}", f"resize {value}"
    elif name == "input_dim":
        fact = _("'input_dim' is the vocabulary of an Embedding, and what comes in elsewhere")
        fixes = Fix(argument.span, value if kind.name == "embedding" else ""), None
        texts = f"embedding {value}", f"{value} -> fc"
    else:
        return None
    problem = Problem(
        "name-of-two",
        fact,
        [Label(argument.span)],
        helps=[_("write '{text}' or '{other}'", text=texts[0], other=texts[1])],
        fix=fixes[0],
    )
    problem.also = tuple(filter(None, fixes[1:]))
    return problem


def _left_over(kind: Kind, argument: Argument) -> Problem:
    """Return the problem of an argument that no parameter takes."""
    if argument.name:
        names = [
            parameter.letter or parameter.name
            for parameter in kind.parameters
            if parameter.form not in ("rank", "words")
        ]
        from cnncalc.speech.spelling import nearest

        close = nearest(argument.name, kind.names_of_values)
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
