"""The one table of limits: what work and output a question may take, and what is said at their end.

Whatever is typed or read ends soon and in little memory: each way to more is held to a number here.
Where a `code` is named, a fault or a warning of that code says so; elsewhere an answer goes on with
less, or says beside it what was left out. It travels with the settings of a question.
"""

from __future__ import annotations

from cnncalc.tuples import NamedTuple


class Budget(NamedTuple):
    """How much there may be of what `LIMITS` says under the same name."""

    # what is typed
    text: int = 4 * 1024 * 1024
    json: int = 64 * 1024 * 1024
    table: int = 16 * 1024 * 1024
    item: int = 10_000
    name: int = 1_000
    tried_text: int = 2_000
    alike_text: int = 20_000
    digits: int = 18
    digits_derived: int = 200
    axes: int = 8
    nesting: int = 100
    claim: int = 20_000
    # what is traced
    layers: int = 1_000_000
    lettered: int = 10_000
    phases: int = 4_096
    phase_work: int = 2_000_000
    runs: int = 2_000
    taps: int = 50_000
    weights: int = 500_000
    plane: int = 500_000
    plane_work: int = 5_000_000
    fraction_bits: int = 1_024
    # numbers with letters
    terms: int = 1_000
    degree: int = 200
    proof: int = 3_000
    proofs: int = 300
    # what is looked for
    searched: int = 100_000
    solutions: int = 10_000
    sizes: int = 1_000_000
    sides: int = 65_536
    in_order: int = 10_000
    divisor: int = 10_000
    remembered: int = 8_192
    retraced: int = 60_000
    answers_kept: int = 2_000
    cured: int = 2_000
    fitted: int = 60_000
    points: int = 100_000
    swept: int = 2_000_000
    # what is read from files
    nodes: int = 100_000
    fields: int = 3_000_000
    items: int = 200_000
    back: int = 10_000
    source_steps: int = 1_000_000
    source_items: int = 1_000_000
    source_signs: int = 100_000
    source_bits: int = 4_096
    source_tries: int = 200_000
    folder: int = 1_000
    # what is written
    parts: int = 20_000
    refolded: int = 400_000
    pictured: int = 1_000
    squares: int = 2_000
    crossings: int = 4_000
    columns: int = 10_000
    warnings: int = 20
    command: int = 160


BUDGET = Budget()
TRIAL = Budget(layers=20_000, lettered=500)
"""What a help may take to be tried, of which there may be many."""


class Limit(NamedTuple):
    """What a limit is of, the code that says so, and what takes that much, as measured once."""

    of: str
    code: str = ""
    measured: str = ""


LIMITS = {
    "text": Limit("characters of a network's text", "text-too-long", "lines of relu: 7 s, 180 MB"),
    "json": Limit("bytes of the JSON in a zip, or of a text in an HDF5 file", "file-not-read"),
    "table": Limit("bytes of a class' answers", "file-not-text"),
    "item": Limit("characters between the parentheses of one layer", "call-not-read"),
    "name": Limit("characters of a name, or of a printed row, in a file"),
    "tried_text": Limit("characters of a network for which a help is tried"),
    "alike_text": Limit("characters of a network that Python asks for again with other numbers"),
    "digits": Limit("digits of a number that is typed", "too-many-digits"),
    "digits_derived": Limit("digits of a number that is worked out", "number-too-large"),
    "axes": Limit("spatial axes of a volume", "too-many-axes"),
    "nesting": Limit("brackets and calls in one another", "nesting-too-deep"),
    "claim": Limit("characters of a claim's value", "claim-unreadable"),
    "layers": Limit(
        "layers of a network, and rounds of repeats and calls",
        "too-many-layers",
        "[relu]*1000000 --get params: 13 s, 22 MB",
    ),
    "lettered": Limit("layers of different formulas", "formula-too-long"),
    "phases": Limit("units that see differently in a period", "receptive-field-not-traced"),
    "phase_work": Limit("taps of such units, in one network", "receptive-field-not-traced"),
    "runs": Limit("runs of pixels that are read, along an axis; of more the gaps are closed"),
    "taps": Limit("taps that are looked at one by one; of more the gaps are closed"),
    "weights": Limit("weights of an effective field added up", "effective-field-too-large"),
    "plane": Limit("pixels of an effective field in a plane", "effective-field-too-large"),
    "plane_work": Limit("weights of such a plane added up", "effective-field-too-large"),
    "fraction_bits": Limit("bits of a weight's denominator; a longer one is cut"),
    "terms": Limit("terms of a number with letters", "formula-too-long"),
    "degree": Limit("its highest power", "formula-too-long"),
    "proof": Limit("terms of a proof; of a longer one nothing is certain"),
    "proofs": Limit("proofs that fail in finding the largest of numbers; more of them are named"),
    "searched": Limit("layers traced in a search, which says that it was cut", "", "8 s, 28 MB"),
    "solutions": Limit("solutions kept of a search, which says so"),
    "sizes": Limit("sizes among which one is looked for by halves"),
    "sides": Limit("pixels of a side that a memory may fit"),
    "divisor": Limit("a ratio of a block for which one is looked for that divides"),
    "in_order": Limit("numbers put in the order in which people choose them"),
    "remembered": Limit("results kept beside a question, as of proofs and of calls"),
    "retraced": Limit("layers traced to find a slip; a verdict says that it was cut"),
    "answers_kept": Limit("answers of a class kept, for students who answer alike"),
    "cured": Limit("layers of a network for which cures of a join are tried"),
    "fitted": Limit("layers traced to find the size that fits a memory"),
    "points": Limit("points of a sweep", "too-many-points"),
    "swept": Limit("layers of a sweep's table without --yes", "sweep-too-long"),
    "nodes": Limit("nodes of a file", "too-many-nodes"),
    "fields": Limit("fields of a file in protocol buffers", "file-not-onnx"),
    "items": Limit("items of a list in a FlatBuffers file", "file-not-read"),
    "back": Limit("steps back along a graph, or in an HDF5 file"),
    "source_steps": Limit("steps of a model's source", "source-too-long"),
    "source_items": Limit("items of a list of a source", "source-too-large"),
    "source_signs": Limit("characters of a string of a source", "source-too-large"),
    "source_bits": Limit("bits of a number of a source", "source-too-large"),
    "source_tries": Limit("steps of a source in looking for an input that fits"),
    "folder": Limit("files of a folder looked at to complete a word"),
    "parts": Limit("layers, rounds and calls written out as code", "too-many-layers", "6 s, 37 MB"),
    "refolded": Limit("parts looked at to fold what a file repeats"),
    "pictured": Limit("lines of a page's nested table"),
    "squares": Limit("squares of a drawn plane of weights"),
    "crossings": Limit("crossings of the ways an arrow may take that are looked at"),
    "columns": Limit("cells of a line, whatever COLUMNS says"),
    "warnings": Limit("warnings that are drawn; how many more there are is said"),
    "command": Limit("characters of a command line that a help shows whole"),
}
"""What each number of the budget bounds."""
