"""What people write for an item from habit, from lectures and papers, and our spelling of it.

`5x5 conv, 64, /2`, `conv3-64`, `10@5x5`, `max pool 2`, `conv-bn-relu 64 k3`: each is a pattern and
what it says. Whether it is what was meant is tried before it is offered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.kinds.table import LETTERS, NAMES
from cnncalc.speech.problem import Fix

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.notation.reader import Reader

_SIZE = r"(\d+)\s*[xX×*]\s*(\d+)"
_CONV = r"(?:conv(?:olution(?:al)?|[123]d)?s?(?:\s+layer)?|합성곱|컨볼루션)"
_COUNT = r"(\d+)(?:\s*(?:filters|channels|kernels|maps))?"
_STEP = r"(?:\s*,?\s*(?:/|stride\s*=?\s*|s\s*=?\s*)(\d+))?"
_PAD = r"(?:\s*,?\s*(?:pad(?:ding)?\s*=?\s*|p\s*=?\s*)(\d+|same|valid))?"
_POOL = r"(max|avg|average|mean|최대|맥스|평균)[\s_-]*(?:pool(?:ing)?|풀링)"


def _conv(filters: str, k: str, other: str, step: str | None = None, pad: str | None = None) -> str:
    """Return a convolution in our words."""
    kernel = k if other in ("", k) else f"{k}x{other}"
    words = [f"conv {filters} k{kernel}"]
    words += [f"s{step}"] if step else []
    words += [pad if pad in ("same", "valid") else f"p{pad}"] if pad else []
    return " ".join(words)


def _pool(how: str, k: str, other: str, step: str | None = None) -> str:
    name = "maxpool" if how.lower() in ("max", "최대", "맥스") else "avgpool"
    return f"{name} {k if other in ('', k) else f'{k}x{other}'}{f' s{step}' if step else ''}"


_PATTERNS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (
        rf"{_SIZE}\s*-?\s*{_CONV}[\s,-]+{_COUNT}{_STEP}{_PAD}",
        lambda m: _conv(m[3], m[1], m[2], m[4], m[5]),
    ),
    (rf"{_SIZE}\s*,\s*{_COUNT}{_STEP}{_PAD}", lambda m: _conv(m[3], m[1], m[2], m[4], m[5])),
    (rf"{_COUNT}\s*@\s*{_SIZE}{_STEP}{_PAD}", lambda m: _conv(m[1], m[2], m[3], m[4], m[5])),
    (
        rf"{_COUNT}\s*,?\s+{_SIZE}\s*-?\s*{_CONV}{_STEP}{_PAD}",
        lambda m: _conv(m[1], m[2], m[3], m[4], m[5]),
    ),
    (
        rf"{_CONV}\s*\(?{_SIZE}\)?[\s,_-]+{_COUNT}{_STEP}{_PAD}",
        lambda m: _conv(m[3], m[1], m[2], m[4], m[5]),
    ),
    (
        rf"{_CONV}[\s_-]*{_COUNT}\s*[@,]?\s+{_SIZE}{_STEP}{_PAD}",
        lambda m: _conv(m[1], m[2], m[3], m[4], m[5]),
    ),
    (
        rf"{_CONV}\s*{_SIZE}\s*[xX×*]\s*(\d+){_STEP}{_PAD}",
        lambda m: _conv(m[3], m[1], m[2], m[4], m[5]),
    ),
    (r"(\d+)\s+(conv\w*)\s+layers((?:\s+[\w=]+)+)", lambda m: f"[{m[2]}{m[3]}]*{m[1]}"),
    (r"(?:input|입력)\s*[:=]?\s*(\d+(?:\s*[xX×*]\s*\d+)+)", lambda m: m[1]),
    (r"conv(\d)-(\d+)", lambda m: f"conv {m[2]} k{m[1]} p{int(m[1]) // 2}"),
    (
        rf"{_SIZE}\s*-?\s*{_POOL}{_STEP}",
        lambda m: _pool(m[3], m[1], m[2], m[4]),
    ),
    (rf"{_POOL}\s*,?\s*{_SIZE}{_STEP}", lambda m: _pool(m[1], m[2], m[3], m[4])),
    (rf"{_POOL}\s*,?\s*/\s*(\d+)", lambda m: _pool(m[1], m[2], "")),
    (r"(?:fc|dense|linear)\s*-\s*(\d+)", lambda m: f"fc {m[1]}"),
    (
        r"(?:fully[\s_-]*connected|full[\s_-]*connection)(?:\s+layer)?\s*,?\s*(\d+)",
        lambda m: f"fc {m[1]}",
    ),
    (r"(\d+)[\s-]*(?:d|way)?\s*(?:fc|dense)", lambda m: f"fc {m[1]}"),
)
"""What is written, and what it is here."""

_SPOKEN = {
    "convolution": "conv",
    "합성곱": "conv",
    "컨볼루션": "conv",
    "전결합": "fc",
    "완전연결": "fc",
    "fullyconnected": "fc",
    "맥스풀링": "maxpool",
    "최대풀링": "maxpool",
    "평균풀링": "avgpool",
    "averagepool": "avgpool",
    "meanpool": "avgpool",
    "globalaveragepool": "gap",
    "globalavgpool": "gap",
    "globalmaxpool": "gmp",
    "batchnormalization": "bn",
    "batchnormalisation": "bn",
    "layernormalization": "ln",
    "groupnormalization": "gn",
    "instancenormalization": "in",
    "depthwiseconv": "dwconv",
    "depthwiseconvolution": "dwconv",
    "dwconvolution": "dwconv",
    "lrelu": "leakyrelu",
    "leakyrelu": "leakyrelu",
    "multiheadattention": "attention",
    "selfattention": "attention",
    "transposedconv": "deconv",
    "convtransposed": "deconv",
    "transposeconv": "deconv",
    "deconvolution": "deconv",
    "upconv": "deconv",
    "upsampling": "upsample",
    "zeropadding": "pad",
    "padding": "pad",
    "residual": "add",
    "shortcut": "add",
    "skip": "add",
    "활성화": "relu",
    "렐루": "relu",
    "평탄화": "flatten",
    "드롭아웃": "dropout",
    "배치정규화": "bn",
}
"""Words for layers, without their spaces and hyphens, and the name of the layer here."""

_WORDS = re.compile(r"[^\W\d_]+(?:[\s_-]+[^\W\d_]+){0,2}[123]?[dD]?(?![\w])")
_CHAIN = re.compile(r"([A-Za-z]\w*(?:[-+/][A-Za-z]\w*)+)((?:\s+[\w=]+)*)")
_OPTION = re.compile(
    rf"\s*((?:{'|'.join(sorted(LETTERS, key=len, reverse=True))})\s*=?\s*\d\S*?"
    r"|(?:same|valid|full|nobias|ceil)"
    r"|(?:pad(?:ding)?|stride|kernel(?:_size)?|bias|dilation|groups)s?[\s=]+\w+)"
    r"\s*(?=$|->|→|[,\]|\n])",
    re.IGNORECASE,
)


def kind_named(words: str) -> str | None:
    """Return the layer that words for one name, however they are set: 'Max-Pooling2D'."""
    flat = re.sub(r"[\s_-]+", "", words).lower()
    for each in (flat, re.sub(r"[123]d", "", flat)):
        for name in (
            each,
            each.removesuffix("layer"),
            each.replace("pooling", "pool"),
            each.replace("average", "avg").replace("pooling", "pool"),
        ):
            if found := _SPOKEN.get(name) or (name if name in NAMES else None):
                return found
    return None


def item(reader: Reader, start: int, *, whole: bool = False) -> Fix | None:
    """Return the right spelling of an item that begins at a place; None where there is none.

    Where `whole`, patterns of whole items alone are looked at, not words for a name.
    """
    text = reader.text
    for pattern, write in _PATTERNS:
        found = re.compile(rf"{pattern}(?=\s*(?:$|->|→|[,\]|\n]))", re.IGNORECASE).match(
            text, start
        )
        if found:
            return Fix(reader.span(start, found.end()), write(found))
    if whole:
        return None
    if found := _CHAIN.match(text, start):
        names = [kind_named(name) for name in re.split(r"[-+/]", found[1])]
        if all(names):
            first, *rest = (name or "" for name in names)
            return Fix(reader.span(start, found.end()), " -> ".join([first + found[2], *rest]))
    if found := _WORDS.match(text, start):
        words = found[0]
        while words:
            name = kind_named(words)
            if name and name != words.lower():
                return Fix(reader.span(start, start + len(words)), name)
            words = re.sub(r"[\s_-]*[^\s_-]+$", "", words)
    return None


def option(reader: Reader, start: int) -> Fix | None:
    """Return the fix of an option behind a comma, which is an arrow: `conv 10, k5`."""
    before = reader.text[:start].rstrip()
    if before.endswith(",") and _OPTION.match(reader.text, start):
        return Fix(reader.span(len(before) - 1, start), " ")
    return None
