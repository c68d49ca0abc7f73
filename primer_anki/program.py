"""Which program this is: what a cache must know before it trusts what was kept."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_HERE = Path(__file__).parent
_LIBRARIES = (
    "genanki",
    "markdown-it-py",
    "mdit-py-plugins",
    "mdurl",
    "msgspec",
    "nh3",
    "pygments",
    "pyyaml",
    "rapidfuzz",
)
"""Those that have a part in a deck."""


@cache
def fingerprint() -> str:
    """Another text for another state of our code, of Python or of a library; empty where that cannot be told."""
    found = sha256(sys.version.encode())
    try:
        for name in _LIBRARIES:
            found.update(f"{name} {version(name)}\n".encode())
        for path in sorted(_HERE.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                found.update(f"{path.relative_to(_HERE).as_posix()}\0".encode())
                found.update(sha256(path.read_bytes()).digest())
    except (PackageNotFoundError, OSError):
        return ""
    return found.hexdigest()
