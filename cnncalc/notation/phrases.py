"""What an item in words and numbers says of a layer, in our spelling.

`5x5 conv, 64, /2`, `conv3-64`, `10@5x5`, `6 filters of size 5`, `conv-bn-relu 64 k3`: words and
numbers are taken for what they say of a layer, wherever they stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.kinds.table import KINDS, NAMES, REQUIRED
from cnncalc.notation import vocabulary

if TYPE_CHECKING:
    from cnncalc.kinds.table import Kind

MOST_ITEM = 200  # characters of an item that is looked at

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<size>\(\s*\d+\s*(?:,\s*\d+\s*)+\)|\d+(?:\s*[xX×*]\s*\d+)+|(?P<twice>\d+),(?P=twice)(?!\d))"
    r"|(?P<step>/\s*\d+)"
    r"|(?P<number>\d+(?:\.\d+)?%?)"
    r"|(?P<without>(?:no|without|w/o|zero)[\s_-]+(?P<what>bias(?:es)?|pad(?:ding)?))(?![^\W_])"
    r"|(?P<word>[^\W\d_]+(?:_[^\W\d_]+)*(?:[123][dD](?![^\W_]))?)"
    r"|(?P<sign>[,@()=:+&'\"-]))"
)
_PLAINLY = (
    (r"\bconv(?:2d)?_?bn_?(relu6?|silu|gelu|)\b", r"conv bn \1"),
    (r"(?<=\d)_(?=\d{3}\b)", ""),
    (r"(?<=\d)-(?:d|dim|way|unit)\b", " "),
    (r"(?<=\d)x(?=\s*$)", ""),
    (r"^(\s*[^\W\d]+(?:[\s_-]+[^\W\d]+)?)[\s_-]*\d*\s*:(?=\s)", r"\1 "),
)
"""What is written as one, and as the words that it is."""

_ROLES = {word: name for name, words in vocabulary.ARGUMENTS.items() for word in words.split()}
_COUNTED = frozenset(
    (
        *("filters", "filter", "channels", "channel", "maps", "kernels", "features", "neurons"),
        *("units", "필터", "채널", "유닛", "뉴런", "노드"),
    )
)
_FLAGS = {"same": "same", "valid": "valid", "full": "full", "causal": "causal", "nobias": "nobias"}


class _Spoken:
    """What the words of an item say: its layers, and the values of their arguments."""

    def __init__(self) -> None:
        self.layers: list[str] = []
        self.given: dict[str, str] = {}
        self.flags: list[str] = []
        self.plain: list[tuple[str, bool]] = []  # values without a name; whether one is a size
        self.role = ""
        self.attached = False  # a number stands at the name at once, as in conv3
        self.dashed = False

    def name(self, role: str, value: str) -> bool:
        """Give an argument its value; return whether it has none yet."""
        if role in self.given:
            return False
        self.given[role] = value
        return True


def in_words(text: str) -> str | None:
    """Return an item in our words for one in other people's; None where it is not understood.

    >>> in_words("5x5 conv, 64, /2"), in_words("6 filters of size 5"), in_words("conv3-64")
    ('conv 64 k5 s2', 'conv 6 k5', 'conv 64 k3 p1')
    """
    if re.match(r"\s*\d+\s+[^\W\d]\w*\s+layers\b", text):
        return None  # as many of them, one after another
    for pattern, plain in _PLAINLY:
        text = re.sub(pattern, plain, text, flags=re.IGNORECASE)
    said = _heard(text)
    if said is None:
        return None
    if not said.layers:
        has_kernel = "kernel" in said.given or any(size for _value, size in said.plain)
        if not has_kernel or not ("filters" in said.given or len(said.plain) > 1):
            return None
        said.layers.append("conv")
    heads = [name.partition(" ") for name in said.layers]
    taking = [i for i, (name, _gap, _more) in enumerate(heads) if _takes(name)] or [0]
    if len(taking) > 1:
        return None
    name, _gap, preset = heads[taking[0]]
    if preset and not said.name("kernel", preset[1:]):
        return None
    layer = _written(KINDS[NAMES[name].name], said) if name in NAMES else None
    if layer is None:
        return None
    names = [each for each, _gap, _more in heads]
    return " -> ".join([*names[: taking[0]], layer, *names[taking[0] + 1 :]])


def _takes(name: str) -> bool:
    """Return whether a layer has arguments that are counted."""
    return any(each.form not in ("words", "rank", "flag") for each in NAMES[name].parameters)


def _heard(text: str) -> _Spoken | None:
    """Return what an item's words say, one after another; None where one is not known."""
    said = _Spoken()
    tokens: list[re.Match[str]] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found or len(text) > MOST_ITEM:
            return None
        tokens.append(found)
        position = found.end()
    index = 0
    while index < len(tokens):
        taken = _hear(said, tokens, index)
        if not taken:
            return None
        index += taken
    return None if said.role else said


def _hear(said: _Spoken, tokens: list[re.Match[str]], index: int) -> int:
    """Take in what begins at a token; return how many tokens it is, 0 where it is not known."""
    token = tokens[index]
    if token["sign"]:
        return int(_hear_sign(said, tokens, index))
    if token["without"]:
        if token["what"].lower().startswith("bias"):
            said.flags.append("nobias")
            return 1
        return int(said.name("padding", "0"))
    if token["step"]:
        is_quotient = index and tokens[index - 1]["number"] and token[0][0] == "/"
        return int(not is_quotient and said.name("stride", token["step"][1:].strip()))
    if token["size"] or token["number"]:
        return int(_hear_value(said, tokens, index))
    return _hear_word(said, tokens, index)


