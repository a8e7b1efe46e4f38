"""`cnncalc schema`: the JSON schema of what all commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli.command import Command
from cnncalc.cli.options import file_option
from cnncalc.cli.requests import refuse_ending

if TYPE_CHECKING:
    from cnncalc.report.listing import Schema


def schemas() -> dict[str, Schema]:
    """Return the schemas of what commands print, by their names in the schema."""
    from cnncalc.api import curves, fits
    from cnncalc.cli import counts, devices, layers, models, quantities
    from cnncalc.homework import listings
    from cnncalc.report import comparison, fields, lines, stack, unit
    from cnncalc.solving.listings import SOLUTIONS

    return {
        "stack": stack.STACK,
        "lines": lines.LINES,
        "fits": fits.FITS,
        "needs": fits.TARGETS,
        "rf": fields.RF,
        "unit": unit.UNIT,
        "counts": counts.COUNTS,
        "check": listings.VERDICTS,
        "key": listings.KEYS,
        "class": listings.CLASS,
        "compare": comparison.COMPARISON,
        "sweep": curves.SWEEP,
        "solve": SOLUTIONS,
        "layers": layers.all_kinds(),
        "layer": layers.one_kind(),
        "models": models.schema(),
        "model": models.MODEL,
        "quantities": quantities.schema(),
        "devices": devices.schema(),
    }


def command() -> Command:
    """Return the command `cnncalc schema`."""

    def run(output: str | None) -> None:
        import json

        from cnncalc.cli.streams import put
        from cnncalc.output.schema import whole

        refuse_ending(output, ".json")
        put([json.dumps(whole(schemas()), indent=2, ensure_ascii=False)], output)

    return Command(
        "schema",
        callback=run,
        params=[file_option()],
        help="The JSON schema of what all commands print with --json.",
        example="cnncalc schema -o cnncalc.schema.json",
    )
