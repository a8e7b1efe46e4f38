"""Options of the test run."""

import os

from hypothesis import settings

os.environ["COLUMNS"] = "80"  # whatever the tests run in

settings.register_profile(
    "cnncalc", deadline=None, derandomize=True, print_blob=True, max_examples=10
)
settings.register_profile("more", settings.get_profile("cnncalc"), max_examples=60)
settings.register_profile("long", settings.get_profile("cnncalc"), max_examples=400)
settings.load_profile("cnncalc")


def pytest_addoption(parser):
    """Add `--rewrite`, which writes the outputs of all sessions anew."""
    parser.addoption(
        "--rewrite", action="store_true", help="write README's and tests/sessions' outputs anew"
    )
