"""A learner's year: what becomes of histories, edits and deleted cards over many releases, in the real Anki."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.notes import Note

from tests.conftest import Run, Write

HEAD = "# Storage\n\n"
TERMS = {
    "Page": "the unit in which a database reads and writes its file",
    "Index": "a sorted copy of a column that leads to the rows",
    "Log": "a file to which every change is appended before it is made",
    "Checkpoint": "the moment up to which the log is no longer needed",
    "Replica": "a copy that follows the log of another server",
    "Shard": "one of the parts into which rows are divided by a key",
    "Cursor": "a place in a result from which reading goes on",
    "View": "a query that is stored under a name",
}
SIDES = """## Advantages of indexes

- **Speed**: finding a row takes a few reads.
- **Order**: rows come sorted without sorting.

## Disadvantages of indexes

- **Space**: each index is a copy.
- **Slow writes**: every change touches every index.

"""
QUESTION = "## Why is the log written first?\n\nAfter a crash it says what had been promised.\n"


def document(terms: dict[str, str], sides: str = SIDES, question: str = QUESTION) -> str:
    return HEAD + "".join(f"**{term}** - {meaning}\n\n" for term, meaning in terms.items()) + sides + question


class Anki:
    """The learner's collection."""

    def __init__(self, folder: str) -> None:
        self.col = Collection(str(Path(folder, "learner.anki2")))

    def take(self, deck: Path) -> dict[str, int]:
        """Import a deck with the options as they stand, and count what the log says."""
        request = ImportAnkiPackageRequest(package_path=str(deck), options=ImportAnkiPackageOptions())
        log = self.col.import_anki_package(request).log
        kinds = ("new", "updated", "duplicate", "conflicting")
        return {kind: len(getattr(log, kind)) for kind in kinds}

    def note(self, search: str) -> Note:
        (number,) = self.col.find_notes(search)
        return self.col.get_note(number)

    def study_everything(self) -> None:
        """Give every card a history of its own."""
        for days, card in enumerate(self.col.find_cards(""), 3):
            self.col.sched.set_due_date([card], f"{days}!")

    def histories(self) -> dict[tuple[str, int], tuple[int, ...]]:
        rows = self.col.db.all(  # type: ignore[union-attr]
            "SELECT n.guid, c.ord, c.type, c.queue, c.due, c.ivl, c.reps FROM cards c JOIN notes n ON n.id = c.nid"
        )
        return {(guid, ordinal): tuple(rest) for guid, ordinal, *rest in rows}


@pytest.fixture
def anki() -> Iterator[Anki]:
    with tempfile.TemporaryDirectory() as folder:
        learner = Anki(folder)
        yield learner
        learner.col.close()


@pytest.fixture
def release(write: Write, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Build a version of the document, a day after the one before."""
    day = iter(range(1_700_000_000, 1_800_000_000, 86_400))

    def release(text: str) -> Path:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(next(day)))
        assert run("build", write("storage.md", text)).exit_code == 0
        return here / "storage.apkg"

    return release


def test_a_dozen_edits_cost_no_history(anki: Anki, release: Callable[..., Path]) -> None:
    terms = dict(TERMS)
    first = anki.take(release(document(terms)))
    assert first == {"new": 10, "updated": 0, "duplicate": 0, "conflicting": 0}
    anki.study_everything()
    before = anki.histories()
    edited = anki.note("Question:*Page*")
    edited["Extra"] = "My own words."
    anki.col.update_note(edited)

    moved = {"Log": terms.pop("Log"), **terms}  # moved to the front
    moved["Index"] = "a sorted copy of one or more columns that leads to the rows"  # answer reworded
    moved["Checkpoints"] = moved.pop("Checkpoint")  # question reworded
    moved["Replica"] = "a copy that follows another server's log"
    moved["Shard"] = "one of the parts into which a table's rows are divided by a key"
    moved["Cursor"] = "a place in a result from which reading continues"
    moved["Trigger"] = "code that runs when a row changes"  # inserted
    sides = SIDES.replace("Disadvantages of indexes", "Drawbacks of indexes")  # heading renamed
    sides = sides.replace("takes a few reads", "takes few reads").replace("each index is a copy", "it is a copy")
    question = QUESTION.replace("Why is the log written first?", "Why does the log come first?")
    second = anki.take(release(document(moved, sides, question)))

    assert second["conflicting"] == 0
    assert second["new"] == 1
    after = anki.histories()
    assert {card: after[card] for card in before} == before
    assert len(after) == len(before) + 1
    assert anki.note("Question:*Page*")["Extra"] == "My own words."
    assert anki.col.get_empty_cards().notes == []
    assert anki.col.fix_integrity()[1]


def test_the_log_says_updated_for_the_changed_notes_alone(anki: Anki, release: Callable[..., Path]) -> None:
    anki.take(release(document(TERMS)))
    changed = {**TERMS, "View": "a query that is stored under a name of its own"}
    assert anki.take(release(document(changed))) == {"new": 0, "updated": 1, "duplicate": 9, "conflicting": 0}


def test_nothing_changed_nothing_touched(anki: Anki, release: Callable[..., Path]) -> None:
    anki.take(release(document(TERMS)))
    assert anki.take(release(document(TERMS))) == {"new": 0, "updated": 0, "duplicate": 10, "conflicting": 0}


def test_a_card_that_is_deleted_and_restored_is_the_same(anki: Anki, release: Callable[..., Path]) -> None:
    anki.take(release(document(TERMS)))
    anki.study_everything()
    before = anki.histories()
    without = {term: meaning for term, meaning in TERMS.items() if term != "Log"}
    anki.take(release(document(without)))
    assert anki.take(release(document(TERMS)))["new"] == 0
    assert anki.histories() == before


def test_another_question_gets_no_old_history(anki: Anki, release: Callable[..., Path]) -> None:
    anki.take(release(document(TERMS)))
    old = {guid for guid, _ in anki.histories()}
    replaced = QUESTION.replace("Why is the log written first?", "How does a vacuum give space back?")
    replaced = replaced.replace("After a crash it says what had been promised.", "It frees the pages of deleted rows.")
    anki.take(release(document(TERMS, question=replaced)))
    assert anki.note("Question:*vacuum*").guid not in old


def test_retired_notes_are_found_and_marked(anki: Anki, release: Callable[..., Path], run: Run, here: Path) -> None:
    anki.take(release(document(TERMS)))
    anki.study_everything()
    before = anki.histories()
    without = {term: meaning for term, meaning in TERMS.items() if term not in ("Log", "View")}
    release(document(without))
    run("build", "storage.md", "--retired", "gone.apkg")
    assert anki.take(here / "gone.apkg") == {"new": 0, "updated": 2, "duplicate": 0, "conflicting": 0}
    assert len(anki.col.find_notes("tag:primer::retired")) == 2
    assert anki.note("Question:What*Log*")["Status"]
    assert anki.histories() == before


def test_the_printed_search_finds_the_retired_note(anki: Anki, release: Callable[..., Path], run: Run) -> None:
    anki.take(release(document(TERMS)))
    without_view = {term: meaning for term, meaning in TERMS.items() if term != "View"}
    Path("storage.md").write_text(document(without_view), encoding="utf-8")
    out = run("build", "storage.md").stdout
    search = out.partition("find them in Anki with: ")[2].strip()
    assert anki.note(search)["Question"] == "What is View?"
