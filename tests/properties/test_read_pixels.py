"""What a unit reads against brute force: the set of inputs that reach a unit, gone forward."""

from itertools import product

from hypothesis import event, given
from hypothesis import strategies as st

from cnncalc import stack
from cnncalc.trace.read_pixels import read_pixels
from cnncalc.trace.units import unit_of

KINDS = ["conv", "conv", "maxpool", "deconv", "upsample", "pad", "crop", "join", "pool"]


def pair(values):
    """Return how numbers for each axis are typed."""
    return "x".join(map(str, values))


class Windows:
    """A map whose units each hold the set of input pixels that reach them, by place."""

    def __init__(self, sizes, units):
        self.sizes, self.units = sizes, units

    @classmethod
    def of_input(cls, sizes):
        """Return the input: each pixel reaches itself."""
        return cls(sizes, {place: {place} for place in product(*map(range, sizes))})

    def gathered(self, sizes, reads):
        """Return a map of sizes whose units read, along each axis, what a function gives."""
        units = {}
        for place in product(*map(range, sizes)):
            sources = product(*(reads(axis, each) for axis, each in enumerate(place)))
            found = (self.units[source] for source in sources if source in self.units)
            units[place] = set().union(*found)
        return Windows(sizes, units)

    def joined(self, other):
        """Return what two maps of one size give together."""
        assert self.sizes == other.sizes
        return Windows(
            self.sizes, {place: self.units[place] | other.units[place] for place in self.units}
        )


def slid(here, k, s, p, d):
    """Return a map under windows, their numbers for each axis; None where they do not fit."""
    sizes = tuple(
        (n + 2 * p[i] - d[i] * (k[i] - 1) - 1) // s[i] + 1 for i, n in enumerate(here.sizes)
    )
    if min(sizes) < 1:
        return None
    return here.gathered(
        sizes, lambda axis, o: [o * s[axis] - p[axis] + t * d[axis] for t in range(k[axis])]
    )


def spread(here, k, s, p):
    """Return a map behind a transposed conv."""
    sizes = tuple((n - 1) * s[i] + k[i] - 2 * p[i] for i, n in enumerate(here.sizes))
    if min(sizes) < 1:
        return None
    return here.gathered(
        sizes,
        lambda axis, o: [
            i for i in range(here.sizes[axis]) if 0 <= o + p[axis] - i * s[axis] < k[axis]
        ],
    )


@st.composite
def chains(draw):
    """Draw the text of a network on a map of one axis or two, and the last map, gone forward."""
    rank = draw(st.integers(1, 2))
    sizes = tuple(draw(st.integers(4, 24 if rank == 1 else 9)) for _ in range(rank))
    here, words = Windows.of_input(sizes), [f"{pair(sizes)}x2"]

    def numbers(least, most):
        return [draw(st.integers(least, most)) for _ in range(rank)]

    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(KINDS))
        k, s, p, d = numbers(1, 4), numbers(1, 3), numbers(0, 2), numbers(1, 3)
        if kind == "conv":
            new = slid(here, k, s, p, d)
            text = f"conv 2 k{pair(k)} s{pair(s)} p{pair(p)} d{pair(d)}"
        elif kind == "maxpool":
            p = [min(each, k[i] // 2) for i, each in enumerate(p)]
            new = slid(here, k, s, p, [1] * rank)
            text = f"maxpool k{pair(k)} s{pair(s)} p{pair(p)}"
        elif kind == "deconv":
            p = [min(each, k[i] - 1) for i, each in enumerate(p)]
            new = spread(here, k, s, p)
            text = f"deconv 2 k{pair(k)} s{pair(s)} p{pair(p)}"
        elif kind == "upsample":
            new = here.gathered(tuple(n * s[0] for n in here.sizes), lambda _, o, f=s[0]: [o // f])
            text = f"upsample {s[0]}"
        elif kind == "pad":
            new = here.gathered(
                tuple(n + 2 * p[0] for n in here.sizes), lambda _, o, p=p[0]: [o - p]
            )
            text = f"pad {p[0]}" if p[0] else "relu"
        elif kind == "crop":
            new = slid(here, [1] * rank, [1] * rank, [-p[0]] * rank, [1] * rank)
            text = f"crop {p[0]}" if p[0] else "relu"
        elif kind == "pool":
            out = tuple(draw(st.integers(1, n)) for n in here.sizes)
            new = here.gathered(
                out,
                lambda axis, o, out=out, here=here: range(
                    o * here.sizes[axis] // out[axis], -(-(o + 1) * here.sizes[axis] // out[axis])
                ),
            )
            text = f"adaptiveavgpool {pair(out)}"
            if 1 in out:  # what is one position sees all
                continue
        else:  # odd kernels with half of them as padding keep the size, in any branch
            halves = [numbers(0, 1), numbers(0, 2)]
            parts = [
                slid(
                    here,
                    [2 * h + 1 for h in half],
                    [1] * rank,
                    [h * e for h, e in zip(half, d, strict=True)],
                    d,
                )
                for half in halves
            ]
            new = parts[0].joined(parts[1])
            typed = [
                f"conv 2 k{pair(2 * h + 1 for h in half)} d{pair(d)} "
                f"p{pair(h * e for h, e in zip(half, d, strict=True))}"
                for half in halves
            ]
            text = f"concat[{' | '.join(typed)}] -> conv 2 k1"
        if new is None or max(new.sizes) > (60 if rank == 1 else 14):
            continue
        here = new
        words.append(text)
    return " -> ".join(words), here


@given(chains())
def test_every_unit(drawn):
    """Each unit of the last map reads exactly the pixels that reach it."""
    text, brute = drawn
    rows = stack(text).rows
    row = rows[-1]
    assert row.output[:-1] == brute.sizes
    if not isinstance(row.field, tuple):
        event("no one field")
        return
    for place, reached in brute.units.items():
        found = read_pixels(rows, row, place)
        pixels = set()
        for block in found.blocks:
            axes = ([each for run in runs for each in range(run[0], run[1] + 1)] for runs in block)
            pixels.update(product(*axes))
        assert pixels == reached, (text, place)
        for axis in range(len(place)) if reached else ():
            along = [pixel[axis] for pixel in reached]
            assert found.ends(axis) == (min(along), max(along))
        field = unit_of(row, place).sides
        padded = read_pixels(rows, row, place, padded=True)
        assert all(side is None or padded.ends(axis) == side for axis, side in enumerate(field))
