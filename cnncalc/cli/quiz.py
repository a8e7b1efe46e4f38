"""`cnncalc quiz`: exercises, and how they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import Command
from cnncalc.cli.completion import complete_network, complete_quizzes
from cnncalc.cli.options import Whole, file_option, input_option, source_options
from cnncalc.cli.requests import ending_of, read_choice
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.exercises import Exercise
    from cnncalc.notation.tree import Network

ENDINGS = {".txt": "text", ".md": "markdown", ".tex": "latex", ".toml": "toml"}


def command() -> click.Command:
    """Return the command `cnncalc quiz`."""

    def run(network: str | None, **given: Any) -> None:
        from cnncalc.cli.streams import put
        from cnncalc.homework.quizzes import KINDS, UNKNOWN_KIND, draw_exercises
        from cnncalc.importing.sources import read_input, read_network
        from cnncalc.output.papers import write_paper
        from cnncalc.speech.names import names_in

        choice, volumes = read_choice(given), given.pop("input")
        file, kind = given["output"], given["kind"]
        form = given["format"] or ending_of(file, ENDINGS) or "text"
        kinds = names_in(kind, "--kind", KINDS, "unknown-kind", UNKNOWN_KIND) if kind else []
        if network is None:
            made = list(draw_exercises(given["seed"], given["count"], given["level"], kinds))
        else:
            read = read_network(network, given=read_input(volumes), choice=choice)
            made = _on_own(network, read, given["seed"], given["count"], kinds)
        put([write_paper(made, form, answers=given["answers"])], file)

    return Command(
        "quiz",
        callback=run,
        params=[
            click.Argument(
                ["network"], required=False, metavar="[NETWORK]", shell_complete=complete_network
            ),
            input_option(),
            *source_options(),
            click.Option(
                ["--seed"], metavar="N", type=Whole(0), default=1, help="Choose the exercises."
            ),
            click.Option(
                ["--count"],
                metavar="N",
                type=Whole(1, 100),
                default=5,
                help="Ask so many.",
            ),
            click.Option(
                ["--level"],
                metavar="N",
                type=Whole(1, 3),
                default=1,
                help="Ask easy, harder or hard ones.",
            ),
            click.Option(
                ["--kind"],
                metavar="KINDS",
                help="Ask of these kinds alone: output, params, macs, rf, in-features, memory, "
                "padding, inverse, compare, table.",
                shell_complete=complete_quizzes,
            ),
            click.Option(["--answers"], is_flag=True, help="Add worked answers behind them."),
            click.Option(
                ["--format"],
                type=click.Choice(["text", "markdown", "latex", "toml"]),
                help="Print in this format; toml is the key that check reads.",
            ),
            file_option(ENDINGS),
        ],
        help="Exercises, whose wrong choices are the slips that people make.\n\n"
        "They are about networks that are drawn by chance, or about NETWORK and its rows; the same "
        "seed gives the same sheet. A table is to be filled in: layer, output, parameters.",
        example="cnncalc quiz --seed 7 --count 5 --level 2 --answers",
    )


def _on_own(
    network: str, read: Network, seed: int, count: int, kinds: Sequence[str]
) -> list[Exercise]:
    """Return exercises about a network that is given; refuse one about which there are none."""
    from cnncalc.homework.judge import Judge
    from cnncalc.homework.quizzes import ON_OWN, exercises_on
    from cnncalc.importing.sources import is_outside
    from cnncalc.notation.writer import write

    if any(kind not in ON_OWN for kind in kinds):
        names = ", ".join(ON_OWN)
        fact = _("the kinds that can be asked of a network are {names}", names=names)
        raise click.UsageError(fact)
    judge = Judge(read)
    if judge.fault:
        raise judge.fault
    text = write(read) if is_outside(network) else network
    made = list(exercises_on(text, judge, seed, count, kinds))
    if made:
        return made
    raise Problem(
        "nothing-to-ask",
        _("nothing of these kinds can be asked of this network"),
        [Label(Span(Source("<stack>", network), 0, len(network)))],
        helps=[_("ask for other kinds: {names}", names=", ".join(ON_OWN))],
    )
