"""What learners are owed, row by row: the history follows the card, and never another one."""

from __future__ import annotations

import pytest

from primer_anki.clock import Clock
from primer_anki.identity.identify import identify
from primer_anki.identity.ledger import Ledger
from primer_anki.model import Place
from tests.identity.author import Card, Document, Publisher, document, drafts, guids, rendered, rules, what

NETWORK = document(
    ("dns", "What does DNS do?", "It translates a domain name into an IP address."),
    ("ttl", "How long may a resolver keep a DNS record?", "As long as the time to live of the record says."),
    ("cdn", "What is a content delivery network?", "Servers near the users that keep copies of static files."),
    ("push", "When does a push CDN receive new content?", "Whenever the owner of the site uploads a change."),
    (
        "pull",
        "When does a pull CDN receive new content?",
        "At the first request of a user after it is missing or stale.",
    ),
    ("lb", "What does a load balancer do?", "It spreads incoming requests over several application servers."),
    ("l4", "What does a layer 4 load balancer look at?", "Addresses and ports of the transport layer, no content."),
    ("l7", "What does a layer 7 load balancer look at?", "Headers, cookies and the content of the message."),
)


KEEPS = {
    "the same question in upper case": lambda d: d.edit("dns", question="WHAT DOES DNS DO?"),
    "a question without its end mark": lambda d: d.edit("dns", question="What does DNS do"),
    "a typing error corrected": lambda d: d.edit("ttl", question="How long may a resolver keep a DNS recrod?"),
    "a question with markup": lambda d: d.edit("cdn", question="What is a `content delivery network`?"),
    "a question that grew": lambda d: d.edit("cdn", question="What is a content delivery network and why use one?"),
    "a question in other words": lambda d: d.edit("lb", question="What is the job of a load balancer?"),
    "a new question to the same answer": lambda d: d.edit("ttl", question="What bounds the age of cached entries?"),
    "an answer reworded": lambda d: d.edit("push", answer="As soon as the site's owner uploads something new."),
    "an answer wholly new": lambda d: d.edit("push", answer="On upload."),
    "both reworded a little": lambda d: d.edit(
        "l4",
        question="What information does a layer 4 load balancer use?",
        answer="Only addresses and ports of the transport layer, never the content.",
    ),
    "moved to the end": lambda d: d.move("dns"),
    "moved to another heading": lambda d: d.move("dns", trail=("Topic", "Names")),
    "moved to another file": lambda d: d.move("dns", file="names.md", trail=("Names",)),
    "moved and its answer reworded": lambda d: d.move(
        "push", file="cdn.md", trail=("CDN",), answer="When its owner uploads a change."
    ),
    "heading renamed": lambda d: d.rename("Topic", "Networks"),
    "file renamed": lambda d: d.rename("topic.md", "network.md"),
    "heading renamed and a question reworded": lambda d: d.rename("Topic", "Networks").edit(
        "lb", question="What is the job of a load balancer?"
    ),
    "turned round": lambda d: d.order(list(reversed(d.names()))),
    "two cards swapped": lambda d: d.move("l7", before="l4"),
    "a count in the question": lambda d: d.edit("dns", question="What does DNS do (3)?"),
    "an ordinal before the question": lambda d: d.edit("dns", question="12. What does DNS do?"),
    "a card inserted before": lambda d: d.insert(Card("new", "What is a port?", "A number."), before="dns"),
    "tags changed": lambda d: d.edit("dns", tags=("net",)),
}  # fmt: skip


@pytest.mark.parametrize("edit", KEEPS.values(), ids=KEEPS.keys())
def test_a_card_keeps_its_guid(edit) -> None:  # type: ignore[no-untyped-def]
    author = Publisher()
    before = author.guids(NETWORK)
    changed = edit(NETWORK)
    after = author.guids(changed)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("edit", KEEPS.values(), ids=KEEPS.keys())
def test_mod_moves_when_and_only_when_the_note_renders_differently(edit) -> None:  # type: ignore[no-untyped-def]
    author = Publisher()
    first = author.build(NETWORK)
    second = author.build(edit(NETWORK))
    before, times = rendered(first), {note.guid: note.changed for note in first.notes}
    for note in second.notes:
        if note.guid in before:
            same = before[note.guid] == rendered(second)[note.guid]
            assert note.changed == (times[note.guid] if same else author.now), note.fields["Question"]


