"""What can be claimed: quantities, and arguments of layers, with the names that people use."""

from __future__ import annotations

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
    "output": ("출력", "출력-형태", "출력-모양"),
    "size": ("크기", "출력-크기"),
    "height": ("높이",),
    "width": ("너비", "폭"),
    "channels": ("채널", "채널-수", "필터-수"),
    "depth": ("깊이",),
    "in_features": ("입력-특징-수", "입력-수"),
    "params": ("파라미터", "파라미터-수", "매개변수", "매개변수-수", "모수", "모수-수"),
    "weights": ("가중치", "가중치-수"),
    "biases": ("편향", "편향-수", "바이어스"),
    "macs": ("곱셈-수", "곱셈-누산-수"),
    "flops": ("연산량", "연산-수"),
    "rf": ("수용-영역", "수용영역", "수용장"),
    "jump": ("점프",),
    "activations": ("활성값", "활성값-수"),
    "memory": ("메모리",),
    "params-memory": ("파라미터-메모리",),
    "kernel": ("커널", "커널-크기"),
    "stride": ("스트라이드",),
    "padding": ("패딩",),
    "dilation": ("확장",),
}
"""Names in Korean, which are read in any language."""

ARGUMENTS = {
    "kernel": ("kernel-size", "filter-size"),
    "stride": ("strides",),
    "padding": (),
    "dilation": (),
}
"""What a layer's own arguments are called: in a claim they are those of a row."""

NAMES.update(ARGUMENTS)
NAMED = {
    name.replace("_", "-"): first
    for first, others in NAMES.items()
    for name in (first, *others, *_KOREAN.get(first, ()))
}
FIELDS = frozenset({"rf", "jump", "start", "rf-padding", "last-field"})
AXES = {"height": -3, "width": -2}
"""Where the axes of an image or of a film stand in a volume."""

VOLUMES = frozenset({"output", "size", *AXES, *FIELDS, *ARGUMENTS})
