"""What a command line cannot ask, or a program not answer, as a problem with its place."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence


_EXTRA = r"Got unexpected extra arguments? \((.*)\)"
"""What click says of words that no argument takes."""

_OPTION = r"--[a-z][a-z-]*"
"""How an option is written that a message names."""


class UnknownCommand(click.UsageError):
    """A command that there is none of, with the name that was probably meant."""

    def __init__(
        self, word: str, close: str | None, ctx: click.Context, lines: Sequence[list[str]] = ()
    ) -> None:
        super().__init__(word, ctx)
        self.lines = lines
        self.word = word
        self.close = close


class Misplaced(click.UsageError):
    """A word that cannot stand where it does, with command lines that may be meant."""

    def __init__(self, message: str, word: str, lines: Sequence[Sequence[str]] = ()) -> None:
        super().__init__(message, click.get_current_context(silent=True))
        self.word = word
        self.lines = lines


def misuse(error: click.UsageError, words: Sequence[str]) -> Problem:
    """Return the problem of a command line that click could not read."""
    context = error.ctx
    path = context.command_path if context else "cnncalc"
    ask = _("'{command} --help' lists what it takes", command=path)
    if isinstance(error, click.NoSuchOption):
        names = [
            name
            for parameter in (context.command.params if context else [])
            for name in (*parameter.opts, *parameter.secondary_opts)
        ]
        from cnncalc.cli.commands import COMMANDS
        from cnncalc.cli.layer import kinds_of

        other = error.option_name.lstrip("-")
        close = None if other in COMMANDS else nearest(error.option_name, names)
        problem = _at_word(
            "unknown-option",
            _(
                "{command} has no option {option}",
                command=quoted(path),
                option=quoted(error.option_name),
            ),
            error.option_name,
            words,
            meant(close, ask),
            close,
            ask,
        )
        if other in COMMANDS:
            command = path.rpartition(" ")[2]
            rest = [word for word in words if word != error.option_name]
            is_window = (
                other == "draw" and kinds_of(command) and "-o" not in rest
            )  # drawn by its own command
            plain = [other, *(word for word in rest if word != command)]
            problem.lines = ([*rest, "-o", f"{command}.svg"] if is_window else plain,)
            problem.instead = ask
        elif words[:1] == ["draw"] and kinds_of([*words, ""][1]):  # how a layer goes over a map
            problem.lines = ([*words[1:], "-o", f"{words[1]}.svg"],)
        return problem
    if isinstance(error, UnknownCommand):
        problem = _at_word(
            "unknown-command",
            _("no command is called {name}", name=quoted(error.word)),
            error.word,
            words,
            meant(error.close, ask),
            error.close,
        )
        json = [word for word in words if word == "--json"]
        problem.lines = tuple(
            [*line, *(each for each in json if each not in line)] for line in error.lines
        )
        problem.instead = ask
        return problem
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = (
            error.param.opts[0]
            if error.param.param_type_name == "option"
            else (error.param.make_metavar(context) if context else error.param.name or "")
        )
        says = (getattr(error.param, "help", None) or _("what to work on")).rstrip(".")
        return _at_word(
            "argument-missing",
            _(
                "{command} needs {argument}: {what}",
                command=quoted(path),
                argument=name,
                what=f"{says[:1].lower()}{says[1:]}",
            ),
            "",
            words,
            ask,
        )
    message = error.format_message().rstrip(".")
    if isinstance(error, Misplaced):
        problem = _at_word("misuse", message, error.word, words, ask)
        problem.lines = tuple(map(list, error.lines))
        problem.instead = ask
        return problem
    named = re.findall(_OPTION, message)
    word = next((name for name in (w.partition("=")[0] for w in words) if name in named), "")
    if isinstance(error, click.BadOptionUsage):
        word = error.option_name
        message = _("{option} needs a value", option=word)
    elif extra := re.fullmatch(_EXTRA, message):
        message = _("nothing takes {words} here", words=quoted(extra[1]))
        word = next((each for each in words if extra[1].startswith(each)), "")
    if isinstance(error, click.BadParameter) and error.param is not None:
        option = max(error.param.opts, key=len)
        message = f"{option}: {error.message.rstrip('.')}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        word = next((opt for opt in error.param.opts if opt in words), "")
        kind = error.param.type
        if isinstance(kind, click.Choice):
            name = error.param.opts[0]
            value = next(
                (after for before, after in pairwise(words) if before in error.param.opts),
                next((w.partition("=")[2] for w in words if w.partition("=")[0] == name), ""),
            )
            close = nearest(value, kind.choices)
            return _at_word(
                "unknown-choice",
                _("{option} is one of {choices}", option=name, choices=", ".join(kind.choices)),
                value,
                words,
                meant(close, ask),
                close,
                ask,
            )
    message = message[:1].lower() + message[1:]
    return _at_word("misuse", message.replace('"', "'"), word, words, ask)


def _at_word(
    code: str,
    message: str,
    word: str,
    words: Sequence[str],
    ask: str,
    right: str | None = None,
    instead: str = "",
) -> Problem:
    """Return a problem of a word of the command line, underlined in it; its end for none."""
    text = "cnncalc"
    place = None
    for each in words:
        start = len(text) + 1
        text += f" {each}"
        if place is None and word and (each == word or each.startswith(f"{word}=")):
            place = (start, start + len(word))
        elif place is None and word and each == f"--format={word}":
            place = (len(text) - len(word), len(text))
    source = Source("<command>", text)
    span = Span(source, *(place or (len(text), len(text))))
    fix = Fix(span, right) if right and place else None
    problem = Problem(code, message, [Label(span)], helps=[ask], fix=fix, status=2)
    problem.instead = instead
    return problem


def too_nested() -> Problem:
    """Return the problem of input nested beyond what can be walked."""
    return Problem(
        "nesting-too-deep",
        _("this stands too deep in itself to be worked out"),
        helps=[_("take an inner part out, as a definition or a sequence of its own")],
    )


def too_much_memory() -> Problem:
    """Return the problem of an answer that the memory does not hold."""
    return Problem(
        "not-enough-memory",
        _("this takes more memory than there is"),
        helps=[_("ask for less: --totals, --get, or a part of the network")],
    )


def internal(error: Exception, words: Sequence[str]) -> Problem:
    """Return the problem of a fault of the program: what it was, where, and how to report it."""
    from traceback import extract_tb

    *_around, last = extract_tb(error.__traceback__)
    what = f"{type(error).__name__} ({last.filename.rpartition('/')[2]}:{last.lineno})"
    problem = _at_word(
        "internal-error",
        _("this is a fault of cnncalc, not of what was typed: {what}", what=what),
        "",
        words,
        _("please report it with this command line, and the files that it names"),
    )
    problem.status = 70
    return problem
