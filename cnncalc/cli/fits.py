"""`--fits`: what fits into a memory, with its working; 1 where the network does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.api.fits import BATCHES, NEEDS, Fits, fits_in
from cnncalc.cli import faults
from cnncalc.cli.command import leave
from cnncalc.cli.output import tell

if TYPE_CHECKING:
    from cnncalc.cli.requests import Output
    from cnncalc.notation.tree import Given, Network


def print_fits(network: Network, output: Output, given: Given | None) -> None:
    """Print the largest batches that fit, or what each part of a memory needs."""
    found = fits_in(network, output.fits or "", output.settings, given)
    faults.warn(found.warnings)
    tell(found, output.form)
    leave(int(isinstance(found, Fits) and not found.right))


def shapes() -> dict[str, Any]:
    """Return the shapes of what it prints as JSON."""
    from cnncalc.output import schema

    head = {"network": schema.TEXT, "dtype": schema.TEXT, **schema.ASKED}
    whole = {"bytes": {"type": "integer"}}
    batches = schema.listed("fits", BATCHES, head={**head, **whole}, optional=schema.ASKED)
    sizes = {"anyOf": [schema.SIZES, {"type": "null"}]}
    flags = dict.fromkeys(("proved", "open"), schema.FLAG)
    largest = {"anyOf": [schema.of({"input": sizes, **flags}), {"type": "null"}]}
    needs = schema.listed(
        "needs",
        NEEDS,
        head={**head, "batch": {"type": "integer"}, "planner": schema.TEXT},
        tail={"right": schema.FLAG, "largest": largest},
        optional=[name for name in schema.ASKED if name != "planner"],
    )
    return {"fits": batches, "needs": needs}
