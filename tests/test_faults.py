"""The machine around a build fails: disk, permissions, links, clock, streams, other builds, a hand on Ctrl-C."""

from __future__ import annotations

import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from primer_anki import files
from primer_anki.deck import package
from primer_anki.identity.store import load
from tests.conftest import TOPIC, Run, Write

PROGRAM = [sys.executable, "-m", "primer_anki"]
LONG = "# Terms\n\n" + "".join(f"**Term{n}** - what the term number {n} of the page means\n\n" for n in range(300))
EDITED = TOPIC.replace("fast memory", "quick memory")
DAY = 86_400


def tree(folder: Path) -> dict[str, bytes]:
    """Every ordinary file in a folder, with its content."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def guids(path: str) -> dict[str, str]:
    return {note.fields["Question"]: note.guid for note in package.read(Path(path).read_bytes(), path).notes}


def settled(target: str) -> None:
    """Package and ledger of a target are whole and know the same notes."""
    ledger = load(Path(f"{target}.ledger.jsonl"))
    assert ledger is not None
    assert set(guids(f"{target}.apkg").values()) <= set(ledger.entries)


def one_line(stderr: str) -> str:
    """The problem that a failed command has told, and nothing but it and its hint."""
    line, *hints = stderr.splitlines()
    assert len(hints) <= 1
    assert all(hint.startswith("    hint: ") for hint in hints)
    return line


class TestLinksAndSpecialFiles:
    """None of them is waited for, none followed round in a circle."""

    @pytest.fixture(autouse=True)
    def _files(self, here: Path, write: Write) -> Iterator[None]:
        write("a.md", TOPIC)
        os.mkfifo("pipe")
        with socket.socket(socket.AF_UNIX) as endpoint:
            endpoint.bind("socket")
            (here / "loop").symlink_to("loop")
            (here / "one").symlink_to("other")
            (here / "other").symlink_to("one")
            (here / "lost").symlink_to("nowhere/x")
            (here / "folder").mkdir()
            yield

    @pytest.mark.parametrize(
        ("kind", "problem"),
        [
            ("pipe", "this is no ordinary file"),
            ("socket", "this is no ordinary file"),
            ("/dev/zero", "this is no ordinary file"),
            ("loop", "no such file or folder"),
            ("one", "no such file or folder"),
            ("lost", "no such file or folder"),
            ("folder", "no Markdown file in this folder"),
        ],
    )
    def test_as_source(self, kind: str, problem: str, run: Run, here: Path) -> None:
        (here / "x.md").symlink_to(kind)
        result = run("build", "x.md")
        assert (result.exit_code, one_line(result.stderr)) == (2, f"x.md: error: {problem}")

    @pytest.mark.parametrize("kind", ["pipe", "socket", "/dev/zero", "loop", "one", "lost", "folder"])
    def test_beside_a_source_it_is_passed_over(self, kind: str, run: Run, here: Path) -> None:
        (here / "x.md").symlink_to(kind)
        assert run("build", ".").exit_code == 0

    @pytest.mark.parametrize("kind", ["pipe", "socket", "/dev/zero", "loop", "lost", "folder"])
    def test_as_picture(self, kind: str, run: Run, here: Path, write: Write) -> None:
        (here / "x.png").symlink_to(kind)
        result = run("build", write("b.md", TOPIC.replace("reader", "reader ![a graph](x.png)")))
        assert result.exit_code == 0
        assert "b.md:3:1: error: picture x.png: " in result.stderr

    @pytest.mark.parametrize("kind", ["pipe", "socket", "/dev/zero", "loop", "lost"])
    def test_as_manifest(self, kind: str, run: Run, here: Path) -> None:
        (here / "x.yaml").symlink_to(kind)
        result = run("build", "x.yaml")
        assert result.exit_code == 2
        assert one_line(result.stderr).startswith("x.yaml: error: ")

    @pytest.mark.parametrize(
        ("kind", "problem"),
        [
            ("pipe", "the output is no ordinary file"),
            ("socket", "the output is no ordinary file"),
            ("/dev/full", "the output is no ordinary file"),
            ("/dev/null", "the output is no ordinary file"),
            ("folder", "the output is a folder"),
            ("loop", "the links lead in a circle"),
            ("one", "the links lead in a circle"),
            ("lost", "the output is a link into a folder that does not exist: nowhere"),
        ],
    )
    @pytest.mark.parametrize("option", ["--output", "--retired"])
    def test_as_output(self, option: str, kind: str, problem: str, run: Run, here: Path) -> None:
        (here / "x.apkg").symlink_to(kind)
        result = run("build", "a.md", option, "x.apkg")
        assert (result.exit_code, one_line(result.stderr)) == (2, f"x.apkg: error: {problem}")

    @pytest.mark.parametrize("kind", ["pipe", "socket", "/dev/zero", "/dev/full", "loop", "one", "lost", "folder"])
    def test_as_ledger(self, kind: str, run: Run, here: Path) -> None:
        (here / "a.ledger.jsonl").symlink_to(kind)
        result = run("build", "a.md")
        assert result.exit_code == 2
        assert "a.ledger.jsonl: error: " in one_line(result.stderr)
        assert not (here / "a.apkg").exists()

    @pytest.mark.parametrize("kind", ["loop", "lost", "folder"])
    def test_as_preview(self, kind: str, run: Run, here: Path) -> None:
        (here / "x.html").symlink_to(kind)
        result = run("preview", "a.md", "-o", "x.html")
        assert result.exit_code == 2
        assert one_line(result.stderr).startswith("x.html: error: ")

    def test_a_folder_that_holds_itself(self, run: Run, here: Path, manifest: Callable[..., Path]) -> None:
        (here / "content").mkdir()
        (here / "content/a.md").write_text(TOPIC)
        (here / "content/again").symlink_to("../content")
        manifest("sources: ['**/*.md']", without=("sources",))
        assert run("build").exit_code == 0
        assert len(guids("decks/x.apkg")) == 2


@pytest.mark.parametrize("target", ["./a.md", "sub/../a.md", "../here/a.md", "sub/../sub/../a.md"])
def test_every_way_to_a_file_leads_to_the_same_deck(target: str, run: Run, write: Write, here: Path) -> None:
    write("sub/b.md", TOPIC)
    run("build", write("a.md", TOPIC))
    before = tree(here)
    for way in (target, here / target):
        assert run("build", way).exit_code == 0
        assert tree(here) == before


NOBODY = 65534
# Runs a command as another user, since root may write everything; what it imports may be readable for root alone.
AS_NOBODY = f"""
import os, sys
import importlib, pkgutil
import primer_anki
from primer_anki.cli import main
for module in pkgutil.walk_packages(primer_anki.__path__, "primer_anki."):  # nobody may read what comes later
    module.name.endswith("__main__") or importlib.import_module(module.name)
