"""Which program this is: told quickly, and told apart."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from primer_anki import program


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A fingerprint that is worked out each time."""
    monkeypatch.setattr(program, "fingerprint", program.fingerprint.__wrapped__)
    return monkeypatch


@pytest.mark.parametrize("library", program._LIBRARIES)
def test_a_version_is_what_the_library_says(library: str) -> None:
    assert program._versions()[program._normal(library)] == version(library)


def test_what_comes_first_on_the_path_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Markdown_It.py-0.0.7.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert program._versions()["markdown_it_py"] == "0.0.7"


def test_another_version_is_another_program(anew: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = program.fingerprint()
    (tmp_path / "nh3-99.dist-info").mkdir()
    anew.syspath_prepend(tmp_path)
    assert before
    assert program.fingerprint() not in ("", before)


def test_a_library_installed_in_another_way_is_asked_itself(anew: pytest.MonkeyPatch) -> None:
    before = program.fingerprint()
    anew.setattr(program, "_versions", dict)
    assert program.fingerprint() == before


def test_where_a_version_cannot_be_told_nothing_is_kept(anew: pytest.MonkeyPatch) -> None:
    anew.setattr(program, "_LIBRARIES", ("no-such-library",))
    assert program.fingerprint() == ""
