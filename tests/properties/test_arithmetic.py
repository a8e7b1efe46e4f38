"""The arithmetic against brute force: windows are counted, inputs are followed one by one."""

from hypothesis import given
from hypothesis import strategies as st

from cnncalc import Problem, stack
from cnncalc.kinds.arithmetic import transposed, window, window_ceil

small = st.integers(1, 12)
pads = st.integers(0, 6)


@given(n=st.integers(1, 40), before=pads, after=pads, k=small, s=small, d=st.integers(1, 4))
def test_windows_that_fit(n, before, after, k, s, d):
    """An output size is the number of window starts that fit on the padded input."""
    padded = n + before + after
    starts = [start for start in range(0, padded, s) if start + d * (k - 1) < padded]
    assert max(window(n, before, after, k, s, d), 0) == len(starts)


@given(n=st.integers(1, 40), p=pads, k=small, s=small, d=st.integers(1, 4))
def test_windows_that_may_hang_over(n, p, k, s, d):
    """Rounded up, windows start until one reaches the end, none in the padding after it."""
    span = d * (k - 1) + 1
    p = min(p, span // 2)
    starts = [0]
    while starts[-1] + span < n + 2 * p and starts[-1] + s < n + p:
        starts.append(starts[-1] + s)
    size = window_ceil(n, p, p, k, s, d)
    if span - (n + 2 * p) >= s:
        assert size < 1  # even the first window hangs over by a stride or more
    else:
        assert size == len(starts)


@given(n=small, p=pads, k=small, s=small, d=st.integers(1, 4))
def test_transposed_conv_undoes_conv(n, p, k, s, d):
    """A transposed conv gives the smallest size from which the conv gives its input back."""
    size = transposed(n, p, p, k, s, d, 0)
    if size >= 1:
        assert window(size, p, p, k, s, d) == n
        assert window(size - 1, p, p, k, s, d) < n


@given(
    volume=st.tuples(small, small, st.integers(1, 3)),
    k=st.integers(1, 3),
    s=st.integers(1, 3),
    p=st.integers(0, 2),
    filters=st.integers(1, 3),
)
def test_counts_one_by_one(volume, k, s, p, filters):
    """Parameters and MACs of a conv are those of a loop over filters, positions and taps."""
    height, width, channels = volume
    text = f"{height}x{width}x{channels} -> conv {filters} k{k} s{s} p{p}"
    try:
        report = stack(text)
    except Problem:
        assert min(height, width) + 2 * p < k
        return
    weights = macs = outputs = 0
    for _ in range(filters):
        weights += sum(1 for _ in range(k) for _ in range(k) for _ in range(channels))
        for _top in range(0, height + 2 * p - k + 1, s):
            for _left in range(0, width + 2 * p - k + 1, s):
                outputs += 1
                macs += k * k * channels
    assert (report.weights, report.biases, report.macs) == (weights, filters, macs)
    assert outputs == report.output[0] * report.output[1] * report.output[2]
