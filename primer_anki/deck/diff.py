"""What differs between two decks: the one comparer behind every question of that kind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from primer_anki.model import Deck, Note, NoteType, NoteTypeKey
from primer_anki.readable import html_to_text

FRAME = frozenset({"Context", "Source"})
"""The fields that say where a note stands, and not what it asks."""


class Kind(StrEnum):
    """What became of a note. The first that fits, in this order."""

    NEW = "new"
    RESTORED = "restored"
    """Not in the old deck, but made before it: it had been retired."""
    RETYPED = "retyped"
    """Another note type: Anki will not update it."""
    REWORDED = "reworded"
    """A field reads otherwise."""
    MOVED = "moved"
    """The same content at another place, or in another order among the notes that stayed."""
    RETAGGED = "retagged"
    RERENDERED = "rerendered"
    """It reads as before; mark-up, a link's target or a picture differs."""
    UNTOUCHED = "untouched"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Change:
    """One note, before and after."""

    kind: Kind
    guid: str
    old: Note | None
    """None where the note is new or restored."""
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
    newest = max((note.changed for note in before.values()), default=0)
    return (
        *(
            Change(_kind(before.get(guid), note, guid in moved, newest), guid, before.get(guid), note)
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


def _kind(old: Note | None, new: Note, out_of_order: bool, newest: int) -> Kind:
    """`newest`: when the old deck last changed."""
    if old is None:
        # Coming back is a change of its own; a note that another branch made in the meantime has had none yet.
        return Kind.RESTORED if new.created <= newest and new.created < new.changed else Kind.NEW
    if old.note_type != new.note_type:
        return Kind.RETYPED
    differing = differing_fields(old, new)
    reads_otherwise = {name for name in differing if _reads(old, name) != _reads(new, name)}
    if reads_otherwise - FRAME:
        return Kind.REWORDED
    if reads_otherwise or out_of_order or _elsewhere(old, new):
        return Kind.MOVED
    if sorted(old.tags) != sorted(new.tags):
        return Kind.RETAGGED
    return Kind.RERENDERED if differing else Kind.UNTOUCHED


def differing_fields(old: Note, new: Note) -> tuple[str, ...]:
    """Return the names of the fields whose content differs, in the order in which the notes have them."""
    names = dict.fromkeys((*old.fields, *new.fields))
    return tuple(name for name in names if old.fields.get(name, "") != new.fields.get(name, ""))


def _reads(note: Note, field: str) -> str:
    return html_to_text(note.fields.get(field, ""))


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
