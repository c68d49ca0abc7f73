"""A lost ledger, rebuilt from a package that was built before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape

from primer_anki.identity.cards import cards_of
from primer_anki.identity.cloze import read_back
from primer_anki.identity.faces import SIDES, body, fingerprint, side_body, text_body
from primer_anki.identity.ledger import Entry, Ledger, Part
from primer_anki.identity.order import reorder
from primer_anki.identity.words import cut
from primer_anki.model import Cloze, Deck, Note

_BLOCK = re.compile(r"<(?:br|/?p|/?div|/?li|/?ul|/?ol|/?tr|/?td|/?th|/?pre|/?h\d|hr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_CRUMBS = re.compile(r"\s+›\s+")


def recover(deck: Deck) -> Ledger:
    """Return the ledger of a deck as read from a package.

    What a package does not say (files, author's ids, retired notes) is left open; the next build fills it in.
    """
    keys = reorder([""] * sum(len(_sides(note)) for note in deck.notes))
    entries: list[Entry] = []
    at = 0
    for note in deck.notes:
        count = len(_sides(note))
        entries.append(_entry(note, keys[at : at + count]))
        at += count
    return Ledger.of(deck.name, deck.id, entries)


def _sides(note: Note) -> tuple[str, ...]:
    """Return the sides of a trade-off that hold anything, one nameless side for any other note."""
    if note.note_type != "tradeoff":
        return ("",)
    filled = tuple(side for side, names in SIDES.items() if any(note.fields.get(name) for name in names))
    return filled or tuple(SIDES)[:1]


def _entry(note: Note, keys: Sequence[str]) -> Entry:
    items = read_back(note.fields.get("Text", ""))[1] if note.note_type == "cloze" else ()
    return Entry(
        guid=note.guid,
        note_type=note.note_type,
        id="",
        pattern=note.pattern,
        subject=_plain(note.fields.get("Subject", "")),
        parts=tuple(_part(note, side, order) for side, order in zip(_sides(note), keys, strict=True)),
        items=items,
        cards=cards_of(note.note_type, note.fields, items),
        fingerprint=fingerprint(note.fields, note.tags),
        created=note.created,
        changed=note.changed,
    )


def _part(note: Note, side: str, order: str) -> Part:
    question, answer, digest = _content(note, side)
    return Part(
        side=side,
        file=note.place.file if note.place else "",
        trail=note.place.trail if note.place else _trail(note.fields.get("Context", "")),
        order=order,
        question=question,
        answer=cut(answer),
        body=digest,
    )


def _content(note: Note, side: str) -> tuple[str, str, str]:
    """Return question and answer as plain text, and the digest of both."""
    fields = note.fields
    if note.note_type == "cloze":
        pieces, _ = read_back(fields.get("Text", ""))
        marked = (piece if isinstance(piece, str) else f"\0{piece.html}\0{piece.hint}\0" for piece in pieces)
        opened = _plain("".join(piece.html if isinstance(piece, Cloze) else piece for piece in pieces))
        rest = {name: value for name, value in fields.items() if name != "Text"}
        return _plain(fields.get("Title", "")) or opened, opened, text_body(rest, "".join(marked))
    if note.note_type == "tradeoff":
        asked, answered = SIDES[side]
        return _plain(fields.get(asked, "")), _plain(fields.get(answered, "")), side_body(fields, side)
    return _plain(fields.get("Question", "")), _plain(fields.get("Answer", "")), body(fields)


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", _BLOCK.sub(" ", html))).split())


def _trail(context: str) -> tuple[str, ...]:
    return tuple(_filled(_CRUMBS.split(_plain(context))))


def _filled(texts: Iterable[str]) -> Iterable[str]:
    return (text for text in texts if text)
