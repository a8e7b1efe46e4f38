"""Layers as commands: the flags, the help and the example of each follow from its entry."""

from __future__ import annotations

from typing import Any

import click

from cnncalc.cli.command import Command
from cnncalc.cli.options import Output, output_options
from cnncalc.kinds.table import KINDS, NAMES, REQUIRED, Kind, Parameter
from cnncalc.speech.problem import Source


def kinds_of(name: str) -> list[Kind]:
    """Return the kinds that a command serves: one by its name, or those that share a name."""
    shared = [kind for kind in KINDS.values() if kind.command and kind.command[0] == name]
    return shared or ([NAMES[name]] if name in NAMES else [])


LISTED = list(
    dict.fromkeys(
        kind.command[0] if kind.command else kind.name
        for kind in KINDS.values()
        if kind.listed or kind.command
    )
)


def says(name: str) -> str:
    """Return the line of help of a layer's command."""
    return (
        "; ".join(kind.says for kind in kinds_of(name)[:1])
        if len(kinds_of(name)) == 1
        else ("pooling: the largest value or the mean of each window")
    )


def command(name: str, kinds: list[Kind]) -> click.Command:
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
            click.Option(
                ["--type"], type=click.Choice(types), default=types[0], help="Choose which one."
            )
        )

    def run(**given: Any) -> None:
        from cnncalc.cli.output import answer
        from cnncalc.notation.parser import parse, parse_volume

        output = Output.of(given)
        wanted = given.pop("type", None)
        chosen = next((k for k in kinds if k.command and k.command[1] == wanted), kinds[0])
        written = chosen.name if len(kinds) > 1 else name
        volume = given.pop("volume")
        parse_volume(Source("<stack>", volume), channels_first=output.settings.channels_first)
        words = [volume, "->", written, *_written(parameters, given)]
        network = parse(
            Source("<stack>", " ".join(words)), channels_first=output.settings.channels_first
        )
        answer(network, output, card=True)

    sample = kinds[0].example.replace(kinds[0].name, name)
    return Command(
        name,
        callback=run,
        params=[*options, *output_options()],
        help=f"{says(name)[:1].upper()}{says(name)[1:]}.\n\n"
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
    if parameter.letter not in ("", parameter.name):
        names.append(f"--{parameter.letter}")
        if len(parameter.letter) == 1:
            names.append(f"-{parameter.letter}")
    metavars = {"axes": "N[xN...]", "sides": "N[:N][xN...]", "volume": "NxN..."}
    return click.Option(
        [*names, _dest(parameter)],
        required=parameter.default is REQUIRED,
        metavar=metavars.get(parameter.form, "N"),
        help=says,
    )


def _dest(parameter: Parameter) -> str:
    """Return the name that click keeps a flag's value under."""
    return "given_" + parameter.name.replace("-", "_")


def _written(parameters: dict[str, Parameter], given: dict[str, Any]) -> list[str]:
    """Return the flags of a layer's command as words of the notation."""
    from cnncalc.notation.parser import parse_value

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
    from cnncalc.notation.parser import parse

    layer = parse(Source("", kind.example)).sequence.items[0]
    *sizes, channels = kind.example.split(" ")[0].split("x")
    if rank := kind.names.get(name, {}).get("rank"):
        sizes = sizes[:1] * rank
    words = [f"cnncalc {name} {'x'.join([*sizes, channels])}"]
    for parameter, value in zip(kind.parameters, layer.values, strict=True):  # type: ignore[union-attr]
        if value == parameter.default:
            continue
        if parameter.form == "words":
            words += value
            continue
        sides = value if isinstance(value, tuple) else (value,)
        words.append(f"--{parameter.letter or parameter.name} {'x'.join(map(str, sides))}")
    return " ".join(words)
