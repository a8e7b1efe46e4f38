"""Sheets of exercises of the kinds that are set, on networks that are drawn or on one's own.

The same seed gives the same sheet.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from cnncalc.homework.drawn_networks import DEPTHS, DRAWS, SIDES, UNITS, chain, pair
from cnncalc.homework.exercises import (
    FEWER,
    Confirmation,
    Exercise,
    HiddenNumber,
    ask,
    compare,
    fill_in,
    judge_if_fits,
    judge_of,
    seek,
)
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.tree import Layer
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.homework.judge import Judge
    from cnncalc.trace.rows import Row

LEVELS = {
    1: ("output", "params", "padding", "in-features"),
    2: ("output", "params", "macs", "rf", "inverse", "in-features", "memory", "padding"),
    3: ("params", "macs", "rf", "compare", "inverse", "memory", "output"),
}
"""The kinds of exercise at each level, where none is asked for."""

EXERCISES = (*DRAWS, "padding", "inverse", "compare", "table")
ON_OWN = ("output", "params", "macs", "rf", "in-features", "memory", "table")
"""The kinds that can be set, and those that can be on one's own network."""

UNKNOWN_KIND = "no kind of exercise is called {name}"
MOST_TRIES = 12  # for an exercise of a kind, before the next is taken


def draw_exercises(
    seed: int, count: int, level: int, kinds: Sequence[str] = ()
) -> Iterator[Exercise]:
    """Yield exercises, always the same for a seed, a level and kinds; fewer if there are none."""
    chance = random.Random(f"{seed}/{level}/{','.join(kinds)}")  # noqa: S311 - set again
    order = list(kinds or LEVELS[level])
    chance.shuffle(order)
    yield from _without_repeats(order, count, lambda kind: _draw(kind, level, chance))


def exercises_on(
    text: str, judge: Judge, seed: int, count: int, kinds: Sequence[str] = ()
) -> Iterator[Exercise]:
    """Yield exercises on a network that is given."""
    judge_if_fits.cache_clear()  # so that what is cut short is the same for a seed
    chance = random.Random(f"{seed}/{text}/{','.join(kinds)}")  # noqa: S311 - set again
    order = list(kinds or ON_OWN[:-1])
    chance.shuffle(order)
    yield from _without_repeats(order, count, lambda kind: _on(text, judge, kind, chance))


def _without_repeats(
    kinds: Sequence[str], count: int, make: Callable[[str], Exercise | None]
) -> Iterator[Exercise]:
    """Yield so many exercises of some kinds in turn, each once."""
    asked: set[tuple[tuple[str, ...], str]] = set()
    turn = failed = 0
    while len(asked) < count and failed < MOST_TRIES * len(kinds):
        exercise = make(kinds[turn % len(kinds)])
        if exercise and (exercise.networks, exercise.question) not in asked:
            asked.add((exercise.networks, exercise.question))
            yield exercise
            turn, failed = turn + 1, 0
            continue
        failed += 1
        turn += failed % MOST_TRIES == 0


def _draw(kind: str, level: int, chance: random.Random) -> Exercise | None:
    """Return an exercise of a kind on a network that is drawn."""
    if kind == "compare":
        return compare(pair(chance), chance.choice(tuple(FEWER)), chance)
    if kind == "padding":
        return seek(_padding(level, chance), kind, chance)
    if kind == "inverse":
        return seek(_unknown(level, chance), kind, chance)
    if kind == "table":
        text = chance.choice((*DRAWS["in-features"][level - 1], chain))(chance)
        judge = judge_of(text)
        return fill_in(text, judge.rows) if judge else None
    quantity = kind.replace("-", "_") if kind == "in-features" else kind
    if kind == "memory":
        quantity = chance.choice(("memory", "memory", "params-memory"))
    return ask(chance.choice(DRAWS[kind][level - 1])(chance), quantity, kind, chance)


