"""A draft as the rules see it: what is asked, what is answered, and what stands around both."""

from __future__ import annotations

from collections.abc import Sequence

from primer_anki.diagnostic import Location
from primer_anki.lint.content import Content, content
from primer_anki.lint.speech import Speech, speech
from primer_anki.model import Cloze, Draft, Page
from primer_anki.value import Value

_SIDES = (
    ("Question", "Answer"),
    ("Advantages question", "Advantages"),
    ("Disadvantages question", "Disadvantages"),
    ("Choice question", "Choice"),
)
_SHOWN = ("Title", "Extra", "Reverse question", "Reverse answer")


class Card(Value, frozen=True):
    """One question of a deck. Cloze drafts have no front and no back, but passages."""

    draft: Draft
    page: Page
    speech: Speech
    front: Content
    """The question and what it speaks of."""
    back: Content
    """What is asked for, without Extra."""
    question: str
    """The question alone, on one line."""
    context: str
    """The breadcrumb on the front."""
    passages: tuple[Cloze, ...]
    units: tuple[str, ...]
    """What is counted piece by piece: the answer's paragraphs, its items and cells; each hidden passage."""
    parts: tuple[Content, ...]
    """All that a learner sees of the note, breadcrumb and source aside."""

    @property
    def at(self) -> Location:
        return Location(self.draft.place.file, self.draft.place.line)

    @property
    def is_cloze(self) -> bool:
        return self.draft.note_type == "cloze"

    @property
    def sets_scene(self) -> bool:
        """Whether more than the question stands on the front: code, a picture, a list, options to choose from."""
        return self.front.points or "\n" in self.front.prose

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


class Deck(Value, frozen=True):
    """All cards of a deck and the pages that they come from."""

    cards: tuple[Card, ...]
    pages: tuple[Page, ...]


def deck(drafts: Sequence[Draft], pages: Sequence[Page]) -> Deck:
    """Bring each draft together with its page."""
    speeches = {page.path: (page, speech(page)) for page in (Page(""), *pages)}
    found = ((draft, speeches.get(draft.place.file, speeches[""])) for draft in drafts)
    return Deck(tuple(_card(draft, *page_and_speech) for draft, page_and_speech in found), tuple(pages))


def _card(draft: Draft, page: Page, speech: Speech) -> Card:
    """The fields of a draft are read once: nearly every rule asks for them."""
    fields = draft.fields
    ask, say = next((side for side in _SIDES if fields.get(side[0]) or fields.get(side[1])), _SIDES[0])
    front, back = content(fields.get(ask, "")), content(fields.get(say, ""))
    passages = tuple(part for part in draft.text if isinstance(part, Cloze))
    hidden = tuple(passage.plain for passage in passages)
    pieces = (part if isinstance(part, str) else part.html for part in draft.text)
    shown = (fields[name] for name in _SHOWN if fields.get(name))
    return Card(
        draft=draft,
        page=page,
        speech=speech,
        front=front,
        back=back,
        question=" ".join(front.prose.split()),
        context=content(fields.get("Context", "")).text,
        passages=passages,
        units=hidden if draft.note_type == "cloze" else back.units,
        parts=(front, back, *map(content, pieces), *map(content, shown)),
    )
