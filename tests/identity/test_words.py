"""Text in the form in which identity compares it: short ways give what the long way gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from primer_anki.identity import words

ASCII = st.text(st.characters(max_codepoint=127), max_size=60)


@given(ASCII)
def test_tokens_of_ascii_need_no_pattern_for_wide_characters(text: str) -> None:
    token, wide = words._with_wide()
    assert words._TOKEN.findall(text) == token.findall(text)
    assert not wide.search(text)


@given(ASCII)
def test_ascii_is_folded_as_any_text_is(text: str) -> None:
    assert words._folded(text) == text.translate(words._QUOTES).casefold()


def test_words_of_both_kinds_stand_in_one_text() -> None:
    assert words.words("1. Don't caches use 缓存 (3)?") == {"do", "not", "cach", "use", "缓存"}
    assert words.words("1. Don't caches use C++ (3)?") == {"do", "not", "cach", "use", "c", "++"}
