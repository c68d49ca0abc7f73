"""What became of each note between two decks."""

from __future__ import annotations

import pytest

from primer_anki.deck.diff import Kind, compare, compare_note_types
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.deck.package import read, to_bytes
from primer_anki.model import Deck, Note, Place
from primer_anki.value import replace

from .samples import deck, note, sample

A = note("a", place=Place("x.md", ("X",), 3))


def kinds(old: Deck | None, new: Deck) -> list[tuple[str, str]]:
    return [(change.guid, str(change.kind)) for change in compare(old, new)]


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (A, Kind.UNTOUCHED),
        (replace(A, changed=A.changed + 9), Kind.UNTOUCHED),
        (replace(A, fields={**A.fields, "Extra": ""}), Kind.UNTOUCHED),
        (replace(A, place=Place("x.md", ("X",), 99)), Kind.UNTOUCHED),
        (replace(A, place=None), Kind.UNTOUCHED),
        (replace(A, fields={**A.fields, "Extra": "more"}), Kind.REWORDED),
        (replace(A, fields={**A.fields, "Extra": "more"}, tags=(), place=None), Kind.REWORDED),
        (replace(A, tags=("other",)), Kind.RETAGGED),
        (replace(A, place=Place("y.md", ("X",), 3)), Kind.MOVED),
        (replace(A, place=Place("x.md", ("X", "Y"), 3)), Kind.MOVED),
        (replace(A, note_type="cloze", fields={"Text": "{{c1::a}}"}), Kind.RETYPED),
    ],
)
def test_one_note(after: Note, kind: Kind) -> None:
    (change,) = compare(deck(A), deck(after))
    assert (change.kind, change.guid, change.old, change.new) == (kind, "a", A, after)


def test_without_an_old_deck_all_is_new() -> None:
    assert kinds(None, deck(A, note("b"))) == [("a", "new"), ("b", "new")]


def test_new_notes_stand_in_their_order_and_retired_ones_last() -> None:
    old, new = deck(note("r"), A, note("s")), deck(note("n"), A)
    assert kinds(old, new) == [("n", "new"), ("a", "untouched"), ("r", "retired"), ("s", "retired")]


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("abcdef", "abcdef", ""),
        ("abcdef", "abXcdef", ""),
        ("abcdef", "acdef", ""),
        ("abcdef", "bcdefa", "a"),
        ("abcdef", "fabcde", "f"),
        ("abcdef", "abedcf", "2 of cde"),
        ("abcdef", "defabc", "3"),
        ("ab", "ba", "1"),
        ("", "a", ""),
    ],
)
def test_as_few_notes_as_possible_have_moved(old: str, new: str, moved: str) -> None:
    changes = compare(deck(*map(note, old)), deck(*map(note, new)))
    found = [change.guid for change in changes if change.kind is Kind.MOVED]
    if moved[:1].isdigit():
        assert len(found) == int(moved[0])
    else:
        assert "".join(found) == moved


def test_a_deck_is_untouched_by_packing_and_reading() -> None:
    written = sample()
    again = read(to_bytes(written), "sample.apkg")
    assert {kind for _, kind in kinds(written, again)} == {"untouched"}
    assert compare_note_types(NOTE_TYPES, again.note_types) == ()


def test_a_note_type_may_look_different() -> None:
    other = {**NOTE_TYPES, "basic": replace(NOTE_TYPES["basic"], css="p{}")}
    (change,) = compare_note_types(NOTE_TYPES, other)
    assert (change.key, change.schema) == ("basic", False)


def test_a_note_type_with_other_fields_has_another_schema() -> None:
    basic = NOTE_TYPES["basic"]
    (change,) = compare_note_types(NOTE_TYPES, {"basic": replace(basic, fields=basic.fields[:-1])})
    assert change.schema


def test_a_renamed_field_is_no_other_schema() -> None:
    basic = NOTE_TYPES["basic"]
    fields = (*basic.fields[:-1], replace(basic.fields[-1], name="Mnemonic"))
    (change,) = compare_note_types(NOTE_TYPES, {"basic": replace(basic, fields=fields)})
    assert not change.schema
