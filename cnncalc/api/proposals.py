"""What a fault offers where Python asks: texts that were tried, and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.report.trials import Outcome, mended
from cnncalc.solving.cures import add_cures
from cnncalc.speech.problem import Offer, Problem

if TYPE_CHECKING:
    from cnncalc.trace.settings import Settings


def try_out(problem: Problem) -> Offer:
    """Return the networks that a problem of a text offers, those that work."""
    source = problem.labels[0].span.source if problem.labels else None
    if source is None:
        return Offer([])
    settings = problem.traced[3] if problem.traced else None
    add_cures(problem)
    if source.name != "<stack>":  # a file is not typed
        return Offer([])
    found = mended(problem, source, lambda text: _answer(text, settings))
    quoted = [text for text in found.texts if not set(text) & set('"\\\n')]
    typed = [f'stack("{text}")' for text in quoted]
    if '"' not in source.text:
        typed += [f'stack("{source.text}", input="{volume}")' for volume in problem.inputs]
    return Offer([["cnncalc", "stack", text] for text in found.texts], found.stands, tuple(typed))


def _answer(text: str, settings: Settings | None) -> Outcome:
    """Return what a network comes to; what comes in may be given apart."""
    from cnncalc.importing.sources import read_text
    from cnncalc.report.report import Report
    from cnncalc.speech.budget import TRIAL
    from cnncalc.trace.settings import Settings

    settings = (settings or Settings())._replace(budget=TRIAL)
    try:
        network = read_text(text, channels_first=settings.channels_first)
        report = Report(network, settings, keep_rows=False)
    except Problem as problem:
        return Outcome(None if problem.code == "volume-missing" else problem)
    return Outcome(None, tuple(report.warnings))
