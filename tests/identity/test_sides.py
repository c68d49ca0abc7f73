"""Sides of a trade-off: what was one note stays one, and what was two stays two."""

from __future__ import annotations

from primer_anki.identity.identify import Identified
from tests.identity.author import Card, Document, Publisher

PRO = Card(
    "pro", "Advantages of a CDN (2)", "Less load; less latency.", note_type="tradeoff", side="Advantages", joins="cdn"
)
CON = Card(
    "con", "Disadvantages of a CDN (2)", "Cost; stale copies.", note_type="tradeoff", side="Disadvantages", joins="cdn"
)
WHEN = Card("when", "When should you use a CDN?", "For static files.", note_type="tradeoff", side="Choice", joins="cdn")
OTHER = Card(
    "lb", "Advantages of a load balancer (1)", "No single server.", note_type="tradeoff", side="Advantages", joins="lb"
)


def build(author: Publisher, *cards: Card) -> list[tuple[str, list[str]]]:
    return sides(author.build(Document(cards)))


def sides(result: Identified) -> list[tuple[str, list[str]]]:
    """GUID and filled sides of each note."""
    names = ("Advantages", "Disadvantages", "Choice")
    return [(note.guid, [name for name in names if note.fields.get(name)]) for note in result.notes]


def test_sides_of_one_subject_make_one_note() -> None:
    assert [found for _, found in build(Publisher(), PRO, CON, OTHER)] == [
        ["Advantages", "Disadvantages"],
        ["Advantages"],
    ]


def test_one_note_stays_one_wherever_its_sides_stand() -> None:
    author = Publisher()
    [(guid, _)] = build(author, PRO, CON)
    apart = build(
        author, Card(**{**vars(PRO), "joins": "cdn a"}), OTHER, Card(**{**vars(CON), "joins": "cdn b", "file": "x.md"})
    )
    assert apart[0] == (guid, ["Advantages", "Disadvantages"])


def test_two_notes_stay_two() -> None:
    author = Publisher()
    apart = build(author, PRO, Card(**{**vars(CON), "joins": "cdn b"}))
    assert len(apart) == 2
    assert build(author, PRO, CON) == apart


def test_a_new_side_joins_its_note() -> None:
    author = Publisher()
    [(guid, _)] = build(author, PRO)
    assert build(author, PRO, CON) == [(guid, ["Advantages", "Disadvantages"])]
    assert build(author, WHEN, PRO, CON) == [(guid, ["Advantages", "Disadvantages", "Choice"])]


def test_a_side_that_goes_is_named_and_may_come_back() -> None:
    author = Publisher()
    [(guid, _)] = build(author, PRO, CON)
    result = author.build(Document((PRO,)))
    assert sides(result) == [(guid, ["Advantages"])]
    assert [(card.guid, card.card) for card in result.emptied] == [(guid, "Disadvantages")]
    assert build(author, PRO, CON) == [(guid, ["Advantages", "Disadvantages"])]


def test_a_note_lives_as_long_as_one_side_does() -> None:
    author = Publisher()
    [(guid, _)] = build(author, PRO, CON)
    assert build(author, CON) == [(guid, ["Disadvantages"])]


def test_reworded_sides_are_the_same() -> None:
    author = Publisher()
    first = build(author, PRO, CON, OTHER)
    changed = Card(
        **{
            **vars(PRO),
            "question": "Advantages of a content delivery network (CDN) (3)",
            "answer": "Less load; less latency; cheap.",
        }
    )
    assert build(author, changed, CON, OTHER) == first


def test_a_side_never_turns_into_its_opposite() -> None:
    author = Publisher()
    [(guid, _)] = build(author, PRO)
    [(other, _)] = build(author, Card(**{**vars(CON), "joins": "x", "answer": PRO.answer}))
    assert other != guid


def test_the_same_side_twice_makes_two_notes() -> None:
    again = Card(**{**vars(PRO), "question": "Advantages of a push CDN (1)", "answer": "Control."})
    assert len(build(Publisher(), PRO, again)) == 2
