"""What a number with letters comes to where the letters have numbers, by plain arithmetic."""

import math
import re
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


def printed_at(text, values):
    """Return what a printed formula comes to where letters have values, as Python works it out."""
    names = {name: Fraction(value) for name, value in values.items()}
    names |= {"floor": math.floor, "ceil": math.ceil, "max": max, "__builtins__": {}}
    spelled = re.sub(r"\b[0-9]+\b", r"Fraction(\g<0>)", text.replace("^", "**"))
    return eval(spelled, names | {"Fraction": Fraction})
