"""What the package holds beside its code, read where it stands: in a folder, or in an archive."""

from __future__ import annotations

import os
from typing import Any

__loader__: Any  # of an archive: zipimport's


def read(path: str) -> bytes:
    """Return a file of the package."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            return file.read()
    except NotADirectoryError:
        content: bytes = __loader__.get_data(path)
        return content


def names_in(folder: str) -> list[str]:
    """Return the names of the files in a folder of the package, sorted."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208
    except NotADirectoryError:
        from zipfile import ZipFile

        with ZipFile(__loader__.archive) as archive:
            inside = os.path.relpath(folder, __loader__.archive).replace(os.sep, "/")
            found = (name.rpartition("/") for name in archive.namelist())
            return sorted(name for above, _slash, name in found if above == inside)
