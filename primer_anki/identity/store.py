"""The ledger on the disk: read, and written whole."""

from __future__ import annotations

from pathlib import Path

from primer_anki.diagnostic import Location, PrimerError
from primer_anki.files import write_if_changed
from primer_anki.identity.ledger import Ledger, dump, parse


def load(path: Path) -> Ledger | None:
    """Return the ledger of a file, None where there is no file; raise PrimerError if it cannot be read."""
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


def save(path: Path, ledger: Ledger) -> bytes:
    """Write a ledger: whole or not at all, whatever happens on the way. A ledger that stays the same is not touched.

    Returns what stands there now.

    Raise PrimerError if the folder cannot be written or the disk is full; the old ledger is then as it was.
    """
    data = dump(ledger).encode("utf-8")
    write_if_changed(path, data)
    return data
