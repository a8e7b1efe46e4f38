"""Languages: messages are English templates, and a catalogue may hold another language's.

A message is written where it arises, `_("no layer is called {name}", name=...)`; what stands in
braces is put in after the template is translated. The catalogues are gettext's, one folder a
language, in `locale/`.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from gettext import GNUTranslations
    from typing import Self

LANGUAGES = ("en", "ko")

_FOLDER = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120 - see sources
_catalogue: GNUTranslations | None = None


def use(language: str) -> None:
    """Speak a language from here on; English where no catalogue of it can be read."""
    global _catalogue  # noqa: PLW0603 - one process speaks one language
    _catalogue = None
    if language != "en" and language in LANGUAGES:
        _catalogue = _read(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while, then the one that was spoken."""
    before = code()
    use(language)
    try:
        yield
    finally:
        use(before)


def _read(language: str) -> GNUTranslations | None:
    """Return the catalogue of a language; None where it is lacking, or damaged in whatever way."""
    from gettext import GNUTranslations
    from io import BytesIO

    from cnncalc.speech import own_files

    path = os.path.join(_FOLDER, language, "LC_MESSAGES", "cnncalc.mo")  # noqa: PTH118
    try:
        return GNUTranslations(BytesIO(own_files.read(path)))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - gettext says it in five kinds
        return None


def words_for(translated: str) -> list[str]:
    """Return the English words that another language's catalogue translates so."""
    return [
        english
        for language in LANGUAGES
        if language != "en" and (catalogue := _read(language))
        for english, said in catalogue._catalog.items()  # type: ignore[attr-defined]  # noqa: SLF001
        if said == translated
    ]


def from_locale() -> str:
    """Return the language that the environment asks for."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"


def is_english() -> bool:
    """Return whether English is spoken: it has articles, and plurals."""
    return _catalogue is None


def code() -> str:
    """Return the language that is spoken, as pages name it."""
    return LANGUAGES[_catalogue is not None]


def _(template: str, /, **values: object) -> str:
    """Return a message in the language that is spoken, its values put in.

    >>> _("no layer is called {name}", name="'covn'")
    "no layer is called 'covn'"
    """
    if _catalogue is None or not template:
        return template.format(**values) if values else template
    text = _catalogue.gettext(template)
    if not values:
        return text
    from cnncalc.speech.particles import settle

    return settle(text.format(**values))


class Sentence(str):
    """A sentence that programs read in English, and people as `localize` says it.

    What is put into it may be a sentence itself.

    >>> Sentence("{slip}, at row {number}", slip=Sentence("the stride ignored"), number=2)
    'the stride ignored, at row 2'
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return a sentence; one that is a sentence already is itself."""
        if isinstance(template, cls):
            return template
        made = super().__new__(cls, template.format(**values))
        made.template, made.values = template, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Return what a copy is made of: not the words, which may hold braces themselves."""
        return (self.template,), self.values

    @classmethod
    def joined(cls, sentences: Sequence[str]) -> Self:
        """Return sentences with commas between them, as one."""
        parts = {f"part{at}": each for at, each in enumerate(sentences)}
        return cls(", ".join(f"{{{name}}}" for name in parts), **parts)


def localize(sentence: str) -> str:
    """Return a sentence in the language that is spoken."""
    if not isinstance(sentence, Sentence):
        return _(sentence)
    values = {
        name: localize(value) if isinstance(value, Sentence) else value
        for name, value in sentence.values.items()
    }
    return _(sentence.template, **values)
