"""The ledger on the disk: whole or not at all, and one build at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from primer_anki import cache
from primer_anki.diagnostic import PrimerError
from primer_anki.identity import store
from primer_anki.identity.ledger import Ledger, dump
from primer_anki.identity.store import load, save
from primer_anki.locks import locked
from tests.identity.author import Publisher, document


def ledger(count: int = 3) -> Ledger:
    author = Publisher()
    author.build(document(*((str(n), f"What is thing number {n}?", f"It is {n}.") for n in range(count))))
    return author.ledger


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger.jsonl"
    save(path, ledger())
    assert load(path) == ledger()
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("damage", [None, b"", b"garbage", b"\x93\x01\x02\x03"])
def test_what_is_kept_of_a_large_ledger_is_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None
) -> None:
    monkeypatch.setattr(store, "WORTH_KEEPING", 0)
    path = tmp_path / "x.ledger.jsonl"
    data = save(path, ledger())
    store.keep(ledger(), data)
    folder = cache.folder()
    assert folder
    (entry,) = (each.name for each in folder.iterdir())
    if damage is not None:
        cache.store(entry, damage)
    for _ in range(2):
        found = load(path)
        assert found == ledger()
        assert found
        assert list(found.entries) == sorted(found.entries)
        assert dump(found).encode() == data
    path.write_bytes(data.replace(b"thing", b"think"))
    found = load(path)
    assert found
    assert found != ledger()
    path.write_bytes(data + b"{}")
    with pytest.raises(PrimerError):
        load(path)


def test_no_file_is_no_ledger(tmp_path: Path) -> None:
    assert load(tmp_path / "x.ledger.jsonl") is None


def test_a_ledger_that_stays_the_same_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger.jsonl"
    save(path, ledger())
    os.utime(path, (1, 1))
    save(path, ledger())
    assert path.stat().st_mtime == 1


def test_what_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger.jsonl"
    path.write_bytes(dump(ledger()).encode() + b"\xff")
    with pytest.raises(PrimerError, match="not UTF-8") as caught:
        load(path)
    assert caught.value.location
    assert caught.value.location.line == 5


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(PrimerError, match="cannot read the ledger"):
        load(tmp_path)


def test_a_full_disk_leaves_the_old_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.ledger.jsonl"
    save(path, ledger(1))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PrimerError, match="no space left"):
        save(path, ledger(2))
    monkeypatch.undo()
    assert load(path) == ledger(1)
    assert os.listdir(tmp_path) == [path.name]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(PrimerError, match="cannot write"):
        save(tmp_path / "missing" / "x.ledger.jsonl", ledger())


SAVE_FOR_EVER = """
    import sys
    from pathlib import Path
    from primer_anki.identity.store import load, save
    from primer_anki.locks import locked
    small, large, path = (Path(each) for each in sys.argv[1:])
    both = [load(small), load(large)]
    with locked(path):
        save(path, both[0])
        print("ready", flush=True)
        while True:
            for each in both:
                save(path, each)
"""


def child(code: str, *arguments: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_a_killed_build_leaves_a_whole_ledger_and_no_lock(tmp_path: Path) -> None:
    folder = tmp_path / "decks"
    folder.mkdir()
    small, large, path = tmp_path / "small", tmp_path / "large", folder / "x.ledger.jsonl"
    save(small, ledger(1))
    save(large, ledger(300))
    before: Ledger | None = None
    for moment in (0.0, 0.004, 0.011, 0.023):
        process = child(SAVE_FOR_EVER, small, large, path)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert load(path) in (before, ledger(1), ledger(300))  # `before`: it may be killed before its first one
        with locked(path, patience=0):
            save(path, ledger(2))
        before = ledger(2)
        assert os.listdir(folder) == [path.name]


HOLD = """
    import sys, time
    from pathlib import Path
    from primer_anki.locks import locked
    with locked(Path(sys.argv[1])):
        print("ready", flush=True)
        time.sleep(60)
"""


def test_a_second_build_waits_a_little_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger.jsonl"
    process = child(HOLD, path)
    try:
        with pytest.raises(PrimerError, match="another build is at work"), locked(path, patience=0.1):
            pass
        with locked(tmp_path / "y.ledger.jsonl", patience=0):
            pass
    finally:
        process.kill()
        process.wait()
    with locked(path, patience=0.5):
        assert os.listdir(tmp_path) == []
