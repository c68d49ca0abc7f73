"""Which program this is: what a cache must know before it trusts what was kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

_HERE = Path(__file__).parent
_RECORD = ".dist-info"
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
        versions = _versions()
        for name in _LIBRARIES:
            found.update(f"{name} {versions.get(_normal(name)) or _version(name)}\n".encode())
        for path in sorted(_HERE.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                found.update(f"{path.relative_to(_HERE).as_posix()}\0".encode())
                found.update(sha256(path.read_bytes()).digest())
    except OSError:
        return ""
    return found.hexdigest()


def _versions() -> Mapping[str, str]:
    """What is installed, by normal names, where the names of folders say so: `markdown_it_py-4.0.0.dist-info`.

    Asking importlib.metadata takes as long as a quarter of a build in which nothing has changed. See
    https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError):
            for entry in os.listdir(folder or "."):
                if entry.endswith(_RECORD):
                    name, _, version = entry.removesuffix(_RECORD).partition("-")
                    found.setdefault(_normal(name), version)  # what comes first is what is imported
    return found


def _version(name: str) -> str:
    """The version of a library that is installed in another way. Raises OSError where it cannot be told."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError as error:
        raise OSError(f"no version of {name}") from error


def _normal(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")
