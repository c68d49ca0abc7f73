"""What each file of a deck gives by itself: from the cache, or made anew, on all cores where that is worth it.

It depends on the file's name and text, the deck's options and limits, and this program; on nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import wait

from primer_anki import cache, codec, program
from primer_anki.lint.seen import Seen
from primer_anki.parser.extraction import Extraction, Options
from primer_anki.sources import Source

WORTH_PROCESSES = 150_000
"""Characters of new text: more work than it takes to start processes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gives."""

    extraction: Extraction
    seen: tuple[Seen | None, ...]
    """What the rules saw of each draft; None for one with pictures, which are looked for later."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a deck asks of all its files."""

    options: Options = field(default_factory=Options)
    limits: Mapping[str, float] = field(default_factory=dict)
    """Numbers of lint rules by id."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A file that must be read anew."""

    source: Source
    rules: Rules
    entry: str
    """Its name in the cache; empty where nothing is kept."""


def readings(sources: Iterable[Source], rules: Rules) -> Iterator[Reading]:
    """What the sources give, in their order. Raises the PrimerError of the first one that gives nothing."""
    found: list[Reading | _Job] = []
    family = _family(rules)
    for source in sources:
        entry = cache.name_of(family, source.name, source.text) if family else ""
        found.append(_kept(entry) or _Job(source, rules, entry))
    jobs = [each for each in found if isinstance(each, _Job)]
    with closing(_made(jobs)) as made:
        for each in found:
            yield each if isinstance(each, Reading) else next(made)
    if jobs:
        cache.tidy()


def _family(rules: Rules) -> str:
    """What all files of a deck have in common in the cache; empty where nothing is kept."""
    this = program.fingerprint() if cache.folder() else ""
    return cache.name_of("reading", this, codec.encode((rules.options, dict(rules.limits)))) if this else ""


def _kept(entry: str) -> Reading | None:
    data = cache.load(entry) if entry else None
    try:
        return codec.decode(data, Reading) if data is not None else None
    except ValueError:
        return None


def _made(jobs: Sequence[_Job]) -> Generator[Reading]:
    """The readings of the jobs, in their order."""
    workers = min(_cores(), len(jobs))
    if workers > 1 and sum(len(job.source.text) for job in jobs) >= WORTH_PROCESSES:
        yield from _made_apart(jobs, workers)
    else:
        yield from map(_made_here, jobs)


def _made_here(job: _Job) -> Reading:
    reading = _make(job)
    _keep(job, reading)
    return reading


def _make(job: _Job) -> Reading:
    from primer_anki.lint.engine import look
    from primer_anki.parser.extract import extract

    extraction = extract(job.source.text, job.source.name, job.rules.options)
    whole = [draft for draft in extraction.drafts if not draft.has_pictures]
    seen = iter(look(whole, (extraction.page,), job.rules.limits))
    return Reading(extraction, tuple(None if draft.has_pictures else next(seen) for draft in extraction.drafts))


def _keep(job: _Job, reading: Reading) -> bytes | None:
    """Put a reading into the cache; its bytes, None for text that is no Unicode."""
    try:
        data = codec.encode(reading)
    except ValueError:
        return None
    if job.entry:
        cache.store(job.entry, data)
    return data


# — processes —


def _made_apart(jobs: Sequence[_Job], workers: int) -> Iterator[Reading]:
    """The same by processes of our own. What one of them cannot give is made here."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # A fork starts at once and knows all that is imported; but not beside threads, and not on macOS.
    forks = sys.platform == "linux" and threading.active_count() == 1
    if forks:
        from primer_anki.parser import extract  # noqa: F401
    context = multiprocessing.get_context("fork" if forks else "spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin)
    try:
        results = [pool.submit(_bytes, job) for job in jobs]
        for job, result in zip(jobs, results, strict=True):
            try:
                data = result.result()
            except BrokenProcessPool:  # the system has killed one
                data = None
            yield codec.decode(data, Reading) if data is not None else _made_here(job)
    finally:
        pool.shutdown(cancel_futures=True)


def _bytes(job: _Job) -> bytes | None:
    return _keep(job, _make(job))


def _begin() -> None:
    """A worker: Ctrl-C is for whoever started it, and without him it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