def _padding(level: int, chance: random.Random) -> HiddenNumber:
    """Return a layer whose padding is sought: one that keeps the size, or comes to a size."""
    n, k = chance.choice(SIDES[10:]), chance.choice((3, 5, 5, 7, 7, 9, 11))
    d = chance.choice((1, 2, 3)) if level > 1 else 1
    s = chance.choice((1, 2)) if level > 1 and d == 1 else 1
    depth, filters = chance.choice((1, 3, 3, *DEPTHS[:6])), chance.choice(DEPTHS)
    more = f"{f' s{s}' if s > 1 else ''}{f' d{d}' if d > 1 else ''}"
    right = d * (k - 1) // 2 if s == 1 else chance.randint(1, k // 2)
    m = chance.choice(SIDES[10:])
    head = chance.choice((f"{n}x{n}", f"{n}x{n}", f"{n}x{m}", f"{8 * n}", f"{k + 9}x{n}x{n}"))
    layer = chance.choice((f"conv {filters}", f"conv {filters}", "dwconv", "maxpool"))
    step = " s1" if layer == "maxpool" and s == 1 else ""
    text = f"{head}x{depth} -> {layer} k{k}{step}{more} p{{}}"
    return HiddenNumber(text, "padding", range(d * k + 1), right)


def _unknown(level: int, chance: random.Random) -> HiddenNumber:
    """Return a layer with an argument that is sought, or the size of its input."""
    n, k = chance.choice(SIDES[6:]), chance.choice((3, 4, 5, 6, 7))
    depth, filters = chance.choice((1, 3, 3, *DEPTHS[:6])), chance.choice(DEPTHS)
    s = chance.choice((1, 2, 3)) if level > 1 else 1
    p = chance.randint(0, k // 2)
    pad, step = f" p{p}" if p else "", f" s{s}" if s > 1 else ""
    behind = chance.choice(("", " -> maxpool 2")) if level > 2 else ""
    conv, stride = f"{n}x{n}x{depth} -> conv {filters}", chance.choice((2, 2, 3))
    sized = f"{{}}x{{}}x{depth} -> conv {filters} k{k}{step}{pad}{behind}"
    filtered = f"{n}x{n}x{depth} -> conv {{}} k{k}{step}{pad}"
    near = range(filters - 1, filters + 2)
    made = (
        HiddenNumber(f"{conv} k{{}}{step}{pad}{behind}", "kernel", range(max(2 * p, 1), 14), k),
        HiddenNumber(f"{conv} k{k} s{{}}{pad}{behind}", "stride", range(1, 7), stride),
        HiddenNumber(sized, "input", range(max(n - 12, 1), n + 13), n),
        HiddenNumber(filtered, "filters", near, filters, "params"),
        HiddenNumber(
            f"{k}x{k}x{depth * 8} -> fc {{}}", "units", (), chance.choice(UNITS), "params"
        ),
    )
    return chance.choice(made)


def _on(text: str, judge: Judge, kind: str, chance: random.Random) -> Exercise | None:
    """Return an exercise of a kind on a network that is given, or on one of its rows."""
    if kind == "table":
        return fill_in(text, judge.rows)
    quantity = "in_features" if kind == "in-features" else kind
    if kind == "memory":
        quantity = chance.choice(("memory", "params-memory"))
    rows = [row for row in judge.rows if _is_asked(row, kind)]
    if kind == "rf":
        return ask(text, quantity, kind, chance, chance.choice(rows)) if rows else None
    if kind in ("memory", "in-features") or not rows or chance.random() < 1 / (len(rows) + 1):
        return ask(text, quantity, kind, chance)
    row = chance.choice(rows)
    alone = f"{write_volume(row.input)} -> {row.layer}"
    made = ask(alone, quantity, kind, chance)
    if made is None:
        return None
    name = row.label or _("row {number}", number=row.index)
    claim = f"{row.index}.{made.keys[0].claims[0]}"
    return made._replace(networks=(f"{name}: {alone}",), keys=(Confirmation(text, (claim,)),))


def _is_asked(row: Row, kind: str) -> bool:
    """Return whether a row by itself has what a kind of exercise asks for."""
    if not isinstance(row.node, Layer) or row.shared is not None:
        return False
    if kind == "rf":
        return isinstance(row.field, tuple) and "kernel" in row.node.named
    if kind == "output":
        return row.output != row.input and "kernel" in row.node.named
    return bool(row.macs) and kind in ("params", "macs")
