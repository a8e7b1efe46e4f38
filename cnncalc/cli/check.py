"""`cnncalc check`: claims to verdicts, and how verdicts are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import Command, leave
from cnncalc.cli.options import (
    Form,
    channels_first_option,
    form_options,
    input_option,
    memory_options,
    names_in,
    network_argument,
    read_settings,
)
from cnncalc.cli.output import show
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.slips import SLIPS
from cnncalc.homework.verdicts import OWN, POINTS, Judge, Reason, Verdict, conventions, points
from cnncalc.report.listing import Column, Listing
from cnncalc.speech.language import _
from cnncalc.speech.lines import cells, paint, wrap
from cnncalc.speech.problem import Source, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.notation.library import Published
    from cnncalc.notation.tree import Given, Network
    from cnncalc.output.table import Style
    from cnncalc.trace.settings import Settings

HUES = {
    "right": "bright_blue",
    "follows": "bright_blue",
    "convention": "magenta",
    "depends": "magenta",
    "wrong": "red",
    "unreadable": "red",
}
KINDS = (*HUES, "blank", "fault")
VERDICT = (
    *(Column("claim", "claim", "code"), Column("verdict", "verdict"), Column("answer", "answer")),
    *(Column("working", "working"), Column("reasons", "reasons", "names"), Column("note", "note")),
)
VERDICT_FIELDS = (*VERDICT, Column("code", "code"))
MOST_WORD = 12
"""The cells that a line keeps for what it says, behind what it is about."""
SAYS = {way.name: way.says for way in (*CONVENTIONS, *SLIPS)}


def accepted(text: str | None) -> list[str]:
    """Return the conventions that `--accept` names."""
    if not text:
        return []
    fact = "no convention is called {name}"
    return names_in(text, "--accept", conventions(), "unknown-convention", fact)


def run_check(
    network: Network,
    claims: Sequence[str],
    settings: Settings,
    *,
    follow: str = "full",
    name: str = "",
    given: Given | None = None,
    accept: Iterable[str] = (),
    form: Form,
) -> int:
    """Judge claims about a network and print the verdicts; 1 where any is not right."""
    judge = Judge(
        network,
        settings,
        given=given,
        accept=accept,
        others=_others(name),
        published=_published(name),
    )
    verdicts = judge.judge_all([Source("<claim>", claim) for claim in claims])

    def drawing(how: Style) -> str:
        lines = [line for each in verdicts for line in draw(each, how)]
        right = points([each.kind for each in verdicts], follow)
        lines += ["", _("{right} of {total} right", right=right, total=len(verdicts))]
        batch, dtype = settings.batch, settings.dtype
        if (batch, dtype) != (1, "float32"):
            said = _("counted for a batch of {batch}, values of {dtype}", batch=batch, dtype=dtype)
            lines += wrap(said, how.width)
        return "\n".join(lines)

    rows = [as_data(each) for each in verdicts]
    listing = Listing("verdicts", VERDICT, rows, fields=VERDICT_FIELDS)
    show(listing, form, drawing, warnings=judge.warnings)
    return int(any(each.kind != "right" for each in verdicts))


def _others(name: str) -> list[tuple[str, Network]]:
    """Return the variants of a model: those of its family whose names begin as its own does."""
    from cnncalc.notation import library
    from cnncalc.notation.parser import parse

    source = library.read(name) if name and library.is_name(name) else None
    if source is None:
        return []
    own = source.text.rstrip().splitlines()[-1]
    stem = own.split("_")[0]
    names = [each for each in library.names() if each.split("_")[0] == stem and each != own]
    return [(each, parse(library.read(each) or source)) for each in names[:8]]


def _published(name: str) -> Sequence[Published]:
    """Return what was published of a model."""
    from cnncalc.notation import library

    if not name or not library.is_name(name):
        return ()
    model = library.model(name)
    return model.published if model else ()


def draw(verdict: Verdict, how: Style, indent: int = 0) -> Iterable[str]:
    """Yield the lines of a verdict: the claim, the answer, and what went wrong."""
    width = widest()
    pad = indent + width + 4
    at = indent + width + 2
    names = [_("answer"), *map(_word, verdict.reasons)]
    names_width = max(map(cells, names))
    hang = pad + names_width + 2
    if how.width and hang + MOST_WORD > how.width:  # too narrow for three columns
        at, pad, hang = indent + 2, indent + 2, indent + 4
    word = _(verdict.kind)
    first, *more = wrap(
        f"{' ' * indent}{padded(word, width)}  {visible(verdict.text)}", how.width, at
    )
    if how.color:
        first = first.replace(word, paint(word, f"bold {HUES[verdict.kind]}"), 1)
    yield from (first, *more)
    lines = []
    if verdict.problem:
        lines = [verdict.problem.message, *verdict.problem.helps]
    elif verdict.kind != "right":
        working = f" = {verdict.working}" if verdict.working else ""
        said = [f"{_value(verdict.answer)}{working}"]
        for reason in verdict.reasons:
            working = f" = {_(reason.working)}" if reason.working else ""
            said.append(f"{_value(reason.value)}{working}: {_says(reason)}")
        for name, text in zip(names, said, strict=True):
            line = f"{' ' * pad}{padded(name, names_width)}  {text}"
            yield from wrap(line, how.width, hang)
    if verdict.note and not verdict.problem:
        lines = [verdict.note]
    for line in lines:
        yield from wrap(" " * pad + line, how.width, pad)


def _word(reason: Reason) -> str:
    """Return what stands before a reason: the convention's name, to accept it by; or 'slip'."""
    if reason.name == OWN:
        return _("yours")
    return reason.name if reason.is_convention else _("slip")


