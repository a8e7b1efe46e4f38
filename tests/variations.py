"""Variations of one promise: a sample of them by default, and the rest with `pytest -m long`."""

import pytest


def variations(names, values, count, **more):
    """Parametrise a test by values: `count` that lie evenly among them, and the rest as `long`.

    The first and the last, which is mostly the newest, are among those that always run.
    """
    values = list(values)
    kept = {at * (len(values) - 1) // max(count - 1, 1) for at in range(count)}
    several = not isinstance(names, str) or "," in names
    return pytest.mark.parametrize(
        names,
        [
            pytest.param(
                *(each if several else [each]), marks=[] if at in kept else [pytest.mark.long]
            )
            for at, each in enumerate(values)
        ],
        **more,
    )
