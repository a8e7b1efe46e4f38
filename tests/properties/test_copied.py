"""Answers that are copied, or sent to another process, say there what they say here."""

import copy
import json
import multiprocessing
import pickle
import warnings
from concurrent.futures import ProcessPoolExecutor

from hypothesis import example, given
from hypothesis import strategies as st
from strategies import few, networks

import cnncalc

CLAIMS = st.lists(
    st.sampled_from(
        [
            *("params=760", "output=4x4x4", "macs~1M", "rf<=5", "1.rf=3", "peak=1KiB"),
            *("nothing=1", "params=none", "1.output=3x3x2", "2.macs=99"),
        ]
    ),
    min_size=1,
    max_size=3,
)
SWEEPS = st.sampled_from(
    [
        {"sweep": "input=1..9:4"},
        {"sweep": "input=8..40:1", "sort": "macs"},
        {"sweep": "n=2"},
        {"sweep": "input=4..8:2", "columns": "rf,params,training-macs", "top": 2},
    ]
)
OF_NETWORKS = (cnncalc.stack, cnncalc.rf, cnncalc.motion)


def marked(folder, text, said, answers):
    """Return a sheet marked, or the key to it, or a class."""
    sheet, table = folder / "sheet.toml", folder / "answers.csv"
    asked = "ask = 'params'" if answers else f"claims = {json.dumps(said)}"
    question = f"[[question]]\nname = 'a'\nnetwork = {json.dumps(text)}\n{asked}\n"
    sheet.write_text(question * 2)
    table.write_text("who,a,a\nx,760,3\ny,,4x4\n")
    return cnncalc.mark(sheet, table) if answers == "of a class" else cnncalc.mark(sheet)


def found(ask, *given_, **more):
    """Return the answer to a question; the fault that there is in its place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cnncalc.NetworkWarning)
        try:
            return ask(*given_, **more)
        except cnncalc.Problem as problem:
            return problem


def told(answer):
    """Return all that an answer says: its text, its plain data, and itself in a line."""
    data = answer.to_dict() if hasattr(answer, "to_dict") else None
    return str(answer), data, repr(answer), type(answer)


@few
@given(networks(), CLAIMS, SWEEPS, st.sampled_from(["", "the key", "of a class"]))
@example(
    "9x9x4 -> conv 4 k3 -> opaque 'a{b' 7x7x4", ["macs=9", "1.output=8x8x4"], {"sweep": "n=2"}, ""
)
@example("HxWxC -> conv 4 k3 -> fc N", ["params=9*C", "peak=1KiB"], {"sweep": "C=1..20:1"}, "")
def test_copies_say_the_same(tmp_path_factory, text, said, swept, answers):
    """Verdicts, sheets, classes, sweeps and the rest, of all networks and of faults."""
    folder = tmp_path_factory.mktemp("copied")
    asked = [
        found(cnncalc.check, text, *said),
        found(cnncalc.compare, text, "8x8x3 -> conv ?n k3", **swept),
        found(marked, folder, text, said, answers),
        *(found(each, text) for each in OF_NETWORKS),
    ]
    for answer in asked:
        for made in (copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))):  # noqa: S301
            assert told(made(answer)) == told(answer)


def test_another_process(tmp_path):
    """What is asked in another process comes back, and what is sent there is told there."""
    text, said = "10x10x3 -> conv 8 k3 -> maxpool 2 -> fc 9", ["params=216", "2.output=9x9x3"]
    here = [
        cnncalc.check(text, *said),
        cnncalc.compare(text, sweep="input=9..30:1"),
        *(marked(tmp_path, text, said, answers) for answers in ("", "the key", "of a class")),
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        there = [pool.submit(cnncalc.check, text, *said)]
        there += [pool.submit(cnncalc.compare, text, sweep="input=9..30:1")]
        assert [told(each.result()) for each in there] == list(map(told, here[:2]))
        assert list(pool.map(str, here)) == list(map(str, here))
