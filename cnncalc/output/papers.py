"""Sheets of exercises as paper: text, Markdown, LaTeX, and the key in TOML that `check` reads.

The answers, with their working and the slips behind wrong choices, follow the exercises, so that
they can be left out or cut off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.numbers.working import shown, write
from cnncalc.output.latex import escape
from cnncalc.speech.language import _, is_english, localize
from cnncalc.speech.lines import cells, wrap
from cnncalc.speech.signs import LATEX, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.homework.exercises import Exercise, WorkingLine
    from cnncalc.speech.signs import Signs

LETTERS = "abcd"
BLANK = "_" * 12

FORMATS = ("text", "markdown", "latex", "toml")


def write_paper(
    made: Sequence[Exercise], form: str, *, answers: bool, width: int | None = 80
) -> str:
    """Return exercises in a format, with their answers behind them or without.

    Text is folded to a width.
    """
    if form == "toml":
        return _toml(made)
    if form == "latex":
        return "\n".join(_latex(made, answers=answers))
    markdown = form == "markdown"
    lines = _text(made, None if markdown else width, answers=answers, markdown=markdown)
    return "\n".join(lines).rstrip()


def _toml(made: Sequence[Exercise]) -> str:
    """Return a key: a question for each network of an exercise, with the claims that are right."""
    parts = []
    for number, each in enumerate(made, 1):
        for name, key in zip("AB", each.keys, strict=False):
            letter = name if len(each.keys) > 1 else ""
            claims = ", ".join(map(_quoted, key.claims))
            ask = key.claims[-1].partition("=")[0]
            parts.append(
                f'[[question]]\nname = "{number}{letter}"\nnetwork = {_quoted(key.network)}\n'
                f'ask = "{ask}"\nclaims = [{claims}]'
            )
    return "\n\n".join(parts)


def _quoted(text: str) -> str:
    """Return a text in TOML's quotes: what JSON escapes, TOML does too."""
    from json import dumps

    return dumps(text, ensure_ascii=False)


def _names(exercise: Exercise) -> list[str]:
    """Return what stands before each network of an exercise: A, B, where there are two."""
    return [f"{name}: " for name in "AB"] if len(exercise.networks) > 1 else [""]


def equation(line: WorkingLine, signs: Signs = PEOPLE) -> str:
    """Return the arithmetic of a line, and what it comes to."""
    return f"{write(line.numbers, signs)} = {write(shown(line.numbers.value), signs)}"


def _answer(exercise: Exercise) -> str:
    """Return the right choice with its letter, or what is to be written."""
    for letter, choice in zip(LETTERS, exercise.choices, strict=False):
        if choice.is_right:
            return f"{letter}) {choice.text}"
    return exercise.answer


def _slips(exercise: Exercise) -> Iterator[str]:
    """Yield which slip each wrong choice is."""
    for letter, choice in zip(LETTERS, exercise.choices, strict=False):
        if not choice.is_right:
            yield _("{letter}) is {slip}", letter=letter, slip=localize(choice.says))


def _heads() -> list[str]:
    return [_("layer"), _("output"), _("parameters")]


# ---------------------------------------------------------------- text and Markdown


def _text(
    made: Sequence[Exercise], width: int | None, *, answers: bool, markdown: bool
) -> Iterator[str]:
    for number, each in enumerate(made, 1):
        head = f"{number}. "
        for name, network in zip(_names(each), each.networks, strict=True):
            line = f"{head}{name}" + (f"`{network}`" if markdown else network)
            yield from [line] if markdown else wrap(line, width, len(head) + 2)
            head = " " * len(head) if not markdown else "   "
            if markdown and len(each.networks) > 1:
                yield ""
        yield from [""] if markdown else []
        yield from wrap(f"   {each.question}", width, 3)
        yield ""
        if each.table:
            yield from _text_table(each, blank=True, markdown=markdown)
        for letter, choice in zip(LETTERS, each.choices, strict=False):
            yield f"   - {letter}) {choice.text}" if markdown else f"     {letter}) {choice.text}"
        if not (each.table or each.choices):
            yield _("   Answer: {blank}", blank=r"\_" * 12 if markdown else BLANK)
        yield ""
    if answers:
        yield f"## {_('Answers')}" if markdown else _("Answers")
        yield ""
    for number, each in enumerate(made, 1) if answers else ():
        yield f"{number}. {_answer(each)}".rstrip()
        yield from [""] if markdown else []
        if each.table:
            yield from ["", *_text_table(each, blank=False, markdown=markdown), ""]
        bullet = "   - " if markdown else "     "
        for step in each.working:
            name = f"`{step.name}`" if markdown and step.is_code else step.name
            yield from wrap(f"{bullet}{name}: {equation(step)}", width)
        for said in _slips(each):
            yield from wrap(f"{bullet}{said}", width)
        yield ""


