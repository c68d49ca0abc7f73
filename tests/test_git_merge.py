"""Two authors on two branches: their ledgers merge in git, and a wrong merge is caught."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from primer_anki.deck import package
from tests.conftest import ROOT, Run, Write

TERMS = "".join(f"**Term {n}** - the meaning of term number {n}\n\n" for n in range(40))
DOC = f"# Terms\n\n{TERMS}"


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    identity = ("-c", "user.name=Author", "-c", "user.email=author@example.org")
    return subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def repository(write: Write, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document and its ledger, committed; the package is built anew after a merge."""
    shutil.copy(ROOT / ".gitattributes", here)
    write(".gitignore", "*.apkg\n")
    build(DOC, 1_700_000_000, write, run, monkeypatch)
    git("init", "-q", "-b", "main")
    commit("first")
    return here


def build(text: str, now: int, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(now))
    assert run("build", write("terms.md", text)).exit_code == 0


def commit(message: str) -> None:
    git("add", "-A")
    assert git("commit", "-q", "-m", message).returncode == 0


def guids(folder: Path) -> dict[str, str]:
    notes = package.read((folder / "terms.apkg").read_bytes(), "terms.apkg").notes
    return {note.fields["Question"]: note.guid for note in notes}


def test_both_add_notes(repository: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = guids(repository)
    git("checkout", "-q", "-b", "other")
    build(
        DOC.replace("**Term 5**", "**Fifth** - it was put in by one\n\n**Term 5**"),
        1_700_100_000,
        write,
        run,
        monkeypatch,
    )
    theirs = guids(repository)["What is Fifth?"]
    commit("one")
    git("checkout", "-q", "main")
    build(
        DOC.replace("**Term 30**", "**Thirty** - it was put in by the other\n\n**Term 30**"),
        1_700_200_000,
        write,
        run,
        monkeypatch,
    )
    ours = guids(repository)["What is Thirty?"]
    commit("other")
    merged = git("merge", "-q", "other")
    assert merged.returncode == 0, merged.stdout
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700300000")
    assert "42 kept" in run("build", "terms.md").stdout
    after = guids(repository)
    assert {question: after[question] for question in before} == before
    assert (after["What is Fifth?"], after["What is Thirty?"]) == (theirs, ours)


def test_both_reword_one_note(repository: Path, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git("checkout", "-q", "-b", "other")
    build(DOC.replace("of term number 7\n", "of the term number 7\n"), 1_700_100_000, write, run, monkeypatch)
    commit("one")
    git("checkout", "-q", "main")
    build(DOC.replace("of term number 7\n", "of our term number 7\n"), 1_700_200_000, write, run, monkeypatch)
    commit("other")
    git("merge", "-q", "other")
    write("terms.md", DOC)
    result = run("build", "terms.md")
    assert result.exit_code == 2
    assert "stands on line" in result.stderr
    assert "keep the line with the larger `changed`" in result.stderr
