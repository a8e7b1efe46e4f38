"""Figures as Python has them: texts in SVG or TikZ, which notebooks show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.api.misuse import choose, read_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.drawing.shapes import Figure

LANGUAGES = {"svg": "svg", "tex": "tikz"}
"""The languages of figures by the endings of their files, and the writer of each."""


class Picture(str):
    """A figure, as the text of its file."""

    __slots__ = ()

    def _repr_svg_(self) -> str | None:
        """Return it for a notebook, which shows SVG."""
        return str(self) if self.startswith("<svg") else None


def write(figure: Figure, form: str) -> Picture:
    """Return a figure as the text of a file that ends in svg or tex."""
    from importlib import import_module

    choose("format", read_word("format", form, "format='svg'"), LANGUAGES)
    lines: Iterable[str] = import_module(f"cnncalc.drawing.{LANGUAGES[form]}").write(figure)
    return Picture("".join(f"{line}\n" for line in lines))
