"""An ONNX file to notation: as most files are, or in another way where its operators say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.onnx.batches import RECURRENT, Crossed
from cnncalc.importing.onnx.model import read_model
from cnncalc.importing.onnx.walk import BatchAxis, OnnxWalk, is_other
from cnncalc.speech.problem import Problem, Source

if TYPE_CHECKING:
    from cnncalc.importing.onnx.model import OnnxModel
    from cnncalc.importing.protobuf import Bytes
    from cnncalc.kinds.volumes import Volume


def translate(name: str, data: Bytes, given: Volume | None = None) -> tuple[Source, list[Problem]]:
    """Return the network of an ONNX file in notation, and what is to be said of it.

    `given` is the volume that comes in, where the file leaves its sizes open.
    """
    return translate_model(name, read_model(name, data), given)


def translate_model(
    name: str, model: OnnxModel, given: Volume | None = None
) -> tuple[Source, list[Problem]]:
    """Return the network of a graph in notation, and what is to be said of it.

    Where its operators work along what was taken for the batch, it is read once more.
    """
    way = BatchAxis()
    while True:
        try:
            return OnnxWalk(name, model, given, way).written()
        except Crossed as fault:
            again = way.batch == 0 and fault.operation.kind in RECURRENT
            way = way._replace(batch=1 if again else None, crossed=fault.operation)
        except Problem as problem:
            if (
                way.keeps
                or problem.code != "nothing-to-read"
                or not any(map(is_other, model.operations))
            ):
                raise
            way = way._replace(keeps=True)
