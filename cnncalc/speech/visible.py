"""What cannot be seen, or acts on a terminal, spelled out."""

from __future__ import annotations

ACTS = (
    r"[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb]"
)
"""Control characters but tabs and line ends, and those that turn or hide what is around them."""


def harmless(text: str, *, color: bool = False) -> str:
    r"""Return lines with what acts on a terminal or turns the text around it spelled out.

    What changes colours alone is kept where there are to be colours.

    >>> harmless("Mina\x1b]0;boss\a Jun\u202e")
    'Mina\\x1b]0;boss\\x07 Jun\\u202e'
    """
    if text.replace("\n", " ").replace("\t", " ").isprintable():
        return text
    import re

    kept = r"(\x1b\[[0-9;]*m)" if color else "(?!)()"
    return re.sub(f"{kept}|{ACTS}", lambda found: found[1] or visible(found[0]), text)


def visible(text: str) -> str:
    r"""Return a text with what cannot be seen, or would move the cursor, spelled out.

    >>> visible("a\tb\0")
    'a b\\x00'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else " "
        if character == "\t"
        else character.encode("ascii", "backslashreplace").decode()
        if ord(character) > 127
        else f"\\x{ord(character):02x}"
        for character in text
    )
