"""HTML from elements: text is escaped where it is put in, and nothing else can make a tag."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Content: TypeAlias = "str | Iterable[Content]"
"""Markup, a text, or several of them."""

VOID = frozenset(("br", "input", "link", "meta"))
"""The elements that hold nothing, and have no end."""


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


def element(name: str, *content: Content, **attributes: str | bool) -> Markup:
    """Return an element; `_` at the end of an attribute's name, or in it for -, is Python's.

    >>> element("label", "a < b", class_="w", for_='"x"', hidden=True, open=False)
    '<label class="w" for="&quot;x&quot;" hidden>a &lt; b</label>'
    """
    said = "".join(
        f" {key.strip('_').replace('_', '-')}" + ("" if value is True else f'="{_value(value)}"')
        for key, value in attributes.items()
        if value is not False
    )
    end = "" if name in VOID else f"</{name}>"
    return Markup(f"<{name}{said}>{joined(*content)}{end}")


def joined(*content: Content) -> Markup:
    """Return texts and markup one behind the other, texts escaped.

    >>> joined("1 < 2", Markup("<br>"), ["&", Markup("&lt;")])
    '1 &lt; 2<br>&amp;&lt;'
    """
    return Markup(
        "".join(
            each
            if isinstance(each, Markup)
            else escape(each, quote=False)
            if isinstance(each, str)
            else joined(*each)
            for each in content
        )
    )


def _value(text: str) -> str:
    """Return a text as it stands between double quotes."""
    return escape(text, quote=False).replace('"', "&quot;")
