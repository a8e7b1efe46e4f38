"""Inputs: the volumes that a network begins with, at its head and further on, by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.evaluation import Scope, number_of
from cnncalc.notation.tree import Call, Given, Group, Join, Network, Sequence, unlabel
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Span, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.kinds.volumes import Volume


class Input(NamedTuple):
    """An input of a network: its name, its volume, and what brings it, a volume or a call."""

    name: str
    volume: Given | None
    holder: Given | Call | None


class Volumes(NamedTuple):
    """What `--input` says: the volume of the head, and volumes by the names of inputs."""

    head: Given | None = None
    named: tuple[tuple[str, Given], ...] = ()

    def put_in(self, network: Network) -> Network:
        """Return a network with these volumes in place of its own, but for one at its head."""
        put = list(self.named)
        if self.head is not None and begins_inside(network):
            put.insert(0, (inputs(network)[0].name, self.head))
        for name, given in put:
            network = _with_input(network, name, given)
        return network


NO_VOLUMES = Volumes()


def inputs(network: Network) -> list[Input]:
    """Return the inputs of a network in their order: named by labels, else by their numbers.

    Those of the one model that is the network are its own.
    """
    found: list[tuple[str, Given | None, Given | Call | None]] = []
    if network.volume:
        found.append((network.volume.label, network.volume, network.volume))
    elif _reads(network.sequence) and given_volume(network) is None:
        found.append(("", None, None))
    found += _inputs(network.sequence, comes=bool(found), is_all=True)
    return [
        Input(label or f"input{number}", given, holder)
        for number, (label, given, holder) in enumerate(found, 1)
    ]


def _inputs(
    sequence: Sequence, *, comes: bool, is_all: bool
) -> Iterator[tuple[str, Given | None, Given | Call | None]]:
    """Yield what brings inputs in a sequence; `is_all`: an only call in it is the network."""
    for item in map(unlabel, sequence.items):
        if isinstance(item, Given):
            yield item.label, item, item
        elif isinstance(item, Group):
            yield from _inputs(item.sequence, comes=comes, is_all=is_all)
        elif isinstance(item, Join):
            for branch in item.branches:
                yield from _inputs(branch, comes=comes, is_all=False)
        elif isinstance(item, Call):
            body, given = item.definition.sequence, item.definition.volume
            is_network = is_all and len(sequence.items) == 1
            if given and not comes:
                yield given.label if is_network else "", given, item
            if is_network:
                yield from _inputs(body, comes=comes or given is not None, is_all=True)
        comes = True


def calls_of_all(sequence: Sequence) -> Iterator[Call]:
    """Yield the call that is all of a network, and the call that is all of that."""
    while len(sequence.items) == 1 and isinstance(call := unlabel(sequence.items[0]), Call):
        yield call
        sequence = call.definition.sequence


def _reads(sequence: Sequence) -> bool:
    """Return whether a sequence begins with what must come in: no volume, and no model's."""
    if not sequence.items:
        return False
    item = unlabel(sequence.items[0])
    if isinstance(item, Group):
        return _reads(item.sequence)
    if isinstance(item, Call):
        return item.definition.volume is None and _reads(item.definition.sequence)
    if isinstance(item, Join) and item.how != "aux":
        return any(map(_reads, item.branches))
    return not isinstance(item, Given)


def begins_inside(network: Network) -> bool:
    """Return whether all paths of a network begin with volumes, the first not at its head."""
    if network.volume:
        return False
    sequence = network.sequence
    while sequence.items:
        item = unlabel(sequence.items[0])
        if isinstance(item, Join | Given):
            return not _reads(sequence)
        if isinstance(item, Call) and item.definition.volume is None:
            sequence = item.definition.sequence
        elif isinstance(item, Group):
            sequence = item.sequence
        else:
            break
    return False


def given_volume(network: Network, given: Given | None = None) -> Given | None:
    """Return the volume that a network begins with: what is given, its own, or its model's."""
    if given is not None:
        if given.shape is None or not network.calls:
            return given
        from cnncalc.notation.sizes import settle_for

        return settle_for(given.shape, network.calls)
    if network.volume:
        return network.volume
    return None if _reads(network.sequence) else _first(network.sequence)


def _first(sequence: Sequence) -> Given | None:
    """Return the volume that stands first in a sequence that begins with one."""
    item = unlabel(sequence.items[0]) if sequence.items else None
    if isinstance(item, Call):
        return item.definition.volume or _first(item.definition.sequence)
    if isinstance(item, Group):
        return _first(item.sequence)
    if isinstance(item, Join):
        return _first(item.branches[0])
    return item if isinstance(item, Given) else None


def _with_input(network: Network, name: str, given: Given) -> Network:
    """Return a network with another volume in place of that of a name."""
    from cnncalc.notation.changes import rebuilt

    known = inputs(network)
    found = next((each for each in known if each.name == name), None)
    if found is None:
        names = [each.name for each in known]
        from cnncalc.speech.names import no_such

        fact = _("no input is called {name}", name=quoted(name))
        raise no_such("unknown-input", fact, name, given.span, names)
    holder = found.holder
    given = given._replace(label=found.volume.label if found.volume else "")
    if holder is None or holder is network.volume:
        return network._replace(volume=given)
    if isinstance(holder, Given):
        return rebuilt(network, lambda part: given if part is holder else part)
    item = unlabel(network.sequence.items[0])
    if item is holder:
        return network._replace(volume=given)
    put = Group(Sequence((given, holder), holder.span), None, holder.span)
    return rebuilt(network, lambda part: put if part is holder else part)


def volume_missing(network: Network) -> Problem:
    """Return the problem of a network that does not say what comes in, or has its lines alone."""
    if network.lines and network.lines.misfit:
        return network.lines.misfit
    *before, last = network.sequence.items
    if before and isinstance(last, Given) and last.span.source == before[0].span.source:
        return _volume_last(before[0].span, before[-1].span, last.span)
    start = network.sequence.items[0].span
    said = network.said.get(start.start)
    volume = "32x32x3"
    if said:
        volume = f"{said.channels}" if "feature" in said.argument else f"32x32x{said.channels}"
    begin = _(
        "begin with a volume, as in '{volume} -> ...', or give one with --input", volume=volume
    )
    return Problem(
        "volume-missing",
        _("the network does not say what comes in"),
        [Label(start)],
        helps=[begin],
        fix=Fix(Span(start.source, start.start, start.start), f"{volume} -> "),
    )


def _volume_last(first: Span, end: Span, volume: Span) -> Problem:
    """Return the problem of a network whose volume is written behind its layers."""
    layers = Span(first.source, first.start, end.end).text
    return Problem(
        "volume-missing",
        _("the volume that comes in stands first, before the layers"),
        [Label(volume)],
        helps=[_("begin with '{text}'", text=f"{volume.text} -> ")],
        fix=Fix(Span(first.source, first.start, volume.end), f"{volume.text} -> {layers}"),
    )


def settled(given: Given) -> Volume:
    """Return a volume all of whose sizes are numbers."""
    nothing = Scope({}, None)
    return tuple(number_of(size, nothing) for size in given.sizes)
