"""`preview` and `watch`: what they write, and what they leave alone."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from primer_anki import watch
from primer_anki.targets import resolve
from tests.conftest import TOPIC, Run, Write
from tests.preview.pages import data, planned

PATIENCE = 20.0
"""Seconds: a change is seen in half a second, but machines may be busy."""


class TestPreview:
    def test_writes_the_page_and_nothing_else(self, run: Run, write: Write, here: Path) -> None:
        result = run("preview", write("notes.md", TOPIC))
        assert (result.exit_code, result.stdout) == (0, "preview.html\n")
        assert sorted(path.name for path in here.iterdir()) == ["notes.md", "preview.html"]

    def test_to_another_place(self, run: Run, write: Write, here: Path) -> None:
        (here / "out").mkdir()
        assert run("preview", write("notes.md", TOPIC), "-o", "out/cards.html").exit_code == 0
        (topic,) = data((here / "out" / "cards.html").read_text())["topics"]
        assert (topic["path"], topic["href"]) == ("notes.md", "../notes.md")

    def test_opens_it(self, run: Run, write: Write, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[str] = []
        monkeypatch.setattr("click.launch", opened.append)
        assert run("preview", write("notes.md", TOPIC), "--open").exit_code == 0
        assert opened == [(here / "preview.html").as_uri()]

    def test_unreadable_input_writes_nothing(self, run: Run, here: Path) -> None:
        assert run("preview", "missing.md").exit_code == 2
        assert not list(here.iterdir())

    def test_a_deck_that_was_built_keeps_its_ids(self, run: Run, write: Write, here: Path) -> None:
        path = write("notes.md", TOPIC)
        run("build", path)
        ledger = (here / "notes.ledger.jsonl").read_text()
        run("preview", path)
        assert all(card["guid"] in ledger for card in data((here / "preview.html").read_text())["cards"])
        assert (here / "notes.ledger.jsonl").read_text() == ledger


@dataclass
class Watched:
    """A watch that runs in a thread."""

    said: Queue[str]
    port: int

    def hears(self, line: str) -> None:
        """Wait until the watch says this."""
        while self.said.get(timeout=PATIENCE) != line:
            pass

    def page(self) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", "/")
        return data(connection.getresponse().read().decode())


Start = Callable[[Path], Watched]


@pytest.fixture
def start(here: Path) -> Iterator[Start]:
    """Watch a target until the test ends."""
    stop = Event()
    threads: list[Thread] = []

    def start(target: Path) -> Watched:
        said: Queue[str] = Queue()
        arguments = (lambda: (resolve(target),), lambda manifests: planned(target), said.put, 0, stop)
        threads.append(Thread(target=watch.watch, args=arguments))
        threads[-1].start()
        address = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", said.get(timeout=PATIENCE))
        assert address is not None
        return Watched(said, int(address[1]))

    yield start
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


MORE = f"{TOPIC}\n**Miss** - a request that the cache cannot answer\n"


class TestWatch:
    def test_a_change_is_shown(self, start: Start, write: Write) -> None:
        watched = start(write("notes.md", TOPIC))
        watched.hears("2 notes")
        write("notes.md", MORE)
        watched.hears("3 notes")
        assert len(watched.page()["cards"]) == 3

    def test_nothing_is_written(self, start: Start, write: Write, here: Path) -> None:
        watched = start(write("notes.md", TOPIC))
        watched.hears("2 notes")
        write("notes.md", MORE)
        watched.hears("3 notes")
        assert [path.name for path in here.iterdir()] == ["notes.md"]

    def test_a_new_file_in_a_new_folder_is_shown(self, start: Start, write: Write) -> None:
        write("topics/a.md", TOPIC)
        watched = start(Path("topics"))
        watched.hears("2 notes")
        write("topics/more/b.md", "# DNS\n\n**Zone** - a part of the name space\n")
        watched.hears("3 notes")
        write("topics/more/c.md", "# TLS\n\n**Record** - a piece of the stream\n")
        watched.hears("4 notes")

    def test_an_error_stands_above_the_last_cards(self, start: Start, write: Write) -> None:
        watched = start(write("notes.md", TOPIC))
        watched.hears("2 notes")
        write("notes.md", b"\xff\xfe")
        watched.hears("notes.md: error: the file is UTF-16\n    hint: save it as UTF-8")
        assert watched.page()["problem"].startswith("notes.md: error: the file is UTF-16")
        assert len(watched.page()["cards"]) == 2
        write("notes.md", MORE)
        watched.hears("3 notes")
        assert watched.page()["problem"] == ""

    def test_an_error_at_the_start_is_shown_too(self, start: Start, write: Write) -> None:
        watched = start(write("notes.md", ""))
        assert watched.page()["problem"].startswith("notes.md: error: the file is empty")
        write("notes.md", TOPIC)
        watched.hears("2 notes")

    def test_an_edited_manifest_counts(self, start: Start, write: Write, manifest: Callable[..., Path]) -> None:
        write("content/a.md", TOPIC)
        watched = start(manifest())
        watched.hears("2 notes")
        manifest("pattern: []")
        assert "unknown key `pattern`" in watched.said.get(timeout=PATIENCE)
        manifest("patterns: [question]")
        assert "no cards found" in watched.said.get(timeout=PATIENCE)
        assert len(watched.page()["cards"]) == 2


def test_a_target_that_is_missing_ends_it(run: Run) -> None:
    assert run("watch", "missing.md").exit_code == 2


def test_ctrl_c_ends_it_cleanly(write: Write, here: Path) -> None:
    write("notes.md", TOPIC)
    command = [sys.executable, "-m", "primer_anki", "watch", "notes.md"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline().startswith("http://127.0.0.1:")
        assert program.stdout.readline() == "2 notes\n"
        time.sleep(0.2)
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=PATIENCE) == 0
        assert program.stderr.read() == ""
