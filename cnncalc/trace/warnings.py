"""What is noticed on the way through a network: warnings, notes, and rules that are broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.kinds.arithmetic import extent, padding
from cnncalc.kinds.volumes import line_name, times
from cnncalc.notation.inputs import settled
from cnncalc.notation.tree import Call, Group, Labelled, Layer, Pending, Reference
from cnncalc.numbers.lettered import taken_in
from cnncalc.numbers.working import plain, product, shown
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, plural, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given, Item, Said
    from cnncalc.speech.problem import Span


def unlikely(volume: Volume, span: Span) -> Problem | None:
    """Return the warning of a volume, channels last, that looks like a slip."""
    meant = None
    if len(volume) == 2 and volume[0] == volume[1] > 1:
        fact = _(
            "1-D: a length of {length} with {channels} channels",
            length=volume[0],
            channels=volume[1],
        )
        meant = f"{volume[0]}x{volume[1]}x1"
        helps = [_("did you mean {volume}?", volume=meant)]
    elif len(volume) == 3 and volume[0] in (1, 3) and min(volume[1:]) >= 16:
        fact = _(
            "a height of {height}, with {channels} channels", height=volume[0], channels=volume[2]
        )
        meant = f"{volume[1]}x{volume[2]}x{volume[0]}"
        helps = [_("did you mean {volume}, or --channels-first?", volume=meant)]
    elif len(volume) == 4 and volume[1] in (1, 3) and min(volume[2:]) >= 16:
        fact = _("3-D, with {channels} channels: a batch, and channels first?", channels=volume[3])
        meant = f"{volume[2]}x{volume[3]}x{volume[1]}"
        helps = [_("did you mean {volume}?", volume=meant)]
    elif len(volume) == 4 and volume[0] == 1 and volume[3] in (1, 3) and min(volume[1:3]) >= 16:
        fact = _("3-D, with a depth of 1: a batch of 1?")
        meant = f"{volume[1]}x{volume[2]}x{volume[3]}"
        helps = [_("did you mean {volume}?", volume=meant)]
    if meant is None:
        return None
    return Problem(
        "volume-unlikely",
        _("a volume is height x width x channels"),
        [Label(span, fact)],
        helps=helps,
        fix=Fix(span, meant),
        severity="warning",
    )


def layout_read(given: Given) -> Problem:
    """Return the warning of an input that is read as the calls behind it say."""
    volume = times(settled(given))
    return Problem(
        "layout-of-calls",
        _("this is read with its channels first, as the calls that it goes through have it"),
        [Label(given.span, volume)],
        helps=[_("write '{text}'", text=volume)],
        fix=Fix(given.span, volume),
        severity="warning",
    )


def with_slip(problem: Problem, slip: Problem | None, volume: Volume, span: Span) -> Problem:
    """Return a problem that may come of a slip in the volume, with the volume that may be meant.

    Where the code says that as many channels come in as stand first, they may be these.
    """
    if slip is None and problem.about == str(volume[0]) and volume[0] != volume[-1]:
        sizes = (*volume[1:], volume[0])
        slip = Problem("", "", helps=[_("did you mean {volume}?", volume=times(sizes))])
        slip.fix = Fix(span, times(sizes))
    if slip is None or problem.lines or problem.inputs:
        return problem
    if problem.fix and slip.fix:
        problem.also = (slip.fix,)
        return problem
    changed = problem.at(span)
    changed.fix = slip.fix
    changed.helps = (*slip.helps, *problem.helps)
    return changed


def flattened(layer: Layer, said: Said, volume: Volume) -> Problem:
    """Return the note of a Linear that is read with a flatten before it."""
    return Problem(
        "flatten-read-in",
        _("a flatten is read in before this layer, which takes all values"),
        [Label(layer.span, f"{said.argument}={said.channels}")],
        notes=[f"{times(volume).replace('x', '*')} = {said.channels}"],
        severity="warning",
    )


def at_places(layer: Layer, volume: Volume) -> Problem:
    """Return the warning of a linear layer on a map, where one on all its values may be meant."""
    units = layer.named["units"]
    text = layer.span.text
    if text.endswith(")"):
        prefix = "nn." if text.startswith(("nn.", "torch.")) else ""
        right = f"{prefix}Flatten(), {text}"
    else:
        right = f"fc{text[len(text.split()[0]) :]}"
    params = "" if layer.named["nobias"] else f" + {units}"
    return Problem(
        "linear-on-a-map",
        _("a linear layer works at every place of a map, on the channels alone"),
        [Label(layer.span, _("its input is {volume}", volume=times(volume)))],
        notes=[
            _(
                "on all values it has {arithmetic} parameters and gives a vector",
                arithmetic=f"{times(volume).replace('x', '*')}*{units}{params}",
            )
        ],
        helps=[_("'fc' takes all values")],
        fix=Fix(layer.span, right) if text else None,
        severity="warning",
    )


def unlike_said(layer: Layer, said: Said, volume: Volume, flat: Volume) -> Problem:
    """Return the problem of a call that says that other channels come in than do.

    `flat` is the map that was flattened last: what comes in is perhaps all of its values.
    """
    come = channels = plain(volume[-1])
    values = volume if len(volume) > 1 else flat
    notes = []
    is_all = len(volume) > 1 or plain(product(values)) == channels
    if layer.kind.name == "linear" and values and is_all:
        come = plain(product(values))
        notes = [f"{times(values).replace('x', '*')} = {come}"]
    text = said.span.text
    number = re.search(rf"(?<=\(){said.channels}\b|(?<={said.argument}=){said.channels}\b", text)
    mended = number and f"{text[: number.start()]}{come}{text[number.end() :]}"
    return Problem(
        "channels-unlike-said",
        _(
            "this layer says that {said} channels come in, and {channels} do",
            said=said.channels,
            channels=channels,
        ),
        [Label(said.span, _("its input is {volume}", volume=times(volume)))],
        notes=notes,
        helps=[_("write {argument}={channels}", argument=said.argument, channels=come)],
        fix=Fix(said.span, mended) if mended else None,
        about=str(said.channels),
    )


def left_over(layer: Layer, volume: Volume, measure: Measure) -> Problem:
    """Return the warning of pixels at the end that no window reads."""
    rank = len(volume) - 1
    parts, read = [], []
    for axis, left in enumerate(measure.unread):
        if left:
            line = line_name(axis, rank)
            parts.append(plural(left, line))
            whole = plural(volume[axis], line)
            read.append(_("{count:,} of {lines}", count=volume[axis] - left, lines=whole))
    both = _(" and ")
    return Problem(
        "input-left-over",
        _("the last window ends before its input does"),
        [Label(layer.span, _("{lines} left over", lines=both.join(parts)))],
        notes=[_("its windows read {lines}", lines=both.join(read))],
        severity="warning",
    )


_PLAIN_NUMBERS = r"(?i)(conv[123]d)((?:\s+[0-9]+){3,5})"


def order_of_numbers(layer: Layer, volume: Volume) -> Problem | None:
    """Return the warning of numbers that are as PyTorch has them, channels that come in first."""
    text = layer.span.text
    found = re.fullmatch(_PLAIN_NUMBERS, text) if text[5:6] in ("d", "D") else None
    numbers = found[2].split() if found else []
    if not found or numbers[0] != str(plain(volume[-1])):
        return None
    call = f"{found[1].capitalize()}({', '.join(numbers)})"
    ours = f"conv {numbers[0]} k{numbers[1]} s{numbers[2]}"
    problem = Problem(
        "order-of-numbers",
        _("{layer} is read as {ours}", layer=quoted(layer.span.text), ours=quoted(ours)),
        [Label(layer.span)],
        helps=[_("as PyTorch has it, write {call}", call=quoted(call))],
        severity="warning",
    )
    problem.lines = (["stack", Fix(layer.span, call).apply()],)
    return problem


def taken_as_whole(layer: Layer, volume: Volume, measure: Measure) -> Problem | None:
    """Return the warning of divisions of letters that are assumed to come out whole here."""
    numbers = (*measure.output, measure.params, measure.macs)
    before = frozenset[str]().union(*map(taken_in, volume))
    new = frozenset[str]().union(*map(taken_in, numbers)) - before
    if not new:
        return None
    quotients = ", ".join(sorted(new))
    says = _("{quotients} are assumed to be whole numbers", quotients=quotients)
    if len(new) == 1:
        says = _("{quotient} is assumed to be a whole number", quotient=quotients)
    return Problem(TAKEN, says, [Label(layer.span)], severity="warning")


def unused(item: Item) -> Problem | None:
    """Return the warning of an output that is never used, and not kept."""
    if _is_kept(item):
        return None
    return Problem(
        "output-unused",
        _("this output is never used"),
        [Label(item.span)],
        helps=[_("label it and read the label, or leave it out")],
        severity="warning",
    )


def _is_kept(item: Item) -> bool:
    """Return whether an item's output is kept: by a label, or as an output of the network."""
    if isinstance(item, Labelled | Reference):
        return True
    if isinstance(item, Layer):
        return item.kind.name == "output"
    if isinstance(item, Pending):
        return item.kind.name == "output"
    if isinstance(item, Call):
        return _is_kept(item.definition.sequence.items[-1])
    if isinstance(item, Group) and item.times is None:
        return _is_kept(item.sequence.items[-1])
    return False


