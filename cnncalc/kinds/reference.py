"""What the entry of a kind says of it: how it is written, its arguments, its formulas.

The formulas are not written twice: they are the entry's own, worked out on numbers that go by
letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.table import REQUIRED
from cnncalc.numbers.working import named, plain, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.table import Kind, Parameter
    from cnncalc.kinds.volumes import Volume
    from cnncalc.numbers.working import Number


def letter(parameter: Parameter) -> str:
    """Return the letter that stands for a parameter."""
    return parameter.letter or parameter.symbol


def brief(kind: Kind) -> str:
    """Return a layer with what it cannot do without: conv N k."""
    needs = [letter(each) for each in kind.parameters if each.default is REQUIRED]
    return " ".join([kind.name, *needs])


def usage(kind: Kind) -> str:
    """Return how a layer is written, what may be left out in brackets: conv N k s1 p0 ..."""
    words = [kind.name]
    for parameter in kind.parameters:
        if parameter.form == "rank":
            continue
        if parameter.form == "words":
            words.append("[...]")
        elif parameter.form == "flag":
            words.append(f"[{parameter.name}]")
        elif parameter.default is REQUIRED:
            words.append(letter(parameter))
        elif parameter.like:
            words.append(f"[{parameter.letter}={_default(parameter)}]")
        elif parameter.default is None:
            words.append(f"[{letter(parameter)}]")
        else:
            words.append(f"[{parameter.letter}{_default(parameter)}]")
    return " ".join(words)


def _default(parameter: Parameter) -> str:
    default = parameter.default
    if default is None:
        return parameter.like[:1]
    return "x".join(map(str, default)) if isinstance(default, tuple) else str(default)


def arguments(kind: Kind) -> list[list[str]]:
    """Return a line for each argument: how it is written, its default, its flag, what it is."""
    lines = []
    for parameter in kind.parameters:
        if parameter.form in ("rank", "words"):
            continue
        if parameter.form == "flag":
            flag = "--no-bias" if parameter.name == "nobias" else f"--{parameter.name}"
            lines.append([parameter.name, "", flag, parameter.says])
            continue
        default = "" if parameter.default is REQUIRED else _default(parameter)
        flags = [f"--{name}" for name in dict.fromkeys((parameter.name, parameter.letter)) if name]
        lines.append([letter(parameter), default, ", ".join(flags), parameter.says])
    return lines


def formulas(kind: Kind) -> dict[str, str]:
    """Return a kind's formulas in letters, by quantity; those that are not 0 or unchanged.

    >>> from cnncalc.kinds.table import KINDS
    >>> formulas(KINDS["conv"])["params"]
    '(k*k*(Cin/g) + 1) * N'
    """
    measure = lettered(kind)
    found = {
        "output": measure.output[0],
        "channels": measure.output[-1] if len(measure.output) > 1 else 0,
        "params": measure.params,
        "MACs": measure.macs,
    }
    return {
        name: str(number)
        for name, number in found.items()
        if number and (name == "params" or str(number) not in ("n", "Cin"))
    }


def lettered(kind: Kind) -> Measure:
    """Return what a kind does to a volume in letters."""
    values = [_sample(parameter) for parameter in kind.parameters]
    return kind.measure(tuple(shown(number, name) for name, number in kind.letters), *values)


def in_letters(kind: Kind, volume: Volume, values: tuple[Any, ...]) -> Measure:
    """Return what a layer does to a volume, its own numbers going by letters.

    A padding of 0, and a dilation or groups of 1, stay out of the formulas.
    """
    pairs = zip(kind.parameters, values, strict=True)
    return kind.measure(named_volume(kind, volume), *(_named(*pair) for pair in pairs))


def named_volume(kind: Kind, volume: Volume) -> Volume:
    """Return a volume whose sizes go by letters: n, or nH and nW, and Cin."""
    if len(volume) == 1:
        return (shown(volume[0], "n"),)
    *axes, channels = (name for name, _number in kind.letters)
    spatial = named(axes[0] if len(axes) == len(volume) - 1 else "n", volume[:-1])
    return (*spatial, shown(volume[-1], channels))


def _named(parameter: Parameter, value: Any) -> Any:
    """Return the value of an argument that goes by its letter."""
    name = letter(parameter)
    if parameter.form in ("flag", "rank", "words", "text", "volume") or value is None:
        return value
    idle = parameter.default if parameter.name != "stride" else None
    if parameter.form == "number":
        return value if value == idle else shown(value, name)
    idle = idle[0] if idle in ((0,), (1,)) else None
    if any(isinstance(side, tuple) for side in value):
        pairs = [side if isinstance(side, tuple) else (side, side) for side in value]
        before, after = (
            _letters(end, list(numbers), 0)
            for end, numbers in zip(("before", "after"), zip(*pairs, strict=True), strict=True)
        )
        return tuple(zip(before, after, strict=True))
    return tuple(_letters(name, value, idle))


def _letters(name: str, numbers: Sequence[Number], idle: int | None) -> list[Number]:
    """Return numbers of all axes that go by a letter, but those that change nothing."""
    return [plain(each) if each == idle else each for each in named(name, numbers)]


def _sample(parameter: Parameter) -> Any:
    """Return a value for a parameter that goes by its letter."""
    if not parameter.sample:
        return parameter.default
    number = shown(parameter.sample, letter(parameter))
    return number if parameter.form == "number" else (number,)
