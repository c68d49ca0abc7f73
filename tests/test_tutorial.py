"""The tutorial, followed word for word in a fresh folder: files saved, commands typed, what they print compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.expected import APPROVE
from tests.guide import DOCS, Fence, fences

pytest.importorskip("anki.collection")
if not (shutil.which("git") and shutil.which("bash")):
    pytest.skip("needs git and bash", allow_module_level=True)

TUTORIAL = DOCS / "tutorial.md"
NOT_RUN = "<!-- not run by the test of this page -->"


class Reader:
    """Somebody who does what the page says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = ""
        """By the commands of the last block."""
        tools = folder / "tools"
        tools.mkdir()
        script = tools / "primer-anki"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m primer_anki "$@"\n', encoding="utf-8")
        script.chmod(0o755)
        identity = {f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        home = {"HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "PYTHONPATH": str(ROOT), "PATH": path}
        self.environment = {**os.environ, **identity, **home}
        self.environment.pop("SOURCE_DATE_EPOCH", None)

    def follow(self, fence: Fence) -> None:
        if fence.info == "sh" and NOT_RUN not in fence.above:
            self.type(fence.text)
        elif fence.info == "markdown":
            self.file(fence).write_text(fence.text, encoding="utf-8")
        elif fence.info == "diff":
            self.edit(self.file(fence), fence.text)

    def type(self, commands: str) -> None:
        """Run commands in one shell; the next block starts in the folder where these end."""
        script = f"set -e\n{commands}pwd > '{self.folder}/stands'"
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.stands(), env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        self.printed = done.stdout

    def stands(self) -> Path:
        note = self.folder / "stands"
        return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else self.folder

    def file(self, fence: Fence) -> Path:
        """The last file that the words above the block name."""
        return self.stands() / str(re.findall(r"`([\w/]+\.md)`", fence.above)[-1])

    def edit(self, path: Path, diff: str) -> None:
        lines = diff.splitlines(keepends=True)
        old, new = ("".join(line[1:] for line in lines if line[0] in f" {sign}") for sign in "-+")
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_tutorial(tmp_path: Path) -> None:
    """After a change to what commands print: `PRIMER_ANKI_APPROVE=1 pytest tests/test_tutorial.py`."""
    reader = Reader(tmp_path)
    page = TUTORIAL.read_text(encoding="utf-8")
    printed: list[tuple[Fence, str]] = []
    for fence in fences(page):
        reader.follow(fence)
        if fence.info == "text":
            printed.append((fence, reader.printed.rstrip("\n") + "\n"))
    if APPROVE:
        for fence, now in reversed(printed):
            page = page if same(now, fence.text) else page[: fence.start] + now + page[fence.end :]
        TUTORIAL.write_text(page, encoding="utf-8")
        return
    for fence, now in printed:
        assert without_ids(now) == without_ids(fence.text)


def same(one: str, other: str) -> bool:
    return without_ids(one) == without_ids(other)


def without_ids(text: str) -> str:
    """Note IDs come from the deck's id, which is another one for every deck."""
    return re.sub(r"\[[A-Za-z0-9]{10,}\]", "[]", text)
