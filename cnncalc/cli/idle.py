"""What is said of options that change nothing of what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.report.asked import OPTIONS
from cnncalc.speech.language import _
from cnncalc.trace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.api.answer import Answer
    from cnncalc.cli.requests import Output
    from cnncalc.report.quantity import Quantity
    from cnncalc.report.view import View
    from cnncalc.speech.problem import Problem

ROWS_ALONE = ("csv", "jsonl", "markdown", "latex")
"""The formats of an answer's rows, which may have nothing below them that says what was asked."""

_WITHOUT_BARS = ("json", "jsonl", "csv", "mermaid")


def beside(settings: Settings, shown: Iterable[Quantity], but: Iterable[str] = ()) -> list[Problem]:
    """Return what is said of settings that bear on nothing shown; nothing where all are usual."""
    if settings == Settings(budget=settings.budget):
        return []
    from cnncalc.report.bearing import idle_beside

    return idle_beside(settings, shown, but=but)


def in_answer(found: Answer, name: str) -> list[Problem]:
    """Return what is said of the settings of an answer, by the quantities that a format shows."""
    shown = found.quantities() if name in ROWS_ALONE else None
    return beside(found.settings, shown) if shown else []


def in_view(view: View, output: Output) -> list[Problem]:
    """Return what is said of options beside the rows of a network.

    Not of --fold, by which there are other rows; nor of --freeze where a table tells below its rows
    what is frozen, which some formats, and totals of one row, do not. A page has all columns but
    those of a device.
    """
    name, settings = output.form.format, view.report.settings
    found = []
    if output.chart and name in _WITHOUT_BARS and not (output.columns is output.by is None):
        found += unheard("--chart", _("{format}, which has no bars", format=name))
    if name in ("json", "jsonl"):
        if output.columns is not None and all(each.path for each in view.columns):
            found += unheard("--columns", _("JSON, which has all of these"))
        return found
    if output.totals and name in ("table", "svg", "html"):  # which show more
        return found
    but = {"fold"} if name in ("csv", "mermaid") or output.totals else {"fold", "freeze"}
    if name == "html":
        but = {*OPTIONS} - {"device"}
    return [*found, *beside(settings, view.columns, but)]


def in_one_row(options: Mapping[str, object]) -> list[Problem]:
    """Return what is said of options of several rows, those that are given, where one is shown."""
    given = [f"--{name}" for name, is_given in options.items() if is_given]
    return unheard(*given, _("one row")) if given else []


def unheard(*said: str) -> list[Problem]:
    """Return what is said of options that have no bearing on what is named last."""
    from cnncalc.report.bearing import unneeded

    return [unneeded(said[:-1], said[-1])]
