"""ONNX files, written field by field: what tests make graphs of a few nodes with."""

import struct


def encode(number, value):
    """Return a field on the wire: an integer, or anything with a length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value % 2**64)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value):
    """Return a number on the wire."""
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def tensor(name, dims, values=None):
    """Return a TensorProto; of whole numbers, if it has values."""
    data = b"".join(encode(1, size) for size in dims)
    data += encode(2, 7 if values else 1) + encode(8, name)
    return data + (encode(9, struct.pack(f"<{len(values)}q", *values)) if values else b"")


def onnx_floats(name, dims, values):
    """Return a TensorProto of floats."""
    data = b"".join(encode(1, size) for size in dims) + encode(2, 1) + encode(8, name)
    return data + encode(9, struct.pack(f"<{len(values)}f", *values))


def info(name, dims):
    """Return a ValueInfoProto of floats; of dimensions that are None it says nothing."""
    if dims is None:
        return encode(1, name)
    shape = b"".join(encode(1, encode(1, size) if size else encode(2, "n")) for size in dims)
    return encode(1, name) + encode(2, encode(1, encode(1, 1) + encode(2, shape)))


def attribute(name, value):
    """Return an AttributeProto: a number, a text, or whole numbers."""
    if isinstance(value, float):
        return encode(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + encode(20, 1)
    if isinstance(value, int):
        return encode(1, name) + encode(3, value) + encode(20, 2)
    if isinstance(value, str):
        return encode(1, name) + encode(4, value) + encode(20, 3)
    return encode(1, name) + b"".join(encode(8, each) for each in value) + encode(20, 7)


def node(kind, inputs, outputs, **attributes):
    """Return a NodeProto; names stand with spaces between them."""
    data = b"".join(encode(1, name) for name in inputs.split())
    data += b"".join(encode(2, name) for name in outputs.split())
    data += encode(3, f"n_{outputs.split()[0]}") + encode(4, kind)
    return data + b"".join(encode(5, attribute(*pair)) for pair in attributes.items())


def model(dims, nodes, tensors=(), outputs="y", shapes=()):
    """Return an ONNX file that takes `x`."""
    data = b"".join(encode(1, each) for each in nodes)
    data += b"".join(encode(5, each) for each in tensors)
    data += encode(11, info("x", dims)) + b"".join(
        encode(12, info(n, [1])) for n in outputs.split()
    )
    data += b"".join(encode(13, info(*each)) for each in shapes)
    return encode(1, 8) + encode(7, data) + encode(8, encode(2, 17))


def function(name, inputs, outputs, nodes):
    """Return a local function of domain `d`, to stand behind a model; names have spaces between."""
    data = encode(1, name) + encode(10, "d") + b"".join(encode(7, each) for each in nodes)
    data += b"".join(encode(4, each) for each in inputs.split())
    return encode(25, data + b"".join(encode(5, each) for each in outputs.split()))


def call(name, inputs, outputs, called):
    """Return a node that calls a local function, and how it is called itself."""
    own = encode(3, f"n_{outputs.split()[0]}")
    return node(name, inputs, outputs).replace(own, encode(3, called)) + encode(7, "d")
