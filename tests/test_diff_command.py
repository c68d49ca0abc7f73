"""`primer-anki diff`: what changed between two decks, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import genanki
import pytest

from primer_anki import difftext
from primer_anki.deck.diff import Kind
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.deck.package import to_bytes
from primer_anki.model import Deck, Note
from primer_anki.value import replace
from primer_anki.worddiff import changed_lines, pieces
from tests.conftest import Run, Write
from tests.deck.samples import DAY, deck, note

OLD = "# Boats\n\n**Bow** - the front of a boat\n\n**Stern** - the back of a boat\n\n**Oar** - a pole with a blade\n"
NEW = "# Boats\n\n**Bow** - the front of a boat\n\n**Stern** - the rear of a boat\n\n**Mast** - the pole for sails\n"


@pytest.fixture
def old(run: Run, write: Write, here: Path) -> Path:
    """The package of OLD; `boats.md` says NEW now."""
    write("boats.md", OLD)
    run("build", "boats.md")
    (here / "boats.apkg").rename(here / "old.apkg")
    write("boats.md", NEW)
    return Path("old.apkg")


def told(before: Deck, after: Deck) -> list[str]:
    """The text on two decks, without its first line."""
    found = difftext.difference(before, after, ("old", "new"))
    return [line.strip() for line in difftext.text(found).splitlines()[1:] if line.strip()]


def changed(before: Note, **fields: str) -> Note:
    named = {name.replace("_", " "): content for name, content in fields.items()}
    return replace(before, fields={**before.fields, **named}, changed=before.changed + 1)


# -- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("the back of a boat", "the rear of a boat", "the [-back-]{+rear+} of a boat"),
        ("a fast boat", "a boat", "a [-fast -]boat"),
        ("a boat", "a fast boat", "a {+fast +}boat"),
        ("one two three", "four five three", "[-one two-]{+four five+} three"),
        ("about 1.5 ns", "about 2.5 ns", "about [-1.5-]{+2.5+} ns"),
        ("don't", "do", "[-don't-]{+do+}"),
        ("船の前の部分", "船の後の部分", "船の[-前-]{+後+}の部分"),
        ("", "new", "{+new+}"),
        ("• one\n• two\n• three", "• one\n• 2\n• three", "• [-two-]{+2+}"),
        ("• one\n• three", "• one\n• two\n• three", "{+• two+}"),
    ],
)
def test_words(before: str, after: str, shown: str) -> None:
    old, new = (deck(note("a", Question="Q?", Answer=text.replace("\n", "<br>"))) for text in (before, after))
    assert f"Answer: {shown}" in told(old, new)


def test_equal_texts_have_no_changed_line() -> None:
    assert changed_lines(pieces("a\nb", "a\nb")) == ()


# -- what became of a note ----------------------------------------------------------------------------------------

A = note("a", Question="What is a?", Answer="It is a.", Context="Boats", Source="boats.md")
B = note("b")


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (deck(B), deck(A, B), Kind.NEW),
        (deck(A, B), deck(B), Kind.RETIRED),
        (deck(B), deck(replace(A, changed=DAY + 60), B), Kind.RESTORED),
        (deck(B), deck(replace(A, created=DAY + 50, changed=DAY + 60), B), Kind.NEW),
        (deck(A), deck(changed(A, Answer="else")), Kind.REWORDED),
        (deck(A), deck(changed(A, Answer="else", Context="Ships")), Kind.REWORDED),
        (deck(A), deck(changed(A, Context="Ships")), Kind.MOVED),
        (deck(A), deck(replace(changed(A, Context="Ships"), tags=("other",))), Kind.MOVED),
        (deck(A), deck(replace(A, tags=("other",))), Kind.RETAGGED),
        (deck(A), deck(changed(A, Answer="<b>It is</b> a.")), Kind.RERENDERED),
        (deck(A), deck(changed(A, Source='<a href="x">boats.md</a>')), Kind.RERENDERED),
        (deck(A), deck(replace(A, note_type="cloze", fields={"Text": "{{c1::a}}"})), Kind.RETYPED),
    ],
)
def test_kinds(before: Deck, after: Deck, kind: Kind) -> None:
    kinds = {change.guid: change.kind for change in difftext.difference(before, after, ("", "")).changes}
    assert kinds["a"] is kind


def test_a_note_of_another_type() -> None:
    after = deck(replace(A, note_type="cloze", fields={"Text": "{{c1::a}} and b"}))
    assert told(deck(A), after)[-3:] == [
        "Other note type (1)",
        "a and b  [a]",
        "Primer Basic → Primer Cloze: Anki leaves the old note as it is",
    ]


def test_tags() -> None:
    assert told(deck(A), deck(replace(A, tags=("new", "primer::cdn"))))[-1] == "tags: {+new+}"


def test_mark_up_alone() -> None:
    assert told(deck(A), deck(changed(A, Answer="<b>It is</b> a.")))[-1].startswith("Answer: reads as before")


# -- what differs beside the notes --------------------------------------------------------------------------------

BASIC = NOTE_TYPES["basic"]


@pytest.mark.parametrize(
    ("after", "line"),
    [
        (replace(BASIC, css="p{}", mod=BASIC.mod + 1), "another look"),
        (replace(BASIC, css="p{}"), "another look; but no newer time, so Anki keeps the old look"),
        (replace(BASIC, fields=(*BASIC.fields[:-1], replace(BASIC.fields[-1], name="Mnemonic"))), "is now Mnemonic"),
        (replace(BASIC, fields=BASIC.fields[:-1]), "gone; Anki copies it, and notes that learners have get no more"),
        (replace(BASIC, fields=BASIC.fields[::-1]), "fields in another order; Anki copies it"),
        (replace(BASIC, name="Basics"), "Basics: renamed from Primer Basic"),
    ],
)
def test_note_types(after: object, line: str) -> None:
    other = replace(deck(A), note_types={**NOTE_TYPES, "basic": after})
    assert any(line in each for each in told(deck(A), other))


def test_deck_and_media() -> None:
    from tests.deck.samples import PICTURE

    after = replace(deck(A, name="Ships", media=(PICTURE,)), description="else")
    assert told(deck(A), after) == [
        "1 untouched",
        "deck renamed: Sample → Ships; cards that learners have stay in the old one",
        "the deck's description is another one",
        "media: 1 added, 0 gone",
    ]


# -- the command --------------------------------------------------------------------------------------------------


def without_guids(text: str) -> str:
    return "\n".join(line.partition("  [")[0] for line in text.splitlines())


def test_against_what_a_build_would_give(run: Run, old: Path, here: Path) -> None:
    result = run("diff", old, "boats.md")
    assert result.exit_code == 0
    assert without_guids(result.stdout).splitlines() == [
        "old.apkg → now: Boats",
        "  1 added · 1 reworded · 1 retired · 1 untouched",
        "",
        "Added (1)",
        "  boats.md:7  What is Mast?",
        "      Answer: the pole for sails",
        "",
        "Reworded (1)",
        "  boats.md:5  What is Stern?",
        "      Answer: the [-back-]{+rear+} of a boat",
        "",
        "Retired (1)",
        "  What is Oar?",
    ]
    assert not (here / "boats.apkg").exists()


def test_against_another_package(run: Run, old: Path) -> None:
    run("build", "boats.md")
    assert "1 added · 1 reworded · 1 retired · 1 untouched" in run("diff", old, "boats.apkg").stdout


def test_markdown(run: Run, old: Path) -> None:
    lines = run("diff", old, "boats.md", "--format", "markdown").stdout.splitlines()
    assert lines[0] == "**Boats**: 1 added · 1 reworded · 1 retired · 1 untouched"
    assert "### Reworded (1)" in lines
    assert "  - Answer: the <del>back</del><ins>rear</ins> of a boat" in lines


def test_markdown_is_escaped() -> None:
    found = difftext.difference(deck(), deck(note("a", Question="a*b &lt;i&gt; #1?", Answer="[x](y)")), ("", ""))
    text = difftext.markdown(found)
    assert r"- **a\*b \<i\> \#1?**" in text
    assert r"Answer: \[x\](y)" in text


def test_json(run: Run, old: Path) -> None:
    found = json.loads(run("diff", old, "boats.md", "--format", "json").stdout)
    assert (found["counts"]["new"], found["counts"]["untouched"]) == (1, 1)
    assert [(each["kind"], each["title"], each["line"]) for each in found["changes"]] == [
        ("new", "What is Mast?", 7),
        ("reworded", "What is Stern?", 5),
        ("retired", "What is Oar?", 0),
    ]
    assert found["changes"][1]["fields"] == {"Answer": {"old": "the back of a boat", "new": "the rear of a boat"}}


def test_a_note_that_comes_back(run: Run, write: Write, old: Path, here: Path) -> None:
    run("build", "boats.md")
    (here / "boats.apkg").rename(here / "without.apkg")
    write("boats.md", NEW + "\n**Oar** - a pole with a blade\n")
    lines = run("diff", "without.apkg", "boats.md").stdout.splitlines()
    assert lines[1] == "  1 restored · 3 untouched"


def test_nothing_changed(run: Run, write: Write) -> None:
    run("build", write("boats.md", OLD))
    assert run("diff", "boats.apkg", "boats.md").stdout == "boats.apkg → now: Boats\n  3 untouched\n"


def test_colours_on_a_terminal_only() -> None:
    found = difftext.difference(deck(A), deck(changed(A, Answer="It was a.")), ("", ""))
    assert "It \033[31mis\033[0m\033[32mwas\033[0m a." in difftext.text(found, coloured=True)
    assert "\033" not in difftext.text(found)


def test_without_a_target_the_deck_with_the_same_id(
    run: Run, write: Write, manifest: Callable[..., Path], here: Path
) -> None:
    write("content/a.md", OLD)
    write("other/b.md", OLD)
    manifest()
    write("decks/a.yaml", "name: Other\nid: 77\nroot: ../other\nsources: ['*.md']\n")
    run("build")
    write("content/a.md", NEW)
    assert "1 added" in run("diff", "decks/x.apkg").stdout
    assert "3 untouched" in run("diff", "decks/a.apkg").stdout


def test_without_a_target_and_no_such_deck(run: Run, write: Write, manifest: Callable[..., Path], old: Path) -> None:
    write("content/a.md", OLD)
    manifest()
    write("decks/y.yaml", "name: Y\nid: 78\nroot: ../content\nsources: ['*.md']\n")
    result = run("diff", old)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: none of the decks here is `Boats`")


@pytest.mark.parametrize("content", [b"", b"not a package"])
def test_no_package(content: bytes, run: Run, write: Write) -> None:
    write("a.md", OLD)
    result = run("diff", write("x.apkg", content), "a.md")
    assert result.exit_code == 2
    assert result.stderr.startswith("x.apkg: error: not an Anki package")


# -- packages of other makers -------------------------------------------------------------------------------------


def foreign(path: Path, answer: str) -> None:
    model = genanki.Model(
        4711,
        "Plain",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
    )
    package = genanki.Package(genanki.Deck(4712, "Foreign"))
    package.decks[0].add_note(genanki.Note(model, fields=["What is a bow?", answer], guid="g1"))
    package.write_to_file(path)


def test_any_package_can_be_compared(run: Run, here: Path) -> None:
    foreign(here / "one.apkg", "the front of a boat")
    foreign(here / "two.apkg", "the front of a ship")
    assert run("diff", "one.apkg", "two.apkg").stdout.splitlines()[1:] == [
        "  1 reworded",
        "",
        "Reworded (1)",
        "  What is a bow?  [g1]",
        "      Back: the front of a [-boat-]{+ship+}",
    ]


@pytest.fixture
def new_format(here: Path) -> Path:
    """A package in the format that only Anki itself opens."""
    collection = pytest.importorskip("anki.collection")
    (here / "legacy.apkg").write_bytes(to_bytes(deck(A, B)))
    learner = collection.Collection(str(here / "x.anki2"))
    request = collection.ImportAnkiPackageRequest(package_path=str(here / "legacy.apkg"))
    learner.import_anki_package(request)
    options = collection.ExportAnkiPackageOptions(legacy=False, with_media=True)
    learner.export_anki_package(out_path=str(here / "new.apkg"), options=options, limit=None)
    learner.close()
    return Path("new.apkg")


def test_the_new_format_is_read_through_anki(run: Run, new_format: Path) -> None:
    result = run("diff", "legacy.apkg", new_format)
    assert result.stdout.splitlines()[1] == "  2 untouched"


def test_the_new_format_without_anki(run: Run, new_format: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("primer_anki.packages.find_spec", lambda name: None)
    result = run("diff", "legacy.apkg", new_format)
    assert result.exit_code == 2
    assert "new.apkg: error: the package is in Anki's new format" in result.stderr
    assert 'pip install "primer-anki[verify]"' in result.stderr
