"""The ledger on the disk: read, written whole, and guarded against two builds at once."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from primer_anki.diagnostic import Location, PrimerError
from primer_anki.files import real, write_if_changed
from primer_anki.identity.ledger import Ledger, dump, parse

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def load(path: Path) -> Ledger | None:
    """Return the ledger of a file, None where there is no file; raise PrimerError if it cannot be read."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
        raise PrimerError("the ledger is no ordinary file", Location(path.as_posix()))
    try:
        return parse(path.read_text(encoding="utf-8"), path.as_posix())
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise PrimerError(
            "the ledger is not UTF-8", Location(path.as_posix(), line), "restore it from version control"
        ) from None
    except OSError as problem:
        raise PrimerError(f"cannot read the ledger: {problem.strerror}", Location(path.as_posix())) from None


def save(path: Path, ledger: Ledger) -> None:
    """Write a ledger: whole or not at all, whatever happens on the way. A ledger that stays the same is not touched.

    Raise PrimerError if the folder cannot be written or the disk is full; the old ledger is then as it was.
    """
    write_if_changed(path, dump(ledger).encode("utf-8"))


@contextmanager
def locked(path: Path, patience: float = 10.0) -> Iterator[None]:
    """Hold a ledger for one build; another build waits up to `patience` seconds, then raises PrimerError.

    The lock file lies in the system's temporary folder, so nothing appears beside the content. It is the
    system that holds the lock, for as long as the process lives: a killed build leaves nothing to clear away.
    """
    try:
        handle = os.open(_lock_path(path), os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as problem:
        raise PrimerError(f"cannot lock the ledger: {problem.strerror}", Location(path.as_posix())) from None
    try:
        _wait(handle, path, time.monotonic() + patience)
        yield
    finally:
        os.close(handle)


def _lock_path(path: Path) -> Path:
    name = hashlib.sha256(os.fsencode(os.path.normcase(real(path)))).hexdigest()[:24]
    user = os.getuid() if sys.platform != "win32" else 0
    return Path(tempfile.gettempdir()) / f"primer-anki-{user}-{name}.lock"


def _wait(handle: int, path: Path, until: float) -> None:
    while not _try_lock(handle):
        if time.monotonic() >= until:
            raise PrimerError(
                "another build is at work on this deck", Location(path.as_posix()), "wait until it is done, then again"
            )
        time.sleep(0.05)


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
