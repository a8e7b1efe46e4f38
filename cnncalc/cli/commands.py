"""The commands. Each is made when it is called for; a layer's follows from its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.faults import UnknownCommand
from cnncalc.cli.options import (
    Output,
    among,
    complete_models,
    language_option,
    output_options,
    row_options,
)
from cnncalc.cli.screen import width
from cnncalc.layers import KINDS, NAMES, REQUIRED, Kind, Parameter
from cnncalc.problem import Source, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    from cnncalc.network import Given, Network


_HELP: dict[str, Any] = {
    "help_option_names": ["-h", "--help"],
    "terminal_width": max(min(width() or 80, 80), 30),  # click would import shutil to ask
}


class _Commands(click.Group):
    """The commands by name: those of this file, and one for each name of a layer."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the commands that help lists."""
        return [*(kind for kind in _LISTED), *_OWN]

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, made now; None where there is none of this name."""
        lower = name.lower()
        if lower in _OWN:
            return _OWN[lower]()
        kinds = _kinds(lower)
        return _layer_command(lower, kinds) if kinds else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command: every layer has one, by its own name."""
        from click.shell_completion import CompletionItem

        names = {**_OWN_SAYS, **{name: _says(name) for name in _LISTED}}
        names |= {kind.name: kind.says for kind in KINDS.values()}
        items = [
            CompletionItem(name, help=says)
            for name, says in names.items()
            if name.startswith(incomplete.lower())
        ]
        return items or super().shell_complete(ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that a command line names."""
        if args and not args[0].startswith("-") and not self.get_command(ctx, args[0]):
            close = nearest(args[0], [*_OWN, *NAMES])
            raise UnknownCommand(args[0], close, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands: no command is made for it."""
        with formatter.section("Layers"):
            formatter.write_dl([(name, _says(name)) for name in _LISTED])
        with formatter.section("Commands"):
            formatter.write_dl([(name, _OWN_SAYS[name]) for name in _OWN])


class _Command(click.Command):
    """A command that takes an arrow for an argument, and shows its example."""

    def __init__(self, *args: Any, example: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.params.append(language_option())
        self.context_settings = _HELP
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; '->' begins with a dash and is no option."""
        marked = [f"\0{word}" if word.startswith("->") else word for word in args]
        rest = super().parse_args(ctx, marked)
        for name, value in ctx.params.items():
            if isinstance(value, tuple):
                ctx.params[name] = tuple(word.removeprefix("\0") for word in value)
        return rest

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example."""
        with formatter.section("Example"):
            formatter.write(f"  $ {self.example}\n")


# ---------------------------------------------------------------- layers as commands


def _kinds(name: str) -> list[Kind]:
    """Return the kinds that a command serves: one by its name, or those that share a name."""
    shared = [kind for kind in KINDS.values() if kind.command and kind.command[0] == name]
    return shared or ([NAMES[name]] if name in NAMES else [])


_LISTED = list(
    dict.fromkeys(
        kind.command[0] if kind.command else kind.name
        for kind in KINDS.values()
        if kind.listed or kind.command
    )
)


def _says(name: str) -> str:
    """Return the line of help of a layer's command."""
    return (
        "; ".join(kind.says for kind in _kinds(name)[:1])
        if len(_kinds(name)) == 1
        else ("pooling: the largest value or the mean of each window")
    )


def _layer_command(name: str, kinds: list[Kind]) -> click.Command:
    """Return the command of a layer, its flags made from the entries of its kinds."""
    parameters: dict[str, Parameter] = {}
    for kind in kinds:
        for parameter in kind.parameters:
            if parameter.form != "rank":
                parameters.setdefault(parameter.name, parameter)
    options: list[click.Parameter] = [
        click.Argument(["volume"], metavar="VOLUME", required=True),
        *(_flag(parameter) for parameter in parameters.values()),
    ]
    if len(kinds) > 1:
        types = [kind.command[1] for kind in kinds if kind.command]
        options.append(
            click.Option(["--type"], type=click.Choice(types), default=types[0], help="Which one.")
        )

    def run(**given: Any) -> None:
        from cnncalc.notation import parse, parse_volume

        output = Output.of(given)
        wanted = given.pop("type", None)
        chosen = next((k for k in kinds if k.command and k.command[1] == wanted), kinds[0])
        written = chosen.name if len(kinds) > 1 else name
        volume = given.pop("volume")
        parse_volume(Source("<stack>", volume), channels_first=output.channels_first)
        words = [volume, "->", written, *_written(parameters, given)]
        network = parse(Source("<stack>", " ".join(words)), channels_first=output.channels_first)
        _answer(network, output, card=True)

    sample = kinds[0].example.replace(kinds[0].name, name)
    return _Command(
        name,
        callback=run,
        params=[*options, *output_options()],
        help=f"{_says(name)[:1].upper()}{_says(name)[1:]}.\n\n"
        f"The same as 'cnncalc stack \"{sample}\"'.",
        example=_example(name, kinds[0]),
    )


def _flag(parameter: Parameter) -> click.Parameter:
    """Return the flag of a parameter, by its name and by its letter."""
    if parameter.form == "words":
        return click.Argument(["numbers"], nargs=-1, metavar="[NUMBERS]...")
    says = parameter.says[:1].upper() + parameter.says[1:] + "."
    if parameter.form == "flag":
        names = ["--no-bias", "--nobias"] if parameter.name == "nobias" else [f"--{parameter.name}"]
        return click.Option([*names, _dest(parameter)], is_flag=True, help=says)
    names = [f"--{parameter.name}"]
    if parameter.letter:
        names.append(f"--{parameter.letter}")
        if len(parameter.letter) == 1:
            names.append(f"-{parameter.letter}")
    metavar = {"number": "N", "axes": "N[xN...]", "sides": "N[:N][xN...]"}[parameter.form]
    return click.Option(
        [*names, _dest(parameter)],
        required=parameter.default is REQUIRED,
        metavar=metavar,
        help=says,
    )


def _dest(parameter: Parameter) -> str:
    """Return the name that click keeps a flag's value under."""
    return "given_" + parameter.name.replace("-", "_")


def _written(parameters: dict[str, Parameter], given: dict[str, Any]) -> list[str]:
    """Return the flags of a layer's command as words of the notation."""
    from cnncalc.notation import parse_value

    words: list[str] = []
    for parameter in parameters.values():
        if parameter.form == "words":
            words += given["numbers"]
            continue
        value = given[_dest(parameter)]
        if value is None or value is False:
            continue
        if parameter.form == "flag":
            words.append(parameter.name)
            continue
        flag = f"--{parameter.letter or parameter.name}"
        parse_value(Source(flag, value))
        value = value.strip()
        if parameter.place and not parameter.letter:
            words.append(value)
        else:
            words.append(f"{parameter.letter}{'' if value[:1].isdigit() else '='}{value}")
    return words


def _example(name: str, kind: Kind) -> str:
    """Return an entry's example as a command line with flags."""
    from cnncalc.notation import parse

    layer = parse(Source("", kind.example)).sequence.items[0]
    words = [f"cnncalc {name} {kind.example.split(' ')[0]}"]
    for parameter, value in zip(kind.parameters, layer.values, strict=True):  # type: ignore[union-attr]
        if value == parameter.default:
            continue
        if parameter.form == "words":
            words += value
            continue
        sides = value if isinstance(value, tuple) else (value,)
        words.append(f"--{parameter.letter or parameter.name} {'x'.join(map(str, sides))}")
    return " ".join(words)


def _answer(
    network: Network, output: Output, *, card: bool = False, given: Given | None = None
) -> None:
    """Print the report of a network, or the verdicts on claims about it."""
    if output.check:
        from cnncalc.cli.check import leave, run_check

        as_json = output.format == "json"
        status = run_check(
            network,
            output.check,
            given=given,
            channels_first=output.channels_first,
            as_json=as_json,
        )
        leave(status)
        return
    from cnncalc.cli.output import print_report
    from cnncalc.report import Report

    report = Report(
        network,
        given=given,
        strict=output.strict,
        channels_first=output.channels_first,
        keep_rows=not output.totals,
    )
    print_report(report, output, card=card)


# ---------------------------------------------------------------- the other commands


def _stack() -> click.Command:
    def run(words: tuple[str, ...], input: str | None, **given: Any) -> None:  # noqa: A002
        from cnncalc.sources import read_input, read_network

        output = Output.of(given)
        volume = read_input(input, channels_first=output.channels_first)
        network = read_network(" ".join(words), channels_first=output.channels_first)
        _answer(network, output, given=volume)

    return _Command(
        "stack",
        callback=run,
        params=[
            click.Argument(
                ["words"],
                nargs=-1,
                required=True,
                metavar="NETWORK...",
                shell_complete=complete_models,
            ),
            click.Option(["--input"], metavar="VOLUME", help="The volume that comes in."),
            *row_options(),
            *output_options(),
        ],
        help="Every layer of a network, and its totals.\n\n"
        "NETWORK is notation, in quotes or as words with commas; the name of a model; a file, "
        "which ends in .cnn or holds a /; or - for standard input.",
        example='cnncalc stack "32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> fc 10"',
    )


def _check() -> click.Command:
    def run(
        network: str,
        claims: tuple[str, ...],
        input: str | None,  # noqa: A002
        accept: str | None,
        channels_first: bool,
        **given: Any,
    ) -> None:
        from cnncalc.cli.check import accepted, leave, run_check, run_class, run_sheet
        from cnncalc.sources import read_input, read_network

        form = "json" if given["json"] else given["format"] or "table"
        if network.endswith(".toml"):
            if len(claims) > 1:
                raise click.UsageError("a sheet takes one file of answers, or none")
            leave(
                run_class(network, *claims, form=form) if claims else run_sheet(network, form=form)
            )
            return
        if not claims:
            raise click.UsageError("check needs a claim, as in params=760")
        volume = read_input(input, channels_first=channels_first)
        leave(
            run_check(
                read_network(network, channels_first=channels_first),
                claims,
                name=network,
                given=volume,
                channels_first=channels_first,
                accept=accepted(accept),
                as_json=form == "json",
            )
        )

    return _Command(
        "check",
        callback=run,
        params=[
            click.Argument(["network"], metavar="NETWORK", shell_complete=complete_models),
            click.Argument(["claims"], nargs=-1, metavar="CLAIM..."),
            click.Option(["--input"], metavar="VOLUME", help="The volume that comes in."),
            click.Option(["--accept"], metavar="NAMES", help="Conventions that are right as well."),
            click.Option(["--json"], is_flag=True, help="Print JSON."),
            click.Option(
                ["--format"],
                type=click.Choice(["table", "json", "csv"]),
                help="Print in this format; csv is for sheets.",
            ),
            click.Option(["--channels-first"], is_flag=True, help="Volumes are CxHxW."),
        ],
        help="Whether answers are right, and which slip leads to a wrong one.\n\n"
        "A CLAIM is a quantity, a sign (=, ~, <=, >=) and a value: params=760, size=15x15, "
        "conv4_3.rf=92, macs~15.5G, output=none. NETWORK may be a sheet of questions, sheet.toml, "
        "with or without the answers of a class, answers.csv, in place of claims.",
        example='cnncalc check "32x32x3 -> conv 10 k5 p2" output=32x32x10 params=750',
    )


def _compare() -> click.Command:
    def run(networks: tuple[str, ...], input: str | None, **given: Any) -> None:  # noqa: A002
        from cnncalc.cli.comparison import print_comparison

        if len(networks) < 2:
            raise click.UsageError("compare takes two networks or more, a word each")
        form = "json" if given["json"] else given["format"] or "table"
        print_comparison(networks, given=input, channels_first=given["channels_first"], form=form)

    return _Command(
        "compare",
        callback=run,
        params=[
            click.Argument(
                ["networks"],
                nargs=-1,
                required=True,
                metavar="NETWORK NETWORK...",
                shell_complete=complete_models,
            ),
            click.Option(["--input"], metavar="VOLUME", help="The volume that comes in."),
            click.Option(["--json"], is_flag=True, help="Print JSON."),
            click.Option(
                ["--format"], type=click.Choice(["table", "json", "csv"]), help="The format."
            ),
            click.Option(["--channels-first"], is_flag=True, help="Volumes are CxHxW."),
        ],
        help="Networks side by side, each in quotes, a file, or a model's name.",
        example='cnncalc compare "56x56x64 -> [conv 64 k3 p1]*3" "56x56x64 -> conv 64 k7 p3"',
    )


def _solve() -> click.Command:
    def run(network: str, goals: tuple[str, ...], **given: Any) -> None:
        from cnncalc.cli.check import leave
        from cnncalc.cli.solution import print_solutions
        from cnncalc.sources import read_source

        if given["min"] and given["max"]:
            raise click.UsageError("--min and --max ask for different orders")
        leave(
            print_solutions(
                read_source(network),
                goals,
                least=given["min"],
                most=given["max"],
                as_json=given["json"],
            )
        )

    return _Command(
        "solve",
        callback=run,
        params=[
            click.Argument(["network"], metavar="NETWORK"),
            click.Argument(["goals"], nargs=-1, required=True, metavar="GOAL..."),
            click.Option(["--min"], metavar="NAME", help="Order solutions: least of this first."),
            click.Option(["--max"], metavar="NAME", help="Order solutions: most of this first."),
            click.Option(["--json"], is_flag=True, help="Print JSON."),
        ],
        help="The numbers in place of '?' for which claims hold.\n\n"
        "A GOAL is a claim, as check takes it: output=63x63x32, rf>=31. '?n' is the same number "
        "wherever it stands.",
        example='cnncalc solve "63x63x16 -> conv 32 k7 p?" output=63x63x32',
    )


def _quiz() -> click.Command:
    def run(**given: Any) -> None:
        from cnncalc.cli.screen import say
        from cnncalc.quizzes import exercises, write_key, write_text

        made = list(exercises(given["seed"], given["count"], given["level"]))
        if given["format"] == "toml":
            say(write_key(made))
        else:
            is_markdown = given["format"] == "markdown"
            say(write_text(made, answers=given["answers"], markdown=is_markdown))

    return _Command(
        "quiz",
        callback=run,
        params=[
            click.Option(["--seed"], type=int, default=1, help="The same seed, the same sheet."),
            click.Option(
                ["--count"], type=click.IntRange(1, 100), default=5, help="How many exercises."
            ),
            click.Option(["--level"], type=click.IntRange(1, 3), default=1, help="1, 2 or 3."),
            click.Option(["--answers"], is_flag=True, help="With worked answers."),
            click.Option(
                ["--format"],
                type=click.Choice(["text", "markdown", "toml"]),
                default="text",
                help="toml is the key that check reads.",
            ),
        ],
        help="Exercises, whose wrong choices are the slips that people make.",
        example="cnncalc quiz --seed 7 --count 5 --level 2 --answers",
    )


def _layers() -> click.Command:
    def run(name: str | None) -> None:
        from cnncalc.cli.reference import print_kind, print_kinds

        if name is None:
            print_kinds()
        else:
            print_kind(name)

    return _Command(
        "layers",
        callback=run,
        params=[
            click.Argument(
                ["name"], required=False, metavar="[NAME]", shell_complete=among(sorted(NAMES))
            )
        ],
        help="All layers; or the arguments and formulas of one.",
        example="cnncalc layers conv",
    )


def _models() -> click.Command:
    def run(name: str | None) -> None:
        from cnncalc.cli.reference import print_model, print_models

        if name is None:
            print_models()
        else:
            print_model(name)

    return _Command(
        "models",
        callback=run,
        params=[
            click.Argument(
                ["name"], required=False, metavar="[NAME]", shell_complete=complete_models
            )
        ],
        help="All models, computed beside published; or the source of one, to copy and change.",
        example="cnncalc models vgg16",
    )


_OWN: dict[str, Callable[[], click.Command]] = {
    "stack": _stack,
    "check": _check,
    "compare": _compare,
    "solve": _solve,
    "quiz": _quiz,
    "layers": _layers,
    "models": _models,
}

_OWN_SAYS = {
    "stack": "every layer of a network, and its totals",
    "check": "whether answers are right, and which slip leads to a wrong one",
    "compare": "networks side by side",
    "solve": "the numbers in place of '?' for which claims hold",
    "quiz": "exercises, whose wrong choices are the slips that people make",
    "layers": "all layers; or the arguments and formulas of one",
    "models": "all models; or the source of one",
}


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"cnncalc {version('cnncalc')}")
        ctx.exit()


cnncalc = _Commands(
    name="cnncalc",
    help="Shapes, parameters, MACs and receptive fields of convolutional networks.",
    epilog="Every layer has a command; 'cnncalc layers' lists them all.",
    context_settings=_HELP,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="Print the version.",
        ),
        language_option(),
    ],
)
