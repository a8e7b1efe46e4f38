"""Variations of one promise: a sample of them by default, and the rest with `pytest -m long`."""

import pytest


def variations(names, values, count, **more):
    """Parametrise a test by values: `count` that lie evenly among them, and the rest as `long`.

    The first and the last, which is mostly the newest, are among those that always run.
    """
    values = list(values)
    kept = {at * (len(values) - 1) // max(count - 1, 1) for at in range(count)}
    several = not isinstance(names, str) or "," in names
    made = []
    for at, each in enumerate(values):
        if not hasattr(each, "marks"):  # of pytest.param, which has its own
            each = pytest.param(*(each if several else [each]))  # noqa: PLW2901
        marks = each.marks if at in kept else [*each.marks, pytest.mark.long]
        made.append(each._replace(marks=marks))
    return pytest.mark.parametrize(names, made, **more)
