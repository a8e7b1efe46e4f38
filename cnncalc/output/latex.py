r"""A LaTeX table with the rules of booktabs; the preamble needs \usepackage{booktabs}."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.numbers.lettered import Lettered
from cnncalc.numbers.spelling import as_factor
from cnncalc.numbers.spelling import write as write_letters
from cnncalc.output.patterns import lines_of
from cnncalc.report.listing import LEFT, text
from cnncalc.speech.signs import LATEX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.report.listing import Listing

_SIGNS = {
    **{sign: f"\\{sign}" for sign in "#$%&_{}"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",
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

_TABLE = str.maketrans(
    {**_SIGNS, **{raised: f"$^{digit}$" for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}}
)


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
        yield f"\\noindent {escape(words)}\\par"
    yield f"\\begin{{tabular}}{{{''.join('l' if c.form in LEFT else 'r' for c in columns)}}}"
    yield r"  \toprule"
    yield _line([escape(column.heading) for column in columns])
    yield r"  \midrule"
    yield from lines_of(columns, shown.rows, lambda each, value: _cell(each.form, value), _line)
    if shown.feet:
        yield r"  \midrule"
    for row in shown.feet:
        yield _line(
            [_cell(each.form.replace("code", "text"), row.get(each.name)) for each in columns]
        )
    yield r"  \bottomrule"
    yield r"\end{tabular}"
    below = [escape(words) for words in shown.lines_below()]
    if below:
        yield r"\par\medskip\noindent"
        yield from below


def _cell(form: str, value: Any) -> str:
    """Return a cell: notation as it is typed, its indentation kept; letters as maths."""
    words = escape(text(form, value, commas=True).strip())
    if form == "code" and words:
        indent = "~" * (len(value) - len(value.lstrip()))
        return f"\\texttt{{{indent}{words}}}"
    if form == "bar" and isinstance(value, tuple):
        percent, part, most = value
        rule = f" \\rule{{{max(float(8 * part / most), 0.1):.2f}em}}{{1.5ex}}" if part else ""
        return f"{percent:.1f}\\%{rule}"
    if isinstance(value, tuple) and form in ("volume", "axes"):
        return write_volume(value)
    return f"${write_letters(value, LATEX)}$" if isinstance(value, Lettered) else words


def write_volume(volume: Sequence[Any]) -> str:
    r"""Return a volume as maths; its sizes in bare digits, as they are typed.

    >>> print(write_volume((7, 7, 1024)))
    $7{\times}7{\times}1024$
    """
    bare = LATEX._replace(separator="")
    sizes = r"{\times}".join(as_factor(size, bare) for size in volume)
    return f"${sizes}$"


def _line(cells: Sequence[str]) -> str:
    return f"  {' & '.join(cells)} \\\\"
