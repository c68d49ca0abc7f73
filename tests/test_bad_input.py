"""Bad input: one clear line with its place, exit code 2, nothing written, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import TOPIC, Run, Write


def files(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, with its content."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def refused(run: Run, here: Path) -> Callable[..., str]:
    """Run a build that must fail; the line that it says, without its hint."""

    def refused(*args: object) -> str:
        before = files(here)
        result = run("build", *args)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert files(here) == before
        line, *hints = result.stderr.splitlines()
        assert all(hint.startswith("    hint: ") for hint in hints)
        return line

    return refused


Refused = Callable[..., str]


class TestSources:
    @pytest.mark.parametrize(
        ("name", "content", "line"),
        [
            pytest.param("a.md", "", "a.md: error: the file is empty", id="empty"),
            pytest.param("a.md", " \n\t\n", "a.md: error: the file is empty", id="blank"),
            pytest.param("a.md", b"\xef\xbb\xbf", "a.md: error: the file is empty", id="only a byte-order mark"),
            pytest.param("a.md", "# Title\n", "a.md: error: no cards found", id="no cards"),
            pytest.param("a.md", b"a\0", "a.md: error: this is a binary file, not text", id="binary"),
            pytest.param("a.md", b"a\nb\n\xff", "a.md:3: error: byte 0xFF is not UTF-8", id="not UTF-8"),
            pytest.param("a.md", "a".encode("utf-16"), "a.md: error: the file is UTF-16", id="UTF-16"),
            pytest.param("a.pdf", "%PDF", "a.pdf: error: this is no Markdown file", id="no Markdown"),
            pytest.param("README", TOPIC, "README: error: this is no Markdown file", id="no suffix"),
        ],
    )
    def test_a_file(self, name: str, content: str | bytes, line: str, write: Write, refused: Refused) -> None:
        assert refused(write(name, content)) == line

    @pytest.mark.parametrize(
        ("front_matter", "line"),
        [
            ("title: [", "a.md:3:1: error: broken YAML: expected the node content, but found '<stream end>'"),
            ("title: a\ntitle: b", "a.md:3:1: error: the key `title` stands twice"),
            (
                "title: !!python/object/apply:os.system ['touch owned']",
                "a.md:2:8: error: the YAML tag 'tag:yaml.org,2002:python/object/apply:os.system' "
                "is not allowed: only plain values are",
            ),
        ],
    )
    def test_front_matter(self, front_matter: str, line: str, write: Write, refused: Refused) -> None:
        found = refused(write("a.md", f"---\n{front_matter}\n---\n{TOPIC}"))
        assert found.split(": error: ")[1] == line.split(": error: ")[1]
        assert found.startswith("a.md:")

    def test_the_place_is_as_the_user_would_type_it(self, write: Write, refused: Refused) -> None:
        write("topics/sub/a.md", f"---\nlevel: short\nlevel: long\n---\n{TOPIC}")
        assert refused("topics") == "topics/sub/a.md:3:1: error: the key `level` stands twice"

    def test_missing(self, refused: Refused) -> None:
        assert refused("a.md") == "a.md: error: no such file or folder"

    def test_unreadable(self, write: Write, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def deny(path: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        path = write("a.md", TOPIC)
        monkeypatch.setattr(Path, "read_bytes", deny)  # root, who may run the tests, can read everything
        result = run("build", path)
        assert (result.exit_code, result.stderr) == (2, "a.md: error: cannot read: permission denied\n")

    def test_a_folder_without_markdown(self, write: Write, refused: Refused) -> None:
        write("topics/a.txt", TOPIC)
        assert refused("topics") == "topics: error: no Markdown file in this folder"

    def test_no_manifest_at_all(self, refused: Refused) -> None:
        assert refused() == "error: no manifest in decks/"

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("\ufeff" + TOPIC, id="byte-order mark"),
            pytest.param(TOPIC.replace("\n", "\r\n"), id="CRLF"),
            pytest.param("\ufeff" + TOPIC.replace("\n", "\r\n"), id="both"),
        ],
    )
    def test_what_windows_writes_is_fine(self, text: str, run: Run, write: Write) -> None:
        path = write("a.md", text)
        assert "2 definition" in run("build", path).stdout
        write("a.md", TOPIC)
        assert "2 kept" in run("build", path).stdout


class TestOutput:
    @pytest.mark.parametrize(
        "name",
        ["collection.apkg", "Collection.APKG", "collection", "backup-.apkg", "backup-2024-01-01.apkg", "BACKUP-1"],
    )
    def test_names_that_anki_takes_for_a_whole_collection(self, name: str, write: Write, refused: Refused) -> None:
        message = "Anki would replace the whole collection by a file of this name: choose another"
        assert refused(write("a.md", TOPIC), "-o", name) == f"{name}: error: {message}"

    @pytest.mark.parametrize("name", ["collection.md", "backup-1.md"])
    def test_also_where_the_name_is_ours(self, name: str, write: Write, refused: Refused) -> None:
        assert "Anki would replace the whole collection" in refused(write(name, TOPIC))

    @pytest.mark.parametrize("name", ["my-collection.apkg", "backup.apkg"])
    def test_names_near_them_are_fine(self, name: str, write: Write, run: Run) -> None:
        assert run("build", write("a.md", TOPIC), "-o", name).exit_code == 0

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("folder.apkg", "the output is a folder"),
            ("folder.apkg/", "the output is a folder"),
            ("no/deck.apkg", "the output's folder does not exist: no"),
            ("a.md", "the output must end in .apkg"),
            ("deck.zip", "the output must end in .apkg"),
            ("pipe.apkg", "the output is no ordinary file"),
            ("a.md/deck.apkg", "the output's folder does not exist: a.md"),
        ],
    )
    def test_places(self, name: str, problem: str, here: Path, write: Write, refused: Refused) -> None:
        (here / "folder.apkg").mkdir()
        os.mkfifo(here / "pipe.apkg")
        assert refused(write("a.md", TOPIC), "-o", name) == f"{name.rstrip('/')}: error: {problem}"

    def test_a_read_only_folder(
        self, here: Path, write: Write, refused: Refused, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (here / "out").mkdir()
        monkeypatch.setattr("os.access", lambda path, mode: False)
        line = refused(write("a.md", TOPIC), "-o", "out/deck.apkg")
        assert line == "out/deck.apkg: error: the output's folder cannot be written: out"

    def test_a_read_only_folder_of_the_ledger(
        self, write: Write, manifest: Callable[..., Path], refused: Refused, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("content/a.md", TOPIC)
        monkeypatch.setattr("os.access", lambda path, mode: Path(path).name != "decks")
        line = refused(manifest(), "-o", "deck.apkg")
        assert line == "decks/x.ledger.jsonl: error: the ledger's folder cannot be written"

    def test_a_ledger_that_cannot_be_written(self, here: Path, write: Write, refused: Refused) -> None:
        (here / "deck.ledger.jsonl").mkdir()
        assert refused(write("a.md", TOPIC), "-o", "deck.apkg").startswith("deck.ledger.jsonl: error: ")

    def test_a_full_disk(self, write: Write, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(handle: int) -> None:
            raise OSError(28, "No space left on device")

        write("deck.apkg", "the deck of yesterday")
        monkeypatch.setattr("os.fsync", full)
        line = refused(write("a.md", TOPIC), "-o", "deck.apkg")
        assert line == "deck.apkg: error: cannot write: no space left on device"

    def test_two_targets_with_one_output(self, write: Write, refused: Refused) -> None:
        write("notes/a.md", TOPIC)
        assert refused("notes", write("notes.md", TOPIC)) == "notes.apkg: error: two targets would write this file"

    def test_a_link_stays_a_link(self, here: Path, write: Write, run: Run) -> None:
        write("real/deck.apkg", "")
        (here / "deck.apkg").symlink_to("real/deck.apkg")
        assert run("build", write("a.md", TOPIC), "-o", "deck.apkg").exit_code == 0
        assert (here / "deck.apkg").is_symlink()
        assert (here / "real/deck.apkg").stat().st_size > 100

    def test_permissions_stay(self, here: Path, write: Write, run: Run) -> None:
        (here / write("deck.apkg", "")).chmod(0o640)
        run("build", write("a.md", TOPIC), "-o", "deck.apkg")
        assert (here / "deck.apkg").stat().st_mode & 0o777 == 0o640


class TestManifestAndLedger:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("name: [", "decks/x.yaml:1:8: error: broken YAML: "),
            ("nmae: x", "decks/x.yaml:1: error: unknown key `nmae`"),
            ("name: !!python/name:os.system", "decks/x.yaml:1:7: error: the YAML tag "),
            (b"name: \xff", "decks/x.yaml:1: error: byte 0xFF is not UTF-8"),
            (b"\0", "decks/x.yaml: error: this is a binary file, not text"),
        ],
    )
    def test_a_broken_manifest(self, text: str | bytes, line: str, write: Write, refused: Refused) -> None:
        assert refused(write("decks/x.yaml", text)).startswith(line)

    def test_one_broken_manifest_keeps_all_decks_from_being_built(
        self, write: Write, manifest: Callable[..., Path], refused: Refused
    ) -> None:
        write("content/a.md", TOPIC)
        manifest()
        write("decks/y.yaml", "nmae: y")
        assert refused() == "decks/y.yaml:1: error: unknown key `nmae`"

    @pytest.mark.parametrize(
        ("damage", "line"),
        [
            pytest.param(lambda text: text[:-20], "a.ledger.jsonl:3: error: ", id="cut off"),
            pytest.param(lambda text: "", "a.ledger.jsonl: error: ", id="empty"),
            pytest.param(
                lambda text: text + text.splitlines(keepends=True)[1], "a.ledger.jsonl:4: error: ", id="a GUID twice"
            ),
            pytest.param(
                lambda text: text.replace("\n", "\n<<<<<<< HEAD\n", 1), "a.ledger.jsonl:2: error: ", id="conflict"
            ),
        ],
    )
    def test_a_damaged_ledger(
        self, damage: Callable[[str], str], line: str, run: Run, write: Write, refused: Refused
    ) -> None:
        path = write("a.md", TOPIC)
        run("build", path)
        ledger = Path("a.ledger.jsonl")
        ledger.write_text(damage(ledger.read_text()))
        assert refused(path).startswith(line)


class TestExtremes:
    """Within the time and memory of an ordinary machine, or refused in one line."""

    @staticmethod
    def build(path: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "primer_anki", "build", str(path)], capture_output=True, text=True, timeout=300
        )

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(">" * 10_000 + " deep\n", id="quotes"),
            pytest.param("".join(f"{'  ' * level}- item\n" for level in range(2_000)), id="lists"),
            pytest.param("- " * 10_000 + "deep\n", id="lists on one line"),
            pytest.param("[" * 10_000 + "deep" + "]" * 10_000 + "\n", id="brackets"),
            pytest.param("*" * 10_000 + "deep\n", id="stars"),
            pytest.param("<div>" * 10_000 + "deep\n", id="tags"),
            pytest.param("<details><summary>q?</summary>\n\n" * 2_000 + "deep\n", id="folds"),
        ],
    )
    def test_deep_nesting(self, text: str, write: Write) -> None:
        done = self.build(write("a.md", TOPIC + "\n" + text))
        assert "Traceback" not in done.stderr
        assert done.returncode == 0 or (done.returncode == 2 and len(done.stderr.splitlines()) <= 2)

    def test_a_large_file_of_one_paragraph(self, write: Write) -> None:
        done = self.build(write("a.md", "# Caching\n\n**What is it?**\n\n" + "word " * 1_000_000 + "\n"))
        assert done.returncode == 0
        assert "error: the answer has 1000000 words, limit 25 [long-answer]" in done.stderr
