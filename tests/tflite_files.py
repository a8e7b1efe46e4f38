"""TensorFlow Lite's files, written byte by byte: what tests make graphs of a few operators with.

A table is a dict of its fields by their numbers: a whole number with its bytes, `(value, size)`, a
text, a list of whole numbers or of tables, bytes, or a table.
"""

import struct

KINDS = {
    name: code
    for codes in (
        {"ADD": 0, "AVERAGE_POOL_2D": 1, "CONCATENATION": 2, "CONV_2D": 3, "DEPTHWISE_CONV_2D": 4},
        {"FULLY_CONNECTED": 9, "MAX_POOL_2D": 17, "MUL": 18, "SVDF": 27, "PAD": 34, "MEAN": 40},
        {"STRIDED_SLICE": 45, "TRANSPOSE_CONV": 67, "RSQRT": 76, "BATCH_MATMUL": 126},
        {"RESIZE_NEAREST_NEIGHBOR": 97},
        {"DEQUANTIZE": 6, "EMBEDDING_LOOKUP": 7, "UNIDIRECTIONAL_SEQUENCE_RNN": 35},
        {"BATCH_TO_SPACE_ND": 37, "SPACE_TO_BATCH_ND": 38, "UNIDIRECTIONAL_SEQUENCE_LSTM": 44},
        {"CONV_3D": 132, "SELECT_V2": 123, "BIDIRECTIONAL_SEQUENCE_RNN": 46},
        {"BIDIRECTIONAL_SEQUENCE_LSTM": 52},
    )
    for name, code in codes.items()
}
SAME, VALID = (0, 1), (1, 1)


def flatbuffer(root, identifier=b"TFL3"):
    """Return a file whose outermost table has these fields."""
    out = bytearray(struct.pack("<I", 0) + identifier)
    struct.pack_into("<I", out, 0, _put(out, root))
    return bytes(out)


def _put(out, value):
    """Write a value behind what is there; return where it stands."""
    out += bytes(-len(out) % 8)
    if isinstance(value, dict):
        return _table(out, value)
    place = len(out)
    if isinstance(value, str | bytes):
        data = value.encode() if isinstance(value, str) else value
        out += struct.pack("<I", len(data)) + data + b"\0"
        return place
    out += struct.pack("<I", len(value)) + bytes(4 * len(value))
    for at, each in enumerate(value):
        here = place + 4 + 4 * at
        if isinstance(each, int):
            struct.pack_into("<i", out, here, each)
        else:
            there = _put(out, each)
            struct.pack_into("<I", out, here, there - here)
    return place


def _table(out, fields):
    most = max(fields, default=-1) + 1
    places, size = {}, 4
    for number, value in fields.items():
        wide = value[1] if isinstance(value, tuple) else 4
        size += -size % wide
        places[number] = size
        size += wide
    begun = len(out)
    out += struct.pack("<HH", 4 + 2 * most, size)
    out += b"".join(struct.pack("<H", places.get(number, 0)) for number in range(most))
    out += bytes(-len(out) % 8)
    place = len(out)
    out += struct.pack("<i", place - begun) + bytes(size - 4)
    for number, value in fields.items():
        here = place + places[number]
        if isinstance(value, tuple):
            out[here : here + value[1]] = value[0].to_bytes(value[1], "little", signed=value[0] < 0)
        else:
            there = _put(out, value)
            struct.pack_into("<I", out, here, there - here)
    return place


def tflite(tensors, operators, inputs, outputs):
    """Return a file of a graph; tensors are known by their places.

    A tensor is its sizes, None for one left open, or its sizes and what it holds: whole numbers,
    floats where they are none, and nothing for None. An operator is its name, the tensors that it
    reads and makes, and its options.
    """
    buffers, made = [{}], []
    for at, each in enumerate(tensors):
        dims, held = each if isinstance(each[0], tuple) else (each, None)
        fields = {0: [1 if size is None else size for size in dims], 3: f"net/t{at}x"}
        if None in dims:
            fields[7] = [-1 if size is None else size for size in dims]
        if held is not None:
            data = struct.pack(f"<{len(held)}i", *held) if held else b"\1\2\3\4"
            fields |= {1: (2 if held else 0, 1), 2: (len(buffers), 4)}
            buffers.append({0: data})
        made.append(fields)
    kinds = list(dict.fromkeys(kind for kind, *_rest in operators))
    codes = [{0: (min(KINDS[kind], 127), 1), 3: (KINDS[kind], 4)} for kind in kinds]
    listed = [
        {0: (kinds.index(kind), 4), 1: reads, 2: makes, **({4: options[0]} if options else {})}
        for kind, reads, makes, *options in operators
    ]
    graph = {0: made, 1: inputs, 2: outputs, 3: listed}
    return flatbuffer({0: (3, 4), 1: codes, 2: [graph], 4: buffers})


