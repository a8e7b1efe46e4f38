"""Layers in all their spellings: what is written in one way is what is written in another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import Problem, stack
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import write
from cnncalc.speech.problem import Source

NUMBERS = st.tuples(*(st.integers(1, 9) for _ in range(5)), st.just(1))
NAMES = [
    ("filters", "out_channels"),
    ("k", "kernel", "kernel_size", "f"),
    ("s", "stride", "strides"),
    ("p", "padding", "pad"),
    ("d", "dilation", "dilation_rate"),
    ("g", "groups"),
]
"""What PyTorch, Keras and we call the arguments of a convolution, in the order of the table."""


@pytest.mark.parametrize(
    "text",
    [
        "Input()",
        "[Conv2d(3, 8, 3)",
        "nn.Conv2d(",
        "nn.Sequential()",
        "nn.Sequential(nn.Sequential(",
        "Conv2D(*x)",
        "Dense(10**9**9)",
        "Dense('a' * 10)",
        "Dense(__import__('os').getpid())",
        "conv(,)",
        "(1, 2, 3",
        "Input(shape=())",
        "Dense(" + "(" * 300 + ")" * 300 + ")",
        "nn.Sequential(" * 300 + ")" * 300,
    ],
)
def test_what_is_no_call_is_a_fault(text):
    """What cannot be read as literals is refused, at bounded depth; nothing is run."""
    with pytest.raises(Problem):
        stack(text, input="8x8x3")


def tree(text):
    """Return the network of a text."""
    return parse(Source("<stack>", text))._replace(said={}, warnings=(), calls=())


@given(numbers=NUMBERS, data=st.data())
def test_numbers_in_order(numbers, data):
    """Numbers in the order of the table are those that their names or letters give."""
    place = data.draw(st.integers(1, 6))
    sign = st.sampled_from(["{}={}", "{} {}", "{} = {}"])
    named = [
        data.draw(sign).format(data.draw(st.sampled_from(names)), number)
        for names, number in list(zip(NAMES, numbers, strict=True))[place:]
    ]
    placed = " ".join(map(str, numbers[:place]))
    words = " ".join([placed, *data.draw(st.permutations(named))])
    n, k, s, p, d, g = numbers
    meant = tree(f"32x32x4 -> conv {n} k{k} s{s} p{p} d{d} g{g}")
    assert tree(f"32x32x4 -> conv {words}") == meant
    assert tree(f"32x32x4 -> conv({', '.join(map(str, numbers))})") == meant
    assert tree(write(meant)) == meant


@given(
    sizes=st.lists(st.integers(1, 99), min_size=2, max_size=3),
    first=st.booleans(),
    separator=st.sampled_from(["x", " x ", "X", "*", "×", ",", ", "]),
    brackets=st.sampled_from(["", "()", "[]"]),
)
def test_volumes_from_habit(sizes, first, separator, brackets):
    """A volume is the same in every spelling that people have for it."""
    separator = ", " if brackets else separator
    text = (brackets or "  ")[0] + separator.join(map(str, sizes)) + (brackets or "  ")[1]
    wanted = parse(Source("", "x".join(map(str, sizes)) + " -> relu"), channels_first=first)
    assert parse(Source("", f"{text} -> relu"), channels_first=first) == wanted


@given(data=st.data())
def test_calls_are_as_pytorch_has_them(data):
    """A call in PyTorch's words has the sizes and the parameters of PyTorch's own module."""
    torch = pytest.importorskip("torch")
    rank = data.draw(st.integers(1, 3))
    c = data.draw(st.sampled_from([2, 4, 6]))
    n, k, s, p, d = (data.draw(st.integers(low, 4)) for low in (1, 1, 1, 0, 1))
    g = data.draw(st.sampled_from([1, 2, c]))
    more = data.draw(st.sampled_from(["", ", bias=False", ", padding_mode='zeros'"]))
    pair = data.draw(st.booleans())
    kernel = str((k,) * rank) if pair else str(k)
    written = data.draw(
        st.sampled_from(
            [
                f"nn.Conv{rank}d({c}, {n * g}, {kernel}, {s}, {p}, {d}, {g}{more})",
                f"nn.Conv{rank}d({c}, {n * g}, kernel_size={kernel}, dilation={d}, groups={g})",
                f"nn.ConvTranspose{rank}d({c}, {n}, {kernel}, stride={s}, padding=0)",
                f"nn.MaxPool{rank}d({k}, {s}, padding={k // 2}, ceil_mode={bool(p % 2)})",
                f"nn.AvgPool{rank}d({k}, padding={k // 2})",
                f"nn.BatchNorm{rank}d({c})",
                f"nn.AdaptiveAvgPool{rank}d({n})",
                f"nn.Sequential(nn.Conv{rank}d({c}, {n}, 12), nn.Flatten(), nn.Linear({n}, {k}))",
                f"nn.Sequential(nn.Conv{rank}d({c}, {n}, 1), nn.ReLU(inplace=True))",
            ]
        )
    )
    module = eval(written, {"nn": torch.nn})
    with torch.device("meta"):
        module = eval(written, {"nn": torch.nn})
        shape = tuple(module(torch.empty(2, c, *[12] * rank)).shape[1:])
    count = sum(each.numel() for each in module.parameters())
    volume = f"({c}, {', '.join(['12'] * rank)})"
    report = stack(f"{volume} -> {written}")
    assert ((report.output[-1], *report.output[:-1]), report.params) == (shape, count)


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        ("Conv2D(10, 5)", "conv 10 k5"),
        ("Conv2D(10, (5, 3), strides=(2, 1), padding='same')", "conv 10 k5x3 s2x1 same"),
        (
            "Conv2D(filters=10, kernel_size=3, activation='relu', use_bias=False)",
            "conv 10 k3 nobias -> relu",
        ),
        ("MaxPooling2D()", "maxpool 2"),
        ("AveragePooling2D((3, 3), strides=2, padding='same')", "avgpool 3 s2 same"),
        ("Dense(10, activation='softmax')", "linear 10 -> softmax"),
        ("GlobalAveragePooling2D()", "gap -> flatten"),
        ("layers.DepthwiseConv2D(3, depth_multiplier=2)", "dwconv k3 m2"),
        ("tf.keras.layers.Dropout(0.5)", "dropout 0.5"),
        ("ZeroPadding2D(((1, 2), (0, 1)))", "pad 1:2x0:1"),
    ],
)
def test_calls_are_as_keras_documents_them(call, meant):
    """A call in Keras' words is the layer that its documentation says."""
    assert tree(f"32x32x4 -> {call}") == tree(f"32x32x4 -> {meant}")


