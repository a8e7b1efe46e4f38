"""How arithmetic is written: in ASCII, for people, or as LaTeX."""

from __future__ import annotations

from cnncalc.tuples import NamedTuple

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Signs(NamedTuple):
    """How arithmetic is written; `floor`, `ceil` and `over` are patterns of two parts.

    `bare` says that a quotient's parts need no parentheses, as above and below a line; `power`
    is a pattern too, or nothing for raised digits; `separator` groups the digits of a coefficient.
    """

    minus: str
    times: str
    tight: str
    floor: str
    ceil: str
    over: str
    power: str
    bare: bool = False
    separator: str = ""
    largest: str = "max({})"

    def raised(self, text: str, power: int) -> str:
        """Return a text with its power: C², or C^2."""
        if power == 1:
            return text
        if self.power:
            return self.power.format(text, power)
        return text + str(power).translate(_RAISED)


ASCII = Signs("-", " * ", "*", "floor({} / {})", "ceil({} / {})", "({}/{})", "{}^{}")
UNICODE = Signs(
    "\u2212",
    "\u00b7",
    "\u00b7",
    "\u230a{}/{}\u230b",
    "\u2308{}/{}\u2309",
    "({}/{})",
    "",
)
LATEX = Signs(
    "-",
    r" \cdot ",
    r" \cdot ",
    r"\left\lfloor \frac{{{}}}{{{}}} \right\rfloor",
    r"\left\lceil \frac{{{}}}{{{}}} \right\rceil",
    r"\frac{{{}}}{{{}}}",
    "{}^{{{}}}",
    bare=True,
    largest=r"\max({})",
)
PEOPLE = UNICODE._replace(separator=",")
"""As UNICODE, and the digits of numbers are grouped."""
