"""The best assignment, held against trying all of them."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from primer_anki.identity.assignment import advantage, best_assignment

SIZE = 4
matrices = st.lists(st.lists(st.integers(0, 100), min_size=SIZE, max_size=SIZE), min_size=SIZE, max_size=SIZE)


def sparse(matrix: list[list[int]]) -> dict[int, dict[int, float]]:
    return {i: {j: score / 100 for j, score in enumerate(row) if score} for i, row in enumerate(matrix)}


@given(matrices)
def test_no_other_assignment_is_clearly_better(matrix: list[list[int]]) -> None:
    scores = sparse(matrix)
    found = best_assignment(scores)
    assert len(set(found.values())) == len(found)
    best = max(sum(matrix[i][j] for i, j in enumerate(order)) for order in permutations(range(SIZE)))
    assert sum(scores[i][j] for i, j in found.items()) >= best / 100 - 0.005 * SIZE


def test_the_first_comer_does_not_take_the_only_match_of_another() -> None:
    assert best_assignment({0: {0: 0.9, 1: 0.8}, 1: {0: 0.85}}) == {0: 1, 1: 0}


def test_a_pair_leads_by_what_its_best_rival_lacks() -> None:
    scores = {0: {0: 0.9, 1: 0.5}, 1: {0: 0.7}}
    assert round(advantage(scores, {0: 0})[0], 3) == 0.2


def test_a_swap_counts_half_for_each_pair() -> None:
    scores = {0: {0: 0.9, 1: 0.8}, 1: {0: 0.7, 1: 0.9}}
    assert round(advantage(scores, {0: 0, 1: 1})[0], 3) == 0.15
