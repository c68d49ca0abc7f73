"""Which Markdown files a deck is made of, in which order, and what stands in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from primer_anki.diagnostic import Location, PrimerError
from primer_anki.files import decoded, name_as_text, name_on_disk, read_bytes, shown
from primer_anki.looked import digest

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
"""What a folder is searched for; case does not matter."""
TEXT_SUFFIX = ".txt"
"""Read as Markdown too, but only where a file is named one by one."""

MOST_BYTES = 10_000_000
"""Of one file. A thick book has a tenth of it."""

_SKIPPED_FOLDERS = frozenset({"node_modules", "venv", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown file, read."""

    name: str
    """Relative to the root of the deck's sources, with `/`."""
    text: str
    digest: str = field(default="", compare=False)
    """SHA-256 of the file's bytes."""


def is_markdown(path: Path) -> bool:
    """Whether the name says so."""
    return path.suffix.lower() in MARKDOWN_SUFFIXES


def read(root: Path, paths: Iterable[Path]) -> Iterator[Source]:
    """The files one by one; each path lies below the root. Raises PrimerError for one that cannot be read."""
    for path in paths:
        _refuse_large(path)
        data = read_bytes(path)
        yield Source(name_as_text(path.relative_to(root)), decoded(data, path), digest(data))


def _refuse_large(path: Path) -> None:
    size = path.stat().st_size if path.is_file() else 0
    if size > MOST_BYTES:
        message = f"the file has {size / 1e6:.0f} MB, more than {MOST_BYTES / 1e6:.0f} MB"
        raise PrimerError(message, Location(shown(path)), hint="divide it into topics, a file each")


def find_in_folder(folder: Path) -> tuple[Path, ...]:
    """Every Markdown file in a folder and below, in natural order.

    Hidden folders and files, and folders of installed packages, are passed over; links to folders are not
    followed, so that a loop of them does no harm. Raises PrimerError for a folder that cannot be read.
    """
    found = [path for path in _files_below(folder) if is_markdown(path) and path.is_file()]
    return tuple(sorted(found, key=lambda path: natural_key(path.relative_to(folder))))


def find_by_glob(root: Path, pattern: str) -> tuple[Path, ...]:
    """The Markdown files below the root that a glob names, in natural order; hidden ones only where it names them."""
    found = [path for path in root.glob(name_on_disk(pattern)) if is_markdown(path) and path.is_file()]
    if not _names_hidden(Path(pattern)):
        found = [path for path in found if not any(map(is_passed_over, path.relative_to(root).parts))]
    return tuple(sorted(found, key=lambda path: natural_key(path.relative_to(root))))


def natural_key(path: Path) -> tuple[tuple[tuple[str | int, ...], str], ...]:
    """A sort key by which people order names: `2-dns.md` before `10-cdn.md`, without regard to case."""
    return tuple((_numbers_apart(part.casefold()), part) for part in path.parts)


def _numbers_apart(name: str) -> tuple[str | int, ...]:
    """Text and numbers in turn, text first: two such tuples can always be compared."""
    return tuple(int(part) if i % 2 else part for i, part in enumerate(re.split(r"([0-9]+)", name)))


def _files_below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        place = shown(Path(error.filename or folder))
        raise PrimerError(f"cannot read the folder: {(error.strerror or str(error)).lower()}", Location(place))

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not is_passed_over(name)]
        yield from (Path(parent, name) for name in files if not is_passed_over(name))


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is looked into only where it is named itself."""
    return name.startswith(".") or name in _SKIPPED_FOLDERS


def _names_hidden(pattern: Path) -> bool:
    return any(map(is_passed_over, pattern.parts))
