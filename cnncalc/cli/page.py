"""`cnncalc page`: the calculator as one file for a browser."""

from __future__ import annotations

from cnncalc.cli.command import Command
from cnncalc.cli.options import file_option, options_of
from cnncalc.cli.requests import ending_of
from cnncalc.cli.streams import put

ENDINGS = {".html": "html"}


def command() -> Command:
    """Return the command `cnncalc page`."""

    def run(output: str, runtime: str) -> None:
        from cnncalc.output.page.calculator import calculator
        from cnncalc.output.page.runtime import read_runtime

        ending_of(output, ENDINGS, alone=True)
        put([*calculator(read_runtime(runtime))], output)  # all read before any is written

    file = file_option(ENDINGS)
    file.required = True
    return Command(
        "page",
        callback=run,
        params=[
            file,
            *options_of(
                "--runtime DIR  The unpacked package 'pyodide' of npm, which runs Python there.",
                runtime={"required": True},
            ),
        ],
        help="The calculator as one page for a browser, which needs no server and no network.\n\n"
        "What is typed stays on the page. Get the runtime once: 'npm pack pyodide@314.0.7' and "
        "'tar xzf pyodide-314.0.7.tgz' unpack it to the folder 'package'.",
        example="cnncalc page -o cnncalc.html --runtime package",
    )
