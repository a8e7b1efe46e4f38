"""Networks that are drawn by chance, of the kinds that are set as exercises.

All of them make sense: no window is padded by more than half of it, none steps further than it
spans, and a 1x1 conv has neither padding nor stride.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    Draw = Callable[[random.Random], str]

SIDES = (*range(7, 49), 55, 56, 60, 63, 64, 80, 96, 100, 112, 127, 128, 150, 160, 224)
COLOURS = (1, 3, 3, 3, 4)
DEPTHS = (4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128)
UNITS = (10, 20, 50, 84, 100, 120, 128, 200, 256, 500, 1000)


def window(chance: random.Random, kernels: Sequence[int] = (3, 3, 5, 5, 7)) -> str:
    """Return a kernel with a stride and a padding that go with it."""
    k = chance.choice(kernels)
    s = chance.choice((1, 1, 2)) if k > 1 else 1
    p = chance.randint(0, (k - 1) // 2)
    return f"k{k}{f' s{s}' if s > 1 else ''}{f' p{p}' if p else ''}"


def same(k: int) -> str:
    """Return an odd kernel that keeps the size."""
    return f"k{k} p{(k - 1) // 2}"


def conv(chance: random.Random) -> str:
    """Return a conv on an image."""
    n = chance.choice(SIDES)
    depth = chance.choice((*COLOURS, *DEPTHS[:8]))
    return f"{n}x{n}x{depth} -> conv {chance.choice(DEPTHS)} {window(chance, (1, 3, 3, 5, 5, 7))}"


def oblong_conv(chance: random.Random) -> str:
    """Return a conv on a map that is no square, or with a kernel that is none."""
    n, m = chance.sample(SIDES, 2)
    k = chance.choice((3, 5, 7))
    kernel = chance.choice((f"k1x{k} p0x{k // 2}", f"k{k}x1 p{k // 2}x0", same(k), f"k{k}"))
    return (
        f"{n}x{m}x{chance.choice((*COLOURS, *DEPTHS[:6]))} -> conv {chance.choice(DEPTHS)} {kernel}"
    )


def sequence_conv(chance: random.Random) -> str:
    """Return a conv over a sequence."""
    length = chance.choice((50, 64, 100, 128, 200, 256, 400, 500, 1000))
    kernel = window(chance, (3, 5, 7, 9))
    return f"{length}x{chance.choice(DEPTHS)} -> conv {chance.choice(DEPTHS)} {kernel}"


def pool(chance: random.Random) -> str:
    """Return a pool on a map."""
    n, kind = chance.choice(SIDES), chance.choice(("maxpool", "maxpool", "avgpool"))
    given = chance.choice(("2", "2", "3", "3 s2", "3 s2 p1", "2 s1"))
    return f"{n}x{n}x{chance.choice(DEPTHS)} -> {kind} {given}"


def fc(chance: random.Random) -> str:
    """Return a fully connected layer, on a map or on a vector."""
    n, units = chance.randint(3, 14), chance.choice(UNITS)
    head = f"{n}x{n}x{chance.choice(DEPTHS)}" if chance.random() < 0.75 else f"{n * 64}"
    return f"{head} -> fc {units}"


def grouped(chance: random.Random) -> str:
    """Return a conv in groups."""
    n, groups = chance.choice(SIDES), chance.choice((2, 4, 8))
    deep, wide = (groups * chance.randint(1, 12) for _each in range(2))
    return f"{n}x{n}x{deep} -> conv {wide} {same(chance.choice((3, 5)))} g{groups}"


def separable(chance: random.Random) -> str:
    """Return a depthwise conv and a 1x1 conv."""
    n = chance.choice(SIDES)
    return (
        f"{n}x{n}x{chance.choice(DEPTHS)} -> dwconv {same(chance.choice((3, 5, 7)))}"
        f" -> conv {chance.choice(DEPTHS)} k1"
    )


def dilated(chance: random.Random) -> str:
    """Return convs whose dilation grows."""
    rates = chance.choice(((2,), (3,), (4,), (1, 2), (1, 3), (2, 4), (1, 2, 4), (1, 2, 5), (2, 3)))
    n, k, filters = (
        chance.choice((64, 80, 96, 128)),
        chance.choice((3, 3, 5)),
        chance.choice((4, 8)),
    )
    layers = (f"conv {filters} k{k} p{rate * (k // 2)} d{rate}" for rate in rates)
    return f"{n}x{n}x{chance.choice(COLOURS)} -> {' -> '.join(layers).replace(' d1', '')}"


def transposed(chance: random.Random) -> str:
    """Return a transposed conv that enlarges its map."""
    n, filters = chance.randint(4, 32), chance.choice(DEPTHS)
    given = chance.choice(("k2 s2", "k3 s2 p1", "k4 s2 p1", "k4 s2", "k5 s2 p2", "k3 s2", "k3 s3"))
    return f"{n}x{n}x{chance.choice(DEPTHS)} -> deconv {filters} {given}"


def chain(chance: random.Random) -> str:
    """Return convs and pools in turn, as LeNet has them."""
    n, filters = chance.choice((28, 32, 36, 40, 48, 64)), chance.choice((4, 6, 8, 10, 12, 16))
    parts = [f"{n}x{n}x{chance.choice(COLOURS)}"]
    for turn in range(chance.choice((1, 2, 2))):
        k = chance.choice((3, 3, 5))
        parts.append(f"conv {filters << turn} {chance.choice((same(k), f'k{k}'))}")
        parts += ["relu"] * chance.choice((0, 1))
        parts.append(chance.choice(("maxpool 2", "maxpool 2", "avgpool 2", "maxpool 3 s2")))
    return " -> ".join(parts)


def classifier(chance: random.Random) -> str:
    """Return such a chain with a fully connected layer behind it."""
    units = chance.choice(UNITS[:6])
    more = f" -> relu -> fc {chance.choice((2, 5, 10))}" if chance.random() < 0.4 else ""
    return f"{chain(chance)}{chance.choice((' -> flatten', ''))} -> fc {units}{more}"


def small_classifier(chance: random.Random) -> str:
    """Return one layer, and a fully connected one behind it."""
    n, filters = chance.choice(SIDES[:42]), chance.choice(DEPTHS[:8])
    layer = chance.choice(("conv {} {}", "conv {} {} -> maxpool 2")).format(filters, window(chance))
    return f"{n}x{n}x{chance.choice(COLOURS)} -> {layer} -> flatten -> fc {chance.choice(UNITS)}"


def seeing(chance: random.Random) -> str:
    """Return layers with windows, in a chain."""
    n, count = chance.choice((48, 64, 96, 128, 224)), chance.choice((2, 3, 3, 4))
    layers = [
        f"conv {8 * (1 + turn)} {window(chance, (3, 3, 5))}"
        if chance.random() < 0.7
        else chance.choice(("maxpool 2", "maxpool 3 s2", "avgpool 2"))
        for turn in range(count)
    ]
    return f"{n}x{n}x{chance.choice(COLOURS)} -> {' -> '.join(layers)}"


def residual(chance: random.Random) -> str:
    """Return a residual block: basic, with a shortcut of its own, or a bottleneck."""
    n, c = chance.choice((14, 16, 20, 28, 32, 40, 56)), chance.choice((16, 24, 32, 48, 64, 128))
    k = same(chance.choice((3, 3, 5)))
    normed = f"conv {c} {k} nobias -> bn"
    return chance.choice(
        (
            f"{n}x{n}x{c} -> add[ conv {c} {k} -> relu -> conv {c} {k} | identity ]",
            f"{n}x{n}x{c} -> add[ conv {2 * c} {k} -> relu -> conv {2 * c} {k} | conv {2 * c} k1 ]",
            f"{n}x{n}x{4 * c} -> add[ conv {c} k1 -> conv {c} {k} -> conv {4 * c} k1 | identity ]",
            f"{n}x{n}x{c} -> add[ {normed} -> relu -> {normed} | identity ] -> relu",
        )
    )


def inception(chance: random.Random) -> str:
    """Return branches side by side."""
    n, c = chance.choice((14, 16, 20, 28, 32)), chance.choice((32, 48, 64, 96, 128, 192))
    a, b, d = (chance.choice((8, 16, 24, 32, 64)) for _each in range(3))
    tail = chance.choice(("", f" | maxpool 3 s1 p1 -> conv {a} k1"))
    third = chance.choice((f" | conv {d} k5 p2", f" | conv {d // 2} k1 -> conv {d} k5 p2", ""))
    return f"{n}x{n}x{c} -> concat[ conv {a} k1 | conv {b // 2} k1 -> conv {b} k3 p1{third}{tail} ]"


def dense(chance: random.Random) -> str:
    """Return layers whose inputs are all outputs before them."""
    n, c, g = (
        chance.choice((8, 14, 16, 28, 32)),
        chance.choice((16, 24, 32, 64)),
        chance.choice((8, 12, 16, 24)),
    )
    layer = f"concat[ identity | conv {g} {same(chance.choice((3, 5)))} ]"
    return f"{n}x{n}x{c} -> {' -> '.join([layer] * chance.choice((1, 2, 3)))}"


def repeated(chance: random.Random) -> str:
    """Return a block that is repeated, with weights of its own each time, or shared ones."""
    n, c = chance.choice((14, 16, 28, 32)), chance.choice((8, 16, 32, 64))
    shared = chance.choice(("", "", " shared"))
    layer = f"conv {c} {same(chance.choice((3, 5)))} -> relu"
    return f"{n}x{n}x{c} -> [{layer}]*{chance.randint(2, 4)}{shared}"


def decoder(chance: random.Random) -> str:
    """Return a map made smaller and larger again, with what was there put beside it or not."""
    n, c = 4 * chance.randint(4, 16), chance.choice((8, 16, 32))
    up = f"conv {2 * c} k3 s2 p1 -> relu -> deconv {c} {chance.choice(('k2 s2', 'k4 s2 p1'))}"
    last = f"conv {chance.choice((2, 3, 10))} k1"
    head = f"{n}x{n}x{chance.choice(COLOURS)} -> conv {c} k3 p1 -> "
    return head + chance.choice((f"{up} -> {last}", f"concat[ {up} | identity ] -> {last}"))


def separable_block(chance: random.Random) -> str:
    """Return an inverted residual: wide, depthwise, and narrow again."""
    n, c, t = (
        chance.choice((14, 16, 28, 32, 56)),
        chance.choice((8, 16, 24, 32)),
        chance.choice((2, 4, 6)),
    )
    return (
        f"{n}x{n}x{c} -> add[ conv {t * c} k1 -> dwconv {same(chance.choice((3, 5)))} -> "
        f"conv {c} k1 | identity ]"
    )


def video(chance: random.Random) -> str:
    """Return a conv on frames of a film."""
    t, n = chance.choice((8, 10, 16, 20)), chance.choice((28, 32, 56, 64))
    kernel = chance.choice(("k3 p1", "k3", "k3x5x5 p1x2x2", "k1x3x3 p0x1x1"))
    pool = chance.choice(("", " -> maxpool k1x2x2", " -> maxpool 2"))
    return f"{t}x{n}x{n}x{chance.choice(COLOURS)} -> conv {chance.choice(DEPTHS)} {kernel}{pool}"


def long_chain(chance: random.Random) -> str:
    """Return a chain of three convs and more, with strides, pools and dilations."""
    n = chance.choice((96, 128, 160, 224))
    layers = []
    for turn in range(chance.choice((3, 4, 4, 5))):
        k, rate = chance.choice((3, 3, 5)), chance.choice((1, 1, 1, 2))
        step = chance.choice(("", "", " s2")) if rate == 1 else ""
        hole = f" d{rate}" if rate > 1 else ""
        kind = f"conv {8 + 8 * turn} k{k}{step} p{rate * (k // 2)}{hole}"
        layers.append(
            kind if chance.random() < 0.75 else chance.choice(("maxpool 2", "maxpool 3 s2"))
        )
    return f"{n}x{n}x{chance.choice(COLOURS)} -> {' -> '.join(layers)}"


def pair(chance: random.Random) -> tuple[str, str]:
    """Return two networks for one input and one output that people compare."""
    n, c = chance.choice((14, 16, 20, 28, 32, 56, 64)), chance.choice((16, 24, 32, 48, 64, 96, 128))
    head, wide = f"{n}x{n}x{c} -> ", chance.choice((c, 2 * c))
    k = chance.choice((3, 5, 7))
    small = " -> ".join([f"conv {c} k3 p1"] * max((k - 1) // 2, 2))
    stacked = head + f"conv {c} {same(max(k, 5))}", head + small
    parted = head + f"conv {wide} {same(k)}", head + f"dwconv {same(k)} -> conv {wide} k1"
    groups = chance.choice((2, 4, 8))
    in_groups = head + f"conv {wide} {same(k)}", head + f"conv {wide} {same(k)} g{groups}"
    narrow = f"conv {c // 4} k1 -> conv {c // 4} k3 p1 -> conv {c} k1"
    necked = head + f"conv {c} k3 p1 -> conv {c} k3 p1", head + narrow
    crossed = (
        head + f"conv {c} {same(k)}",
        head + f"conv {c} k1x{k} p0x{k // 2} -> conv {c} k{k}x1 p{k // 2}x0",
    )
    units = chance.choice(UNITS[:6])
    closed = f"{n // 2}x{n // 2}x{c} -> fc {units}", f"{n // 2}x{n // 2}x{c} -> gap -> fc {units}"
    return chance.choice((stacked, parted, in_groups, necked, crossed, closed))


SIGHT: tuple[Draw, ...] = (seeing, dilated, long_chain)
DRAWS: dict[str, tuple[tuple[Draw, ...], ...]] = {
    "output": (
        (conv, conv, pool, oblong_conv, sequence_conv),
        (chain, transposed, dilated, seeing, grouped),
        (inception, decoder, video, long_chain, dense, residual),
    ),
    "params": (
        (conv, fc, sequence_conv, oblong_conv),
        (chain, classifier, grouped, separable),
        (residual, inception, dense, repeated, separable_block, decoder, video),
    ),
    "macs": (
        (conv, fc, oblong_conv),
        (grouped, separable, chain, sequence_conv),
        (residual, inception, separable_block, decoder, video, dense, repeated),
    ),
    "rf": ((seeing,), (seeing, dilated), SIGHT),
    "in-features": ((small_classifier,), (classifier,), (classifier,)),
    "memory": ((conv, pool), (chain, classifier, conv), (residual, inception, decoder, dense)),
}
"""What is drawn for each kind of exercise, at each level."""
