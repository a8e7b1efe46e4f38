"""Options of the test run, and what makes it quick.

A promise that is tried on many models, layers or options is tried on some by default, and on all
with `-m long` (variations.py); command lines run in this process (command.py), but for what only a
process can show; and processes that are started find the package compiled.
"""

import gc
import os
import signal
import sys
from contextlib import suppress

FINDERS = sys.meta_path[:]
sys.meta_path[:] = [each for each in FINDERS if "pytest" not in type(each).__module__]
import hypothesis.strategies  # noqa: E402 - as it was compiled: pytest writes it anew

sys.meta_path[:] = FINDERS
settings = hypothesis.settings

os.environ["COLUMNS"] = "80"  # whatever the tests run in
for name, own in {"SIGINT": signal.default_int_handler, "SIGQUIT": signal.SIG_DFL}.items():
    number = getattr(signal, name, None)
    if number and signal.getsignal(number) is signal.SIG_IGN:  # as in the background of a shell
        signal.signal(number, own)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # of the processes that are started

settings.register_profile(
    "cnncalc", deadline=None, derandomize=True, print_blob=True, max_examples=6
)
settings.register_profile("more", settings.get_profile("cnncalc"), max_examples=60)
settings.register_profile("long", settings.get_profile("cnncalc"), max_examples=400)
settings.load_profile("cnncalc")


def pytest_configure(config):
    """Let the few examples of a default run hold no constants of the package's own source.

    To look for them is to read it whole, anew with each module that is imported: seconds; and what
    is drawn would depend on which tests ran before.
    """
    if config.getoption("--hypothesis-profile", None) is None:
        with suppress(ImportError):  # of another release
            from hypothesis.internal.conjecture import providers

            providers.is_local_module_file = lambda _path: False


def pytest_addoption(parser):
    """Add `--rewrite`, which writes the outputs of all sessions anew."""
    parser.addoption(
        "--rewrite", action="store_true", help="write README's and tests/sessions' outputs anew"
    )


def pytest_collection_finish():
    """Leave what is loaded by now out of every search for garbage: it stays."""
    gc.freeze()
