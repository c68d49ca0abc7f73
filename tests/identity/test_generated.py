"""Generated histories: whatever an author does, step after step, every card stays itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.identity.author import Card, Document, Publisher, guids, rendered
from tests.identity.library import CARDS

Edit = Callable[[Document], Document]
names = st.sampled_from([card.name for card in CARDS])


def _of(make: Callable[[Document, str], Document]) -> st.SearchStrategy[Edit]:
    """An edit of one card, where the document holds it."""
    return names.map(lambda name: lambda doc: make(doc, name) if name in doc.names() else doc)


def _typo(doc: Document, name: str) -> Document:
    question = doc[name].question
    at = max(range(len(question.split())), key=lambda index: len(question.split()[index]))
    words = question.split()
    words[at] = words[at][:2] + words[at][3] + words[at][2] + words[at][4:]
    return doc.edit(name, question=" ".join(words))


def _grow(doc: Document, name: str) -> Document:
    return doc.edit(name, question=doc[name].question.rstrip("?") + ", and why?")


def _mark(doc: Document, name: str) -> Document:
    return doc.edit(name, question=doc[name].question.upper().rstrip("?"))


def _explain(doc: Document, name: str) -> Document:
    return doc.edit(name, answer=doc[name].answer + " This holds in general.")


def _shorten(doc: Document, name: str) -> Document:
    return doc.edit(name, answer=" ".join(doc[name].answer.split()[:-1]) + ".")


def _both(doc: Document, name: str) -> Document:
    return _explain(_typo(doc, name), name)


def _last(doc: Document, name: str) -> Document:
    return doc.move(name)


def _elsewhere(doc: Document, name: str) -> Document:
    return doc.move(name, before=doc.cards[0].name if doc.cards[0].name != name else "", file="b.md", trail=("Other",))


def _tag(doc: Document, name: str) -> Document:
    return doc.edit(name, tags=(*doc[name].tags, "more"))


def _delete(doc: Document, name: str) -> Document:
    return doc.delete(name) if len(doc.cards) > 5 else doc


def _rename(part: int, title: str) -> Edit:
    return lambda doc: doc.rename(f"Part {part}", title)


def _swap(first: str, second: str) -> Edit:
    def swap(doc: Document) -> Document:
        order = doc.names()
        if first in order and second in order:
            a, b = order.index(first), order.index(second)
            order[a], order[b] = order[b], order[a]
        return doc.order(order)

    return swap


def _restore(card: Card) -> Edit:
    return lambda doc: doc if card.name in doc.names() else doc.insert(card, before=doc.cards[len(doc.cards) // 2].name)


edits = st.one_of(
    *map(_of, (_typo, _grow, _mark, _explain, _shorten, _both, _last, _elsewhere, _tag, _delete)),
    st.builds(_rename, st.integers(0, 3), st.sampled_from(["Basics", "Storage", "Part 1"])),
    st.builds(_swap, names, names),
    st.sampled_from(CARDS).map(_restore),
    st.just(lambda doc: doc.rename("topic.md", "design.md")),
    st.just(lambda doc: Document(tuple(reversed(doc.cards)))),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sets(st.integers(0, len(CARDS) - 1), min_size=8),
    st.lists(st.lists(edits, min_size=1, max_size=4), min_size=1, max_size=8),
)
def test_every_card_keeps_its_guid_through_any_history(start: set[int], history: list[list[Edit]]) -> None:
    author = Publisher()
    doc = Document(tuple(CARDS[at] for at in sorted(start)))
    result = author.build(doc)
    known = guids(doc, result)
    for step in history:
        before, times = rendered(result), {note.guid: note.changed for note in result.notes}
        old = doc
        for edit in step:
            doc = edit(doc)
        doc = _one_edit_a_card(old, doc)
        result = author.build(doc)
        found = guids(doc, result)
        assert len(set(found.values())) == len(found)
        for name, guid in found.items():
            assert known.setdefault(name, guid) == guid, (name, doc[name])
        assert len(set(known.values())) == len(known), "an old GUID stands on another card"
        after = rendered(result)
        for note in result.notes:
            if note.guid in before:
                assert (note.changed == times[note.guid]) == (before[note.guid] == after[note.guid])


def _one_edit_a_card(old: Document, new: Document) -> Document:
    """Take back the wording of cards that were edited past recognition within one step."""
    originals = {card.name: card for card in CARDS}

    def tame(card: Card) -> Card:
        first = originals[card.name]
        far = len(card.question) > len(first.question) + 25 or len(card.answer) > len(first.answer) + 60
        short = len(card.answer.split()) < len(first.answer.split()) - 2
        base = old[card.name] if card.name in old.names() else first
        return replace(card, question=base.question, answer=base.answer) if far or short else card

    return Document(tuple(map(tame, new.cards)))


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, len(CARDS) - 1), min_size=3, max_size=12), st.randoms(use_true_random=False))
def test_replaced_cards_take_no_history_over(chosen: set[int], random) -> None:  # type: ignore[no-untyped-def]
    """Half of a document gives way to other cards at the same places."""
    out = [CARDS[at] for at in sorted(chosen)]
    others = [card for card in CARDS if card not in out]
    random.shuffle(others)
    author = Publisher()
    kept = others[: len(others) // 2]
    first = Document((*kept, *out))
    fresh = iter(others[len(others) // 2 :])
    second = Document((*kept, *(next(fresh, card) for card in out)))
    before, after = author.guids(first), author.guids(second)
    owners = {guid: name for name, guid in before.items()}
    for name, guid in after.items():
        assert owners.get(guid, name) == name
