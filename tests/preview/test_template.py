"""Our renderer against the real Anki: the same HTML for every card."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primer_anki import build, targets
from primer_anki.clock import Clock
from primer_anki.deck.cards import ordinals
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.deck.package import to_bytes
from primer_anki.model import Deck, Note, NoteTypeKey, Template
from primer_anki.preview.template import Sides, render
from primer_anki.value import replace
from tests.conftest import ROOT
from tests.deck.samples import deck, note, sample

if TYPE_CHECKING:
    from anki.collection import Collection

FULL: dict[NoteTypeKey, dict[str, str]] = {
    "basic": {"Question": "q", "Answer": "a", "Reverse question": "r?", "Reverse answer": "r"},
    "tradeoff": {
        "Subject": "s",
        "Advantages question": "a?",
        "Advantages": "<ul><li>a</li></ul>",
        "Disadvantages question": "d?",
        "Disadvantages": "d",
        "Choice question": "c?",
        "Choice": "c",
    },
    "cloze": {"Text": "<ol><li>{{c1::ask}}</li><li>{{c3::answer::what?}}</li></ol>", "Title": "t", "Kind": "steps"},
}
"""A note of each type with all its cards."""

ODD = [
    "",
    " ",
    "<br>",
    "<div></div>",
    "&nbsp;",
    "\u3000",
    "0",
    "x < y & z",
    "{{Question}} {{#Extra}} {{FrontSide}}",
    "}} {{",
    "{{cloze:Text}}",
    "<!-- no {{comment}} -->",
    r"\(a<b\) \[x\]",
    "日本語 <b>テスト</b>",
    "שלום",
    "a\nb",
    '<img src="pa-0123456789abcdef.svg" alt="">',
    "&#91;sound:x.mp3]",
]
CLOZES = [
    "a {{c1::b}} c {{c2::d}}",
    "{{c1::a::hint}} {{c1::b::}} {{c1::c::d::e}} {{c1::::f}} {{c1::}}",
    "{{c1::a {{c2::b::h}} c::d}}",
    "{{c1::a {{c1::b}} }}{{c3,1::c}} {{c1,,2::d}} {{c1,1::e}}",
    "{{c1::a}} }} {{x}} } {{{c1::b}}}",
    "{{c0::a}} {{c1::b}} {{c65536::c}} {{c,::d}} {{c1:e}}",
    "x {{c1::a}} y {{c2::b",
    "{{c1::<b>&\"'\xa0é ÿ Ā 日\n`=</b>}}",
    r"\( {{c1::x <b>y</b>}} \) <b>k</b> \[ a<b {{c1::\frac{a}{b} }} \] {{c1::\(z\)}}",
    "std{{c1::&#58;&#58;}}vector<{{c1::T&#125;&#125;}}>",
    "".join(f"{{{{c{number}::" for number in range(1, 13)) + "x::h" + "}}" * 12,
]


class Anki:
    """A collection that has our note types."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def render(self, note: Note) -> dict[int, Sides]:
        """What Anki shows of a note that is typed in by hand, by ordinal."""
        from anki.decks import DeckId

        note_type = self._collection.models.by_name(NOTE_TYPES[note.note_type].name)
        assert note_type is not None
        theirs = self._collection.new_note(note_type)
        for name, content in note.fields.items():
            theirs[name] = content
        self._collection.add_note(theirs, DeckId(1))
        outputs = {card.ord: card.render_output() for card in theirs.cards()}
        return {ordinal: Sides(output.question_text, output.answer_text) for ordinal, output in outputs.items()}

    def render_deck(self, deck: Deck, folder: Path) -> dict[tuple[str, int], Sides]:
        """What Anki shows of a deck that is imported, by GUID and ordinal."""
        self.load(to_bytes(deck), folder)
        guids = {note.guid for note in deck.notes}
        shown = {}
        for number in self._collection.find_cards(""):
            card = self._collection.get_card(number)
            if (guid := card.note().guid) in guids:
                output = card.render_output()
                shown[guid, card.ord] = Sides(output.question_text, output.answer_text)
        return shown

    def load(self, package: bytes, folder: Path) -> None:
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        path = folder / "deck.apkg"
        path.write_bytes(package)
        request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
        self._collection.import_anki_package(request)


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anki]:
    library = pytest.importorskip("anki.collection")
    folder = tmp_path_factory.mktemp("anki")
    collection: Collection = library.Collection(str(folder / "collection.anki2"))
    client = Anki(collection)
    client.load(to_bytes(sample()), folder)
    yield client
    collection.close()


