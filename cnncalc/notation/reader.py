"""A place in a source text, and the few steps the parser takes over it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Span

if TYPE_CHECKING:
    from cnncalc.speech.problem import Source

MOST_TEXT = 4 * 1024 * 1024  # characters
MOST_NESTING = 100

_BLANK = re.compile(r"(?:\s+|#[^\n]*)+")


class Reader:
    """A source and a position in it: look at what comes, take it, or go over white space."""

    __slots__ = ("depth", "depth_inside", "position", "source", "text")

    def __init__(self, source: Source) -> None:
        if len(source.text) > MOST_TEXT:
            raise Problem(
                "text-too-long",
                _("a network's text is at most 4 MiB, and this one is longer"),
                [Label(Span(source, 0, 0))],
                helps=[_("write what repeats as [...]*N, or as a definition")],
            )
        self.source = source
        self.text = source.text
        self.position = 0
        self.depth = 0
        self.depth_inside = 0

    def skip(self) -> None:
        """Go over white space and comments."""
        found = _BLANK.match(self.text, self.position)
        if found:
            self.position = found.end()

    def at(self, words: str) -> bool:
        """Return whether the text goes on with these characters."""
        return self.text.startswith(words, self.position)

    def next(self) -> str:
        """Return the next character, or '' at the end."""
        return self.text[self.position : self.position + 1]

    def look(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return what a pattern matches here, without taking it."""
        return pattern.match(self.text, self.position)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return what a pattern matches here, and go past it."""
        found = pattern.match(self.text, self.position)
        if found:
            self.position = found.end()
        return found

    def accept(self, words: str) -> bool:
        """Go past these characters if they come next."""
        if self.text.startswith(words, self.position):
            self.position += len(words)
            return True
        return False

    def span(self, start: int, end: int | None = None) -> Span:
        """Return the span from a position to another, or to here."""
        return Span(self.source, start, self.position if end is None else end)

    def here(self) -> Span:
        """Return the span of the word or sign that comes next; an empty one at the end."""
        found = self.look(_CHUNK)
        return self.span(self.position, found.end() if found else self.position)

    def deeper(self, start: int) -> None:
        """Count a bracket that opens; `depth` goes down again where it closes."""
        self.depth += 1
        if self.depth > MOST_NESTING:
            raise too_deep(self.span(start, start + 1))


_CHUNK = re.compile(r"[^\W_][\w.]*|_\w*|->|=>|==|\.\.\.|[^\s\w]")


def too_deep(span: Span) -> Problem:
    """Return the problem of brackets or calls that stand too deep in one another."""
    return Problem(
        "nesting-too-deep",
        _("brackets and calls stand at most {most} deep in one another", most=MOST_NESTING),
        [Label(span)],
        helps=[_("take an inner part out, as a definition or a sequence of its own")],
    )
