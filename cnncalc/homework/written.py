"""Values as people write them: what stands around a number, and powers of ten.

value = [ "=" | "~" | "≈" ] ( number | volume | maps "@" sizes | sizes maps | working "=" number
        | number "(" working ")" ) [ "." ]
"""

from __future__ import annotations

import re

_BEFORE = r"(?i)^(?:[=~≈:]|(?:약|대략|about|approx\.?|approximately|circa|ca\.)(?= ?[0-9]) ?)+ ?"
_MAPS = r"(?i)([0-9]+) ?@ ?([0-9]+(?: ?[x×*✕] ?[0-9]+)*)"
_MAPS_BEHIND = (
    r"(?i)([0-9]+(?: ?[x×*✕] ?[0-9]+)+) ([0-9]+) ?(?:개|장|채널|maps?|channels?|feature maps)"
)
_PIXELS = r"(?i)(?<=[0-9]) ?(?:픽셀|화소|px|pixels?)$"
_IN_BRACKETS = r"([0-9][0-9,.]*[kKMGBT]?) ?\(((?:[\^0-9,.() ]*+[-+*/x×·])++[^a-zA-Z]*)\)"
_POWERED = (
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
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_WORDED = (
    rf"(?i)([0-9]+(?:,[0-9]{{3}})*)(?:\.([0-9]+))? ?({_WORD})"
    r"(?![^\W\d]*[a-z])(?: ?[^\W\d]+)?"
)
_MYRIADS = {"억": 8, "만": 4, "천": 3}
_COMPOSED = (
    r"(?:([0-9,]+) ?억)? ?(?:([0-9,]+) ?만)? ?(?:([0-9,]+) ?천)? ?([0-9,]+)?(?: ?[^\W\da-zA-Z]+)?"
)
_COMMA = r"(0|[1-9][0-9]*),([0-9]+)(?= ?(?:[^\W\d]|$))"
MOST_SIGNS = 200
BLANKS = frozenset({"-", "--", "–", "—", "?", "??", "n/a", "na", "모름", "모르겠음", "x", "."})
"""What stands in a cell that is left out."""


def bare(text: str) -> tuple[str, str]:
    """Return the value that a text comes to, and the working beside it; '' for none.

    >>> bare("(5*5*3 + 1)*10 = 760"), bare("760 (750+10)"), bare("~760."), bare("6@28x28")
    (('760', '(5*5*3 + 1)*10'), ('760', '750+10'), ('760', ''), ('28x28x6', ''))
    """
    if len(text) > MOST_SIGNS or text.replace("x", "").isdigit():  # 760, 32x32x10
        return text, ""
    text = re.sub(_BEFORE, "", text)
    if re.search(r"[0-9]\.$", text):
        text = text[:-1]
    text = re.sub(_PIXELS, "", text)
    if found := re.fullmatch(_MAPS, text):
        return f"{found[2]}x{found[1]}", ""
    if found := re.fullmatch(_MAPS_BEHIND, text):
        return f"{found[1]}x{found[2]}", ""
    if found := re.fullmatch(_IN_BRACKETS, text):
        return found[1], found[2]
    working, sign, value = text.rpartition("=")
    return (value.strip(), working.strip()) if sign and working.strip() else (text, "")


def powered(text: str) -> tuple[int, int, int] | None:
    """Return what a number with a power of ten claims: least, below and unit, as a figure does.

    >>> powered("7.6e2"), powered("1.03×10^8"), powered("102.8 million"), powered("760")
    ((1510, 1530, 2), (205000000, 207000000, 2), (205500000, 205700000, 2), None)
    """
    if len(text) > MOST_SIGNS or text.isdigit():
        return None
    found = re.fullmatch(_POWERED, text)
    if found and (found[2] or not re.search("[x×*·]", text)):
        power = int(found[3].translate(_RAISED))
    elif found := re.fullmatch(_WORDED, text):
        power = _WORDS[found[3].lower()]
    else:
        return None
    decimals = found[2] or ""
    whole, power = int(found[1].replace(",", "") + decimals), power - len(decimals)
    up, down = 10 ** max(power, 0), 10 ** max(-power, 0)
    return (2 * whole - 1) * up, (2 * whole + 1) * up, 2 * down


def composed(text: str) -> tuple[int, int, int] | None:
    """Return what a number in hundreds of millions, tens of thousands and thousands claims.

    >>> composed("76만 8천"), composed("1억 3,836만"), composed("1만 2,800개"), composed("760만")
    ((1535000, 1537000, 2), (276710000, 276730000, 2), (12800, 12801, 1), None)
    """
    is_plain = len(text) > MOST_SIGNS or text.isdigit()
    found = None if is_plain else re.fullmatch(_COMPOSED, text)
    parts = found.groups() if found else ()
    if sum(each is not None for each in parts) < 2:
        return None
    powers = [*_MYRIADS.values(), 0]
    given = [(int(e.replace(",", "")), p) for e, p in zip(parts, powers, strict=True) if e]
    number, power = sum(count * 10**power for count, power in given), given[-1][1]
    return (2 * number - 10**power, 2 * number + 10**power, 2) if power else (number, number + 1, 1)


def pointed(text: str) -> str:
    """Return a number with a comma before its decimals with a point there.

    Three digits behind a comma are thousands, but for those behind a 0; of more a unit says so.

    >>> pointed("102,8M"), pointed("0,768M"), pointed("1,5억"), pointed("102,800"), pointed("7,6")
    ('102.8M', '0.768M', '1.5억', '102,800', '7.6')
    """
    found = re.match(_COMMA, text) if "," in text else None
    if not found:
        return text
    rest, count = text[found.end() :], len(found[2])
    is_decimal = found[1] == "0" or count < 3 or (count > 3 and rest)
    return f"{found[1]}.{found[2]}{rest}" if is_decimal else text
