"""How arithmetic is written: in ASCII, for people, or as LaTeX."""

from __future__ import annotations

from cnncalc.tuples import NamedTuple

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Signs(NamedTuple):
    """How arithmetic is written; `floor`, `ceil` and `over` are patterns of two parts.

    `bare` says that a quotient's parts need no parentheses, as above and below a line; `power`
    is a pattern too, or nothing for raised digits; `separator` groups the digits of a number, and
    `comma` stands for it; `brackets`, `largest` and `smallest` are patterns of what stands in them;
    `rest` is one of how many parts more there are than people read, without it all are written;
    with `word` a name of several letters is one word, what follows its capital or word below it.
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
    comma: str = ","
    brackets: str = "({})"
    largest: str = "max({})"
    smallest: str = "min({})"
    word: str = ""
    rest: str = ""

    def digits(self, number: object) -> str:
        """Return a number in digits, in groups where they are separated."""
        return format(number, self.separator).replace(",", self.comma)

    def name(self, letters: str) -> str:
        r"""Return a letter, or a name of several.

        >>> LATEX.name("n"), LATEX.name("Cin"), LATEX.name("outH")
        ('n', '\\mathrm{C_{in}}', '\\mathrm{out_{H}}')
        """
        if not self.word or len(letters) == 1:
            return letters
        head = letters[0] if letters[0].isupper() else letters.rstrip("DHW0123456789")
        below = letters[len(head) :]
        return self.word.format(f"{head}_{{{below}}}" if below else head)

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
    rest="\u2026 ({})",
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
    separator=",",
    comma="{,}",
    brackets=r"\left({}\right)",
    largest=r"\max\left({}\right)",
    smallest=r"\min\left({}\right)",
    word=r"\mathrm{{{}}}",
    rest=r"\ldots \text{{ ({})}}",
)
PEOPLE = UNICODE._replace(separator=",")
"""As UNICODE, and the digits of numbers are grouped."""
