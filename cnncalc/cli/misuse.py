"""What a command line cannot ask, or a program not answer, as a problem with its place."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import Misplaced, UnknownCommand
from cnncalc.cli.commands import COMMANDS
from cnncalc.cli.layer import kinds_of
from cnncalc.output.formats import FORMATS
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_EXTRA = r"Got unexpected extra arguments? \((.*)\)"
"""What click says of words that no argument takes."""

_OPTION = r"--[a-z][a-z-]*"
"""How an option is written that a message names."""


def misuse(error: click.UsageError, words: Sequence[str]) -> Problem:
    """Return the problem of a command line that click could not read."""
    ask = _("'{command} --help' lists what it takes", command=_path(error))
    return next(make for kind, make in _MISUSES if isinstance(error, kind))(error, words, ask)


def _path(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx else "cnncalc"


def _unknown_option(error: click.NoSuchOption, words: Sequence[str], ask: str) -> Problem:
    path, option = _path(error), error.option_name
    names = [
        name
        for parameter in (error.ctx.command.params if error.ctx else [])
        for name in (*parameter.opts, *parameter.secondary_opts)
    ]
    other = option.lstrip("-")
    close = None if other in COMMANDS else nearest(option, names)
    fact = _("{command} has no option {option}", command=quoted(path), option=quoted(option))
    helps = meant(close, ask)
    problem = _at_word("unknown-option", fact, option, words, helps, close, ask)
    if other in COMMANDS:
        command = path.rpartition(" ")[2]
        rest = [word for word in words if word != option]
        is_window = other == "draw" and kinds_of(command) and "-o" not in rest
        plain = [other, *(word for word in rest if word != command)]
        problem.lines = (_drawn(rest, command) if is_window else plain,)
        problem.instead = ask
    elif other in ("activation", "act") and kinds_of(words[0]):
        problem.lines = (_activated(words, option, error.ctx),)
    elif words[:1] == ["draw"] and option in _OF_A_FIGURE:
        problem.lines = (_figured(words, option),)
        problem.instead = ask
    elif words[:1] == ["draw"] and kinds_of([*words, ""][1]):
        problem.lines = (_drawn(words[1:], words[1]),)
    return problem


def _activated(words: Sequence[str], option: str, ctx: click.Context | None) -> list[str]:
    """Return the line of a network: the layer of a command, and the activation of an option."""
    command, *left = words
    known = getattr(ctx and ctx.command, "other", {})
    layer, more, activation = [command], [], ""
    while left:
        word = left.pop(0)
        name = word.lstrip("-").replace("_", "-")
        if word == option:
            activation = left.pop(0) if left else ""
        elif word.startswith("--") and name in known:
            is_alone = not left or left[0].startswith("--")
            layer.append(name.replace("-", "_") + ("" if is_alone else f"={left.pop(0)}"))
        elif word.startswith("-"):
            more += [word, *(left.pop(0) for _each in left[:1] if word == "--lang")]
        else:
            layer.append(word)
    volume = layer.pop(1) if len(layer) > 1 else ""
    return ["stack", " -> ".join([volume, " ".join(layer), activation]), *more]


def _drawn(words: Sequence[str], command: str) -> list[str]:
    """Return the line that draws how a layer goes over a map: by its own command."""
    return [*words, "-o", f"{command}.svg"]


_OF_A_FIGURE = ("--format", "--height", "--json")
"""What others ask of a figure: its format is the file's, and its height follows from its width."""


def _figured(words: Sequence[str], option: str) -> list[str]:
    """Return the line that gives what such an option asks for, of a figure or of its rows."""
    place = next(at for at, word in enumerate(words) if word.partition("=")[0] == option)
    before, (_option, sign, value) = [*words[:place]], words[place].partition("=")
    after = [*words[place + 1 :]]
    if not sign and option != "--json":
        value, after = "".join(after[:1]), after[1:]
    if option == "--height":
        return [*before, "--width", value, *after]
    if value in ("tex", "tikz", "latex"):
        return [*before, *after, "-o", "figure.tex"]
    if option == "--json" or value in FORMATS:
        asked = ["--format", value] if value else [option]
        return ["stack", *before[1:], *asked, *after]
    return [*before, *after]


