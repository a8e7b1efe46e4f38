"""The report that users of Python and of notebooks hold: rows and totals that show themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from warnings import warn

from cnncalc.api.answer import Answer, NetworkWarning
from cnncalc.report import report
from cnncalc.report.quantities import COLUMNS, QUANTITIES

if TYPE_CHECKING:
    from fractions import Fraction

    from cnncalc.api.pictures import Picture
    from cnncalc.kinds.receptive_field import Centre
    from cnncalc.kinds.volumes import Volume
    from cnncalc.report.listing import Listing


class Report(report.Report, Answer):
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
        if quantity in QUANTITIES and ("whole" in self.__dict__ or self._known):
            return self.total(quantity)
        return super().__getattr__(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name.replace("-", "_") for name in QUANTITIES)]

    def __repr__(self) -> str:
        return f"<Report {self.text!r}: {self.params:,} params, {self.macs:,} MACs>"

    def listing(self, *, for_people: bool = False) -> Listing:
        """Return the rows, folded where a screen has no room for them."""
        from cnncalc.report.folds import fold
        from cnncalc.report.stack import listed
        from cnncalc.report.view import View

        return listed(View(self, fold(self.rows) if for_people else self.rows, COLUMNS))

    def draw(
        self,
        *,
        style: str | None = None,
        shade: str | None = None,
        direction: str | None = None,
        depth: int | None = None,
        at: str | int | None = None,
        width: str | None = None,
        format: str = "svg",  # noqa: A002 - what the format of a file is called
    ) -> Picture:
        """Return the figure of the network as text, as `cnncalc draw` writes it.

        `style` is 'volumes', 'levels' or 'blocks', `shade` 'macs' or 'params', `direction` of
        blocks 'vertical' or 'horizontal'; `depth` unfolds, `at` draws one row or what has a label,
        `width` is the most that it may have, as '3.3in'; `format` is 'svg' or 'tex', for TikZ. A
        notebook shows it.

        >>> from cnncalc import stack
        >>> picture = stack("32x32x3 -> conv 10 k5 p2 -> relu").draw(width="3.3in")
        >>> picture[:4]
        '<svg'
        """
        from cnncalc.api.misuse import choose, read_count, read_place, read_word
        from cnncalc.api.pictures import write
        from cnncalc.drawing.figures import DIRECTIONS, SHADED, STYLES, drawn
        from cnncalc.drawing.page import read_width
        from cnncalc.report.places import rows_at

        choose("direction", direction, DIRECTIONS)
        choose("style", style, ("blocks",) if direction else STYLES)
        choose("shade", shade, SHADED)
        place = read_place("at", at)
        figure, warnings = drawn(
            self,
            None if place is None else rows_at(self, place),
            depth=None if depth is None else read_count("depth", depth),
            style=style,
            shade=shade,
            direction=direction,
            width=None if width is None else read_width(read_word("width", width, "width='3.3in'")),
        )
        for each in warnings:
            warn(str(each), NetworkWarning, stacklevel=2)
        return write(figure, format)
