"""Keys for reading order: room everywhere, and as few new ones as can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primer_anki.identity.order import is_key, reorder


@given(st.integers(0, 300))
def test_new_keys_rise(count: int) -> None:
    keys = reorder([""] * count)
    assert list(keys) == sorted(set(keys))
    assert all(is_key(key) for key in keys)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_any_number_fits_between_any_two(places: list[int]) -> None:
    keys = reorder([""] * 3)
    for place in places:
        at = min(place, len(keys))
        more = reorder([*keys[:at], "", *keys[at:]])
        assert [key for key in more if key in keys] == list(keys)
        keys = more
    assert list(keys) == sorted(set(keys))
    assert all(is_key(key) for key in keys)


@given(st.permutations(range(12)))
def test_a_new_order_rises_again(order: list[int]) -> None:
    keys = reorder([""] * 12)
    again = reorder([keys[at] for at in order])
    assert list(again) == sorted(set(again))


def test_one_move_changes_one_key() -> None:
    keys = reorder([""] * 10)
    moved = reorder([*keys[:2], *keys[3:], keys[2]])
    assert sum(key not in keys for key in moved) == 1


def test_equal_keys_of_two_branches_are_told_apart() -> None:
    assert reorder(["V", "V", "k"]) == ("F", "V", "k")


@pytest.mark.parametrize("text", ["", "a0", "é", "a b", "-"])
def test_what_is_no_key(text: str) -> None:
    assert not is_key(text)
