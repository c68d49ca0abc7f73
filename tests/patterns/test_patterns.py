"""Markdown → cards, a small case a rule: the fixture files beside this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from primer_anki.parser.extract import Options, extract
from tests.expected import Case, cases, dump, param

HERE = Path(__file__).parent


def cards(source: str) -> str:
    """The dump of a file that says nothing of itself but its text."""
    return dump(extract(source, "topic.md", Options(language="en")))


@pytest.mark.parametrize(
    "case", [param(case, path.stem) for path in sorted(HERE.glob("*.md")) for case in cases(path, cards)]
)
def test_cards(case: Case) -> None:
    assert cards(case.source) == case.expected
