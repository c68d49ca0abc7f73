"""What would make a package that Anki refuses, or that loses something on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from primer_anki.deck.view import SEPARATOR, wrong_tags
from primer_anki.model import Deck, Note, NoteType, NoteTypeKey, View

_MEDIA_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,99}")


def problems(deck: Deck, note_types: Mapping[NoteTypeKey, NoteType], views: Sequence[View]) -> tuple[str, ...]:
    """Return one sentence for each thing that is wrong; none if the deck can be packaged.

    `views`: one a note.
    """
    return (*_in_name(deck), *_in_guids(deck), *_in_notes(deck, note_types, views), *_in_media(deck, views))


def _in_name(deck: Deck) -> Iterator[str]:
    parts = deck.name.split("::")
    if any(not part or part != part.strip() for part in parts) or not deck.name.isprintable():
        yield f"deck name {deck.name!r}: Anki would change it; no part may be empty or have spaces at its ends"
    if deck.name.casefold() == "default":
        yield "deck name 'Default': belongs to a deck that every collection has"
    if deck.id <= 1:
        yield f"deck id {deck.id}: must be greater than 1, which is the id of Anki's own deck"


def _in_guids(deck: Deck) -> Iterator[str]:
    if not deck.notes:
        yield "the deck has no notes"
    for guid, count in Counter(note.guid for note in deck.notes).items():
        if not guid:
            yield f"{_times(count, 'note')} without a GUID"
        elif count > 1:
            yield f"GUID {guid}: stands on {count} notes"


def _in_notes(deck: Deck, note_types: Mapping[NoteTypeKey, NoteType], views: Sequence[View]) -> Iterator[str]:
    for note, view in zip(deck.notes, views, strict=True):
        if view.sound and view.cards:
            continue
        note_type = note_types.get(note.note_type)
        if note_type is None:
            yield f"note {note.guid}: unknown note type {note.note_type!r}"
        else:
            for problem in _in_note(note, note_type, view):
                yield f"note {note.guid}: {problem}"


def _in_note(note: Note, note_type: NoteType, view: View) -> Iterator[str]:
    known = {field.name for field in note_type.fields}
    for name, content in note.fields.items():
        if name not in known:
            yield f"{note_type.name} has no field {name!r}"
        if SEPARATOR in content:
            yield f"field {name!r} holds the character U+001F, which separates fields"
    for tag in wrong_tags(note.tags):
        yield f"tag {tag!r} is empty or holds white space"
    if not view.cards:
        yield "makes no card: nothing to ask is filled in"


def _in_media(deck: Deck, views: Sequence[View]) -> Iterator[str]:
    names = Counter(medium.name for medium in deck.media)
    for name, count in names.items():
        if count > 1:
            yield f"media {name}: stands in the deck {count} times"
        if not _MEDIA_NAME.fullmatch(name):
            yield f"media {name!r}: the name may have a-z, 0-9, '.', '_' and '-' only, at most 100"
    used = {name: note.guid for note, view in zip(deck.notes, views, strict=True) for name in view.media}
    yield from (f"note {guid}: media {name!r} is not in the deck" for name, guid in used.items() if name not in names)
    yield from (f"media {name}: no note shows it" for name in names if name not in used)


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
