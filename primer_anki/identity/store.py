"""The ledger on the disk: read, and written whole.

Reading a large one line by line takes a while. So what a text was found to hold is kept in the user's cache, under
the hash of every byte of it.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from primer_anki import cache, codec, program
from primer_anki.diagnostic import Location, PrimerError
from primer_anki.files import write_if_changed
from primer_anki.identity.ledger import Ledger, dumped, parse

WORTH_KEEPING = 500_000
"""Bytes of a ledger that takes longer to read than to look up."""


def load(path: Path) -> Ledger | None:
    """Return the ledger of a file, None where there is no file; raise PrimerError if it cannot be read."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
        raise PrimerError("the ledger is no ordinary file", Location(path.as_posix()))
    try:
        data = path.read_bytes()
        entry = _entry(data)
        if found := _kept(entry):
            return found
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        ledger = parse(text, path.as_posix())
        _keep(entry, ledger)
        return ledger
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise PrimerError(
            "the ledger is not UTF-8", Location(path.as_posix(), line), "restore it from version control"
        ) from None
    except OSError as problem:
        raise PrimerError(f"cannot read the ledger: {problem.strerror}", Location(path.as_posix())) from None


def content(ledger: Ledger) -> bytes:
    """Return what stands in the file of a ledger."""
    file = BytesIO()  # a large ledger never stands in memory as text and as bytes
    for line in dumped(ledger):
        file.write(line.encode("utf-8"))
    return file.getvalue()


def save(path: Path, ledger: Ledger, known: bytes = b"") -> bytes:
    """Write a ledger: whole or not at all, whatever happens on the way. A ledger that stays the same is not touched.

    `known`: its content, where that was made already. Returns what stands there now.

    Raise PrimerError if the folder cannot be written or the disk is full; the old ledger is then as it was.
    """
    data = known or content(ledger)
    write_if_changed(path, data)
    return data


def keep(ledger: Ledger, data: bytes) -> None:
    """Put a ledger into the cache, for whoever loads its content."""
    _keep(_entry(data), ledger)


def _entry(data: bytes) -> str:
    """The name of a text in the cache; empty where it is not worth it."""
    worth = len(data) >= WORTH_KEEPING and cache.folder() is not None
    return cache.name_of("ledger", program.fingerprint(), data) if worth and program.fingerprint() else ""


def _kept(entry: str) -> Ledger | None:
    data = cache.load(entry) if entry else None
    try:
        return codec.decode(data, Ledger) if data is not None else None
    except ValueError:
        return None


def _keep(entry: str, ledger: Ledger) -> None:
    if entry:
        cache.store(entry, codec.encode(ledger))
