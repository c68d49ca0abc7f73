"""What matching sees of a note: the same shape for a draft of today and for a note of the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from primer_anki.identity.words import cut, key
from primer_anki.model import Draft, Face

if TYPE_CHECKING:
    from primer_anki.identity.ledger import Entry, Ledger, Part

SIDES: Mapping[str, tuple[str, ...]] = {
    "Advantages": ("Advantages question", "Advantages"),
    "Disadvantages": ("Disadvantages question", "Disadvantages"),
    "Choice": ("Choice question", "Choice"),
}
"""The sides of a trade-off and the fields that belong to one side alone."""

FRAME = frozenset({"Context", "Source", "Status", "Note ID"})
"""Fields that say where a note stands, not what it asks."""
_SHOWN_FRAME = tuple(FRAME - {"Note ID"})


def of_drafts(drafts: Iterable[Draft]) -> tuple[Face, ...]:
    """Return a face a draft, in the same order."""
    return tuple(map(of_draft, drafts))


def of_draft(draft: Draft) -> Face:
    print_ = fingerprint(draft.fields, draft.tags) if draft.note_type == "basic" else ""
    return Face(
        note_type=draft.note_type,
        side=side_of(draft),
        guid="",
        id=draft.id,
        file=draft.place.file,
        trail=_trail(draft.place.trail, draft.question),
        question=draft.question,
        answer=cut(draft.answer),
        body=print_.partition("-")[0] or draft_body(draft),
        fingerprint=print_,
    )


Trails: TypeAlias = Mapping[tuple[tuple[str, ...], str], tuple[str, ...]]
"""Trails of faces by headings and question."""


def trails(drafts: Iterable[Draft], made: Iterable[Face]) -> Trails:
    """Return the trails of drafts whose faces were made: most notes of the ledger stand where a draft stands."""
    pairs = zip(drafts, made, strict=True)
    return {(draft.place.trail, draft.question): face.trail for draft, face in pairs}


def of_ledger(ledger: Ledger, known: Trails) -> tuple[Face, ...]:
    """Return the faces of a ledger's notes, without those that went to another deck."""
    return of_entries((entry for entry in ledger.entries.values() if not entry.moved), known)


def of_entries(entries: Iterable[Entry], known: Trails) -> tuple[Face, ...]:
    """Return a face for each part of each note, in reading order."""
    found = [(part.order or "~", entry.guid, _of_part(entry, part, known)) for entry in entries for part in entry.parts]
    return tuple([face for _, _, face in sorted(found, key=itemgetter(0, 1))])


def _of_part(entry: Entry, part: Part, known: Trails) -> Face:
    trail = known.get((part.trail, part.question))
    return Face(
        note_type=entry.note_type,
        side=part.side,
        guid=entry.guid,
        id=entry.id,
        file=part.file,
        trail=_trail(part.trail, part.question) if trail is None else trail,
        question=part.question,
        answer=part.answer,
        body=part.body,
        fingerprint=entry.fingerprint if entry.note_type == "basic" else "",
        retired=bool(entry.retired or part.gone),
    )


def _trail(headings: Sequence[str], question: str) -> tuple[str, ...]:
    keys = tuple(map(key, headings))
    return keys[:-1] if keys and keys[-1] == key(question) else keys


def side_of(draft: Draft) -> str:
    """Return the side of a trade-off that a draft is, empty for other note types."""
    if draft.note_type != "tradeoff":
        return ""
    return next((side for side, names in SIDES.items() if any(draft.fields.get(name) for name in names)), "")


def draft_body(draft: Draft) -> str:
    """Return the digest of what a draft asks and answers: of its own side alone for a trade-off."""
    if draft.note_type == "tradeoff":
        return side_body(draft.fields, side_of(draft))
    if draft.note_type == "cloze":
        pieces = (piece if isinstance(piece, str) else f"\0{piece.html}\0{piece.hint}\0" for piece in draft.text)
        return text_body(draft.fields, "".join(pieces))
    return body(draft.fields)


def body(fields: Mapping[str, str]) -> str:
    """Return the digest of all fields that ask or answer."""
    return digest(_rows(fields, [name for name in fields if name not in FRAME]))


def side_body(fields: Mapping[str, str], side: str) -> str:
    """Return the digest of one side of a trade-off."""
    return digest(_rows(fields, SIDES.get(side, ())))


def text_body(fields: Mapping[str, str], text: str) -> str:
    """Return the digest of a cloze note whose hidden passages have no numbers yet."""
    names = (name for name in fields if name not in FRAME and name != "Text")
    return digest([*_rows(fields, names), f"Text\x1f{text}"])


def fingerprint(fields: Mapping[str, str], tags: Iterable[str]) -> str:
    """Return the digests of body, frame and tags; equal for equal rendered content, whatever the order of fields.

    The note type needs no part in it: notes never change theirs. Nor does the `Note ID`: it is the GUID.
    """
    return f"{body(fields)}-{digest(_rows(fields, _SHOWN_FRAME))}-{_of_tags(frozenset(tags))}"


@lru_cache(maxsize=1024)
def _of_tags(tags: frozenset[str]) -> str:
    return digest(sorted(tags))


def _rows(fields: Mapping[str, str], names: Iterable[str]) -> list[str]:
    return sorted([f"{name}\x1f{value}" for name in names if (value := fields.get(name))])


def digest(rows: Iterable[str]) -> str:
    """Return 16 hexadecimal digits."""
    return hashlib.blake2b("\x1e".join(rows).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
