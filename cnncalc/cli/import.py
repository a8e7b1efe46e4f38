"""`cnncalc import`: notation from what people have."""

from __future__ import annotations

from typing import Any

from cnncalc.cli import faults, options
from cnncalc.cli.command import Command
from cnncalc.cli.requests import Typed, refuse_ending
from cnncalc.cli.streams import put


def command() -> Command:
    """Return the command `cnncalc import`."""

    def run(file: str, output: str | None, **asked: Any) -> None:
        from cnncalc.importing.sources import read_imported
        from cnncalc.trace.settings import Settings

        refuse_ending(output, ".cnn")
        typed = Typed.of({**asked, "network": file})
        found = read_imported(file, given=typed.volumes(Settings()), choice=typed.choice)
        faults.warn(found.warnings)
        put([found.source.text.rstrip()], output)

    return Command(
        "import",
        callback=run,
        params=[
            *options.network_parameters("file", "FILE", "sources", nargs=1),
            options.file_option(),
        ],
        help="Notation from a file: of ONNX (.onnx), Keras (.keras, .h5, .json), torch.export "
        "(.pt2), TensorFlow Lite (.tflite), Darknet (.cfg) or Caffe (.prototxt), a printed model "
        "(.txt) or a model's source (.py); - is standard input, for text. Nothing is run: the "
        "file is read.",
        example="cnncalc import model.onnx > net.cnn",
        writes_over=True,
    )
