"""JSON as values: bounded in how many there are, how deep they stand and how long numbers are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

Entry: TypeAlias = dict[str, Any]


class TooLargeError(ValueError):
    """More stands in a JSON than is read of it."""


def read_json(text: str, keep: Callable[[Entry], Entry] | None = None) -> Any:
    """Return the value of a JSON; JSONDecodeError where it is none, ValueError for one too large.

    `keep` gives what is kept of each object, and TooLargeError for too many. Where there is none
    the text itself is short, which bounds all that stands in it.
    """
    values, most = max(map(text.count, ",[")), BUDGET.values
    if keep and values > most:
        raise TooLargeError(
            _("{count:,} values stand in its JSON, and {most:,} are read", count=values, most=most)
        )
    try:
        return json.loads(text, object_hook=keep)
    except (json.JSONDecodeError, TooLargeError):
        raise
    except ValueError:
        raise ValueError(_("a number has too many digits")) from None
    except RecursionError:
        raise ValueError(_("brackets stand too deep in one another")) from None
