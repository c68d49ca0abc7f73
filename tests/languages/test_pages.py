"""The same small document in each language, and all its cards: `en.md` and `en.cards.txt`.

The pages hold every mark by which a language says what is a question, an answer, a side, a step; so each must give the
same cards, pattern by pattern.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from primer_anki.parser.extract import Extraction, Options, extract
from primer_anki.parser.languages import CODES
from tests.expected import headed, hold

HERE = Path(__file__).parent
MARKED = {
    "definition": 9,  # three terms of a list, one in a paragraph, five openings of sections
    "question": 5,  # plain marks, bold ones with a number, two headings, a bullet
    "folded": 2,  # a summary that asks; a heading that asks over a summary that opens the answer
    "trade-off": 6,  # both sides twice, when to use, when not to use
    "list": 3,
    "steps": 1,
    "comparison": 2,
}
"""Cards a page by pattern."""
MORE = {
    **{code: {"statement": 1} for code in ("de", "en", "fr", "pt")},
    **{code: {"definition": 2} for code in ("ja", "ko", "zh-Hans", "zh-Hant")},
    "es": {"definition": 1, "statement": 1},
}
"""What a page has more: a sentence beside an author's remark; bold words that touch wide characters; a term."""
SKIPPED = 4
"""Contents, sources, contributing, licence."""
SIDES = {"Advantages": 2, "Disadvantages": 2, "Choice": 2}


def page(code: str) -> Extraction:
    return extract((HERE / f"{code}.md").read_text(encoding="utf-8"), "page.md", Options())


@pytest.mark.parametrize("code", CODES)
def test_cards(code: str) -> None:
    text = headed(page(code))
    assert text == hold(HERE / f"{code}.cards.txt", text)


@pytest.mark.parametrize("code", CODES)
def test_the_language_is_found(code: str) -> None:
    assert page(code).language == code


@pytest.mark.parametrize("code", CODES)
def test_every_mark_gives_its_card(code: str) -> None:
    assert Counter(draft.pattern for draft in page(code).drafts) == Counter(MARKED) + Counter(MORE.get(code))


@pytest.mark.parametrize("code", CODES)
def test_sides_are_told_apart_and_join(code: str) -> None:
    sides = [draft for draft in page(code).drafts if draft.pattern == "trade-off"]
    assert Counter(name for draft in sides for name in SIDES if draft.fields.get(name)) == SIDES
    joined = Counter(draft.joins.removesuffix("/not") for draft in sides)
    assert sorted(joined.values()) == [2, 4], joined


@pytest.mark.parametrize("code", CODES)
def test_what_is_no_card_is_skipped_by_its_heading(code: str) -> None:
    assert sum("skip list" in skipped.reason for skipped in page(code).skipped) == SKIPPED


@pytest.mark.parametrize("code", CODES)
def test_questions_and_answers_hold_no_marks(code: str) -> None:
    mark = ("Q:", "Q：", "A:", "A：")
    assert not [
        draft for draft in page(code).drafts if draft.question.startswith(mark) or draft.answer.startswith(mark)
    ]
