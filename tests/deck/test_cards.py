"""Which cards a note makes and how its fields are read: held against the real Anki."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primer_anki import fieldtext
from primer_anki.deck.cards import ordinals
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.deck.package import to_bytes
from primer_anki.model import Note, NoteTypeKey, Template
from primer_anki.value import replace

from .samples import note, sample

if TYPE_CHECKING:
    from anki.collection import Collection

EMPTY = [
    "",
    " ",
    "\n\t",
    "\r\f\v",
    "<br>",
    "<br/>",
    "<BR />",
    "</br>",
    "<div></div>",
    "<div> </div><br>",
    "</div >",
    "\x1c\x01",
]
FILLED = [
    "0",
    "&nbsp;",
    "\xa0",
    "\u3000",
    "\u200b",
    "<p></p>",
    "<br  />",
    "<div class=x></div>",
    "<!-- x -->",
    "<img src=x>",
]

CLOZES = [
    "{{c1::a}}",
    "{{c1::}}",
    "{{c2::a::hint}}",
    "{{c2::a}} {{c2::b}}",
    "{{c01::a}}",
    "{{c0::a}}",
    "{{c0::a {{c2::b}}}}",
    "{{c1::a {{c2::b}}}}",
    "{{c1::a {{c2::b}}",
    "{{c1::a",
    "{{c1::a}",
    "{{{c1::a}}}",
    "}} {{c3::a}}",
    "{{c1::a\nb}}",
    "{{C1::a}}",
    "{{c 1::a}}",
    "{{c1:a}}",
    "{{c::a}}",
    "{{c1-3::a}}",
    "{{c１::a}}",
    "{{c1,2::a}}",
    "{{c1,,2,::a}}",
    "{{c,::a}}",
    "{{c0,2::a}}",
    "{{c499::a}} {{c501::c}}",
    "{{c65535::a}}",
    "{{c65536::a}}",
    "<b>{{c4::a</b>}}",
    "<!-- {{c7::a}} -->",
    "{{c1::a&#125;}}",
    "".join(f"{{{{c{number}::" for number in range(1, 13)) + "}}" * 12,
]

SORTED = [
    "plain",
    "<b>bold</b> and <i>more</i>",
    "a &lt; b &amp;&amp; c &gt; d&nbsp;e",
    "before<br>after<!-- never --><style>p{}</style>",
    '<img src="pa-1.svg" alt="x"> a picture',
    "<img alt='x' src='pa-1.svg'>",
    "[sound:a.mp3] heard",
    "日本語 <b>テスト</b>",
    "007",
]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection that has our note types."""
    anki = pytest.importorskip("anki.collection")
    folder = tmp_path_factory.mktemp("anki")
    package = folder / "sample.apkg"
    package.write_bytes(to_bytes(sample()))
    collection: Collection = anki.Collection(str(folder / "collection.anki2"))
    collection.import_anki_package(
        anki.ImportAnkiPackageRequest(package_path=str(package), options=anki.ImportAnkiPackageOptions())
    )
    yield collection
    collection.close()


def ordinals_in_anki(collection: Collection, ours: Note) -> tuple[int, ...]:
    """The cards that Anki makes when the note is typed in by hand. (It makes a first one, even if it is empty.)"""
    from anki.decks import DeckId

    note_type = collection.models.by_name(NOTE_TYPES[ours.note_type].name)
    assert note_type is not None
    theirs = collection.new_note(note_type)
    for name, content in ours.fields.items():
        theirs[name] = content
    collection.add_note(theirs, DeckId(1))
    return tuple(sorted(card.ord for card in theirs.cards()))


def ordinals_here(ours: Note) -> tuple[int, ...]:
    return ordinals(ours, NOTE_TYPES[ours.note_type])


