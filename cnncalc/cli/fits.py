"""`--fits`: what fits into a memory, with its working; 1 where the network does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.api.fits import Fits, fits_in
from cnncalc.cli.command import leave
from cnncalc.cli.output import tell

if TYPE_CHECKING:
    from cnncalc.cli.requests import Output
    from cnncalc.notation.tree import Given, Network


def print_fits(network: Network, output: Output, given: Given | None) -> None:
    """Print the largest batches that fit, or what each part of a memory needs."""
    found = fits_in(network, output.fits or "", output.settings, given)
    tell(found, output.form)
    leave(int(isinstance(found, Fits) and not found.right))
