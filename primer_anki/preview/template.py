"""Cards as Anki renders them: the note type's templates filled with a note's fields.

Of Anki's template language this knows what the project's own templates use: fields, `{{#Field}}`, `{{^Field}}`,
`{{FrontSide}}` and `{{cloze:Field}}`. What it does not know, it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from primer_anki import fieldtext
from primer_anki.model import Note, NoteType
from primer_anki.preview import cloze

_MARKER = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_FRONT_SIDE = "FrontSide"


@dataclass(frozen=True, slots=True)
class _Shown:
    """`{{Field}}` or `{{cloze:Field}}`."""

    field: str
    as_cloze: bool


@dataclass(frozen=True, slots=True)
class _Gate:
    """`{{#Field}}…{{/Field}}`, or `{{^Field}}…{{/Field}}` where `open_if` is False."""

    field: str
    open_if: bool
    inside: tuple[_Node, ...]


_Node: TypeAlias = str | _Shown | _Gate


@dataclass(frozen=True, slots=True)
class Sides:
    """A rendered card, as HTML without its CSS."""

    front: str
    back: str


@dataclass(frozen=True, slots=True)
class _Side:
    """What a template is filled with."""

    fields: Mapping[str, str]
    number: int
    """Of the cloze that is asked for."""
    is_question: bool


def render(note: Note, note_type: NoteType, ordinal: int) -> Sides:
    """Render a card that the note has: `ordinal` is its template's, or its cloze number less one.

    Raises ValueError for a template that asks for something unknown.
    """
    template = note_type.templates[0 if note_type.is_cloze else ordinal]
    fields = {field.name: note.fields.get(field.name, "") for field in note_type.fields}
    front = _fill(_parse(template.front), _Side(fields, ordinal + 1, is_question=True))
    fields[_FRONT_SIDE] = front
    return Sides(front, _fill(_parse(template.back), _Side(fields, ordinal + 1, is_question=False)))


@lru_cache(maxsize=64)
def _parse(template: str) -> tuple[_Node, ...]:
    return tuple(_nodes(iter(_MARKER.split(template)), gate=""))


def _nodes(pieces: Iterator[str], gate: str) -> Iterator[_Node]:
    """Yield the nodes up to the end of the template or of the gate; text and markers come in turn."""
    for piece in pieces:
        if not piece.startswith("{{"):
            yield piece
            continue
        sign, name = piece[2], piece[3:-2].strip()
        if sign == "/" and name == gate:
            return
        if sign in "#^":
            yield _Gate(name, sign == "#", tuple(_nodes(pieces, gate=name)))
        else:
            yield _field(piece[2:-2].strip())


def _field(name: str) -> _Shown:
    *filters, field = name.split(":")
    if filters not in ([], ["cloze"]):
        raise ValueError(f"no such filter: {{{{{name}}}}}")
    return _Shown(field, as_cloze=bool(filters))


def _fill(nodes: tuple[_Node, ...], side: _Side) -> str:
    return "".join(_filled(node, side) for node in nodes)


def _filled(node: _Node, side: _Side) -> str:
    if isinstance(node, str):
        return node
    if node.field not in side.fields:
        raise ValueError(f"no such field: {node.field}")
    content = side.fields[node.field]
    if isinstance(node, _Gate):
        return _fill(node.inside, side) if node.open_if != fieldtext.is_empty(content) else ""
    if node.as_cloze:
        return cloze.reveal(content, side.number, question=side.is_question)
    return content
