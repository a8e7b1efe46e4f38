"""What can be claimed: quantities, and arguments of layers, with the names that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

NAMES = {
    "output": ("shape", "out", "output-shape", "output-volume"),
    "size": ("side", "output-size", "map-size"),
    "height": (),
    "width": (),
    "channels": ("filters", "feature-maps"),
    "depth": (),
    "in_features": ("infeatures",),
    "params": ("parameters", "param", "number-of-parameters", "parameter-count", "num-params"),
    "weights": ("weight",),
    "biases": ("bias",),
    "macs": ("mac", "madds", "multadds", "mult-adds"),
    "flops": ("flop",),
    "rf": ("receptive-field", "receptivefield", "field"),
    "jump": (),
    "start": (),
    "rf-padding": (),
    "last-field": ("finite-field",),
    "activations": ("values",),
    "memory": ("activations-memory", "activation-memory", "mem"),
    "params-memory": ("parameter-memory", "parameters-memory", "weights-memory", "weight-memory"),
    "peak": ("peak-memory", "live"),
    "flash": (),
    "training-macs": (),
    "trainable": ("trainable-params", "trainable-parameters"),
    "frozen": ("frozen-params", "non-trainable", "non-trainable-params"),
    "bytes": ("bytes-moved", "traffic"),
    "intensity": ("arithmetic-intensity", "operational-intensity"),
    "roofline": (),
    "arena-head": (),
    "arena-tail": (),
    "training-sgd": (),
    "training-momentum": (),
    "training-adam": (),
}
"""What can be claimed, with other names for it."""

_KOREAN = {
    "output": ("출력", "출력-형태", "출력-모양", "출력-볼륨", "출력-맵"),
    "size": ("크기", "출력-크기", "맵-크기", "특징-맵-크기", "특징맵-크기"),
    "height": ("높이", "세로"),
    "width": ("너비", "폭", "가로"),
    "channels": ("채널", "필터", "출력-채널", "특징-맵", "특징맵"),
    "depth": ("깊이",),
    "in_features": ("입력-특징", "입력", "입력-유닛", "입력-뉴런", "입력-노드"),
    "params": ("파라미터", "매개변수", "모수", "학습-파라미터"),
    "weights": ("가중치",),
    "biases": ("편향", "바이어스"),
    "macs": ("곱셈", "곱셈-누산", "mac", "macs", "곱셈-횟수"),
    "flops": ("연산량", "연산", "flops", "연산-횟수"),
    "rf": ("수용-영역", "수용영역", "수용장", "수용-영역-크기", "수용-영역의-크기"),
    "jump": ("점프",),
    "start": ("시작",),
    "activations": ("활성값",),
    "memory": ("메모리", "활성값-메모리"),
    "params-memory": ("파라미터-메모리", "가중치-메모리"),
    "peak": ("최대-메모리", "피크-메모리"),
    "trainable": ("학습-가능한-파라미터", "학습-가능-파라미터"),
    "kernel": ("커널", "커널-크기", "필터-크기", "커널-사이즈", "윈도우-크기"),
    "stride": ("스트라이드", "보폭"),
    "padding": ("패딩", "제로-패딩", "한쪽-패딩"),
    "dilation": ("확장", "팽창", "팽창률", "딜레이션"),
}
"""Names in Korean, which are read in any language; each also as a number of them, 필터 수."""
_COUNTED = ("-수", "수", "-개수", "-갯수", "의-수", "의-개수")

ARGUMENTS = {
    "kernel": ("kernel-size", "filter-size", "k"),
    "stride": ("strides", "s"),
    "padding": ("p", "pad"),
    "dilation": ("d",),
}
"""What a layer's own arguments are called: in a claim they are those of a row."""

NAMES.update(ARGUMENTS)
NAMED = {
    name.replace("_", "-"): first for first, others in NAMES.items() for name in (first, *others)
} | {
    f"{name}{end}": first
    for first, names in _KOREAN.items()
    for name in names
    for end in ("", *_COUNTED)
}
FIELDS = frozenset({"rf", "jump", "start", "rf-padding", "last-field"})
AXES = {"height": -3, "width": -2}
"""Where the axes of an image or of a film stand in a volume."""

VOLUMES = frozenset({"output", "size", *AXES, *FIELDS, *ARGUMENTS})


def named(text: str) -> str | None:
    """Return the quantity or the argument that people call so, in any case; None for none.

    >>> named("Receptive_Field"), named("파라미터 수"), named("paramz")
    ('rf', 'params', None)
    """
    return NAMED.get(text.lower().replace("_", "-").replace(" ", "-"))


def quantities_in(text: str, option: str, known: Collection[str]) -> list[str]:
    """Return the quantities that an option's value names with commas; refuse one not known."""
    from cnncalc.speech.names import names_in

    fact = "no quantity is called {name}"
    return names_in(text, option, known, "unknown-quantity", fact, NAMED)
