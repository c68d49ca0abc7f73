"""The cache of the user: any entry may be lost, broken or somebody else's, and no build is the worse for it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from primer_anki import cache

NAME = cache.name_of("a test")
DAY = 86_400


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept" / "here"))
    return tmp_path / "kept" / "here"


def test_what_is_stored_is_loaded(folder: Path) -> None:
    assert cache.load(NAME) is None
    cache.store(NAME, b"content")
    assert cache.load(NAME) == b"content"
    cache.store(NAME, b"")
    assert cache.load(NAME) == b""
    assert [path.name for path in folder.iterdir()] == [NAME]


@pytest.mark.parametrize("damage", [b"", b"garbage", None, "short", "longer", "changed", "another's"])
def test_a_broken_entry_is_as_good_as_absent(folder: Path, damage: bytes | str | None) -> None:
    cache.store(NAME, b"content")
    path = folder / NAME
    whole = path.read_bytes()
    if damage is None:
        path.unlink()
        path.mkdir()
    elif damage == "another's":
        other = cache.name_of("another")
        path.rename(folder / other)
        assert cache.load(other) is None
    else:
        broken = {"short": whole[:-1], "longer": whole + b"!", "changed": whole[:-1] + b"!"}
        path.write_bytes(damage if isinstance(damage, bytes) else broken[damage])
    assert cache.load(NAME) is None


def test_names_tell_apart_what_runs_together() -> None:
    assert cache.name_of("ab", "c") != cache.name_of("a", "bc") != cache.name_of("a", "b", "c")
    assert cache.name_of("ab") == cache.name_of(b"ab")


def test_the_variable_moves_it_or_turns_it_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    assert cache.folder() == tmp_path
    monkeypatch.setenv(cache.VARIABLE, "")
    assert cache.folder() is None
    cache.store(NAME, b"content")
    cache.tidy()
    assert cache.load(NAME) is None


@pytest.mark.parametrize(
    ("platform", "variable", "below"),
    [
        ("linux", "XDG_CACHE_HOME", ".cache"),
        ("darwin", "", "Library/Caches"),
        ("win32", "LOCALAPPDATA", "AppData/Local"),
    ],
)
def test_without_it_the_system_says_where(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str, below: str
) -> None:
    monkeypatch.delenv(cache.VARIABLE)
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "given"))
        assert cache.folder() == tmp_path / "given" / "primer-anki"
        monkeypatch.setenv(variable, "")
    assert cache.folder() == tmp_path / "home" / below / "primer-anki"


def test_a_user_without_a_home_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv(cache.VARIABLE)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", no_home)
    assert cache.folder() is None


def test_where_nothing_can_be_written_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    cache.store(NAME, b"old")
    monkeypatch.setattr(os, "replace", full)
    cache.store(NAME, b"new")
    cache.tidy()
    assert cache.load(NAME) == b"old"
    assert [path for path in folder.iterdir() if path.suffix == ".tmp"] == []


def test_a_folder_that_is_none(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("in the way")
    cache.store(NAME, b"content")
    cache.tidy()
    assert cache.load(NAME) is None


class TestTidying:
    def test_what_was_not_used_for_a_month_goes(self, folder: Path) -> None:
        for name, days in (("old", 31), ("used", 31), ("young", 29)):
            cache.store(cache.name_of(name), b"content")
            self.age(folder / cache.name_of(name), days)
        assert cache.load(cache.name_of("used")) is not None
        cache.tidy()
        assert [name for name in ("old", "used", "young") if (folder / cache.name_of(name)).exists()] == [
            "used",
            "young",
        ]

    def test_of_too_much_the_longest_unused_goes(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for days in range(4):
            cache.store(cache.name_of(str(days)), bytes(100))
            self.age(folder / cache.name_of(str(days)), days)
        monkeypatch.setattr(cache, "MOST_BYTES", 300)
        cache.tidy()
        assert [days for days in range(4) if (folder / cache.name_of(str(days))).exists()] == [0, 1]

    def test_it_happens_once_a_day(self, folder: Path) -> None:
        cache.store(NAME, b"content")
        cache.tidy()
        self.age(folder / NAME, 31)
        cache.tidy()
        assert (folder / NAME).exists()
        self.age(folder / "tidied", 2)
        cache.tidy()
        assert not (folder / NAME).exists()

    def test_files_of_others_stay(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for name in ("notes.md", "0123456789abcdef.md", f"{NAME}x"):
            (folder / name).write_text("mine")
            self.age(folder / name, 400)
        (folder / f"{NAME[:16]}-killed.tmp").touch()
        self.age(folder / f"{NAME[:16]}-killed.tmp", 400)
        cache.tidy()
        assert {path.name for path in folder.iterdir()} == {"notes.md", "0123456789abcdef.md", f"{NAME}x", "tidied"}

    def age(self, path: Path, days: int) -> None:
        then = time.time() - days * DAY - 60
        os.utime(path, (then, then))
