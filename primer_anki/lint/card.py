"""A draft as the rules see it: what is asked, what is answered, and what stands around both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from primer_anki.diagnostic import Location
from primer_anki.lint.content import Content, content
from primer_anki.lint.speech import Speech, speech
from primer_anki.model import Cloze, Draft, Page

_SIDES = (
    ("Question", "Answer"),
    ("Advantages question", "Advantages"),
    ("Disadvantages question", "Disadvantages"),
    ("Choice question", "Choice"),
)
_SHOWN = ("Title", "Extra", "Reverse question", "Reverse answer")


@dataclass(frozen=True)
class Card:
    """One question of a deck. Cloze drafts have no front and no back, but passages."""

    draft: Draft
    page: Page
    speech: Speech

    @property
    def at(self) -> Location:
        return Location(self.draft.place.file, self.draft.place.line)

    @property
    def is_cloze(self) -> bool:
        return self.draft.note_type == "cloze"

    @cached_property
    def _sides(self) -> tuple[str, str]:
        fields = self.draft.fields
        return next(((ask, say) for ask, say in _SIDES if fields.get(ask) or fields.get(say)), _SIDES[0])

    @cached_property
    def front(self) -> Content:
        """The question and what it speaks of."""
        return content(self.draft.fields.get(self._sides[0], ""))

    @cached_property
    def back(self) -> Content:
        """What is asked for, without Extra."""
        return content(self.draft.fields.get(self._sides[1], ""))

    @cached_property
    def question(self) -> str:
        """The question alone, on one line."""
        return " ".join(self.front.prose.split())

    @property
    def sets_scene(self) -> bool:
        """Whether more than the question stands on the front: code, a picture, a list, options to choose from."""
        return self.front.points or "\n" in self.front.prose

    @cached_property
    def context(self) -> str:
        """The breadcrumb on the front."""
        return content(self.draft.fields.get("Context", "")).text

    @cached_property
    def passages(self) -> tuple[Cloze, ...]:
        return tuple(part for part in self.draft.text if isinstance(part, Cloze))

    @cached_property
    def units(self) -> tuple[str, ...]:
        """What is counted piece by piece: the answer's paragraphs, its items and cells; each hidden passage."""
        return tuple(cloze.plain for cloze in self.passages) if self.is_cloze else self.back.units

    @cached_property
    def parts(self) -> tuple[Content, ...]:
        """All that a learner sees of the note, breadcrumb and source aside."""
        fields = self.draft.fields
        shown = [content(fields[name]) for name in _SHOWN if fields.get(name)]
        passages = [content(part if isinstance(part, str) else part.html) for part in self.draft.text]
        return (self.front, self.back, *passages, *shown)

    def rest(self, group: int, passage: Cloze) -> str:
        """What stays to be seen of a cloze note while this passage, or the author's group of it, is hidden."""
        pieces = [self.draft.fields.get("Title", "")]
        for part in self.draft.text:
            if isinstance(part, str):
                pieces.append(part)
            else:
                hidden = part is passage or (group and part.group == group)
                pieces.append(" … " if hidden else part.html)
        return content(" ".join(pieces)).text


@dataclass(frozen=True)
class Deck:
    """All cards of a deck and the pages that they come from."""

    cards: tuple[Card, ...]
    pages: tuple[Page, ...]


def deck(drafts: Sequence[Draft], pages: Sequence[Page]) -> Deck:
    """Bring each draft together with its page."""
    speeches = {page.path: (page, speech(page)) for page in (Page(""), *pages)}
    found = ((draft, speeches.get(draft.place.file, speeches[""])) for draft in drafts)
    return Deck(tuple(Card(draft, *page_and_speech) for draft, page_and_speech in found), tuple(pages))
