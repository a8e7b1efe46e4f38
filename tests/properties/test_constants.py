"""What an ONNX file works out from sizes is what ONNX's own evaluator makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.importing.onnx.constants import evaluate
from cnncalc.importing.onnx.model import read_model

numpy = pytest.importorskip("numpy")
onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402

TYPES = {7: "int64", 6: "int32", 1: "float32", 9: "bool"}
ANY, NUMBERS, WHOLE, FLOAT = (7, 6, 1, 9), (7, 6, 1), (7, 6), (1,)


class Drawn:
    """A graph of constants that grows by operators that fit what is there."""

    def __init__(self, data):
        self.data = data
        self.tensors = []  # names, types, arrays
        self.nodes = []
        self.stored = {}

    def pick(self, types, fits=lambda _dims: True):
        """Return a tensor of one of the types, or a new one."""
        there = [t for t in self.tensors if t[1] in types and fits(t[2])]
        if there and self.data.draw(st.integers(0, 3)):
            return self.data.draw(st.sampled_from(there))
        kind = self.data.draw(st.sampled_from(types))
        dims = self.data.draw(st.lists(st.integers(1, 3), max_size=3).filter(fits))
        return self.store(kind, dims)

    def store(self, kind, dims, values=None):
        """Return a new initializer."""
        count = int(numpy.prod(dims)) if dims else 1
        if values is None:
            each = {1: st.integers(-40, 40).map(lambda n: n / 4), 9: st.booleans()}
            values = self.data.draw(
                st.lists(each.get(kind, st.integers(-9, 9)), min_size=count, max_size=count)
            )
        name = f"c{len(self.stored)}"
        array = numpy.array(values, TYPES[kind]).reshape(dims)
        self.stored[name] = array
        self.tensors.append((name, kind, list(array.shape)))
        return self.tensors[-1]

    def add(self, kind, inputs, **attributes):
        """Add an operator; keep what it makes, where ONNX takes it."""
        output = f"t{len(self.nodes)}"
        node = helper.make_node(
            kind, [each[0] if each else "" for each in inputs], [output], **attributes
        )
        self.nodes.append(node)
        return output

    def run(self, output):
        """Return what ONNX's evaluator makes of it; None where it refuses."""
        graph = helper.make_graph(
            self.nodes,
            "g",
            [],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
            [numpy_helper.from_array(array, name) for name, array in self.stored.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
        with numpy.errstate(divide="raise", invalid="raise", over="raise"):
            try:
                (array,) = ReferenceEvaluator(model).run([output], {})
            except Exception:  # noqa: BLE001 - what it refuses is no truth
                return model, None
        return model, array


def draw_node(drawn, data):
    """Add one random operator."""
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    return KINDS[kind](drawn, data, kind)


def unary(types):
    """Return what draws an operator of one tensor."""
    return lambda drawn, _data, kind: drawn.add(kind, [drawn.pick(types)])


def binary(types):
    """Return what draws an operator of two tensors that broadcast."""

    def made(drawn, data, kind):
        one = drawn.pick(types)
        other = drawn.pick((one[1],), lambda dims: wide(dims) and fits(dims, one[2]))
        pair = [one, other] if data.draw(st.booleans()) else [other, one]
        return drawn.add(kind, pair)

    return made


def wide(dims):
    """Return whether dimensions are few."""
    return len(dims) <= 3


def fits(one, other):
    """Return whether dimensions broadcast."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return all(a == b or 1 in (a, b) for a, b in pairs)


def cast(drawn, data, kind):
    """Add a cast."""
    return drawn.add(kind, [drawn.pick(ANY)], to=data.draw(st.sampled_from(ANY)))


def transpose(drawn, data, kind):
    """Add a transposition."""
    tensor = drawn.pick(ANY, len)
    return drawn.add(kind, [tensor], perm=data.draw(st.permutations(range(len(tensor[2])))))


def gather(drawn, data, kind):
    """Add a gather by random places."""
    tensor = drawn.pick(ANY, len)
    axis = data.draw(st.integers(-len(tensor[2]), len(tensor[2]) - 1))
    size = tensor[2][axis]
    dims = data.draw(st.lists(st.integers(1, 2), max_size=2))
    count = int(numpy.prod(dims)) if dims else 1
    places = data.draw(st.lists(st.integers(-size, size - 1), min_size=count, max_size=count))
    return drawn.add(kind, [tensor, drawn.store(7, dims, places)], axis=axis)


def cut(drawn, data, kind):
    """Add a slice along random axes, in steps either way."""
    tensor = drawn.pick(ANY, len)
    axes = data.draw(st.lists(st.sampled_from(range(len(tensor[2]))), min_size=1, unique=True))
    some = st.lists(st.integers(-5, 5), min_size=len(axes), max_size=len(axes))
    steps = st.lists(st.sampled_from([-2, -1, 1, 2]), min_size=len(axes), max_size=len(axes))
    inputs = [data.draw(some), data.draw(some), axes, data.draw(steps)]
    return drawn.add(kind, [tensor, *(drawn.store(7, [len(axes)], each) for each in inputs)])


def concat(drawn, data, kind):
    """Add a concatenation."""
    tensor = drawn.pick(ANY, len)
    axis = data.draw(st.integers(0, len(tensor[2]) - 1))

    def alike(dims):
        return len(dims) == len(tensor[2]) and all(
            a == b for i, (a, b) in enumerate(zip(dims, tensor[2], strict=True)) if i != axis
        )

    others = [t for t in drawn.tensors if t[1] == tensor[1] and alike(t[2])]
    return drawn.add(kind, [tensor, data.draw(st.sampled_from(others))], axis=axis)


def reshape(drawn, _data, kind):
    """Add a reshape to a vector."""
    return drawn.add(kind, [drawn.pick(ANY), drawn.store(7, [1], [-1])])


def squeeze(drawn, data, kind):
    """Add a squeeze."""
    tensor = drawn.pick(ANY)
    ones = [axis for axis, size in enumerate(tensor[2]) if size == 1]
    axes = data.draw(st.lists(st.sampled_from(ones), unique=True)) if ones else []
    return drawn.add(kind, [tensor, drawn.store(7, [len(axes)], axes)] if axes else [tensor])


def unsqueeze(drawn, data, kind):
    """Add an axis."""
    tensor = drawn.pick(ANY)
    axes = data.draw(st.lists(st.integers(0, len(tensor[2])), min_size=1, max_size=1))
    return drawn.add(kind, [tensor, drawn.store(7, [1], axes)])


def where(drawn, _data, kind):
    """Add a choice between two tensors."""
    condition = drawn.pick((9,))
    one = drawn.pick(NUMBERS, lambda dims: fits(dims, condition[2]))
    dims = [1] if not one[2] else one[2]
    return drawn.add(kind, [condition, one, drawn.store(one[1], dims)])


def reduce(drawn, data, kind):
    """Add a reduction."""
    tensor = drawn.pick(NUMBERS if kind in ("ReduceMax", "ReduceMin") else WHOLE)
    keep = data.draw(st.integers(0, 1))
    axes = (
        data.draw(st.lists(st.sampled_from(range(len(tensor[2]))), unique=True))
        if tensor[2]
        else []
    )
    inputs = [tensor, drawn.store(7, [len(axes)], axes)] if axes else [tensor]
    return drawn.add(kind, inputs, keepdims=keep)


def clip(drawn, data, kind):
    """Add a clip, with or without its bounds."""
    tensor = drawn.pick(NUMBERS)
    bounds = [drawn.store(tensor[1], []) if data.draw(st.booleans()) else None for _ in range(2)]
    return drawn.add(kind, [tensor, *bounds])


def modulo(drawn, data, kind):
    """Add a remainder of either kind."""
    one = drawn.pick(WHOLE)
    other = drawn.store(one[1], [], [data.draw(st.sampled_from([-3, -2, 1, 2, 5]))])
    return drawn.add(kind, [one, other], fmod=data.draw(st.integers(0, 1)))


def spread(drawn, data, kind):
    """Add an expansion or a tiling."""
    tensor = drawn.pick(ANY, len)
    times = data.draw(st.lists(st.integers(1, 2), min_size=len(tensor[2]), max_size=len(tensor[2])))
    if kind == "Expand":
        times = [n if n > 1 else t for n, t in zip(tensor[2], times, strict=True)]
    return drawn.add(kind, [tensor, drawn.store(7, [len(times)], times)])


def ranged(drawn, data, kind):
    """Add a range."""
    numbers = data.draw(
        st.tuples(st.integers(-5, 5), st.integers(-5, 9), st.sampled_from([-2, 1, 2]))
    )
    return drawn.add(kind, [drawn.store(7, [], [number]) for number in numbers])


def filled(drawn, data, kind):
    """Add a tensor of one value."""
    dims = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    value = numpy_helper.from_array(numpy.array([data.draw(st.integers(-3, 3))], "int64"))
    return drawn.add(kind, [drawn.store(7, [len(dims)], dims)], value=value)


KINDS = {
    **dict.fromkeys(("Neg", "Abs"), unary(NUMBERS)),
    **dict.fromkeys(("Floor", "Ceil", "Round", "Sqrt", "Reciprocal"), unary(FLOAT)),
    **dict.fromkeys(("Identity", "Shape", "Size"), unary(ANY)),
    "Not": unary((9,)),
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Min", "Max"), binary(NUMBERS)),
    **dict.fromkeys(("Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual"), binary(NUMBERS)),
    **dict.fromkeys(("And", "Or", "Xor"), binary((9,))),
    **dict.fromkeys(("ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin"), reduce),
    **dict.fromkeys(("Expand", "Tile"), spread),
    "Cast": cast,
    "Clip": clip,
    "Concat": concat,
    "ConstantOfShape": filled,
    "Gather": gather,
    "Mod": modulo,
    "Range": ranged,
    "Reshape": reshape,
    "Slice": cut,
    "Squeeze": squeeze,
    "Transpose": transpose,
    "Unsqueeze": unsqueeze,
    "Where": where,
}


@given(st.data())
def test_constants_are_what_onnx_makes_of_them(data):
    """Small random graphs come out as in ONNX's reference evaluator, value by value."""
    drawn = Drawn(data)
    values = {}
    for _turn in range(data.draw(st.integers(1, 5))):
        output = draw_node(drawn, data)
        model, truth = drawn.run(output)
        if truth is None:
            drawn.nodes.pop()
            continue
        read = read_model("f.onnx", model.SerializeToString())
        values = dict(read.constants)
        for operation in read.operations:
            given_here = [values[each] if each else None for each in operation.inputs]
            values[operation.outputs[0]] = evaluate(operation, given_here)[0]
        found = values[output]
        kind = next(
            k for k, name in (*TYPES.items(), (None, None)) if name in (str(truth.dtype), None)
        )
        if found.dims is not None:
            assert list(found.dims) == list(truth.shape)
        if found.values is not None:
            assert numpy.array_equal(numpy.array(found.values, truth.dtype), truth.ravel())
            assert list(map(type, found.values)) == list(map(type, truth.ravel().tolist()))
        finite = truth.dtype == bool or numpy.isfinite(truth).all()
        assert found.values is not None or not finite or not truth.size or truth.size > 64
        if kind is None or truth.size > 60 or not truth.size or not finite:
            drawn.nodes.pop()
            continue
        drawn.tensors.append((output, kind, list(truth.shape)))
