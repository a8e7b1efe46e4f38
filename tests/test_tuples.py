"""Tuples with names are typing's, to whoever uses them."""

import copy
import pickle
import sys
import types
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.tuples import NamedTuple

FIELDS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)


def made(base, fields, defaults):
    """Return a class with these fields, the last of them with defaults."""
    body = {"__annotations__": dict.fromkeys(fields, int), "__module__": __name__, "twice": twice}
    body |= dict(zip(reversed(fields), defaults, strict=False))
    return types.new_class("Made", (base,), exec_body=lambda names: names.update(body))


@property
def twice(self):
    """What a class adds of its own."""
    return self * 2


def outcome(act):
    """Return what comes of an act; None for an error, whose type changes with Python's version."""
    try:
        return act()
    except (TypeError, ValueError, AttributeError):
        return None


@pytest.mark.parametrize("count", [*range(20), 60])
def test_any_number_of_fields(count):
    """Whatever their number, fields are taken in order, by name, and left at their defaults."""
    fields = [f"field{place}" for place in range(count)]
    ours = made(NamedTuple, fields, range(count))
    assert ours(*range(1, count + 1)) == tuple(range(1, count + 1))
    assert ours() == tuple(reversed(range(count)))
    assert [getattr(ours(), each) for each in fields] == [*reversed(range(count))]
    for each in fields:
        assert getattr(ours(**{each: -1}), each) == -1
        assert ours(**{each: -1}).count(-1) == 1
    half = made(NamedTuple, fields, range(count // 2))
    needed = dict.fromkeys(fields[: (count + 1) // 2], -1)
    for some in range(len(needed) + 1):
        assert half(*[-1] * some, **dict([*needed.items()][some:])) == half(*[-1] * len(needed))
    wrong = [lambda: ours(other=1), lambda: ours(*range(count + 1))]
    wrong += [half, lambda: half(-1, **needed)] if count else []
    for each in wrong:
        with pytest.raises(TypeError):
            each()


@given(fields=FIELDS, defaults=st.lists(st.integers(), max_size=6), data=st.data())
def test_as_typing(fields, defaults, data):
    """Made by position or by name, changed, compared, shown and copied: as with typing's."""
    ours, theirs = made(NamedTuple, fields, defaults), made(typing.NamedTuple, fields, defaults)  # noqa: TID251
    placed = data.draw(st.lists(st.integers(), max_size=7))
    named = data.draw(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(), max_size=3))
    changed = data.draw(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(), max_size=2))
    sys.modules[__name__].Made = ours  # where pickle looks for it
    for act in (
        lambda cls: tuple(cls(*placed, **named)),
        lambda cls: repr(cls(*placed, **named)),
        lambda cls: hash(cls(*placed, **named)),
        lambda cls: cls(*placed, **named)._asdict(),
        lambda cls: tuple(cls(*placed, **named)._replace(**changed)),
        lambda cls: [getattr(cls(*placed, **named), each) for each in fields],
        lambda cls: cls(*placed, **named).twice,
        lambda cls: setattr(cls(*placed, **named), "a", 1),
        lambda cls: setattr(cls(*placed, **named), "other", 1),
        lambda cls: (cls._fields, cls.__match_args__, cls._field_defaults, cls.__slots__),
    ):
        assert outcome(lambda act=act: act(ours)) == outcome(lambda act=act: act(theirs))
    whole = outcome(lambda: ours(*placed, **named))
    if isinstance(whole, ours):
        loaded = pickle.loads(pickle.dumps(whole))  # noqa: S301 - our own
        for again in (copy.copy(whole), copy.deepcopy(whole), loaded):
            assert (again, type(again)) == (whole, ours)
            assert again == tuple(whole)


def test_typed_out():
    """A class as it is written: its own methods, `super`, and a pattern that takes it apart."""

    class Point(NamedTuple):
        """A point."""

        x: int
        y: int = 2

        def __repr__(self):
            return f"<{super().__repr__()}>"

    assert repr(Point(1)) == "<Point(x=1, y=2)>"
    match Point(1):
        case Point(x, y=second):
            assert (x, second) == (1, 2)
    with pytest.raises(TypeError):
        Point()

    class Far(Point):
        """A point that adds nothing but what it does."""

        def moved(self):
            return self._replace(x=self.x + 1)

    assert (Far(1).moved(), type(Far(1).moved())) == ((2, 2), Far)