REPLACES = {
    "print → list": ("Print information on a pod", "kubectl describe pod web", "List the pods", "kubectl get pods"),
    "another term": (
        "What is Redis?", "A store of keys and values in memory.",
        "What is Memcached?", "A cache of keys and values in memory.",
    ),
    "an opposite": (
        "What are the advantages of a monolith?", "One process to build, test and deploy.",
        "What are the disadvantages of a monolith?", "One process that grows slow to build, test and deploy.",
    ),
    "a denial": (
        "When should you use a queue?", "When work may wait and bursts must be smoothed.",
        "When should you not use a queue?", "When the answer is needed at once.",
    ),
    "another number": ("Which service has port 80?", "HTTP", "Which service has port 25?", "Mail"),
    "another protocol version": ("How long is an IPv4 address?", "32 bits", "How long is an IPv6 address?", "128 bits"),
    "first for last": (
        "How do you show the first lines of a file?", "With head and the number of lines.",
        "How do you show the last lines of a file?", "With tail and the number of lines.",
    ),
    "a sibling": (
        "Which pattern does a comment follow?", "A hash, a space and the text of the comment.",
        "Which pattern does a docstring follow?", "Three quotes and the text of the docstring.",
    ),
    "another operator": ("What is 1 + '2' in JavaScript?", "A string.", "What is 1 - '2' in JavaScript?", "A number."),
    "another literal": ("What is [] in Python?", "An empty list.", "What is {} in Python?", "An empty dict."),
    "another topic": ("What is a mutex?", "A lock that one thread holds.", "Who wrote Hamlet?", "William Shakespeare."),
    "in Chinese": ("什么是负载均衡器？", "把请求分配到多台服务器。", "什么是数据库索引？", "加快查询速度的数据结构。"),
}  # fmt: skip


@pytest.mark.parametrize("words", REPLACES.values(), ids=REPLACES.keys())
def test_a_replaced_question_starts_without_a_history(words: tuple[str, str, str, str]) -> None:
    old_question, old_answer, question, answer = words
    author = Publisher()
    before = author.guids(NETWORK.insert(Card("old", old_question, old_answer), before="push"))
    after = author.guids(NETWORK.insert(Card("new", question, answer), before="push"))
    assert after["new"] not in before.values()
    assert all(after[name] == guid for name, guid in before.items() if name != "old")


LANGUAGES = {
    "zh": (
        ("什么是负载均衡器？", "它把请求分配到多台服务器。"),
        ("负载均衡器是什么？", "它把用户的请求分配到多台服务器。"),
        ("什么是缓存？", "什么是索引？", "什么是消息队列？"),
    ),
    "ja": (
        ("ロードバランサーとは何ですか？", "要求を複数のサーバーに分配する。"),
        ("ロードバランサーとは？", "要求を複数のサーバーに分配するもの。"),
        ("キャッシュとは何ですか？", "索引とは何ですか？", "キューとは何ですか？"),
    ),
    "ko": (
        ("로드 밸런서는 무엇을 하나요?", "요청을 여러 서버에 나눈다."),
        ("로드 밸런서란 무엇을 하나요?", "들어온 요청을 여러 서버에 나눈다."),
        ("캐시는 무엇을 하나요?", "색인은 무엇을 하나요?", "큐는 무엇을 하나요?"),
    ),
    "es": (
        ("¿Qué hace un balanceador de carga?", "Reparte las peticiones entre servidores."),
        ("¿Para qué sirve un balanceador de carga?", "Reparte las peticiones entre varios servidores."),
        ("¿Qué hace una caché?", "¿Qué hace un índice?", "¿Qué hace una cola?"),
    ),
}


@pytest.mark.parametrize(("old", "new", "others"), LANGUAGES.values(), ids=LANGUAGES.keys())
def test_rewording_is_seen_in_any_language(old: tuple[str, str], new: tuple[str, str], others: tuple[str, ...]) -> None:
    base = document(*((question, question, f"{number}{question}") for number, question in enumerate(others)))
    author = Publisher()
    before = author.guids(base.insert(Card("x", *old), before=others[1]))
    after = author.guids(base.insert(Card("x", *new), before=others[1]))
    assert after == before


def test_a_deleted_card_comes_back_as_itself() -> None:
    author = Publisher()
    before = author.guids(NETWORK)
    gone = author.build(NETWORK.delete("cdn"))
    assert what(gone)[NETWORK["cdn"].question] == {"retired"}
    assert before["cdn"] not in {note.guid for note in gone.notes}
    retired = author.ledger.entries[before["cdn"]]
    assert retired.retired == retired.changed == author.now
    back = author.build(NETWORK)
    assert guids(NETWORK, back) == before
    assert what(back)[NETWORK["cdn"].question] == {"restored"}
    assert next(note for note in back.notes if note.guid == before["cdn"]).changed == author.now