@given(channels=st.integers(1, 9), scale=st.booleans(), shift=st.booleans())
def test_norms_that_learn_less(channels, scale, shift):
    """A norm has a number for each channel of its scale and of its shift, where it has them."""
    wanted = channels * (scale + shift)
    keras = f"BatchNormalization(scale={scale}, center={shift})"
    flags = f"{'' if scale else ' noscale'}{'' if shift else ' nobias'}"
    texts = [keras, f"bn{flags}", f"ln{flags}", f"gn 1{flags}", f"bn scale={scale} bias={shift}"]
    if scale:
        texts.append(f"nn.BatchNorm2d({channels}, bias={shift})")
    if scale == shift:
        texts.append(f"nn.GroupNorm(1, {channels}, affine={scale})")
        texts.append(f"nn.InstanceNorm2d({channels}, affine={scale})")
    for text in texts:
        assert stack(f"8x8x{channels} -> {text}").params == wanted, text


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("nn.PReLU()", 1),
        ("nn.PReLU(4)", 4),
        ("prelu", 4),
        ("prelu 1", 1),
        ("in affine", 8),
    ],
)
def test_slopes(text, params):
    """A PReLU of PyTorch has one slope where it does not say how many."""
    assert stack(f"8x8x4 -> {text}").params == params


@given(sizes=st.tuples(*(st.integers(1, 9) for _ in range(3))), units=st.integers(1, 9))
def test_flatten_that_a_number_says(sizes, units):
    """A Linear that takes all values of a map has a flatten before it in what is written."""
    h, w, c = sizes
    report = stack(f"{h}x{w}x{c} -> nn.ReLU() -> nn.Linear({h * w * c}, {units})")
    assert report.output == (units,)
    again = stack(report.text)
    assert (again.output, again.params) == (report.output, h * w * c * units + units)


@pytest.mark.parametrize(
    "code",
    [
        "x = layers.Conv2D(8, 3)(inputs)\ny = layers.ReLU()(x)\nz = layers.Dense(10)(y)",
        "model = Sequential()\nmodel.add(Conv2D(8, 3))\nmodel.add(ReLU())\nmodel.add(Dense(10))",
        "Sequential(OrderedDict([('a', Conv2D(8, 3)), ('b', ReLU()), ('c', Dense(10))]))",
    ],
)
def test_lines_of_code(code):
    """Lines of code that each take what the one before gave are a chain."""
    meant = stack("8x8x3 -> conv 8 k3 -> relu -> linear 10")
    found = stack(code, input="8x8x3")
    assert (found.output, found.params) == (meant.output, meant.params)
