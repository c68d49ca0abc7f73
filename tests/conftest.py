"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from primer_anki import cache
from primer_anki.cli import main

Run: TypeAlias = Callable[..., Result]
Write: TypeAlias = Callable[[str, str | bytes], Path]

ROOT = Path(__file__).parent.parent
TOPIC = "# Caching\n\n**Cache** - fast memory near its reader\n\n**Hit** - a request that the cache can answer\n"
"""Two definitions."""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of whoever runs it, or of another test."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the test stands."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for processes that a test starts
    return folder


@pytest.fixture
def write(here: Path) -> Write:
    """Write a file below the folder, its parents included."""

    def write(name: str, content: str | bytes) -> Path:
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Path(name)

    return write


@pytest.fixture
def run(here: Path) -> Run:
    """Run `primer-anki` with these arguments; a bug of ours shows as its traceback."""

    def run(*args: object) -> Result:
        result = CliRunner().invoke(main, [str(arg) for arg in args])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def manifest(write: Write) -> Callable[..., Path]:
    """Write `decks/x.yaml` on the sources in `content/`; more lines may follow, and keys be left out."""

    def manifest(*lines: str, without: tuple[str, ...] = ()) -> Path:
        keys = {"name": "System Design", "id": "1234567890", "root": "../content", "sources": "['*.md']"}
        standard = [f"{key}: {value}" for key, value in keys.items() if key not in without]
        return write("decks/x.yaml", "\n".join([*standard, *lines, ""]))

    return manifest