def test_a_card_that_comes_back_reworded_is_the_same_card() -> None:
    author = Publisher()
    before = author.guids(NETWORK)
    author.build(NETWORK.delete("cdn"))
    after = author.guids(NETWORK.edit("cdn", question="What is a content delivery network (CDN)?"))
    assert after == before


def test_an_undone_replacement_brings_the_first_card_back() -> None:
    author = Publisher()
    other = NETWORK.delete("cdn").insert(
        Card("edge", "What is an edge location?", "A data centre near users."), before="push"
    )
    first, second = author.guids(NETWORK), author.guids(other)
    assert author.guids(NETWORK) == first
    assert author.guids(other) == second


def test_an_unchanged_document_gives_the_same_ledger() -> None:
    author = Publisher()
    author.build(NETWORK)
    ledger = author.ledger
    again = author.build(NETWORK)
    assert again.ledger == ledger
    assert all(set(outcome.what) == {"untouched"} and not outcome.changed for outcome in again.outcomes)


def test_an_insert_touches_no_other_line_of_the_ledger() -> None:
    author = Publisher()
    author.build(NETWORK)
    before = dict(author.ledger.entries)
    author.build(NETWORK.insert(Card("new", "What is a port?", "A number that names a service."), before="dns"))
    assert {guid: author.ledger.entries[guid] for guid in before} == before


def test_a_first_build_gives_the_same_guids_everywhere() -> None:
    assert Publisher().guids(NETWORK) == Publisher(now=5).guids(NETWORK)


def test_a_guid_is_made_from_deck_and_question() -> None:
    doc = document(("dns", "What does DNS do?", "It resolves names."))
    elsewhere = doc.edit("dns", file="x.md", trail=("Y",), answer="Something else.")
    assert Publisher().guids(doc) == Publisher().guids(elsewhere) == {"dns": "U8ogmJrKMz3Jr"}
    assert Publisher(Ledger("Deck", 99)).guids(doc) != Publisher().guids(doc)


def test_guids_are_letters_and_digits() -> None:
    assert all(guid.isalnum() and guid.isascii() for guid in Publisher().guids(NETWORK).values())


# — twins —

TWINS = document(
    ("a", "What is printed?", "1, then 2, then 3: the loop runs to the end."),
    ("b", "What is printed?", "undefined, since the variable is hoisted."),
    ("c", "What is printed?", "A reference error: the variable is in its dead zone."),
    ("d", "What is printed?", "true, since both sides are the same object."),
)


def test_equal_questions_get_different_guids() -> None:
    assert len(set(Publisher().guids(TWINS).values())) == 4


@pytest.mark.parametrize("name", "abcd")
def test_of_twins_the_deleted_one_is_gone(name: str) -> None:
    author = Publisher()
    before = author.guids(TWINS)
    after = author.guids(TWINS.delete(name))
    assert after == {other: guid for other, guid in before.items() if other != name}


def test_a_twin_inserted_first_moves_nobody() -> None:
    author = Publisher()
    before = author.guids(TWINS)
    after = author.guids(
        TWINS.insert(Card("new", "What is printed?", "NaN, for nothing is a number here."), before="a")
    )
    assert {name: after[name] for name in before} == before


def test_a_twin_with_a_reworded_answer_is_known_by_it() -> None:
    author = Publisher()
    before = author.guids(TWINS)
    after = author.guids(
        TWINS.edit("c", answer="A reference error, as the variable is still in its dead zone.").move("d", before="a")
    )
    assert after == before


def test_a_twin_with_a_new_answer_is_another_card() -> None:
    author = Publisher()
    before = author.guids(TWINS)
    after = author.guids(TWINS.delete("c").insert(Card("e", "What is printed?", "Nothing at all."), before="d"))
    assert after["e"] not in before.values()


def test_word_for_word_twins_stay_in_reading_order() -> None:
    doc = Document(tuple(Card(str(n), "Why?", "Because.", trail=("Topic", f"Part {n}")) for n in range(4)))
    author = Publisher()
    before = author.guids(doc)
    assert author.guids(doc.rename("Part 2", "Part two")) == before


def test_two_notes_that_claim_one_draft_leave_it_new_and_named() -> None:
    author = Publisher()
    old = NETWORK.insert(
        Card("x", "How do you list running containers on a host?", "Use docker ps there."), before="cdn"
    ).insert(Card("y", "How do you list running containers of a host?", "Use docker ps here."), before="cdn")
    before = author.guids(old)
    merged = NETWORK.insert(
        Card("z", "How do you list the running containers for a host?", "Use docker ps."), before="cdn"
    )
    result = author.build(merged)
    assert guids(merged, result)["z"] not in before.values()
    [warning] = [each for each in result.diagnostics if each.rule == "ambiguous-identity"]
    assert before["x"] in warning.message
    assert before["y"] in warning.message
    assert warning.location.line == 30
    assert "<!-- id: " in warning.hint
    [doubt] = result.ambiguities
    assert {guid for guid, _, _ in doubt.candidates} == {before["x"], before["y"]}
    pinned = merged.edit("z", id=before["y"])
    again = Publisher(_ledger_of(old))
    assert again.guids(pinned)["z"] == before["y"]


