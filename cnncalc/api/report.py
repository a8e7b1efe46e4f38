"""The report that users of Python and of notebooks hold: rows and totals that show themselves."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from warnings import warn

from cnncalc.importing.sources import is_outside, read_input, read_path, read_text
from cnncalc.report import report
from cnncalc.report.quantities import COLUMNS, QUANTITIES
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.trace.counters import find_counter
from cnncalc.trace.settings import Settings

if TYPE_CHECKING:
    from fractions import Fraction

    from cnncalc.kinds.receptive_field import Centre
    from cnncalc.kinds.volumes import Volume


class NetworkWarning(UserWarning):
    """What a network is warned of: a volume that looks like a slip, pixels that are left over."""


class Report(report.Report):
    """Rows and totals of one network; each total is an attribute by its quantity's name.

    Volumes are tuples, channels last: pixels along each spatial axis, then channels. `rf`,
    `jump`, `start`, `centre` and `padding` are in input pixels, one for each axis; 'all' where
    the whole input is seen, None where there is no one receptive field. `aux` holds the sums of
    auxiliary classifiers, which the totals leave out. Memory is in bytes, of values of the type
    that was asked for; what is computed for each input is that of a batch of them. A report prints
    as its table, and shows itself as one in a notebook.
    """

    output: Volume
    params: int
    weights: int
    biases: int
    macs: int
    flops: int
    activations: int
    rf: tuple[int, ...] | str | None
    jump: tuple[int | Fraction, ...] | str | None
    start: tuple[int, ...] | str | None
    centre: tuple[Centre, ...] | str | None
    padding: tuple[int, ...] | str | None
    last_field: tuple[int, ...] | None
    depth: int
    nonlinearities: int
    memory: int
    params_memory: int
    peak: int | None
    training_sgd: int
    training_momentum: int
    training_adam: int

    def __getattr__(self, name: str) -> Any:
        """Return what the network has of a quantity, `-` in whose name is written `_`."""
        quantity = name.replace("_", "-")
        if quantity in QUANTITIES and "whole" in self.__dict__:
            return self.total(quantity)
        raise AttributeError(f"'Report' object has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name.replace("-", "_") for name in QUANTITIES)]

    def __repr__(self) -> str:
        return f"<Report {self.text!r}: {self.params:,} params, {self.macs:,} MACs>"

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
    what type values are. A fault of the input raises `Problem`; what is warned of comes as a
    `NetworkWarning`.

    >>> stack("32x32x3 -> conv 10 k5 p2").params
    760
    """
    given = read_input(input, channels_first=channels_first)
    if isinstance(network, str):
        _refuse_path(network)
        parsed = read_text(network, channels_first=channels_first)
    else:
        parsed = read_path(network, given=given, channels_first=channels_first)
    counter = find_counter(like) if like else None
    settings = Settings(batch, dtype, strict, counter, channels_first)
    report = Report(parsed, settings, given=given)
    for each in report.warnings:
        warn(str(each), NetworkWarning, stacklevel=2)
    return report


def _refuse_path(text: str) -> None:
    """Refuse a str that is the path of a file which is there."""
    if is_outside(text) and os.path.exists(text):  # noqa: PTH110 - pathlib is slow to import
        raise Problem(
            "path-as-text",
            _("a str is notation or the name of a model, and this one names a file"),
            [Label(Span(Source("<stack>", text), 0, len(text)))],
            helps=[_("give it as a path: pathlib.Path({path})", path=quoted(text))],
        )
