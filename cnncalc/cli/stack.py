"""`cnncalc stack`: every layer of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.cli import options
from cnncalc.cli.command import Command, leave
from cnncalc.cli.requests import Output, Typed

if TYPE_CHECKING:
    from cnncalc.notation.tree import Given, Network
    from cnncalc.report.quantity import Quantity


def command(name: str = "stack", lead: Quantity | None = None) -> Command:
    """Return the command `cnncalc stack`, or one that prints a quantity and the same table."""

    def run(**given: Any) -> None:
        typed = Typed.of(given)
        output = Output.of(given)
        network, volume = typed.read(output.settings)
        answer(network, output, given=volume, lead=lead)

    return Command(
        name,
        callback=run,
        params=[
            *options.network_parameters(),
            *options.row_options(),
            *options.order_options(),
            *options.options_of(
                """
                --fits SIZE  Find the largest batches that fit into so much, as 8GiB; or say whether
                             one input does, as ram=256KiB,flash=1MiB.
                --chart      Show where the costs are, as bars.
                """
            ),
            *options.output_options(),
            *options.settings_options(),
        ],
        help="Every layer of a network, and its totals.\n\n"
        "NETWORK is notation, in quotes or as words with commas; the name of a model; a file, "
        "which ends in .cnn, .onnx, .pt2, .keras, .h5, .tflite, .json, .txt, .cfg, .prototxt or "
        ".py, or holds a /; or - for standard input.",
        example=f'cnncalc {name} "32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> fc 10"',
    )


def answer(
    network: Network,
    output: Output,
    *,
    card: bool = False,
    given: Given | None = None,
    lead: Quantity | None = None,
) -> None:
    """Print what is asked of a network: its report, or the verdicts on claims, or what fits.

    What the network has of the `lead` stands above the report's table.
    """
    if output.check:
        from cnncalc.cli.check import run_check

        leave(
            run_check(
                network,
                output.check,
                output.settings,
                given=given,
                form=output.form,
                explain=output.explain,
            )
        )
        return
    if network.lines and (network.lines.misfit or given is None):
        from cnncalc.cli.lines import are_enough, print_lines

        if are_enough(output):
            print_lines(network.lines, output)
            return
    if output.fits is not None:
        from cnncalc.api.fits import Fits, fits_in
        from cnncalc.cli.output import tell

        found = fits_in(network, output.fits, output.settings, given)
        tell(found, output.form)
        leave(int(isinstance(found, Fits) and not found.right))
        return
    from cnncalc.cli.output import print_network

    print_network(network, output, given, card=card, lead=lead)
