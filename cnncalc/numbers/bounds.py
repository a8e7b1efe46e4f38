"""What letters, and what is made of them, are at least, where some sizes are at least 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.numbers.one_letter import whole
from cnncalc.numbers.terms import Floor, Largest, Table, Terms, substitute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.numbers.terms import Atom


class Bounds:
    """The least that letters and floors are: `least` of a letter, or what the sizes say."""

    def __init__(self, sizes: Iterable[Terms], least: int) -> None:
        self._least = least
        self._letters: dict[str, int] = {}
        self._atoms: dict[Floor, int] = {}
        for size in sizes:
            self._bound(size.terms, 1)

    def of_letter(self, name: str) -> int:
        """Return what a letter is at least."""
        return self._letters.get(name, self._least)

    def _bound(self, terms: Table, least: int) -> None:
        """Take what a size at least so large says of the letter, or the floor, that it has."""
        rest = {key: number for key, number in terms.items() if key}
        if len(rest) != 1:
            return
        ((key, times),) = rest.items()
        beyond = least - terms.get((), 0)
        if times <= 0 or any(power < 0 for _atom, power in key):
            return
        if len(key) > 1 or key[0][1] > 1:
            for atom, _power in key if beyond > 0 else ():
                self._bound({((atom, 1),): 1}, 1)
            return
        atom = key[0][0]
        bound = int(-(-beyond // times))
        if isinstance(atom, str):
            self._letters[atom] = max(bound, self._letters.get(atom, self._least))
        elif isinstance(atom, Floor):
            self._atoms[atom] = max(bound, self._atoms.get(atom, bound))
            divisor = whole(atom.divisor)
            if divisor and divisor > 0:
                self._bound(atom.dividend.terms, bound * divisor)

    def of(self, atom: Atom) -> int | None:
        """Return what an atom is at least, which is not below 0; None where that is not known."""
        if isinstance(atom, str):
            return 0 if atom.endswith("'") else max(self.of_letter(atom), 0)
        if isinstance(atom, Largest):
            least = [self.of_sum(each.terms) for each in atom.numbers]
            known = [each for each in least if each is not None]
            return max(known) if known else None
        if atom in self._atoms:
            return self._atoms[atom] if self._atoms[atom] >= 0 else None
        dividend = self.of_sum(atom.dividend.terms)
        if dividend is None:
            return None
        divisor = whole(atom.divisor)
        return dividend // divisor if divisor else 0

    def of_sum(self, table: Table) -> int | None:
        """Return what a number is at least, where that is not below 0."""
        cleared = table
        for atom in {atom for key in table for atom, _power in key}:
            least = self.of(atom)
            if least is None or any(power < 0 for key in table for a, power in key if a == atom):
                return None
            cleared = substitute(cleared, atom, {((atom, 1),): 1, (): least}) if least else cleared
        if any(number < 0 for number in cleared.values()):
            return None
        return int(cleared.get((), 0))
