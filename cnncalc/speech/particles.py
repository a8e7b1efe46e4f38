"""Korean particles by the sound that is before them: 3은 but 2는, kernel을 but stride를.

A message has both forms, `{name}은(는)`; the one that fits stays. What is before them may stand in
quotes or brackets, and is read aloud: digits as numbers, capitals by their names, words as they
are borrowed.
"""

from __future__ import annotations

import re

PAIRS = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)다": ("이다", "다"),
    "(이)라": ("이라", "라"),
    "(이)고": ("이고", "고"),
    "(이)며": ("이며", "며"),
    "(이)면": ("이면", "면"),
    "(이)어야": ("이어야", "여야"),
    "(이)었": ("이었", "였"),
}
"""Both forms as a message has them: what stays behind a consonant, and what behind a vowel."""

_BOTH = re.compile("|".join(map(re.escape, PAIRS)))
_CLOSING = "'\"`)]}’”» "
_FIRST, _LAST, _ENDS, _RIEUL = 0xAC00, 0xD7A3, 28, 8


def settle(text: str) -> str:
    """Return a text with the particles that fit.

    >>> settle("32은(는) 'stride'을(를) 8(으)로 나누면 3(이)다")
    "32는 'stride'를 8로 나누면 3이다"
    """
    if "(" not in text:
        return text
    done = ""
    start = 0
    for found in _BOTH.finditer(text):
        done += text[start : found.start()]
        start = found.end()
        sound = final_sound(done)
        is_closed = bool(sound) and not (found[0] == "(으)로" and sound == "l")
        done += PAIRS[found[0]][0 if is_closed else 1]
    return done + text[start:]


def final_sound(text: str) -> str:
    """Return how a text ends as it is read: '' in a vowel, 'l' in ㄹ, 'c' in another consonant."""
    word = text.rstrip(_CLOSING)
    last = word[-1:]
    if "\uac00" <= last <= "\ud7a3":
        end = (ord(last) - _FIRST) % _ENDS
        return "l" if end == _RIEUL else "c" if end else ""
    if last.isascii() and last.isdigit():
        return _of_digits(word)
    if last.isascii() and last.isalpha():
        return _of_letters(re.search("(?<![A-Za-z])[A-Za-z]+$", word)[0])  # type: ignore[index]
    return ""


def _of_digits(word: str) -> str:
    """Return how a number ends: 일 이 삼 사 오 육 칠 팔 구, 십 백 천 만 억 조 경."""
    digits = word[len(word.rstrip("0123456789,")) :].lstrip(",").replace(",", "")
    is_decimal = word[: -len(digits)].endswith(".")
    if digits[-1] != "0" or is_decimal:
        return "" if digits[-1] in "2459" else "l" if digits[-1] in "178" else "c"
    zeros = len(digits) - len(digits.rstrip("0"))
    return "" if 12 <= zeros < 16 and len(digits) > zeros else "c"


def _of_letters(word: str) -> str:
    """Return how a word of Latin letters ends, as it is borrowed; capitals by their names."""
    if word.isupper() and re.search("[AEIOU][CPTK]$", word) and len(word) > 2:
        return "c"  # read as a word: MAC, FLOP
    if word[-1].isupper():
        return {"L": "l", "R": "l", "M": "c", "N": "c"}.get(word[-1], "")
    if len(word) == 1 or not re.search("[aeiouy]", word):
        return {"l": "l", "r": "l", "m": "c", "n": "c"}.get(word[-1], "")
    stem = re.sub("(?<=[lmn])e$", "", word)
    if stem.endswith("l"):
        return "l"
    is_closed = stem.endswith(("m", "n", "ng", "ck")) or re.search("[aeiou][ptk]$", stem)
    return "c" if is_closed else ""
