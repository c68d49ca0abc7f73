"""The values that travel from step to step: Draft → Note → Deck, and the note types they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from primer_anki.value import Value

NoteTypeKey: TypeAlias = Literal["basic", "tradeoff", "cloze"]


class Field(Value, frozen=True):
    """A field of a note type."""

    name: str
    id: int
    """Fixed for ever (63 bits): with it, Anki follows a renamed field without a conflict."""


class Template(Value, frozen=True):
    """A card template of a note type."""

    name: str
    id: int
    """Fixed for ever (63 bits), as for a field."""
    front: str
    back: str


class NoteType(Value, frozen=True):
    """A note type: which fields a note has, and which cards it makes."""

    key: NoteTypeKey
    name: str
    id: int
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    is_cloze: bool
    mod: int
    """Seconds since the epoch; moved by hand whenever templates or CSS change."""


class Place(Value, frozen=True):
    """Where a note stands in the author's text. Evidence for matching, never part of the identity."""

    file: str
    """Relative to the root of the deck's sources, with `/`."""
    trail: tuple[str, ...]
    """The headings above it as plain text, outermost first, its own section last."""
    line: int
    """1-based. Volatile: stands in no field, no tag and no ledger."""


class Cloze(Value, frozen=True):
    """One hidden passage of a cloze note, before it has its number."""

    html: str
    plain: str
    """What is hidden as plain text: how identity recognises the item."""
    hint: str = ""
    group: int = 0
    """The author's own number (`{{c2::…}}`); items of one group share a card. 0: a card of its own."""


class View(Value, frozen=True):
    """What a package needs to know of a note: see `deck.view`."""

    cards: tuple[int, ...]
    """The ordinals of the cards that it makes, rising from 0."""
    sort: str
    """What it is sorted by."""
    checksum: int
    """Of that: Anki's `csum`."""
    media: tuple[str, ...]
    """The files beside it that its fields show or play."""
    sound: bool
    """Whether nothing at all is wrong with its fields and tags."""


class Draft(Value, frozen=True):
    """A note before it has its GUID: everything that its source says, and nothing of its history."""

    note_type: NoteTypeKey
    pattern: str
    """How the Markdown became a note: `definition`, `question`, `trade-off`, …"""
    place: Place
    question: str
    """What is asked, as plain text that stands alone."""
    answer: str
    """What is answered, as plain text."""
    fields: Mapping[str, str]
    """Rendered HTML by field name. Without `Note ID`; for a cloze note also without `Text`. Missing means empty."""
    text: tuple[str | Cloze, ...] = ()
    """A cloze note's `Text` field: HTML with the hidden passages between. Empty for other note types."""
    subject: str = ""
    """What the note is about, as plain text: the term, the thing with the advantages."""
    tags: tuple[str, ...] = ()
    id: str = ""
    """The author's own id (`<!-- id: x -->`), empty as a rule."""
    joins: str = ""
    """Trade-off sides with the same key belong on one note; empty for other note types."""
    level: int = 0
    """New cards come level by level: 0 before 1 before 2."""
    view: View | None = None
    """Of the note that it will be, where that is known."""

    @property
    def pictures(self) -> int:
        """How many pictures stand in fields and text."""
        passages = [part if isinstance(part, str) else part.html for part in self.text]
        return "\n".join((*self.fields.values(), *passages)).count("<img ")


class Face(Value, frozen=True):
    """What identity sees of a draft, or of a part of a note in the ledger: the same shape for both."""

    note_type: NoteTypeKey
    side: str
    guid: str
    """Empty for a draft."""
    id: str
    """The author's own, or empty."""
    file: str
    trail: tuple[str, ...]
    """Normal forms of the headings, without one that is the question itself."""
    question: str
    answer: str
    body: str
    fingerprint: str = ""
    """Of everything rendered, where it is known before the GUID is: for Basic notes."""
    retired: bool = False

    @property
    def place(self) -> tuple[str, tuple[str, ...]]:
        return self.file, self.trail


class Allow(Value, frozen=True):
    """An author's wish that a rule be silent on some lines: `<!-- primer: allow long-answer -->`."""

    line: int
    """1-based, of the comment."""
    rule: str
    """As written: no rule may have this id."""
    first: int
    last: int
    """The lines that it covers."""


class Reference(Value, frozen=True):
    """A link to a heading of the same file or of another one."""

    line: int
    file: str
    """Relative to the root of the deck's sources, with `/`."""
    anchor: str
    """Without its `#`."""


class Page(Value, frozen=True):
    """What a Markdown file says beside its cards, for whoever judges it."""

    path: str
    """Relative to the root of the deck's sources, with `/`."""
    language: str = "en"
    """BCP 47."""
    asking: str = "(?!)"
    """A regular expression, searched with case ignored: a text that asks or orders, though it has no question mark."""
    small_words: frozenset[str] = frozenset()
    """Words that any text of the language is full of, lower case; empty where words are not set apart."""
    anchors: frozenset[str] = frozenset()
    """Of its headings and of its HTML, in lower case."""
    references: tuple[Reference, ...] = ()
    unsafe: tuple[tuple[int, str], ...] = ()
    """(line, what): HTML that would run or load something, and is left out of every card."""
    allows: tuple[Allow, ...] = ()
    columns: tuple[int, ...] = ()
    """1-based, line by line: where the line's text begins behind its indentation."""


class Note(Value, frozen=True):
    """A note as a learner gets it."""

    guid: str
    note_type: NoteTypeKey
    fields: Mapping[str, str]
    """Rendered HTML by field name, `Note ID` and `Text` included. Missing means empty."""
    tags: tuple[str, ...]
    """Sorted."""
    created: int
    """Seconds since the epoch: when the note first appeared."""
    changed: int
    """Seconds since the epoch: when its rendered content last changed. Anki's `mod`."""
    pattern: str = ""
    place: Place | None = None
    """None where the note was read from a package."""
    view: View | None = None
    """None where it has yet to be worked out."""


class Media(Value, frozen=True):
    """A file that travels inside the package."""

    name: str
    """Made from the content's hash: lower case, at most 100 bytes."""
    data: bytes


class Deck(Value, frozen=True):
    """Everything that goes into one `.apkg`."""

    name: str
    id: int
    description: str
    notes: tuple[Note, ...]
    """In the order in which a learner meets new cards."""
    media: tuple[Media, ...] = ()
    note_types: Mapping[NoteTypeKey, NoteType] = MappingProxyType({})
    """Empty: the project's own. Set where a deck was read from a package."""
