"""No text of an author makes a card do anything: nothing runs, nothing is asked for from outside.

The fields are held against a list of what may stand in them; then every card is shown in a real browser.
"""

from __future__ import annotations

import html
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from primer_anki.build import gather, plan
from primer_anki.clock import Clock
from primer_anki.deck.cards import ordinals
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.diagnostic import PrimerError
from primer_anki.model import Deck
from primer_anki.parser.tags import names
from primer_anki.preview.template import render
from primer_anki.targets import resolve
from tests.conftest import Write
from tests.hardening.attacks import ATTACKS, OUT, PLACES, SVG, page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Route

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ELEMENTS = names(
    "a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre s small span"
    " strong sub summary sup table tbody td th thead tr u ul"
)
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
"""Beside `class`."""


class _Elements(HTMLParser):
    """Elements and attributes that may not stand in a field, and addresses that lead anywhere but the web."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name != "class" and name not in ATTRIBUTES.get(tag, ()):
                self.found.append(f"<{tag} {name}=…>")
            address = "".join((value or "").split()).lower()
            if name == "href" and not address.startswith(("http://", "https://", "mailto:")):
                self.found.append(f"<{tag} {name}={value!r}>")
            if name == "src" and ("/" in address or ":" in address):
                self.found.append(f"<{tag} {name}={value!r}>")


def unsafe(field: str) -> list[str]:
    """What may not stand in a field; none for a good one."""
    reader = _Elements()
    reader.feed(field)
    reader.close()
    marks = [mark for mark in ("[sound:", "[latex]", "[$]", "[$$]", "[anki:") if mark in field.lower()]
    return [*reader.found, *marks]


def deck_of(target: Path) -> Deck | None:
    """What a build of the target would give; None where there are no cards."""
    try:
        (outcome,) = plan([resolve(target)], Clock(now=1_800_000_000), lambda step: None)
    except PrimerError as error:
        if error.message not in ("no cards found", "the file is empty") and "YAML" not in error.message:
            raise
        return None
    return outcome.deck


def fields(deck: Deck) -> Iterator[str]:
    for note in deck.notes:
        yield from (value for name, value in note.fields.items() if name != "Note ID")


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_nothing_stands_in_a_field_that_could_run_or_load(write: Write, place: int) -> None:
    for number, attack in enumerate(ATTACKS):
        deck = deck_of(write(f"{place}-{number}.md", page(attack, PLACES[place])))
        found = [each for field in fields(deck) for each in unsafe(field)] if deck else []
        assert found == [], attack


def test_the_list_of_what_may_stand_there_can_fail() -> None:
    control = "<script>x</script><p onclick=x>[sound:x.mp3]</p><a href='javascript:x'>x</a><img src='https://e.org/x'>"
    assert len(unsafe(control)) == 5


@pytest.mark.parametrize("picture", SVG)
def test_a_picture_that_wants_more_than_to_be_seen_stays_outside(write: Write, picture: str) -> None:
    write("a.svg", picture)
    topic = write("topic.md", "# Topic\n\n## What is it?\n\nIt looks so: ![a drawing](a.svg)\n")
    gathered = gather(resolve(topic), lambda step: None)
    assert gathered.media == ()
    assert [diagnostic.rule for diagnostic in gathered.diagnostics] != []


# -- in a browser -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        chosen = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chosen
        chosen.close()


class Watched:
    """A page on which cards are shown, and all that they did."""

    def __init__(self, browser: Browser) -> None:
        self.requests: list[str] = []
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.expose_function("noted", lambda: self.requests.append("the canary was called"))
        self.page.on("dialog", self._spoken)
        self.page.route("**/*", self._asked)
        self.page.set_content("<body></body>")

    def _spoken(self, dialog: Dialog) -> None:
        self.requests.append("a dialog")
        dialog.dismiss()

    def _asked(self, route: Route) -> None:
        self.requests.append(route.request.url)
        route.abort()

    def show(self, sides: list[str]) -> list[str]:
        """Show each side as a document of its own, click and hover what it holds; what was done by them."""
        frames = "".join(f"<iframe srcdoc='{html.escape(_document(side), quote=True)}'></iframe>" for side in sides)
        self.requests.clear()
        self.page.set_content(frames, wait_until="load")
        self.page.evaluate(
            """() => { for (const frame of document.querySelectorAll('iframe')) {
                for (const each of frame.contentDocument.body.querySelectorAll('*')) {
                    each.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
                    each.dispatchEvent(new Event('focus'));
                    if (!each.closest('a')) each.click();
                }
            } }"""
        )
        self.page.wait_for_timeout(100)
        return list(self.requests)


def _document(side: str) -> str:
    call = "<script>window.canary = () => { parent.noted(); }</script>"
    return f"<!doctype html><meta charset=utf-8>{call}<body class='card'>{side}</body>"


def sides(deck: Deck) -> Iterator[str]:
    for note in deck.notes:
        note_type = NOTE_TYPES[note.note_type]
        for ordinal in ordinals(note, note_type):
            shown = render(note, note_type, ordinal)
            yield from (shown.front, shown.back)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
class TestInABrowser:
    @pytest.mark.parametrize("place", range(len(PLACES)))
    def test_no_script_runs_and_no_request_leaves(self, browser: Browser, write: Write, place: int) -> None:
        for n, attack in enumerate(ATTACKS):
            write(f"all/{n:03}.md", page(attack, PLACES[place]).replace("# Topic", f"# Topic {n}"))
        deck = deck_of(Path("all"))
        assert deck is not None
        shown = list(dict.fromkeys(sides(deck)))
        assert len(shown) > len(ATTACKS)
        watched = Watched(browser)
        for at in range(0, len(shown), 100):
            assert watched.show(shown[at : at + 100]) == []

    def test_the_watch_can_fail(self, browser: Browser) -> None:
        watched = Watched(browser)
        assert watched.show(["<script>canary()</script>"]) == ["the canary was called"]
        assert watched.show([f"<img src={OUT}>"]) == [OUT]
        assert watched.show(["<p onmouseover=canary()>x</p>"]) == ["the canary was called"]
