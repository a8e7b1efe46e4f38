"""What a number with letters comes to where the letters have numbers, by plain arithmetic."""

from fractions import Fraction

from cnncalc.numbers.terms import Floor, Largest, Terms


def at(number, values):
    """Return what a number comes to where letters have values."""
    if not isinstance(number, Terms):
        return number
    total = 0
    for key, coefficient in number.terms.items():
        term = coefficient
        for atom, power in key:
            if isinstance(atom, Largest):
                value = max(at(each, values) for each in atom.numbers)
            elif isinstance(atom, Floor):
                value = at(atom.dividend, values) // at(atom.divisor, values)
            else:
                value = values[atom]
            for _each in range(abs(power)):
                term = term * value if power > 0 else Fraction(term) / value
        total += term
    return int(total) if total == int(total) else total
