"""What `preview` and `watch` show: the outcomes of a build as one page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from primer_anki import report
from primer_anki.build import Outcome
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.files import shown
from primer_anki.model import Place
from primer_anki.preview.page import Card, Page, Topic, View, page


def written(outcomes: Sequence[Outcome], folder: Path) -> Page:
    """The page as a file in this folder: it links to the sources."""
    return page([_view(outcome, folder) for outcome in outcomes])


def served(outcomes: Sequence[Outcome], problem: str = "") -> Page:
    """The page as a server's: the browser may not open files from it, and it follows the server's events."""
    return page([_view(outcome, None) for outcome in outcomes], problem=problem, live=True)


def _view(outcome: Outcome, folder: Path | None) -> View:
    cards = tuple(_card(card, outcome.manifest.root, folder) for card in report.cards(outcome))
    return View(outcome.deck, NOTE_TYPES, cards, outcome.diagnostics)


def _card(card: report.Card, root: Path, folder: Path | None) -> Card:
    place = card.note.place or Place("", (), 0)
    topic = Topic(place.file, shown(root / place.file), _link(root / place.file, folder) if folder else "")
    return Card(card.note, card.ordinal, card.name, card.front, card.back, topic, place.line, place.trail)


def _link(path: Path, folder: Path) -> str:
    """The way from a folder to a file. Across drives there is none."""
    try:
        return quote(Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix())
    except ValueError:
        return path.resolve().as_uri()
