"""Random networks: their text, by hypothesis.

A strategy is made once, however often something is drawn from it: to make it takes longer.
"""

from functools import cache

from hypothesis import settings
from hypothesis import strategies as st

few = settings(max_examples=settings.default.max_examples // 3)
"""For a property whose every example is dear: a third of the examples of others."""

number = st.integers(1, 9)
KINDS = ("conv", "dwconv", "deconv", "maxpool", "avgpool", "plain", "one")
PLAIN = (
    "relu",
    "bn",
    "ln",
    "gap",
    "identity",
    "prelu",
    "dropout 0.5",
    "lrn 5 1e-4 0.75",
    "softmax",
    "gn 1",
    "in",
    "layerscale",
    "output",
    "flatten",
    "gmp",
)
"""Layers without numbers, and some with the usual ones."""


@cache
@st.composite
def volumes(draw, rank=2, least=1, most=24):
    """Draw a volume, channels last."""
    return (*(draw(st.integers(least, most)) for _ in range(rank)), draw(number))


@cache
@st.composite
def windows(draw, rank):
    """Draw the options of a window: kernel, stride, padding, dilation, some of them per axis."""
    words = []
    for letter, sizes in (("k", st.integers(1, 5)), ("s", st.integers(1, 3))):
        words.append(
            letter + "x".join(str(draw(sizes)) for _ in range(draw(st.sampled_from((1, rank)))))
        )
    if draw(st.booleans()):
        sides = st.one_of(
            st.integers(0, 3).map(str), st.tuples(number, number).map("{0[0]}:{0[1]}".format)
        )
        words.append("p" + "x".join(draw(sides) for _ in range(draw(st.sampled_from((1, rank))))))
    if draw(st.booleans()):
        words.append(f"d{draw(st.integers(1, 3))}")
    return " ".join(words)


@cache
@st.composite
def layers(draw, rank=2):
    """Draw a layer that may or may not fit what comes in."""
    name = draw(st.sampled_from(KINDS))
    if name == "plain":
        return draw(st.sampled_from(PLAIN))
    if name == "one":
        value = draw(number)
        return draw(
            st.sampled_from(
                [
                    f"fc {value}",
                    f"pad {value}",
                    f"pad 0:{value}",
                    f"crop {value}",
                    "crop 1:0",
                    f"upsample {value}",
                    f"upsample {value} bilinear",
                    f"adaptiveavgpool {value}",
                    f"slice 0 {value}",
                    f"local {value} k1",
                    f"conv {value} k3 same s2 nobias",
                ]
            )
        )
    words = draw(windows(rank))
    if name == "avgpool":
        words = " ".join(word for word in words.split() if word[0] != "d")
    if name in ("maxpool", "avgpool") and draw(st.booleans()):
        words += " ceil"
    filters = f"{draw(number)} " if name in ("conv", "deconv") else ""
    return f"{name} {filters}{words}"


@cache
def sequences(rank=2, depth=2):
    """Return a strategy of sequences, with groups, joins and labels in them."""
    item = layers(rank)
    if depth:
        inner = sequences(rank, depth - 1)
        item = st.one_of(
            item,
            item,
            st.builds("[{}]*{}".format, inner, st.integers(0, 3)),
            st.builds(
                "{}[{} | {}]".format, st.sampled_from(("concat", "add", "mul")), inner, inner
            ),
            st.builds("add[{} | identity]".format, inner),
            st.builds("aux[{}]".format, inner),
        )
    return st.lists(item, min_size=1, max_size=4).map(" -> ".join)


@cache
@st.composite
def networks(draw, rank=2, depth=2):
    """Draw a network, with a definition in it or not."""
    volume = "x".join(map(str, draw(volumes(rank, least=6))))
    body = draw(sequences(rank, depth))
    if draw(st.booleans()):
        part = draw(sequences(rank, 0))
        calls = draw(st.integers(1, 3))
        return (
            f"def part(n, s=1, m=n*2, ...) {{ {part} -> conv m k1 s=s ... }} "
            f"{volume} -> [part {calls} s1 g1]*{calls} -> {body}"
        )
    return f"{volume} -> {body}"
