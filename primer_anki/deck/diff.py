"""What differs between two decks: the one comparer behind every question of that kind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from primer_anki.model import Deck, Note, NoteType, NoteTypeKey


class Kind(StrEnum):
    """What became of a note. The first that fits, in this order."""

    NEW = "new"
    RETYPED = "retyped"
    """Another note type: Anki will not update it."""
    REWORDED = "reworded"
    """A field has other content."""
    RETAGGED = "retagged"
    MOVED = "moved"
    """The same content at another place, or in another order among the notes that stayed."""
    UNTOUCHED = "untouched"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Change:
    """One note, before and after."""

    kind: Kind
    guid: str
    old: Note | None
    """None where the note is new."""
    new: Note | None
    """None where the note is retired."""


@dataclass(frozen=True, slots=True)
class TypeChange:
    """One note type of both decks that differs."""

    key: NoteTypeKey
    schema: bool
    """Fields or templates differ in id or order: notes already studied would get no more updates."""
    old: NoteType
    new: NoteType


def compare(old: Deck | None, new: Deck) -> tuple[Change, ...]:
    """Return a change for every note: those of `new` in their order, then the retired ones in the order of `old`."""
    before = {note.guid: note for note in old.notes} if old else {}
    after = {note.guid: note for note in new.notes}
    moved = _out_of_order([guid for guid in before if guid in after], [guid for guid in after if guid in before])
    return (
        *(
            Change(_kind(before.get(guid), note, guid in moved), guid, before.get(guid), note)
            for guid, note in after.items()
        ),
        *(Change(Kind.RETIRED, guid, note, None) for guid, note in before.items() if guid not in after),
    )


def compare_note_types(
    old: Mapping[NoteTypeKey, NoteType], new: Mapping[NoteTypeKey, NoteType]
) -> tuple[TypeChange, ...]:
    """Return the note types that both decks have and that are not equal."""
    both = ((key, note_type, new[key]) for key, note_type in old.items() if key in new)
    return tuple(
        TypeChange(key, _schema(before) != _schema(after), before, after)
        for key, before, after in both
        if before != after
    )


def _schema(note_type: NoteType) -> tuple[object, ...]:
    fields = tuple(field.id for field in note_type.fields)
    return note_type.id, note_type.is_cloze, fields, tuple(template.id for template in note_type.templates)


def _kind(old: Note | None, new: Note, out_of_order: bool) -> Kind:
    if old is None:
        return Kind.NEW
    if old.note_type != new.note_type:
        return Kind.RETYPED
    if _filled(old) != _filled(new):
        return Kind.REWORDED
    if sorted(old.tags) != sorted(new.tags):
        return Kind.RETAGGED
    return Kind.MOVED if out_of_order or _elsewhere(old, new) else Kind.UNTOUCHED


def _filled(note: Note) -> dict[str, str]:
    return {name: content for name, content in note.fields.items() if content}


def _elsewhere(old: Note, new: Note) -> bool:
    """Say whether a note stands under another heading or in another file. Its line says nothing."""
    if old.place is None or new.place is None:
        return False
    return (old.place.file, old.place.trail) != (new.place.file, new.place.trail)


def _out_of_order(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """Return the fewest GUIDs that must have moved, for `old` to become `new`; both hold the same ones."""
    rank = {guid: index for index, guid in enumerate(old)}
    # The longest rising run of old ranks stayed where it was: for each length, the smallest last rank of such a run.
    ends: list[int] = []
    chain: list[int] = []
    before: dict[int, int] = {}
    for guid in new:
        at = bisect_left(ends, rank[guid])
        if at == len(ends):
            ends.append(rank[guid])
        else:
            ends[at] = rank[guid]
        if at:
            before[rank[guid]] = ends[at - 1]
    last = ends[-1] if ends else None
    while last is not None:
        chain.append(last)
        last = before.get(last)
    stayed = {old[index] for index in chain}
    return frozenset(guid for guid in new if guid not in stayed)
