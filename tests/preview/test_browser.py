"""The page in a real browser: search, filters, switches, keys; nothing leaves it, and nobody is left out."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from primer_anki import watch
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.model import Media
from primer_anki.preview import page as preview
from primer_anki.targets import resolve
from tests.deck.samples import deck, note
from tests.preview.pages import html, planned, write_topics

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""No talk of the browser's own."""
MANY = 2_000
"""Cards that a large deck has."""
OPENS_IN = 4.0
"""Seconds for that many; measured: 0.3 to 0.6."""

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


class Preview:
    """The page as a person uses it, and all that it did behind his back."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.problems.append(message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, url: str) -> Preview:
        self.page.goto(url)
        self.page.wait_for_function("document.getElementById('card').contentDocument?.getElementById('qa')")
        return self

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, label: str, option: str) -> None:
        """Pick the option whose text begins so."""
        select = self.page.get_by_label(label, exact=True)
        texts = [text for text in select.locator("option").all_inner_texts() if text.startswith(option)]
        select.select_option(label=texts[0])
        self.page.locator("#list").focus()

    @property
    def count(self) -> str:
        return self.page.get_by_role("status").inner_text()

    @property
    def chosen(self) -> str:
        """The question of the chosen row."""
        return self.page.locator("[aria-selected=true] div").first.inner_text()

    @property
    def card(self) -> Locator:
        return self.page.frame_locator("#card").locator("body")

    def classes(self, element: str) -> set[str]:
        names = self.page.frame_locator("#card").locator(element).get_attribute("class") or ""
        return set(names.split())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason='needs pip install "primer-anki[browser]"')
    with playwright.sync_playwright() as library:
        browser = library.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The preview of two topics."""
    folder = tmp_path_factory.mktemp("preview")
    path = folder / "preview.html"
    path.write_text(html(write_topics(folder / "topics"), folder=folder), encoding="utf-8")
    return path


