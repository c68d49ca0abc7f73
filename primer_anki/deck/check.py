"""What would make a package that Anki refuses, or that loses something on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from primer_anki import fieldtext
from primer_anki.model import Deck, Note, NoteType, NoteTypeKey

_MEDIA_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,99}")
_NOT_LOCAL = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_SEPARATOR = "\x1f"
"""Stands between a note's fields in Anki's database."""


def problems(
    deck: Deck, note_types: Mapping[NoteTypeKey, NoteType], cards: Sequence[tuple[int, ...]]
) -> tuple[str, ...]:
    """Return one sentence for each thing that is wrong; none if the deck can be packaged.

    `cards`: each note's, by their ordinals.
    """
    return (*_in_name(deck), *_in_guids(deck), *_in_notes(deck, note_types, cards), *_in_media(deck))


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


def _in_notes(
    deck: Deck, note_types: Mapping[NoteTypeKey, NoteType], cards: Sequence[tuple[int, ...]]
) -> Iterator[str]:
    fields = {key: frozenset(field.name for field in note_type.fields) for key, note_type in note_types.items()}
    for note, ordinals in zip(deck.notes, cards, strict=True):
        note_type = note_types.get(note.note_type)
        if note_type and ordinals and _is_sound(note, fields[note.note_type]):
            continue
        if note_type is None:
            yield f"note {note.guid}: unknown note type {note.note_type!r}"
        else:
            for problem in _in_note(note, note_type, fields[note.note_type], ordinals):
                yield f"note {note.guid}: {problem}"


def _is_sound(note: Note, known: frozenset[str]) -> bool:
    """Say whether nothing at all is wrong with the fields and tags: so it is with nearly all notes."""
    return known.issuperset(note.fields) and _SEPARATOR not in "".join(note.fields.values()) and not _wrong(note.tags)


@lru_cache(maxsize=1024)  # most notes of a file have the same tags
def _wrong(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag.split() != [tag])


def _in_note(note: Note, note_type: NoteType, known: frozenset[str], cards: tuple[int, ...]) -> list[str]:
    found: list[str] = []
    for name, content in note.fields.items():
        if name not in known:
            found.append(f"{note_type.name} has no field {name!r}")
        if _SEPARATOR in content:
            found.append(f"field {name!r} holds the character U+001F, which separates fields")
    found += [f"tag {tag!r} is empty or holds white space" for tag in _wrong(note.tags)]
    if not cards:
        found.append("makes no card: nothing to ask is filled in")
    return found


def _in_media(deck: Deck) -> Iterator[str]:
    names = Counter(medium.name for medium in deck.media)
    for name, count in names.items():
        if count > 1:
            yield f"media {name}: stands in the deck {count} times"
        if not _MEDIA_NAME.fullmatch(name):
            yield f"media {name!r}: the name may have a-z, 0-9, '.', '_' and '-' only, at most 100"
    used = {
        reference: note.guid
        for note in deck.notes
        for content in note.fields.values()
        if "=" in content or "[sound:" in content  # most fields name nothing
        for reference in fieldtext.media_names(content)
        if not _NOT_LOCAL.match(reference)
    }
    yield from (f"note {guid}: media {name!r} is not in the deck" for name, guid in used.items() if name not in names)
    yield from (f"media {name}: no note shows it" for name in names if name not in used)


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
