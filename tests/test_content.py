"""The content that we ship: complete, with its pictures and sources, in answers that one can say aloud."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from primer_anki import build, manifest
from primer_anki.clock import Clock
from primer_anki.lint.stats import stats
from tests.content_table import DECKS, Table, Topic, gathered, tables, topics
from tests.expected import APPROVE

FILES = [(deck, path.name) for deck in DECKS for path in manifest.load(deck).sources]
LEAST = {"system-design": 420}
"""Notes that a deck has at least."""
LEAST_OF_A_TOPIC = {"system-design": 3, "system-design-exercises": 20, "object-oriented-design": 12}
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
    deck, name = request.param
    return next(each for each in topics(deck) if each.path.name == name)


every_topic = pytest.mark.parametrize(
    "topic", [pytest.param(each, id=f"{each[0].stem}/{each[1]}") for each in FILES], indirect=True
)
every_deck = pytest.mark.parametrize("deck", [pytest.param(deck, id=deck.stem) for deck in DECKS])


@pytest.mark.parametrize("table", [pytest.param(each, id=each.name) for each in tables()])
def test_the_readme_counts_right(table: Table) -> None:
    if APPROVE:
        table.write()
    assert table.held == table.lines, "PRIMER_ANKI_APPROVE=1 make test writes the table anew"


@every_deck
def test_the_committed_deck_is_what_the_content_gives(deck: Path) -> None:
    outcomes = build.plan([manifest.load(deck)], Clock(now=1 << 32), lambda step: None)
    assert [path for outcome in outcomes for path in build.differing(outcome)] == [], "make decks builds it anew"


@every_deck
def test_lint_finds_nothing(deck: Path) -> None:
    (outcome,) = build.plan([manifest.load(deck)], Clock(now=1 << 32), lambda step: None)
    assert [str(finding) for finding in outcome.diagnostics] == []


@every_deck
def test_there_are_enough_notes(deck: Path) -> None:
    assert sum(len(topic.notes) for topic in topics(deck)) >= LEAST.get(deck.stem, 0)


def test_every_required_topic_has_its_notes() -> None:
    found = Counter(
        tag.rpartition("::")[2] for deck in DECKS for topic in topics(deck) for note in topic.notes for tag in note.tags
    )
    assert {slug: n for slug in REQUIRED if (n := found[slug]) < LEAST_NOTES} == {}


@every_topic
def test_a_topic_has_its_place(topic: Topic) -> None:
    assert len(topic.notes) >= LEAST_OF_A_TOPIC[_deck_of(topic)]
    assert isinstance(topic.front_matter.get("title"), str)
    assert isinstance(topic.front_matter.get("order"), int)


def _deck_of(topic: Topic) -> str:
    return next(deck.stem for deck in DECKS if topic in topics(deck))


@every_deck
def test_no_two_topics_have_the_same_place(deck: Path) -> None:
    places = Counter(topic.front_matter.get("order") for topic in topics(deck))
    assert [place for place, count in places.items() if count > 1] == []


@every_topic
def test_pictures_exist_and_are_described(topic: Topic) -> None:
    assert [str(picture.path) for picture in topic.pictures if not picture.path.is_file()] == []
    assert [str(picture.path) for picture in topic.pictures if not picture.alt.strip()] == []


@every_topic
def test_sources_are_named(topic: Topic) -> None:
    assert len(topic.sources) >= LEAST_SOURCES


@every_deck
def test_answers_are_short(deck: Path) -> None:
    words = stats(gathered(deck).drafts, ()).recalled
    assert words.median <= MEDIAN_WORDS
    assert words.p90 <= P90_WORDS
    assert words.longest <= MOST_WORDS