@pytest.mark.parametrize("content", EMPTY + FILLED)
@pytest.mark.parametrize(
    ("key", "asked", "gate"), [("basic", "Question", "Reverse question"), ("tradeoff", "Advantages", "Choice")]
)
def test_a_template_needs_its_gate_filled(
    collection: Collection, key: NoteTypeKey, asked: str, gate: str, content: str
) -> None:
    ours = replace(note("x", key), fields={asked: "filled", gate: content, "Context": "always there"})
    assert ordinals_here(ours) == ordinals_in_anki(collection, ours)
    assert (len(ordinals_here(ours)) == 2) == (content in FILLED)


def test_a_note_with_nothing_to_ask_makes_no_card() -> None:
    assert ordinals_here(note("x", "basic", Answer="a", Context="c", Status="s")) == ()
    assert ordinals_here(note("x", "tradeoff", Subject="s", Advantages_question="?", Context="c")) == ()
    assert ordinals_here(note("x", "cloze", Text="nothing hidden")) == ()


@pytest.mark.parametrize("text", CLOZES)
def test_cloze_numbers(collection: Collection, text: str) -> None:
    ours = note("x", "cloze", Text="{{c99::z}} " + text)
    assert ordinals_here(ours) == ordinals_in_anki(collection, ours)


def test_clozes_count_in_every_field(collection: Collection) -> None:
    ours = note("x", "cloze", Text="{{c1::a}}", Extra="{{c3::b}}")
    assert ordinals_here(ours) == ordinals_in_anki(collection, ours) == (0, 2)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["{{c1::", "{{c2,4::", "{{c0::", "{{c3::", "}}", "}", "{{", "::", "a", "<b>"]), max_size=12
    )
)
def test_any_mixture_of_cloze_markers(collection: Collection, parts: list[str]) -> None:
    ours = note("x", "cloze", Text="{{c99::z}} " + "".join(parts))
    assert ordinals_here(ours) == ordinals_in_anki(collection, ours)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("{{Question}}", True),
        ("{{ Question }}", True),
        ("{{text:Question}}", True),
        ("{{Extra}}", False),
        ("only words", False),
        ("{{^Extra}}{{Question}}{{/Extra}}", True),
        ("{{^Question}}{{Answer}}{{/Question}}", False),
        ("{{#Extra}}{{Question}}{{/Extra}}", False),
        ("{{#Answer}}{{#Question}}{{Question}}{{/Question}}{{/Answer}}", True),
        ("{{#Extra}}{{Extra}}{{/Extra}}{{Question}}", True),
        ("{{#Question}}words{{/Question}}", False),
    ],
)
def test_fronts_of_every_shape(front: str, expected: bool) -> None:
    note_type = replace(NOTE_TYPES["basic"], templates=(Template("T", 1, front, ""),))
    assert ordinals(note("x", Question="q", Answer="a"), note_type) == ((0,) if expected else ())


@pytest.mark.parametrize("content", SORTED)
def test_sort_field_and_checksum(collection: Collection, content: str) -> None:
    ours = note("x", Question=content)
    ordinals_in_anki(collection, ours)
    assert collection.db is not None
    theirs = collection.db.first("SELECT CAST(sfld AS TEXT), csum FROM notes ORDER BY id DESC LIMIT 1")
    text = fieldtext.sort_text(content)
    assert [text.removeprefix("00"), fieldtext.checksum(text)] == theirs


@pytest.mark.parametrize(
    "field",
    [
        '<img src="a.png" alt="x">',
        "<img alt='x' src='a.png'>",
        "<IMG SRC=a.png>",
        '<a href="b.html"><img class="c" src="a.png"></a>',
        "[sound:a.png]",
        '<object data="a.png"></object>',
        "no media &lt;img src=&quot;a.png&quot;&gt;",
        '<a href="a.png">link</a>',
    ],
)
def test_media_names(collection: Collection, field: str) -> None:
    note_type = collection.models.by_name("Basic")
    assert note_type is not None
    assert list(fieldtext.media_names(field)) == collection.media.files_in_str(note_type["id"], field)


@pytest.mark.parametrize("name", ["a&amp;b.png", "a%20b.png"])
def test_media_names_are_unescaped_but_not_decoded(name: str) -> None:
    assert list(fieldtext.media_names(f'<img src="{name}">')) == [name.replace("&amp;", "&")]
