"""Whole documents as people write them, and all their cards: `x.md` and `x.cards.txt`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from primer_anki.parser.extract import Extraction, Options, extract
from tests.expected import dump, headed, hold

HERE = Path(__file__).parent
DOCUMENTS = sorted(HERE.glob("*.md"))


def extraction(path: Path, text: str | None = None) -> Extraction:
    return extract(path.read_text(encoding="utf-8") if text is None else text, path.name, Options())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_cards(path: Path) -> None:
    text = headed(extraction(path))
    assert text == hold(path.with_suffix(".cards.txt"), text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: "\ufeff" + text, id="byte-order mark"),
        pytest.param(lambda text: text + "\n\n\n", id="empty lines at the end"),
        pytest.param(lambda text: text + "\n<!-- the end -->\n", id="a comment at the end"),
    ],
)
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_cards_do_not_hang_on_bytes(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")
    assert dump(extraction(path, change(text))) == dump(extraction(path, text))


def test_a_list_of_links_gives_next_to_no_cards() -> None:
    path = HERE / "awesome_maps.md"
    bullets = sum(line.lstrip().startswith(("- ", "* ")) for line in path.read_text(encoding="utf-8").splitlines())
    assert len(extraction(path).drafts) <= 0.02 * bullets
