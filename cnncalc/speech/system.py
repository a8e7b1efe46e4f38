"""Why the operating system refused, and what Python lacks, in the language that is spoken."""

from __future__ import annotations

from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, quoted

REASONS = (
    *("no such file or directory", "permission denied", "is a directory", "not a directory"),
    *("file exists", "no space left on device", "read-only file system", "file name too long"),
    *("input/output error", "too many levels of symbolic links", "file too large"),
    *("operation not permitted", "bad file descriptor", "device or resource busy"),
    *("too many open files", "disk quota exceeded", "no such device or address"),
    *("embedded null byte", "invalid argument"),
)
"""What is said often enough to be translated."""


def reason_of(error: Exception) -> str:
    """Return why something could not be done, in lower case.

    >>> reason_of(FileNotFoundError(2, "No such file or directory"))
    'no such file or directory'
    """
    said = getattr(error, "strerror", None) or str(error)
    return _(said[:1].lower() + said[1:]) if said else type(error).__name__


def not_installed(error: ModuleNotFoundError) -> Problem:
    """Return the problem of a library that Python does not find."""
    name = (error.name or "").partition(".")[0]
    return Problem(
        "library-missing",
        _("cnncalc needs {name}, which this Python does not have", name=quoted(name)),
        helps=[_("install cnncalc with pip, which brings what it needs")],
    )
