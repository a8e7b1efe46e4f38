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

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        from cnncalc.cli import completion

        return completion.complete(what, ctx, parameter, incomplete)

    return complete


def _named(_ctx: click.Context, _option: click.Parameter, file: str | None) -> str | None:
    """Return the file that `-o` names; None for standard output."""
    if file is not None and not file.strip():
        raise click.UsageError(_("-o names no file"))
    return None if file == "-" else file


def file_option(endings: dict[str, str]) -> click.Option:
    """Return `-o`, whose file's ending chooses a format; `-` is standard output."""
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
    return [
        click.Option(["--json"], is_flag=True, help="Print JSON."),
        click.Option(
            ["--format"],
            type=click.Choice(["table", *FORMATS]),
            metavar="FORMAT",
            help=_("Print in this format: {names}.", names=", ".join(["table", *FORMATS])),
        ),
        file_option(ENDINGS),
        click.Option(
            ["--raw"], is_flag=True, help="In CSV, leave a text that begins with =, +, - or @."
        ),
    ]


def settings_options(*names: str) -> list[click.Option]:
    """Return the options that say what is asked beside a network: those of these names, or all."""
    options = [
        click.Option(
            ["--like"],
            metavar="COUNTER",
            help="Count params, MACs and FLOPs as another tool does, as fvcore; 'cnncalc counts' "
            "shows all.",
            shell_complete=completes("counters"),
        ),
        click.Option(
            ["--batch"],
            metavar="N",
            help="Count MACs, FLOPs, activations and their memory for N inputs.",
        ),
        click.Option(
            ["--dtype"],
            metavar="TYPE",
            help=_(
                "Take values of this type, for memory: {names}; or of two, as "
                "weights=int4,activations=int8.",
                names=", ".join(BITS),
            ),
            shell_complete=completes("types"),
        ),
        click.Option(
            ["--planner"],
            metavar="NAME",
            help="Plan the memory of a pass as another does: inplace-add, inplace-depthwise, "
            "inplace-both or tflm.",
            shell_complete=completes("planners"),
        ),
        click.Option(
            ["--device"],
            metavar="NAME",
            help="Show the least time on a device, layers one by one, as t4; 'cnncalc devices' "
            "lists them.",
            shell_complete=completes("devices"),
        ),
        click.Option(
            ["--fold"], is_flag=True, help="Count batch norms folded into the convs before them."
        ),
        click.Option(
            ["--freeze"],
            multiple=True,
            metavar="NAME",
            help="Do not train a label's or a block's layers, for trainable and training.",
            shell_complete=completes("labels"),
        ),
        click.Option(
            ["--strict"], is_flag=True, help="Refuse windows that do not tile, as in CS231n."
        ),
        click.Option(["--channels-first"], is_flag=True, help="Read and print volumes as CxHxW."),
    ]
    return [each for each in options if not names or each.opts[0][2:] in names]


def output_options() -> list[click.Option]:
    """Return the output options, for a command's parameters."""
    return [
        click.Option(
            ["--get"],
            metavar="NAME",
            help="Print one bare number, as params; 'cnncalc quantities' lists them.",
            shell_complete=completes("quantities"),
        ),
        *form_options(),
        explain_option(),
        click.Option(
            ["--columns"],
            metavar="NAMES",
            help="Choose columns, with commas between them.",
            shell_complete=completes("quantities"),
        ),
        click.Option(
            ["--check"],
            multiple=True,
            metavar="CLAIM",
            help="Check an answer, as params=750.",
            shell_complete=completes("claims"),
        ),
        click.Option(["--totals"], is_flag=True, help="Print the totals alone."),
    ]


def explain_option() -> click.Option:
    """Return `--explain`; `Command` reads it, so that what follows need not be a quantity."""
    return click.Option(
        ["--explain"],
        metavar="[NAMES]",
        help="Show the working, step by step; of these quantities alone, as params.",
        shell_complete=completes("workings"),
    )


def network_argument() -> click.Argument:
    """Return a network that is one word."""
    return click.Argument(["network"], metavar="NETWORK", shell_complete=completes("network"))


def words_argument() -> click.Argument:
    """Return a network whose words are joined."""
    return click.Argument(
        ["words"],
        nargs=-1,
        required=True,
        metavar="NETWORK...",
        shell_complete=completes("network"),
    )


def text_output_option() -> click.Option:
    """Return `-o` of a command that writes a text of its own, in no other format."""
    return file_option({})


def input_option() -> click.Option:
    """Return `--input`, the volumes that a network begins with."""
    return click.Option(
        ["--input"],
        multiple=True,
        metavar="[NAME=]VOLUME",
        help="Begin with this volume; with a NAME, at that input.",
    )


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


def source_options() -> list[click.Option]:
    """Return the options that say which network of a model's source is meant."""
    return [
        click.Option(
            ["--class", "class_"],
            metavar="NAME",
            help="Of a .py file: the class or function that makes the network.",
            shell_complete=completes("entries"),
        ),
        click.Option(
            ["--arg", "arguments"],
            multiple=True,
            metavar="VALUE",
            help="Give it an argument, as 10 or depth=40.",
        ),
        click.Option(
            ["--set", "names"],
            multiple=True,
            metavar="NAME=VALUE",
            help="Give a variable of the file a value.",
        ),
        click.Option(["--train"], is_flag=True, help="Take the model as it is in training."),
    ]


def row_options() -> list[click.Option]:
    """Return the options that choose the rows of a network."""
    return [
        click.Option(
            ["--depth"],
            type=Whole(0),
            metavar="N",
            help="Unfold labels and definitions down to this depth.",
        ),
        click.Option(
            ["--at"],
            metavar="ROW",
            help="Show one row, by its label or number.",
            shell_complete=completes("labels"),
        ),
        click.Option(
            ["--by"],
            type=click.Choice(KEYS),
            help="Gather rows by kind of layer, by label, or by size of map.",
        ),
    ]


def order_options() -> list[click.Option]:
    """Return the options that put rows in order."""
    return [
        click.Option(
            ["--sort"],
            metavar="NAME",
            help="Show what has most of a quantity first.",
            shell_complete=completes("quantities"),
        ),
        click.Option(["--top"], type=Whole(1), metavar="N", help="Show the first N rows alone."),
    ]
