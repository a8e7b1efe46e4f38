"""The JSON schema holds for what commands print, and leaves nothing of it out."""

import json
from functools import cache
from pathlib import Path

import pytest
from command import printed
from jsonschema import Draft202012Validator

from cnncalc.cli.commands import COMMANDS, cnncalc
from cnncalc.cli.schema import schemas
from cnncalc.notation import library
from cnncalc.output.schema import whole

SHEET = '[[question]]\nname = "1"\nnetwork = "8x8x3 -> conv 4 k3"\nask = "params"\n'
PRINT = Path(__file__).parent / "data" / "imports" / "resnet18.txt"
ANSWERS = {
    "quantities": [["quantities"]],
    "devices": [["devices"]],
    "stack": [
        ["stack", "8x8x3 -> a: conv 4 k3 s2 -> add[conv 4 k1 | identity] -> aux[gap] -> gap"],
        ["stack", "resnet18", "--depth", "0"],
        ["stack", "vgg16", "--by", "label", "--columns", "params-share,depth"],
        ["stack", "vgg16", "--by", "kind", "--chart"],
        ["stack", "vgg16", "--by", "size"],
        ["stack", "vgg16", "--at", "conv4_3"],
        ["stack", "vgg16", "--totals"],
        ["stack", "HxWxC -> conv C k3 s2 -> relu", "--channels-first"],
        ["stack", "8x8x4 -> deconv 4 k3 s2 -> conv 4 k3"],
        ["stack", "9x9x1 -> concat[conv 1 k3 p1 | conv 1 k1 | pad 1 -> conv 1 k3]"],
        ["stack", "9x9x1 -> concat[conv 1 k3 p1 | pad 1 -> conv 1 k3] -> maxpool 2"],
        ["stack", "9x9x1 -> conv 1 k3 -> gap", "--columns", "rf-share,centre"],
        ["stack", "resnet18", "--like", "thop"],
        ["stack", "resnet18", "--device", "t4"],
        ["stack", "resnet18", "--fold", "--freeze", "layer1", "--columns", "frozen"],
        ["stack", "resnet18", "--batch", "8", "--columns", "training-adam,peak"],
        ["stack", "HxWxC -> conv C k3 p1 -> conv N k1"],
        [
            "stack",
            "l: 8x8x1 -> t: conv 2 k3 -> a: identity -> r: 8x8x1 -> again t -> add[@a|identity]",
        ],
        ["stack", "resnet18", "--totals", "--freeze", "layer1"],
        ["conv", "32x32x3", "--filters", "10", "--k", "5"],
    ],
    "lines": [["stack", str(PRINT)]],
    "needs": [
        ["stack", "vgg16", "--fits", "ram=1GB,flash=1KB"],
        ["stack", "resnet18", "--fits", "flash=1GB"],
        ["stack", "32 -> fc 10", "--fits", "ram=1KB"],
    ],
    "fits": [["stack", "vgg16", "--fits", "8GiB"], ["stack", "vgg16", "--fits", "1KB"]],
    "rf": [
        ["rf", "vgg16", "--depth", "0"],
        ["rf", "9x9x2 -> concat[conv 1 k3 p1 | pad 2:0 -> conv 1 k3] -> deconv 1 k3 s2"],
    ],
    "unit": [["rf", "vgg16", "--unit", "3,4"], ["rf", "vgg16", "--at", "conv1", "--effective"]],
    "counts": [
        ["counts", '8x8x3 -> conv 4 k3 -> opaque "Thing" 6x6x4 -> gap'],
        ["counts", "resnet18"],
        ["counts", "HxWx3 -> conv 8 k3 -> bn"],
    ],
    "check": [
        ["check", "32x32x3 -> conv 10 k5 p2", "params=760", "params=750", "params=10", "rf=x"],
        ["conv", "32x32x3", "--filters", "10", "--k", "5", "--check", "params=760"],
        ["check", "sheet.toml"],
    ],
    "class": [["check", "key.toml", "class.csv"]],
    "key": [["check", "key.toml"]],
    "compare": [
        ["compare", "vgg16", "HxWx3 -> conv 8 k3", "--input", "64x64x3"],
        ["compare", "vgg16", "resnet18", "--device", "t4"],
    ],
    "sweep": [
        ["compare", "vgg16", "resnet18", "--sweep", "input=32..96:32"],
        ["compare", "?nx?nx3 -> conv 8 k7", "--sweep", "n=5..9:2", "--columns", "rf,macs,output"],
        [
            "compare",
            "HxHxC -> conv C k3 p1 -> conv 3 k3",
            "--sweep",
            "H=5..9:2",
            "--columns",
            "peak",
        ],
        ["compare", "9x9xC -> conv 1 k3", "--sweep", "C=1..2", "--columns", "rf-share"],
    ],
    "solve": [
        ["solve", "7x7x1 -> [conv 1 k3]*?", "size=3"],
        ["solve", "63x63x16 -> conv ?n k?", "output=63x63x32"],
        ["solve", "7x7x1 -> conv ? k3", "size=100", "--range", "N=1..9"],
    ],
    "layers": [["layers"]],
    "layer": [["layers", "conv"], ["layers", "gap"]],
    "models": [["models"]],
    "model": [["models", "vgg16"], ["models", "lenet5"]],
}
FAULTS = [
    ["stack", "8x8x3 -> covn 4"],
    ["stack", "8x8x3 -> conv 4 k3", "--padd"],
    ["stack", "56x56x64 -> add[conv 256 k1 | identity]"],
    ["stack", "8x8x3", "-o", "nowhere/net.json"],
]