def _text_table(exercise: Exercise, *, blank: bool, markdown: bool) -> Iterator[str]:
    """Yield the lines of a table; with blanks in place of what is to be filled in."""
    rows = [_heads(), *_cells(exercise, blank=blank)]
    if markdown:
        rows.insert(1, [":--", "--:", "--:"])
        for layer, *rest in rows:
            name = layer if layer in (rows[0][0], ":--") else f"`{layer}`"
            yield f"   | {' | '.join([name, *rest])} |"
        return
    blanked = [[each or BLANK for each in row] for row in rows]
    wide = [max(cells(row[place]) for row in blanked) for place in range(3)]
    for row in blanked:
        padded = (each + " " * (size - cells(each)) for each, size in zip(row, wide, strict=True))
        yield f"     {'  '.join(padded)}".rstrip()


def _cells(exercise: Exercise, *, blank: bool) -> list[list[str]]:
    """Return the rows of a table; of one to be filled in, the input and the layers alone."""
    first, *rest = exercise.table
    rows = [[layer, "", ""] if blank else [layer, *of] for layer, *of in rest]
    return [[_("input"), first[1], "-"], *rows]


# ---------------------------------------------------------------- LaTeX


def _latex(made: Sequence[Exercise], *, answers: bool) -> Iterator[str]:
    yield r"\documentclass[11pt,a4paper]{article}"
    yield r"\usepackage{amsmath,longtable}"
    yield r"\usepackage[margin=25mm]{geometry}"
    if not is_english():
        yield r"\usepackage{kotex}"
    yield r"\begin{document}"
    yield r"\raggedright\frenchspacing"
    yield r"\renewcommand{\arraystretch}{1.3}"
    yield rf"\section*{{{_('Exercises')}}}"
    yield r"\begin{enumerate}"
    for each in made:
        kept = not each.table  # on one page
        yield r"\item" + (r"\begin{minipage}[t]{\linewidth}\raggedright" if kept else "")
        for name, network in zip(_names(each), each.networks, strict=True):
            yield rf"  {name}\texttt{{{escape(network)}}}\par"
        yield rf"  {escape(each.question)}"
        if each.table:
            yield from _latex_table(each, blank=True)
        elif each.choices:
            yield r"  \begin{enumerate}"
            yield from (rf"  \item {escape(choice.text)}" for choice in each.choices)
            yield r"  \end{enumerate}"
        else:
            yield r"  \par\bigskip\rule{50mm}{0.4pt}"
        if kept:
            yield r"  \end{minipage}\bigskip"
    yield r"\end{enumerate}"
    if answers:
        yield r"\newpage"
        yield rf"\section*{{{_('Answers')}}}"
        yield r"\begin{enumerate}"
        for each in made:
            yield r"\item " + (escape(_answer(each)) or r"\mbox{}")
            if each.table:
                yield from _latex_table(each, blank=False)
            yield r"  \begin{itemize}"
            for line in each.working:
                name = escape(line.name)
                name = rf"\texttt{{{name}}}" if line.is_code else name
                yield rf"  \item {name}: ${equation(line, LATEX)}$"
            yield from (rf"  \item {escape(said)}" for said in _slips(each))
            yield r"  \end{itemize}"
        yield r"\end{enumerate}"
    yield r"\end{document}"


def _latex_table(exercise: Exercise, *, blank: bool) -> Iterator[str]:
    """Yield a table with rules between its rows, wide enough to be written in."""
    wide = "p{30mm}" if blank else "l"
    yield rf"  \begin{{longtable}}{{|l|{wide}|{wide}|}}"
    yield r"  \hline"
    yield rf"  {' & '.join(map(escape, _heads()))} \\ \hline"
    for layer, *rest in _cells(exercise, blank=blank):
        yield rf"  \texttt{{{escape(layer)}}} & {' & '.join(map(escape, rest))} \\ \hline"
    yield r"  \end{longtable}"
