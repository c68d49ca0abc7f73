"""Decks → one HTML page that needs nothing but itself: cards as Anki shows them, findings, charts."""

from __future__ import annotations

import base64
import hashlib
import json
import mimetypes
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from typing import TypeAlias, TypeVar

from primer_anki.diagnostic import Diagnostic
from primer_anki.model import Deck, Media, Note, NoteType, NoteTypeKey
from primer_anki.preview import charts
from primer_anki.preview.template import render
from primer_anki.text import count_words

_Json: TypeAlias = dict[str, object]
_Value = TypeVar("_Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Topic:
    """A source file."""

    name: str
    """Relative to the root of the deck's sources."""
    path: str
    """As the user would type it; diagnostics name it so too."""
    href: str
    """The way there from the page; empty where a browser cannot go it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card of a note, what stands on it as plain text, and where it comes from."""

    note: Note
    ordinal: int
    template: str
    """Its name, or `c1` for a cloze."""
    question: str
    answer: str
    topic: Topic
    line: int
    """1-based."""
    trail: tuple[str, ...]
    """The headings above, outermost first."""


@dataclass(frozen=True, slots=True)
class View:
    """A deck, and all that the page tells about it."""

    deck: Deck
    note_types: Mapping[NoteTypeKey, NoteType]
    cards: tuple[Card, ...]
    diagnostics: tuple[Diagnostic, ...]
    """A finding belongs to the cards that stand on its line."""


@dataclass(frozen=True, slots=True)
class Page:
    html: str
    version: str
    """Another one wherever the page says something else."""


def page(views: Sequence[View], *, problem: str = "", live: bool = False) -> Page:
    """Make the page. `problem` stands above the cards; a live page follows its server and loads itself anew."""
    data = _data(views) | {"problem": problem, "live": live}
    version = hashlib.sha256(_as_script(data).encode()).hexdigest()[:16]
    script = _read("page.js")
    html = Template(_read("page.html")).substitute(
        title=escape(", ".join(view.deck.name for view in views) or "No deck"),
        policy=_policy(script, live),
        style=_read("page.css"),
        charts=_charts(views),
        data=_as_script(data | {"version": version}),
        script=script,
    )
    return Page(html, version)


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(script: str, live: bool) -> str:
    """Nothing is fetched, and no script runs but the page's own, whatever stands on a card."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    server = "'self'" if live else "'none'"
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        f"connect-src {server}; base-uri 'none'; form-action 'none'"
    )


def _as_script(data: _Json) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What cards refer to by its number in the page's data."""

    topics: Mapping[Topic, int]
    css: Mapping[str, int]
    findings: Mapping[tuple[str, int], Sequence[int]]
    """By path and line."""


def _data(views: Sequence[View]) -> _Json:
    topics = _numbered(card.topic for view in views for card in view.cards)
    css = _numbered(note_type.css for view in views for note_type in view.note_types.values())
    findings = [diagnostic for view in views for diagnostic in view.diagnostics]
    numbers = _Numbers(topics, css, _by_place(findings))
    places = {(card.topic.path, card.line) for view in views for card in view.cards}
    return {
        "decks": [view.deck.name for view in views],
        "topics": [{"name": topic.name, "path": topic.path, "href": topic.href} for topic in topics],
        "css": list(css),
        "frame": _read("frame.css"),
        "media": {media.name: _data_uri(media) for view in views for media in view.deck.media},
        "findings": [_finding(finding) for finding in findings],
        "elsewhere": [number for number, finding in enumerate(findings) if _place(finding) not in places],
        "cards": [_card(card, number, view, numbers) for number, view in enumerate(views) for card in view.cards],
    }


def _numbered(values: Iterable[_Value]) -> dict[_Value, int]:
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _by_place(findings: Iterable[Diagnostic]) -> dict[tuple[str, int], list[int]]:
    found: dict[tuple[str, int], list[int]] = {}
    for number, finding in enumerate(findings):
        found.setdefault(_place(finding), []).append(number)
    return found


def _place(finding: Diagnostic) -> tuple[str, int]:
    return finding.location.path, finding.location.line


def _finding(finding: Diagnostic) -> _Json:
    return {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "message": finding.message,
        "hint": finding.hint,
        "where": str(finding.location),
    }


def _card(card: Card, deck: int, view: View, numbers: _Numbers) -> _Json:
    note_type = view.note_types[card.note.note_type]
    sides = render(card.note, note_type, card.ordinal)
    continues = sides.back.startswith(sides.front)
    return {
        "deck": deck,
        "guid": card.note.guid,
        "ordinal": card.ordinal,
        "template": card.template,
        "css": numbers.css[note_type.css],
        "question": _one_line(card.question),
        "answer": _one_line(card.answer),
        "words": count_words(card.answer),
        "front": sides.front,
        # Most backs begin with the whole front: it need not stand here twice.
        "continues": continues,
        "back": sides.back.removeprefix(sides.front) if continues else sides.back,
        "topic": numbers.topics[card.topic],
        "line": card.line,
        "trail": card.trail,
        "pattern": card.note.pattern,
        "tags": card.note.tags,
        "findings": numbers.findings.get((card.topic.path, card.line), ()),
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _data_uri(media: Media) -> str:
    kind = mimetypes.guess_type(media.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(media.data).decode()}"


def _charts(views: Sequence[View]) -> str:
    return "".join(_charts_of(view) for view in views)


def _charts_of(view: View) -> str:
    words = [count_words(card.answer) for card in view.cards]
    topics = Counter(card.topic.name for card in view.cards)
    return (
        f'<h3 dir="auto">{escape(view.deck.name)}: cards per topic</h3>{charts.per_topic(topics)}'
        f"<h3>Words in the answer</h3><p>{charts.spread(words)}</p>{charts.answer_lengths(words)}"
    )
