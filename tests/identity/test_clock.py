"""`changed` rises strictly, and never lies ahead."""

from __future__ import annotations

import pytest

from primer_anki.clock import Clock, TooSoonError
from primer_anki.identity.identify import identify
from primer_anki.identity.ledger import Ledger
from tests.identity.author import START, document, drafts

DOC = document(("dns", "What does DNS do?", "It resolves names."), ("ttl", "What is a TTL?", "A time to live."))
EDITED = DOC.edit("dns", answer="It turns names into addresses.")


def built() -> Ledger:
    return identify(drafts(DOC), Ledger("Deck", 1), Clock(START)).ledger


def test_new_notes_carry_the_time_of_the_build() -> None:
    notes = identify(drafts(DOC), Ledger("Deck", 1), Clock(START)).notes
    assert {(note.created, note.changed) for note in notes} == {(START, START)}


def test_a_changed_note_carries_the_time_of_its_change() -> None:
    first, second = identify(drafts(EDITED), built(), Clock(START + 9)).notes
    assert (first.created, first.changed, second.changed) == (START, START + 9, START)


def test_an_unchanged_deck_builds_at_any_time() -> None:
    assert identify(drafts(DOC), built(), Clock(5)).notes[0].changed == START


@pytest.mark.parametrize("doc", [EDITED, DOC.delete("dns")], ids=["changed", "retired"])
def test_a_second_change_within_a_second_has_to_wait(doc) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TooSoonError) as caught:
        identify(drafts(doc), built(), Clock(START))
    assert caught.value.earliest == START + 1
    assert identify(drafts(doc), built(), Clock(caught.value.earliest))


def test_an_old_source_date_rises_as_far_as_the_real_clock_allows() -> None:
    note = identify(drafts(EDITED), built(), Clock(now=START - 100, latest=START + 50)).notes[0]
    assert note.changed == START + 1
    with pytest.raises(TooSoonError):
        identify(drafts(EDITED), built(), Clock(now=START - 100, latest=START))
