"""Labels that are set, and those that are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, quoted

if TYPE_CHECKING:
    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Item
    from cnncalc.speech.problem import Span


def set_label(reader: Reader, label: str, span: Span, item: Item) -> None:
    """Keep what a label stands for; one that is set before is refused."""
    scope = reader.labels[-1]
    if label in scope:
        raise Problem(
            "label-twice",
            _("the label {label} is set twice", label=quoted(label)),
            [Label(scope[label][0]), Label(span)],
            helps=[_("give one of them another name")],
        )
    scope[label] = span, item


def read_label(reader: Reader, sample: str, start: int | None = None) -> tuple[str, Item]:
    """Return a label that is set and what it labels; a fault points at it, or from `start` on."""
    start = reader.position if start is None else start
    word = reader.expect("NAME", _("the name of a label is expected here"), sample)
    span = reader.span(start)
    sign = "@" if sample[0] == "@" else ""
    for scope in reversed(reader.labels):
        if word in scope:
            return word, scope[word][1]
    from cnncalc.speech.spelling import nearest

    close = nearest(word, [name for scope in reader.labels for name in scope])
    raise Problem(
        "unknown-label",
        _("no label is called {label} here", label=quoted(word)),
        [Label(span)],
        notes=[_("a label is set before it is read, and not inside a call, a repeat or aux")],
        helps=[
            _("did you mean '{name}'?", name=f"{sign}{close}")
            if close
            else _("set it, as in '{label}: relu'", label=word)
        ],
        fix=Fix(span, f"{sign}{close}") if close else None,
    )
