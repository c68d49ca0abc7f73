"""Which cards a note makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from primer_anki.identity.faces import SIDES
from primer_anki.identity.ledger import Item
from primer_anki.model import NoteTypeKey


def cards_of(note_type: NoteTypeKey, fields: Mapping[str, str], items: Sequence[Item]) -> tuple[str, ...]:
    """Return the names of a note's cards: its templates, or `c1`, `c2`, … for a cloze note."""
    if note_type == "cloze":
        return tuple(f"c{number}" for number in sorted({item.number for item in items if not item.gone}))
    if note_type == "tradeoff":
        return tuple(side for side, (_, answer) in SIDES.items() if fields.get(answer))
    return ("Ask", "Reverse") if fields.get("Reverse question") else ("Ask",)
