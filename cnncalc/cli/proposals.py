"""What a fault offers, tried: whole command lines that give an answer.

A fix is made in the text that it is about and what comes of it is read and traced; where that has
a fault of its own, with a fix, this is made too. What leads to no answer is not offered.
"""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import TYPE_CHECKING

from cnncalc.cli.layer import kinds_of
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.speech.problem import Fix

MOST_TEXT = 2000  # characters of a text that is tried
MOST_FIXES = 20

_trying = False


def try_out(problem: Problem, words: Sequence[str]) -> list[list[str]]:
    """Return the command lines that a problem of a command line offers, those that work."""
    global _trying  # noqa: PLW0603 - what is tried makes no proposals of its own
    if _trying or not (problem.fix or problem.lines or problem.inputs):
        return []
    _trying = True
    try:
        found = [line for line in problem.lines if _runs(line)]
        for fix in (problem.fix, *problem.also):
            if fix:
                found += [line for line in _mended(fix, words) if line not in found]
        lines = [[*_without(words, "--input"), "--input", volume] for volume in problem.inputs]
        found += [line for line in lines if _runs(line)]
    finally:
        _trying = False
    return [["cnncalc", *line] for line in found]


def _mended(fix: Fix, words: Sequence[str]) -> list[list[str]]:
    """Return the command line with a fix made in it, and those that it then needs.

    Where what comes of it has a warning with a fix, as a slip may lie in it too, both are returned.
    """
    before = fix.span.source
    if before.name == "<command>":
        line = _command_with(fix, words)
        return [line] if line and _runs(line) else []
    is_typed = before.name == "<stack>" or before.name.startswith("--")
    if len(before.text) > MOST_TEXT or not is_typed:
        return []
    channels_first = "--channels-first" in words
    text = _tidy(fix.apply())
    for _ in range(MOST_FIXES):
        fault, *warnings = _faults(text, before.name, words, channels_first=channels_first)
        if fault is None:
            fixes = [each.fix for each in warnings if each and each.fix]
            fixes = [each for each in fixes if each.span.source.text == text]
            texts = [text, *(_tidy(each.apply()) for each in fixes[:1])]
            return [line for text in texts if (line := _with(words, before.text, text))]
        if not fault.fix or fault.fix.span.source.text != text:
            return []
        text = _tidy(fault.fix.apply())
    return []


def _tidy(text: str) -> str:
    """Return a text without the blanks that a fix leaves over."""
    return text if "\n" in text else re.sub(" {2,}", " ", text).strip()


def _faults(
    text: str, name: str, words: Sequence[str], *, channels_first: bool
) -> list[Problem | None]:
    """Return the fault of a network, or of a volume; None where it answers, then its warnings."""
    from cnncalc.importing.sources import read_input, read_network
    from cnncalc.report.report import Report
    from cnncalc.trace.settings import Settings

    try:
        if name != "<stack>":
            read_input(text, channels_first=channels_first)
            return [None]
        given = read_input(_options(words, "--input"), channels_first=channels_first)
        network = read_network(text, given=given, channels_first=channels_first)
        settings = Settings(channels_first=channels_first)
        report = Report(network, settings, given=given.head, keep_rows=False)
    except Problem as problem:
        return [problem]
    return [None, *report.warnings]


def _command_with(fix: Fix, words: Sequence[str]) -> list[str] | None:
    """Return a command line with a fix made in one of its words."""
    place = len("cnncalc") + 1
    for index, word in enumerate(words):
        if place <= fix.span.start <= fix.span.end <= place + len(word):
            start = fix.span.start - place
            right = word[:start] + fix.text + word[start + len(fix.span.text) :]
            return [*words[:index], right, *words[index + 1 :]]
        place += len(word) + 1
    return None


def _options(words: Sequence[str], name: str) -> list[str]:
    """Return the values that a command line gives an option."""
    found = []
    for index, word in enumerate(words):
        if word == name and index + 1 < len(words):
            found.append(words[index + 1])
        elif word.startswith(f"{name}="):
            found.append(word.partition("=")[2])
    return found


def _without(words: Sequence[str], name: str) -> list[str]:
    """Return a command line without an option and its value."""
    found: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        if name not in (word, before) and not word.startswith(f"{name}="):
            found.append(word)
    return found


def _with(words: Sequence[str], before: str, after: str) -> list[str] | None:
    """Return a command line with another text in place of one of its words, or of several."""
    for start in range(1, len(words)):
        for end in range(start + 1, len(words) + 1):
            joined = " ".join(words[start:end])
            if joined.strip() == before.strip():
                return [*words[:start], after, *words[end:]]
            if len(joined.strip()) > len(before):
                break
    if not kinds_of(words[0]):
        return None
    return ["stack", after, *(word for word in words[1:] if word in _PLAIN)]


_PLAIN = ("--json", "--totals", "--channels-first", "--explain", "--strict")


def _runs(line: Sequence[str]) -> bool:
    """Return whether a command line gives an answer; it is run, and prints nothing."""
    from cnncalc.cli.commands import cnncalc

    words = [word for word in line if word not in ("--json", "--explain")]
    with suppress(Exception), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return not cnncalc.main([*words, "--get", "params"], standalone_mode=False)
    return False
