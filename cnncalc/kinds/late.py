"""The functions of a file by their names, before the file is loaded: to list kinds needs none."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


class Late:
    """A file of this room, which is loaded once one of its functions is called."""

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def _file(self) -> ModuleType:
        return import_module(f"cnncalc.kinds.{self._name}")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*given: Any) -> Any:
            return getattr(self._file, name)(*given)

        return call
