"""A quantity: what it is of one row and of several, and in which order a value is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.numbers.lettered import share
from cnncalc.report.several import add
from cnncalc.speech.columns import Column
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, quoted
from cnncalc.tuples import NamedTuple, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.numbers.working import Number, Working
    from cnncalc.report.workings import Of
    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings


@entry_of("cnncalc.report.quantities", "QUANTITIES")
class Quantity(NamedTuple):
    """Something that a row has a value of.

    `form` is 'count' (a whole number), 'ratio' (of its `parts`, to a hundredth), 'word', 'volume',
    'axes' (a number for each spatial axis, 'all' or None), or 'share' (percent of the total of what
    it is a `share_of`; of the size of the 'input' one for each axis). `several` makes of `one`,
    what one row has, what several rows have: their sum, the last's, the most, a ratio of sums.
    `path` is where it stands in JSON, if it does. `working` gives the arithmetic of a row whose
    measure and input are numbers that show theirs, a line each; `worked` that of bytes, of one row
    or of several. `column` is its place in a table, 0 for none, and `short` a heading for where
    there is little room; `needs` names the option without which there is none. What is `batched`
    grows with the batch; `caption` says below a table what is counted.
    """

    name: str
    heading: str
    unit: str
    counts: str
    form: str
    several: Callable[[Callable[[Row], Any], Row], Any]
    path: tuple[str, ...]
    one: Callable[[Row], Any]
    working: Callable[[Row], list[str]] | None = None
    column: int = 0
    card: bool = False
    share_of: str = ""
    batched: bool = False
    worked: Callable[[Row, Of], Working] | None = None
    caption: str = ""
    short: str = ""
    needs: str = ""
    parts: Callable[[Row], tuple[Number, Number] | None] | None = None

    def of(self, row: Row) -> Any:
        """Return what a row has, one or several; of a share, what it is a share of."""
        if row.several is None:
            return self.one(row)
        sums = row.several.sums
        name = self.share_of or self.name
        return sums[name] if sums and name in sums else self.several(self.one, row)

    @property
    def is_summed(self) -> bool:
        """Whether several rows have the sum of what each has."""
        return self.several is add and not self.share_of

    @property
    def is_alike(self) -> bool:
        """Whether rows that have the same of all that is added up have the same of it."""
        return self.is_summed or self.share_of not in ("", "input") or self.form == "volume"

    @property
    def of_all(self) -> bool:
        """Whether JSON says what a whole network has of it: no axes, and no part of itself."""
        return self.form != "axes" and not self.share_of


def refuse_without(quantity: Quantity, settings: Settings) -> None:
    """Refuse a quantity of a planner or a device where another, or none, is asked for."""
    if quantity.needs == "planner" and settings.planner != "tflm":
        raise Problem(
            "planner-needed",
            _("{name} is of the planner {planner}", name=quoted(quantity.name), planner="'tflm'"),
            helps=[_("add '--planner {planner} --dtype int8'", planner="tflm")],
            status=2,
        )
    if quantity.needs == "device" and not settings.device:
        raise Problem(
            "device-needed",
            _("{name} is of a device", name=quoted(quantity.name)),
            helps=[_("add '--device t4', or another that 'cnncalc devices' lists")],
            status=2,
        )


def value(quantity: Quantity, row: Row, whole: Row) -> Any:
    """Return what a row has of a quantity; a share of the `whole` in percent, to a tenth, half up.

    Of the whole it is of there is a hundred percent, or none where there is nothing.
    """
    found = quantity.of(row)
    if not quantity.share_of or found is None or isinstance(found, str):
        return found
    if not isinstance(found, tuple):
        return share(found, quantity.of(whole))
    return shares(of_input(found, row))


def of_input(found: Any, row: Row) -> Any:
    """Return what a row has along the axes of the input that it sees, each with its size."""
    seen = row.rows[-1].seen if row.several else row.seen
    return tuple(zip(found, seen[1] if seen else (), strict=False))


def shares(parts: tuple[tuple[Number, Number], ...]) -> tuple[float | None, ...] | None:
    """Return parts in percent of what each is of; None where letters decide one of them."""
    is_square = parts[1:] == parts[:-1]
    found = tuple([share(*each) for each in (parts[:1] if is_square else parts)])
    if None in found:
        return None
    return found * len(parts) if is_square else found


def in_order(quantity: Quantity, value: Any, *, channels_first: bool = False) -> Any:
    """Return a value in the order that is printed: a volume's channels may go first."""
    return axes_in_order(value, channels_first) if quantity.form == "volume" else value


def axes_in_order(volume: Any, channels_first: bool) -> Any:
    """Return a volume, if there is one, in that order."""
    return (volume[-1], *volume[:-1]) if channels_first and volume is not None else volume


def column(quantity: Quantity) -> Column:
    """Return the column of a quantity."""
    name, heading, form = quantity.name, quantity.heading, quantity.form
    return Column(name, heading, form, quantity.path, short=quantity.short)


def flat(quantity: Quantity) -> Column:
    """Return its column where JSON has it under its own name, not nested."""
    return column(quantity)._replace(path=())
