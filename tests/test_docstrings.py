"""Every example in a docstring gives what it shows."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "cnncalc").rglob("*.py"))
}


def test_every_module_loads():
    """Whichever is first imported by nobody else, too."""
    for name in MODULES:
        import_module(name)


@pytest.mark.parametrize("name", [each for each in MODULES if ">>> " in MODULES[each].read_text()])
def test_examples(name):
    """Of a module, all that are shown."""
    failed, tried = doctest.testmod(import_module(name))
    assert tried
    assert not failed
