"""Options of the test run."""

from hypothesis import settings

settings.register_profile(
    "cnncalc", deadline=None, derandomize=True, print_blob=True, max_examples=50
)
settings.register_profile("long", settings.get_profile("cnncalc"), max_examples=400)
settings.load_profile("cnncalc")


def pytest_addoption(parser):
    """Add `--rewrite`, which writes the outputs of all sessions anew."""
    parser.addoption(
        "--rewrite", action="store_true", help="write README's and tests/sessions' outputs anew"
    )
