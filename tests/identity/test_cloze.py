"""Cloze numbers follow their passages: inserts, edits and deletes move nobody else's card."""

from __future__ import annotations

import pytest

from primer_anki.identity.identify import Identified
from tests.identity.author import Card, Document, Publisher, text

STEPS = ("1. ", "[Client Hello]", " 2. ", "[Server Hello]", " 3. ", "[Key exchange]", " 4. ", "[Finished]")


def build(author: Publisher, *pieces: str) -> Identified:
    return author.build(Document((Card("tls", "Steps of a TLS handshake", "…", note_type="cloze", text=text(pieces)),)))


def cards(result: Identified) -> dict[str, str]:
    """The hidden passages by the number of their card."""
    [entry] = result.ledger.entries.values()
    return {item.text: f"c{item.number}" for item in entry.items if not item.gone}


def test_a_first_build_numbers_from_one() -> None:
    result = build(Publisher(), *STEPS)
    assert result.notes[0].fields["Text"] == (
        "1. {{c1::Client Hello}} 2. {{c2::Server Hello}} 3. {{c3::Key exchange}} 4. {{c4::Finished}}"
    )


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        (
            ("[Client Hello]", "[Certificate]", "[Server Hello]", "[Key exchange]", "[Finished]"),
            {"Client Hello": "c1", "Certificate": "c5", "Server Hello": "c2", "Key exchange": "c3", "Finished": "c4"},
        ),
        (
            ("[Client Hello]", "[Key exchange]", "[Finished]"),
            {"Client Hello": "c1", "Key exchange": "c3", "Finished": "c4"},
        ),
        (
            ("[Finished]", "[Key exchange]", "[Server Hello]", "[Client Hello]"),
            {"Finished": "c4", "Key exchange": "c3", "Server Hello": "c2", "Client Hello": "c1"},
        ),
        (
            ("[Client Hello message]", "[Server Hello]", "[Exchange of keys]", "[Finished]"),
            {"Client Hello message": "c1", "Server Hello": "c2", "Exchange of keys": "c3", "Finished": "c4"},
        ),
        (
            ("[Client Hello]", "[Negotiate]", "[Key exchange]", "[Finished]"),
            {"Client Hello": "c1", "Negotiate": "c5", "Key exchange": "c3", "Finished": "c4"},
        ),
    ],
    ids=["inserted", "deleted", "reordered", "reworded", "replaced"],
)  # fmt: skip
def test_a_number_stays_with_its_passage(edited: tuple[str, ...], expected: dict[str, str]) -> None:
    author = Publisher()
    build(author, *(piece for piece in STEPS if piece.startswith("[")))
    assert cards(build(author, *edited)) == expected


def test_a_freed_number_is_never_given_to_another_passage() -> None:
    author = Publisher()
    build(author, "[alpha]", " ", "[beta]")
    build(author, "[alpha]")
    assert cards(build(author, "[alpha]", " ", "[gamma]")) == {"alpha": "c1", "gamma": "c3"}


def test_a_passage_that_comes_back_gets_its_number_back() -> None:
    author = Publisher()
    build(author, "[alpha]", " ", "[beta]")
    build(author, "[alpha]", " ", "[gamma]")
    assert cards(build(author, "[beta]", " ", "[alpha]")) == {"alpha": "c1", "beta": "c2"}


def test_a_card_that_falls_empty_is_named() -> None:
    author = Publisher()
    build(author, "[alpha]", " ", "[beta]")
    assert [card.card for card in build(author, "[alpha]").emptied] == ["c2"]


def test_a_corrected_passage_at_the_same_spot_keeps_its_card() -> None:
    author = Publisher()
    build(author, "HTTP listens on port ", "[81]", " and HTTPS on port ", "[443]", ".")
    corrected = build(author, "HTTP listens on port ", "[80]", " and HTTPS on port ", "[443]", ".")
    assert cards(corrected) == {"80": "c1", "443": "c2"}


def test_the_authors_numbers_are_kept_and_shared() -> None:
    author = Publisher()
    first = build(author, "[2:alpha]", " ", "[1:beta]", " ", "[2:gamma]", " ", "[delta]")
    assert first.notes[0].fields["Text"] == "{{c2::alpha}} {{c1::beta}} {{c2::gamma}} {{c3::delta}}"
    renumbered = build(author, "[3:alpha]", " ", "[1:new]", " ", "[2:beta]", " ", "[3:gamma]", " ", "[delta]")
    assert cards(renumbered) == {"alpha": "c2", "new": "c4", "beta": "c1", "gamma": "c2", "delta": "c3"}


def test_equal_passages_keep_their_order_around_an_insert() -> None:
    author = Publisher()
    build(author, "first ", "[x]", " second ", "[x]", " third ", "[x]")
    result = build(author, "zeroth ", "[x]", " first ", "[x]", " second ", "[x]", " third ", "[x]")
    assert result.notes[0].fields["Text"] == "zeroth {{c4::x}} first {{c1::x}} second {{c2::x}} third {{c3::x}}"


def test_hints_and_marks_inside_are_safe() -> None:
    result = build(Publisher(), "[std::map|the C++ one]", "[{{x}}]")
    assert result.notes[0].fields["Text"] == "{{c1::std:&#58;map::the C++ one}}{{c2::{{x}&#125;}}"


def test_a_renumbering_moves_mod_and_nothing_else_does() -> None:
    author = Publisher()
    first = build(author, "[alpha]", " ", "[beta]")
    assert build(author, "[alpha]", " ", "[beta]").notes[0].changed == first.notes[0].changed
    assert build(author, "[beta]", " ", "[alpha]").notes[0].changed == author.now
