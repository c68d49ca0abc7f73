"""What is handed on: exact versions for CI that the ranges allow, and a wheel and a source distribution that work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT

PACKAGE = ROOT / "primer_anki"
LOCK = (ROOT / ".ci" / "requirements.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSIONS = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", LOCK, re.MULTILINE))


def wanted() -> list[Requirement]:
    """Every direct requirement of users and developers, but for the project's own."""
    lists = (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    found = [Requirement(each) for group in lists for each in group]
    return [each for each in found if each.name != PROJECT["name"]]


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_the_exact_version_lies_in_the_range(requirement: Requirement) -> None:
    assert requirement.specifier.contains(VERSIONS[requirement.name])


def test_every_exact_version_has_a_hash_and_no_address() -> None:
    entries = re.split(r"\n(?=[a-z])", LOCK)
    assert all("--hash=sha256:" in entry for entry in entries[1:])
    assert "://" not in LOCK
    assert "--index" not in LOCK


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_every_python_that_is_promised_is_named(minor: int) -> None:
    assert f"Programming Language :: Python :: 3.{minor}" in PROJECT["classifiers"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def of_the_package() -> set[str]:
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in files}


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name for name in names if ".dist-info/" not in name} == of_the_package()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_the_source_distribution_builds_tests_and_explains_itself(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE",
        "LICENSE-CONTENT",
        "Makefile",
        "pyproject.toml",
    }
    assert wanted | of_the_package() <= names
    for folder in ("content", "decks", "docs", "tests"):
        assert any(name.startswith(f"{folder}/") for name in names)
    assert not any(name.startswith((".venv", ".git/")) or name.endswith(".pyc") for name in names)


@pytest.mark.slow
def test_the_wheel_works_by_itself(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (tmp_path / "notes.md").write_text(
        "# Sailing\n\n## What is a tack?\n\nA turn through the wind.\n", encoding="utf-8"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "primer_anki", *arguments]
        done = subprocess.run(command, check=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return done.stdout

    where = [sys.executable, "-c", "import primer_anki; print(primer_anki.__file__)"]
    found = subprocess.run(where, check=True, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout
    assert Path(found.strip()).is_relative_to(tmp_path)
    assert "1 new" in run("build", "notes.md")
    assert run("preview", "notes.md") == "preview.html\n"
    run("init", "deck")
    assert (tmp_path / "deck/content/caching.md").is_file()
