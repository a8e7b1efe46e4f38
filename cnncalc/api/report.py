"""The report that users of Python and of notebooks hold: rows and totals that show themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.sources import read_input, read_path, read_text
from cnncalc.report import report
from cnncalc.report.quantities import COLUMNS
from cnncalc.trace.counters import find_counter

if TYPE_CHECKING:
    import os


class Report(report.Report):
    """A report that prints as its table, and shows itself as one in a notebook."""

    def __str__(self) -> str:
        from cnncalc.output import table
        from cnncalc.report.folds import fold
        from cnncalc.report.view import View, listed

        listing = listed(View(self, fold(self.rows), COLUMNS))
        return table.draw(listing, table.Style(None, color=False, unicode=True))

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        from html import escape

        return f'<pre style="line-height: 1.2">{escape(str(self))}</pre>'


def stack(
    network: str | os.PathLike[str],
    *,
    input: str | None = None,  # noqa: A002 - the option's name
    strict: bool = False,
    channels_first: bool = False,
    like: str | None = None,
    batch: int = 1,
    dtype: str = "float32",
) -> Report:
    """Return the report of a network: notation or a model's name as a str, or a file as a path.

    `input` is a volume that replaces the network's own; `strict` refuses windows that do not
    tile their input; `channels_first` reads and writes volumes as CxHxW; `like` names the counter
    that counts, as 'fvcore'; `batch` and `dtype` say how many inputs go through at once, and of
    what type values are. A fault of the input raises `Problem`.

    >>> stack("32x32x3 -> conv 10 k5 p2").params
    760
    """
    given = read_input(input, channels_first=channels_first)
    if isinstance(network, str):
        parsed = read_text(network, channels_first=channels_first)
    else:
        parsed = read_path(network, given=given, channels_first=channels_first)
    return Report(
        parsed,
        given=given,
        strict=strict,
        channels_first=channels_first,
        like=find_counter(like) if like else None,
        batch=batch,
        dtype=dtype,
    )