def _ledger_of(doc: Document) -> Ledger:
    return identify(drafts(doc), Ledger("Deck", 1234), Clock(1)).ledger


# — ids —


def test_an_id_holds_a_card_whatever_changes() -> None:
    author = Publisher()
    before = author.guids(NETWORK.edit("dns", id="names"))
    after = author.guids(NETWORK.edit("dns", id="names", question="Who was Ada Lovelace?", answer="A mathematician."))
    assert after == before


def test_a_new_id_makes_a_new_card() -> None:
    author = Publisher()
    before = author.guids(NETWORK.edit("dns", id="names"))
    after = author.guids(NETWORK.edit("dns", id="other"))
    assert after["dns"] not in before.values()


def test_an_id_may_come_and_go() -> None:
    author = Publisher()
    before = author.guids(NETWORK)
    assert author.guids(NETWORK.edit("dns", id="names")) == before
    assert author.guids(NETWORK) == before


def test_a_guid_pins_like_an_id() -> None:
    author = Publisher()
    before = author.guids(NETWORK)
    after = author.guids(
        NETWORK.edit("dns", id=before["dns"], question="Who was Ada Lovelace?", answer="A mathematician.")
    )
    assert after == before


def test_an_id_that_stands_twice_is_named_and_counts_once() -> None:
    author = Publisher()
    result = author.build(NETWORK.edit("dns", id="x").edit("ttl", id="x"))
    assert list(rules(result)) == ["duplicate-id"]
    assert len({note.guid for note in result.notes}) == len(NETWORK.cards)


def test_a_note_never_changes_its_type() -> None:
    author = Publisher()
    before = author.guids(NETWORK)
    result = author.build(NETWORK.edit("dns", note_type="cloze", text=("It is a name service.",)))
    assert result.notes[0].guid not in before.values()
    assert list(rules(result)) == ["type-change"]


# — what a note carries —


def test_a_note_names_its_guid_and_sorts_its_tags() -> None:
    result = Publisher().build(NETWORK.edit("dns", tags=("z", "a", "z")))
    assert result.notes[0].fields["Note ID"] == result.notes[0].guid
    assert result.notes[0].tags == ("a", "z")
    assert result.notes[0].place == Place("topic.md", ("Topic",), 10)


def test_a_reverse_card_that_falls_empty_is_named_once() -> None:
    author = Publisher()
    author.build(NETWORK.edit("dns", reverse="Which service resolves names?"))
    gone = author.build(NETWORK)
    assert [(card.guid, card.card) for card in gone.emptied] == [(gone.notes[0].guid, "Reverse")]
    assert author.build(NETWORK).emptied == ()


def test_each_match_says_why() -> None:
    author = Publisher()
    author.build(NETWORK)
    result = author.build(
        NETWORK.edit(
            "lb", question="What is the job of a load balancer?", answer="It spreads requests over several servers."
        )
    )
    outcome = next(each for each in result.outcomes if each.question.startswith("What is the job"))
    [reason] = outcome.reasons
    assert reason.stage == "likeness"
    assert reason.before == NETWORK["lb"].question == outcome.before
    assert reason.evidence is not None
    assert reason.evidence.neighbours == 1.0
    assert reason.lead > 0.08
    assert outcome.what == ("reworded",)


@pytest.mark.parametrize(
    ("edit", "kinds"),
    [
        (lambda d: d.move("dns"), {"moved"}),
        (lambda d: d.edit("dns", tags=("t",)), {"retagged"}),
        (lambda d: d.edit("dns", answer="It finds the IP address of a domain name."), {"reworded"}),
        (lambda d: d.rename("Topic", "Net"), {"moved", "rerendered"}),
        (lambda d: d.edit("dns", reverse="Which service resolves names?"), {"rerendered"}),
    ],
    ids=["moved", "retagged", "reworded", "heading renamed", "reverse added"],
)
def test_a_build_says_what_it_did(edit, kinds: set[str]) -> None:  # type: ignore[no-untyped-def]
    author = Publisher()
    author.build(NETWORK)
    assert what(author.build(edit(NETWORK)))[NETWORK["dns"].question] == kinds