@pytest.fixture
def tab(browser: Browser) -> Iterator[Preview]:
    """A fresh tab; in the end it has to be without a problem."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    tab = Preview(context.new_page())
    yield tab
    context.close()
    assert tab.problems == []


@pytest.fixture
def opened(tab: Preview, file: Path) -> Preview:
    return tab.open(file.as_uri())


class TestFinding:
    def test_all_cards_are_listed(self, opened: Preview) -> None:
        assert opened.count == "11 of 11 cards"
        assert opened.chosen == "What is Cache?"

    @pytest.mark.parametrize(
        ("words", "count"),
        [("root server", 3), ("SERVER root", 3), ("elan", 1), ("域名", 1), ("caching.md:5", 1), ("no such thing", 0)],
    )
    def test_search(self, opened: Preview, words: str, count: int) -> None:
        opened.page.get_by_label("Search cards").fill(words)
        assert opened.count == f"{count} of 11 cards"

    def test_escape_clears_the_search(self, opened: Preview) -> None:
        opened.press("/", *"write-back", "Escape")
        assert opened.count == "11 of 11 cards"
        assert opened.page.get_by_label("Search cards").input_value() == ""
        opened.press("Home")
        assert opened.chosen == "What is Cache?"

    @pytest.mark.parametrize(
        ("label", "option", "count"),
        [
            ("Topic", "dns.md", 5),
            ("Pattern", "trade-off", 2),
            ("Tag", "primer::dns (", 5),
            ("Findings", "With findings", 1),
            ("Findings", "raw-html", 1),
            ("Findings", "Without", 10),
        ],
    )
    def test_filters(self, opened: Preview, label: str, option: str, count: int) -> None:
        opened.choose(label, option)
        assert opened.count == f"{count} of 11 cards"

    def test_filters_and_search_together(self, opened: Preview) -> None:
        opened.choose("Pattern", "definition")
        opened.page.get_by_label("Search cards").fill("cache")
        assert opened.count == "2 of 11 cards"

    def test_several_decks(self, tab: Preview, tmp_path: Path) -> None:
        topics = write_topics(tmp_path / "topics")
        path = tmp_path / "two.html"
        path.write_text(html(topics / "caching.md", topics / "dns.md", folder=tmp_path), encoding="utf-8")
        tab.open(path.as_uri()).choose("Deck", "DNS")
        assert tab.count == "5 of 11 cards"

    def test_the_finding_stands_beside_the_card(self, opened: Preview) -> None:
        opened.choose("Findings", "raw-html")
        told = opened.page.get_by_label("Findings of this card").locator("li").inner_text()
        assert told.startswith("error: raw-html\n<script> is left out")

    def test_file_and_line_are_linked(self, opened: Preview) -> None:
        link = opened.page.get_by_label("About the card").get_by_role("link")
        assert link.inner_text().endswith("/topics/caching.md:5")
        assert link.get_attribute("href") == "topics/caching.md"


class TestCard:
    def test_flip(self, opened: Preview) -> None:
        assert "What is Cache?" in opened.card.inner_text()
        assert "fast memory" not in opened.card.inner_text()
        opened.page.get_by_role("button", name="Answer").click()
        assert "fast memory near its reader" in opened.card.inner_text()
        opened.press("Space")  # on the button that has the focus: it is pressed, once
        assert "fast memory" not in opened.card.inner_text()

    def test_night(self, opened: Preview) -> None:
        page = "getComputedStyle(document.querySelector('#card').contentDocument.body).backgroundColor"
        assert opened.page.evaluate(page) == "rgb(252, 252, 250)"
        opened.page.get_by_role("button", name="Night").click()
        assert opened.classes("body") == {"card", "card1", "nightMode", "night_mode"}
        assert opened.classes("html") == {"linux", "night-mode"}
        assert opened.page.evaluate(page) == "rgb(32, 35, 40)"

    def test_phone(self, opened: Preview) -> None:
        opened.page.get_by_role("button", name="Phone").click()
        assert opened.page.evaluate("document.querySelector('#card').contentWindow.innerWidth") == 390
        assert opened.classes("html") == {"mobile", "android", "linux"}

    def test_later_steps_are_hidden(self, opened: Preview) -> None:
        opened.page.get_by_label("Search cards").fill("server root")
        opened.press("ArrowDown")
        assert [item.is_visible() for item in opened.card.locator("li").all()] == [True, True, False]
        opened.page.get_by_role("button", name="Answer").click()
        assert [item.is_visible() for item in opened.card.locator("li").all()] == [True, True, True]

    def test_pictures_come_from_the_page(self, opened: Preview) -> None:
        opened.choose("Pattern", "question")
        opened.press("f")
        picture = opened.card.locator("img")
        picture.wait_for()
        assert picture.evaluate("image => image.complete && image.naturalWidth > 0")

    def test_text_runs_in_its_own_direction(self, opened: Preview) -> None:
        opened.page.get_by_label("Search cards").fill("כתובת")
        opened.page.get_by_role("button", name="Answer").click()
        answer = opened.card.locator(".pa-answer")
        assert answer.evaluate("element => getComputedStyle(element).direction") == "rtl"

    def test_no_card_is_shown_where_none_is_found(self, opened: Preview) -> None:
        opened.page.get_by_label("Search cards").fill("no such thing")
        assert opened.card.inner_text() == ""


class TestKeys:
    def test_through_the_list(self, opened: Preview) -> None:
        opened.press("j", "ArrowDown", "k")
        assert opened.chosen == "What is Hit?"
        opened.press("End", "ArrowDown")
        assert opened.chosen == "What is 域名?"
        opened.press("Home", "ArrowUp")
        assert opened.chosen == "What is Cache?"
        opened.press("PageDown")
        assert opened.chosen == "What is 域名?"

    def test_switches(self, opened: Preview) -> None:
        opened.press("f", "p", "n")
        pressed = opened.page.locator("[aria-pressed=true]").all_inner_texts()
        assert pressed == ["Answer", "Phone", "Night"]

    def test_they_work_inside_the_card_too(self, opened: Preview) -> None:
        opened.card.click()
        opened.press("j", "f")
        assert opened.chosen == "What is Hit?"
        assert "an answer that comes from the cache" in opened.card.inner_text()

    def test_while_one_types_letters_are_letters(self, opened: Preview) -> None:
        opened.press("/", *"fn", "ArrowDown")
        assert opened.page.get_by_label("Search cards").input_value() == "fn"
        assert opened.page.locator("[aria-pressed=true]").count() == 0

    @pytest.mark.parametrize(("key", "title"), [("c", "Charts"), ("?", "Keys")])
    def test_dialogs(self, opened: Preview, key: str, title: str) -> None:
        opened.press(key)
        dialog = opened.page.get_by_role("dialog", name=title)
        assert dialog.is_visible()
        opened.press("j", "Escape")
        assert not dialog.is_visible()
        assert opened.chosen == "What is Cache?"

    def test_every_control_is_reached_by_tab(self, opened: Preview) -> None:
        seen = set()
        for _ in range(30):
            opened.press("Tab")
            seen.add(opened.page.evaluate("document.activeElement.id"))
        controls = "[...document.querySelectorAll('main button, header button, input, select, iframe, #list')]"
        visible = opened.page.evaluate(f"{controls}.filter(each => each.offsetHeight).map(each => each.id)")
        assert set(visible) <= seen


class TestKeeping:
    def test_a_reload_shows_the_same_card_in_the_same_way(self, opened: Preview) -> None:
        opened.choose("Topic", "dns.md")
        opened.press("j", "j")
        opened.page.get_by_role("button", name="Night").click()
        chosen = opened.chosen
        opened.page.reload()
        assert (opened.count, opened.chosen) == ("5 of 11 cards", chosen)
        assert opened.page.locator("[aria-pressed=true]").all_inner_texts() == ["Night"]

    def test_the_address_names_the_card(self, opened: Preview, browser: Browser) -> None:
        opened.press("j", "j")
        other = Preview(browser.new_page())
        assert other.open(opened.page.url).chosen == opened.chosen == "What is Élan?"
        other.page.close()

    def test_nothing_is_asked_of_anyone(self, opened: Preview, file: Path) -> None:
        for _ in range(11):
            opened.press("j", "f")
        opened.press("n", "p", "c")
        assert opened.requests == [file.as_uri()]


@pytest.mark.parametrize("keys", ["", "fn", "fp", "c", "?"], ids=["day", "night", "phone", "charts", "keys"])
def test_axe_finds_nothing_serious(opened: Preview, keys: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    opened.choose("Findings", "raw-html")
    opened.press(*keys)
    # On the card no script may run, axe's neither; its colours are measured with the note types.
    found = axe.Axe().run(opened.page, options={"iframes": False}).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", [1440, 1000, 390])
def test_the_page_never_scrolls_sideways(opened: Preview, width: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": 800})
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_large_deck_opens_quickly_and_draws_only_what_is_seen(tab: Preview, tmp_path: Path) -> None:
    path = tmp_path / "many.html"
    path.write_text(large(MANY), encoding="utf-8")
    start = time.monotonic()
    tab.open(path.as_uri())
    assert time.monotonic() - start < OPENS_IN
    assert tab.count == f"{MANY} of {MANY} cards"
    assert tab.page.get_by_role("option").count() < 40
    tab.press("End")
    assert tab.chosen == f"What is thing {MANY - 1}?"
    assert tab.page.get_by_role("option").count() < 40


def large(number: int) -> str:
    topic = preview.Topic("a.md", "a.md", "a.md")
    answer = "<p>" + "a few words and more " * 20 + "</p>"
    notes = [note(f"n{n}", Question=f"What is thing {n}?", Answer=answer, Extra=answer) for n in range(number)]
    cards = tuple(
        preview.Card(each, 0, "Ask", each.fields["Question"], answer, topic, line, ())
        for line, each in enumerate(notes, 1)
    )
    view = preview.View(deck(*notes, media=(Media("pa-0.svg", b"<svg/>"),)), NOTE_TYPES, cards, ())
    return preview.page([view]).html


def test_a_change_reloads_the_browser_at_the_same_card(tab: Preview, tmp_path: Path) -> None:
    topics = write_topics(tmp_path / "topics")
    said: Queue[str] = Queue()
    stop = Event()
    arguments = (lambda: (resolve(topics),), lambda manifests: planned(topics), said.put, 0, stop)
    thread = Thread(target=watch.watch, args=arguments)
    thread.start()
    try:
        address = said.get(timeout=20)
        tab.open(address)
        tab.press("j", "f")
        edit(topics / "caching.md", "an answer that comes from the cache", "an answer out of the cache")
        tab.card.get_by_text("an answer out of the cache").wait_for()
        assert tab.chosen == "What is Hit?"
        (topics / "dns.md").write_bytes(b"\xff\xfe")
        tab.page.get_by_role("alert").get_by_text(re.compile("the file is UTF-16")).wait_for()
        assert tab.chosen == "What is Hit?"
        assert {url.removeprefix(address).split("#")[0] for url in tab.requests} == {"", "events"}
    finally:
        stop.set()
        thread.join()


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
