"""The options by which every command prints alike, and what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cnncalc.cli.completion import (
    among,
    complete_claims,
    complete_files,
    complete_labels,
    complete_network,
)
from cnncalc.numbers.digits import is_digits, read_whole
from cnncalc.output.formats import ENDINGS, FORMATS, WORKINGS
from cnncalc.report.ordering import Order
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.language import LANGUAGES, _
from cnncalc.speech.names import names_in
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.trace.counters import COUNTERS, find_counter
from cnncalc.trace.memory import DTYPES
from cnncalc.trace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYS = ("kind", "label", "size")
"""What rows can be gathered by; `folding` knows how."""


class Form(NamedTuple):
    """The format that is asked for, and the file that takes it; None: standard output.

    `raw` is whether cells of CSV are to be left as they are.
    """

    format: str = "table"
    file: str | None = None
    raw: bool = False

    @classmethod
    def of(cls, options: dict[str, Any], default: str = "table") -> Form:
        """Take the options of `form_options` out of a command's options."""
        as_json, chosen, file = (options.pop(name) for name in ("json", "format", "output"))
        if as_json and chosen not in (None, "json"):
            raise click.UsageError(f"--json and --format {chosen} ask for different formats")
        chosen = ("json" if as_json else chosen) or ending_of(file, ENDINGS) or default
        if (raw := options.pop("raw", False)) and chosen != "csv":
            raise click.UsageError("--raw leaves the cells of CSV as they are, and this is no CSV")
        return cls(chosen, file, raw)


class Whole(click.IntRange):
    """A whole number in a range, in ASCII digits as everywhere."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it; a `Problem` where there are too many digits."""
        if isinstance(value, str):
            digits = value.strip().removeprefix("-")
            if not is_digits(digits):
                self.fail(f"{value!r} is not a whole number", param, ctx)
            name = param.opts[-1] if param else ""
            span = Span(Source(name, value), 0, len(value))
            value = read_whole(digits, span, status=2) * (-1 if "-" in value else 1)
        return super().convert(value, param, ctx)


def ending_of(file: str | None, endings: dict[str, str]) -> str | None:
    """Return the format that a file's ending asks for; None for no file."""
    if file is None:
        return None
    ending = _ending(file)
    if ending in endings:
        return endings[ending]
    fact = _("the ending of {name} names no format", name=quoted(file))
    raise _unknown_ending(file, fact, endings, _("or say which with --format"))


def refuse_ending(file: str | None, own: str) -> None:
    """Refuse a file whose ending is that of a format, where a command writes only its own."""
    if file is not None and _ending(file) != own and _ending(file) in ENDINGS:
        fact = _("the ending of {name} is that of another format", name=quoted(file))
        raise _unknown_ending(file, fact, [own])


def _ending(file: str) -> str:
    return file[file.rfind(".") :].lower() if "." in file else ""


def _unknown_ending(file: str, fact: str, endings: Iterable[str], *helps: str) -> Problem:
    return Problem(
        "unknown-ending",
        fact,
        [Label(Span(Source("--output", file), 0, len(file)))],
        helps=[_("end it in {names}", names=", ".join(endings)), *helps],
        status=2,
    )


def file_option(endings: dict[str, str]) -> click.Option:
    """Return `-o`, whose file's ending chooses a format."""
    return click.Option(
        ["-o", "--output"],
        metavar="FILE",
        help=f"Write to a file, in the format of its ending: {', '.join(endings)}.",
        shell_complete=complete_files,
    )


class Output(NamedTuple):
    """What the output options ask for.

    `is_memory`: a batch or a type of values was named; `is_typed`: a type was.
    """

    form: Form
    settings: Settings
    get: str | None
    columns: str | None
    totals: bool
    depth: int | None = None
    at: str | None = None
    by: str | None = None
    check: tuple[str, ...] = ()
    explain: bool = False
    fits: str | None = None
    chart: bool = False
    is_memory: bool = False
    is_typed: bool = False
    order: Order = Order()

    @classmethod
    def of(cls, options: dict[str, Any]) -> Output:
        """Take the output options out of a command's options."""
        asked = options["json"] or options["format"]
        form = Form.of(options)
        get = options.pop("get")
        rows = [name for name in ("depth", "at", "by") if options.get(name) is not None]
        chart = options.pop("chart", False)
        rows += [*["chart"] * chart, *(each for each in ("sort", "top") if options.get(each))]
        order = read_order(options)
        if options["totals"] and (rows or options["explain"]):
            raise click.UsageError(f"--totals shows no rows, and --{(rows or ['explain'])[0]} does")
        explain = options.pop("explain")
        if explain and form.format not in ("table", *WORKINGS):
            raise click.UsageError("--explain is printed as text, markdown or latex")
        if get and (asked or form.format != "table"):
            raise click.UsageError("--get prints one bare number, and takes no format")
        shown = [name for name in rows if name != "at"]
        if get and shown:
            raise click.UsageError(f"--get prints one bare number, and --{shown[0]} shows rows")
        is_batched, is_typed = (options[name] is not None for name in ("batch", "dtype"))
        settings = read_settings(options)
        fits = options.pop("fits", None)
        if fits is not None and is_batched:
            raise click.UsageError("--fits looks for the batch, and --batch gives it")
        shown = [name for name in ("get", "columns", "explain", "check") if options.get(name)]
        if fits is not None and (get or explain or rows or shown):
            raise click.UsageError("--fits prints the largest batches alone")
        return cls(
            form,
            settings,
            get,
            options.pop("columns"),
            options.pop("totals"),
            options.pop("depth", None),
            options.pop("at", None),
            options.pop("by", None),
            options.pop("check"),
            explain,
            fits,
            chart,
            is_batched or is_typed,
            is_typed,
            order,
        )


