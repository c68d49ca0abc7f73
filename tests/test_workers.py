"""Processes that share the work: what comes of it is what one alone would make."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from primer_anki import cache, reading, workers
from primer_anki.reading import Readings, Rules
from primer_anki.sources import Source
from primer_anki.workers import Workers
from tests.conftest import TOPIC, Run, Write


@pytest.fixture(params=["fork", "spawn"])
def started(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two processes for any amount of work, started in either way."""
    if request.param == "fork" and not workers.can_fork():
        pytest.skip("no process can be split in two here")
    monkeypatch.setattr(workers, "can_fork", lambda: request.param == "fork")
    monkeypatch.setattr(reading, "cores", lambda: 2)
    monkeypatch.setattr(reading, "WORTH_PROCESSES", 0)
    return str(request.param)


def shout(job: str) -> bytes:
    if job == "at fault":
        raise ValueError(job)
    if job == "deadly":
        os._exit(1)
    return job.upper().encode() * 100_000  # more than a pipe holds


def made(jobs: list[str], processes: int = 2) -> list[bytes]:
    with closing(Workers[str](shout)) as at_work:
        at_work.start(processes)
        at_work.give(jobs)
        return [result[:7] for result in at_work]


def test_results_come_in_the_order_of_the_jobs(started: str) -> None:
    jobs = [f"job {number:03}" for number in range(40)]
    assert made(jobs) == [job.upper().encode() for job in jobs]


def test_what_cannot_be_made_comes_back_empty(started: str) -> None:
    assert made(["job 001", "at fault", "job 003"]) == [b"JOB 001", b"", b"JOB 003"]
    assert made(["deadly", "job 002"], 1) == [b"", b""]
    assert made(["job 001"], 0) == [b""]


def test_where_no_process_can_be_had_all_comes_back_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(workers, "can_fork", lambda: True)
    monkeypatch.setattr(os, "fork", none_left)
    assert made(["job 001", "job 002"]) == [b"", b""]


def test_closing_ends_all_processes(started: str) -> None:
    at_work = Workers[float](nap)
    at_work.start(2)
    at_work.give([60.0] * 6)
    processes = at_work._processes
    assert [process.is_alive() for process in processes] == [True, True]
    at_work.close()
    assert [process.is_alive() for process in processes] == [False, False]


def nap(seconds: float) -> bytes:
    time.sleep(seconds)
    return b"rested"


ORPHANS = """
import os, signal, time
from primer_anki.workers import Workers
from tests.test_workers import nap
if __name__ == "__main__":
    at_work = Workers(nap)
    at_work.start(2)
    at_work.give([0.2] * 100)
    print(*(process.pid for process in at_work._processes), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_processes_end_with_the_one_that_started_them() -> None:
    root = Path(__file__).parent.parent
    started = subprocess.run([sys.executable, "-c", ORPHANS], cwd=root, capture_output=True, text=True, check=False)
    assert started.returncode == -signal.SIGKILL
    until = time.monotonic() + 20
    orphans = [int(pid) for pid in started.stdout.split()]
    assert len(orphans) == 2
    while any(map(is_running, orphans)):
        assert time.monotonic() < until, "a process outlives its starter"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


# — readings —


def sources(count: int = 12) -> Iterator[Source]:
    return (Source(f"{n}.md", TOPIC.replace("Caching", f"Caching {n}")) for n in range(count))


def readings(given: Iterator[Source]) -> list[reading.Reading]:
    with closing(Readings(given, Rules())) as found:
        return list(found)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[reading.Reading]:
    """What one process makes without a cache."""
    with monkeypatch.context() as patch:
        patch.setenv(cache.VARIABLE, "")
        patch.setattr(reading, "cores", lambda: 1)
        return readings(sources())


def test_several_processes_read_as_one(alone: list[reading.Reading], started: str) -> None:
    assert readings(sources()) == alone
    assert readings(sources()) == alone  # from the cache now


def test_what_is_kept_broken_or_missing_comes_in_its_order(alone: list[reading.Reading], started: str) -> None:
    readings(sources())
    folder = cache.folder()
    assert folder
    for at, entry in enumerate(sorted(path for path in folder.iterdir() if len(path.name) == 64)):
        if at % 3 == 1:
            entry.write_bytes(b"garbage")
        elif at % 3 == 2:
            entry.unlink()
    for _ in range(2):
        assert readings(sources()) == alone


def test_a_process_that_ends_is_made_up_for(
    alone: list[reading.Reading], started: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_bytes", end_at_once)
    assert readings(sources()) == alone


def end_at_once(job: object) -> bytes:
    os._exit(1)


def test_the_first_problem_is_told(started: str, run: Run, write: Write) -> None:
    for number in range(8):
        broken = "---\nlevel: high\n---\n" if number in (3, 5) else ""
        write(f"d/{number}.md", broken + TOPIC)
    write("d/9.md", b"\xff\xfe")
    result = run("build", "d")
    assert result.exit_code == 2
    assert result.stderr.startswith("d/3.md:1: error: `level` is `high`")


def test_a_build_is_the_same_on_any_number_of_cores(
    started: str, run: Run, write: Write, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for source in sources():
        write(f"d/{source.name}", source.text)
    shared = run("build", "d"), (here / "d.apkg").read_bytes(), (here / "d.ledger.jsonl").read_bytes()
    for name in ("d.apkg", "d.ledger.jsonl"):
        (here / name).unlink()
    monkeypatch.setenv(cache.VARIABLE, "")
    monkeypatch.setattr(reading, "cores", lambda: 1)
    one = run("build", "d"), (here / "d.apkg").read_bytes(), (here / "d.ledger.jsonl").read_bytes()
    assert (one[0].stdout, *one[1:]) == (shared[0].stdout, *shared[1:])


def test_little_work_needs_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "")
    monkeypatch.setattr(reading, "cores", lambda: 2)
    assert processes(3) == 0
    monkeypatch.setattr(reading, "WORTH_PROCESSES", 0)
    assert [processes(files) for files in (3, 1, 0)] == [2, 1, 0]
    monkeypatch.setattr(reading, "cores", lambda: 1)
    assert processes(3) == 0


def processes(files: int) -> int:
    """How many read so many files."""
    with closing(Readings(sources(files), Rules())) as found:
        list(found)
        return len(found._workers._processes)


def test_only_once_another_process_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small decks learn to read once here, and not in a process each."""
    monkeypatch.setenv(cache.VARIABLE, "")
    monkeypatch.setattr(reading, "cores", lambda: 2)
    monkeypatch.setattr(reading, "can_fork", lambda: True)
    monkeypatch.setattr(reading, "_PARSER", "not.yet.imported")
    monkeypatch.setattr(reading, "_SENT_TO_LEARN", [])
    assert [processes(files) for files in (0, 2, 2, 2)] == [1, 1, 0, 0]


def test_beside_threads_no_process_is_split() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    assert not workers.can_fork()
    done.set()
    thread.join()
