"""The pipeline: what a build decides, what it writes, and what it keeps."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from primer_anki import build, targets
from primer_anki.clock import Clock
from primer_anki.deck import package
from primer_anki.diagnostic import PrimerError
from primer_anki.identity import store
from primer_anki.model import Deck
from tests.conftest import TOPIC, Run, Write

NOW = 1_700_000_000
LATER = 1 << 40
"""After every build that a test runs."""


def plan(target: str | Path, now: int = NOW) -> build.Outcome:
    (outcome,) = build.plan([targets.resolve(Path(target))], Clock(now), lambda step: None)
    return outcome


def built(path: str) -> Deck:
    return package.read(Path(path).read_bytes(), path)


def questions(outcome: build.Outcome) -> list[str]:
    return [note.fields["Question"] for note in outcome.deck.notes]


def terms(*names: str) -> str:
    return "".join(f"\n**{name}** - meaning of {name}\n" for name in names)


class TestPlan:
    def test_writes_nothing(self, here: Path, write: Write) -> None:
        path = write("notes.md", TOPIC)
        assert plan(path).package
        assert [entry.name for entry in here.iterdir()] == ["notes.md"]

    def test_notes_come_in_reading_order(self, write: Write) -> None:
        write("topics/10.md", "# Ten\n" + terms("Zulu", "Alpha"))
        write("topics/2.md", "# Two\n" + terms("Mike"))
        assert [next(w for w in ("Zulu", "Alpha", "Mike") if w in q) for q in questions(plan("topics"))] == [
            "Mike",
            "Zulu",
            "Alpha",
        ]

    def test_says_what_it_does(self, write: Write) -> None:
        steps: list[str] = []
        write("topics/a.md", TOPIC)
        write("topics/b.md", "# B\n" + terms("Other"))
        build.plan([targets.resolve(Path("topics"))], Clock(NOW), steps.append)
        assert steps[:2] == ["reading 1/2 a.md", "reading 2/2 b.md"]

    def test_time_enters_as_an_argument(self, write: Write) -> None:
        notes = plan(write("notes.md", TOPIC)).deck.notes
        assert {(note.created, note.changed) for note in notes} == {(NOW, NOW)}


class TestNameAndId:
    @pytest.mark.parametrize(
        ("heading", "name"),
        [
            ("Caching", "Caching"),
            ("std::vector", "std:vector"),
            ("a :: b", "a : b"),
            ("Default", "Notes"),
            ("日本語", "日本語"),
        ],
    )
    def test_from_the_first_heading(self, heading: str, name: str, write: Write) -> None:
        assert plan(write("notes.md", f"# {heading}\n" + terms("Term"))).deck.name == name

    def test_from_the_folder(self, write: Write) -> None:
        write("topics/a.md", TOPIC)
        assert plan("topics").deck.name == "topics"

    def test_a_changed_heading_changes_neither(self, run: Run, write: Write) -> None:
        run("build", write("notes.md", TOPIC))
        before = plan("notes.md", LATER).deck
        after = plan(write("notes.md", TOPIC.replace("# Caching", "# Caches")), LATER).deck
        assert (after.name, after.id) == (before.name, before.id) == ("Caching", before.id)

    def test_a_manifests_name_may_change_with_a_warning(
        self, run: Run, write: Write, manifest: Callable[..., Path]
    ) -> None:
        write("content/a.md", TOPIC)
        run("build", manifest())
        result = run("build", manifest("name: Other", without=("name",)))
        assert result.exit_code == 0
        assert "decks/x.yaml: warning: the deck was called System Design" in result.stderr
        assert built("decks/x.apkg").name == "Other"

    def test_a_manifests_id_may_not(self, run: Run, write: Write, manifest: Callable[..., Path]) -> None:
        write("content/a.md", TOPIC)
        run("build", manifest())
        result = run("build", manifest("id: 1234567899", without=("id",)))
        assert result.exit_code == 2
        assert "decks/x.yaml: error: `id` is 1234567899, but the ledger" in result.stderr


class TestLedger:
    def test_notes_keep_their_guids(self, run: Run, write: Write) -> None:
        run("build", write("notes.md", TOPIC))
        before = {note.guid for note in built("notes.apkg").notes}
        run("build", write("notes.md", TOPIC + terms("New")))
        after = {note.guid for note in built("notes.apkg").notes}
        assert before < after
        assert len(after) == 3

    def test_an_edit_within_a_second_waits_for_the_next(self, run: Run, write: Write) -> None:
        run("build", write("notes.md", TOPIC))
        (before,) = {note.changed for note in built("notes.apkg").notes}
        assert run("build", write("notes.md", TOPIC.replace("fast memory", "quick memory"))).exit_code == 0
        assert sorted(note.changed - before for note in built("notes.apkg").notes)[0] == 0
        assert before < max(note.changed for note in built("notes.apkg").notes) <= time.time()

    def test_a_clock_far_behind_the_last_build_is_told_of(
        self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run("build", write("notes.md", TOPIC))
        monkeypatch.setattr("time.time", lambda: 1_000_000.0)
        result = run("build", write("notes.md", TOPIC.replace("fast memory", "quick memory")))
        assert result.exit_code == 2
        assert result.stderr.startswith("error: the clock stands at or before the last build")

    def test_a_note_that_moves_to_another_deck_keeps_its_guid(self, run: Run, write: Write) -> None:
        for name, number in (("x", 1234567890), ("y", 1234567891)):
            write(f"decks/{name}.yaml", f"name: {name}\nid: {number}\nroot: ../content/{name}\nsources: ['*.md']\n")
        write("content/x/a.md", "# Caching\n" + terms("Stays", "Goes"))
        write("content/y/b.md", "# DNS\n" + terms("Other"))
        run("build")
        (guid,) = {note.guid for note in built("decks/x.apkg").notes if "Goes" in note.fields["Question"]}
        write("content/x/a.md", "# Caching\n" + terms("Stays"))
        write("content/y/b.md", "# DNS\n" + terms("Other", "Goes"))
        assert run("build").exit_code == 0
        assert guid not in {note.guid for note in built("decks/x.apkg").notes}
        assert guid in {note.guid for note in built("decks/y.apkg").notes}

    def test_a_card_that_falls_empty_is_named(self, run: Run, write: Write) -> None:
        sides = ["## Advantages of caching\n\n- **Speed**: near\n", "## Disadvantages of caching\n\n- **Stale**: old\n"]
        run("build", write("notes.md", "# Caching\n\n" + "\n".join(sides)))
        result = run("build", write("notes.md", "# Caching\n\n" + sides[0]))
        assert "[emptied-card]" in result.stderr
        assert "Tools → Empty Cards" in result.stderr

    def test_a_lost_ledger_is_told_of(self, run: Run, write: Write) -> None:
        run("build", write("notes.md", TOPIC))
        Path("notes.ledger.jsonl").unlink()
        result = run("build", "notes.md")
        assert result.exit_code == 0
        assert (
            "notes.apkg: warning: the ledger notes.ledger.jsonl is missing; this package has 2 notes" in result.stderr
        )
        assert "primer-anki recover notes.apkg" in result.stderr

    def test_a_foreign_package_at_the_output_is_not(self, run: Run, write: Write) -> None:
        write("notes.apkg", b"PK of somebody else")
        assert run("build", write("notes.md", TOPIC)).stderr == ""

    def test_a_crash_between_package_and_ledger_costs_no_identity(
        self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def crash(*_: object) -> None:
            raise PrimerError("the disk is full")

        run("build", write("notes.md", TOPIC))
        write("notes.md", TOPIC + terms("New"))
        with monkeypatch.context() as patch:
            patch.setattr(store, "save", crash)
            assert run("build", "notes.md").exit_code == 2
        before = [note.guid for note in built("notes.apkg").notes]
        assert run("build", "notes.md").exit_code == 0
        assert [note.guid for note in built("notes.apkg").notes] == before


class TestDeterminism:
    def test_same_bytes_in_another_folder_process_and_hash_seed(self, write: Write, here: Path) -> None:
        found = set()
        for seed in ("1", "2"):
            write(f"{seed}/notes.md", TOPIC)
            environment = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": str(NOW)}
            command = [sys.executable, "-m", "primer_anki", "build", "notes.md"]
            subprocess.run(command, cwd=here / seed, env=environment, check=True, capture_output=True)
            found.add(tuple((here / seed / name).read_bytes() for name in ("notes.apkg", "notes.ledger.jsonl")))
        assert len(found) == 1

    def test_same_bytes_at_another_time_once_there_is_a_ledger(self, run: Run, write: Write) -> None:
        path = write("notes.md", TOPIC)
        run("build", path)
        outcome = plan(path, LATER)
        assert outcome.package == Path("notes.apkg").read_bytes()

    def test_source_date_epoch_is_the_time(self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
        run("build", write("notes.md", TOPIC))
        assert {note.changed for note in built("notes.apkg").notes} == {NOW}

    def test_but_never_the_future(self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1 << 40))
        run("build", write("notes.md", TOPIC))
        assert all(note.changed <= time.time() for note in built("notes.apkg").notes)
