"""Layers as commands: the flags, the help and the example of each follow from its entry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import Command
from cnncalc.cli.options import options_of, output_options, settings_options
from cnncalc.kinds.table import KINDS, NAMES, REQUIRED, Kind, Parameter
from cnncalc.numbers.digits import is_digits, read_whole
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.notation.tree import Network


def kinds_of(name: str) -> list[Kind]:
    """Return the kinds that a command serves: one by its name, or those that share a name."""
    shared = [kind for kind in KINDS.values() if kind.command and kind.command[0] == name]
    if shared or name in NAMES:
        return shared or [NAMES[name]]
    from cnncalc.notation import vocabulary

    known = None if name.isdigit() else vocabulary.kind_named(name)
    return [NAMES[known]] if known in NAMES else []


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
        _(kinds_of(name)[0].says)
        if len(kinds_of(name)) == 1
        else _("pooling: the largest value or the mean of each window")
    )


def _run(name: str, kinds: Sequence[Kind], parameters: dict[str, Parameter], **given: Any) -> None:
    from cnncalc.cli.requests import Output, read_motion
    from cnncalc.cli.stack import answer
    from cnncalc.notation.parser import parse, parse_volume

    motion = read_motion(given)
    output = Output.of(given)
    wanted = given.pop("type", None)
    chosen = next((k for k in kinds if k.command and k.command[1] == wanted), kinds[0])
    written = name if len(kinds) == 1 and name in NAMES else chosen.name
    first = output.settings.channels_first
    volume, rest = _parted(given.pop("words"), given.pop("input"), parameters, given)
    command = click.get_current_context().command
    try:
        parse_volume(Source("<stack>", volume), channels_first=first)
        words = [volume, "->", written, *_written(chosen, parameters, given), *rest]
        network = parse(Source("<stack>", " ".join(words)), channels_first=first)
        network = _said(network, command)
        if motion.is_asked or output.is_figure:
            from cnncalc.cli.figures import print_motion

            if print_motion(network, output, motion):
                return
        answer(network, output, card=True)
    except Problem as problem:
        if isinstance(command, _LayerCommand):
            from cnncalc.cli.layer_lines import lines_meant

            incoming = command.incoming[1] if command.incoming else ""
            meant = lines_meant([name, *command.typed], volume, incoming, problem.inputs)
            problem.lines = (*problem.lines, *meant)
        raise


def command(name: str, kinds: list[Kind]) -> Command:
    """Return the command of a layer, its flags made from the entries of its kinds."""
    parameters: dict[str, Parameter] = {}
    for kind in kinds:
        for parameter in kind.parameters:
            if parameter.form != "rank":
                parameters.setdefault(parameter.name, parameter)
    taken: list[click.Parameter] = [
        click.Argument(["words"], nargs=-1, metavar="VOLUME [ARGUMENTS]..."),
        *(_flag(each) for each in parameters.values() if each.form != "words"),
        *options_of("--input VOLUME  Begin with this volume."),
    ]
    if len(kinds) > 1:
        types = [kind.command[1] for kind in kinds if kind.command]
        text = f"--type {'|'.join(types)}  Choose which one."
        taken += options_of(text, type={"default": types[0]})

    if kinds[0].windowed:
        taken += options_of(_MOTION)
    sample = kinds[0].example.replace(kinds[0].name, name)
    return _LayerCommand(
        name,
        parameters=parameters,
        callback=partial(_run, name, kinds, parameters),
        params=[*taken, *output_options(), *settings_options(*_SETTINGS)],
        help=f"{says(name)[:1].upper()}{says(name)[1:]}.\n\n"
        + _("The same as 'cnncalc stack \"{sample}\"'.", sample=sample),
        example=lambda: _example(name, kinds[0]),
    )


_MOTION = """
    --still N[,N...]  Draw one step of the window: its number, or the place of what it makes.
    --frames          Draw the steps side by side, for print.
