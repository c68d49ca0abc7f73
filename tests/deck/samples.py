"""Notes and decks for tests."""

from __future__ import annotations

from primer_anki.model import Cloze, Deck, Draft, Media, Note, NoteTypeKey, Place

DAY = 1_790_000_000
"""A time in the past, in seconds: when all sample notes were made."""

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
PICTURE = Media("pa-0123456789abcdef.svg", SVG)


def note(
    guid: str,
    key: NoteTypeKey = "basic",
    tags: tuple[str, ...] = ("primer::cdn",),
    created: int = DAY,
    changed: int = DAY,
    place: Place | None = None,
    **fields: str,
) -> Note:
    """A note; field names with `_` for a space. Without fields, a basic note with a question and an answer."""
    given = fields or {"Question": f"What is {guid}?", "Answer": f"It is {guid}."}
    named = {name.replace("_", " "): content for name, content in given.items()}
    return Note(guid, key, {**named, "Note ID": guid}, tags, created, changed, place=place)


def deck(*notes: Note, name: str = "Sample", media: tuple[Media, ...] = ()) -> Deck:
    return Deck(name, 1_790_000_000_123, "Made for **tests**", notes, media)


def sample() -> Deck:
    """A deck with each note type, every template, odd characters and a picture."""
    return deck(
        note("basic1", Question="What is a CDN?", Answer="A network &amp; its caches", Context="CDN", Extra="<p>x</p>"),
        note(
            "basic2",
            Question="x &lt; y?",
            Answer="「はい」",
            Reverse_question="Which one?",
            Reverse_answer="This one",
            tags=(),
        ),
        note(
            "tradeoff1",
            "tradeoff",
            Subject="CDN",
            Advantages_question="Advantages of a CDN (1)?",
            Advantages="<ul><li><b>Near</b>: to users</li></ul>",
            Choice_question="When is a CDN worth it?",
            Choice="With many readers",
            tags=("primer::a", "primer::b"),
            changed=DAY + 5,
        ),
        note(
            "cloze1",
            "cloze",
            Text="<ol><li>{{c1::ask}}</li><li>{{c3::answer::what?}}</li></ol>",
            Kind="steps",
            Title="DNS",
        ),
        note("basic3", Question="Which picture?", Answer=f'<img src="{PICTURE.name}" alt="a line">', created=DAY - 9),
        media=(PICTURE,),
    )


def draft(answer: str = "", file: str = "topics/cdn.md", text: tuple[str | Cloze, ...] = ()) -> Draft:
    """A draft whose `Answer` field, or cloze text, is the HTML given."""
    return Draft("basic", "question", Place(file, ("CDN",), 7), "q", "a", {"Question": "q", "Answer": answer}, text)
