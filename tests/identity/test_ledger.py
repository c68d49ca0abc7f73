"""The ledger's text: strict to read, the same to write, good to merge."""

from __future__ import annotations

import json

import pytest

from primer_anki.diagnostic import Location, PrimerError
from primer_anki.identity.ledger import Ledger, dump, parse
from tests.identity.author import Card, Document, Publisher, document, text

NETWORK = document(
    ("dns", "What does DNS do?", "It resolves names – “quickly”.\u2028Mostly."),
    ("ttl", "What is a TTL?", "A time to live."),
)
KINDS = Document(
    (
        *NETWORK.cards,
        Card("c", "Steps", "…", note_type="cloze", text=text(["[one]", " ", "[two]"])),
        Card("a", "Advantages of a CDN", "Speed.", note_type="tradeoff", side="Advantages", joins="cdn"),
        Card("d", "Disadvantages of a CDN", "Cost.", note_type="tradeoff", side="Disadvantages", joins="cdn"),
    )
)


def ledger(doc: Document = KINDS, *later: Document) -> Ledger:
    author = Publisher()
    for each in (doc, *later):
        author.build(each)
    return author.ledger


def test_what_is_written_is_read() -> None:
    shrunk = KINDS.delete("dns", "d").edit("c", text=text(["[one]"])).edit("ttl", id="ttl")
    for each in (ledger(), ledger(KINDS, shrunk)):
        assert parse(dump(each), "x") == each
        assert dump(parse(dump(each), "x")) == dump(each)


def test_a_header_then_one_note_a_line_by_guid() -> None:
    first, *rest = dump(ledger()).removesuffix("\n").split("\n")
    assert json.loads(first) == {"primer_anki_ledger": 1, "deck": "Deck", "deck_id": 1234}
    assert [json.loads(line)["guid"] for line in rest] == sorted(ledger().entries)


def test_a_line_reads_well() -> None:
    line = next(line for line in dump(ledger(NETWORK)).split("\n") if "TTL" in line)
    assert list(json.loads(line)) == ["guid", "type", "pattern", "parts", "cards", "fingerprint", "created", "changed"]
    assert '"question": "What is a TTL?", "answer": "A time to live."' in line


def test_nothing_in_it_counts_lines() -> None:
    moved_down = Document((Card("new", "What is a port?", "A number."), *NETWORK.cards))
    before, after = dump(ledger(NETWORK)), dump(ledger(NETWORK, moved_down))
    assert set(before.split("\n")) < set(after.split("\n"))


def test_two_branches_that_add_notes_merge_line_by_line() -> None:
    author = Publisher()
    author.build(NETWORK)
    base = author.ledger
    ours = Publisher(base).build(NETWORK.insert(Card("x", "What is a port?", "A number."))).ledger
    theirs = Publisher(base).build(NETWORK.insert(Card("y", "What is a socket?", "An end of a connection."))).ledger
    header, *_ = dump(base).split("\n")
    lines = sorted({*dump(ours).split("\n"), *dump(theirs).split("\n")} - {header, ""})
    merged = parse("\n".join([header, *lines]), "x")
    assert len(merged.entries) == 4
    both = NETWORK.insert(Card("x", "What is a port?", "A number.")).insert(
        Card("y", "What is a socket?", "An end of a connection.")
    )
    assert {note.guid for note in Publisher(merged).build(both).notes} == set(merged.entries)


@pytest.mark.parametrize(
    "change",
    [
        lambda found: "\ufeff" + found,
        lambda found: found.replace("\n", "\r\n"),
        lambda found: found.removesuffix("\n"),
        lambda found: found + "\n\n",
    ],
    ids=["byte-order mark", "CRLF", "no final newline", "empty lines at the end"],
)
def test_what_editors_do_to_a_file_is_harmless(change) -> None:  # type: ignore[no-untyped-def]
    assert parse(change(dump(ledger())), "x") == ledger()


HEADER = '{"primer_anki_ledger": 1, "deck": "Deck", "deck_id": 1234}'
NOTE = (
    '{"guid": "A1", "type": "basic", "pattern": "question", "parts": [{"file": "a.md", "trail": ["A"], "order": "V", '
    '"question": "Why?", "answer": "So.", "body": "0"}], "cards": ["Ask"], "fingerprint": "0-0-0", '
    '"created": 1, "changed": 2}'
)


def note(old: str, new: str) -> str:
    """A ledger of one note, with a damage."""
    assert old in NOTE
    return f"{HEADER}\n{NOTE.replace(old, new)}"


PART = NOTE[NOTE.index('{"file"') : NOTE.index('], "cards')]
DAMAGED = {
    "empty": ("", 0, "the ledger is empty"),
    "blank": ("\n \n", 0, "the ledger is empty"),
    "no header": (NOTE, 1, "the first line is not the header of a ledger"),
    "not JSON": (f"{HEADER}\n{NOTE}\nnonsense", 3, "the line is not JSON"),
    "cut off": (f"{HEADER}\n{NOTE[:-40]}", 2, "the line is not JSON"),
    "not an object": (f"{HEADER}\n[1]", 2, "a JSON object is expected"),
    "a newer version": (HEADER.replace(": 1,", ": 2,"), 1, "the ledger has format 2, this program knows 1"),
    "no version": (HEADER.replace(": 1,", ": 0,"), 1, "there is no ledger format 0"),
    "a key too many": (note('"created"', '"colour": 1, "created"'), 2, "the key 'colour' is not known"),
    "a key too few": (note(', "changed": 2', ""), 2, "the key 'changed' is missing"),
    "a key twice": (note('"changed"', '"changed": 3, "changed"'), 2, "the key 'changed' stands twice"),
    "a key too many in a part": (note('"body"', '"line": 3, "body"'), 2, "the key 'line' is not known"),
    "a wrong type": (note('"created": 1', '"created": "1"'), 2, "'created' must be a whole number"),
    "true for a number": (note('"created": 1', '"created": true'), 2, "'created' must be a whole number"),
    "a list for a text": (note('"Why?"', '["Why?"]'), 2, "'question' must be a text"),
    "a text for a list": (note('["A"]', '"A"'), 2, "'trail' must be a list of texts"),
    "an unknown note type": (note("basic", "Basic"), 2, "there is no note type 'Basic'"),
    "a bad order key": (note('"V"', '"V0"'), 2, "'V0' is no order key"),
    "an empty GUID": (note("A1", ""), 2, "'guid' is empty"),
    "no parts": (note(PART, ""), 2, "the note has no parts"),
    "a GUID twice": (f"{HEADER}\n{NOTE}\n\n{NOTE}", 4, "the GUID A1 stands on line 2 too"),
    "a merge conflict": (f"{HEADER}\n<<<<<<< ours\n{NOTE}\n=======\n>>>>>>> x", 2, "the marks of a merge conflict"),
}


@pytest.mark.parametrize(("damaged", "line", "message"), DAMAGED.values(), ids=DAMAGED.keys())
def test_damage_is_named_with_its_line(damaged: str, line: int, message: str) -> None:
    with pytest.raises(PrimerError) as caught:
        parse(damaged, "decks/x.ledger.jsonl")
    assert caught.value.location == Location("decks/x.ledger.jsonl", line)
    assert message in caught.value.message
    assert caught.value.hint


def test_the_sample_line_itself_is_good() -> None:
    assert list(parse(f"{HEADER}\n{NOTE}", "x").entries) == ["A1"]
