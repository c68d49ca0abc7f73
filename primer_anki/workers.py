"""Processes that make bytes of jobs, side by side; nothing here knows of what.

What they cannot make – the job is at fault, or the system has ended one of them – comes back empty, so that whoever
asked makes it himself and sees what is wrong.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

Job = TypeVar("Job")

_AHEAD = 2
"""Jobs that a process has at a time, so that it never waits for the next one."""


def cores() -> int:
    """How many processes run at once here."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether a process may be split in two: it starts at once then. Not beside threads, and not on macOS."""
    return sys.platform == "linux" and threading.active_count() == 1


def _nothing() -> None:
    """What a process learns that knows all it needs."""


class Workers(Generic[Job]):
    """Some processes at work on jobs. They end when they are closed, or with the process that started them."""

    def __init__(self, make: Callable[[Job], bytes], learn: Callable[[], None] = _nothing) -> None:
        """`learn`: what each process does once, before it has jobs."""
        self._make = make
        self._learn = learn
        self._jobs: Sequence[Job] = ()
        self._left: deque[int] = deque()
        self._given: dict[Connection, deque[int]] = {}
        """To whom which jobs were given, oldest first."""
        self._made: dict[int, bytes] = {}
        self._processes: list[BaseProcess] = []

    def start(self, processes: int) -> None:
        """Have at least so many processes, as far as the system has them: they begin to learn."""
        with suppress(OSError):  # no more to be had
            while len(self._processes) < processes:
                self._start()

    def _start(self) -> None:
        forks = can_fork()
        context = multiprocessing.get_context("fork" if forks else "spawn")
        ours, theirs = context.Pipe()
        others = (*self._given, ours) if forks else ()
        args = (self._make, self._learn, theirs, others)
        process = context.Process(target=_work, args=args, daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        self._processes.append(process)
        self._given[ours] = deque()

    def give(self, jobs: Sequence[Job]) -> None:
        """Let the processes begin. They are given all jobs now, so that later on numbers alone are sent."""
        self._jobs = jobs
        self._left.extend(range(len(jobs)))
        for connection in list(self._given):
            try:
                connection.send(jobs)
                self._give(connection)
            except OSError:
                self._lose(connection)

    def __iter__(self) -> Iterator[bytes]:
        """What is made of each job, in their order."""
        for number in range(len(self._jobs)):
            while number not in self._made and self._is_expected(number):
                for connection in wait(list(self._given)):
                    self._take(connection)  # type: ignore[arg-type]
            yield self._made.pop(number, b"")

    def close(self) -> None:
        """End all processes, whatever they do."""
        unfinished = not self._jobs or any(self._given.values())
        for connection in self._given:
            connection.close()
        self._given.clear()
        for process in self._processes:
            if unfinished:
                process.terminate()
            process.join()

    def _is_expected(self, number: int) -> bool:
        return any(number in given for given in self._given.values()) or (bool(self._given) and number in self._left)

    def _give(self, connection: Connection) -> None:
        given = self._given[connection]
        while self._left and len(given) < _AHEAD:
            given.append(self._left.popleft())
            connection.send(given[-1])

    def _take(self, connection: Connection) -> None:
        try:
            self._made[self._given[connection].popleft()] = connection.recv_bytes()
            self._give(connection)
        except (OSError, EOFError):
            self._lose(connection)

    def _lose(self, connection: Connection) -> None:
        """A process is no more: its jobs stay undone."""
        connection.close()
        del self._given[connection]


def _work(
    make: Callable[[Job], bytes], learn: Callable[[], None], connection: Connection, others: Sequence[Connection]
) -> None:
    """The life of a process. Ctrl-C is for whoever started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:
        other.close()  # or it would not be told that its starter is no more
    with suppress(Exception):  # it shows with the jobs
        learn()
    gc.freeze()
    gc.disable()  # a job's garbage is looked for once, behind it, and what stood here before never
    with suppress(OSError, EOFError):
        jobs: Sequence[Job] = connection.recv()
        while True:
            number = connection.recv()
            try:
                made = make(jobs[number])
            except Exception:  # the job's, told by whoever makes it again
                made = b""
            connection.send_bytes(made)
            gc.collect(0)
