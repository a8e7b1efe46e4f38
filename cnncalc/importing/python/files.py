"""The file that is read, and its siblings in the folder: nothing else is opened."""

from __future__ import annotations

import ast
import os
import warnings
from typing import TYPE_CHECKING

from cnncalc.importing.python import faults
from cnncalc.notation.tokens import MOST_TEXT
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FILES = 100
BLOCKS, NETWORKS = "<blocks>", "<networks>"
_TEXTS = {BLOCKS: "blocks.txt", NETWORKS: "networks.txt"}
"""What is known of packages, in files beside this one: blocks, and torchvision's networks."""


class File:
    """A text of Python and its syntax tree."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._starts = [0]
        for line in source.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.tree = self._parsed()

    def span(self, line: int, column: int, end: int | None) -> Span:
        """Return a stretch of a line, from 1, by its columns in bytes; to its end without one."""
        text = self.source.text
        line = min(max(line, 1), len(self._starts) - 1)
        start = self._starts[line - 1]
        raw = text[start : self._starts[line] - 1].encode()
        stop = len(raw) if end is None else end
        return Span(
            self.source,
            start + len(raw[:column].decode(errors="replace")),
            start + len(raw[:stop].decode(errors="replace")),
        )

    def _parsed(self) -> ast.Module:
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
    """The files of one folder, each read when it is imported."""

    def __init__(self, source: Source) -> None:
        self.first = File(source)
        self.folder = os.path.dirname(os.path.realpath(source.name))  # noqa: PTH120
        self._path = os.path.dirname(source.name)  # noqa: PTH120
        self._files: dict[str, File] = {}

    @property
    def package(self) -> str:
        """The name of the folder around the folder: of the package that it is a part of."""
        return os.path.basename(os.path.dirname(self.folder))  # noqa: PTH119, PTH120

    def known(self, name: str) -> File:
        """Return what is known of packages: BLOCKS or NETWORKS."""
        if name not in self._files:
            path = os.path.join(os.path.dirname(__file__), _TEXTS[name])  # noqa: PTH118, PTH120
            with open(path, encoding="utf-8") as file:  # noqa: PTH123
                self._files[name] = File(Source(name, file.read()))
        return self._files[name]

    def is_own(self, file: File) -> bool:
        """Return whether a file is of the folder, and not what is known of packages."""
        return file.source.name not in _TEXTS

    def sibling(self, parts: Sequence[str], level: int) -> str | None:
        """Return the name of the file beside this one that a module is; None for none.

        A module by its whole name is one where the folder has the name of its package.
        """
        if level > 1 or self.first.source.name.startswith("<"):
            return None
        if (level == 1 and not parts) or (not level and parts == [os.path.basename(self.folder)]):  # noqa: PTH119
            return "__init__" if self._is_there("__init__") else None
        if not parts:
            return None
        *package, name = parts
        if level and package:
            return None
        folders = self.folder.split(os.sep)  # noqa: PTH206 - pathlib costs more than the rest
        if package and folders[-len(package) :] != list(package):
            return None
        return name if self._is_there(name) else None

    def _is_there(self, name: str) -> bool:
        """Return whether a file stands in the folder itself: links out of it are not followed."""
        path = os.path.join(self.folder, f"{name}.py")  # noqa: PTH118
        real = os.path.realpath(path)
        return os.path.dirname(real) == self.folder and os.path.isfile(real)  # noqa: PTH113, PTH120

    def open(self, name: str) -> File:
        """Return a file of the folder by its module's name."""
        if name not in self._files:
            path = os.path.join(self._path, f"{name}.py")  # noqa: PTH118
            if len(self._files) >= MOST_FILES:
                raise faults.not_python(self.first.span(1, 0, 0), _("it imports too many files"))
            with open(os.path.join(self.folder, f"{name}.py"), "rb") as file:  # noqa: PTH118, PTH123
                content = file.read(MOST_TEXT + 1)
            text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
            source = Source(path, text)
            if len(content) > MOST_TEXT or "\0" in text:
                raise faults.not_python(Span(source, 0, 0), _("it is too long, or no text"))
            self._files[name] = File(source)
        return self._files[name]
