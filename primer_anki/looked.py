"""What stood where a path leads when it was looked at, and whether that still holds."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a path."""

    digest: str = ""
    """SHA-256 of the content; empty where it was not read."""
    size: int | None = None
    """Bytes of a file that was not read; -1 where there was no ordinary file; None where nobody asked."""
    target: str | None = None
    """Where the path leads, links followed; None where that does not matter."""

    def holds(self, path: Path) -> bool:
        """Whether another look would see the same. The content is read anew: a file's time proves nothing."""
        try:
            if self.target is not None and str(path.resolve()) != self.target:
                return False
            if self.digest:
                return digest(path.read_bytes()) == self.digest
            return self.size is None or size(path) == self.size
        except (OSError, ValueError, RuntimeError):  # unreadable, a name that no file can have, a loop of links
            return False


FAILED = Look(target="")
"""A look that came to nothing: it never holds."""


def digest(data: bytes) -> str:
    """SHA-256, as text."""
    return sha256(data).hexdigest()


def size(path: Path) -> int:
    """The bytes of a file, -1 where there is no ordinary file."""
    return path.stat().st_size if path.is_file() else -1