WEIGHTS: tuple[int, ...] = ()
LAYERS = {
    "a convolution with gaps, in parts": (
        [
            *((1, 8, 8, 3), ((2,), (2, 2)), ((4,), (2, 2, 2, 2)), (4, 6, 6, 3)),
            *(((5, 3, 3, 3), WEIGHTS), (4, 4, 4, 5), ((4,), (0, 0, 0, 0)), (1, 8, 8, 5)),
        ],
        [
            ("SPACE_TO_BATCH_ND", [0, 1, 2], [3]),
            ("CONV_2D", [3, 4, -1], [5], {0: VALID, 1: (1, 4), 2: (1, 4)}),
            ("BATCH_TO_SPACE_ND", [5, 1, 6], [7]),
        ],
        ((8, 8, 5), 135, 64 * 135),
    ),
    "a recurrent layer with gates": (
        [
            (1, 6, 3),
            *[((4, 3), WEIGHTS)] * 4,
            *[((4, 4), WEIGHTS)] * 4,
            *[((4,), WEIGHTS)] * 4,
            *((1, 4), (1, 4), (1, 6, 4)),
        ],
        [
            (
                "UNIDIRECTIONAL_SEQUENCE_LSTM",
                [*range(9), -1, -1, -1, 9, 10, 11, 12, -1, -1, 13, 14],
                [15],
                {0: (4, 1)},
            )
        ],
        ((6, 4), 4 * (12 + 16 + 4), 6 * 4 * 28),
    ),
    "a recurrent layer": (
        [(1, 6, 3), ((4, 3), WEIGHTS), ((4, 4), WEIGHTS), ((4,), WEIGHTS), (1, 4), (1, 6, 4)],
        [("UNIDIRECTIONAL_SEQUENCE_RNN", [0, 1, 2, 3, 4], [5], {1: (4, 1)})],
        ((6, 4), 32, 6 * 28),
    ),
    "filters of filters": (
        [(1, 8), ((6, 8), WEIGHTS), ((6, 5), WEIGHTS), ((3,), WEIGHTS), (1, 30), (1, 3)],
        [("SVDF", [0, 1, 2, 3, 4], [5], {0: (2, 4), 1: (1, 1)})],
        ((3,), 48 + 30 + 3, 48 + 30),
    ),
    "filters of filters, one a unit": (
        [(1, 8), ((6, 8), WEIGHTS), ((6, 5), WEIGHTS), (1, 30), (1, 6)],
        [("SVDF", [0, 1, 2, -1, 3], [4], {0: (1, 4)})],
        ((6,), 48 + 30, 48 + 30),
    ),
    "both directions with gates": (
        [
            (1, 6, 3),
            *[((4, 3), WEIGHTS)] * 8,
            *[((4, 4), WEIGHTS)] * 8,
            *[((4,), WEIGHTS)] * 8,
            *[(1, 4)] * 4,
            (1, 6, 8),
        ],
        [
            (
                "BIDIRECTIONAL_SEQUENCE_LSTM",
                [
                    *(0, *range(1, 5), *range(9, 13), -1, -1, -1, *range(17, 21), -1, -1),
                    *(*range(5, 9), *range(13, 17), -1, -1, -1, *range(21, 25), -1, -1),
                    *(*range(25, 29), *[-1] * 9),
                ],
                [29],
                {0: (4, 1), 3: (1, 1), 4: (0, 1)},
            )
        ],
        ((6, 8), 2 * 4 * (12 + 16 + 4), 2 * 6 * 4 * 28),
    ),
    "both directions": (
        [
            (6, 1, 3),
            *(((4, 3), WEIGHTS), ((4, 4), WEIGHTS), ((4,), WEIGHTS), (1, 4)) * 2,
            (6, 1, 8),
        ],
        [
            (
                "BIDIRECTIONAL_SEQUENCE_RNN",
                [*range(9), -1, -1, -1],
                [9],
                {0: (1, 1), 2: (1, 1)},
            )
        ],
        ((6, 8), 2 * 32, 2 * 6 * 28),
    ),
    "a convolution over volumes": (
        [(1, 4, 6, 8, 2), ((1, 3, 3, 2, 5), WEIGHTS), ((5,), WEIGHTS), (1, 4, 4, 6, 5)],
        [("CONV_3D", [0, 1, 2], [3], {0: VALID, 1: (1, 4), 2: (1, 4), 3: (1, 4)})],
        ((4, 4, 6, 5), 95, 96 * 90),
    ),
    "a convolution": (
        [(1, 9, 9, 3), ((8, 3, 3, 3), WEIGHTS), ((8,), WEIGHTS), (1, 5, 5, 8)],
        [("CONV_2D", [0, 1, 2], [3], {0: SAME, 1: (2, 4), 2: (2, 4), 3: (1, 1)})],
        ((5, 5, 8), 8 * 28, 25 * 8 * 27),
    ),
    "one of groups": (
        [(1, 8, 8, 4), ((6, 3, 1, 2), WEIGHTS), (1, 6, 8, 6)],
        [("CONV_2D", [0, 1, -1], [2], {0: VALID, 1: (1, 4), 2: (1, 4)})],
        ((6, 8, 6), 36, 48 * 36),
    ),
    "a depthwise one with gaps": (
        [(1, 9, 9, 3), ((1, 3, 3, 6), WEIGHTS), (1, 5, 5, 6)],
        [
            (
                *("DEPTHWISE_CONV_2D", [0, 1], [2]),
                {0: VALID, 1: (1, 4), 2: (1, 4), 3: (2, 4), 5: (2, 4), 6: (2, 4)},
            )
        ],
        ((5, 5, 6), 54, 25 * 54),
    ),
    "weights of half the bits": (
        [(1, 4, 4, 3), ((2, 1, 1, 3), WEIGHTS), (2, 1, 1, 3), (1, 4, 4, 2)],
        [
            ("DEQUANTIZE", [1], [2]),
            ("CONV_2D", [0, 2, -1], [3], {0: SAME, 1: (1, 4), 2: (1, 4)}),
        ],
        ((4, 4, 2), 6, 96),
    ),
    "a transposed convolution": (
        [(1, 5, 5, 3), ((4,), (1, 10, 10, 2)), ((2, 4, 4, 3), WEIGHTS), (1, 10, 10, 2)],
        [("TRANSPOSE_CONV", [1, 2, 0], [3], {0: SAME, 1: (2, 4), 2: (2, 4)})],
        ((10, 10, 2), 96, 25 * 96),
    ),
    "a pool, and a layer of all values": (
        [(1, 9, 9, 2), (1, 4, 4, 2), ((5, 32), WEIGHTS), (1, 5)],
        [
            (
                *("MAX_POOL_2D", [0], [1]),
                {0: VALID, 1: (2, 4), 2: (2, 4), 3: (3, 4), 4: (3, 4)},
            ),
            ("FULLY_CONNECTED", [1, 2], [3], {0: (3, 1)}),
        ],
        ((5,), 160, 160),
    ),
    "a mean, and a gate": (
        [
            *((1, 6, 6, 4), ((2,), (1, 2)), (1, 1, 1, 4), ((4, 1, 1, 4), WEIGHTS), (1, 1, 1, 4)),
            (1, 6, 6, 4),
        ],
        [
            ("MEAN", [0, 1], [2], {0: (1, 1)}),
            ("CONV_2D", [2, 3], [4], {0: SAME, 1: (1, 4), 2: (1, 4)}),
            ("MUL", [0, 4], [5]),
        ],
        ((6, 6, 4), 16, 16),
    ),
    "borders, stripes and a stack": (
        [
            *((1, 6, 6, 2), ((4, 2), (0, 0, 1, 1, 2, 0, 0, 0)), (1, 8, 8, 2)),
            *(((4,), (0, 0, 0, 0)), ((4,), (0, 4, 0, 0)), ((4,), (1, 1, 1, 1)), (1, 4, 8, 2)),
            (1, 4, 8, 4),
        ],
        [
            ("PAD", [0, 1], [2]),
            ("STRIDED_SLICE", [2, 3, 4, 5], [6], {0: (13, 4), 1: (13, 4)}),
            ("CONCATENATION", [6, 6], [7], {0: (3, 4)}),
        ],
        ((4, 8, 4), 0, 0),
    ),
    "a product of maps": (
        [(1, 6, 4), ((3,), (0, 2, 1)), (1, 6, 6)],
        [("BATCH_MATMUL", [0, 0], [2], {1: (1, 1)})],
        ((6, 6), 0, 144),
    ),
    "a root that is turned over": (
        [(1, 6, 6, 2), (1, 6, 6, 2)],
        [("RSQRT", [0], [1])],
        ((6, 6, 2), 0, 0),
    ),
}
"""Tensors and operators, and what they put out, learn and cost, worked out by hand."""
