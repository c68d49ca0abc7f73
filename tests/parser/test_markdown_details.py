"""`<details>` with Markdown inside, as people write it."""

from __future__ import annotations

import pytest

from primer_anki.parser.markdown import parse
from tests.parser.outline import cases, outline

CASES = cases("details.md")


@pytest.mark.parametrize(("source", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_details(source: str, expected: str) -> None:
    assert outline(parse(source, "a.md")) == expected
