"""What is handed on: exact versions for CI that the ranges allow, and a wheel that works without its source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT, TOPIC

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


@pytest.mark.slow
def test_a_wheel_works_without_its_source(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "content", "decks", "tests", "build", "dist"))
    pip = [os.environ.get("PYTHON", "python3"), "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        pytest.skip("needs a Python with pip")
    build = [*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "primer_anki").rglob("*") if path.is_file()}
    assert {name for name in names if ".dist-info/" not in name} == {
        name for name in package if "__pycache__" not in name
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)
    # The dependencies are those of the tests; the package itself is the one in the wheel.
    place = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(place)
    shutil.rmtree(source)
    (tmp_path / "work").mkdir()
    (tmp_path / "work/a.md").write_text(TOPIC)
    environment = {**os.environ, "PYTHONPATH": str(place)}
    for command in (["build", "a.md"], ["preview", "a.md"], ["init", "mine"], ["build", "mine/decks/mine.yaml"]):
        subprocess.run(
            [sys.executable, "-m", "primer_anki", *command],
            cwd=tmp_path / "work",
            env=environment,
            check=True,
            capture_output=True,
        )
    where = [sys.executable, "-c", "import primer_anki; print(primer_anki.__file__)"]
    shown = subprocess.run(where, cwd=tmp_path / "work", env=environment, check=True, capture_output=True, text=True)
    assert shown.stdout.startswith(str(place))
