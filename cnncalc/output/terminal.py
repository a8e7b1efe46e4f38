"""What rich draws: colours and folding, a terminal as a picture, progress. Its only importer.

It returns text, and prints nothing but progress.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.layout import GAP, PALE
from cnncalc.report.listing import LEFT
from cnncalc.speech.lines import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType
    from rich.progress import Progress
    from rich.table import Table
    from rich.text import Text

    from cnncalc.output.layout import Layout, Style

HUE = "bright_blue"  # of bars


def draw(parts: Iterable[Sequence[str] | RenderableType], width: int, *, color: bool) -> str:
    """Return what rich makes of lines and of what it can render, in so many cells."""
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        markup=False,
        highlight=False,
        emoji=False,
        _environ={},  # its own reading of COLUMNS
        legacy_windows=False,
        force_jupyter=False,  # a text that is returned, and not a display beside it
    )
    for part in parts:
        if isinstance(part, list):
            console.print("\n".join(part), soft_wrap=True)
        else:
            console.print(part)
    return out.getvalue()


def looking(*words: tuple[str, str]) -> Text:
    """Return a line of words, each in its look."""
    from rich.text import Text

    return Text.assemble(*words)


def table(layout: Layout, style: Style) -> Table:
    """Return rows under columns, as they are laid out."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, padding=(0, layout.gap, 0, 0), pad_edge=False, header_style="bold")
    for column, words, width in zip(layout.columns, layout.heads, layout.widths, strict=True):
        made.add_column(
            words,
            justify="left" if column.form in LEFT else "right",
            width=width,
            no_wrap=column.form not in LEFT,
            overflow="fold",
        )
    for line in layout.body:
        row = [Text(cell) for cell in line]
        for column, cell in zip(layout.columns, row, strict=True):
            if column.form == "bar":
                cell.stylize(HUE, cell.plain.find("%") + 1)
        made.add_row(*row)
    if layout.feet:
        rule = "\u2500" if style.unicode else "-"
        made.add_row(*(Text(rule * width, PALE) for width in layout.widths))
    for line in layout.feet:
        made.add_row(*(Text(cell, "bold") for cell in line))
    return made


def grid(rows: Sequence[tuple[str, str, str]], widths: Sequence[int]) -> Table:
    """Return names, values and their working in three columns, of which the last is folded."""
    from rich.table import Table
    from rich.text import Text

    made = Table.grid(padding=(0, GAP, 0, 0))
    made.add_column(width=widths[0])
    made.add_column(width=widths[1], no_wrap=True)
    made.add_column(overflow="fold")
    for name, value, step in rows:
        made.add_row(name, Text(value, "bold"), Text(step, PALE))
    return made


def picture(text: str) -> str:
    """Return a drawing, with its colours, as an SVG picture."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    drawn = _filled(Text.from_ansi(text))
    width = max((cells(line) for line in drawn.plain.split("\n")), default=1)
    console = Console(
        file=StringIO(),
        record=True,
        width=width + 1,
        force_terminal=True,
        legacy_windows=False,
        force_jupyter=False,
    )
    console.print(drawn, soft_wrap=True)
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME

    return console.export_svg(title="", theme=DEFAULT_TERMINAL_THEME, code_format=_PAPER)


_PAPER = """\
<svg class="rich-terminal" viewBox="0 32 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
<rect y="32" width="{width}" height="{height}" fill="#ffffff"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>"""
"""A picture of a terminal on white, with the fonts of its reader."""


def _filled(drawn: Text) -> Text:
    """Return a drawing with its full blocks as coloured ground, which has no gaps as glyphs do."""
    import re

    for run in re.finditer("\u2588+", drawn.plain):
        drawn.stylize("reverse", *run.span())
    drawn.plain = drawn.plain.replace("\u2588", " ")
    return drawn


# ---------------------------------------------------------------- as the work goes on


def progress(words: str) -> Progress:
    """Return a bar of progress on standard error, to start, update from 0 to 1, and stop.

    It takes over nothing that is written meanwhile, which would lead there what is a file's.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(style=PALE, complete_style=HUE, finished_style=HUE),
        TextColumn("{task.percentage:>3.0f}%"),
    )
    console = Console(stderr=True)
    shown = Progress(
        *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    )
    shown.add_task(words, total=1.0)
    return shown
