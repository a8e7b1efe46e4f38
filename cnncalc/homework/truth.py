"""Whether a claim is true of what was found, and how far it misses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.claims import ALL, SIGN
from cnncalc.notation.expressions import is_fraction
from cnncalc.numbers.lettered import letters_in
from cnncalc.report.claim_names import ARGUMENTS
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.claims import Claim
    from cnncalc.numbers.certainty import Domain
    from cnncalc.numbers.working import Number
    from cnncalc.trace.memory import Pass
    from cnncalc.trace.rows import Row


def seen_by(claim: Claim, found: Any, rows: Sequence[Row]) -> Any:
    """Return what was found, as it is claimed.

    A field of all is the input's size, where a size is; one number of a kernel, a stride, a padding
    or a dilation is that of each axis, where so many are.
    """
    if found == "all" and claim.quantity == "rf" and claim.value != ALL:
        return rows[0].output[:-1]
    if claim.quantity in ARGUMENTS and isinstance(found, tuple) and len(found) == 1:
        rank = len(rows[0].output) - 1
        return found * rank if len(claim.value or ()) == rank else found
    return found


def holds(claim: Claim, found: Any) -> bool:
    """Return whether a claim is true of what was found, whatever the letters are."""
    return truth(claim, found) is True


def truth(claim: Claim, found: Any, of: Pass | None = None) -> bool | None:
    """Return whether a claim is true of what was found; None where that depends on the letters.

    They are any numbers, or those for which every window `of` a pass fits.
    A formula with letters is claimed to be equal whatever they are: 27*C is not 27*C^2 for C = 1.
    """
    needs = _needs(claim, found)
    if needs is None:
        return False
    if not letters_in(needs):
        return all(each >= 0 for each in needs)
    from cnncalc.numbers.certainty import ANY

    domain = ANY if of is None else of.domain
    if all(domain.holds_at_least(each, 0) for each in needs):
        return True
    is_formula = claim.operator == "=" and bool(letters_in(claim.value or ()))
    if is_formula or any(domain.holds_at_least(-each, 1) for each in needs):
        return False
    where = domain.where(needs)
    return False if where is not None and not where[1] else None


def condition(claim: Claim, found: Any, domain: Domain) -> str:
    """Return for which numbers a claim is true that depends on the letters."""
    ranges = domain.ranges(_needs(claim, found) or ())
    if ranges:
        return _("true for {numbers}", numbers=ranges)
    value = SIGN.split(claim.text, maxsplit=1)[-1].strip()
    return _("true where {formula}", formula=f"{_written(found)} {claim.operator} {value}")


def _written(found: Any) -> str:
    """Return what was found as people write it."""
    sizes = found if isinstance(found, tuple) else (found,)
    return "x".join(f"{size:,}" for size in sizes)


def _needs(claim: Claim, found: Any) -> list[Number] | None:
    """Return the numbers that are at least 0 where a claim is true; None where it never is."""
    if claim.value == ALL:
        return [] if found == "all" else None
    if claim.value is None or found is None or isinstance(found, str):
        return None
    if claim.is_figure:
        low, high, scale = _bounds(claim.operator, _of(claim.value, found))
        sides = [] if claim.worked is None else [found - claim.worked, claim.worked - found]
        number = _exact(found) * scale
        if is_fraction(number) and claim.operator == "=":
            number = number.__floor__()  # from the least digits up to, and not with, the next
        return [
            *([number - low] if low is not None else []),
            *([high - number] if high is not None else []),
            *sides,
        ]
    sizes = tuple(found) if isinstance(found, tuple) else (found,)
    wanted: tuple[Number, ...] = claim.value
    if claim.quantity == "output" and claim.operator not in ("<=", ">="):
        sizes, wanted = _without_ones(sizes), _without_ones(wanted)
    elif len(wanted) == 1:
        wanted *= len(sizes)
    if len(wanted) != len(sizes) or not sizes:
        return None
    pairs = list(zip(sizes, wanted, strict=True))
    if claim.operator == "~" and letters_in(wanted):
        return [each for a, b in pairs for each in (100 * a - 99 * b, 101 * b - 100 * a)]
    over = [a - b for a, b in pairs] if claim.operator != "<=" else []
    under = [b - a for a, b in pairs] if claim.operator != ">=" else []
    return [*over, *under]


def _exact(found: Any) -> Any:
    """Return a number without rounding in it: a ratio that is shown has two decimals."""
    if type(found) is int:
        return found
    if not isinstance(found, float):
        return found
    from fractions import Fraction

    return Fraction(str(found))


def _of(figure: tuple[int, int, int], found: Any) -> tuple[int, int, int]:
    """Return a figure; in halves of its last digit where a whole one is of a number that is not."""
    least, below, unit = figure
    if unit == 1 and below == least + 1 and (isinstance(found, float) or is_fraction(found)):
        return 2 * least - 1, 2 * least + 1, 2
    return figure


def _bounds(operator: str, figure: tuple[int, int, int]) -> tuple[int | None, int | None, int]:
    """Return what a claim of a figure says: how often a number is at least, and at most, what.

    A bound is the number that is written; `=` is of the digits that are, `~` of one percent.
    """
    least, below, unit = figure
    if operator == "=":
        return least, below - 1, unit
    twice = least + below - 1 if below == least + 1 else least + below
    if operator == "~":
        return 99 * twice, 101 * twice, 200 * unit
    return (None, twice, 2 * unit) if operator == "<=" else (twice, None, 2 * unit)


def may_be(claim: Claim, found: Any) -> bool:
    """Return whether a claim may have been read off a number: it holds, or was cut off."""
    if claim.is_figure and claim.operator == "=" and type(found) is int and claim.value:
        least, below, unit = claim.value
        return bool(least <= found * unit < below + (below - least) // 2)
    return holds(claim, found) or _may_be_sizes(claim.value, found)


def _may_be_sizes(written: tuple[Any, ...] | None, found: Any) -> bool:
    """Return whether sizes that do not come out whole are those that are written."""
    if not written or not found or not isinstance(found, tuple):
        return False  # a vector has no sizes
    if len(written) not in (1, len(found)):
        return False
    pairs = zip(written * (len(found) // len(written)), found, strict=True)
    return all(a == b or _is_cut_off(a, b) for a, b in pairs)


def _is_cut_off(written: Any, found: Any) -> bool:
    """Return whether a number with decimals is a fraction, rounded or cut off."""
    if not (hasattr(written, "denominator") and hasattr(found, "denominator")):
        return False
    if written.denominator == 1 or found.denominator == 1:
        return False
    digits = next((n for n in range(1, 9) if 10**n % written.denominator == 0), 9)
    return bool(abs(written - found) * 10**digits < 1)


def misses(claim: Claim, found: Any) -> tuple[bool, bool]:
    """Return whether what was found is too small for a claim, and whether it is too large.

    A volume may be both, along different axes; neither can be said where the axes do not match.
    """
    if claim.value in (None, ALL) or found is None or isinstance(found, str):
        return False, False
    sizes = tuple(found) if isinstance(found, tuple) else (found,)
    if letters_in((*sizes, *claim.value)):
        return False, False
    if claim.is_figure:
        if holds(claim, found):
            return False, False
        number = 2 * _exact(found) * claim.value[2]
        small = number < claim.value[0] + claim.value[1]
        return small, not small
    wanted = claim.value * len(sizes) if len(claim.value) == 1 else claim.value
    if len(sizes) != len(wanted):
        return False, False
    pairs = list(zip(sizes, wanted, strict=True))
    return (
        claim.operator != "<=" and any(a < b for a, b in pairs),
        claim.operator != ">=" and any(a > b for a, b in pairs),
    )


def _without_ones(sizes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in sizes if size != 1) or (1,)
