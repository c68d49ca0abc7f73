"""Retired notes: what learners have of them, and the package that tells them so. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from primer_anki.identity.ledger import Entry, Ledger
from primer_anki.model import Deck, Note
from primer_anki.value import replace

TAG = "retired"
"""Below the deck's tag root."""


def remember(ledger: Ledger, published: Deck) -> Ledger:
    """Return the ledger with the content of its retired notes, as the last package that held them gave it."""
    last = {note.guid: note for note in published.notes}
    return Ledger.of(ledger.deck_name, ledger.deck_id, (_kept(entry, last) for entry in ledger.entries.values()))


def _kept(entry: Entry, last: dict[str, Note]) -> Entry:
    note = last.get(entry.guid)
    if not entry.retired or entry.fields or note is None:
        return entry
    return replace(entry, fields=dict(note.fields), tags=note.tags)


def resting(ledger: Ledger) -> tuple[Entry, ...]:
    """Return the retired entries that stayed in this deck, by GUID."""
    return tuple(entry for entry in ledger.entries.values() if entry.retired and not entry.moved)


def farewell(entries: Iterable[Entry], status: str, tag: str) -> tuple[Note, ...]:
    """Return retired notes as learners have them, with a banner and a tag; those of unknown content are left out."""
    return tuple(
        Note(
            guid=entry.guid,
            note_type=entry.note_type,
            fields={**entry.fields, "Status": status},
            tags=tuple(sorted({*entry.tags, tag})),
            created=entry.created,
            changed=entry.changed,
            pattern=entry.pattern,
        )
        for entry in entries
        if entry.fields
    )


def search(guids: Iterable[str]) -> str:
    """Return the search by which Anki finds notes: it cannot search GUIDs, so each note holds its own in a field."""
    return " OR ".join(f'"Note ID:{guid}"' for guid in guids)
