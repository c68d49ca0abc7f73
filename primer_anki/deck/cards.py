"""Which cards a note makes, as Anki itself would decide.

The importer takes over exactly the card rows of a package: a missing one stays missing, and one too many shows a
blank card. So they are computed here by Anki's own rules and not by genanki's, which differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from primer_anki import fieldtext
from primer_anki.model import Note, NoteType

_MARKER = re.compile(r"\{\{([#^/]?)\s*(.*?)\s*\}\}", re.DOTALL)
_LAST_CLOZE = 500
"""Anki makes one card of all clozes from this number on."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """`{{Field}}`, with or without filters."""

    field: str


@dataclass(frozen=True, slots=True)
class _Gate:
    """`{{#Field}}…{{/Field}}`, or `{{^Field}}…{{/Field}}` where `open_if` is False."""

    field: str
    open_if: bool
    inside: tuple[_Node, ...]


_Node: TypeAlias = _Shown | _Gate


def ordinals(note: Note, note_type: NoteType) -> tuple[int, ...]:
    """Return the ordinals of the note's cards, rising from 0; empty if Anki would find nothing to ask."""
    if note_type.is_cloze:
        # Anki looks into every field here, not only into those that the template shows as clozes.
        numbers = frozenset[int]().union(*map(fieldtext.cloze_numbers, note.fields.values()))
        return tuple(sorted({min(number, _LAST_CLOZE) - 1 for number in numbers}))
    filled = frozenset(
        # What begins with a letter needs no closer look.
        [name for name, content in note.fields.items() if content[:1].isalnum() or not fieldtext.is_empty(content)]
    )
    return _that_show_a_field(tuple([template.front for template in note_type.templates]), filled)


@lru_cache(maxsize=1024)  # of thousands of notes, most fill the same fields
def _that_show_a_field(fronts: tuple[str, ...], filled: frozenset[str]) -> tuple[int, ...]:
    return tuple(ordinal for ordinal, front in enumerate(fronts) if _shows_a_field(_parse(front), filled))


def _shows_a_field(nodes: tuple[_Node, ...], filled: frozenset[str]) -> bool:
    """Say whether a front shows any filled field. Text around the fields counts for nothing."""
    return any(
        node.field in filled
        if isinstance(node, _Shown)
        else (node.field in filled) == node.open_if and _shows_a_field(node.inside, filled)
        for node in nodes
    )


def _parse(front: str) -> tuple[_Node, ...]:
    return tuple(_nodes(_MARKER.finditer(front)))


def _nodes(markers: Iterator[re.Match[str]]) -> Iterator[_Node]:
    """Yield the nodes up to the end of the template or of the enclosing gate."""
    for marker in markers:
        sign, name = marker.groups()
        if sign == "/":
            return
        if sign:
            yield _Gate(name, sign == "#", tuple(_nodes(markers)))
        else:
            yield _Shown(name.rpartition(":")[2])
