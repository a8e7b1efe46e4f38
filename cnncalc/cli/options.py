"""The options by which every command prints alike, and what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.numbers.digits import is_digits, read_whole
from cnncalc.output.formats import ENDINGS, FORMATS
from cnncalc.speech.language import LANGUAGES, _
from cnncalc.speech.problem import Source, Span, quoted
from cnncalc.trace.dtypes import BITS

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = ("kind", "label", "size")
"""What rows can be gathered by; `folding` knows how."""


class Whole(click.IntRange):
    """A whole number in a range, in ASCII digits as everywhere."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it; a `Problem` where there are too many digits."""
        if isinstance(value, str):
            digits = value.strip().removeprefix("-")
            if not is_digits(digits):
                self.fail(_("{value} is not a whole number", value=quoted(value)), param, ctx)
            name = param.opts[-1] if param else ""
            span = Span(Source(name, value), 0, len(value))
            value = read_whole(digits, span, status=2) * (-1 if "-" in value else 1)
        least, most = self.min or 0, self.max
        if value < least or (most is not None and value > most):
            fact = _("{value} is less than {least}", value=value, least=least)
            if most is not None:
                fact = _("{value} is not in {least} to {most}", value=value, least=least, most=most)
            self.fail(fact, param, ctx)
        return value


