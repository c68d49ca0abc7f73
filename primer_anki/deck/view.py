"""What a package needs to know of a note beside its fields: the same whatever its GUID, so that it can be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from primer_anki import fieldtext
from primer_anki.deck.cards import ordinals
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.model import Draft, Note, NoteType, NoteTypeKey, View

SEPARATOR = "\x1f"
"""Stands between a note's fields in Anki's database."""
_NOT_LOCAL = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_LATER = {"Note ID": "-"}
"""What a draft has yet to get. No front shows it."""


def of_draft(draft: Draft) -> View | None:
    """The view of the note that a draft will be; None where that depends on more than the draft."""
    if draft.note_type != "basic":
        return None
    note_type = NOTE_TYPES[draft.note_type]
    return _view(note_type, Note("", draft.note_type, {**draft.fields, **_LATER}, draft.tags, 0, 0))


def of_notes(notes: Iterable[Note], note_types: Mapping[NoteTypeKey, NoteType]) -> list[View]:
    """A view a note; of an unknown note type one without cards."""
    return [note.view or _view(note_types.get(note.note_type), note) for note in notes]


@lru_cache(maxsize=1024)  # most notes of a file have the same tags
def wrong_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are empty or hold white space."""
    return tuple(tag for tag in tags if tag.split() != [tag])


def _view(note_type: NoteType | None, note: Note) -> View:
    if note_type is None:
        return View((), "", 0, (), sound=False)
    sort = fieldtext.sort_text(note.fields.get(note_type.fields[0].name, ""))
    named = [name for content in note.fields.values() if _may_name(content) for name in fieldtext.media_names(content)]
    return View(
        cards=ordinals(note, note_type),
        sort=sort,
        checksum=fieldtext.checksum(sort),
        media=tuple([name for name in named if not _NOT_LOCAL.match(name)]),
        sound={field.name for field in note_type.fields}.issuperset(note.fields)
        and SEPARATOR not in "".join(note.fields.values())
        and not wrong_tags(note.tags),
    )


def _may_name(content: str) -> bool:
    """Whether a field may name a file: most do not."""
    return "=" in content or "[sound:" in content
