"""The working of rows: as text, as Markdown with LaTeX maths, or as LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.volumes import write_volume
from cnncalc.numbers.working import shown
from cnncalc.numbers.working import write as arithmetic
from cnncalc.report.explanation import Step, explain, explain_memory, remarks
from cnncalc.speech.language import _
from cnncalc.speech.signs import LATEX, UNICODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cnncalc.kinds.volumes import Volume
    from cnncalc.report.report import Report
    from cnncalc.speech.signs import Signs
    from cnncalc.trace.rows import Row


def write(report: Report, rows: Sequence[Row], name: str, *, held: Row | None = None) -> str:
    """Return the working of some rows of a report in a format: text, markdown or latex.

    Last comes that of the memory of the row that is `held`.
    """
    forms: dict[str, tuple[Callable[..., str], Callable[[Step], Iterable[str]], str]] = {
        "text": (_text_head, _text_step, ""),
        "markdown": (_markdown_head, _markdown_step, ""),
        "latex": (_latex_head, _latex_step, "\\end{align*}"),
    }
    head, step, end = forms[name]
    parts = []
    for row in rows:
        lines = [head(f"{row.index}  {row.layer}", *_ordered(report, row.input, row.output))]
        steps = explain(row, report.rows)
        for each in steps:
            lines += step(each)
        if not end:
            lines += [f"   {remark}" for remark in remarks(row)]
        if end and steps:
            lines.append(end)
        parts.append("\n".join(lines if steps or name != "latex" else lines[0].splitlines()[:1]))
    if held is not None:
        said = _(
            "memory of {dtype}, {width} bytes a value; batch {batch}",
            dtype=report.forward.dtype,
            width=report.forward.width,
            batch=report.forward.batch,
        )
        lines = _HEADS[name](said)
        for each in explain_memory(held):
            lines += step(each)
        parts.append("\n".join([*lines, end] if end else lines))
    return "\n\n".join(parts)


_HEADS: dict[str, Callable[[str], list[str]]] = {
    "text": lambda said: [said],
    "markdown": lambda said: [f"**{said}**", ""],
    "latex": lambda said: [f"\\paragraph{{{said}}}", "\\begin{align*}"],
}


def _source(step: Step) -> str:
    return f" ({step.source})" if step.source else ""


def _value(step: Step, signs: Signs) -> str:
    return arithmetic(shown(step.value), signs)


def _more(step: Step) -> str:
    return f" bytes = {step.more}" if "=" in step.more else f"{step.more and ' bytes'}"


def _ordered(report: Report, *volumes: Volume) -> list[Volume]:
    """Return volumes in the order in which they are typed."""
    return [(each[-1], *each[:-1]) if report.settings.channels_first else each for each in volumes]


def _sizes(*volumes: Volume) -> str:
    before, after = (write_volume(volume, for_people=True) for volume in volumes)
    return _("{before} to {after}", before=before, after=after)


def _text_head(layer: str, before: Volume, after: Volume) -> str:
    return f"{layer}: {_sizes(before, after)}"


def _text_step(step: Step) -> Iterable[str]:
    yield f"   {step.name}{_source(step)}"
    if step.letters:
        yield f"     {arithmetic(step.letters, UNICODE)}"
    yield f"     {arithmetic(step.numbers, UNICODE)} = {_value(step, UNICODE)}{_more(step)}"


def _markdown_head(layer: str, before: Volume, after: Volume) -> str:
    number, _gap, name = layer.partition("  ")
    return f"**{number}** `{name}`: {_sizes(before, after)}\n"


def _markdown_step(step: Step) -> Iterable[str]:
    letters = f"{arithmetic(step.letters, LATEX)} = " if step.letters else ""
    yield f"- {step.name}{_source(step)}:"
    numbers = f"{arithmetic(step.numbers, LATEX)} = {_value(step, LATEX)}"
    yield f"  $${letters}{numbers}$${_more(step)}"


def _latex_head(layer: str, *volumes: Volume) -> str:
    number, _gap, name = layer.partition("  ")
    before, after = (
        r" \times ".join(arithmetic(shown(size), LATEX) for size in volume) for volume in volumes
    )
    sizes = _("{before} to {after}", before=f"${before}$", after=f"${after}$")
    return f"\\paragraph{{{number}}} \\verb|{name}|: {sizes}\n\\begin{{align*}}"


def _latex_step(step: Step) -> Iterable[str]:
    letters = f"{arithmetic(step.letters, LATEX)} = " if step.letters else ""
    numbers = f"{arithmetic(step.numbers, LATEX)} = {_value(step, LATEX)}"
    more = rf"\text{{{_more(step)}}}" if step.more else ""
    yield rf"  \text{{{step.name}}} &= {letters}{numbers}{more} \\"
