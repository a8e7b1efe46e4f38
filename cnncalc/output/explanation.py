"""The working of rows: as text, as Markdown with LaTeX maths, or as LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.volumes import write_volume
from cnncalc.numbers.working import shown
from cnncalc.numbers.working import write as arithmetic
from cnncalc.output.latex import escape
from cnncalc.output.latex import write_volume as latex_volume
from cnncalc.report.captions import a_value
from cnncalc.report.explanation import explain_each, explain_memory, explain_totals
from cnncalc.report.legend import legend
from cnncalc.report.remarks import remarks
from cnncalc.report.steps import HELD, UNASKED, Step
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.signs import LATEX, PEOPLE
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from cnncalc.kinds.volumes import Volume
    from cnncalc.report.report import Report
    from cnncalc.speech.signs import Signs
    from cnncalc.trace.rows import Row

WIDTH = 80  # cells of a legend's lines
LONG = 60  # signs of a sum that LaTeX has on lines of its own


def write(
    report: Report,
    rows: Sequence[Row],
    name: str,
    *,
    held: Row | None = None,
    steps: Collection[str] = UNASKED,
) -> str:
    """Return the working of some rows of a report in a format; in that of tables it is text.

    `steps` names the steps that are shown. Behind those of the rows come the totals of several,
    and last the memory of the row that is `held`.
    """
    form = _FORMS[name]
    first = report.settings.channels_first
    found = [
        (row, [each for each in working if each.quantity in steps])
        for row, working in explain_each(rows, report.rows)
    ]
    is_whole = set(UNASKED) <= set(steps)
    parts = []
    letters = legend((row, step) for row, taken in found for step in taken)
    if letters:
        parts.append("\n".join(form.legend(letters)))
    for row, taken in found:
        if taken or is_whole:
            volumes = [_ordered(each, channels_first=first) for each in (row.input, row.output)]
            head = form.head(f"{row.index}", row.layer, *volumes)
            said = remarks(row, channels_first=first) if is_whole or taken else []
            parts.append("\n".join(form.write(head, said, taken)))
    totals = [each for each in explain_totals(rows) if each.quantity in steps]
    if len(rows) > 1 and totals:
        parts.append("\n".join(form.write("", [], totals)))
    if held is not None:
        title = _(
            "memory in {what}; batch {batch}",
            what=a_value(report.forward),
            batch=report.forward.batch,
        )
        asked = [each for each in HELD if each in steps] or HELD
        taken = [each for each in explain_memory(held) if each.quantity in asked]
        parts.append("\n".join(form.write(form.title(title), [], taken)))
    return "\n\n".join(parts)


class _Syntax(NamedTuple):
    """How one format writes a legend, the head of a row, a sentence, and steps.

    What several steps stand between are `begin` and `end`; `gap` is an empty line below a head.
    """

    legend: Callable[[list[tuple[list[str], str]]], list[str]]
    head: Callable[[str, str, Volume, Volume], str]
    title: Callable[[str], str]
    remark: Callable[[str], str]
    step: Callable[[Step], Iterator[str]]
    gap: bool = False
    begin: str = ""
    end: str = ""

    def write(self, head: str, said: Sequence[str], steps: Sequence[Step]) -> Iterator[str]:
        """Yield the lines of a row."""
        if head:
            yield head
            if self.gap:
                yield ""
        yield from map(self.remark, said)
        if steps and self.begin:
            yield self.begin
        for number, step in enumerate(steps, 1):
            lines = list(self.step(step))
            if self.end and number == len(steps):  # a line break at the end would be a line more
                lines[-1] = lines[-1].removesuffix(r" \\")
            yield from lines
        if steps and self.end:
            yield self.end


def _source(step: Step) -> str:
    return f" ({step.source})" if step.source else ""


def _equation(step: Step, signs: Signs) -> str:
    """Return the numbers of a step and what they come to; once, where both are written alike."""
    numbers, value = (arithmetic(each, signs) for each in (step.numbers, shown(step.value)))
    return numbers if numbers == value else f"{numbers} = {value}"


def _more(step: Step) -> str:
    if not step.more:
        return ""
    return f" {_('bytes')} = {step.more}" if "=" in step.more else f" {_('bytes')}"


def _ordered(volume: Volume, *, channels_first: bool) -> Volume:
    """Return a volume in the order in which it is typed."""
    return (volume[-1], *volume[:-1]) if channels_first else volume


# ---------------------------------------------------------------- text


def _text_legend(letters: list[tuple[list[str], str]]) -> list[str]:
    said = "; ".join(f"{', '.join(names)}: {says}" for names, says in letters)
    return wrap(said, WIDTH)


def _text_head(number: str, layer: str, before: Volume, after: Volume) -> str:
    sizes = [write_volume(each, for_people=True) for each in (before, after)]
    return f"{number}  {layer}: {_('{before} to {after}', before=sizes[0], after=sizes[1])}"


def spoken(step: Step) -> Iterator[str]:
    """Yield what a step works out, its formula in letters if it has one, its numbers."""
    yield f"{step.name}{_source(step)}"
    if step.letters is not None:
        yield arithmetic(step.letters, PEOPLE)
    yield f"{_equation(step, PEOPLE)}{_more(step)}"


def _text_step(step: Step) -> Iterator[str]:
    name, *lines = spoken(step)
    yield f"   {name}"
    yield from (f"     {line}" for line in lines)


# ---------------------------------------------------------------- Markdown


def _markdown_legend(letters: list[tuple[list[str], str]]) -> list[str]:
    return [
        f"- {', '.join(f'${LATEX.name(name)}$' for name in names)}: {says}"
        for names, says in letters
    ]


def _markdown_head(number: str, layer: str, before: Volume, after: Volume) -> str:
    sizes = [write_volume(each, for_people=True) for each in (before, after)]
    said = _("{before} to {after}", before=sizes[0], after=sizes[1])
    return f"**{number}** `{layer}`: {said}"


def _markdown_step(step: Step) -> Iterator[str]:
    letters = f"{arithmetic(step.letters, LATEX)} = " if step.letters is not None else ""
    yield f"- {step.name}{_source(step)}:"
    yield f"  $${letters}{_equation(step, LATEX)}$${_more(step)}"


# ---------------------------------------------------------------- LaTeX


def _latex_legend(letters: list[tuple[list[str], str]]) -> list[str]:
    said = "; ".join(
        f"{', '.join(f'${LATEX.name(name)}$' for name in names)}: {escape(says)}"
        for names, says in letters
    )
    return [rf"\noindent {said}\par"]


def _latex_head(number: str, layer: str, before: Volume, after: Volume) -> str:
    sizes = _("{before} to {after}", before=latex_volume(before), after=latex_volume(after))
    return rf"\noindent\textbf{{{number}}}\enspace\texttt{{{escape(layer)}}}: {sizes}\par"


def _latex_step(step: Step) -> Iterator[str]:
    more = rf"\text{{{escape(_more(step))}}}" if step.more else ""
    numbers = f"{_equation(step, LATEX)}{more}"
    name = rf"  \text{{{escape(step.name)}}} &= "
    if step.letters is not None:
        yield rf"{name}{arithmetic(step.letters, LATEX)} \\"
        yield rf"    &= {numbers} \\"
        return
    summands = arithmetic(step.numbers, LATEX).split(" + ")
    if len(" + ".join(summands)) <= LONG or "(" in numbers:
        yield rf"{name}{numbers} \\"
        return
    yield rf"{name}{' + '.join(summands[:4])} \\"
    for place in range(4, len(summands), 4):
        yield rf"    &\quad + {' + '.join(summands[place : place + 4])} \\"
    yield rf"    &= {numbers.removeprefix(' + '.join(summands)).removeprefix(' = ')} \\"


_FORMS = {
    "table": _Syntax(
        _text_legend, _text_head, lambda said: said, lambda said: f"   {said}", _text_step
    ),
    "markdown": _Syntax(
        _markdown_legend,
        _markdown_head,
        lambda said: f"**{said}**",
        lambda said: f"- {said}",
        _markdown_step,
        gap=True,
    ),
    "latex": _Syntax(
        _latex_legend,
        _latex_head,
        lambda said: rf"\noindent {escape(said)}\par",
        lambda said: rf"\noindent {escape(said)}\par",
        _latex_step,
        begin=r"\begin{align*}",
        end=r"\end{align*}",
    ),
}
