"""The best assignment between two groups when only some pairs come into question."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

Scores = Mapping[int, Mapping[int, float]]
"""For each old one, the new ones that come into question and how well they fit (above 0)."""


def best_assignment(scores: Scores) -> dict[int, int]:
    """Return the pairs, old → new, whose scores add up to the most; who fits nowhere stays alone.

    An auction: the old ones bid for the new ones and the prices rise until nobody wants to change.
    The sum is the best one within 0.004 a pair; ties fall the same way every time.
    """
    step = 0.004
    price: dict[int, float] = {}
    owner: dict[int, int] = {}
    waiting = deque(sorted(scores))
    while waiting:
        bidder = waiting.popleft()
        offers = sorted(
            ((score - price.get(new, 0.0), -new) for new, score in scores[bidder].items()),
            reverse=True,
        )
        best, chosen = offers[0] if offers else (0.0, 0)
        if best <= 0:
            continue  # staying alone is worth 0, and prices never fall
        second = max(offers[1][0], 0.0) if len(offers) > 1 else 0.0
        new = -chosen
        price[new] = price.get(new, 0.0) + best - second + step
        if new in owner:
            waiting.append(owner[new])
        owner[new] = bidder
    return {old: new for new, old in sorted(owner.items(), key=lambda pair: pair[1])}


def advantage(scores: Scores, pairs: Mapping[int, int]) -> dict[int, float]:
    """Return for each pair how much better it is than its best rival.

    A rival is one of the two with somebody who stayed alone, or a swap with another pair (half of what that costs,
    since it concerns two pairs).
    """
    owner = {new: old for old, new in pairs.items()}
    by_new: dict[int, dict[int, float]] = {}
    for old, row in scores.items():
        for new, score in row.items():
            by_new.setdefault(new, {})[old] = score
    lead: dict[int, float] = {}
    for old, new in pairs.items():
        own = scores[old][new]
        lead[old] = own
        for other, score in scores[old].items():
            if other == new:
                continue
            rival = owner.get(other)
            if rival is None:
                lead[old] = min(lead[old], own - score)
            else:
                swapped = score + scores[rival].get(new, 0.0)
                lead[old] = min(lead[old], (own + scores[rival][other] - swapped) / 2)
        for other, score in by_new[new].items():
            if other != old and other not in pairs:
                lead[old] = min(lead[old], own - score)
    return lead
