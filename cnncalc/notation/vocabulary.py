"""Words that people have for layers and their arguments, and what each is called here."""

from __future__ import annotations

import re

from cnncalc.kinds.table import NAMES

LAYERS = {
    "convolution": "conv",
    "합성곱": "conv",
    "컨볼루션": "conv",
    "전결합": "fc",
    "전연결": "fc",
    "밀집": "fc",
    "덴스": "fc",
    "임베딩": "embedding",
    "어텐션": "attention",
    "완전연결": "fc",
    "fullyconnected": "fc",
    "맥스풀링": "maxpool",
    "최대풀링": "maxpool",
    "평균풀링": "avgpool",
    "averagepool": "avgpool",
    "meanpool": "avgpool",
    "globalaveragepool": "gap",
    "globalavgpool": "gap",
    "globalmaxpool": "gmp",
    "batchnormalization": "bn",
    "batchnormalisation": "bn",
    "layernormalization": "ln",
    "groupnormalization": "gn",
    "instancenormalization": "in",
    "depthwiseconv": "dwconv",
    "depthwiseconvolution": "dwconv",
    "dwconvolution": "dwconv",
    "lrelu": "leakyrelu",
    "leakyrelu": "leakyrelu",
    "multiheadattention": "attention",
    "selfattention": "attention",
    "transposedconv": "deconv",
    "convtransposed": "deconv",
    "transposeconv": "deconv",
    "deconvolution": "deconv",
    "upconv": "deconv",
    "upsampling": "upsample",
    "zeropadding": "pad",
    "padding": "pad",
    "활성화": "relu",
    "렐루": "relu",
    "평탄화": "flatten",
    "드롭아웃": "dropout",
    "배치정규화": "bn",
    "풀링": "maxpool",
    "펼치기": "flatten",
    "플래튼": "flatten",
    "전역평균풀링": "gap",
    "글로벌평균풀링": "gap",
    "전역최대풀링": "gmp",
    "배치노름": "bn",
    "소프트맥스": "softmax",
    "시그모이드": "sigmoid",
    "선형": "linear",
    "업샘플링": "upsample",
    "전치합성곱": "deconv",
    "역합성곱": "deconv",
    "깊이별합성곱": "dwconv",
    "풀리커넥티드": "fc",
    "convolutional": "conv",
    "dw": "dwconv",
    "depthwiseconvolutional": "dwconv",
    "pointwise": "conv k1",
    "pointwiseconv": "conv k1",
    "pointwiseconvolution": "conv k1",
    "pw": "conv k1",
    "pwconv": "conv k1",
    "fullconnection": "fc",
    "innerproduct": "fc",
    "affine": "fc",
    "maxpooled": "maxpool",
    "subsampling": "avgpool",
    "globalpool": "gap",
    "globalaverage": "gap",
    "globalmean": "gap",
    "globalmeanpool": "gap",
    "localresponsenorm": "lrn",
    "localresponsenormalization": "lrn",
    "logsoftmax": "softmax",
    "flat": "flatten",
    "up": "upsample",
    "stridedconv": "conv",
    "dilatedconv": "conv",
    "atrousconv": "conv",
    "avgpoolglobal": "gap",
    "maxpoolglobal": "gmp",
    "view": "flatten",
    "upscale": "upsample",
    "drop": "dropout",
    "fractionallystridedconv": "deconv",
}
"""Words for layers, without their spaces and hyphens, and the name of the layer here."""


ARGUMENTS = {
    "filters": "filters filter channels channel maps map features feature neurons units nodes "
    "outputs out ch n filters_out 필터 필터수 필터_수 필터개수 필터_개수 채널 채널수 채널_수 "
    "출력채널 출력_채널 출력채널수 유닛 유닛수 뉴런 뉴런수 노드 노드수 노드_수",
    "kernel": "kernel kernels size window ksize k filter_size pool_size 커널 크기 윈도우 "
    "커널크기 커널_크기 커널사이즈 커널_사이즈 필터크기 필터_크기 윈도우크기 윈도우_크기",
    "stride": "stride strides step s 스트라이드 보폭 간격",
    "padding": "padding pad p zero_padding 패딩 제로패딩 제로_패딩",
    "dilation": "dilation rate dilated d 팽창 팽창률 확장 딜레이션",
    "groups": "groups group g 그룹 그룹수 그룹_수",
}
"""Words for an argument, by its name here."""

FILLERS = frozenset(
    [
        "of",
        "with",
        "and",
        "a",
        "an",
        "the",
        "layer",
        "layers",
        "by",
        "at",
        "using",
        "each",
        "층",
        "레이어",
        "의",
        "개",
        "개의",
    ]
)
"""Words that say nothing that is counted."""

_TAIL = re.compile(r"(?:layers?|계층|층|레이어)$")


def kind_named(words: str) -> str | None:
    """Return the layer that words for one name, however they are set: 'Max-Pooling2D'."""
    name = said_for(words)
    return None if name is None or " " in name else name


def said_for(words: str) -> str | None:
    """Return a layer's name for the words for it, and what they say of its arguments: `conv k1`."""
    flat = re.sub(r"[\s_-]+", "", words).lower().removeprefix("activation")
    for each in dict.fromkeys((flat, re.sub(r"[123]d", "", flat))):
        for name in (
            each,
            _TAIL.sub("", each),
            each.replace("pooling", "pool"),
            each.replace("average", "avg").replace("pooling", "pool"),
        ):
            if found := LAYERS.get(name) or (name if name in NAMES else None):
                return found
    return None