def completes(what: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return what completes a word in `completion`, which nothing else imports."""

    def complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        from cnncalc.cli import completion

        return completion.complete(what, ctx, incomplete)

    return complete


COMPLETED = {
    **dict.fromkeys(("get", "columns", "sort"), "quantities"),
    **dict.fromkeys(("at", "freeze"), "labels"),
    **dict.fromkeys(("min", "max"), "claimed"),
    "accept": "conventions",
    "check": "claims",
    "class": "entries",
    "device": "devices",
    "dtype": "types",
    "explain": "workings",
    "kind": "quizzes",
    "like": "counters",
    "planner": "planners",
}
"""What completes the value of an option, by its name: see `completion`."""

_KEPT = {"class": "class_", "arg": "arguments", "set": "names"}
"""The names that click keeps values under, where they are not those of the options."""


def options_of(text: str, **more: dict[str, Any]) -> list[click.Option]:
    """Return the options of a text, each a line as in help: its name, what it takes, what it does.

    One of several words is taken where | stands between them, and several values with a * behind
    what each is; what takes nothing is a flag. A line that begins with no name goes on with the one
    before it. `more` is what click is told besides of an option, by its name.
    """
    lines: list[str] = []
    for line in map(str.strip, text.strip().splitlines()):
        if line.startswith("--"):
            lines.append(line)
        else:
            lines[-1] += f" {line}" if "  " in lines[-1] else f"  {line}"
    return [_option(line, more) for line in lines]


def _option(line: str, more: dict[str, dict[str, Any]]) -> click.Option:
    """Return the option of a line."""
    head, _blanks, says = line.partition("  ")
    name, _blank, value = head.removeprefix("--").partition(" ")
    takes = value.removesuffix("*")
    how: dict[str, Any] = {"help": says.strip() or None, "metavar": takes or None}
    how["multiple"] = takes != value
    if not takes:
        how["is_flag"] = True
    elif "|" in takes:
        how |= {"type": click.Choice(takes.split("|")), "metavar": None}
    if name in COMPLETED:
        how["shell_complete"] = completes(COMPLETED[name])
    names = [f"--{name}", *([_KEPT[name]] if name in _KEPT else ())]
    return click.Option(names, **{**how, **more.get(name, {})})


def _named(_ctx: click.Context, _option: click.Parameter, file: str | None) -> str | None:
    """Return the file that `-o` names; None for standard output."""
    if file is not None and not file.strip():
        raise click.UsageError(_("-o names no file"))
    return None if file == "-" else file


def file_option(endings: dict[str, str] | None = None) -> click.Option:
    """Return `-o`, whose file's ending may choose a format; `-` is standard output."""
    what = "Write to a file."
    if endings:
        names = ", ".join(endings)
        what = _("Write to a file, in the format of its ending: {names}.", names=names)
    return click.Option(
        ["-o", "--output"],
        callback=_named,
        metavar="FILE",
        help=what,
        shell_complete=completes("files"),
    )


def form_options() -> list[click.Option]:
    """Return the options that say in which format a command prints, and where."""
    formats = ["table", *FORMATS]
    asked = {
        "type": click.Choice(formats),
        "help": _("Print in this format: {names}.", names=", ".join(formats)),
    }
    json, form, raw = options_of(
        """
        --json           Print JSON.
        --format FORMAT
        --raw            In CSV, leave a text that begins with =, +, - or @.
        """,
        format=asked,
    )
    return [json, form, file_option(ENDINGS), raw]


def settings_options(*names: str) -> list[click.Option]:
    """Return the options that say what is asked beside a network: of these settings, or all."""
    from cnncalc.report.options import OPTIONS

    made = []
    for name in (name for name in OPTIONS if not names or name in names):
        takes, says = OPTIONS[name].takes, _(OPTIONS[name].says, names=", ".join(BITS))
        made += options_of(f"--{name.replace('_', '-')} {takes}  {says}")
    return made


def output_options() -> list[click.Option]:
    """Return the output options, for a command's parameters."""
    get, *others = options_of(
        """
        --get NAME       Print one bare number, as params; 'cnncalc quantities' lists them.
        --columns NAMES  Choose columns, with commas between them.
        --check CLAIM*   Check an answer, as params=750.
        --totals         Print the totals alone.
        """
    )
    return [get, *form_options(), explain_option(), *others]


def explain_option() -> click.Option:
    """Return `--explain`; `Command` reads it, so that what follows need not be a quantity."""
    (found,) = options_of(
        "--explain [NAMES]  Show the working, step by step; of these quantities alone, as params."
    )
    return found


def network_parameters(
    name: str = "words",
    metavar: str = "NETWORK...",
    what: str = "network",
    *,
    nargs: int = -1,
    required: bool = True,
) -> list[click.Parameter]:
    """Return the argument of networks, which is completed as `what`, and how they are read.

    That is the volumes that they begin with, and which network of a model's source is meant.
    """
    argument = click.Argument(
        [name], nargs=nargs, required=required, metavar=metavar, shell_complete=completes(what)
    )
    options = options_of(
        """
        --input [NAME=]VOLUME*  Begin with this volume; with a NAME, at that input.
        --class NAME            Of a .py file: the class or function that makes the network.
        --arg VALUE*            Give it an argument, as 10 or depth=40.
        --set NAME=VALUE*       Give a variable of the file a value.
        --train                 Take the model as it is in training.
        """
    )
    return [argument, *options]


HELP_NAMES = ["-h", "--help"]


def help_option() -> click.Option:
    """Return `--help`, which prints the help of its command in place of running it."""

    def show_help(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), color=ctx.color)
            ctx.exit()

    return click.Option(
        HELP_NAMES,
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show_help,
        help="Show this message and exit.",
    )


def language_option() -> click.Option:
    """Return `--lang`, which `main` has read before: faults of the command line speak it too."""
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help="Speak this language; else the locale's.",
    )


def row_options(*names: str) -> list[click.Option]:
    """Return the options that choose the rows of a network: those of these names, or all."""
    found = options_of(
        f"""
        --depth N            Unfold labels and definitions down to this depth.
        --at ROW             Show one row, by its label or number.
        --by {"|".join(KEYS)}  Gather rows by kind of layer, by label, or by size of map.
        """,
        depth={"type": Whole(0)},
    )
    return [each for each in found if not names or each.name in names]


def order_options() -> list[click.Option]:
    """Return the options that put rows in order."""
    return options_of(
        """
        --sort NAME  Show what has most of a quantity first.
        --top N      Show the first N rows alone.
        """,
        top={"type": Whole(1)},
    )
