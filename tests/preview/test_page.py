"""The page as text: what stands in it, and that nothing else can be loaded or run."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.diagnostic import Diagnostic, Location, Severity
from primer_anki.model import Media
from primer_anki.preview import charts
from primer_anki.preview.page import Card, Topic, View, page
from tests.deck.samples import PICTURE, deck, note
from tests.preview.pages import data, html, write_topics

TOPIC = Topic("cdn.md", "content/cdn.md", "../content/cdn.md")


def view(
    *findings: Diagnostic, question: str = "What is it?", name: str = "Sample", media: tuple[Media, ...] = ()
) -> View:
    """A deck with one card, which stands on line 7 of a topic."""
    ours = note("a", Question=question, Answer="a thing", Context="CDN")
    card = Card(ours, 0, "Ask", question, "a thing", TOPIC, 7, ("CDN", "Terms"))
    return View(deck(ours, name=name, media=media), NOTE_TYPES, (card,), findings)


def finding(line: int, rule: str = "long-answer") -> Diagnostic:
    return Diagnostic(Location(TOPIC.path, line), Severity.WARNING, "too long", rule, "shorten it")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("preview")
    return html(write_topics(folder / "topics"), folder=folder)


class TestCards:
    def test_every_card_has_its_two_sides(self, whole: str) -> None:
        cards = data(whole)["cards"]
        assert {card["pattern"] for card in cards} >= {"definition", "question", "trade-off", "steps"}
        assert all(card["front"] and card["back"] for card in cards)

    def test_a_back_that_begins_with_the_front_holds_only_the_rest(self) -> None:
        (card,) = data(page([view()]).html)["cards"]
        assert card["continues"]
        assert "What is it?" in card["front"]
        assert "What is it?" not in card["back"]
        assert "a thing" in card["back"]

    def test_a_card_tells_where_it_comes_from(self) -> None:
        (card,) = data(page([view()]).html)["cards"]
        assert (card["line"], card["trail"], card["guid"], card["tags"]) == (7, ["CDN", "Terms"], "a", ["primer::cdn"])

    def test_its_topic_is_linked_from_where_the_page_lies(self, tmp_path: Path) -> None:
        topics = write_topics(tmp_path / "my topics")
        (tmp_path / "out").mkdir()
        links = [topic["href"] for topic in data(html(topics, folder=tmp_path / "out"))["topics"]]
        assert links == ["../my%20topics/caching.md", "../my%20topics/dns.md"]


class TestFindings:
    def test_stand_with_the_cards_of_their_line(self) -> None:
        told = data(page([view(finding(7), finding(7, "two-answers"))]).html)
        assert told["cards"][0]["findings"] == [0, 1]
        assert told["elsewhere"] == []
        assert told["findings"][0] == {
            "severity": "warning",
            "rule": "long-answer",
            "message": "too long",
            "hint": "shorten it",
            "where": "content/cdn.md:7",
        }

    def test_of_other_lines_stand_apart(self) -> None:
        told = data(page([view(finding(8))]).html)
        assert told["cards"][0]["findings"] == []
        assert told["elsewhere"] == [0]


class TestSafety:
    @pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "\u2028", '"\\'])
    def test_no_text_ends_the_data(self, text: str) -> None:
        told = page([view(question=text)]).html
        assert data(told)["cards"][0]["question"] == " ".join(text.split())
        assert told.count("<script") == told.count("</script") == 2

    def test_a_name_is_text(self) -> None:
        assert "<title>&lt;b&gt; &amp; – preview</title>" in page([view(name="<b> &")]).html

    def test_only_its_own_script_may_run_and_nothing_is_fetched(self) -> None:
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page([view()]).html)
        assert policy is not None
        assert re.fullmatch(
            r"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]{44}'; "
            r"connect-src 'none'; base-uri 'none'; form-action 'none'",
            policy[1],
        )

    def test_it_names_no_other_file(self, whole: str) -> None:
        outside = _Outside()
        outside.feed(whole)
        assert outside.found == ["data:,"]


class _Outside(HTMLParser):
    """Collects what the page's own elements would load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href", "data", "srcset", "action")]


def test_a_picture_is_embedded_once() -> None:
    told = page([view(media=(PICTURE,))]).html
    assert data(told)["media"] == {PICTURE.name: f"data:image/svg+xml;base64,{base64.b64encode(PICTURE.data).decode()}"}


def test_several_decks_share_a_page(tmp_path: Path) -> None:
    topics = write_topics(tmp_path / "topics")
    told: Any = data(html(topics / "caching.md", topics / "dns.md", folder=tmp_path))
    assert told["decks"] == ["Caching", "DNS"]
    assert {card["deck"] for card in told["cards"]} == {0, 1}
    assert len(told["css"]) == 1


def test_no_deck_at_all_is_a_page_too() -> None:
    told = page([], problem="notes.md: error: the file is empty", live=True)
    assert data(told.html)["problem"] == "notes.md: error: the file is empty"
    assert "connect-src 'self'" in told.html


def test_the_version_follows_the_content() -> None:
    assert page([view()]).version == page([view()]).version
    assert page([view()]).version != page([view(question="Another?")]).version != page([view()], problem="x").version


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "none"),
        ([4], "median 4 words, nine in ten at most 4, longest 4"),
        ([1, 2, 3, 4, 60], "median 3 words, nine in ten at most 38, longest 60"),
    ],
)
def test_the_spread_of_answers(words: list[int], told: str) -> None:
    assert charts.spread(words) == told
    assert f'aria-label="Answers: {told}"' in charts.answer_lengths(words)


def test_the_histogram_has_columns_of_five_words() -> None:
    numbers = re.findall(r'text-anchor="middle">([^<]*)<', charts.answer_lengths([0, 1, 5, 6, 50, 51, 99]))
    counts = dict(zip(numbers[1::2], numbers[::2], strict=True))
    assert {label: count for label, count in counts.items() if count != "0"} == {
        "1–5": "3",
        "6–10": "1",
        "46–50": "1",
        "> 50": "2",
    }


def test_topics_are_counted_in_their_order() -> None:
    drawn = charts.per_topic({"b & c.md": 2, f"{'long/' * 20}a.md": 1})
    assert 'aria-label="3 cards in 2 topics"' in drawn
    assert "b &amp; c.md" in drawn
    assert re.search(r">…\w*/(long/)+a\.md<", drawn)
