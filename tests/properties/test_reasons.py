"""Reasons that can happen: no word of what is not there, none twice, and no tautology.

What is there is read off the text of the network, and what a working says is worked out here.
"""

import random
import re

import pytest
from test_equations import claims, network

from cnncalc import Problem
from cnncalc.homework import alternatives
from cnncalc.homework.judge import Judge
from cnncalc.homework.variations import PAIRS
from cnncalc.homework.ways import WAYS
from cnncalc.importing.sources import read_text
from cnncalc.speech.problem import Source

NEEDS = {  # words of a reason, and what must stand in the network
    r"\bpools?\b|pooled": r"pool|gap",
    "stride": r"s[23]|pool|deconv|upsample",
    "dilation": r"d2",
    "padding": r"\bp[0-9]|pad|same|conv|local|pool",
    "bias": r"conv|fc|local|bn",
    "group": r"g[12]|dwconv",
    "batch norm": r"\bbn\b",
    "'linear' for 'fc'|what a unit sees|unit counted": r"\bfc\b|conv",
    "one side, and on the depth": r"\bpad\b",
    "(?<!counted as a )depthwise": r"dwconv",
    "transposed": r"deconv",
    "attention|head": r"attention",
    "gru|lstm|gate|step before": r"lstm|gru|rnn",
    "each word": r"embedding",
    "scale and a shift": r"\b(bn|ln|gn)\b",
    r"(?<!blocks with )branch": r"concat|add",  # torchsummary prints of those, too
    "torchinfo prints": r"conv|fc|bn|local",
    "an input of": r"^(28|32)x",
}
BARE = re.compile(r"[\d,]+( ?\* ?1| ?[-+] ?0)?")


def verdicts(count, seed):
    """Yield networks, claims and the verdicts on them."""
    chance = random.Random(seed)
    for _ in range(count):
        line = network(chance)
        try:
            judge = Judge(read_text(line))
        except Problem:
            continue
        for claim in claims(
            chance, judge, lambda v: "x".join(map(str, v)) if v and isinstance(v, tuple) else str(v)
        ):
            yield line, claim, judge.judge(Source("<claim>", claim))


ABOUT = {way.name: way.about for way in WAYS.values()}


def other(line, kernel):
    """Whether a line has a window of another kernel than one."""
    kernels = re.findall(r"(?:conv|local)[a-z0-9 ]*k([0-9])|pool k?([0-9])", line)
    return any(kernel not in each for each in kernels)


def senseless(line, claim, verdict):
    """Return what is senseless about the reasons of a verdict."""
    says = [each.says for each in verdict.reasons]
    workings = [each.working for each in verdict.reasons if each.working]
    found = []
    for words, there in NEEDS.items():
        found += [each for each in says if re.search(words, each) and not re.search(there, line)]
    found += [each for each in workings if BARE.fullmatch(each)]
    if len(set(says)) < len(says) or ("rf" in claim and len(set(workings)) < len(workings)):
        found.append("twice")
    if ".size=" in f".{claim}":
        found += [each for each in says if re.search("depth|channels (pooled|of)", each)]
    found += [each for each in says if each.count(", and ") > 1]
    found += [
        each for each in says for kind in re.findall(", at each ([a-z]+)", each) if kind not in line
    ]
    found += [
        each
        for each in says
        for k in re.findall("a kernel of ([0-9])$", each)
        if not other(line, k)
    ]
    names = [each.name.split(", ") for each in verdict.reasons if not each.is_convention]
    found += [
        pair for pair in names if len(pair) == 2 and {ABOUT.get(n) for n in pair} not in PAIRS
    ]
    if "slip of the pen" in " ".join(says) and len(says) > 1:
        found.append("a slip of the pen beside another reason")
    return found


def run(count, seed):
    """Return how many reasons were given, and what is senseless among them."""
    given, bad = 0, []
    for line, claim, verdict in verdicts(count, seed):
        given += len(verdict.reasons)
        found = senseless(line, claim, verdict)
        if found:
            bad.append((line, claim, found))
    return given, bad


def test_reasons_can_happen():
    """Of 8 random networks."""
    given, bad = run(8, 21)
    assert given > 20
    assert not bad, bad[:5]


@pytest.mark.long
def test_many_reasons_can_happen():
    """Of 200 more."""
    given, bad = run(200, 22)
    assert given > 400
    assert not bad, bad[:5]


@pytest.mark.parametrize(
    ("line", "claim", "names"),
    [
        ("28x28x1 -> conv 1 k3 p0", "size=28", ["kernel-ignored"]),
        ("28x28x1 -> conv 1 k3", "size=28", ["same"]),
        ("64x64x1 -> [conv 1 k3]*3", "rf=9", ["kernels-added"]),
        ("efficientnet_b0", "rf=7", ["last-field"]),
        ("5x5x1 -> pad 2", "size=7", ["total-padding", "padding-on-one-side"]),
        ("32x32x3 -> local 2 k5", "params=155648", ["same"]),  # it learns at each place
        ("8x8x3 -> relu", "params=5", []),
    ],
)
def test_one_reason_once(line, claim, names):
    """What is the same in other words is said once."""
    verdict = Judge(read_text(line)).judge(Source("<claim>", claim))
    assert [each.name for each in verdict.reasons] == names


@pytest.mark.parametrize("count", [4, pytest.param(80, marks=pytest.mark.long)])
def test_remoter_ways_change_no_reason(count, monkeypatch):
    """Reasons are the same where all ways are worked out, whichever gave the value before."""
    quick = list(verdicts(count, 23))
    of = alternatives.Alternatives.of
    monkeypatch.setattr(alternatives.Alternatives, "of", lambda *given: of(*given[:2]))
    several = 0
    for (line, claim, verdict), (*_same, whole) in zip(quick, verdicts(count, 23), strict=True):
        assert verdict.reasons == whole.reasons, (line, claim)
        several += bool(whole.reasons)
    assert several > count
