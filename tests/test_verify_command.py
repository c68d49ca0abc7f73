"""`primer-anki verify`: a deck in the real Anki, and what the command makes of it."""

from __future__ import annotations

import builtins
import dataclasses
import json
from pathlib import Path
from typing import Any

import genanki
import pytest

from primer_anki.client.collection import CardName, Counts
from primer_anki.client.verify import Report
from primer_anki.deck.package import to_bytes
from primer_anki.value import replace
from primer_anki.verifytext import Verified, text
from tests.conftest import TOPIC, Run, Write
from tests.deck.samples import deck, note

pytest.importorskip("anki.collection")

GOOD = Report(
    first=Counts(2, 2, 0, 0, 0),
    again=Counts(2, 0, 0, 2, 0),
    shared_guids=(),
    repairs=(),
    missing_cards=(),
    empty_cards=(),
    blank_cards=(),
    missing_media=(),
    unused_media=(),
)


def test_a_good_deck(run: Run, write: Write) -> None:
    run("build", write("notes.md", TOPIC))
    result = run("verify", "notes.apkg")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "notes.apkg: good",
        "  into an empty collection: 2 new notes",
        "  the same again: 2 notes untouched",
    ]


def test_several_decks(run: Run, write: Write) -> None:
    run("build", write("a.md", TOPIC), write("b.md", "# B\n" + TOPIC[10:]))
    result = run("verify", "a.apkg", "b.apkg")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if "good" in line] == ["a.apkg: good", "b.apkg: good"]


def test_against_an_older_deck(run: Run, write: Write, here: Path) -> None:
    run("build", write("notes.md", TOPIC))
    (here / "notes.apkg").rename(here / "old.apkg")
    write("notes.md", TOPIC.replace("fast memory", "small, fast memory") + "\n**Miss** - the opposite of a hit\n")
    run("build", "notes.md")
    result = run("verify", "notes.apkg", "--against", "old.apkg")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "  over old.apkg, every card of it studied: 1 new note with 1 new card, 1 updated, 1 untouched"
    )


def without_its_picture(path: Path) -> None:
    """Write a package that names a picture and does not hold it."""
    model = genanki.Model(
        4711,
        "Plain",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
    )
    package = genanki.Package(genanki.Deck(4712, "Foreign"))
    package.decks[0].add_note(genanki.Note(model, fields=["Which?", '<img src="gone.png">'], guid="g1"))
    package.write_to_file(path)


def test_a_deck_with_a_missing_picture_is_told(run: Run, here: Path) -> None:
    without_its_picture(here / "bad.apkg")
    result = run("verify", "bad.apkg")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "bad.apkg: 1 problem"
    assert "  - media gone.png: missing" in result.stdout.splitlines()


def test_an_update_that_costs_learners_something_is_told(run: Run, write: Write) -> None:
    old = note("a", "cloze", Text="{{c1::one}} and {{c2::two}}")
    new = replace(old, fields={**old.fields, "Text": "{{c1::one}} and two"}, changed=old.changed + 1)
    write("old.apkg", to_bytes(deck(old)))
    write("new.apkg", to_bytes(deck(new)))
    result = run("verify", "new.apkg", "--against", "old.apkg")
    assert result.exit_code == 1
    assert "  - note a, card 2: was studied and is empty now" in result.stdout.splitlines()


def test_json(run: Run, write: Write) -> None:
    run("build", write("notes.md", TOPIC))
    (found,) = json.loads(run("verify", "--json", "notes.apkg", "--against", "notes.apkg").stdout)
    assert (found["package"], found["against"], found["problems"]) == ("notes.apkg", "notes.apkg", [])
    assert found["report"]["first"] == {"found": 2, "new": 2, "updated": 0, "duplicate": 0, "conflicting": 0}
    assert found["upgrade"]["counts"]["duplicate"] == 2


def test_json_tells_problems_with_the_same_exit_code(run: Run, here: Path) -> None:
    without_its_picture(here / "bad.apkg")
    result = run("verify", "--json", "bad.apkg")
    assert result.exit_code == 1
    assert "media gone.png: missing" in json.loads(result.stdout)[0]["problems"]


@pytest.mark.parametrize(("name", "content"), [("x.apkg", b"no zip"), ("notes.md", b"# Notes\n")])
def test_no_package(name: str, content: bytes, run: Run, write: Write) -> None:
    result = run("verify", write(name, content))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{name}: error: Anki cannot import the package")


def test_a_missing_file(run: Run) -> None:
    result = run("verify", "gone.apkg")
    assert result.exit_code == 2
    assert result.stderr.startswith("gone.apkg: error: cannot read")


def test_without_a_deck(run: Run) -> None:
    assert run("verify").exit_code == 2


def test_without_the_library(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    run("build", write("notes.md", TOPIC))
    original = builtins.__import__

    def refuse(name: str, *args: Any, **options: Any) -> Any:
        if name.split(".")[0] == "anki":
            raise ImportError(name)
        return original(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    result = run("verify", "notes.apkg")
    assert result.exit_code == 2
    assert "this needs the `anki` library\n    hint: pip install" in result.stderr


def test_a_wall_of_problems_is_cut() -> None:
    many = dataclasses.replace(GOOD, empty_cards=tuple(CardName(f"n{number}", 0) for number in range(30)))
    lines = text(Verified("x.apkg", many)).splitlines()
    assert lines[0] == "x.apkg: 30 problems"
    assert lines[-1] == "  … and 10 more"
    assert len(lines) == 24
