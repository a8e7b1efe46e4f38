"""What Python holds: asked again, by several threads at once, copied, sent to other processes."""

import copy
import pickle
import sys
import threading

import pytest
from variations import variations

import cnncalc
from cnncalc.homework.ways import WAYS
from cnncalc.kinds.table import WITH_OPAQUE
from cnncalc.report.quantities import QUANTITIES
from cnncalc.trace.counters import COUNTERS

WRONG = (
    "32x32x3 -> covn 10 k5",
    "56x56x64 -> add[ conv 256 k1 | identity ]",
    "vgg61",
    "32x32x3 -> [conv 8 k3 s2]*3 -> conv 16 k7",
    "8x8x3 -> conv 3 k3 pp2",
    "8x8x3 -> nn.Conv2d(3, 4, 3, 0)",
    "8x8x3 -> conv 3 k3 -> [relu",
)
LETTERED = (
    "HxWxC -> conv N k3 p1 -> relu -> conv M k3 s2",
    "AxBxC -> maxpool 2 -> conv D k3 -> gap -> fc E",
    "32x32x3 -> conv N k3 p1 -> fc 7",
    "def b(n) { conv n k3 p1 } HxWx3 -> b 8 -> fc F",
)


def told(ask, *given, **more):
    """Return what an answer says, or its fault."""
    try:
        return str(ask(*given, **more))
    except cnncalc.Problem as problem:
        return str(problem)


@pytest.mark.parametrize("text", LETTERED)
def test_letters_asked_again(text):
    """A network with letters is answered however often it is asked for, and however alike."""
    first = told(cnncalc.stack, text)
    assert {told(cnncalc.stack, text) for _turn in range(20)} == {first}
    for number in range(1, 21):
        other = text.replace("k3", f"k{number}", 1)
        assert cnncalc.stack(other).params == cnncalc.read(other).report().params


def test_unknowns_beside_letters():
    """Numbers for the unknowns of a network that has letters leave these as they are."""
    network = cnncalc.read("?nxWxC -> conv ?k k3 p1")
    alone = [str(cnncalc.stack(f"{n}xWxC -> conv 4 k3 p1").macs) for n in range(9, 29)]
    assert [str(network.report(n=n, k=4).macs) for n in range(9, 29)] == alone
    swept = cnncalc.compare("HxWxC -> conv ?n k3", sweep="n=8..40:1").to_dict()["points"]
    alone = [cnncalc.stack(f"HxWxC -> conv {n} k3") for n in range(8, 41)]
    assert [each["params"] for each in swept] == [str(each.params) for each in alone]


@variations("seed", range(3), 1)
def test_threads(seed):
    """Each of several threads that ask at once has the answers that it has alone."""
    asked = [(cnncalc.stack, text) for text in (*LETTERED[2:], *WRONG[:3], "lenet5")]
    alone = [told(ask, text) for ask, text in asked]
    wrong = []

    def ask_all(first):
        for turn in range(len(asked)):
            at = (first * 5 + turn + seed) % len(asked)
            try:
                if (found := told(*asked[at])) != alone[at]:
                    wrong.append((asked[at][1], found))
            except Exception as error:  # noqa: BLE001 - which no thread would tell
                wrong.append((asked[at][1], repr(error)))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=ask_all, args=(each,)) for each in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        sys.setswitchinterval(before)
    assert not wrong


@pytest.mark.parametrize("table", [WITH_OPAQUE, QUANTITIES, COUNTERS, WAYS], ids=len)
def test_entries_of_tables(table):
    """An entry of a table is that entry wherever it is sent, and in every copy."""
    for each in table.values():
        assert each is sent(each) is copy.copy(each) is copy.deepcopy(each)


def sent(answer):
    """Return what arrives in another process."""
    return pickle.loads(pickle.dumps(answer))  # noqa: S301 - our own


@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy, sent])
def test_copies(made):
    """What is copied, or sent to another process, says what it said; a fault, what it offers."""
    for text in WRONG:
        with pytest.raises(cnncalc.Problem) as found:
            cnncalc.stack(text)
        again = made(found.value)
        assert (str(again), vars(again).keys()) == (str(found.value), vars(found.value).keys())
        assert again.args == found.value.args
    with pytest.raises(TypeError) as misuse:
        cnncalc.stack("lenet5", batch="x")
    assert (type(made(misuse.value)), str(made(misuse.value))) == (misuse.type, str(misuse.value))
    for answer in (
        cnncalc.stack("resnet18"),
        cnncalc.stack(LETTERED[0]),
        cnncalc.rf("lenet5"),
        cnncalc.compare("lenet5", "alexnet"),
        cnncalc.solve("63x63x16 -> conv 32 k7 s1 p?", "output=63x63x32"),
    ):
        again = made(answer)
        assert (str(again), again.to_dict()) == (str(answer), answer.to_dict())
