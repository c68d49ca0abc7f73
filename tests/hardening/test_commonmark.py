"""CommonMark's own examples go the whole way: from Markdown to cards that the real Anki shows.

The examples travel with the source distribution of markdown-it-py; they are fetched from there, in the version that is
installed, and not kept here.
"""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from importlib.metadata import version
from pathlib import Path

import pytest

from primer_anki.build import plan
from primer_anki.client.verify import verify
from primer_anki.clock import Clock
from primer_anki.targets import resolve
from tests.conftest import Write
from tests.hardening.test_attacks import fields, unsafe

MEMBER = "tests/test_cmark_spec/commonmark.json"
FEWEST = 600
PLACES = ("# Topic {n}\n\n## What does example {n} show?\n\n{example}\n", "{example}\n")
"""As an answer, and by itself."""


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("commonmark")
    name = f"markdown-it-py=={version('markdown-it-py')}"
    pip = [os.environ.get("PYTHON", "python3"), "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run(
        [*pip, "--no-binary", "markdown-it-py", "--dest", str(folder), name], check=True, capture_output=True
    )
    (source,) = folder.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        member = next(each for each in archive.getmembers() if each.name.endswith(MEMBER))
        content = archive.extractfile(member)
        assert content is not None
        return [each["markdown"] for each in json.load(content)]


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(PLACES)))
def test_every_example_becomes_cards_that_anki_shows(examples: list[str], write: Write, place: int) -> None:
    assert len(examples) >= FEWEST
    for n, example in enumerate(examples):
        write(f"spec/{n:03}.md", PLACES[place].format(n=n, example=example))
    (outcome,) = plan([resolve(Path("spec"))], Clock(now=1_800_000_000), lambda step: None)
    assert [each for field in fields(outcome.deck) for each in unsafe(field)] == []
    assert verify(outcome.package).problems() == ()
