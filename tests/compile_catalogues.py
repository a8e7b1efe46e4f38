"""Compile each catalogue's .po to the .mo that gettext reads: `python tests/compile_catalogues.py`.

`msgfmt` of GNU gettext gives the same; this needs Python alone.
"""

import ast
import re
import struct
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "cnncalc" / "speech" / "locale"
ENTRY = re.compile(r'^msgid ((?:".*"\n?)+)msgstr ((?:".*"\n?)+)', re.MULTILINE)


def text_of(part):
    """Return the text of quoted lines."""
    return "".join(ast.literal_eval(line) for line in part.strip().split("\n"))


def compiled(source):
    """Return the bytes of a .mo: a head, two tables of lengths and places, then the texts."""
    pairs = sorted((text_of(each[1]), text_of(each[2])) for each in ENTRY.finditer(source))
    texts = [[part.encode() for part in column] for column in zip(*pairs, strict=True)]
    count = len(pairs)
    place = 28 + 16 * count
    tables, body = b"", b""
    for column in texts:
        for text in column:
            tables += struct.pack("<II", len(text), place + len(body))
            body += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0)
    return head + tables + body


if __name__ == "__main__":
    for path in FOLDER.rglob("*.po"):
        path.with_suffix(".mo").write_bytes(compiled(path.read_text()))
        print(path.with_suffix(".mo"))
