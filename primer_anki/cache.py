"""What a build keeps for the next one, in the user's cache folder: safe to delete, safe to share, never needed.

An entry is a file named by a hash, with a checksum before its content. What cannot be read, or does not match, is as
good as absent; what cannot be written is not kept, and nobody is told. Builds may share the folder: a file is put in
its place whole.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

VARIABLE = "PRIMER_ANKI_CACHE"
"""The environment variable that names another folder, or, empty, none."""

MOST_BYTES = 500_000_000
"""Of all entries, after tidying."""
_DAY = 86_400
_LONGEST_UNUSED = 30 * _DAY
_CHECKSUM = 32
_OURS = re.compile(r"[0-9a-f]{64}|[0-9a-f]{16}-\w+\.tmp")
_TIDIED = "tidied"
"""The file that says by its time when the folder was tidied last."""


def folder() -> Path | None:
    """Where entries are kept; None where nothing is."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    try:
        return _of_the_system() / "primer-anki"
    except RuntimeError:  # a user without a home
        return None


def _of_the_system() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches"
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".cache"


def name_of(*parts: str | bytes) -> str:
    """The name of the entry that depends on these and on nothing else."""
    found = sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()


def holds(name: str) -> bool:
    """Whether there is an entry of this name; whether it is sound shows when it is loaded."""
    where = folder()
    return where is not None and (where / name).is_file()


def load(name: str) -> bytes | None:
    """The content of an entry, as it was stored; None where there is none."""
    where = folder()
    if where is None:
        return None
    path = where / name
    try:
        data = path.read_bytes()
        if time.time() - path.stat().st_mtime > _DAY:  # a mark of use, not more than one a day
            os.utime(path)
    except OSError:
        return None
    content = data[_CHECKSUM:]
    return content if data[:_CHECKSUM] == _checksum(name, content) else None


def store(name: str, content: bytes) -> None:
    """Keep the content of an entry, where that can be."""
    where = folder()
    if where is None:
        return
    with suppress(OSError):
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(prefix=f"{name[:16]}-", suffix=".tmp", dir=where)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_checksum(name, content))
                file.write(content)
            os.replace(written, where / name)
        except BaseException:  # Ctrl-C too leaves no rubbish behind
            with suppress(OSError):
                os.unlink(written)
            raise


def tidy() -> None:
    """Once a day: forget what was not used for a month, and the longest unused of what is too much."""
    where = folder()
    if where is None:
        return
    with suppress(OSError):
        mark, now = where / _TIDIED, time.time()
        if mark.exists() and now - mark.stat().st_mtime < _DAY:
            return
        mark.touch()
        left = MOST_BYTES
        for used, size, path in sorted(_entries(where), reverse=True):
            left -= size
            if now - used > _LONGEST_UNUSED or left < 0:
                path.unlink(missing_ok=True)


def _entries(where: Path) -> Iterator[tuple[float, int, Path]]:
    """When each entry was used last, its bytes, its file. What others have put there is none of ours."""
    for found in os.scandir(where):
        if _OURS.fullmatch(found.name) and found.is_file(follow_symlinks=False):
            state = found.stat()
            yield state.st_mtime, state.st_size, Path(found.path)


def _checksum(name: str, content: bytes) -> bytes:
    """It holds for an entry of this name alone."""
    found = sha256(name.encode())
    found.update(content)
    return found.digest()
