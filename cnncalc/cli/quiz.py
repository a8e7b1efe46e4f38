"""`cnncalc quiz`: exercises, and how they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import options
from cnncalc.cli.command import Command
from cnncalc.cli.requests import Typed, format_of
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.exercises import Exercise

ENDINGS = {".txt": "text", ".md": "markdown", ".tex": "latex", ".toml": "toml"}


def _run(words: tuple[str, ...], **given: Any) -> None:
    from cnncalc.cli.streams import put, width
    from cnncalc.homework.quizzes import EXERCISES, UNKNOWN_KIND, draw_exercises
    from cnncalc.importing.sources import refuse_choice
    from cnncalc.output.papers import write_paper
    from cnncalc.speech.names import names_in

    typed = Typed.of({**given, "words": words})
    file, kind = given["output"], given["kind"]
    form = format_of(given["format"], file, ENDINGS) or "text"
    if form == "toml" and given["answers"]:
        raise click.UsageError(_("--answers are for people, and a key in toml has them"))
    kinds = names_in(kind, "--kind", EXERCISES, "unknown-kind", UNKNOWN_KIND) if kind else []
    if not words and typed.inputs:
        raise click.UsageError(_("--input is of a network, and none is named"))
    if words and given["level"]:
        raise click.UsageError(_("--level is of networks that are drawn, and one is named"))
    if not words:
        refuse_choice(typed.choice)
        made = list(draw_exercises(given["seed"], given["count"], given["level"] or 1, kinds))
    else:
        made = _on_own(typed, given["seed"], given["count"], kinds)
    cells = max(min(width() or 80, 80), 30) if file is None else 80
    put([write_paper(made, form, answers=given["answers"], width=cells)], file)


def command() -> Command:
    """Return the command `cnncalc quiz`."""
    return Command(
        "quiz",
        callback=_run,
        params=[
            *options.network_parameters("words", "[NETWORK...]", required=False),
            *options.options_of(
                """
                --seed N      Choose the exercises.
                --count N     Ask so many.
                --level N     Ask easy, harder or hard ones.
                --kind KINDS  Ask of these kinds alone: output, params, macs, rf, in-features,
                              memory, padding, inverse, compare, table.
                --answers     Add worked answers behind them.
                --format text|markdown|latex|toml
                              Print in this format; toml is the key that check reads.
                """,
                seed={"type": options.Whole(0), "default": 1},
                count={"type": options.Whole(1, 100), "default": 5},
                level={"type": options.Whole(1, 3)},
            ),
            options.file_option(ENDINGS),
        ],
        help="Exercises, whose wrong choices are the slips that people make.\n\n"
        "They are about networks that are drawn by chance, or about NETWORK and its rows; the same "
        "seed gives the same sheet. A table is to be filled in: layer, output, parameters.",
        example="cnncalc quiz --seed 7 --count 5 --level 2 --answers",
    )


def _on_own(typed: Typed, seed: int, count: int, kinds: Sequence[str]) -> list[Exercise]:
    """Return exercises about a network that is given; refuse one about which there are none."""
    from cnncalc.homework.judge import Judge
    from cnncalc.homework.quizzes import ON_OWN, exercises_on
    from cnncalc.importing.sources import is_outside, read_text
    from cnncalc.kinds.volumes import write_volume
    from cnncalc.notation import library
    from cnncalc.notation.writer import write
    from cnncalc.trace.settings import Settings

    network, given = typed.texts[0], typed.volumes(Settings())
    read, _head = typed.read(Settings())
    if any(kind not in ON_OWN for kind in kinds):
        names = ", ".join(ON_OWN)
        fact = _("the kinds that can be asked of a network are {names}", names=names)
        raise click.UsageError(fact)
    text = network
    if given.head and library.is_name(network) and not is_outside(network):
        text = f"{write_volume(given.head.sizes)} -> {network}"
    elif is_outside(network) or given.head or given.named:
        text = write(read._replace(volume=given.head or read.volume))
    judge = Judge(read_text(text))
    if judge.fault:
        raise judge.fault
    made = list(exercises_on(text, judge, seed, count, kinds))
    if made:
        return made
    raise Problem(
        "nothing-to-ask",
        _("nothing of these kinds can be asked of this network"),
        [Label(Span(Source("<stack>", network), 0, len(network)))],
        helps=[_("ask for other kinds: {names}", names=", ".join(ON_OWN))],
    )
