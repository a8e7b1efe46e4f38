"""`cnncalc quiz`: exercises, and how they are printed."""

from __future__ import annotations

from typing import Any

import click

from cnncalc.cli.command import Command
from cnncalc.cli.options import Whole, file_option
from cnncalc.cli.requests import ending_of

ENDINGS = {".txt": "text", ".md": "markdown", ".toml": "toml"}


def command() -> click.Command:
    """Return the command `cnncalc quiz`."""

    def run(**given: Any) -> None:
        from cnncalc.cli.streams import put
        from cnncalc.homework.quizzes import exercises, write_key, write_text

        made = list(exercises(given["seed"], given["count"], given["level"]))
        file = given["output"]
        form = given["format"] or ending_of(file, ENDINGS) or "text"
        if form == "toml":
            text = write_key(made)
        else:
            text = write_text(made, answers=given["answers"], markdown=form == "markdown")
        put([text], file)

    return Command(
        "quiz",
        callback=run,
        params=[
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
            click.Option(["--answers"], is_flag=True, help="Add worked answers."),
            click.Option(
                ["--format"],
                type=click.Choice(["text", "markdown", "toml"]),
                help="Print in this format; toml is the key that check reads.",
            ),
            file_option(ENDINGS),
        ],
        help="Exercises, whose wrong choices are the slips that people make.",
        example="cnncalc quiz --seed 7 --count 5 --level 2 --answers",
    )
