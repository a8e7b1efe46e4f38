"""The text format of protocol buffers: messages, as fields by their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.importing.refusals import option_not_read, too_many_parts
from cnncalc.numbers.digits import whole_of
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Span, quoted

if TYPE_CHECKING:
    from cnncalc.speech.problem import Source

_WORD = re.compile(
    r"""\s*(?:\#[^\n]*)?(?:("[^"\n]*"|'[^'\n]*')|([{}:<>;,\[\]])|([^\s{}:<>;,\[\]"'#]+))?"""
)
_MOST_NESTED = 20


class TextMessage(dict[str, list[Any]]):
    """The fields of a message by their names: each has values, numbers, texts or messages.

    `span` is where its own name stands.
    """

    span: Span

    def first(self, name: str, default: Any = None) -> Any:
        """Return the first value of a field."""
        return self.get(name, [default])[0]

    def number(self, name: str, default: int) -> int:
        """Return a field that is a whole number, none below 0."""
        return self._whole(name, self.first(name, default))

    def numbers(self, name: str) -> list[int]:
        """Return the values of a field that are whole numbers."""
        return [self._whole(name, each) for each in self.get(name, [])]

    def _whole(self, name: str, value: Any) -> int:
        try:
            found = whole_of(str(value))
        except ValueError:
            found = -1
        if found < 0 and name != "axis":
            raise option_not_read(self.span, _("{name} is no whole number", name=quoted(name)))
        return found

    def inner(self, name: str) -> TextMessage:
        """Return a field that is a message; an empty one where it is not there."""
        found = self.first(name)
        if not isinstance(found, TextMessage):
            found = TextMessage()
            found.span = self.span
        return found


def read_message(source: Source) -> TextMessage:
    """Return the message that a text is."""
    root = TextMessage()
    root.span = Span(source, 0, 0)
    stack, name, place, begun, before, count = [root], "", 0, 0, "", 0
    while True:
        found = _WORD.match(source.text, place)
        if found is None or found.end() == place:
            break
        place = found.end()
        quoted, sign, word = found.groups()
        if sign in ("{", "<"):
            inner = TextMessage()
            inner.span = Span(source, begun, begun + len(name))
            count += 1
            if count > BUDGET.joined:
                raise too_many_parts(inner.span, BUDGET.joined)
            stack[-1].setdefault(name, []).append(inner)
            stack.append(inner)
            name = ""
            if len(stack) > _MOST_NESTED:
                raise _unreadable(source, found.start(2))
        elif sign in ("}", ">"):
            stack.pop()
            if not stack:
                raise _unreadable(source, found.start(2))
            name = ""
        elif word or quoted:
            if name and before in (":", "[", ","):
                stack[-1].setdefault(name, []).append(quoted[1:-1] if quoted else word)
            else:
                name, begun = word or "", found.start(3)
        before = sign or word or quoted or before
    if len(stack) > 1 or not root:
        raise _unreadable(source, len(source.text.rstrip()))
    return root


def _unreadable(source: Source, place: int) -> Problem:
    return Problem(
        "file-not-caffe",
        _("this is no network of Caffe"),
        [Label(Span(source, place, place), _("here its braces do not match"))],
        helps=[_("take the whole file: a '}' for each '{'")],
    )
