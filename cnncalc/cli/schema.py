"""`cnncalc schema`: the JSON schema of what all commands print."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cnncalc.cli.command import Command
from cnncalc.cli.options import text_output_option
from cnncalc.cli.requests import refuse_ending

if TYPE_CHECKING:
    import click


def shapes() -> dict[str, object]:
    """Return the shapes of what commands print, by name: each command's file says its own."""
    from cnncalc.cli.commands import COMMANDS

    found: dict[str, object] = {}
    for name in COMMANDS:
        module = import_module(f"cnncalc.cli.{name}")
        if hasattr(module, "shapes") and name != "schema":
            found |= module.shapes()
    return found


def command() -> click.Command:
    """Return the command `cnncalc schema`."""

    def run(output: str | None) -> None:
        import json

        from cnncalc.cli.streams import put
        from cnncalc.output.schema import whole

        refuse_ending(output, ".json")
        put([json.dumps(whole(shapes()), indent=2, ensure_ascii=False)], output)

    return Command(
        "schema",
        callback=run,
        params=[text_output_option()],
        help="The JSON schema of what all commands print with --json.",
        example="cnncalc schema -o cnncalc.schema.json",
    )
