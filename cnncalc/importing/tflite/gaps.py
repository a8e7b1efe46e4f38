"""Convolutions with gaps, as TensorFlow writes them: a map in parts, a conv on each, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.importing.tflite.file import TfliteFile, TfliteNode


_PARTED = 3


def spread(file: TfliteFile, node: TfliteNode) -> None:
    """Keep what is parted into every so many places: a conv on each part is one with gaps."""
    if len(node.reads) == _PARTED and all(each in file.values for each in node.reads[1:]):
        gaps, sides = (list(file.values[each]) for each in node.reads[1:])
        readers = file.readers.get(node.makes[0], [])
        if len(gaps) == 2 and readers in (["CONV_2D"], ["DEPTHWISE_CONV_2D"]):
            file.spread[node.makes[0]] = node.reads[0], gaps, sides
            return
    file.made.add(node.kind, node.title, node.reads, node.makes)


def gathered_back(file: TfliteFile, node: TfliteNode) -> None:
    """Add what puts the parts of a map together again: a crop, where a conv has gone before."""
    if node.reads[0] not in file.gathered or node.reads[-1] not in file.values:
        file.made.add(node.kind, node.title, node.reads, node.makes)
        return
    sides = file.values[node.reads[-1]]
    pads = [0, -sides[0], -sides[2], 0, 0, -sides[1], -sides[3], 0]
    file.made.add("Pad", "", node.reads[:1], node.makes, pads=pads)
