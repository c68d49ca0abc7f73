"""The content that we ship: complete, with its pictures and sources, in answers that one can say aloud."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from primer_anki.lint.stats import stats
from tests import content_table
from tests.content_table import Topic, gathered, topics
from tests.expected import APPROVE

FILES = sorted(path.name for path in (content_table.ROOT / "content" / "system-design").glob("*.md"))
REQUIRED = tuple(
    line
    for line in (Path(__file__).parent / "required_topics.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
LEAST_NOTES = 3
LEAST_SOURCES = 2
MEDIAN_WORDS, P90_WORDS, MOST_WORDS = 12, 25, 50
"""On the back of a card; an item of a list counts by itself."""


@pytest.fixture
def topic(request: pytest.FixtureRequest) -> Topic:
    return next(each for each in topics() if each.path.name == request.param)


every_topic = pytest.mark.parametrize("topic", FILES, indirect=True)


def test_the_readme_counts_right() -> None:
    if APPROVE:
        content_table.write()
    assert content_table.held() == content_table.table(), "PRIMER_ANKI_APPROVE=1 make test writes the table anew"


def test_every_required_topic_has_its_notes() -> None:
    root = gathered().manifest.options.tag_root
    found = Counter(tag for topic in topics() for note in topic.notes for tag in note.tags)
    assert {slug: n for slug in REQUIRED if (n := found[f"{root}::{slug}"]) < LEAST_NOTES} == {}


@every_topic
def test_a_topic_has_its_place(topic: Topic) -> None:
    assert topic.notes
    assert isinstance(topic.front_matter.get("title"), str)
    assert isinstance(topic.front_matter.get("order"), int)


def test_no_two_topics_have_the_same_place() -> None:
    places = Counter(topic.front_matter.get("order") for topic in topics())
    assert [place for place, count in places.items() if count > 1] == []


@every_topic
def test_pictures_exist_and_are_described(topic: Topic) -> None:
    assert [str(picture.path) for picture in topic.pictures if not picture.path.is_file()] == []
    assert [str(picture.path) for picture in topic.pictures if not picture.alt.strip()] == []


@every_topic
def test_sources_are_named(topic: Topic) -> None:
    assert len(topic.sources) >= LEAST_SOURCES


def test_answers_are_short() -> None:
    words = stats(gathered().drafts, ()).recalled
    assert words.median <= MEDIAN_WORDS
    assert words.p90 <= P90_WORDS
    assert words.longest <= MOST_WORDS
