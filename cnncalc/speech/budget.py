"""The one table of limits: what work and output a question may take, and what is said at their end.

Whatever is typed or read ends soon and in little memory: each way to more is held to a number here.
Where a [code] is named, a fault or a warning of that code says so; elsewhere an answer goes on with
less, or says beside it what was left out. In parentheses stands what takes that much, as measured
once. It travels with the settings of a question.
"""

from __future__ import annotations

from cnncalc.tuples import NamedTuple


class Budget(NamedTuple):
    """How much there may be of what is said beside each number."""

    # --- what is typed
    # characters of a network's text [text-too-long] (lines of relu: 7 s, 180 MB)
    text: int = 4 * 1024 * 1024
    # bytes of the JSON in a zip, or of a text in an HDF5 file [file-not-read]
    json: int = 32 * 1024 * 1024
    table: int = 16 * 1024 * 1024  # bytes of a class' answers [file-not-text]
    cells: int = 20_000  # columns of a class' answers [sheet-not-read]
    item: int = 10_000  # characters between the parentheses of one layer [call-not-read]
    name: int = 1_000  # characters of a name, or of a printed row, in a file
    tried_text: int = 2_000  # characters of a network for which a help is tried
    # characters of a network that Python asks for again with other numbers
    alike_text: int = 20_000
    digits: int = 18  # digits of a number that is typed [too-many-digits]
    digits_derived: int = 200  # digits of a number that is worked out [number-too-large]
    axes: int = 8  # spatial axes of a volume [too-many-axes]
    nesting: int = 100  # brackets and calls in one another [nesting-too-deep]
    claim: int = 20_000  # characters of a claim's value [claim-unreadable]
    # --- what is traced
    # layers of a network, and rounds of repeats and calls [too-many-layers] (relu in a
    # million rounds that are not alike: 13 s, 22 MB)
    layers: int = 1_000_000
    # layers of different formulas [formula-too-long] ([conv K k3]*1000: 2 s, 35 MB)
    lettered: int = 1_000
    held: int = 1_000_000  # rows that are held at once [too-many-layers]
    phases: int = 4_096  # units that see differently in a period [receptive-field-not-traced]
    phase_work: int = 2_000_000  # taps of such units, in one network [receptive-field-not-traced]
    runs: int = 2_000  # runs of pixels that are read, along an axis; of more the gaps are closed
    taps: int = 50_000  # taps that are looked at one by one; of more the gaps are closed
    weights: int = 500_000  # weights of an effective field added up [effective-field-too-large]
    plane: int = 500_000  # pixels of an effective field in a plane [effective-field-too-large]
    plane_work: int = 5_000_000  # weights of such a plane added up [effective-field-too-large]
    fraction_bits: int = 1_024  # bits of a weight's denominator; a longer one is cut
    # --- numbers with letters
    terms: int = 1_000  # terms of a number with letters [formula-too-long]
    inner_terms: int = 10_000  # its terms with those inside its floors [formula-too-long]
    written: int = 50  # terms that are written for people, who are told how many more there are
    degree: int = 200  # its highest power [formula-too-long]
    proof: int = 3_000  # terms of a proof; of a longer one nothing is certain
    proofs: int = 300  # proofs that fail in finding the largest of numbers; more of them are named
    # --- what is looked for
    searched: int = 60_000  # layers traced in a search, which says that it was cut (5 s, 28 MB)
    solutions: int = 10_000  # solutions kept of a search, which says so
    sizes: int = 1_000_000  # sizes among which one is looked for by halves
    sides: int = 65_536  # pixels of a side that a memory may fit
    in_order: int = 10_000  # numbers put in the order in which people choose them
    divisor: int = 10_000  # a ratio of a block for which one is looked for that divides
    remembered: int = 8_192  # results kept beside a question, as of proofs and of calls
    remembered_rows: int = 4_096  # rows that are not alike whose values are kept for those to come
    retraced: int = 60_000  # layers traced to find a slip; a verdict says that it was cut
    answers_kept: int = 2_000  # answers about a network kept, for students who answer alike
    kept_in_all: int = 40_000  # answers of a class kept, about all of its networks
    judges: int = 300  # networks of a class' questions for which what other ways give is kept
    cells_at_once: int = 20_000  # answers of a class of more networks, marked together
    cured: int = 2_000  # layers of a network for which cures of a join are tried
    fitted: int = 60_000  # layers traced to find the size that fits a memory
    points: int = 100_000  # points of a sweep [too-many-points]
    swept: int = 2_000_000  # layers of a sweep's table without --yes [sweep-too-long]
    # --- what is read from files
    # nodes of a file [too-many-nodes] (sections of Darknet, two layers each: 7 s, 240 MB)
    nodes: int = 40_000
    tensors: int = 400_000  # nodes of a file and tensors that they read [too-many-nodes]
    # layers made of a file and what they read, or messages of one of Caffe's [too-many-nodes]
    joined: int = 200_000
    branches: int = 40_000  # tensors that they read beside their first (one concat: 4 s, 80 MB)
    values: int = 900_000  # values, and lists, of the JSON in a .pt2 [file-not-read]
    objects: int = 300_000  # its objects that are kept [file-not-read]
    listed: int = 4 * 1024 * 1024  # bytes of a zip's list of what it holds [file-not-read]
    header: int = 2**27  # bytes that a file of safetensors says of its tensors
    # fields of a file in protocol buffers [file-not-onnx] (in one message: 3 s, 210 MB), and
    # of one in FlatBuffers, with items of lists [file-not-read]
    fields: int = 1_200_000
    slices: int = 1_024  # parts that one layer of Keras splits a map into
    back: int = 10_000  # steps back along a graph, or in an HDF5 file
    # words and signs of a source [source-too-long] (names, a line each: 3 s, 270 MB)
    source_tokens: int = 250_000
    source_steps: int = 1_000_000  # steps of a model's source [source-too-long]
    source_items: int = 1_000_000  # items of a list of a source [source-too-large]
    source_array: int = 10_000  # numbers of a row that a source counts with at once
    source_counted: int = 1_000  # numbers of a counter without an end
    source_signs: int = 100_000  # characters of a string of a source [source-too-large]
    source_bits: int = 4_096  # bits of a number of a source [source-too-large]
    source_tries: int = 200_000  # steps of a source in looking for an input that fits
    folder: int = 1_000  # files of a folder looked at to complete a word
    # --- what is written
    # layers, rounds and calls written out as code [too-many-layers] (6 s, 37 MB)
    parts: int = 20_000
    refolded: int = 400_000  # parts looked at to fold what a file repeats
    pictured: int = 1_000  # lines of a page's nested table
    squares: int = 2_000  # squares of a drawn plane of weights
    columns: int = 10_000  # cells of a line, whatever COLUMNS says
    warnings: int = 20  # warnings that are drawn; how many more there are is said
    command: int = 160  # characters of a command line that a help shows whole


BUDGET = Budget()
TRIAL = Budget(layers=20_000, lettered=500)
"""What a help may take to be tried, of which there may be many."""
OF_COMMANDS = Budget(held=100_000)
"""What a command may take: rows that it holds are 180 MB at most; who calls from Python decides."""
