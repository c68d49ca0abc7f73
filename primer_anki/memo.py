"""What a build leaves for the next one of the same targets: if nothing has changed until then, all that it has to say.

Nothing is believed: each file that the build read, wrote or missed is read again and must be what it was, the
manifests must say the same, and the program must be the same. Otherwise the next build does all its work.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from primer_anki import cache, codec, program
from primer_anki.looked import Look
from primer_anki.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Said:
    """What a build says of one deck."""

    problems: tuple[str, ...]
    """The worst, for stderr."""
    summary: str
    passes_strictly: bool
    """Whether the deck is in order where warnings count."""


@dataclass(frozen=True, slots=True)
class _Memo:
    plan: bytes
    """What was asked of which program."""
    looks: tuple[tuple[str, Look], ...]
    """Every file, and what stood there."""
    said: tuple[Said, ...]
    """Of each deck, if nothing changes."""


def keep(manifests: Sequence[Manifest], looks: Iterable[Mapping[Path, Look]], said: Iterable[Said]) -> None:
    """Note what the next build will say if nothing changes until then, where there is a cache."""
    entry = _entry(manifests)
    try:
        found = tuple((os.fspath(path), look) for each in looks for path, look in each.items())
        data = codec.encode(_Memo(_plan(manifests), found, tuple(said))) if entry else b""
    except ValueError:  # a file's name that is no Unicode
        return
    if entry:
        cache.store(entry, data)


def recall(manifests: Sequence[Manifest]) -> tuple[Said, ...] | None:
    """What a build would say of each deck; None where that takes a build."""
    entry = _entry(manifests)
    data = cache.load(entry) if entry else None
    if data is None:
        return None
    try:
        memo = codec.decode(data, _Memo)
        if memo.plan == _plan(manifests) and all(look.holds(Path(path)) for path, look in memo.looks):
            return memo.said
    except ValueError:
        pass
    return None


def _entry(manifests: Sequence[Manifest]) -> str:
    """The name of the memo: one for the same targets built from the same folder; empty where nothing is kept."""
    if cache.folder() is None or not program.fingerprint():
        return ""
    places = (os.fspath(path) for manifest in manifests for path in (manifest.origin, manifest.output))
    return cache.name_of("memo", os.getcwd(), *places)


def _plan(manifests: Sequence[Manifest]) -> bytes:
    """All that decides a build beside the files that it reads. Raises ValueError for names that are no Unicode."""
    return codec.canonical((program.fingerprint(), [_plain(manifest) for manifest in manifests]))


def _plain(manifest: Manifest) -> tuple[object, ...]:
    paths = (manifest.origin, manifest.root, *manifest.sources, manifest.output, manifest.ledger)
    said = (manifest.name, manifest.id, manifest.description, manifest.options, dict(manifest.limits))
    return (*map(os.fspath, paths), *said)
