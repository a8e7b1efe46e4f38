"""Numbers with letters in them as Python: functions of the letters, exact and fast.

What stands in several of them is worked out once. A sum is written as few products as can be: what
all its terms have is taken out, then what most of them have.
"""

from __future__ import annotations

from math import gcd, lcm
from typing import TYPE_CHECKING, Any

from cnncalc.numbers.terms import Floor, Largest, Table, Terms, table_of
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cnncalc.numbers.assumptions import Assumed
    from cnncalc.numbers.terms import Atom, Monomial


class Compiled(NamedTuple):
    """Functions of letters in their order: of one number each, and of many of them.

    Where what was assumed of letters does not hold of numbers they return None in place of answers.
    """

    one: Callable[..., tuple[Any, ...] | None]
    many: Callable[[Iterable[Sequence[int]]], list[tuple[Any, ...] | None]]


def source_of(
    letters: Sequence[str], numbers: Sequence[Any], assumed: Iterable[Assumed], most: int
) -> str:
    """Return the text of functions `one` and `many`, which give numbers where letters have some.

    Letters are whole numbers from 1 to `most`; `assumed` is what must hold of them.
    """
    lines = _CodeLines({name: f"v{place}" for place, name in enumerate(letters)})
    taken = ", ".join(lines.names.values())
    if letters:
        lines.refuse_unless(
            " and ".join(
                f"type({name}) is int and 0 < {name} <= {most}" for name in lines.names.values()
            )
        )
    for how, number in assumed:
        above, below = lines.quotient(table_of(number))
        if how == "whole":
            lines.refuse_unless(f"not ({above}) % ({below})")
        else:
            sign = {"least": ">=", "differs": "!=", "equal": "=="}[how]
            lines.refuse_unless(f"{above} {sign} 0")
    found = lines.number(tuple(numbers))
    each = f"{taken}," if letters else "_"
    text = [
        f"def one({taken}):",
        *(f" {line}" for line in lines.told("return None")),
        f" return {found}",
        "def many(points):",
        " found = []",
        " add = found.append",
        f" for {each} in points:",
        *(f"  {line}" for line in lines.told("add(None); continue")),
        f"  add({found})",
        " return found",
    ]
    return "\n".join(text)


def functions_in(source: str) -> Compiled:
    """Return the functions of such a text."""
    scope: dict[str, Any] = {}
    exec(compile(source, "<formula>", "exec"), scope)  # noqa: S102 - text that is made here
    return Compiled(scope["one"], scope["many"])


class _CodeLines:
    """Lines of Python that work out, once each, what numbers are made of.

    `names` are what letters go by; a line that can fail is kept with what it asks for.
    """

    def __init__(self, names: dict[Atom, str]) -> None:
        self.names = names
        self._lines: list[tuple[str, str]] = []
        self._known: dict[str, str] = {}

    def told(self, otherwise: str) -> list[str]:
        """Return the lines, with what is done otherwise where one is not fulfilled."""
        return [f"if not ({text}): {otherwise}" if how else text for how, text in self._lines]

    def refuse_unless(self, text: str) -> None:
        """Add a line that is fulfilled where a text holds."""
        self._lines.append(("if", text))

    def number(self, number: Any) -> str:
        """Return the text of a number, or of a volume."""
        if isinstance(number, tuple):
            return f"({''.join(f'{self.number(each)}, ' for each in number)})"
        if not isinstance(number, Terms):
            return str(number)
        above, below = self.quotient(number.terms)
        return above if below == "1" else f"({above}) // ({below})"

    def quotient(self, table: Table) -> tuple[str, str]:
        """Return the text of a number's dividend and divisor, which have no fraction in them."""
        times = lcm(*(number.denominator for number in table.values()))
        powers: dict[Atom, int] = {}
        for key in table:
            for atom, power in key:
                powers[atom] = max(powers.get(atom, 0), -power)
        by = {atom: power for atom, power in powers.items() if power}
        whole: Table = {}
        for key, number in table.items():
            raised = {**by}
            for atom, power in key:
                raised[atom] = raised.get(atom, 0) + power
            whole[tuple((atom, power) for atom, power in raised.items() if power)] = int(
                number * times
            )
        return self._sum(whole), self._product(times, tuple(by.items()))

    def _named(self, text: str) -> str:
        """Return the name of what a text works out, by a line of its own."""
        name = self._known.get(text)
        if name is None:
            name = self._known[text] = f"t{len(self._known)}"
            self._lines.append(("", f"{name} = {text}"))
        return name

    def _atom(self, atom: Atom) -> str:
        name = self.names.get(atom)
        if name is None:
            if isinstance(atom, Largest):
                text = self._largest(atom)
            elif isinstance(atom, Floor):
                above, below = self.quotient(atom.dividend.terms)
                more, under = self.quotient(atom.divisor.terms)
                text = f"({_times(above, under)}) // ({_times(below, more)})"
            else:
                raise KeyError(atom)
            name = self.names[atom] = self._named(text)
        return name

    def _largest(self, atom: Largest) -> str:
        """Return the largest of numbers; what all have of letters is taken out."""
        tables = [each.terms for each in atom.numbers]
        common = _common([key for table in tables for key in table])
        common = tuple((each, power) for each, power in common if isinstance(each, str))
        whole = [n for table in tables for n in table.values() if isinstance(n, int)]
        times = gcd(*whole) if len(whole) == sum(map(len, tables)) else 1
        parts = [
            Terms({_less(key, common): n // times for key, n in table.items()}) for table in tables
        ]
        found = f"max({', '.join(map(self.number, parts))})"
        return _times(self._product(times, common), found)

    def _power(self, atom: Atom, power: int) -> str:
        name = self._atom(atom)
        return name if power == 1 else self._named("*".join([name] * power))

    def _product(self, number: int, key: Monomial) -> str:
        parts = [self._power(*each) for each in key]
        return "*".join([*([str(number)] if number != 1 or not parts else []), *parts])

    def _sum(self, table: Table) -> str:
        """Return a sum of terms with whole coefficients."""
        if not table:
            return "0"
        if len(table) == 1:
            ((key, number),) = table.items()
            return self._product(int(number), key)
        if common := _common(list(table)):
            rest = self._sum({_less(key, common): number for key, number in table.items()})
            return f"{self._product(1, common)}*({rest})"
        uses: dict[Atom, int] = {}
        for key in table:
            for atom, _power in key:
                uses[atom] = uses.get(atom, 0) + 1
        atom = max(uses, key=lambda each: uses[each])
        if uses[atom] == 1 or uses[atom] == len(table):
            return " + ".join(self._product(int(number), key) for key, number in table.items())
        with_it = {key: number for key, number in table.items() if atom in dict(key)}
        without = {key: number for key, number in table.items() if key not in with_it}
        return f"{self._sum(with_it)} + {self._sum(without)}"


def _times(one: str, other: str) -> str:
    """Return the text of a product, a factor of 1 left out."""
    if "1" in (one, other):
        return other if one == "1" else one
    return f"({one})*({other})"


def _common(keys: Sequence[Monomial]) -> Monomial:
    """Return what all monomials have."""
    powers = dict(keys[0])
    for key in keys[1:]:
        others = dict(key)
        powers = {
            atom: min(power, others[atom]) for atom, power in powers.items() if atom in others
        }
    return tuple(powers.items())


def _less(key: Monomial, common: Monomial) -> Monomial:
    """Return a monomial without what it has in common with others."""
    powers = dict(key)
    for atom, power in common:
        powers[atom] -= power
    return tuple((atom, power) for atom, power in powers.items() if power)
