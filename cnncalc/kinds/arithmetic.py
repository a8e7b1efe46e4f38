"""The formulas of convolution arithmetic, one axis at a time.

Every function takes ints, or anything that adds and multiplies as ints do (see `working`).
Sizes are in pixels; paddings are per side. After V. Dumoulin and F. Visin, "A guide to
convolution arithmetic for deep learning" (2016), where no other source is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.numbers.assumptions import assume, remarking
from cnncalc.numbers.lettered import depends_on_letters
from cnncalc.numbers.working import are_numbers, ceiling

if TYPE_CHECKING:
    from cnncalc.numbers.working import Number


def extent(k: Number, d: Number) -> Number:
    """Return the pixels a kernel of `k` taps spans with dilation `d`: d(k-1) + 1.

    >>> extent(3, 1), extent(3, 2)
    (3, 5)
    """
    return k if d == 1 else d * (k - 1) + 1


def padding(before: Number, after: Number) -> Number:
    """Return the padding of both sides together."""
    return 2 * before if before == after else before + after


def window(n: Number, before: Number, after: Number, k: Number, s: Number, d: Number) -> Number:
    """Return how many windows fit: floor((n + before + after - d(k-1) - 1) / s) + 1.

    >>> window(32, 2, 2, 5, 1, 1)
    32
    """
    return (n + padding(before, after) - extent(k, d)) // s + 1


def window_ceil(
    n: Number, before: Number, after: Number, k: Number, s: Number, d: Number
) -> Number:
    """Return the windows of a pool that rounds up, as PyTorch's Pool.h does.

    A last window that would start in the padding after the end is left out.

    >>> window_ceil(112, 0, 0, 3, 2, 1), window_ceil(3, 1, 1, 2, 2, 1)
    (56, 2)
    """
    size = ceiling(n + padding(before, after) - extent(k, d), s) + 1
    if not are_numbers(size) and not extent(k, d) >= after + s:
        raise depends_on_letters()
    hangs = (size - 1) * s >= n + before
    return size - 1 if hangs else size


def same(n: Number, s: Number) -> Number:
    """Return the size that TensorFlow's SAME padding gives: ceil(n / s).

    >>> same(224, 2), same(7, 2)
    (112, 4)
    """
    return ceiling(n, s)


def same_padding(n: Number, out: Number, k: Number, s: Number, d: Number) -> tuple[Number, Number]:
    """Return TensorFlow's SAME padding before and after: half before, the odd one after.

    >>> same_padding(224, 112, 7, 2, 1)
    (2, 3)
    """
    total = (out - 1) * s + extent(k, d) - n
    if not are_numbers(total) and not extent(k, d) >= s:  # it may be less than nothing
        raise depends_on_letters()
    total = max(total, 0)
    return total // 2, total - total // 2


def transposed(
    n: Number, before: Number, after: Number, k: Number, s: Number, d: Number, op: Number
) -> Number:
    """Return a transposed conv's size: (n-1)s - before - after + d(k-1) + op + 1.

    >>> transposed(14, 1, 1, 4, 2, 1, 0)
    28
    """
    size = (n - 1) * s - padding(before, after) + extent(k, d)
    return size + op if op else size


def transposed_same(
    k: Number, s: Number, d: Number, op: Number | None
) -> tuple[Number, Number, Number]:
    """Return what Keras' `same` cuts before and after a transposed conv, and adds at its end.

    Without an output padding the size is n*s: half of what is beyond goes before, the odd one
    after. With one, Keras cuts half the kernel on both sides.

    >>> transposed_same(4, 2, 1, None), transposed_same(1, 3, 1, None), transposed_same(3, 3, 1, 0)
    ((1, 1, 0), (0, 0, 2), (1, 1, 0))
    """
    if op is not None:
        cut = extent(k, d) // 2
        return cut, cut, op
    beyond = extent(k, d) - s
    if not are_numbers(beyond) and not beyond >= 0:  # it may be less than nothing
        raise depends_on_letters()
    if not beyond >= 0:
        return 0, 0, s - extent(k, d)
    return beyond // 2, beyond - beyond // 2, 0


def unread(n: Number, before: Number, out: Number, k: Number, s: Number, d: Number) -> Number:
    """Return how many pixels at the end no window reads; with letters none is left, it is assumed.

    >>> unread(8, 0, 3, 3, 2, 1), unread(7, 0, 3, 3, 2, 1)
    (1, 0)
    """
    left = n + before - (out - 1) * s - extent(k, d)
    if are_numbers(left):
        return min(max(left, 0), n) if k > 1 else 0
    with remarking():
        if k != 1:
            assume("least", -left)
    return 0
