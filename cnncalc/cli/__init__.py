"""The command line: arguments to notation, reports to text; a file a command, no arithmetic.

commands.py  the commands by name, layers among them
command.py   what every command is
options.py   the options by which every command prints alike
requests.py  what they ask for
completion.py  what goes on from a word that is being typed
shells.py    how shells are told so
output.py    where answers are printed
explained.py what --explain prints
figures.py   how figures are written
streams.py   what is written where: colours, widths, progress, files
outlets.py   streams that take all that is written in their encodings, or say that they did not
files.py     files that are written whole or not at all
faults.py    how a fault reaches the user
misuse.py    what a command line cannot ask, as a fault at its word
stand_ins.py what stands in a command's place: a network, or a quantity of one
proposals.py what a fault offers, tried: whole command lines
layer.py     a command for each kind of layer
layer_lines.py  command lines that may be meant where that of a layer gives no answer
sweep.py     how the rows of a sweep are printed
lines.py     what the lines of a print add up to
check.py     `cnncalc check`
compare.py   `cnncalc compare`
counts.py    `cnncalc counts`
devices.py   `cnncalc devices`
draw.py      `cnncalc draw`
export.py    `cnncalc export`
import.py    `cnncalc import`
layers.py    `cnncalc layers`
models.py    `cnncalc models`
page.py      `cnncalc page`
browser.py   what that page asks, where it runs
quantities.py  `cnncalc quantities`
quiz.py      `cnncalc quiz`
rf.py        `cnncalc rf`
schema.py    `cnncalc schema`
solve.py     `cnncalc solve`
stack.py     `cnncalc stack`
"""

from __future__ import annotations

import gc

gc.disable()  # what start-up makes stays: looking through it for garbage takes a tenth of its time

import os  # noqa: E402 - see above
import sys  # noqa: E402
from contextlib import suppress  # noqa: E402
from itertools import pairwise  # noqa: E402
from typing import TYPE_CHECKING, NoReturn  # noqa: E402

import click  # noqa: E402

from cnncalc.cli import outlets, streams  # noqa: E402
from cnncalc.cli.commands import cnncalc  # noqa: E402
from cnncalc.speech import language  # noqa: E402
from cnncalc.speech.problem import Offer, Problem, propose_with  # noqa: E402

gc.freeze()
gc.set_threshold(50_000)  # what a command imports and holds is seldom looked through, too
gc.enable()

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cnncalc", "main"]

RESERVE = 4 << 20
"""Bytes that are kept, and never touched, to tell in that there are no more."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and leave with its status: 0 right, 1 wrong input or answer, 2 misuse.

    70 is a fault of the program, 130 an interruption from the keyboard. Who called it goes on in
    the language that was spoken.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    propose_with(lambda problem: _tried(problem, words))
    try:
        with language.speaking(_language(words)), outlets.taken_over():
            status = _status(words)
    except KeyboardInterrupt:  # while a fault is told
        status = 130
    except Exception as error:  # noqa: BLE001 - what tells a fault cannot be loaded any more
        status = 70
        with suppress(Exception):
            sys.stderr.write(f"error[internal-error]: {error!r}\n")
    propose_with(None)
    sys.exit(status)


def _language(words: list[str]) -> str:
    """Return the language that a command line asks for, even one that cannot be read."""
    for word, after in pairwise([*words, ""]):
        if word == "--lang":
            return after
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return language.from_locale()


def _tried(problem: Problem, words: list[str]) -> Offer:
    """Return the command lines that a problem offers, those that work."""
    has_some = problem.fix or problem.lines or problem.changes or problem.traced
    if problem.severity == "warning" and not has_some:
        return Offer([])
    from cnncalc.cli.proposals import try_out

    return try_out(problem, words)


def _status(words: list[str]) -> int:
    """Run a command and return its status; every fault is drawn here, whosever it is.

    What lacked memory, or went too deep, is left behind before it is told.
    """
    reserve: list[bytes] = []
    try:
        reserve.append(bytes(RESERVE))  # the system gives pages where they are touched: never here
        return _run(words, reserve)
    except Problem as problem:
        return _told(problem, words)
    except click.UsageError as error:
        from cnncalc.cli.misuse import misuse

        return _told(misuse(error, words), words)
    except outlets.Unwritten as error:
        from cnncalc.cli.misuse import output_not_written

        return _told(output_not_written(str(error)), words)
    except RecursionError:
        told = "too_nested"
    except MemoryError:
        told = "too_much_memory"
    except (KeyboardInterrupt, click.Abort):
        return 130
    except ModuleNotFoundError as error:
        from cnncalc.speech.system import not_installed

        return _told(not_installed(error), words)
    except NotADirectoryError:  # of an archive that the package stands in
        told = "in_archive"
    except Exception as error:  # noqa: BLE001 - the last resort
        from cnncalc.cli.misuse import internal

        return _told(internal(error, words), words)
    reserve.clear()
    gc.collect()
    from cnncalc.cli import misuse as faults

    return _told(getattr(faults, told)(), words)


def _told(problem: Problem, words: list[str]) -> int:
    """Write a fault, behind what was answered before it, and return its status."""
    from cnncalc.cli.faults import tell

    with suppress(outlets.Unwritten, MemoryError, RecursionError):
        streams.flush()
    return tell(problem, words)


def _complete(asked: str) -> int:
    """Answer a shell that asks how a line may go on, and return the status."""
    from cnncalc.cli.shells import SHELLS

    shell, _sign, what = asked.partition("_")
    if shell not in SHELLS or what not in ("source", "complete"):
        return 1
    with suppress(KeyError, ValueError):  # a shell says what was typed; nobody else does
        streams.say(getattr(SHELLS[shell](cnncalc, {}, "cnncalc", "_CNNCALC_COMPLETE"), what)())
        return 0
    return 1


def _run(words: list[str], reserve: list[bytes]) -> int:
    """Run a command and return its status, which a reader that has left does not change.

    click's own `main` would end with 1 there. A command that lacks memory lets go of the reserve.
    """
    status = None
    try:
        if asked := os.environ.get("_CNNCALC_COMPLETE"):
            status = _complete(asked)
        else:
            with cnncalc.make_context("cnncalc", words, obj=reserve) as context:
                status = cnncalc.invoke(context)
    except click.exceptions.Exit as left:
        status = left.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        streams.say(error.ctx.get_help())
        status = 2
    streams.flush()
    return status if isinstance(status, int) else 0
