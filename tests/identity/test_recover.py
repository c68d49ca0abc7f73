"""A lost ledger, rebuilt from a package: the next build gives the same GUIDs and touches nothing."""

from __future__ import annotations

from primer_anki.identity.identify import Identified
from primer_anki.identity.ledger import Ledger, dump, parse
from primer_anki.identity.recover import recover
from primer_anki.model import Deck
from primer_anki.value import replace
from tests.identity.author import START, Card, Document, Publisher, text, what

DOC = Document(
    (
        Card("dns", "What does DNS do?", "It resolves names & addresses.", tags=("net",)),
        Card("rev", "What is a port?", "A number that names a service.", reverse="What is the number of a service?"),
        Card("a", "Advantages of a CDN", "Speed.", note_type="tradeoff", side="Advantages", joins="cdn"),
        Card("d", "Disadvantages of a CDN", "Cost.", note_type="tradeoff", side="Disadvantages", joins="cdn"),
        Card("tls", "TLS", "hello, keys", note_type="cloze", text=text(["1. ", "[hello]", " 2. ", "[keys|secret]"])),
        Card("lb", "What does a load balancer do?", "It spreads requests.", trail=("Topic", "Balancing")),
    )
)


def package(result: Identified) -> Deck:
    """What a reader of packages sees: no places, no patterns."""
    notes = tuple(replace(note, place=None, pattern="") for note in result.notes)
    return Deck("Deck", 1234, "", notes)


def recovered(doc: Document) -> tuple[Identified, Ledger]:
    result = Publisher().build(doc)
    return result, recover(package(result))


def test_the_next_build_touches_nothing() -> None:
    first, ledger = recovered(DOC)
    again = Publisher(ledger).build(DOC)
    assert again.notes == first.notes
    assert not any(outcome.changed for outcome in again.outcomes)
    assert again.emptied == ()


def test_the_next_build_knows_what_was_reworded() -> None:
    first, ledger = recovered(DOC)
    edited = DOC.edit("lb", question="What is the job of a load balancer?").edit(
        "tls", text=text(["1. ", "[hello]", " 2. ", "[certificate]", " 3. ", "[keys|secret]"])
    )
    again = Publisher(ledger, START + 1000).build(edited)
    assert [note.guid for note in again.notes] == [note.guid for note in first.notes]
    assert "{{c3::certificate}} 3. {{c2::keys::secret}}" in again.notes[3].fields["Text"]
    assert what(again)["What does DNS do?"] == {"untouched"}


def test_it_is_a_ledger_like_any_other() -> None:
    _, ledger = recovered(DOC)
    assert parse(dump(ledger), "x") == ledger
    assert (ledger.deck_name, ledger.deck_id) == ("Deck", 1234)


def test_it_keeps_when_notes_were_made() -> None:
    first, ledger = recovered(DOC)
    assert {entry.created for entry in ledger.entries.values()} == {first.notes[0].created}
