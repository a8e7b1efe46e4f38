"""Values as people write them: what stands around a number, and powers of ten.

value = [ "=" | "~" | "≈" ] ( number | volume | maps "@" sizes | working "=" number
        | number "(" working ")" ) [ "." ]
"""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"^(?:[=~≈:]|(?:약|대략|about|approx\.?|approximately|circa|ca\.)(?= ?[0-9]) ?)+ ?",
    re.IGNORECASE,
)
_MAPS = re.compile(r"([0-9]+) ?@ ?([0-9]+(?: ?[x×*✕] ?[0-9]+)*)", re.IGNORECASE)
_IN_BRACKETS = re.compile(
    r"([0-9][0-9,.]*[kKMGBT]?) ?\(((?:[\^0-9,.() ]*+[-+*/x×·])++[^a-zA-Z]*)\)"
)
_POWERED = re.compile(
    r"([0-9]+)(?:\.([0-9]+))?(?: ?[eE]\+?| ?[x×*·] ?10 ?(?:\^|\*\*)? ?)"
    r"([0-9]{1,2}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"(?: ?[^\W\d]+)?"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WORDS = {
    **dict.fromkeys(("thousand", "천"), 3),
    "만": 4,
    **dict.fromkeys(("million", "millions", "백만"), 6),
    "억": 8,
    **dict.fromkeys(("billion", "billions"), 9),
    **dict.fromkeys(("trillion", "조"), 12),
}
_WORDED = re.compile(
    rf"([0-9]+(?:,[0-9]{{3}})*)(?:\.([0-9]+))? ?({'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    r"(?![^\W\d]*[a-z])(?: ?[^\W\d]+)?",
    re.IGNORECASE,
)
MOST_SIGNS = 200
BLANKS = frozenset({"-", "--", "–", "—", "?", "??", "n/a", "na", "모름", "모르겠음", "x", "."})
"""What stands in a cell that is left out."""


def bare(text: str) -> tuple[str, str]:
    """Return the value that a text comes to, and the working beside it; '' for none.

    >>> bare("(5*5*3 + 1)*10 = 760"), bare("760 (750+10)"), bare("~760."), bare("6@28x28")
    (('760', '(5*5*3 + 1)*10'), ('760', '750+10'), ('760', ''), ('28x28x6', ''))
    """
    if len(text) > MOST_SIGNS:
        return text, ""
    text = _BEFORE.sub("", text)
    if re.search(r"[0-9]\.$", text):
        text = text[:-1]
    if found := _MAPS.fullmatch(text):
        return f"{found[2]}x{found[1]}", ""
    if found := _IN_BRACKETS.fullmatch(text):
        return found[1], found[2]
    working, sign, value = text.rpartition("=")
    return (value.strip(), working.strip()) if sign and working.strip() else (text, "")


def powered(text: str) -> tuple[int, int, int] | None:
    """Return what a number with a power of ten claims: least, below and unit, as a figure does.

    >>> powered("7.6e2"), powered("1.03×10^8"), powered("102.8 million"), powered("760")
    ((1510, 1530, 2), (205000000, 207000000, 2), (205500000, 205700000, 2), None)
    """
    if len(text) > MOST_SIGNS:
        return None
    found = _POWERED.fullmatch(text)
    if found and (found[2] or not re.search("[x×*·]", text)):
        power = int(found[3].translate(_RAISED))
    elif found := _WORDED.fullmatch(text):
        power = _WORDS[found[3].lower()]
    else:
        return None
    decimals = found[2] or ""
    whole, power = int(found[1].replace(",", "") + decimals), power - len(decimals)
    up, down = 10 ** max(power, 0), 10 ** max(-power, 0)
    return (2 * whole - 1) * up, (2 * whole + 1) * up, 2 * down