def _unknown_command(error: UnknownCommand, words: Sequence[str], ask: str) -> Problem:
    fact = _("no command is called {name}", name=quoted(error.word))
    helps = meant(error.close, ask)
    problem = _at_word("unknown-command", fact, error.word, words, helps, error.close)
    json = [word for word in words if word == "--json"]
    problem.lines = tuple(
        [*line, *(each for each in json if each not in line)] for line in error.lines
    )
    problem.instead = ask
    return problem


def _argument_missing(error: click.MissingParameter, words: Sequence[str], ask: str) -> Problem:
    param = error.param
    if param is None:
        return _as_click_says(error, words, ask)
    name = param.opts[0]
    if param.param_type_name != "option":
        name = param.make_metavar(error.ctx) if error.ctx else param.name or ""
    says = (getattr(param, "help", None) or _("what to work on")).rstrip(".")
    fact = _(
        "{command} needs {argument}: {what}",
        command=quoted(_path(error)),
        argument=name,
        what=f"{says[:1].lower()}{says[1:]}",
    )
    return _at_word("argument-missing", fact, "", words, ask)


def _misplaced(error: Misplaced, words: Sequence[str], ask: str) -> Problem:
    fact = error.format_message().rstrip(".")
    problem = _at_word("misuse", fact, error.word, words, ask)
    problem.lines = tuple(map(list, error.lines))
    problem.instead = ask
    return problem


def _value_missing(error: click.BadOptionUsage, words: Sequence[str], ask: str) -> Problem:
    word = error.option_name
    return _said(_("{option} needs a value", option=word), word, words, ask)


def _wrong_value(error: click.BadParameter, words: Sequence[str], ask: str) -> Problem:
    param = error.param
    if param is None:
        return _as_click_says(error, words, ask)
    if not isinstance(param.type, click.Choice):
        word = next((opt for opt in param.opts if opt in words), "")
        fact = f"{max(param.opts, key=len)}: {error.message.rstrip('.')}"
        return _said(fact, word, words, ask)
    name, choices = param.opts[0], param.type.choices
    value = next(
        (after for before, after in pairwise(words) if before in param.opts),
        next((w.partition("=")[2] for w in words if w.partition("=")[0] == name), ""),
    )
    close = nearest(value, choices)
    fact = _("{option} is one of {choices}", option=name, choices=", ".join(choices))
    return _at_word("unknown-choice", fact, value, words, meant(close, ask), close, ask)


def _as_click_says(error: click.UsageError, words: Sequence[str], ask: str) -> Problem:
    """Return the problem of what is said in one sentence, at the option that it names."""
    message = error.format_message().rstrip(".")
    named = re.findall(_OPTION, message)
    word = next((name for name in (w.partition("=")[0] for w in words) if name in named), "")
    if extra := re.fullmatch(_EXTRA, message):
        message = _("nothing takes {words} here", words=quoted(extra[1]))
        word = next((each for each in words if extra[1].startswith(each)), "")
    return _said(message, word, words, ask)


def _said(message: str, word: str, words: Sequence[str], ask: str) -> Problem:
    fact = message[:1].lower() + message[1:]
    return _at_word("misuse", fact.replace('"', "'"), word, words, ask)


_MISUSES: tuple[
    tuple[type[click.UsageError], Callable[[Any, Sequence[str], str], Problem]], ...
] = (
    (click.NoSuchOption, _unknown_option),
    (UnknownCommand, _unknown_command),
    (click.MissingParameter, _argument_missing),
    (Misplaced, _misplaced),
    (click.BadOptionUsage, _value_missing),
    (click.BadParameter, _wrong_value),
    (click.UsageError, _as_click_says),
)
"""What click refuses, those first that are others too, and how its problem is made."""


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


def output_not_written(why: str) -> Problem:
    """Return the problem of a standard output that takes nothing, as on a full disk."""
    return Problem(
        "output-not-written",
        _("standard output cannot be written"),
        notes=[why],
        helps=[_("check where it goes: a full disk, or a closed terminal")],
    )


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


def in_archive() -> Problem:
    """Return the problem of an archive that the package runs from, where its folder is wanted."""
    return Problem(
        "library-missing",
        _("cnncalc runs from an archive here, and this needs its folder"),
        helps=[_("unpack it, or install cnncalc with pip")],
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
