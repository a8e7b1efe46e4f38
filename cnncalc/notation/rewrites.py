"""What people write for more than an item from habit, and our spelling of it.

Volumes, repeats, joins and groups in ( ), functions that are applied, activations among arguments.
Each is a pattern, looked for where a fault lies; what it gives is tried before it is offered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.notation import habits, phrases
from cnncalc.notation.tree import JOINS
from cnncalc.speech.problem import Fix, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.speech.problem import Source

_SIZES = r"(?:None|\d+)(?:\s*[xX×*,]\s*\d+|\s+\d+(?=[\s\])]))+"
_COLOURS = (
    r"rgba?|colou?r|gr[ae]y(?:scale)?|흑백|컬러|칼라|그레이스케일|[1-4] ?채널|[1-4][- ]channels?"
)
_IMAGES = r"images?|pictures?|이미지|영상|사진"
_HEAD = re.compile(
    rf"\s*+(?:({_COLOURS})(?:\s+(?:{_IMAGES}))?\s++)?(?:(?:input|inputs|image|img|입력|x)(?:[\s_]*(?:shape|size|layer))?\s*+[:=]?\s*+)?"
    rf"([(\[]*)\s*({_SIZES})\s*+[)\]]*\s*"
    rf"(?:({_COLOURS})\b\s*(?:(?:{_IMAGES})\b\s*)?)?(?=->|→|,|\n|[A-Za-z]|$)",
    re.IGNORECASE,
)
_CHANNELS = {"rgb": "3", "rgba": "4", "color": "3", "colour": "3", "컬러": "3", "칼라": "3"}
"""The channels of what pictures are called; grey ones have one."""
_MADE = re.compile(
    r"(?:[A-Za-z]+\.)+(?:Size|TensorShape|randn?|zeros|ones|empty)\(\s*+([(\[]?)([\d\s,]++)[)\]]*\)"
)
_JOINED = {
    "concat": "concat concatenate cat merge stack depthconcat filter_concat",
    "add": "add sum plus residual shortcut skip res resblock",
    "mul": "mul multiply times scale gate",
    "max": "max maximum maxout",
    "product": "product matmul bmm mm",
}
_JOIN = {word: name for name, words in _JOINED.items() for word in words.split()}
_PASSED_ON = re.compile(r"([|\[]\s*)(?:skip|shortcut|residual|input|x|id|pass|none|-)(?=\s*[|\]])")
_OPENS = re.compile(r"(?:(?<![A-Za-z_])([A-Za-z_]++)\s*+)?([(\[])")
_FUNCTION = re.compile(
    r"(?:(?:torch\.)?nn\.functional|F|torch|tf\.nn)\.(\w+)\(\s*+[a-z_]\w*+\s*+"
    r"(?:,\s*+([^()]*+(?:\([^()]*+\)[^()]*+)*+))?\)"
)
_ACTIVATED = re.compile(
    r"(?<!\s)\s*+[,+]?\s*+(?:activation|act|nonlinearity)\s*=\s*[\"']?(?:[\w.]+\.)?([A-Za-z_]\w*)[\"']?(?:\(\))?"
)
_REPEAT = re.compile(r"(\d+)(?:\s*+(?:[xX×*]|times))?\s++(?=[A-Za-z])")


_LINE = re.compile(r"[ㅡ―ー─━]+\s*>?")
CODES = frozenset(
    (
        *("said-otherwise", "unknown-layer", "unknown-name", "unknown-join", "join-missing"),
        *("join-needs-two", "sign-not-expected", "something-expected", "argument-missing"),
        *("argument-malformed", "too-many-numbers", "one-number-needed", "name-after-number"),
        *("volume-not-first", "volume-malformed", "volume-missing", "arrow-missing"),
        *("call-not-read", "not-an-arrow", "repeat-without-star", "repeat-without-brackets"),
        *("bracket-not-opened", "bracket-not-closed", "number-not-whole", "filters-do-not-divide"),
        *("call-without-parentheses", "number-with-commas", "more-than-expected"),
        *("unknown-argument", "negative-number"),
    )
)
"""Faults of what is not written in our notation; others are faults of a network."""


def at(source: Source, place: int) -> Iterator[Fix]:
    """Yield other spellings of what stands about a place, the most certain first."""
    for each in (
        _arrow,
        _volume,
        _passed_on,
        _activation,
        _function,
        _join,
        _power,
        _repeat,
        _units,
    ):
        yield from each(source, place)
    yield from habits.around(source, place)


def _arrow(source: Source, place: int) -> Iterator[Fix]:
    """Yield an arrow for one whose line is a vowel of Hangul or a long dash: `ㅡ>`."""
    if found := _LINE.match(source.text, place):
        yield Fix(Span(source, *found.span()), "->")


def _volume(source: Source, place: int) -> Iterator[Fix]:
    """Yield the volume at the head: `INPUT: [28x28x1]`, `28x28 RGB`, `torch.Size([1, 3, 9, 9])`."""
    if made := _MADE.match(source.text):
        yield Fix(Span(source, 0, made.end()), f"({made[2].strip().strip(',')})")
    found = _HEAD.match(source.text)
    if not found or place > found.end():
        return
    colour, opens, given, behind = found.groups()
    sizes = re.findall(r"None|\d+", given)
    if (colour := colour or behind) and len(sizes) == 2:
        is_counted = colour[0].isdigit()
        sizes.append(colour[0] if is_counted else _CHANNELS.get(colour.lower(), "1"))
    right = f"({', '.join(sizes)})" if opens or "None" in sizes else "x".join(sizes)
    if opens and "," not in given:
        right = "x".join(sizes)
    rest = source.text[found.end() :]
    arrow = "" if not rest or rest.startswith(("->", "→", ",", "\n")) else "-> "
    gap = "" if rest.startswith(",") else " "
    yield Fix(Span(source, 0, found.end()), f"{right}{gap}{arrow}")


def _passed_on(source: Source, place: int) -> Iterator[Fix]:
    """Yield `identity` for a branch that is called a shortcut."""
    for found in _PASSED_ON.finditer(source.text):
        if found.start() <= place <= found.end():
            yield Fix(Span(source, found.end(1), found.end()), "identity")


def _activation(source: Source, place: int) -> Iterator[Fix]:
    """Yield a layer of its own for `activation=relu` among arguments."""
    for found in _ACTIVATED.finditer(source.text):
        if found.start() <= place <= found.end():
            item = re.compile(r"[^|\],\n]*?(?=->|→|[|\],\n]|$)").match(source.text, found.end())
            rest = item[0].rstrip() if item else ""
            end = found.end() + len(rest)
            yield Fix(Span(source, found.start(), end), f"{rest} -> {found[1]}")


def _function(source: Source, place: int) -> Iterator[Fix]:
    """Yield a module for a function that is applied: `F.max_pool2d(x, 2)`."""
    from cnncalc.kinds import pytorch

    modules = {name.lower(): name for name in pytorch.MODULES} | {"interpolate": "Upsample"}
    for found in _FUNCTION.finditer(source.text):
        name = modules.get(found[1].replace("_", "").lower())
        if name and found.start() <= place <= found.end():
            arguments = (found[2] or "").strip()
            if name == "Flatten" and arguments == "1":
                arguments = ""
            yield Fix(Span(source, found.start(), found.end()), f"nn.{name}({arguments})")


def _join(source: Source, place: int) -> Iterator[Fix]:
    """Yield our brackets for a join by another name or in ( ), and for a group in ( )."""
    text = source.text
    closings = _closings(text)
    for found in _OPENS.finditer(text):
        if found.start() > place:
            break
        word = (found[1] or "").lower()
        end = closings.get(found.start(2), len(text))
        if end < place or (found[1] and word not in _JOIN):
            continue
        inside = text[found.end() : end - 1]
        is_single = word == "add" and not _parts(inside, "|")[1:]
        if found[2] == "[" and (not word or word in JOINS) and not is_single:
            continue
        how = _JOIN.get(word, "")
        if not how and not re.search(r"->|→|,|[A-Za-z]\s+\d", inside):
            continue
        if how and not _parts(inside, "|")[1:]:
            parts = _parts(inside, ",")
            single = f"{inside.strip()} | identity"
            inside = " | ".join(map(str.strip, parts)) if parts[1:] else single
        yield Fix(Span(source, found.start(), end), f"{how}[{inside}]")


def _parts(text: str, sign: str) -> list[str]:
    """Return the parts of a text between signs outside any brackets."""
    depth, parts = 0, [""]
    for each in text:
        depth += (each in "[(") - (each in ")]")
        if each == sign and not depth:
            parts.append("")
        else:
            parts[-1] += each
    return parts


def _closings(text: str) -> dict[int, int]:
    """Return the position behind the bracket that closes each one, without those left open."""
    opened: list[int] = []
    closings = {}
    for position, sign in enumerate(text):
        if sign in "([":
            opened.append(position)
        elif sign in ")]" and opened:
            closings[opened.pop()] = position + 1
    return closings


def _power(source: Source, place: int) -> Iterator[Fix]:
    """Yield a count for a power: `[ ... ]^2`."""
    for found in re.finditer(r"\]\s*(?:\^|\*\*)\s*(?=\d)", source.text):
        if found.start() <= place <= found.end():
            yield Fix(Span(source, found.start(), found.end()), "]*")


def _repeat(source: Source, place: int) -> Iterator[Fix]:
    """Yield a group for a count before a layer: `2 x conv 64 k3`."""
    group = re.compile(r"(\d+)\s*+(?:[xX×*]\s*+)?\(").match(source.text, place)
    if group:
        end = _closings(source.text).get(group.end() - 1, len(source.text))
        yield Fix(Span(source, place, end), f"[{source.text[group.end() : end - 1]}]*{group[1]}")
    found = _REPEAT.match(source.text, place)
    item = found and re.compile(r"[^|\],\n]*?(?=->|→|[|\],\n]|$)").match(source.text, found.end())
    words = item[0].rstrip() if item else ""
    end = found.end() + len(words) if found else place
    if found and item and not phrases.in_words(source.text[place:end]):
        yield Fix(Span(source, place, end), f"[{words}]*{found[1]}")


def _units(source: Source, place: int) -> Iterator[Fix]:
    """Yield a fc for a number alone behind a vector, `784 -> 128`, and a flatten for a view."""
    is_vector = re.match(r"\s*\d+\s*(?:->|→)", source.text)
    is_item = source.text[:place].rstrip().endswith(("->", "→"))
    found = re.compile(r"(\d+)\s*(?=->|→|$)").match(source.text, place)
    if found and is_vector and is_item:
        yield Fix(Span(source, place, found.end(1)), f"fc {found[1]}")
    if found := re.compile(r"(?:x\.)?(?:view|reshape)\((?=[^()]*-1)[^()]*+\)").match(
        source.text, place
    ):
        yield Fix(Span(source, place, found.end()), "flatten")
