"""A build that is killed, or that finds the disk full, costs no learner a history."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from primer_anki.deck import package
from primer_anki.identity.store import load
from tests.conftest import Run, Write

FIRST = "# Terms\n\n" + "".join(f"**Term{n}** - what the term number {n} of the page means\n\n" for n in range(30))
SECOND = FIRST.replace("what the term number 7 of", "all that the term number 7 of").replace(
    "**Term9**", "**Fresh** - a term that came later\n\n**Term9**"
)

# Runs a build in which one call of the operating system ends the process or fails, given its number.
KILLER = """
import os, signal, sys
from primer_anki import cli
stop, action = int(sys.argv[1]), sys.argv[2]
count = 0
def watched(call):
    def run(*args, **kwargs):
        global count
        count += 1
        if count == stop:
            if action == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(28, "No space left on device")
        return call(*args, **kwargs)
    return run
for name in ("open", "write", "fsync", "replace", "chmod", "unlink"):
    setattr(os, name, watched(getattr(os, name)))
cli.main(["build", "notes.md"], standalone_mode=True)
"""


def guids(path: Path) -> dict[str, str]:
    notes = package.read(path.read_bytes(), str(path)).notes
    return {note.fields["Question"]: note.guid for note in notes}


@pytest.fixture
def built(write: Write, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A deck that learners have, and a newer document; the GUIDs that an undisturbed build would give."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run("build", write("notes.md", FIRST))
    write("notes.md", SECOND)
    shutil.copytree(here, here.parent / "undisturbed")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    subprocess.run(
        [sys.executable, "-m", "primer_anki", "build", "notes.md"], cwd=here.parent / "undisturbed", check=True
    )
    return guids(here.parent / "undisturbed" / "notes.apkg")


@pytest.mark.parametrize("action", ["kill", "full disk"])
@pytest.mark.parametrize("stop", range(1, 18))
def test_the_next_build_gives_the_same_guids(
    stop: int, action: str, built: dict[str, str], run: Run, here: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLER, str(stop), action], capture_output=True, text=True, check=False
    )
    if action == "full disk":
        assert ended.returncode in (0, 2)
        assert "Traceback" not in ended.stderr
    elif ended.returncode:
        assert ended.returncode == -signal.SIGKILL
    assert load(Path("notes.ledger.jsonl")) is not None  # whole, old or new
    package.read(Path("notes.apkg").read_bytes(), "notes.apkg")
    assert run("build", "notes.md").exit_code == 0
    assert guids(here / "notes.apkg") == built
    assert {path.name for path in here.iterdir()} == {"notes.md", "notes.apkg", "notes.ledger.jsonl"}


def test_a_read_only_folder(built: dict[str, str], run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda path, mode: False)
        assert run("build", "notes.md").exit_code == 2
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before
    run("build", "notes.md")
    assert guids(here / "notes.apkg") == built


def test_two_builds_at_once(built: dict[str, str], here: Path) -> None:
    command = [sys.executable, "-m", "primer_anki", "build", "notes.md"]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [each.wait(60) for each in both] == [0, 0]
    assert guids(here / "notes.apkg") == built