def rendered(note: Note) -> dict[int, Sides]:
    note_type = NOTE_TYPES[note.note_type]
    return {ordinal: render(note, note_type, ordinal) for ordinal in ordinals(note, note_type)}


def filled(key: NoteTypeKey, **fields: str) -> Note:
    return replace(note("x", key), fields={**FULL[key], **fields, "Note ID": "x"})


@pytest.mark.parametrize("key", FULL)
def test_every_card_of_every_note_type(anki: Anki, key: NoteTypeKey) -> None:
    ours = filled(key, Context="A › B", Extra="<p>more</p>", Source='<a href="https://example.org">s</a>', Status="old")
    assert len(rendered(ours)) == (2 if key != "tradeoff" else 3)
    assert rendered(ours) == anki.render(ours)


@pytest.mark.parametrize("content", ODD)
@pytest.mark.parametrize("key", FULL)
def test_odd_fields(anki: Anki, key: NoteTypeKey, content: str) -> None:
    for name in [field.name for field in NOTE_TYPES[key].fields if field.name not in ("Note ID", "Text")]:
        ours = filled(key, **{name: content})
        assert rendered(ours) == {n: sides for n, sides in anki.render(ours).items() if n in rendered(ours)}, name


@pytest.mark.parametrize("text", CLOZES)
def test_odd_clozes(anki: Anki, text: str) -> None:
    ours = filled("cloze", Text=text)
    assert rendered(ours) == anki.render(ours)


PIECES = ["{{c1::", "{{c2,4::", "{{c0::", "}}", "}", "{{", "::", "a", "<b>", "</b>", r"\(", r"\)", r"\[", "<", ">", "&"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_mixture_of_cloze_markers(anki: Anki, pieces: list[str]) -> None:
    ours = filled("cloze", Text="{{c99::z}} " + "".join(pieces))
    assert rendered(ours) == anki.render(ours)


@settings(max_examples=60, deadline=None)
@given(st.characters(max_codepoint=0x2FF, min_codepoint=0x20, exclude_characters="[\x7f"))
def test_any_character_in_a_cloze(anki: Anki, character: str) -> None:
    ours = filled("cloze", Text=f"{{{{c1::a{character}b}}}}")
    assert rendered(ours) == anki.render(ours)


def test_a_whole_deck(anki: Anki, tmp_path: Path) -> None:
    same_as_anki(anki, sample(), tmp_path)


DECKS = sorted((ROOT / "decks").glob("*.yaml"))
TOPICS = sorted((ROOT / "tests" / "languages").glob("*.md"))


@pytest.mark.parametrize("path", [*DECKS, *TOPICS], ids=lambda path: path.name)
def test_every_deck_of_the_repository(anki: Anki, tmp_path: Path, path: Path) -> None:
    (outcome,) = build.plan([targets.resolve(path)], Clock(1_790_000_000, 1 << 40), lambda step: None)
    same_as_anki(anki, outcome.deck, tmp_path)


def same_as_anki(anki: Anki, deck: Deck, folder: Path) -> None:
    theirs = anki.render_deck(deck, folder)
    ours = {(note.guid, n): sides for note in deck.notes for n, sides in rendered(note).items()}
    assert ours.keys() == theirs.keys()
    for name, sides in ours.items():
        assert sides == theirs[name], name


@pytest.mark.parametrize(
    ("front", "reason"),
    [("{{Answr}}", "no such field: Answr"), ("{{type:Answer}}", "no such filter: {{type:Answer}}")],
)
def test_what_it_does_not_know_it_refuses(front: str, reason: str) -> None:
    note_type = replace(NOTE_TYPES["basic"], templates=(Template("T", 1, front, ""),))
    with pytest.raises(ValueError, match=reason):
        render(deck(note("x")).notes[0], note_type, 0)
