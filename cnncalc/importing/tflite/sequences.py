"""Layers over sequences in TensorFlow Lite: recurrent ones, and the look-up of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.tflite.file import TfliteFile, TfliteNode


def recurrent(kind: str, gates: int, major: int) -> Callable[[TfliteFile, TfliteNode], None]:
    """Return a recurrent layer over steps, whose gates are tensors of their own."""

    def add(file: TfliteFile, node: TfliteNode) -> None:
        reads = node.reads
        if kind == "LSTM":
            parts = reads[1:5], reads[5:9], reads[12:16]
            plain = all(map(all, parts)) and not any((*reads[9:12], *reads[16:18], *reads[20:24]))
        else:
            parts = reads[1:2], reads[2:3], reads[3:4]
            plain = len(reads) > gates + 2 and all(map(all, parts))
        if not plain or any(file.constant(each) is None for part in parts for each in part):
            file.made.add(node.kind, node.title, reads, node.makes)
            return
        made = []
        for name, part in zip(("weights", "again", "biases"), parts, strict=True):
            dims = file.dims[part[0]]
            held = file.constant(part[0])
            title = f"{node.makes[0]}/{name}"
            if held is not None:
                sizes = (1, gates * dims[0], *dims[1:])
                file.made.model.constants[title] = held._replace(dims=sizes, values=None)
            for each in part:
                file.made.model.constants.pop(each, None)
            made.append(title)
        steps_first = bool(node.option(major, 1))
        out = f"{node.makes[0]}/made"
        file.made.add(kind, node.title, [reads[0], *made], [out], layout=int(not steps_first))
        axes = [1] if steps_first else [2]
        file.made.add("Squeeze", "", [out], node.makes[:1], axes=axes)

    return add


def looked_up(file: TfliteFile, node: TfliteNode) -> None:
    """Add a look-up of learned numbers by words."""
    file.made.add("Gather", node.title, node.reads[:2][::-1], node.makes, axis=0)
