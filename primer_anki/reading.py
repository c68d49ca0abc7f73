"""What each file of a deck gives by itself: from the cache, or made anew, on all cores where that is worth it.

It depends on the file's name and text, the deck's options and limits, and this program; on nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from primer_anki import cache, codec, program
from primer_anki.lint.seen import Seen
from primer_anki.model import Draft, Face
from primer_anki.parser.extraction import Extraction, Options
from primer_anki.sources import Source
from primer_anki.value import Value, replace
from primer_anki.workers import Workers, can_fork, cores

_PARSER = "primer_anki.parser.extract"
WORTH_PROCESSES = 150_000
"""Characters of new text: more work than it takes to start processes."""


_SENT_TO_LEARN: list[bool] = []
"""Filled once another process has learnt to read for this one. The next deck's files are worth to learn it here: many
small decks would else start a process each, and each would learn anew."""


class Reading(Value, frozen=True):
    """What one file gives."""

    extraction: Extraction
    seen: tuple[Seen, ...]
    """What the rules see of each draft if its pictures are there."""
    faces: tuple[Face, ...]
    """What identity sees of each draft as it stands here: with the names of pictures that the author gave."""
    pictures: tuple[int, ...]
    """How many each draft shows."""


class Rules(Value, frozen=True):
    """What a deck asks of all its files."""

    options: Options = Options()
    limits: Mapping[str, float] = {}
    """Numbers of lint rules by id."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A file to be read."""

    source: Source
    rules: Rules
    entry: str
    """Its name in the cache; empty where nothing is kept."""
    kept: bool
    """Whether the cache seems to have it."""


class Readings:
    """What the sources give, in their order. Processes may be at work from the beginning: close it in any case."""

    def __init__(self, sources: Iterable[Source], rules: Rules) -> None:
        self._workers = Workers(_bytes, _learn)
        early = _has_yet_to_learn() and cores() > 1
        if early:
            self._workers.start(1)
        family = _family(rules)
        self._jobs = [_job(source, rules, family) for source in sources]
        self._new = [job for job in self._jobs if not job.kept]
        self._workers.start(_processes(self._new))
        self._workers.give(self._new)
        if early and self._new:
            _SENT_TO_LEARN.append(True)
        self._words: dict[frozenset[str], frozenset[str]] = {}

    @cached_property
    def kept(self) -> Sequence[Reading | None]:
        """What the cache gives; None for what turned out to be damaged. Meanwhile other processes are at work."""
        return [self._shared(cache.load(job.entry)) for job in self._jobs if job.kept]

    def __iter__(self) -> Iterator[Reading]:
        """Raises the PrimerError of the first source that gives nothing."""
        kept = iter(self.kept)
        made = iter(self._workers)
        for job in self._jobs:
            yield (next(kept) if job.kept else self._shared(next(made))) or self._made_here(job)

    def _shared(self, data: bytes | None) -> Reading | None:
        reading = _decoded(data)
        return reading and self._sharing(reading)

    def _made_here(self, job: _Job) -> Reading:
        reading = _make(job)
        _keep(job, reading)
        return self._sharing(reading)

    def _sharing(self, reading: Reading) -> Reading:
        """The same with each text once, and one set of a language's words for all files: they would fill the memory."""
        page = reading.extraction.page
        small = self._words.setdefault(page.small_words, page.small_words)
        extraction = replace(reading.extraction, page=replace(page, small_words=small))
        faces = tuple(map(_beside, reading.faces, extraction.drafts))
        return replace(reading, extraction=extraction, faces=faces)

    def close(self) -> None:
        """End what is still at work."""
        self._workers.close()
        if self._new:
            cache.tidy()


def _job(source: Source, rules: Rules, family: str) -> _Job:
    entry = cache.name_of(family, source.name, source.text) if family else ""
    return _Job(source, rules, entry, bool(entry) and cache.holds(entry))


def _beside(face: Face, draft: Draft) -> Face:
    """The same face, its texts those of the draft."""
    answer = draft.answer if draft.answer == face.answer else face.answer
    return replace(face, file=draft.place.file, question=draft.question, answer=answer)


def _family(rules: Rules) -> str:
    """What all files of a deck have in common in the cache; empty where nothing is kept."""
    this = program.fingerprint() if cache.folder() else ""
    return cache.name_of("reading", this, codec.canonical((rules.options, dict(rules.limits)))) if this else ""


def _decoded(data: bytes | None) -> Reading | None:
    try:
        return codec.decode(data, Reading) if data else None
    except ValueError:
        return None


def _processes(jobs: Sequence[_Job]) -> int:
    """How many processes are worth their start."""
    worth = sum(len(job.source.text) for job in jobs) >= WORTH_PROCESSES
    return min(cores(), len(jobs)) if worth and cores() > 1 else 0


def _has_yet_to_learn() -> bool:
    """Whether this process would have to learn to read. Another one may do so while this one looks up what is kept."""
    return can_fork() and not _SENT_TO_LEARN and _PARSER not in sys.modules


def _learn() -> None:
    """Import what it takes to read."""
    import primer_anki.deck.view
    import primer_anki.identity.faces
    import primer_anki.lint.engine
    import primer_anki.parser.extract  # noqa: F401


def _make(job: _Job) -> Reading:
    from primer_anki.deck import view
    from primer_anki.identity.faces import of_drafts
    from primer_anki.lint.engine import look
    from primer_anki.parser.extract import extract

    found = extract(job.source.text, job.source.name, job.rules.options)
    return Reading(
        extraction=replace(found, drafts=tuple([replace(each, view=view.of_draft(each)) for each in found.drafts])),
        seen=look(found.drafts, (found.page,), job.rules.limits),
        faces=of_drafts(found.drafts),
        pictures=tuple([draft.pictures for draft in found.drafts]),
    )


def _keep(job: _Job, reading: Reading) -> bytes:
    """Put a reading into the cache; its bytes, none for text that is no Unicode."""
    try:
        data = codec.encode(reading)
    except ValueError:
        return b""
    if job.entry:
        cache.store(job.entry, data)
    return data


def _bytes(job: _Job) -> bytes:
    return _keep(job, _make(job))
