"""The file that is read, and those of its package that it imports: nothing else is opened."""

from __future__ import annotations

import ast
import os
import re
import warnings
from itertools import islice
from typing import TYPE_CHECKING

from cnncalc.importing.python import faults
from cnncalc.notation.tokens import MOST_TEXT
from cnncalc.speech import own_files
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source, Span
from cnncalc.speech.system import reason_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FRAMEWORKS = frozenset(("torch", "torchvision", "timm", "keras", "tensorflow", "numpy", "einops"))
"""Packages that are installed: of their own files, none above is followed, nor any by its name."""

MOST_FILES = 100
MOST_TOKENS = BUDGET.source_tokens
_LONG_LINE = 10_000  # of which bytes are taken for characters
_WORD = r"\w+|[^\w ]"
BLOCKS, NETWORKS, APPLICATIONS = "<blocks>", "<networks>", "<applications>"
_TEXTS = {BLOCKS: "blocks.txt", NETWORKS: "networks.txt", APPLICATIONS: "applications.txt"}
"""What is known of packages, in files beside this one: blocks, torchvision's networks, Keras'."""


class File:
    """A text of Python and its syntax tree."""

    def __init__(self, source: Source, folder: str = "") -> None:
        self.source = source
        self.folder = folder  # where it stands; nothing for what stands in none
        self._is_ascii = source.text.isascii()
        self._starts = [0]
        for line in source.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.tree = self._parsed()

    def span(self, line: int, column: int, end: int | None) -> Span:
        """Return a stretch of a line, from 1, by its columns in bytes; to its end without one."""
        text = self.source.text
        line = min(max(line, 1), len(self._starts) - 1)
        start, after = self._starts[line - 1], self._starts[line] - 1
        if self._is_ascii or after - start > _LONG_LINE:
            stop = after if end is None else min(start + end, after)
            return Span(self.source, min(start + column, after), stop)
        raw = text[start:after].encode()
        stop = len(raw) if end is None else end
        return Span(
            self.source,
            start + len(raw[:column].decode(errors="replace")),
            start + len(raw[:stop].decode(errors="replace")),
        )

    def _parsed(self) -> ast.Module:
        if any(islice(re.finditer(_WORD, self.source.text), MOST_TOKENS, None)):
            raise faults.too_many_words(self.span(1, 0, None), MOST_TOKENS)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.source.text)
        except SyntaxError as error:
            span = self.span(error.lineno or 1, 0, None)
            raise faults.not_python(span, (error.msg or "").lower()) from None
        except (ValueError, RecursionError, MemoryError):
            why = _("brackets stand too deep in one another")
            raise faults.not_python(self.span(1, 0, 0), why) from None


class Files:
    """The files of a package, each read when it is imported."""

    def __init__(self, source: Source) -> None:
        self.folder = os.path.dirname(os.path.realpath(source.name))  # noqa: PTH120
        self.first = File(source, "" if source.name.startswith("<") else self.folder)
        self._path = os.path.dirname(source.name)  # noqa: PTH120
        self._files: dict[str, File] = {}
        self._found: dict[tuple[str, int, str], str | None] = {}

    @property
    def package(self) -> str:
        """The name of the folder around the folder: of the package that it is a part of."""
        return os.path.basename(os.path.dirname(self.folder))  # noqa: PTH119, PTH120

    def known(self, name: str) -> File:
        """Return what is known of packages: BLOCKS, NETWORKS or APPLICATIONS."""
        if name not in self._files:
            path = os.path.join(os.path.dirname(__file__), _TEXTS[name])  # noqa: PTH118, PTH120
            self._files[name] = File(Source(name, own_files.read(path).decode()))
        return self._files[name]

    def is_own(self, file: File) -> bool:
        """Return whether a file is of the folder, and not what is known of packages."""
        return file.source.name not in _TEXTS

    def find(self, parts: Sequence[str], level: int, of: File) -> str | None:
        """Return the file that a module is, imported in a file so many levels up; None for none.

        It is named by its path from the folder, without its ending. It stands beside the one that
        imports it or below, above it in a package alone, and by its whole name in one that both
        are parts of.
        """
        if not of.folder:
            return None
        key = ".".join(parts), level, of.folder
        if key not in self._found:
            self._found[key] = self._sought(parts, level, of)
        return self._found[key]

    def _sought(self, parts: Sequence[str], level: int, of: File) -> str | None:
        """Return the file that a module is, as it stands on disk."""
        folders = of.folder.split(os.sep)  # noqa: PTH206 - pathlib costs more than the rest
        count = len(folders)
        if level:
            above = [folders[: count - at] for at in range(level)] if level > 1 else []
            inner = all(
                self._named([*each, "__init__"]) and each[-1] not in FRAMEWORKS for each in above
            )
            roots = [folders[: count - level + 1]] if inner else []
        elif parts[0] in FRAMEWORKS:  # a folder of that name hides it where it is a package alone
            is_own = len(parts) == 1 or self._named([*folders, parts[0], "__init__"])
            roots = [folders] if is_own else []
        else:
            roots = [folders, *(folders[:at] for at in range(1, count) if folders[at] == parts[0])]
        for root in roots:
            for path in ([*root, *parts, "__init__"], [*root, *parts] if parts else []):
                if path and (found := self._named(path)):
                    return found
        return None

    def _named(self, folders: Sequence[str]) -> str | None:
        """Return the name of a file that stands in a folder itself: links are not followed."""
        path = f"{'/'.join(folders)}.py"
        if os.path.realpath(path) != path or not os.path.isfile(path):  # noqa: PTH113
            return None
        return os.path.relpath(path, self.folder)[: -len(".py")]

    def open(self, name: str) -> File:
        """Return a file by its path from the folder."""
        if name not in self._files:
            path = os.path.normpath(os.path.join(self._path, f"{name}.py"))  # noqa: PTH118
            real = os.path.normpath(os.path.join(self.folder, f"{name}.py"))  # noqa: PTH118
            if len(self._files) >= MOST_FILES:
                raise faults.not_python(self.first.span(1, 0, 0), _("it imports too many files"))
            try:
                with open(real, "rb") as file:  # noqa: PTH123
                    content = file.read(MOST_TEXT + 1)
            except OSError as error:
                raise faults.not_python(Span(Source(path, ""), 0, 0), reason_of(error)) from None
            text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
            source = Source(path, text)
            if len(content) > MOST_TEXT or "\0" in text:
                raise faults.not_python(Span(source, 0, 0), _("it is too long, or no text"))
            self._files[name] = File(source, os.path.dirname(real))  # noqa: PTH120
        return self._files[name]
