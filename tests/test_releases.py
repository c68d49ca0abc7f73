"""What a released version built stays what it was: a newer one may render it otherwise, but loses and invents no note.

A release adds a folder `tests/releases/VERSION` with documents and the ledgers that it made from them:

    cp tests/documents/*.md tests/releases/VERSION/ && cd tests/releases/VERSION
    for topic in *.md; do SOURCE_DATE_EPOCH=1700000000 primer-anki build $topic; done && rm *.apkg
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from primer_anki import __version__
from primer_anki.build import build
from primer_anki.clock import Clock
from primer_anki.identity.store import load
from primer_anki.targets import resolve

RELEASES = Path(__file__).parent / "releases"
TOPICS = sorted(RELEASES.glob("*/*.md"))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_new_and_no_retired_note(topic: Path, tmp_path: Path) -> None:
    ledger = topic.with_suffix(".ledger.jsonl")
    for path in (topic, ledger):
        shutil.copy(path, tmp_path)
    before = load(ledger)
    (outcome,) = build([resolve(tmp_path / topic.name)], Clock(now=1_800_000_000), lambda step: None)
    fates = Counter(kind for fate in outcome.identified.outcomes for kind in fate.what)
    assert (fates["new"], fates["retired"], fates["restored"]) == (0, 0, 0)
    assert before is not None
    assert {note.guid for note in outcome.deck.notes} == set(before.entries)


def test_this_version_is_among_them() -> None:
    assert (RELEASES / __version__).is_dir()
