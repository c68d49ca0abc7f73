"""A file that one build holds at a time: two that decide on the same ledger would lose notes."""

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
from primer_anki.files import real

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


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
