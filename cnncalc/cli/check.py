"""`cnncalc check`: claims to verdicts."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import options
from cnncalc.cli.command import Command, Misplaced, leave
from cnncalc.cli.faults import warn
from cnncalc.cli.output import show, tell
from cnncalc.cli.requests import Form, Typed, read_explain, read_settings
from cnncalc.cli.streams import put, watch
from cnncalc.homework.claims import readable
from cnncalc.homework.verdicts import POINTS
from cnncalc.notation import library
from cnncalc.notation.parser import model_definition
from cnncalc.output.formats import export
from cnncalc.report.places import find
from cnncalc.report.report import Report
from cnncalc.report.steps import BEARS_ON, EXPLAINED, HELD, steps_of
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.files import Choice
    from cnncalc.notation.tree import Given, Network
    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings


def run_check(
    network: Network,
    claims: Sequence[str],
    settings: Settings,
    *,
    form: Form,
    explain: str | None = None,
    **how: Any,
) -> int:
    """Judge claims about a network and print the verdicts; 1 where any is not right.

    Where quantities are to be explained, or '' for those that are claimed, their working follows.
    """
    from cnncalc.api.verdicts import Verdicts

    found = Verdicts(network, claims, settings, **how)
    if explain is None:
        tell(found, form)
        return int(not found.right)
    warn(found.asked().idle())
    working = _working(network, claims, settings, form, explain, how.get("given"))
    if form.format == "table":
        listing = found.listing()
        show(
            listing,
            form,
            drawing=lambda how: "\n\n".join(filter(None, (found.lay_out(how), working))),
        )
    else:
        warn(found.warnings)
        put(chain(export(found.listing(), form.format), ["", working]), form.file)
    return int(not found.right)


def _working(
    network: Network,
    claims: Sequence[str],
    settings: Settings,
    form: Form,
    explain: str,
    given: Given | None,
) -> str:
    """Return the working of what is claimed, row by row; none of a network that does not fit."""
    from cnncalc.output.explanation import write

    try:
        report = Report(network, settings, given=given)
    except Problem:
        return ""
    made = readable(claims)
    names = [BEARS_ON.get(each.quantity, each.quantity) for each in made]
    known = ",".join(name for name in names if name in EXPLAINED)
    if not (explain or known):
        return ""
    rows: Sequence[Row] = report.rows[1:]
    if all(each.place for each in made):
        about = {row.index for each in made for row in find(rows, each.place or "")}
        rows = [row for row in rows if row.index in about]
    steps = steps_of(explain or known)
    held = report.whole if set(steps) & set(HELD) else None
    return write(report, rows, form.format, held=held, steps=steps)


_CLAIM = re.compile(r"[^\s=~<>]+(?:[=~]|[<>]=).*[^,]")
"""How a word is written that is a claim, behind a network of several words."""


def _parted(network: str, claims: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return a network that goes on in several words, with commas, and the claims behind it.

    Arguments of a model are its own: `mobilenet_v2 w=3/4`.
    """
    model = model_definition(network) if library.is_name(network) else None
    formals = {each.name for each in model.formals} if model else set()
    while claims and claims[0].partition("=")[0] in formals:
        network, claims = f"{network} {claims[0]}", claims[1:]
    ends = (",", "->", "→")
    if not (network.rstrip().endswith(ends) or (claims and claims[0] in ends)):
        return network, claims
    at = len(claims)
    while at and _CLAIM.fullmatch(claims[at - 1]):
        at -= 1
    return " ".join((network, *claims[:at])).rstrip(", "), claims[at:]


def _refuse_order(words: Sequence[str]) -> None:
    """Refuse claims before their network, and answers before their sheet."""
    head = next((word for word in words[1:] if word.endswith(".toml")), None)
    if words[0].endswith(".csv"):
        fact = _("a sheet stands before the answers to it")
    elif _CLAIM.fullmatch(words[0]) and head:
        raise _beside_sheet(words[0])
    elif _CLAIM.fullmatch(words[0]):
        fact = _("a network stands before what is claimed of it")
        head = next((word for word in words[1:] if not _CLAIM.fullmatch(word)), None)
    else:
        return
    others = [word for word in words if word != head]
    raise Misplaced(fact, words[0], [["check", head, *others]] if head else [])


