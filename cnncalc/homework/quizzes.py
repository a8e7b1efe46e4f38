"""Exercises of the kinds that are set, with worked answers; their wrong choices are the slips.

The same seed gives the same sheet.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from cnncalc.homework.answers import text_of
from cnncalc.homework.judge import Judge
from cnncalc.notation.inputs import given_volume, settled
from cnncalc.notation.parser import parse
from cnncalc.report.explanation import explain
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Source
from cnncalc.trace.trace import Trace
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.report.steps import Step
    from cnncalc.trace.rows import Row

CHOICES = 4
ASKED = {
    "output": "What is the size of the output?",
    "params": "How many parameters does it have, biases included?",
    "macs": "How many multiply-accumulates (MACs) does it take?",
    "rf": "How many input pixels does a unit of the last layer see along each axis?",
}

_COUNTS = (
    *("depth-forgotten", "one-bias", "groups-ignored", "kernel-forgotten", "one-filter"),
    *("weights-twice", "weight-per-pixel", "channels-added", "colours-forgotten"),
    *("colours-assumed", "filters-alone", "no-bias", "input-227", "input-224"),
)
WRONG = {
    "output": (
        *("padding-on-one-side", "padding-forgotten", "padding-twice", "stride-ignored"),
        *("dilation-ignored", "plus-one-forgotten", "plus-one-divided", "kernel-ignored"),
        *("size-kept", "kernel-as-size", "kernel-twice", "times-stride", "depth-of-input"),
        *("depth-multiplied", "channels-pooled", "only-channels-pooled", "plus-one-twice"),
        *("total-padding", "layers-left-out"),
    ),
    "params": _COUNTS,
    "macs": (
        *("depth-forgotten", "groups-ignored", "positions-forgotten", "input-grid"),
        *("flops-as-macs", "bias-as-mac"),
    ),
    "rf": (
        *("strides-forgotten", "kernels-added", "whole-kernels", "own-stride", "pools-double"),
        *("pools-left-out", "one-lost", "dilation-ignored"),
    ),
}
"""The ways that wrong choices come from, by name and in this order: the sheet of a seed is the
same whatever else the tables hold."""


class Choice(NamedTuple):
    """An answer to choose: its text, whether it is right, and the slip that leads to it."""

    text: str
    is_right: bool
    says: str


class Exercise(NamedTuple):
    """A network, what is asked of it, the choices, and the working of the right one."""

    network: str
    quantity: str
    question: str
    choices: tuple[Choice, ...]
    steps: tuple[tuple[Row, Step], ...]

    @property
    def right(self) -> str:
        """The right choice."""
        return next(choice.text for choice in self.choices if choice.is_right)


def exercises(seed: int, count: int, level: int) -> Iterator[Exercise]:
    """Yield exercises, always the same for a seed and a level (1 to 3); fewer if there are none."""
    chance = random.Random(f"{seed}/{level}")  # noqa: S311 - exercises that can be set again
    kinds = KINDS[level]
    made = 0
    asked: set[tuple[str, str]] = set()
    for turn in range(20 * count):
        if made == count:
            return
        make, quantities = kinds[turn % len(kinds)]
        network, quantity = make(chance), chance.choice(quantities)
        exercise = None if (network, quantity) in asked else _exercise(network, quantity, chance)
        if exercise:
            asked.add((network, quantity))
            made += 1
            yield exercise


def _exercise(text: str, quantity: str, chance: random.Random) -> Exercise | None:
    """Return an exercise, if its network has an answer and slips enough."""
    network = parse(Source("<quiz>", text))
    given = given_volume(network)
    rows: list[Row] = []
    trace = Trace(rows.append)
    try:
        trace.run(network, settled(given), given.span)  # type: ignore[arg-type, union-attr]
    except Problem:
        return None
    if trace.warnings:
        return None
    judge = Judge(network)
    right = judge.right(quantity)
    if right in ("all", None):
        return None
    wrong: dict[str, str] = {}
    ways = {each.name: each for each in judge.alternatives.singly(None, quantity)}
    for name in WRONG[quantity]:
        if name in ways and text_of(ways[name].value) != text_of(right):
            wrong.setdefault(text_of(ways[name].value), ways[name].says)
    if len(wrong) < CHOICES - 1:
        return None
    chosen = chance.sample(list(wrong.items()), CHOICES - 1)
    choices = [Choice(text_of(right), is_right=True, says="")]
    choices += [Choice(said, is_right=False, says=says) for said, says in chosen]
    chance.shuffle(choices)
    steps = tuple(
        (row, step)
        for row in rows
        for step in explain(row, rows)
        if step.quantity in (quantity, "jump" if quantity == "rf" else quantity)
    )
    return Exercise(text, quantity, _(ASKED[quantity]), tuple(choices), steps)


# ---------------------------------------------------------------- the kinds of exercise


def _side(chance: random.Random) -> int:
    return chance.choice([7, 8, 12, 13, 14, 16, 20, 27, 28, 32, 55, 56, 63, 64, 112, 128, 224])


def _conv(chance: random.Random) -> str:
    n, k = _side(chance), chance.choice([1, 3, 3, 5, 5, 7])
    channels, filters = chance.choice([1, 3, 3, 16, 32]), chance.choice([6, 8, 10, 16, 32, 64])
    s, p = chance.choice([1, 1, 2]), chance.choice([0, 1, 2, (k - 1) // 2])
    return f"{n}x{n}x{channels} -> conv {filters} k{k} s{s} p{p}"


def _pool(chance: random.Random) -> str:
    n, k = _side(chance), chance.choice([2, 2, 3])
    return f"{n}x{n}x{chance.choice([6, 16, 32, 64])} -> maxpool {k} s{chance.choice([2, k])}"


def _fc(chance: random.Random) -> str:
    n = chance.choice([4, 5, 7, 8])
    return f"{n}x{n}x{chance.choice([16, 64, 128])} -> fc {chance.choice([10, 100, 120])}"


def _grouped(chance: random.Random) -> str:
    n, groups = _side(chance), chance.choice([2, 4, 8])
    return f"{n}x{n}x{groups * 8} -> conv {groups * 16} k3 p1 g{groups}"


def _chain(chance: random.Random) -> str:
    n = chance.choice([28, 32, 64])
    first, second = chance.choice([6, 8, 16]), chance.choice([16, 32])
    k = chance.choice([3, 5])
    return (
        f"{n}x{n}x{chance.choice([1, 3])} -> conv {first} k{k} p{(k - 1) // 2} -> relu -> maxpool 2"
        f" -> conv {second} k3 -> relu"
    )


def _fields(chance: random.Random) -> str:
    parts = [
        chance.choice(["conv 8 k3 p1", "conv 8 k3 s2 p1", "conv 8 k5 p2", "maxpool 2"])
        for _each in range(chance.choice([2, 3]))
    ]
    return f"64x64x3 -> {' -> '.join(parts)} -> conv 8 k3 p1"


def _residual(chance: random.Random) -> str:
    n, channels = chance.choice([14, 28, 56]), chance.choice([16, 32, 64])
    return (
        f"{n}x{n}x{channels} -> add[ conv {channels} k3 p1 -> relu -> conv {channels} k3 p1 "
        "| identity ]"
    )


def _inception(chance: random.Random) -> str:
    n = chance.choice([14, 28])
    a, b, c = chance.choice([16, 64]), chance.choice([32, 128]), chance.choice([16, 32])
    return (
        f"{n}x{n}x{chance.choice([64, 192])} -> concat[ conv {a} k1 | conv {b // 2} k1 -> "
        f"conv {b} k3 p1 | conv {c} k5 p2 ]"
    )


def _dilated(chance: random.Random) -> str:
    rates = chance.choice([(1, 2, 4), (1, 2), (2, 4)])
    return "64x64x1 -> " + " -> ".join(f"conv 4 k3 p{rate} d{rate}" for rate in rates)


KINDS: dict[int, list[tuple[Callable[[random.Random], str], list[str]]]] = {
    1: [(_conv, ["output", "params"]), (_pool, ["output"]), (_fc, ["params"])],
    2: [
        (_chain, ["output", "params"]),
        (_fields, ["rf"]),
        (_conv, ["macs"]),
        (_grouped, ["params"]),
    ],
    3: [
        (_residual, ["params", "macs"]),
        (_dilated, ["rf"]),
        (_inception, ["params", "macs"]),
        (_fields, ["rf"]),
    ],
}

LEVELS = tuple(KINDS)


# ---------------------------------------------------------------- as text


def write_text(made: list[Exercise], *, answers: bool, markdown: bool = False) -> str:
    """Return exercises as text or Markdown, with worked answers or without."""
    from cnncalc.numbers.working import write
    from cnncalc.speech.signs import UNICODE

    lines: list[str] = []
    for number, each in enumerate(made, 1):
        network = f"`{each.network}`" if markdown else each.network
        lines += [f"{number}. {network}", f"   {each.question}", ""]
        for letter, choice in zip("abcd", each.choices, strict=False):
            bullet = "   - " if markdown else "     "
            lines.append(f"{bullet}{letter}) {choice.text}")
        lines.append("")
        if answers:
            right = next(
                letter
                for letter, choice in zip("abcd", each.choices, strict=False)
                if choice.is_right
            )
            said = _("Answer: {letter}) {value}", letter=right, value=each.right)
            lines.append(f"   {said}")
            for row, step in each.steps:
                bullet = "   - " if markdown else "     "
                lines.append(f"{bullet}{row.layer}: {write(step.numbers, UNICODE)} = {step.value}")
            for letter, choice in zip("abcd", each.choices, strict=False):
                if not choice.is_right:
                    bullet = "   - " if markdown else "     "
                    said = _("{letter}) is {slip}", letter=letter, slip=_(choice.says))
                    lines.append(f"{bullet}{said}")
            lines.append("")
    return "\n".join(lines).rstrip()


def write_key(made: list[Exercise]) -> str:
    """Return a key in TOML, which `check` reads."""
    parts = [
        f'[[question]]\nname = "{number}"\nnetwork = "{each.network}"\nask = "{each.quantity}"\n'
        f'claims = ["{each.quantity}={each.right.replace(",", "")}"]'
        for number, each in enumerate(made, 1)
    ]
    return "\n\n".join(parts)
