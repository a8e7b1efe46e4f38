"""Wrong ways to a receptive field, each worked out from the windows that a unit looks through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.variations import along, has_windows
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import Number, product, shown
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.homework.variations import RowAnswer
    from cnncalc.trace.rows import Row


class Window(NamedTuple):
    """A window on the way to a unit, along one axis: kernel, stride and dilation."""

    is_pool: bool
    in_branch: bool
    kernel: Number
    stride: Number
    dilation: Number

    @property
    def reach(self) -> Number:
        """How many pixels of its own input it sees beside the first: d(k - 1)."""
        taps = self.kernel - 1
        return taps if self.dilation == 1 else self.dilation * taps


def wrong_field(change: Callable[[list[Window]], Any]) -> RowAnswer:
    """Return an answer that is a receptive field, worked out from the windows in a wrong way."""

    def answer(row: Row, _quantity: str, rows: Sequence[Row]) -> Any:
        if not isinstance(row.rf, tuple):
            return None
        sizes = tuple(change(_windows(row, rows, axis)) for axis in range(len(row.rf)))
        return None if None in sizes else sizes

    return answer


def _windows(row: Row, rows: Sequence[Row], axis: int) -> list[Window]:
    """Return the windows on the way to a row, along an axis."""
    found = []
    for each in rows:
        if each.index <= row.index and isinstance(each.node, Layer) and has_windows(each.node):
            values = each.node.named
            k, s, d = (
                shown(along(values.get(name, (1,)), axis))
                for name in ("kernel", "stride", "dilation")
            )
            in_branch = any(place.how == "branch" for place in each.places)
            found.append(Window(each.kind.endswith("pool"), in_branch, k, s, d))
    return found


def kernels_added(windows: list[Window]) -> Any:
    """Add the kernels up."""
    return _sum(each.kernel for each in windows)


def whole_kernels(windows: list[Window]) -> Any:
    """Add k, not k - 1, at each layer."""
    return _sum(_times(each.kernel, jump) for each, jump in _jumps(windows))


def own_stride(windows: list[Window]) -> Any:
    """Count a layer's own stride for itself."""
    if not _has_strides(windows):
        return None
    steps = (_times(each.reach, _times(each.stride, jump)) for each, jump in _jumps(windows))
    return _sum((shown(1), *steps))


def pools_double(windows: list[Window]) -> Any:
    """Multiply the field by the stride at each pool."""
    if not any(each.is_pool and each.stride != 1 for each in windows):
        return None
    size = shown(1)
    for each in windows:
        size = size * each.stride if each.is_pool else size + each.reach
    return size


def pools_left_out(windows: list[Window]) -> Any:
    """Leave the windows of pools out, and keep their strides."""
    if not any(each.is_pool for each in windows):
        return None
    steps = (_times(each.reach, jump) for each, jump in _jumps(windows) if not each.is_pool)
    return _sum((shown(1), *steps))


def strides_forgotten(windows: list[Window]) -> Any:
    """Take every jump as 1."""
    return _in_a_row(windows) if _has_strides(windows) else None


def branches_added(windows: list[Window]) -> Any:
    """Add the windows of parallel branches up, which is right where they stand in a row."""
    if _has_strides(windows) or not any(each.in_branch for each in windows):
        return None
    return _in_a_row(windows)


def dilation_multiplied(windows: list[Window]) -> Any:
    """Take a dilated kernel to reach over k*d pixels."""
    if all(each.dilation == 1 for each in windows):
        return None
    steps = (_times(each.kernel * each.dilation - 1, jump) for each, jump in _jumps(windows))
    return _sum((shown(1), *steps))


def one_less(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Lose the 1 that the field begins with."""
    return tuple(shown(size) - 1 for size in row.rf) if isinstance(row.rf, tuple) else None


def area(row: Row, _quantity: str, _rows: Sequence[Row]) -> Any:
    """Give the pixels of the field along each axis, where its side is asked for."""
    if not isinstance(row.rf, tuple) or len(row.rf) < 2:
        return None
    return (product(map(shown, row.rf)),) * len(row.rf)


def strides_added(windows: list[Window]) -> Any:
    """Add the strides to the jump of 1, where they multiply."""
    strides = [each.stride for each in windows if each.stride != 1]
    return _sum((shown(1), *strides)) if strides else None


def _has_strides(windows: list[Window]) -> bool:
    return any(each.stride != 1 for each in windows)


def _in_a_row(windows: list[Window]) -> Any:
    """Return the field of windows without strides that stand one behind another."""
    return _sum((shown(1), *(each.reach for each in windows))) if windows else None


def _jumps(windows: list[Window]) -> list[tuple[Window, Number]]:
    """Return each window with the jump of its input."""
    found, jump = [], shown(1)
    for each in windows:
        found.append((each, jump))
        jump = _times(each.stride, jump)
    return found


def _times(number: Number, jump: Number) -> Number:
    """Return a number times a jump; itself where that is 1."""
    return number if jump == 1 else number * jump


def _sum(numbers: Any) -> Any:
    """Return a sum that begins with its first number; None for none."""
    total = None
    for number in numbers:
        total = number if total is None else total + number
    return total
