"""Colours by name, on light and on dark ground.

Families of layers differ in how light they are as well as in hue, so that a reader who sees few
hues tells them apart, and a print in grey does.
"""

from __future__ import annotations

from cnncalc.kinds.table import FAMILIES, KINDS

LIGHT: dict[str, str] = {
    "ground": "#ffffff",
    "ink": "#1d2329",
    "faint": "#5d6670",
    "edge": "#46525e",
    "arrow": "#56626e",
    "skip": "#8a95a1",
    "frame": "#b4bcc5",
    "frame-fill": "#f6f8fa",
    "plain": "#ffffff",
    "fc": "#f4e4a6",
    "conv": "#a6c8ec",
    "pool": "#e69f73",
    "up": "#59a98b",
    "sequence": "#b576a4",
}
"""The colours on white."""

DARK: dict[str, str] = {
    "ground": "#14171a",
    "ink": "#eceff2",
    "faint": "#a3adb8",
    "edge": "#aab4bf",
    "arrow": "#9aa5b1",
    "skip": "#6f7b88",
    "frame": "#4a545f",
    "frame-fill": "#1b2025",
    "plain": "#23282e",
    "fc": "#504714",
    "conv": "#24507f",
    "pool": "#a3521f",
    "up": "#1d7a5b",
    "sequence": "#8d4a78",
}
"""The same on black."""

INSIDE = frozenset(kind.name for kind in KINDS.values() if kind.family == "inside")
"""Layers that change no size: they stand right at the layer before them."""

FAMILY = {name: "plain" if name in INSIDE else kind.family for name, kind in KINDS.items()}
"""The family of each kind of layer, by which it is coloured; joins and others are plain."""

SHADES = 7
"""How many steps a shade has, from nothing to the most."""


def mixed(colour: str, other: str, part: float) -> str:
    """Return a colour with a part of another in it.

    >>> mixed("#000000", "#ff8000", 0.5)
    '#804000'
    """
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * part):02x}" for one, two in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


for _table, _light, _dark in ((LIGHT, "#ffffff", "#203850"), (DARK, "#8fa0b2", "#000000")):
    for _family in FAMILIES:
        _table[f"{_family}-front"] = mixed(_table[_family], _light, 0.45 if _table is LIGHT else 0)
        _table[f"{_family}-side"] = mixed(_table[_family], _dark, 0.22)
    for _step in range(SHADES):
        _most = "#5f97cf" if _table is LIGHT else "#2f68a3"
        _table[f"shade-{_step}"] = mixed(_table["ground"], _most, _step / (SHADES - 1))
