"""What a build says before it writes, why, and what it leaves for learners of retired notes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from primer_anki.deck import package
from primer_anki.identity.store import load
from tests.conftest import Run, Write

LATER = 1_900_000_000
DOC = """# Caching

**Cache** - fast memory near its reader

**Hit** - a request that the cache can answer

**Eviction** - making room by dropping what was used least

## Why does a cache need a time to live?

Without one a reader may see an old value for ever.
"""


@pytest.fixture
def doc(write: Write, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document that was built once, some time ago."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    path = write("notes.md", DOC)
    assert run("build", path).exit_code == 0
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class TestDryRun:
    def test_nothing_to_do(self, doc: Path, run: Run) -> None:
        result = run("build", doc, "--dry-run")
        assert "untouched (4)" in result.stdout
        assert "reworded" not in result.stdout

    def test_it_names_what_becomes_of_each_note(self, doc: Path, run: Run) -> None:
        edit(doc, "fast memory near its reader", "quick memory close to its reader")
        edit(doc, "**Hit** - a request that the cache can answer\n\n", "")
        edit(doc, "## Why", "**Stampede** - many misses for one key at once\n\n## Why")
        out = run("build", doc, "--dry-run").stdout
        assert "reworded: history kept, the new words arrive (1)" in out
        assert "What is Cache?" in out
        assert "new: a learner gets a new card (1)" in out
        assert "retired: no longer in the deck" in out
        assert "untouched (2)" in out
        assert "What an .apkg cannot do" in out

    def test_it_shows_the_question_before(self, doc: Path, run: Run) -> None:
        edit(doc, "Why does a cache need a time to live?", "Why does a cache entry need a time to live?")
        assert "was: Why does a cache need a time to live?" in run("build", doc, "--dry-run").stdout

    def test_it_writes_nothing(self, doc: Path, run: Run, here: Path) -> None:
        edit(doc, "fast memory", "quick memory")
        before = files(here)
        run("build", doc, "--dry-run")
        assert files(here) == before

    def test_json(self, doc: Path, run: Run) -> None:
        edit(doc, "fast memory", "quick memory")
        (deck,) = json.loads(run("build", doc, "--dry-run", "--json").stdout)
        updated = [note for note in deck["notes"] if note["updated"]]
        assert [(note["what"], note["question"]) for note in updated] == [(["reworded"], "What is Cache?")]
        assert len(deck["notes"]) == 4

    def test_json_alone_is_wrong_usage(self, doc: Path, run: Run) -> None:
        assert run("build", doc, "--json").exit_code == 2

    def test_a_plan_never_waits_for_the_clock(self, write: Write, run: Run) -> None:
        path = write("notes.md", DOC)
        run("build", path)
        edit(path, "fast memory", "quick memory")
        assert "reworded" in run("build", path, "--dry-run").stdout


class TestCheck:
    def test_what_was_built_is_in_order(self, doc: Path, run: Run) -> None:
        result = run("build", doc, "--check")
        assert (result.exit_code, result.stderr) == (0, "")

    def test_an_edit_is_named(self, doc: Path, run: Run, here: Path) -> None:
        edit(doc, "fast memory", "quick memory")
        before = files(here)
        result = run("build", doc, "--check")
        assert result.exit_code == 1
        assert "notes.apkg: not what the sources give now" in result.stderr
        assert "notes.ledger.jsonl: not what the sources give now" in result.stderr
        assert files(here) == before

    def test_a_missing_deck_is_named(self, doc: Path, run: Run) -> None:
        os.unlink("notes.apkg")
        assert run("build", doc, "--check").exit_code == 1

    def test_other_compression_is_the_same_deck(self, doc: Path, run: Run, here: Path) -> None:
        _store_uncompressed(here / "notes.apkg")
        assert run("build", doc, "--check").exit_code == 0
        stored = (here / "notes.apkg").read_bytes()
        run("build", doc)
        assert (here / "notes.apkg").read_bytes() == stored


def _store_uncompressed(path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


class TestExplain:
    def test_why_a_reworded_note_was_recognised(self, doc: Path, run: Run) -> None:
        edit(doc, "Why does a cache need a time to live?", "What is a time to live in a cache good for?")
        out = run("build", doc, "--dry-run", "--explain").stdout
        assert "was:  Why does a cache need a time to live?" in out
        assert "why:  the same answer" in out

    def test_nothing_to_explain(self, doc: Path, run: Run) -> None:
        assert "Every note was recognised" in run("build", doc, "--explain").stdout


class TestStrict:
    def test_a_warning_stops_the_build(self, doc: Path, run: Run, here: Path) -> None:
        edit(doc, "**Hit** -", "![a picture of a hit](nowhere.png)\n\n**Hit** -")
        edit(doc, "Without one", "![a clock](nowhere.png) Without one")
        before = files(here)
        result = run("build", doc, "--strict")
        assert result.exit_code == 1
        assert "missing-image" in result.stderr
        assert files(here) == before

    def test_without_a_warning_it_builds(self, doc: Path, run: Run) -> None:
        assert run("build", doc, "--strict").exit_code == 0


class TestRetired:
    def test_the_build_prints_the_search(self, doc: Path, run: Run) -> None:
        edit(doc, "**Hit** - a request that the cache can answer\n\n", "")
        out = run("build", doc).stdout
        assert "retired: What is Hit?" in out
        assert 'find them in Anki with: "Note ID:' in out

    def test_the_package_marks_exactly_them(self, doc: Path, run: Run, here: Path) -> None:
        edit(doc, "**Hit** - a request that the cache can answer\n\n", "")
        result = run("build", doc, "--retired", "gone.apkg")
        assert "gone.apkg: marks 1 retired notes" in result.stdout
        (note,) = package.read((here / "gone.apkg").read_bytes(), "gone").notes
        assert note.fields["Question"] == "What is Hit?"
        assert note.fields["Answer"] == "a request that the cache can answer"
        assert note.fields["Status"]
        assert "primer::retired" in note.tags

    def test_later_builds_can_still_write_it(self, doc: Path, run: Run, here: Path) -> None:
        edit(doc, "**Hit** - a request that the cache can answer\n\n", "")
        run("build", doc)
        run("build", doc, "--retired", "gone.apkg")
        assert len(package.read((here / "gone.apkg").read_bytes(), "gone").notes) == 1

    def test_a_note_that_comes_back_is_retired_no_more(self, doc: Path, run: Run) -> None:
        gone = "**Hit** - a request that the cache can answer\n\n"
        edit(doc, gone, "")
        run("build", doc)
        edit(doc, "**Eviction**", gone + "**Eviction**")
        assert "1 restored" in run("build", doc).stdout
        ledger = load(Path("notes.ledger.jsonl"))
        assert ledger is not None
        assert not any(entry.retired or entry.fields for entry in ledger.entries.values())

    def test_nothing_to_tell(self, doc: Path, run: Run) -> None:
        result = run("build", doc, "--retired", "gone.apkg")
        assert result.exit_code == 2
        assert "no retired note" in result.stderr


class TestRecover:
    def test_a_lost_ledger(self, doc: Path, run: Run, here: Path) -> None:
        built = (here / "notes.apkg").read_bytes()
        os.unlink("notes.ledger.jsonl")
        assert "notes.ledger.jsonl: 4 notes" in run("recover", "notes.apkg", doc).stdout
        assert "untouched (4)" in run("build", doc, "--dry-run").stdout
        run("build", doc)
        assert (here / "notes.apkg").read_bytes() == built

    def test_a_damaged_ledger(self, doc: Path, run: Run, here: Path) -> None:
        ledger = here / "notes.ledger.jsonl"
        ledger.write_text(ledger.read_text(encoding="utf-8")[:-40], encoding="utf-8")
        assert run("build", doc).exit_code == 2
        assert run("recover", "notes.apkg", doc).exit_code == 0
        assert "4 kept" in run("build", doc).stdout

    def test_a_ledger_in_order_is_left_alone(self, doc: Path, run: Run, here: Path) -> None:
        before = files(here)
        result = run("recover", "notes.apkg", doc)
        assert result.exit_code == 2
        assert "this ledger is in order" in result.stderr
        assert files(here) == before

    def test_without_a_target_beside_the_package(self, doc: Path, run: Run, here: Path) -> None:
        (here / "old").mkdir()
        (here / "notes.apkg").rename(here / "old" / "x.apkg")
        run("recover", "old/x.apkg")
        assert (here / "old" / "x.ledger.jsonl").is_file()

    def test_no_package(self, write: Write, run: Run) -> None:
        result = run("recover", write("x.apkg", "no zip"))
        assert result.exit_code == 2
        assert result.stderr.startswith("x.apkg: error: not an Anki package")