def _beside_sheet(claim: str) -> Misplaced:
    return Misplaced(_("the claims of a sheet stand in it, as claims = ['{it}']", it=claim), claim)


def _refuse_beside_sheet(claims: Sequence[str], explain: str | None, choice: Choice) -> None:
    """Refuse what a sheet does not take: claims, files, and what is of one network."""
    if claims and _CLAIM.fullmatch(claims[0]):
        raise _beside_sheet(claims[0])
    if len(claims) > 1:
        raise Misplaced(_("a sheet takes one file of answers, or none"), claims[1])
    if explain is not None:
        raise click.UsageError(_("--explain is of one network, and a key has its working"))
    chosen = {"--class": choice.name, "--arg": choice.arguments, "--set": choice.names}
    if given := [name for name, value in (chosen | {"--train": choice.train}).items() if value]:
        fact = _("{option} is of a model's source, and a sheet holds no file", option=given[0])
        raise click.UsageError(fact)


def _mark(sheet: str, answers: str | None = None, *, form: Form, follow: str, **how: Any) -> int:
    """Print the marks of a sheet or of a class; 1 where one is not right, or cannot be asked."""
    from cnncalc.api.sheets import ClassMarks, Key, Marks, marks_of, unheard_by
    from cnncalc.homework.sheets import read_sheet

    questions = read_sheet(sheet, how)
    with watch(_("marking")) as progress:
        found: Marks | Key | ClassMarks = (
            ClassMarks(questions, answers, follow, progress)
            if answers is not None
            else marks_of(questions, follow, progress)
        )
        chosen = {"--follow": follow != "full", "--accept": how["accept"]}
        if name := unheard_by(found, chosen):
            raise click.UsageError(_("{option} is of answers, and a key has none", option=name))
        tell(found, form)
    return int(not found.right)


def _accepted(names: str | None) -> list[str]:
    """Return the conventions that `--accept` names; their table is not read for none."""
    if not names:
        return []
    from cnncalc.homework.conventions import read_accepted

    return read_accepted(names)


def _run(network: str, claims: tuple[str, ...], **given: Any) -> None:
    _refuse_order((network, *claims))
    text, claims = _parted(network, claims)
    typed = Typed.of({**given, "network": text})
    form = Form.of(given)
    explain = read_explain(given, form)
    settings = read_settings(given)
    volume = typed.volumes(settings).head
    how = {"given": volume, "accept": _accepted(given["accept"]), "follow": given["follow"]}
    if text.endswith(".toml"):
        _refuse_beside_sheet(claims, explain, typed.choice)
        leave(_mark(text, *claims, form=form, settings=settings, **how))
        return
    if not claims:
        raise click.UsageError(_("check needs a claim, as in params=760"))
    found, _volume = typed.read(settings)
    leave(run_check(found, claims, settings, name=text, form=form, explain=explain, **how))


def command() -> Command:
    """Return the command `cnncalc check`."""
    return Command(
        "check",
        callback=_run,
        params=[
            *options.network_parameters("network", "NETWORK", nargs=1),
            click.Argument(
                ["claims"], nargs=-1, metavar="CLAIM...", shell_complete=options.completes("claims")
            ),
            *options.options_of(
                f"""
                --accept NAMES  Take these conventions as right.
                --follow {"|".join(POINTS)}
                                Count an answer that is right for wrong ones before it so.
                """,
                follow={"default": "full"},
            ),
            options.explain_option(),
            *options.form_options(),
            *options.settings_options(),
        ],
        help="Whether answers are right, and which slip leads to a wrong one.\n\n"
        "A CLAIM is a quantity, a sign (=, ~, <=, >=) and a value: params=760, size=15x15, "
        "conv4_3.rf=92, macs~15.5G, output=none. NETWORK may be a sheet of questions, sheet.toml, "
        "with or without the answers of a class, answers.csv, in place of claims; of a sheet that "
        "claims nothing the key is printed, with its working.",
        example='cnncalc check "32x32x3 -> conv 10 k5 p2" output=32x32x10 params=750',
    )