"""
"""The options of how windows are drawn that go over a map."""


class _LayerCommand(Command):
    """A command whose options go by the other names of its layer's arguments too."""

    def __init__(self, *args: Any, parameters: dict[str, Parameter], **more: Any) -> None:
        super().__init__(*args, **more)
        self.other: dict[str, tuple[Parameter, bool]] = {}
        for each in parameters.values():
            for name in (*each.names, *each.opposite):
                self.other.setdefault(name.replace("_", "-"), (each, name in each.opposite))
            if each.name in ("filters", "units"):
                self.other.setdefault("out", (each, False))
        for each in parameters.values():
            self.other[each.name] = (each, False)
            self.other[each.letter or each.name] = (each, False)
        self.incoming: tuple[str, str] | None = None
        self.typed: list[str] = []

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, options by their other names and flags with true or false too."""
        words: list[str] = []
        self.typed, waiting = [*args], _with_filters(args) if "filters" in self.other else [*args]
        while waiting:
            word = waiting.pop(0)
            name, equals, value = word.lstrip("-").partition("=")
            name = name.replace("_", "-").lower() if word.startswith("--") else name
            if name == "size" and self.other.get("factor") and word.startswith("--"):
                raise self._size_of_two(args, value or (waiting or [""])[0])
            if name in _INCOMING and word.startswith("--"):
                self.incoming = name.replace("-", "_"), value or (waiting or [""]).pop(0)
                continue
            found = self.other.get(name) or self._denied(name) or self._spoken(name)
            is_name = word.startswith("--") or (word[:1] == "-" and len(name) == 1)
            if not is_name or found is None:
                words.append(word)
                continue
            parameter, denied = found
            if parameter.form != "flag":
                words.append(f"--{parameter.letter or parameter.name}{equals}{value}")
                continue
            if not equals and waiting and waiting[0].lower() in ("true", "false", "1", "0"):
                value = waiting.pop(0)
            if parameter.words and value.lower() in parameter.words:
                words.append(f"--{value.lower()}")
            elif (value.lower() not in ("false", "0")) != denied:
                words.append(f"--{parameter.name}")
        return super().parse_args(ctx, words)

    def _size_of_two(self, args: list[str], value: str) -> Problem:
        """Return the problem of --size: the factor in Keras, the size of the output in PyTorch."""
        text = " ".join(["cnncalc", self.name or "", *args])
        start = text.index("--size")
        problem = Problem(
            "name-of-two",
            _("'size' is the factor in Keras, and the size of the output in PyTorch"),
            [Label(Span(Source("<command>", text), start, start + len("--size")))],
            helps=[_("write '{text}' or '{other}'", text=f"--factor {value}", other="resize")],
            status=2,
        )
        rest = [word for word in args if word != "--size"]
        rest = [word for word in rest if not word.startswith("--size=")]
        place = rest.index(value) if value in rest else len(rest)
        rest = [*rest[:place], *rest[place + 1 :]]
        problem.lines = (["upsample", *rest, "--factor", value], ["resize", *rest, "--size", value])
        return problem

    def _denied(self, name: str) -> tuple[Parameter, bool] | None:
        """Return the flag that a name denies: `without-bias`."""
        flag = name.removeprefix("without-").removeprefix("no-")
        parameter, denied = self.other.get(flag, (None, False))
        if parameter is None or flag == name or parameter.form != "flag":
            return None
        return parameter, not denied

    def _spoken(self, name: str) -> tuple[Parameter, bool] | None:
        """Return the parameter that a name is another language's word for: 필터."""
        if name.isascii():
            return None
        from cnncalc.speech.language import words_for

        return next((self.other[word] for word in words_for(name) if word in self.other), None)


def _with_filters(args: Sequence[str]) -> list[str]:
    """Return words with -f as filters where -k is the kernel: alone it is the size of one."""
    if not {"-k", "--k", "--kernel"} & {*args}:
        return [*args]
    return ["--filters" if word in ("-f", "--f") else word for word in args]


_SETTINGS = ("like", "batch", "dtype", "planner", "device", "strict", "channels_first")
"""What is asked beside one layer: there is no norm to fold, and no part to freeze."""

_INCOMING = frozenset(("in-channels", "in-features", "num-features", "cin", "nin", "in"))
"""Names for the channels that come in: what says so is held to what does."""


def _said(network: Network, command: click.Command) -> Network:
    """Return a layer's network with what its command says of the channels that come in."""
    if not isinstance(command, _LayerCommand) or command.incoming is None:
        return network
    from cnncalc.notation.tree import Said

    name, value = command.incoming
    if not is_digits(value):
        raise click.BadOptionUsage(name, f"--{name} is a whole number")
    item = network.sequence.items[0]
    said = Said(name, read_whole(value, item.span, status=2), item.span)
    return network._replace(said={item.span.start: said})


def _parted(
    words: tuple[str, ...],
    given_volume: str | None,
    parameters: dict[str, Parameter],
    given: dict[str, Any],
) -> tuple[str, tuple[str, ...]]:
    """Return the volume among the words, and what is left: numbers and options in notation.

    `32 32 3` is a volume of three numbers, less those that arguments need.
    """
    if given_volume is None and words and words[0].lower().startswith("input="):
        given_volume, words = words[0].partition("=")[2], words[1:]
    command = click.get_current_context().command
    incoming = command.incoming if isinstance(command, _LayerCommand) else None
    if given_volume is None and not words and incoming and incoming[0].endswith(("features", "in")):
        given_volume = incoming[1]
    if given_volume is not None:
        return given_volume, words
    if not words:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    bare = next((i for i, word in enumerate(words) if not word.isdigit()), len(words))
    needed = sum(
        parameter.default is REQUIRED and not given.get(_dest(parameter))
        for parameter in parameters.values()
        if parameter.form != "words"
    )
    sizes = max(bare - needed, 1)
    return "x".join(words[:sizes]), words[sizes:]


def _flag(parameter: Parameter) -> click.Parameter:
    """Return the flag of a parameter, by its name and by its letter."""
    words = _(parameter.says)
    says = words[:1].upper() + words[1:] + "."
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
        [*names, _dest(parameter)], metavar=metavars.get(parameter.form, "N"), help=says
    )


def _dest(parameter: Parameter) -> str:
    """Return the name that click keeps a flag's value under."""
    return "given_" + parameter.name.replace("-", "_")


def _written(kind: Kind, parameters: dict[str, Parameter], given: dict[str, Any]) -> list[str]:
    """Return the flags of a layer's command as words of the notation."""
    from cnncalc.notation.arguments import word_value
    from cnncalc.notation.parser import parse_value

    words: list[str] = []
    for parameter in parameters.values():
        if parameter.form == "words":
            continue
        value = given[_dest(parameter)]
        if value is None or value is False:
            continue
        if parameter.form == "flag":
            words.append(parameter.name)
            continue
        flag = f"--{parameter.letter or parameter.name}"
        if not word_value(kind, parameter.name, value.strip()):
            parse_value(Source(flag, value))
        value = f"({value})" if "," in value and "(" not in value else value.strip()
        if parameter.place and not parameter.letter and parameter == kind.places[0]:
            words.insert(0, value)
        else:
            sign = "" if parameter.letter and value[:1].isdigit() else "="
            words.append(f"{parameter.letter or parameter.name}{sign}{value}")
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
