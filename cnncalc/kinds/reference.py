"""What the entry of a kind says of it: how it is written, its arguments, its formulas.

The formulas are not written twice: they are the entry's own, worked out on numbers that go by
letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.table import REQUIRED
from cnncalc.numbers.working import shown

if TYPE_CHECKING:
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.table import Kind, Parameter


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


def lettered(kind: Kind, given: tuple[Any, ...] = ()) -> Measure:
    """Return what a kind does to a volume in letters, with the flags of a layer."""
    values = [_sample(parameter) for parameter in kind.parameters]
    for place, value in enumerate(given):
        if kind.parameters[place].form in ("flag", "text"):
            values[place] = value
    return kind.measure(tuple(shown(number, name) for name, number in kind.letters), *values)


def _sample(parameter: Parameter) -> Any:
    """Return a value for a parameter that goes by its letter."""
    if not parameter.sample:
        return parameter.default
    number = shown(parameter.sample, letter(parameter))
    return number if parameter.form == "number" else (number,)
