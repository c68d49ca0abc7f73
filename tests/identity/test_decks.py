"""Several decks at once: what leaves one may turn up in another, with its GUID."""

from __future__ import annotations

from primer_anki.clock import Clock
from primer_anki.identity.identify import Identified, identify_all
from primer_anki.identity.ledger import Ledger
from tests.identity.author import START, Document, document, drafts, guids

WEB = document(
    ("http", "Which port does HTTP use by default?", "Port 80, unless the address names another."),
    ("cookie", "What does a cookie do between two requests?", "It carries a little state from one to the next."),
)
DATA = document(
    ("index", "What does an index speed up?", "Reading rows by the value of a column."),
    ("acid", "What does the A of ACID promise?", "All of a transaction, or nothing of it."),
)


class Publishers:
    def __init__(self) -> None:
        self.ledgers = [Ledger("Web", 1), Ledger("Data", 2)]
        self.now = START

    def build(self, *docs: Document) -> tuple[Identified, ...]:
        self.now += 60
        results = identify_all(
            [(drafts(doc), ledger) for doc, ledger in zip(docs, self.ledgers, strict=True)], Clock(self.now)
        )
        self.ledgers = [result.ledger for result in results]
        return results


def test_a_card_moves_between_decks_with_its_guid() -> None:
    author = Publishers()
    before = author.build(WEB, DATA)
    card = WEB["cookie"]
    web, data = WEB.delete("cookie"), DATA.insert(card, before="acid")
    after = author.build(web, data)
    assert guids(data, after[1])["cookie"] == guids(WEB, before[0])["cookie"]
    moved = author.ledgers[0].entries[guids(WEB, before[0])["cookie"]]
    assert (moved.moved, bool(moved.retired)) == ("Data", True)
    assert next(each for each in after[1].outcomes if each.question == card.question).from_deck == "Web"
    assert [(each.what, each.to_deck) for each in after[0].outcomes if each.to_deck] == [(("moved",), "Data")]
    again = author.build(web, data)
    assert [result.ledger for result in again] == [result.ledger for result in after]


def test_it_may_move_later_than_it_left_and_come_home() -> None:
    author = Publishers()
    first = guids(WEB, author.build(WEB, DATA)[0])
    web, data = WEB.delete("cookie"), DATA.insert(WEB["cookie"])
    author.build(web, DATA)
    assert guids(data, author.build(web, data)[1])["cookie"] == first["cookie"]
    assert guids(WEB, author.build(WEB, DATA)[0]) == first


def test_a_card_in_two_decks_is_two_cards() -> None:
    author = Publishers()
    first = author.build(WEB, DATA)
    both = DATA.insert(WEB["cookie"])
    second = author.build(WEB, both)
    assert guids(both, second[1])["cookie"] != guids(WEB, first[0])["cookie"]


def test_another_question_takes_nothing_over() -> None:
    author = Publishers()
    first = guids(WEB, author.build(WEB, DATA)[0])
    data = DATA.edit("acid", question="What does sharding do?", answer="It spreads rows over servers by a key.")
    assert guids(data, author.build(WEB.delete("cookie"), data)[1])["acid"] not in first.values()