os.environ["PRIMER_ANKI_CACHE"] = ""
os.setgid({NOBODY})
os.setuid({NOBODY})
main()
"""


class TestWriting:
    @pytest.fixture
    def public(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """A folder, in which the test stands, that every user may enter."""
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            monkeypatch.chdir(folder)
            yield Path(folder)

    @pytest.mark.parametrize("limit", [1, 4096, 16_000])
    def test_a_disk_that_fills_up_on_the_way(self, limit: int, run: Run, write: Write, here: Path) -> None:
        run("build", write("a.md", TOPIC))
        write("a.md", LONG)
        before = tree(here)
        ended = subprocess.run(
            [*PROGRAM, "build", "a.md"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        assert (ended.returncode, one_line(ended.stderr)) == (2, "a.apkg: error: cannot write: file too large")
        assert tree(here) == before
        assert run("build", "a.md").exit_code == 0
        settled("a")

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
    @pytest.mark.parametrize("what", ["folder", "deck", "ledger"])
    def test_what_may_not_be_written(self, what: str, public: Path, run: Run) -> None:
        """A read-only folder refuses the build; a file is replaced, not written, and keeps its own permissions."""
        (public / "out").mkdir()
        (public / "out/a.md").write_text(TOPIC)
        run("build", "out/a.md")
        (public / "out/a.md").write_text(TOPIC + "\n**Miss** - a request that the cache cannot answer\n")
        before = tree(public)
        for path in (public / "out", *(public / "out").iterdir()):
            os.chown(path, NOBODY, NOBODY)
        locked = {"folder": "out", "deck": "out/a.apkg", "ledger": "out/a.ledger.jsonl"}[what]
        mode = 0o555 if what == "folder" else 0o444
        os.chmod(locked, mode)
        ended = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, "build", "out/a.md"], capture_output=True, text=True, check=False
        )
        if what == "folder":
            assert ended.returncode == 2
            assert one_line(ended.stderr) == "out/a.apkg: error: the output's folder cannot be written: out"
            assert tree(public) == before
        else:
            assert (ended.returncode, ended.stderr) == (0, "")
            assert len(guids("out/a.apkg")) == 3
        assert os.stat(locked).st_mode & 0o777 == mode

    def test_a_new_file_obeys_the_umask(self, run: Run, write: Write, here: Path) -> None:
        old = os.umask(0o027)
        try:
            run("build", write("a.md", TOPIC))
        finally:
            os.umask(old)
        assert {(here / name).stat().st_mode & 0o777 for name in ("a.apkg", "a.ledger.jsonl")} == {0o640}

    def test_an_output_on_another_file_system(self, run: Run, write: Write, tmp_path: Path) -> None:
        shared = Path("/dev/shm")
        if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("no second file system here")
        folder = shared / f"primer-anki-test-{os.getpid()}"
        folder.mkdir()
        try:
            assert run("build", write("a.md", TOPIC), "-o", folder / "a.apkg").exit_code == 0
            assert sorted(path.name for path in folder.iterdir()) == ["a.apkg", "a.ledger.jsonl"]
        finally:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()


class TestReading:
    """The author's editor saves while a build reads."""

    def test_a_file_that_keeps_changing_is_named(
        self, run: Run, write: Write, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write("a.md", TOPIC)
        read = Path.read_bytes

        def saved_meanwhile(self: Path) -> bytes:
            data = read(self)
            with self.open("ab") as file:
                file.write(b"more\n")
            return data

        monkeypatch.setattr(Path, "read_bytes", saved_meanwhile)
        result = run("build", path)
        assert (result.exit_code, one_line(result.stderr)) == (2, "a.md: error: the file changes while it is read")
        assert {path.name for path in here.iterdir()} == {"a.md"}

    def test_a_file_that_was_saved_once_meanwhile_is_read_again(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write("a.md", TOPIC)
        read, new = Path.read_bytes, iter([EDITED.encode()])

        def saved_meanwhile(self: Path) -> bytes:
            data = read(self)[:20]  # torn
            for content in new:
                self.write_bytes(content)
                return data
            return read(self)

        monkeypatch.setattr(Path, "read_bytes", saved_meanwhile)
        assert files.read_bytes(path) == EDITED.encode()

    def test_a_file_that_disappears_is_named(
        self, run: Run, write: Write, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write("a.md", TOPIC)
        read = Path.read_bytes

        def removed(self: Path) -> bytes:
            self.unlink()
            return read(self)

        monkeypatch.setattr(Path, "read_bytes", removed)
        result = run("build", path)
        assert (result.exit_code, result.stderr) == (2, "a.md: error: cannot read: no such file or directory\n")
        assert list(here.iterdir()) == []


class TestClock:
    @pytest.mark.parametrize("seconds", [10, DAY, 365 * DAY, 50 * 365 * DAY])
    def test_a_clock_set_back_stops_a_changed_build(
        self, seconds: int, run: Run, write: Write, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = time.time()
        run("build", write("a.md", TOPIC))
        write("a.md", EDITED)
        before = tree(here)
        monkeypatch.setattr(time, "time", lambda: now - seconds)
        result = run("build", "a.md")
        assert result.exit_code == 2
        assert one_line(result.stderr) == "error: the clock stands at or before the last build of this deck"
        assert tree(here) == before
        monkeypatch.undo()
        monkeypatch.chdir(here)
        monkeypatch.setattr(time, "time", lambda: now + 2)
        assert run("build", "a.md").exit_code == 0

    @pytest.mark.parametrize("now", [0, 1, 2**31 - 1, 2**32, 4_102_444_800], ids=str)
    def test_an_unchanged_deck_does_not_mind_the_clock(
        self, now: int, run: Run, write: Write, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run("build", write("a.md", TOPIC))
        before = tree(here)
        monkeypatch.setattr(time, "time", lambda: float(now))
        assert run("build", "a.md").exit_code == 0
        assert tree(here) == before

    @pytest.mark.parametrize("now", [1, 2**31 - 1, 2**32, 4_102_444_800], ids=str)
    def test_a_new_deck_can_be_built_at_any_time(
        self, now: int, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(time, "time", lambda: float(now))
        assert run("build", write("a.md", TOPIC)).exit_code == 0
        assert {note.changed for note in package.read(Path("a.apkg").read_bytes(), "").notes} == {now}

    @pytest.mark.parametrize("value", ["0", "1", "9" * 18])
    def test_the_ends_of_source_date_epoch(
        self, value: str, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
        assert run("build", write("a.md", TOPIC)).exit_code == 0
        settled("a")

    @pytest.mark.parametrize("value", ["-1", "1e9", " ", "9" * 19, "1.5", "²"])
    def test_no_source_date_epoch(self, value: str, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
        result = run("build", write("a.md", TOPIC))
        assert (result.exit_code, one_line(result.stderr)) == (
            2,
            f"error: SOURCE_DATE_EPOCH is `{value}`: expected seconds since 1970",
        )


class TestStreamsAndEnvironment:
    @pytest.mark.parametrize(
        ("redirect", "code"),
        [("2>&-", 0), (">&-", 0), (">&- 2>&-", 0), (">/dev/full", 2), ("<&-", 0)],
        ids=["stderr closed", "stdout closed", "both closed", "stdout full", "stdin closed"],
    )
    def test_streams(self, redirect: str, code: int, write: Write) -> None:
        write("a.md", TOPIC)
        command = " ".join(PROGRAM)
        ended = subprocess.run(["sh", "-c", f"{command} build a.md {redirect}"], capture_output=True, check=False)
        assert (ended.returncode, b"Traceback" in ended.stderr) == (code, False)
        settled("a")

    def test_a_reader_that_goes_away(self, write: Write) -> None:
        write("a.md", LONG)
        ended = subprocess.run(
            ["sh", "-c", f"{' '.join(PROGRAM)} cards a.md | head -n 1"], capture_output=True, text=True, check=False
        )
        assert (ended.stdout.count("\n"), ended.stderr) == (1, "")

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "environment",
        [
            {"HOME": None},
            {"HOME": "/nonexistent"},
            {"TMPDIR": "/nonexistent"},
            {"TMPDIR": "/proc"},
            {"COLUMNS": "1", "LINES": "1"},
            {"COLUMNS": "0"},
            {"COLUMNS": "wide"},
            {"PATH": None, "LANG": None, "TERM": None},
        ],
        ids=str,
    )
    def test_environment(self, environment: Mapping[str, str | None], run: Run, write: Write) -> None:
        write("a.md", TOPIC)
        merged = {**os.environ, **environment}
        env = {name: value for name, value in merged.items() if value is not None}
        ended = subprocess.run([*PROGRAM, "build", "a.md"], env=env, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.slow
class TestAtOnce:
    def test_builds_of_one_target(self, write: Write, here: Path) -> None:
        write("a.md", TOPIC)
        _all_good([*PROGRAM, "build", "a.md"] for _ in range(5))
        settled("a")
        assert {path.name for path in here.iterdir()} == {"a.md", "a.apkg", "a.ledger.jsonl"}

    def test_builds_of_different_targets_in_one_folder(self, write: Write, here: Path) -> None:
        names = ["a", "b", "a.b"]
        _all_good([*PROGRAM, "build", write(f"{name}.md", TOPIC).name] for name in names)
        for name in names:
            settled(name)
        assert len(list(here.iterdir())) == 3 * len(names)

    def test_previews_of_one_page(self, write: Write, here: Path) -> None:
        write("a.md", TOPIC)
        _all_good([*PROGRAM, "preview", "a.md"] for _ in range(3))
        assert {path.name for path in here.iterdir()} == {"a.md", "preview.html"}


def _all_good(commands: Iterator[list[str]]) -> None:
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) for command in commands]
    assert [(each.communicate(timeout=120)[1], each.returncode) for each in running] == [(b"", 0)] * len(running)


# Interrupts itself when a given function is called for the first time, as a hand on Ctrl-C would.
INTERRUPTED = """
import importlib, os, signal, sys
from primer_anki import cli
module, name = sys.argv.pop(1).rsplit(".", 1)
owner = importlib.import_module(module)
call = getattr(owner, name)
def interrupted(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGINT)
    return call(*args, **kwargs)
setattr(owner, name, interrupted)
cli.main()
"""


@pytest.mark.parametrize(
    "phase",
    [
        "primer_anki.targets.resolve",
        "primer_anki.build.gather",
        "primer_anki.build.Readings",
        "primer_anki.identity.identify.identify_all",
        "primer_anki.deck.package.pack",
        "primer_anki.build.write",
        "os.fsync",
        "os.replace",
        "primer_anki.identity.store.save",
        "primer_anki.report.said",
    ],
)
def test_ctrl_c_in_each_phase(phase: str, run: Run, write: Write, here: Path) -> None:
    run("build", write("a.md", TOPIC))
    known = guids("a.apkg")
    write("a.md", TOPIC + "\n**Miss** - a request that the cache cannot answer\n")
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, phase, "build", "a.md"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr.strip()) == (1, "Aborted!")
    assert {path.name for path in here.iterdir()} == {"a.md", "a.apkg", "a.ledger.jsonl"}
    assert set(known.items()) <= set(guids("a.apkg").items())
    assert run("build", "a.md").exit_code == 0
    assert set(known.items()) <= set(guids("a.apkg").items())
    settled("a")


@pytest.mark.slow
def test_killed_at_any_moment(write: Write, run: Run, here: Path) -> None:
    """Again and again, at moments that nobody chose; the learner's notes stay the learner's."""
    run("build", write("a.md", LONG))
    known = guids("a.apkg")
    chance = random.Random(20261127)
    for round_ in range(40):
        write("a.md", LONG.replace(f"number {round_} of", f"number {round_} on"))
        running = subprocess.Popen([*PROGRAM, "build", "a.md"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.1, 1.2))
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert guids("a.apkg") == known
        settled("a")
    assert run("build", "a.md").exit_code == 0
    assert guids("a.apkg") == known
    assert {path.name for path in here.iterdir()} == {"a.md", "a.apkg", "a.ledger.jsonl"}