def _hear_sign(said: _Spoken, tokens: list[re.Match[str]], index: int) -> bool:
    """Take in a sign; return whether it can be what stands between words and numbers."""
    sign = tokens[index]["sign"]
    before = tokens[index - 1] if index else None
    if sign == "-" and before and (before["number"] or before["size"]):
        said.dashed = said.attached
        return said.attached
    if sign in "=:":
        return bool(said.role)
    return sign != "+" or bool(said.layers and before and before["word"])


def _hear_value(said: _Spoken, tokens: list[re.Match[str]], index: int) -> bool:
    token = tokens[index]
    sides = re.findall(r"\d+", token["size"] or "")
    value = "x".join(sides[:1] if len(set(sides)) == 1 else sides) or token["number"]
    if said.role:
        role, said.role = said.role, ""
        return said.name(role, value)
    before = tokens[index - 1]["word"] if index else None
    if before and token[0][0] not in " \t\n(" and said.layers:
        said.attached = True
    if len(sides) == 3 and "conv" in said.layers and not said.plain:  # conv 3x3x64
        said.plain += [(_square(sides[:2]), True), (sides[2], False)]
        return True
    said.plain.append((value, bool(token["size"])))
    return True


def _square(sides: list[str]) -> str:
    return sides[0] if len(set(sides)) == 1 else "x".join(sides)


def _hear_word(said: _Spoken, tokens: list[re.Match[str]], index: int) -> int:
    """Take in words: the longest that name a layer, an argument, a flag, or say nothing."""
    words: list[str] = []
    places: list[int] = []
    for place in range(index, len(tokens)):
        if tokens[place]["word"]:
            words.append(tokens[place]["word"])
            places.append(place)
        elif tokens[place]["sign"] != "-" or not words:
            break
        if len(words) == 3:
            break
    for count in range(len(words), 0, -1):
        flat = "_".join(words[:count]).lower()
        taken = places[count - 1] - index + 1
        last = flat.rpartition("_")[2]
        if flat in _FLAGS or (count == 2 and last.startswith("pad") and words[0].lower() in _FLAGS):
            said.flags.append(words[0].lower())
            said.role = "" if said.role == "padding" else said.role
            return taken
        if said.role == "padding" and flat == "zero":
            said.role = ""
            return taken * said.name("padding", "0")
        if flat == "bias" and count == 1 and _is_denied(tokens, index + 1):
            said.flags.append("nobias")
            return _is_denied(tokens, index + 1) + 1
        role = _ROLES.get(flat) or (_ROLES.get(last) if count > 1 and _is_role(words) else None)
        if role and not (count == 1 and len(flat) == 1 and said.role):
            counted = [each for each in said.plain if not each[1]] if last in _COUNTED else []
            if counted:
                said.plain.remove(counted[-1])
                return taken * said.name("filters", counted[-1][0])
            said.role = role
            return taken
        if all(word.lower() in vocabulary.FILLERS for word in words[:count]):
            return taken
        if (layer := vocabulary.said_for(" ".join(words[:count]))) and not said.role:
            said.layers.append(layer)
            return taken
    return 0


def _is_role(words: list[str]) -> bool:
    """Return whether two words are one for an argument: 'kernel size', 'output channels'."""
    return words[0].lower() in ("kernel", "filter", "window", "pool", "output", "out", "feature")


def _is_denied(tokens: list[re.Match[str]], index: int) -> int:
    """Return how many tokens say that there is none of what stands before: `= False`."""
    for taken, token in enumerate(tokens[index : index + 2], 1):
        if (token["word"] or token["number"] or "").lower() in ("false", "off", "none", "no", "0"):
            return taken
        if token["sign"] not in ("=", ":"):
            break
    return 0


def _written(kind: Kind, said: _Spoken) -> str | None:
    """Return a layer with the arguments that were said; None where they do not fit it."""
    if kind.parameters and kind.parameters[0].form == "words":
        if said.given or said.flags:
            return None
        numbers = [f"{float(v[:-1]) / 100:g}" if v[-1] == "%" else v for v, _size in said.plain]
        return " ".join([kind.name, *numbers])
    places = {each.name: each for each in kind.places}
    first = next(iter(places), "")
    given = {
        first if role == "filters" and role not in places else role: value
        for role, value in said.given.items()
    }
    if "kernel" in given and "kernel" not in places and first not in given:
        given[first] = given.pop("kernel")
    plain = [each for each in said.plain if each != (given.get(first), False)]  # said twice
    is_sized = any(size for _value, size in plain)
    if (
        said.attached
        and "kernel" in places
        and "kernel" not in given
        and not is_sized
        and plain[1:]
    ):
        value, _size = plain.pop(0)
        given["kernel"] = value
        if said.dashed and "padding" not in given and not said.flags:
            given["padding"] = str(int(value) // 2)  # conv3-64, as VGG's table has it
    for value, size in [*plain]:
        if size and "kernel" in places and "kernel" not in given:
            given["kernel"] = value
            plain.remove((value, size))
    order = [name for name in places if name not in given]
    if kind.name == "dwconv" and "kernel" in order:  # its filters follow from what comes in
        order.remove(first)
    for value, size in plain:
        if not order or "." in value or "%" in value:
            return None
        if size and places[order[0]].form not in ("axes", "sides"):
            return None
        given[order.pop(0)] = value
    flags = [flag for flag in dict.fromkeys(said.flags) if kind.parameter(flag)]
    if len(flags) < len(set(said.flags)) or set(given) - set(places):
        return None
    if any(each.default is REQUIRED and each.name not in given for each in places.values()):
        return None
    words = [kind.name]
    for each in places.values():
        if each.name in given and each.place and each.name == first:
            words.append(given[each.name])
        elif each.name in given:
            words.append(f"{each.letter or each.name + '='}{given[each.name]}")
    return " ".join([*words, *flags])
