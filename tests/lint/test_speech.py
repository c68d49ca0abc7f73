"""What is looked for quickly is found all the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primer_anki.lint.speech import Sought
from primer_anki.lint.vocabulary import VOCABULARIES

SIGNS = [
    pytest.param(getattr(vocabulary, name), signs, id=f"{language}-{name}")
    for language, vocabulary in VOCABULARIES.items()
    for name, signs in vocabulary.signs.items()
]


@pytest.mark.parametrize(("pattern", "signs"), SIGNS)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_text_is_missed_for_want_of_a_sign(pattern: str, signs: frozenset[str], data: st.DataObject) -> None:
    sought = Sought(re.compile(pattern, re.IGNORECASE), signs)
    text = data.draw(st.from_regex(sought.pattern, alphabet=st.characters(codec="ascii")))
    assert bool(sought.search(text)) == bool(sought.pattern.search(text))


def test_a_sign_alone_is_no_find() -> None:
    sought = Sought(re.compile("see above", re.IGNORECASE), frozenset(["above"]))
    assert sought.search("See ABOVE")
    assert sought.search("above it") is None
    assert sought.search("below") is None
