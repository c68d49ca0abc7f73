"""An author at work: documents whose cards carry a name of their own, so that tests know which card is which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from primer_anki.clock import Clock
from primer_anki.identity.identify import Identified, identify
from primer_anki.identity.ledger import Ledger
from primer_anki.model import Cloze, Draft, NoteTypeKey, Place

START = 1_700_000_000


@dataclass(frozen=True)
class Card:
    """A card as its author thinks of it: `name` says which one it is, whatever its words are."""

    name: str
    question: str
    answer: str
    file: str = "topic.md"
    trail: tuple[str, ...] = ("Topic",)
    id: str = ""
    note_type: NoteTypeKey = "basic"
    side: str = ""
    joins: str = ""
    text: tuple[str | Cloze, ...] = ()
    reverse: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    cards: tuple[Card, ...]

    def names(self) -> list[str]:
        return [card.name for card in self.cards]

    def __getitem__(self, name: str) -> Card:
        return next(card for card in self.cards if card.name == name)

    def edit(self, name: str, **changes: object) -> Document:
        return Document(tuple(replace(c, **changes) if c.name == name else c for c in self.cards))  # type: ignore[arg-type]

    def delete(self, *names: str) -> Document:
        return Document(tuple(card for card in self.cards if card.name not in names))

    def insert(self, card: Card, *, before: str = "") -> Document:
        at = self.names().index(before) if before else len(self.cards)
        return Document((*self.cards[:at], card, *self.cards[at:]))

    def move(self, name: str, *, before: str = "", **changes: object) -> Document:
        card = replace(self[name], **changes)  # type: ignore[arg-type]
        return self.delete(name).insert(card, before=before)

    def rename(self, old: str, new: str) -> Document:
        """Rename a heading, or a file, wherever it stands."""
        return Document(
            tuple(
                replace(
                    card,
                    file=new if card.file == old else card.file,
                    trail=tuple(new if heading == old else heading for heading in card.trail),
                )
                for card in self.cards
            )
        )

    def order(self, names: Sequence[str]) -> Document:
        return Document(tuple(self[name] for name in names))


def document(*rows: tuple[str, str, str], **common: object) -> Document:
    """Return a document of (name, question, answer)."""
    return Document(tuple(Card(*row, **common) for row in rows))  # type: ignore[arg-type]


def drafts(doc: Document) -> tuple[Draft, ...]:
    """Return what a parser would make of a document: rendered fields, breadcrumb and source with its place."""
    return tuple(_draft(card, 10 * (line + 1)) for line, card in enumerate(doc.cards))


def _draft(card: Card, line: int) -> Draft:
    frame = {"Context": " › ".join(card.trail), "Source": f'<a href="{card.file}#{card.trail[-1]}">source</a>'}
    return Draft(
        note_type=card.note_type,
        pattern="trade-off" if card.side else "question",
        place=Place(card.file, card.trail, line),
        question=card.question,
        answer=card.answer,
        fields={**_content(card), **frame},
        text=card.text,
        subject=card.joins,
        tags=card.tags,
        id=card.id,
        joins=card.joins,
    )


def _content(card: Card) -> dict[str, str]:
    if card.note_type == "cloze":
        return {"Title": card.question}
    if card.note_type == "tradeoff":
        return {"Subject": card.joins, f"{card.side} question": card.question, card.side: f"<p>{card.answer}</p>"}
    reverse = {"Reverse question": card.reverse, "Reverse answer": card.question} if card.reverse else {}
    return {"Question": card.question, "Answer": f"<p>{card.answer}</p>", **reverse}


@dataclass
class Publisher:
    """Builds one document after the other, and keeps the ledger between the builds."""

    ledger: Ledger = field(default_factory=lambda: Ledger("Deck", 1234))
    now: int = START
    last: Identified | None = None

    def build(self, doc: Document) -> Identified:
        self.now += 60
        self.last = identify(drafts(doc), self.ledger, Clock(self.now))
        self.ledger = self.last.ledger
        return self.last

    def guids(self, doc: Document) -> dict[str, str]:
        """Build, and return the GUID of each card by its name."""
        return guids(doc, self.build(doc))


def guids(doc: Document, result: Identified) -> dict[str, str]:
    """Return the GUID of each card by its name, for documents without trade-offs: a note a draft, in order."""
    assert len(result.notes) == len(doc.cards)
    return {card.name: note.guid for card, note in zip(doc.cards, result.notes, strict=True)}


def what(result: Identified) -> dict[str, set[str]]:
    """Return what became of each note, by its question."""
    return {outcome.question: set(outcome.what) for outcome in result.outcomes}


def rendered(result: Identified) -> dict[str, tuple[object, ...]]:
    """Return by GUID what a learner would see."""
    return {note.guid: (dict(note.fields), note.tags) for note in result.notes}


def rules(result: Identified) -> Iterator[str]:
    return (diagnostic.rule for diagnostic in result.diagnostics)


def text(parts: Iterable[str]) -> tuple[str | Cloze, ...]:
    """Return a cloze text from pieces; `[x]` is hidden, `[2:x]` is hidden in group 2, `[x|hint]` has a hint."""
    return tuple(_piece(part) for part in parts)


def _piece(part: str) -> str | Cloze:
    if not part.startswith("["):
        return part
    body, _, hint = part[1:-1].partition("|")
    label, colon, hidden = body.partition(":")
    if colon and label.isdigit():
        return Cloze(hidden, hidden, hint, int(label))
    return Cloze(body, body, hint)
