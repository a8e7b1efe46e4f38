"""What calls and repeats come to: their arguments, and how many layers there are in all.

Layers are counted before anything is traced, so that a text of a line cannot ask for a year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc import notation
from cnncalc.notation.binding import bind, places_among
from cnncalc.notation.evaluation import Known, NotYetKnown, Scope, evaluate, whole_number
from cnncalc.notation.expressions import ROUND, is_fraction, is_known
from cnncalc.notation.tree import Again, Argument, Call, Group, Join, Labelled, Pending, unlabel
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, plural, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.notation.tree import Definition, Item, Sequence
    from cnncalc.numbers.working import Number
    from cnncalc.speech.problem import Span

MOST_LAYERS = BUDGET.layers  # and as many rounds of repeats, and calls, together


def evaluated(
    arguments: Iterable[Argument], scope: Scope, rest: tuple[Argument, ...]
) -> tuple[Argument, ...]:
    """Return arguments with their numbers, `...` as what it stands for."""
    found: list[Argument] = []
    for argument in arguments:
        name, value, span, words = argument
        if name == "...":
            found += rest
        elif is_known(value):
            found.append(argument)
        else:
            known = evaluate(value, scope)
            begins = f"{words.partition('=')[0]}=" if name else ""
            sides = [f"{side[0]}:{side[1]}" if type(side) is tuple else str(side) for side in known]
            found.append(Argument(name, known, span, begins + "x".join(sides)))
    return tuple(found)


def resolved(item: Pending, scope: Scope, rest: tuple[Argument, ...]) -> Item:
    """Return the layer that a pending one is, now that names have numbers."""
    arguments = evaluated(item.arguments, scope, rest)
    for argument in arguments:
        for side in argument.value:
            if type(side) is not int and is_fraction(side):
                raise notation.wrong_numbers.not_whole(side, argument.span)
    return bind(item.kind, item.preset, arguments, item.span)


def call_parameters(
    call: Call, arguments: tuple[Argument, ...], channels: Number
) -> tuple[dict[str, Known | None], tuple[Argument, ...]]:
    """Return what a call with its numbers gives to its definition: its parameters, and the rest."""
    definition = call.definition
    formals = tuple([formal.name for formal in definition.formals])
    places, over = places_among(definition.name, formals, arguments)
    left = tuple([arguments[place] for place in over])
    if left and not definition.rest:
        raise _left_over(definition, left[0])
    parameters: dict[str, Known | None] = {}
    for formal in definition.formals:
        place = places.get(formal.name)
        if place is not None:
            parameters[formal.name] = arguments[place].value
        elif formal.default is None:
            raise _lacking(call, formal.name)
        else:
            try:
                parameters[formal.name] = evaluate(formal.default, Scope(parameters, channels))
            except Problem as problem:
                where = _(
                    "in '{name}', called at {place}", name=definition.name, place=call.span.place
                )
                raise problem.at(problem.labels[0].span, where) from None
    return parameters, left


def _lacking(call: Call, name: str) -> Problem:
    """Return the problem of a call without an argument that its definition needs."""
    owner = call.definition.name
    return Problem(
        "argument-missing",
        _("{owner} needs its {name}", owner=quoted(owner), name=quoted(name)),
        [Label(call.span)],
        helps=[_("write it behind the name, as in '{sample}'", sample=f"{owner} 64")],
    )


def _left_over(definition: Definition, argument: Argument) -> Problem:
    """Return the problem of an argument that a definition does not take."""
    takes = ", ".join(formal.name for formal in definition.formals)
    return Problem(
        "unknown-argument" if argument.name else "too-many-numbers",
        _("{owner} has no {name}", owner=quoted(definition.name), name=quoted(argument.name))
        if argument.name
        else _(
            "{owner} takes {arguments}",
            owner=quoted(definition.name),
            arguments=plural(len(definition.formals), "argument"),
        ),
        [Label(argument.span)],
        helps=[_("it takes {names}", names=takes) if takes else _("leave it out")],
    )


def in_round(
    group: Group, parameters: dict[str, Known | None], turn: int | None
) -> dict[str, Known | None]:
    """Return what names stand for in a round, from 0, of a group; None: not known yet."""
    if not group.by_round:
        return parameters
    return {**parameters, ROUND: None if turn is None else (turn,)}


class _LayerCount:
    """Counts layers and rounds; remembers what calls came to."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], tuple[int, int]] = {}

    def sequence(
        self, sequence: Sequence, scope: Scope, rest: tuple[Argument, ...]
    ) -> tuple[int, int]:
        """Return how many layers and rounds a sequence comes to."""
        layers = rounds = 0
        for item in sequence.items:
            more = self.item(item, scope, rest)
            layers, rounds = layers + more[0], rounds + more[1]
            if layers > MOST_LAYERS or rounds > MOST_LAYERS:
                raise too_many(sequence.span, layers, rounds)
            if not isinstance(item, (Join, Labelled)) or scope.channels is not None:
                scope = Scope(scope.parameters, None)
        return layers, rounds

    def item(self, item: Item, scope: Scope, rest: tuple[Argument, ...]) -> tuple[int, int]:
        """Return how many layers and rounds an item comes to."""
        item = unlabel(item)
        if isinstance(item, Again):
            return 1, 1  # counted as it is traced
        if isinstance(item, Group):
            return self.group(item, scope, rest)
        if isinstance(item, Join):
            parts = [self.sequence(branch, scope, rest) for branch in item.branches]
            return 1 + sum(part[0] for part in parts), 1 + sum(part[1] for part in parts)
        if isinstance(item, Call):
            return self.call(item, scope, rest)
        return 1, 0

    def group(self, group: Group, scope: Scope, rest: tuple[Argument, ...]) -> tuple[int, int]:
        """Return a group's layers and rounds: the count times those of a round."""
        if group.times is None:
            return self.sequence(group.sequence, scope, rest)
        try:
            count = whole_number(group.times, scope)
        except NotYetKnown:
            return 1, 1  # counted again, one by one, as it is traced
        except Problem:
            return 1, 1  # refused in its place, if it is ever reached
        if count <= 0:
            return 0, 0
        inside = Scope(in_round(group, scope.parameters, None), scope.channels)
        layers, rounds = self.sequence(group.sequence, inside, rest)
        layers, rounds = count * layers, count * (1 + rounds)
        if layers > MOST_LAYERS or rounds > MOST_LAYERS:
            raise too_many(group.span, layers, rounds)
        return layers, rounds

    def call(self, call: Call, scope: Scope, rest: tuple[Argument, ...]) -> tuple[int, int]:
        """Return a call's layers and rounds, worked out once for the same parameters."""
        try:
            arguments = evaluated(call.arguments, scope, rest)
            parameters, left = call_parameters(call, arguments, scope.channels)
        except (NotYetKnown, Problem):
            parameters, left = dict.fromkeys((f.name for f in call.definition.formals), None), ()
        key = (id(call.definition), *parameters.values(), *((a.name, a.value) for a in left))
        if key not in self.known:
            layers, rounds = self.sequence(call.definition.sequence, Scope(parameters, None), left)
            self.known[key] = layers, rounds + 1
        return self.known[key]