def widest() -> int:
    """Return the cells of the longest kind of verdict."""
    return max(cells(_(kind)) for kind in HUES)


def padded(text: str, width: int) -> str:
    """Return a text with spaces behind it, up to a width in cells."""
    return text + " " * (width - cells(text))


def _value(text: str) -> str:
    """Return a value as it is drawn: those that are words are translated."""
    return _(text) if text in ("none", "all") else text


def _says(reason: Reason) -> str:
    """Return what a reason says; of two slips at once, what each says."""
    parts = [_(SAYS[name]) for name in reason.name.split(", ") if name in SAYS]
    if len(parts) == 2:
        return _("{first}, and {second}", first=parts[0], second=parts[1])
    return _(reason.says)


def as_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data, for JSON."""
    return {
        "claim": verdict.text,
        "verdict": verdict.kind,
        "answer": verdict.answer,
        "working": verdict.working,
        "reasons": [
            {
                "name": reason.name,
                "convention": reason.is_convention,
                "value": reason.value,
                "working": reason.working,
                "says": reason.says,
            }
            for reason in verdict.reasons
        ],
        "note": verdict.note or (verdict.problem.message if verdict.problem else ""),
        **({"code": verdict.problem.code} if verdict.problem else {}),
    }


def command() -> click.Command:
    """Return the command `cnncalc check`."""

    def run(
        network: str,
        claims: tuple[str, ...],
        input: str | None,  # noqa: A002
        accept: str | None,
        follow: str,
        **given: Any,
    ) -> None:
        from cnncalc.cli.sheets import run_class, run_sheet
        from cnncalc.importing.sources import read_input, read_network

        form = Form.of(given)
        settings = read_settings(given)
        first = settings.channels_first
        volume = read_input(input, channels_first=first)
        how: dict[str, Any] = {"given": volume, "accept": accepted(accept)}
        if network.endswith(".toml"):
            how["settings"] = settings
            if len(claims) > 1:
                raise click.UsageError("a sheet takes one file of answers, or none")
            leave(
                run_class(network, *claims, form=form, how=how, follow=follow)
                if claims
                else run_sheet(network, form=form, how=how, follow=follow)
            )
            return
        if not claims:
            raise click.UsageError("check needs a claim, as in params=760")
        leave(
            run_check(
                read_network(network, given=volume, channels_first=first),
                claims,
                settings,
                name=network,
                form=form,
                follow=follow,
                **how,
            )
        )

    return Command(
        "check",
        callback=run,
        params=[
            network_argument(),
            click.Argument(["claims"], nargs=-1, metavar="CLAIM..."),
            input_option(),
            click.Option(["--accept"], metavar="NAMES", help="Take these conventions as right."),
            click.Option(
                ["--follow"],
                type=click.Choice([*POINTS]),
                default="full",
                help="Count an answer that is right for wrong ones before it so.",
            ),
            *form_options(),
            *memory_options(),
            channels_first_option(),
        ],
        help="Whether answers are right, and which slip leads to a wrong one.\n\n"
        "A CLAIM is a quantity, a sign (=, ~, <=, >=) and a value: params=760, size=15x15, "
        "conv4_3.rf=92, macs~15.5G, output=none. NETWORK may be a sheet of questions, sheet.toml, "
        "with or without the answers of a class, answers.csv, in place of claims.",
        example='cnncalc check "32x32x3 -> conv 10 k5 p2" output=32x32x10 params=750',
    )


def shapes() -> dict[str, Any]:
    """Return the shape of what it prints as JSON."""
    from cnncalc.output import schema

    text = schema.TEXT
    reason = {"name": text, "convention": {"type": "boolean"}}
    reason |= dict.fromkeys(("value", "working", "says"), text)
    columns = [Column("question", "question"), *VERDICT_FIELDS]
    optional = [each.name for each in columns if each.name not in ("claim", "verdict")]
    known = {
        "reasons": {"type": "array", "items": schema.of(reason)},
        "verdict": {"enum": list(KINDS)},
    }
    student = [Column("student", "student"), Column("score", "score", "count")]
    return {
        "check": schema.listed(
            "verdicts", columns, known=known, optional=optional, tail=schema.TOLD
        ),
        "class": schema.listed("students", student, more=text, tail=schema.TOLD),
    }
