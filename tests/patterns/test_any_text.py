"""What holds for the cards of any text, made of the pieces that Markdown is made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from primer_anki.clock import Clock
from primer_anki.deck.cards import ordinals
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.identity.identify import identify
from primer_anki.identity.ledger import Ledger
from primer_anki.model import Cloze, Draft
from primer_anki.parser.clean import clean
from primer_anki.parser.extract import PATTERNS, Extraction, Options, extract

LINES = (
    "# Title", "## Owl", "### What is an owl?", "#### 3. Disadvantage(s): owl", "###### Step 1: Feed", "## Sources",
    "Owl\n===", "An owl is a bird. It hunts at night.", "Owls eat:", "**Owl** is a bird.", "**Owl**", "*Owl*",
    "**Why owls?**", "**Q: Who?**", "Q: Who?\nA: The owl.", "A: An owl.", "Question 2: Who?", "**Answer:** The owl.",
    "- **Owl** - a bird", "- Owl: a bird", "- What is an owl?\n  - a bird", "- Pros:\n  - quiet\n- Cons:\n  - shy",
    "1. Feed it\n2. Wait\n3. Watch", "1. ### What is an owl?\n\n   A bird.", "- [ ] feed", "- [a](https://e.org)",
    "- see [a](b.md)", "  - nested", "    - deeper", "* ", "- ", "1.", "> a quote", "> [home](a.md)", "---", "***",
    "| a | b |\n|---|---|\n| c | d |", "| Pros | Cons |\n|-|-|\n| x | y |", "| | |\n|-|-|\n| | |", "|a|\n|-|",
    "```\nx = y * z\n```", "```py\nprint('==a==')\n```", "```", "~~~\na   b\n-----\nc   d\ne   f\n~~~", "    code",
    "$$E = mc^2$$", "$a$ and $b$", "\\[x\\]", "==hidden== words", "{{c1::a::b}} {{c2::c}}", "{{a::b}}", "{{", "}}",
    "<details><summary>Who?</summary>The owl.</details>", "<details>\n<summary>Answer</summary>\n", "</details>",
    "<details>", "<summary>", "<summary></summary>", "<table><tr><td>a</td></tr></table>", "<ul><li>a</li></ul>",
    "<p align=center>a</p>", "<br/>", "<script>alert(1)</script>", "<!-- primer: skip -->", "<!-- id: owl -->",
    "<!-- primer: reverse -->", "<!--", "-->", "![an owl](owl.png)", "![](x)", "[^1]", "[^1]: note", "Term\n: meaning",
    ": meaning", "[sound:a.mp3]", "&lt;b&gt; &#91;", "a < b > c", "ColumnFamily<RowKey>", "::", ":smile:", "\\", "[x](",
    "用語：意味。", "Q：何？\nA：これ。", "## 利点: 犬\n\n- 速い", "É vs. È", "\u00a0", "\u200b", "\ufeff", "\t",
    "\x00", "😀", "==",
)  # fmt: skip
PREFIXES = ("",) * 8 + ("  ", "    ", "- ", "> ", "**")
"""Most lines stand as they are, some inside another."""
lines = st.tuples(st.sampled_from(PREFIXES), st.sampled_from(LINES) | st.text(max_size=8)).map("".join)
texts = st.builds(
    lambda first, rest, between: first + between.join(rest),
    st.sampled_from(("", "# Birds\n\n", "# Birds\n\n## Owl\n\n")),
    st.lists(lines, min_size=1, max_size=14),
    st.sampled_from(("\n\n", "\n\n", "\n", " ")),
)
CODE = re.compile(r' class="[^"]*"')
FRONTS = ("Question", "Advantages question", "Disadvantages question", "Choice question")
BACKS = ("Answer", "Advantages", "Disadvantages", "Choice")


def cards(text: str, *, language: str = "") -> Extraction:
    return extract(text, "a/owl.md", Options(language=language, link_base="https://example.org/"))


def html(draft: Draft) -> list[str]:
    """Everything of a draft that a card shows."""
    inside = [part.html for part in draft.text if isinstance(part, Cloze)]
    return [*draft.fields.values(), *inside]


@settings(max_examples=400, deadline=None)
@given(texts)
@example("- \n")
@example("# \n\n- **:** - \n")
def test_it_gives_cards_that_hold(text: str) -> None:
    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for draft in cards(text).drafts:
        assert draft.pattern in PATTERNS
        assert 1 <= draft.place.line <= last
        assert draft.question.strip() or draft.note_type == "cloze"
        if draft.note_type == "cloze":
            assert any(isinstance(part, Cloze) and part.html.strip() for part in draft.text)
        else:
            assert any(draft.fields.get(front, "").strip() for front in FRONTS)
            assert any(draft.fields.get(back, "").strip() for back in BACKS)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_its_html_passes_the_last_gate_unchanged(text: str) -> None:
    for draft in cards(text).drafts:
        for field in html(draft):
            bare = CODE.sub("", field)
            assert CODE.sub("", clean(field)) == bare


@settings(max_examples=150, deadline=None)
@given(texts, st.sampled_from(("", "de", "ja", "zh-Hans", "fr")))
def test_it_gives_the_same_twice(text: str, language: str) -> None:
    assert cards(text, language=language) == cards(text, language=language)


@settings(max_examples=150, deadline=None)
@given(texts, st.sampled_from(PATTERNS))
def test_one_pattern_alone_gives_only_its_cards(text: str, pattern: str) -> None:
    found = extract(text, "owl.md", Options(patterns=frozenset((pattern,)))).drafts
    assert {draft.pattern for draft in found} <= {pattern}


@pytest.mark.parametrize("text", ["", "\n", " ", "\ufeff", "\x00", "---\n---\n", "# ", "-", "```"])
def test_next_to_nothing_gives_nothing(text: str) -> None:
    assert cards(text).drafts == ()


LOOKS_LIKE_CLOZES = (
    "The {{c2::lung takes what the ==heart== pumps.",
    "In ==Anki==, `{{c7::text}}` hides a passage.",
    "In ==Anki==, **{{c3,4::** opens two.\n\nMore of it: `{{c5::text}}`.",
    "## About {{c9::this\n\nThe ==heart== pumps.",
    "## `{{c9::this}}`\n\nThe ==heart== pumps.",
)


@pytest.mark.parametrize("text", LOOKS_LIKE_CLOZES)
def test_what_only_looks_like_a_cloze_makes_no_card(text: str) -> None:
    """Anki looks into every field of a cloze note, and takes what it finds there for clozes."""
    drafts = [draft for draft in cards(text).drafts if draft.note_type == "cloze"]
    assert drafts
    found = identify(drafts, Ledger("x", 1_234_567_890), Clock(1_800_000_000)).notes
    assert [ordinals(note, NOTE_TYPES["cloze"]) for note in found] == [(0,)] * len(drafts)
