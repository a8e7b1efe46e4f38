"""The commands by name: each is made when it is called for, by the file of its name."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

import click

from cnncalc.cli import layer
from cnncalc.cli.command import HELP, Helped, UnknownCommand
from cnncalc.cli.options import language_option
from cnncalc.kinds.table import KINDS, NAMES
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

COMMANDS = {
    "stack": "every layer of a network, and its totals",
    "check": "whether answers are right, and which slip leads to a wrong one",
    "quiz": "exercises, whose wrong choices are the slips that people make",
    "compare": "networks side by side",
    "solve": "the numbers in place of '?' for which claims hold",
    "rf": "receptive fields: their numbers, their pixels, what each pixel weighs",
    "counts": "what other tools print for a network, and why they differ",
    "draw": "a network as a figure, for papers and slides",
    "page": "the calculator as one file for a browser",
    "export": "a network as code: a module for PyTorch",
    "import": "notation from a file: ONNX, Keras, a print, a model's source",
    "quantities": "all quantities: what --get, --columns and claims can name",
    "devices": "all devices: what --device can name, with their peaks and sources",
    "layers": "all layers; or the arguments and formulas of one",
    "models": "all models; or the source of one",
    "schema": "the JSON schema of what all commands print",
}
"""The commands that are no layer: each is a file here with a `command`, and its line of help."""


EXAMPLES = (
    "cnncalc conv 32x32x3 --filters 10 --k 5 --s 1 --p 2",
    'cnncalc stack "32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> fc 10"',
    'cnncalc check "32x32x3 -> conv 10 k5 p2" output=32x32x10 params=760',
)
"""What help begins with: a layer, a network, an answer to be checked."""


_PREFIX = r"(?:(?:torch|tf|keras)\.)*(?:nn|layers|functional|f)\."
"""What code has before the name of a layer."""


class _Commands(Helped, click.Group):
    """The commands by name: those of `COMMANDS`, and one for each name of a layer."""

    narrow = 0  # it has few options, and short ones

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the commands that help lists."""
        return [*layer.LISTED, *COMMANDS]

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, made now; None where there is none of this name."""
        lower = name.lower()
        if "." in lower:
            lower = re.sub(f"^{_PREFIX}", "", lower)
        if lower in COMMANDS:
            made: click.Command = import_module(f"cnncalc.cli.{lower}").command()
            return made
        kinds = layer.kinds_of(lower)
        return layer.command(lower, kinds) if kinds else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command: every layer has one, by its own name."""
        from click.shell_completion import CompletionItem

        from cnncalc.cli.completion import complete_models, complete_sources

        names = {**COMMANDS, **{name: layer.says(name) for name in layer.LISTED}}
        names |= {kind.name: kind.says for kind in KINDS.values()}
        items = [
            CompletionItem(name, help=says)
            for name, says in names.items()
            if name.startswith(incomplete.lower())
        ]
        if incomplete:  # a network in a command's place
            found = [*complete_models(ctx, incomplete)]
            items += map(CompletionItem, [*found, *complete_sources(ctx, incomplete)])
        return items or super().shell_complete(ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that a command line names.

        A network in its place is answered as by `stack`, a quantity as well, its number first.
        """
        is_quantity = args[:1] == ["output"] and any("->" in word for word in args[1:])
        if not args or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        if (named := self.get_command(ctx, args[0])) is not None and not is_quantity:
            return args[0], named, args[1:]
        from cnncalc.cli import stand_ins

        command = stand_ins.command(args[0])
        if command is None:
            close, lines = stand_ins.meant_by(args, [*COMMANDS, *NAMES])
            raise UnknownCommand(args[0], close, ctx, lines)
        return command.name, command, args if command.name == "stack" else args[1:]

    @property
    def examples(self) -> Sequence[str]:
        """An example of each kind of command."""
        return EXAMPLES

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands: no command is made for it."""
        with formatter.section(_("Layers")):
            formatter.write_dl([(name, layer.says(name)) for name in layer.LISTED])
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(says)) for name, says in COMMANDS.items()])


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"cnncalc {version('cnncalc')}")
        ctx.exit()


cnncalc = _Commands(
    name="cnncalc",
    help="Shapes, parameters, MACs and receptive fields of convolutional networks.",
    epilog="Every layer has a command; 'cnncalc layers' lists them all.",
    context_settings=HELP,
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
