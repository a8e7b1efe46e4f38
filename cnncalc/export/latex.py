r"""A LaTeX table with the rules of booktabs; the preamble needs \usepackage{booktabs}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.listing import LEFT, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.listing import Column, Listing

_SIGNS = {
    **{sign: f"\\{sign}" for sign in "#$%&_{}"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\u00d7": r"$\times$",
    "\u00b7": r"$\cdot$",
    "\u2212": "$-$",
    "\u2192": r"$\rightarrow$",
    "\u2264": r"$\leq$",
    "\u2265": r"$\geq$",
    "\u230a": r"$\lfloor$",
    "\u230b": r"$\rfloor$",
    "\u2308": r"$\lceil$",
    "\u2309": r"$\rceil$",
    "\u250c": r"$\lceil$",
    "\u251c": r"$\vdash$",
    "\u2502": r"$\vert$",
    "\u2514": r"$\lfloor$",
    "\u250a": "$:$",
}
"""The signs that LaTeX would read as its own, or not at all."""

_TABLE = str.maketrans(_SIGNS)


def escape(words: str) -> str:
    r"""Return a text as LaTeX prints it.

    >>> print(escape("50 % of conv_1 & 3×3"))
    50 \% of conv\_1 \& 3$\times$3
    """
    return words.translate(_TABLE)


def write(listing: Listing) -> Iterator[str]:
    """Yield what stands above the rows, the rows, their totals, and what stands below."""
    shown = listing.for_people()
    columns = shown.columns
    for words in shown.above:
        yield f"{escape(words)}\\par"
    yield f"\\begin{{tabular}}{{{''.join('l' if c.form in LEFT else 'r' for c in columns)}}}"
    yield r"  \toprule"
    yield _line([escape(column.heading) for column in columns])
    yield r"  \midrule"
    for row in shown.rows:
        yield _line(_cells(columns, row))
    if shown.feet:
        yield r"  \midrule"
    for row in shown.feet:
        yield _line(_cells(columns, row, code=False))
    yield r"  \bottomrule"
    yield r"\end{tabular}"
    below = [escape(words) for words in shown.below if words]
    if below:
        yield r"\par\medskip"
        yield from below


def _cells(columns: Sequence[Column], row: Mapping[str, object], *, code: bool = True) -> list[str]:
    """Return the cells of a row: notation as it is typed, its indentation kept."""
    cells = []
    for column in columns:
        cell = text(column.form, row.get(column.name), commas=True)
        value = row.get(column.name)
        words = escape(cell.strip())
        if column.form == "bar" and isinstance(value, tuple):
            percent, part, most = value
            words = f"{percent:.1f}\\%"
            if part:
                words += f" \\rule{{{max(8 * part / most, 0.1):.2f}em}}{{1.5ex}}"
        if column.form in ("volume", "axes"):
            words = words.replace("x", r"$\times$")
        if code and column.form == "code" and cell:
            indent = "~" * (len(cell) - len(cell.lstrip()))
            words = f"\\texttt{{{indent}{words}}}"
        cells.append(words)
    return cells


def _line(cells: Sequence[str]) -> str:
    return f"  {' & '.join(cells)} \\\\"