def closed(schema):
    """Return a schema that also refuses what it does not know."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(each) for name, each in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


@cache
def validator(name):
    """Return a closed validator of one shape."""
    schema = closed(whole(schemas()))
    del schema["anyOf"]
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})


def written(words, folder):
    """Return the standard output and error of a command with --json, in a folder of files."""
    (folder / "sheet.toml").write_text(
        SHEET
        + 'claims = ["params=112", "macs=1"]\n'
        + SHEET.replace('"1"', '"2"').replace("conv", "covn")
        + 'claims = ["params=112"]\n'
    )
    (folder / "key.toml").write_text(SHEET)
    (folder / "class.csv").write_text("name,1\nMina,112\nJun,108\nSora,\n")
    return printed([*words, "--json"], folder)[1:]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param(name, words, marks=[pytest.mark.long] if 0 < at < len(lines) - 1 else [])
        for name, lines in ANSWERS.items()
        for at, words in enumerate(lines)
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_answers_hold(name, words, tmp_path, monkeypatch):
    """What a command prints has its shape, and no field more; of the library some models do."""
    if words == ["models"]:
        some = library.models()[::20]
        monkeypatch.setattr(library, "models", lambda: some)
    out, _ = written(words, tmp_path)
    data = json.loads(out)
    validator(name).validate(data)
    assert data["schema"] == 1


@pytest.mark.parametrize("words", FAULTS, ids=" ".join)
def test_faults_hold(words, tmp_path):
    """A fault has the shape of an error, on standard error."""
    out, err = written(words, tmp_path)
    assert out == ""
    validator("error").validate(json.loads(err))


def test_the_schema_is_one():
    """It is a schema itself; every shape is tried; each command with --json has one."""
    schema = whole(schemas())
    Draft202012Validator.check_schema(schema)
    assert set(schemas()) == set(ANSWERS)
    for name in COMMANDS:
        command = cnncalc.get_command(None, name)
        if any("--json" in parameter.opts for parameter in command.params):
            assert any(words[0] == name for lines in ANSWERS.values() for words in lines), name
    broken = {"schema": 1, "network": "8x8x3", "input": [8, 8, 3], "rows": [{"index": 0}]}
    assert list(validator("stack").iter_errors(broken))
