"""The working of rows: as text, as Markdown with LaTeX maths, or as LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.explaining import Step, explain, remarks
from cnncalc.language import _
from cnncalc.layers import write_volume
from cnncalc.working import LATEX, UNICODE
from cnncalc.working import write as arithmetic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.report import Report


def write(report: Report, rows: Sequence[Any], name: str) -> str:
    """Return the working of some rows of a report in a format: text, markdown or latex."""
    head, step, end = {
        "text": (_text_head, _text_step, ""),
        "markdown": (_markdown_head, _markdown_step, ""),
        "latex": (_latex_head, _latex_step, "\\end{align*}"),
    }[name]
    parts = []
    for row in rows:
        first = report.channels_first
        volumes = [write_volume(each, channels_first=first) for each in (row.input, row.output)]
        lines = [head(f"{row.index}  {row.layer}", *volumes)]
        steps = explain(row, report.rows)
        for each in steps:
            lines += step(each)
        if not end:
            lines += [f"   {remark}" for remark in remarks(row)]
        if end and steps:
            lines.append(end)
        parts.append("\n".join(lines if steps or name != "latex" else lines[0].splitlines()[:1]))
    return "\n\n".join(parts)


def _source(step: Step) -> str:
    return f" ({step.source})" if step.source else ""


def _sizes(before: str, after: str) -> str:
    return _("{before} to {after}", before=before, after=after)


def _text_head(layer: str, before: str, after: str) -> str:
    return f"{layer}: {_sizes(before, after)}"


def _text_step(step: Step) -> Iterable[str]:
    yield f"   {step.name}{_source(step)}"
    if step.letters:
        yield f"     {arithmetic(step.letters, UNICODE)}"
    yield f"     {arithmetic(step.numbers, UNICODE)} = {step.value}"


def _markdown_head(layer: str, before: str, after: str) -> str:
    number, _gap, name = layer.partition("  ")
    return f"**{number}** `{name}`: {_sizes(before, after)}\n"


def _markdown_step(step: Step) -> Iterable[str]:
    letters = f"{arithmetic(step.letters, LATEX)} = " if step.letters else ""
    yield f"- {step.name}{_source(step)}:"
    yield f"  $${letters}{arithmetic(step.numbers, LATEX)} = {step.value}$$"


def _latex_head(layer: str, before: str, after: str) -> str:
    number, _gap, name = layer.partition("  ")
    sizes = _sizes(*(each.replace("x", r"$\times$") for each in (before, after)))
    return f"\\paragraph{{{number}}} \\verb|{name}|: {sizes}\n\\begin{{align*}}"


def _latex_step(step: Step) -> Iterable[str]:
    letters = f"{arithmetic(step.letters, LATEX)} = " if step.letters else ""
    yield rf"  \text{{{step.name}}} &= {letters}{arithmetic(step.numbers, LATEX)} = {step.value} \\"