def form_options() -> list[click.Option]:
    """Return the options that say in which format a command prints, and where."""
    return [
        click.Option(["--json"], is_flag=True, help="Print JSON."),
        click.Option(
            ["--format"],
            type=click.Choice(["table", *FORMATS]),
            metavar="FORMAT",
            help=f"Print in this format: {', '.join(['table', *FORMATS])}.",
        ),
        file_option(ENDINGS),
        click.Option(
            ["--raw"], is_flag=True, help="In CSV, leave a text that begins with =, +, - or @."
        ),
    ]


def read_settings(options: dict[str, Any]) -> Settings:
    """Take the settings out of a command's options: those that it has."""
    like = options.pop("like", None)
    return Settings(
        read_batch(options.pop("batch", None)) or 1,
        options.pop("dtype", None) or "float32",
        options.pop("strict", False),
        None if like is None else find_counter(like),
        options.pop("channels_first", False),
    )


def read_batch(text: str | None) -> int | None:
    """Return the number of inputs that go through at once, if it is given."""
    if text is None:
        return None
    word = text.strip().replace(",", "")
    whole = Span(Source("--batch", text), 0, len(text))
    if is_digits(word) and word.strip("0"):
        return read_whole(word, whole, status=2)
    raise Problem(
        "batch-not-a-number",
        _("a batch is a whole number of inputs, 1 or more"),
        [Label(whole)],
        helps=[_("as in '--batch 32'")],
        status=2,
    )


def memory_options() -> list[click.Option]:
    """Return the options that say what memory is counted for."""
    return [
        click.Option(
            ["--batch"],
            metavar="N",
            help="Count MACs, FLOPs, activations and their memory for N inputs.",
        ),
        click.Option(
            ["--dtype"],
            type=click.Choice(list(DTYPES)),
            metavar="TYPE",
            help=f"Take values of this type, for memory: {', '.join(DTYPES)}.",
        ),
    ]


def output_options() -> list[click.Option]:
    """Return the output options, for a command's parameters."""
    return [
        click.Option(
            ["--get"],
            metavar="NAME",
            help="Print one bare number, as params; 'cnncalc quantities' lists them.",
            shell_complete=among(QUANTITIES),
        ),
        *form_options(),
        click.Option(["--explain"], is_flag=True, help="Show the working, step by step."),
        click.Option(
            ["--columns"],
            metavar="NAMES",
            help="Choose columns, with commas between them.",
            shell_complete=among(QUANTITIES),
        ),
        click.Option(
            ["--check"],
            multiple=True,
            metavar="CLAIM",
            help="Check an answer, as params=750.",
            shell_complete=complete_claims,
        ),
        like_option(),
        click.Option(["--totals"], is_flag=True, help="Print the totals alone."),
        channels_first_option(),
        *memory_options(),
        click.Option(
            ["--strict"], is_flag=True, help="Refuse windows that do not tile, as in CS231n."
        ),
    ]


def network_argument() -> click.Argument:
    """Return a network that is one word."""
    return click.Argument(["network"], metavar="NETWORK", shell_complete=complete_network)


def words_argument() -> click.Argument:
    """Return a network whose words are joined."""
    return click.Argument(
        ["words"],
        nargs=-1,
        required=True,
        metavar="NETWORK...",
        shell_complete=complete_network,
    )


def text_output_option() -> click.Option:
    """Return `-o` of a command that writes a text of its own, in no other format."""
    return click.Option(
        ["-o", "--output"],
        metavar="FILE",
        help="Write to a file.",
        shell_complete=complete_files,
    )


def input_option() -> click.Option:
    """Return `--input`, the volume that a network begins with."""
    return click.Option(["--input"], metavar="VOLUME", help="Begin with this volume.")


def channels_first_option() -> click.Option:
    """Return `--channels-first`, the layout of volumes that are typed and printed."""
    return click.Option(["--channels-first"], is_flag=True, help="Read and print volumes as CxHxW.")


def language_option() -> click.Option:
    """Return `--lang`, which `main` has read before: faults of the command line speak it too."""
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help="Speak this language; else the locale's.",
    )


def like_option() -> click.Option:
    """Return `--like`: the counter that counts, in place of ours."""
    return click.Option(
        ["--like"],
        metavar="COUNTER",
        help="Count as another tool does, as fvcore; 'cnncalc counts' shows all.",
        shell_complete=among(COUNTERS),
    )


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
            shell_complete=complete_labels,
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
            shell_complete=among(QUANTITIES),
        ),
        click.Option(["--top"], type=Whole(1), metavar="N", help="Show the first N rows alone."),
    ]


def read_order(options: dict[str, Any]) -> Order:
    """Take the order of rows out of a command's options."""
    name, top = options.pop("sort", None), options.pop("top", None)
    if name is None:
        return Order(None, top)
    fact = "no quantity is called {name}"
    first, *others = names_in(name, "--sort", QUANTITIES, "unknown-quantity", fact)
    if others:
        raise click.UsageError("--sort takes one quantity")
    return Order(QUANTITIES[first], top)
