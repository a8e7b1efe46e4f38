"""What a fault offers, tried: whole command lines that give an answer."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

import click

from cnncalc.cli.layer import kinds_of
from cnncalc.cli.streams import without_files
from cnncalc.report.trials import Outcome, apply, mended
from cnncalc.solving.cures import add_cures
from cnncalc.speech.problem import Offer, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.speech.problem import Fix, Source


def try_out(problem: Problem, words: Sequence[str]) -> Offer:
    """Return the command lines that a problem of a command line offers, those that work."""
    add_cures(problem)
    found = [line for line in problem.lines if _runs(line)]
    lines, stands = _mended(problem, words)
    found += [line for line in lines if line not in found]
    typed = _without(words, "--input")
    if _names_sheet(words) and problem.fix:
        typed = ["stack", problem.fix.span.source.text]
    lines = [[*typed, "--input", volume] for volume in problem.inputs]
    if problem.changes:
        lines.append([*words])
    for name, value in problem.changes.items():
        lines[-1] = [*_without(lines[-1], name), *((name, value) if value else ())]
    found += [line for line in lines if _runs(line)]
    return Offer([["cnncalc", *line] for line in found], stands)


def _mended(problem: Problem, words: Sequence[str]) -> tuple[list[list[str]], bool]:
    """Return the command line with a fix made in it, and those that it then needs.

    Also return whether the first help may stand, where there is no such line.
    """
    fixes = [fix.span.source for fix in (problem.fix, *problem.also) if fix]
    sources = dict.fromkeys(fixes or [label.span.source for label in problem.labels[:1]])
    lines: list[list[str]] = []
    stands = True
    for source in sources:
        if source.name == "<command>":
            more, holds = _commands_with(problem.fix, words) if problem.fix else ([], True)
        elif source.name in ("<stack>", "<stdin>", "--input", *_plain(words)):
            more, holds = _texts_with(problem, source, words)
        elif problem.fix:
            line = _with(words, source.text, apply(problem.fix))
            works = line is not None and _runs(line)
            more, holds = [line] if line and works else [], line is None or works
        else:
            more, holds = [], True
        lines += more
        stands = stands and holds
    return lines, stands or bool(lines)


def _texts_with(
    problem: Problem, source: Source, words: Sequence[str]
) -> tuple[list[list[str]], bool]:
    """Return the command line with a fix made in a network, or in the volume of --input."""
    first = "--channels-first" in words
    found = mended(
        problem, source, lambda text: _answer(text, source.name, words, channels_first=first)
    )
    typed = source.text if source.name in ("<stack>", "--input") else source.name
    lines = [_with(words, typed, text) for text in found.texts]
    return [line for line in lines if line], found.stands


def _answer(text: str, name: str, words: Sequence[str], *, channels_first: bool) -> Outcome:
    """Return what a network, or a volume, comes to."""
    from cnncalc.importing.files import Choice
    from cnncalc.importing.sources import is_outside, read_input, read_network, read_text
    from cnncalc.report.report import Report
    from cnncalc.speech.budget import TRIAL
    from cnncalc.trace.settings import Settings

    try:
        typed = _options(words, "--input")
        if name == "--input":
            typed, text = [text], _network(words) or ""
        given = read_input(typed, channels_first=channels_first)
        if name == "--input" and not text:
            return Outcome(None)
        if is_outside(text):
            names = ("--class", "--arg", "--set")
            (name, *_more), *others = ((*_options(words, each), "") for each in names)
            arguments, variables = (each[:-1] for each in others)
            choice = Choice(name, arguments, variables, "--train" in words)
            network = read_network(text, given=given, channels_first=channels_first, choice=choice)
        else:
            network = given.put_in(read_text(text, channels_first=channels_first))
        settings = Settings(channels_first=channels_first, budget=TRIAL)
        report = Report(network, settings, given=given.head, keep_rows=False)
    except Problem as problem:
        return Outcome(problem)
    return Outcome(None, tuple(report.warnings))


def _commands_with(fix: Fix, words: Sequence[str]) -> tuple[list[list[str]], bool]:
    """Return a command line with a fix made in one of its words, if it works.

    A name that takes the place of an option holds where the fault that is left is another's.
    """
    place = len("cnncalc") + 1
    for index, word in enumerate(words):
        if place <= fix.span.start <= fix.span.end <= place + len(word):
            start = fix.span.start - place
            right = word[:start] + fix.text + word[start + len(fix.span.text) :]
            line = [*words[:index], right, *words[index + 1 :]]
            if _runs(line):
                return [line], True
            return [], len(line) == 1 or (index > 0 and _is_read(line))
        place += len(word) + 1
    return [], True


def _is_read(line: Sequence[str]) -> bool:
    """Return whether a command line names options that there are, whatever else is wrong."""
    return not isinstance(_fault_of(line), click.NoSuchOption | click.BadParameter)


def _fault_of(line: Sequence[str]) -> Exception | None:
    """Run a command line, which prints and writes nothing; return what is wrong, if anything is."""
    from cnncalc.cli.commands import cnncalc

    nothing = io.StringIO()
    try:
        with redirect_stdout(nothing), redirect_stderr(nothing), without_files():
            cnncalc.main([*line], standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return error
    return None  # a claim may be wrong: that is an answer


def _plain(words: Sequence[str]) -> list[str]:
    """Return the words of a command line that are no options."""
    return [word for word in words if not word.startswith("-")]


def _network(words: Sequence[str]) -> str | None:
    """Return the network of a command line whose other words are options; None without one."""
    found: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        if not word.startswith("--") and before != "--input":
            found.append(word)
    return found[1] if len(found) == 2 else None


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
    """Return a command line with another text in place of one of its words, or of several.

    That of a layer's command is answered by it where it is shown in a way of its own, else by
    `stack`, and so is that of a sheet.
    """
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            joined = " ".join(words[start:end])
            if joined.strip() == before.strip():
                return [*words[:start], after, *words[end:]]
            if len(joined.strip()) > len(before):
                break
    if not words or not (_names_sheet(words) or kinds_of(words[0])):
        flags = [word for word in words if word in _PLAIN]  # among the words of a network
        rest = [word for word in words if word not in _PLAIN]
        line = _with(rest, before, after) if flags else None
        return [*line, *flags] if line else None
    shown = _shown(words)
    one = re.fullmatch(r"\s*(\S+)\s*->\s*([a-z0-9]+)\s?([^>\[|{]*)", after)
    if shown and one and one[2] == words[0]:
        return [one[2], one[1], *one[3].split(), *shown]
    return ["stack", after, *(word for word in words[1:] if word in _PLAIN)]


def _shown(words: Sequence[str]) -> list[str]:
    """Return the options of a layer's command by which it is a file or a picture."""
    found: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        name = word.partition("=")[0]
        if name in _DRAWN or (before in _DRAWN[1:] and "=" not in before):
            found.append(word)
    return found


_DRAWN = ("--frames", "--still", "-o", "--output", "--format")


def _names_sheet(words: Sequence[str]) -> bool:
    """Return whether a command line marks a sheet, whose networks are not typed in it."""
    return words[:1] == ["check"] and any(word.endswith(".toml") for word in words)


_PLAIN = ("--json", "--totals", "--channels-first", "--explain", "--strict")


def _runs(line: Sequence[str]) -> bool:
    """Return whether a command line gives an answer."""
    words = [word for word in line if word not in ("--json", "--explain")]
    is_written = any(word.startswith(("-o", "--output")) for word in words)
    if not (is_written or {"--get", "--frames", "--still"} & {*words}) and (
        words[0] == "stack" or kinds_of(words[0])
    ):
        words = [*_without(words, "--format"), "--get", "params"]
    return _fault_of(words) is None
