"""Reading order that an insert does not disturb: keys that sort as text, with room between any two of them.

The ledger keeps such a key for each place where a note stands. A line or running number would
change on every line after an insert; a key changes only for what moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANK = {digit: rank for rank, digit in enumerate(_DIGITS)}
_BASE = len(_DIGITS)


def is_key(text: str) -> bool:
    """Tell whether a text is a key: letters and digits, not empty, not ending in 0 (nothing fits before `10`)."""
    return bool(text) and text[-1] != "0" and all(char in _RANK for char in text)


def reorder(keys: Sequence[str]) -> tuple[str, ...]:
    """Return rising keys for the notes in their new order, given their old keys ("" for a new note).

    As many keys as possible stay as they are: a longest rising run of the old ones.
    """
    stays = _longest_rise(keys)
    result = list(keys)
    anchors = [-1, *stays, len(keys)]
    for left, right in pairwise(anchors):
        if right - left == 1:
            continue
        low = keys[left] if left >= 0 else ""
        high = keys[right] if right < len(keys) else ""
        result[left + 1 : right] = _spread(low, high, right - left - 1)
    return tuple(result)


def _longest_rise(keys: Sequence[str]) -> list[int]:
    """Return the places of a longest strictly rising run, empty keys left out."""
    ends: list[str] = []
    last: list[int] = []
    before: list[int] = [-1] * len(keys)
    for place, text in enumerate(keys):
        if not text:
            continue
        at = bisect_left(ends, text) if ends and text <= ends[-1] else len(ends)
        before[place] = last[at - 1] if at else -1
        ends[at : at + 1] = [text]
        last[at : at + 1] = [place]
    run: list[int] = []
    place = last[-1] if last else -1
    while place >= 0:
        run.append(place)
        place = before[place]
    return run[::-1]


def _spread(low: str, high: str, count: int) -> list[str]:
    """Return `count` rising keys between two keys; "" below means none, "" above means no end."""
    if not count:
        return []
    middle = _between(low, high)
    left = (count - 1) // 2
    return [*_spread(low, middle, left), middle, *_spread(middle, high, count - 1 - left)]


def _between(low: str, high: str) -> str:
    """Return a short key strictly between two keys."""
    shared = 0
    while high and shared < len(high) and (low[shared : shared + 1] or "0") == high[shared]:
        shared += 1
    prefix, low, high = high[:shared], low[shared:], high[shared:]
    first = _RANK[low[0]] if low else 0
    limit = _RANK[high[0]] if high else _BASE
    if limit - first > 1:
        return prefix + _DIGITS[(first + limit) // 2]
    if len(high) > 1:
        return prefix + high[0]
    return prefix + _DIGITS[first] + _between(low[1:], "")
