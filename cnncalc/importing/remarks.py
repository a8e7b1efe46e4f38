"""What is to be said of a graph that is read: remarks about its nodes, as warnings in its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.kinds.table import FREE
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.tree import Layer
from cnncalc.notation.writer import write_layer
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, plural, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.importing.nesting import Node

Place: TypeAlias = "Span | str"
"""Where something stands in a file: a stretch of its text, or words of it; '' for nowhere."""


class Remark(NamedTuple):
    """A warning, and the node that it is about; or what a file says there, as it is written."""

    node: int
    code: str
    message: str
    about: str
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    place: Place = ""


class Lost(NamedTuple):
    """A node of a file whose output has no shape that is known: what it reads, its words."""

    kind: str
    words: str
    sources: tuple[int, ...]
    learned: int = 0
    place: Place = ""


class Unread(NamedTuple):
    """A node that is no layer here, its learned numbers, None where not known, and its MACs.

    It keeps its shape where nothing says another.
    """

    node: int
    learned: int | None
    macs: int = 0
    keeps: bool = False


def of_stand_ins(
    stand_ins: Mapping[tuple[str, str], list[int]], needed: set[int]
) -> Iterator[Remark]:
    """Yield a remark for each kind of thing that another stands for."""
    for (kind, standing), made in stand_ins.items():
        if nodes := [node for node in made if node in needed]:
            yield Remark(
                nodes[0],
                "stands-for-another",
                _("{other} stands for {kind}", kind=quoted(kind), other=quoted(standing)),
                _first_of(nodes),
                (_("it learns as many numbers, and the shapes are the same"),),
            )


def of_unread(unread: Iterable[tuple[str, Unread]], needed: set[int]) -> Iterator[Remark]:
    """Yield a remark for each kind of what is no layer here and costs something, with its cost."""
    kinds: dict[str, list[Unread]] = {}
    for kind, each in unread:
        if each.node in needed and kind not in FREE:
            kinds.setdefault(kind, []).append(each)
    for kind, found in kinds.items():
        numbers = [each.learned for each in found if each.learned is not None]
        notes = []
        if len(numbers) == len(found):
            notes.append(_("it holds {numbers}", numbers=plural(sum(numbers), "learned number")))
            if not any(numbers):
                notes = [_("it holds no learned number")]
        if macs := sum(each.macs for each in found):
            notes.append(_("it costs {macs:,} MACs", macs=macs))
        if any(each.keeps for each in found):
            notes.append(_("nothing says what it puts out: it is read as if it kept its shape"))
        yield Remark(
            found[0].node,
            "not-counted",
            _("{kind} is no layer here: its cost is not counted", kind=quoted(kind)),
            _first_of([each.node for each in found]),
            tuple(notes),
        )


def of_lost(cut: Lost, lost: Sequence[Lost], of: int) -> Remark:
    """Return the remark that the network is read up to a node, and what is left out."""
    kinds = list(dict.fromkeys(each.kind for each in lost))
    notes = [
        _(
            "{count:,} of {nodes} are left out: {kinds}",
            count=len(lost),
            nodes=plural(of, "node"),
            kinds=few(kinds),
        )
    ]
    if learned := sum(each.learned for each in lost):
        notes.append(_("they hold {count:,} learned numbers", count=learned))
    return Remark(
        max(cut.sources),
        "read-in-part",
        _("the network is read up to {kind}, no layer here", kind=quoted(cut.kind)),
        "" if cut.place else _("read by {node}", node=cut.words),
        tuple(notes),
        place=cut.place,
    )


def as_warnings(
    remarks: Sequence[Remark],
    nodes: Sequence[Node],
    places: Sequence[Place],
    made: Source,
    file: Source,
) -> Iterator[Problem]:
    """Yield remarks as warnings that point at what a file has there, or else at their nodes.

    `made` is the notation made of the file, and `places` where nodes stand in the file.
    """
    if not remarks:
        return
    labels, words = _starts(_LABEL, made.text), _starts(_WORDS, file.text)
    for remark in remarks:
        place = remark.place or places[remark.node]
        if not place:
            span = _in_text(nodes[remark.node], made, labels)
        elif not isinstance(place, str):
            span = place
        else:
            start = words.get(place)
            source = Source(file.name, place) if start is None else file
            span = Span(source, start or 0, (start or 0) + len(place))
        yield Problem(
            remark.code,
            remark.message,
            [Label(span, remark.about)],
            notes=remark.notes,
            helps=remark.helps,
            severity="warning",
        )


_LABEL = r"(?<![\w@])(\w+): "
_WORDS = r'("(?:[^"\\]|\\.)*+")'
"""The words of JSON, which is what has places by words."""


def _starts(pattern: str, text: str) -> dict[str, int]:
    """Return where each of what a pattern finds stands first in a text."""
    found: dict[str, int] = {}
    for each in re.finditer(pattern, text):
        found.setdefault(each[1], each.start(1))
    return found


def _in_text(node: Node, source: Source, labels: Mapping[str, int]) -> Span:
    """Return where a node stands in the text that was made of a file."""
    found = labels.get(node.label)
    start = 0 if found is None else found + len(node.label) + 2
    item = write_layer(node.item) if isinstance(node.item, Layer) else node.kind
    words = write_volume(node.volume) if found is None else item
    return Span(source, start, start + len(words))


def _first_of(nodes: Sequence[int]) -> str:
    """Return words about the first of several nodes; none about one."""
    if len(nodes) == 1:
        return ""
    return _("the first of {nodes}", nodes=plural(len(nodes), "node"))


def few(names: Sequence[str]) -> str:
    """Return the first names of several, as they stand in a sentence."""
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