def count_layers(sequence: Sequence) -> int:
    """Return how many layers a network has; refuse one of more than are traced.

    Groups whose counts are known only as it is traced count as one.
    """
    return _LayerCount().sequence(sequence, Scope({}, None), ())[0]


def refuse_too_many_rounds(
    group: Group, count: int, scope: Scope, rest: tuple[Argument, ...], left: int
) -> None:
    """Refuse a group whose count was not known before, and that comes to more than is left."""
    inside = Scope(in_round(group, scope.parameters, None), None)
    layers, rounds = _LayerCount().sequence(group.sequence, inside, rest)
    layers, rounds = count * layers, count * (1 + rounds)
    if layers > left or rounds > MOST_LAYERS:
        raise too_many(group.span, max(layers, MOST_LAYERS + 1 if layers > left else 0), rounds)


def too_many(span: Span, layers: int, rounds: int = 0) -> Problem:
    """Return the problem of a network that comes to too many layers, or rounds and calls."""
    many = layers > MOST_LAYERS
    count = layers if many else rounds
    shown = (
        f"{count:,}" if count < 10**24 else _("a number of {count} digits", count=len(str(count)))
    )
    return Problem(
        "too-many-layers",
        _("a network has at most {most:,} layers", most=MOST_LAYERS)
        if many
        else _("a network has at most {most:,} rounds of repeats and calls", most=MOST_LAYERS),
        [
            Label(
                span,
                _("{count} layers", count=shown)
                if many
                else _("{count} rounds of repeats and calls", count=shown),
            )
        ],
        helps=[_("repeat it less often")],
    )