NOT_COUNTED = "not-counted"
TAKEN = "taken-as-whole"
PARTIAL = (NOT_COUNTED, "read-in-part", "order-not-printed", "lines-added-up")
"""Codes of warnings of what is not counted."""


def not_counted(name: str, spans: Sequence[Span]) -> Problem:
    """Return the warning of items that are no layers here, all of one name."""
    first = _("the first of {items}", items=plural(len(spans), "item"))
    return Problem(
        NOT_COUNTED,
        _("{kind} is no layer here: its cost is not counted", kind=quoted(name)),
        [Label(spans[0], first if len(spans) > 1 else "")],
        severity="warning",
    )


def does_not_tile(layer: Layer, geometry: tuple[int, ...]) -> Problem:
    """Return the problem of windows that do not tile their input, by CS231n's rule."""
    n, before, after, k, s, d = (shown(number) for number in geometry)
    working = n + padding(before, after) - extent(k, d)
    slack, stride = plain(working), plain(s)
    return Problem(
        "windows-do-not-tile",
        _("the windows do not tile the map, which --strict asks for"),
        [
            Label(
                layer.span, _("stride {stride} does not divide {slack}", stride=stride, slack=slack)
            )
        ],
        notes=[f"{working} = {slack} = {slack // stride}*{stride} + {slack % stride}"],
        helps=[_("change the padding, or leave --strict out: every framework rounds down")],
    )
