"""The page around an answer: what it may do, how it looks, and the little that its script does.

Its policy lets it load nothing and run no script but its own, which is known by its hash.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cnncalc.output.page.markup import Markup, element
from cnncalc.speech import own_files
from cnncalc.speech.language import _, code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def document(title: str, body: Iterable[Markup], styles: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of a page; `styles` are those of its figures."""
    looks = "\n".join([read("page.css"), *dict.fromkeys(styles)])
    script = read("page.js")
    yield from head(f"{title} - cnncalc", looks, f"script-src {hashed(script)}")
    yield element("body", element("main", element("h1", title), body), **words())
    yield element("script", Markup(script))


def head(title: str, looks: str, ran: str) -> Iterator[str]:
    """Yield what stands before the body of a page of these looks, which may run so much."""
    yield "<!DOCTYPE html>"
    yield f'<html lang="{code()}">'
    yield '<meta charset="utf-8">'
    rule = policy(ran, f"style-src {hashed(looks)}")
    yield element("meta", http_equiv="Content-Security-Policy", content=rule)
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield element("title", title)
    yield element("style", Markup(looks))


def policy(*rules: str) -> str:
    """Return what a page may do: these, and nothing else."""
    return "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])


def hashed(text: str) -> str:
    """Return how a policy names a script or a style: by its hash."""
    from base64 import b64encode
    from hashlib import sha256

    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def read(name: str) -> str:
    """Return a file that stands beside this one."""
    return own_files.read(os.path.join(os.path.dirname(__file__), name)).decode()  # noqa: PTH118, PTH120 - see sources


def words() -> dict[str, str]:
    """Return what the script says, in the language that is spoken."""
    return {
        "data_copy": _("Copy"),
        "data_copied": _("Copied"),
        "data_open": _("Open all"),
        "data_close": _("Close all"),
        "data_sort": _("Sort by this column"),
    }
