"""`cnncalc draw`: a network as a figure."""

from __future__ import annotations

from typing import Any

import click

from cnncalc.cli import options
from cnncalc.cli.command import Command
from cnncalc.cli.figures import print_figure
from cnncalc.cli.layer import kinds_of
from cnncalc.cli.requests import FIGURES, Typed, ending_of, read_settings
from cnncalc.drawing.figures import DIRECTIONS, SHADED, STYLES
from cnncalc.drawing.page import read_width
from cnncalc.report.options import SEEN
from cnncalc.report.report import Report
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem


def _run(**asked: Any) -> None:
    if asked["direction"] and asked["style"] not in (None, "blocks"):
        fact = _("--direction is of blocks, and {style} have one", style=asked["style"])
        raise click.UsageError(fact)
    file = asked.pop("output")
    language = ending_of(file, FIGURES, alone=True) or "svg"
    settings = read_settings(asked)
    asked["width"] = None if asked["width"] is None else read_width(asked["width"])
    words, typed = asked["words"], Typed.of(asked)
    try:
        network, given = typed.read(settings)
    except Problem as problem:
        if len(words) > 1 and kinds_of(words[0]):  # a layer, and how it goes over a map
            problem.lines = ([*words, "-o", f"{words[0]}.svg"],)
            problem.fix, problem.also = None, ()
        raise
    print_figure(Report(network, settings, given=given), file, language, **asked)


def command() -> Command:
    """Return the command `cnncalc draw`."""
    styles = "; ".join(f"{name}: {_(says)}" for name, says in STYLES.items())
    return Command(
        "draw",
        callback=_run,
        params=[
            *options.network_parameters(),
            *options.options_of(
                f"""
                --style {"|".join(STYLES)}
                --shade {"|".join(SHADED)}
                    Show where the costs are, by how dark a box is.
                --direction {"|".join(DIRECTIONS)}
                    Draw blocks from top to bottom, or from left to right.
                --width LENGTH
                    Make it no wider than 3.3in, a column of a paper, or 7in, a page of two.
                """,
                style={"help": _("Draw {styles}.", styles=styles)},
            ),
            *options.row_options("depth", "at"),
            *options.settings_options(*SEEN),
            options.file_option(FIGURES),
        ],
        help="A network as a figure, for papers, slides and lectures.\n\n"
        "Written as SVG, to standard output or to a file; as TikZ to one that ends in .tex. Each "
        "shape has its row's figures as its title, which browsers show under the pointer. Korean "
        "in TikZ is compiled by lualatex or xelatex.",
        example="cnncalc draw resnet50 -o resnet50.svg",
    )
