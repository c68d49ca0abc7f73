"""Anchors as GitHub makes them."""

from __future__ import annotations

import pytest

from primer_anki.parser.anchors import Anchors, slug


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("CAP Theorem", "cap-theorem"),
        ("CP - Consistency and Partition Tolerance", "cp---consistency-and-partition-tolerance"),
        ("Performance vs. Scalability", "performance-vs-scalability"),
        ("Relational Database Management System (RDBMS)", "relational-database-management-system-rdbms"),
        ("snake_case & more", "snake_case--more"),
        ("What is C++?", "what-is-c"),
        ("Größe Ärger", "größe-ärger"),
        ("什么是缓存？", "什么是缓存"),
        ("キャッシュとは", "キャッシュとは"),
        ("हिन्दी", "हिन्दी"),
        ("🚀 Launch", "-launch"),
        (":rocket: Launch", "rocket-launch"),
        ("10²", "10"),
    ],
)
def test_slug(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


def test_equal_headings_are_numbered() -> None:
    anchors = Anchors()
    assert [anchors.add(text) for text in ("A", "a", "A!", "B")] == ["a", "a-1", "a-2", "b"]


def test_a_number_never_gives_an_anchor_twice() -> None:
    anchors = Anchors()
    given = [anchors.add(text) for text in ("A", "A", "A 1", "A", "A 1")]
    assert given == ["a", "a-1", "a-1-1", "a-2", "a-1-2"]


def test_an_anchor_is_unique_only_where_one_heading_asks_for_it() -> None:
    anchors = Anchors()
    for text in ("A", "A", "B", "A 1", "🚀"):
        anchors.add(text)
    assert [each for each in ("a", "a-1", "a-1-1", "b", "") if anchors.is_unique(each)] == ["b"]
