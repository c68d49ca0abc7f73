"""What every language profile must hold, whichever languages there are."""

from __future__ import annotations

import dataclasses
import re
import string
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]  # the only way to see how an expression is built
from typing import cast

import pytest

from primer_anki.parser.languages import CODES, PROFILES, get, resolve
from primer_anki.parser.languages.profile import Profile, Wording

PHRASES = (
    *("question", "answer", "advantages", "disadvantages", "fits", "unfits", "skip", "skip_links", "intro", "reveal"),
    *("generic", "aspects", "qualifiers", "words"),
)
OPTIONAL = {"asks_end", "plural", "articles", "letters", "words", "phrase"}
PLACES = {
    "what_is": {"term"},
    "what_are": {"term"},
    "which_term": {"meaning"},
    "what_about": {"subject"},
    "advantages": {"subject", "n"},
    "disadvantages": {"subject", "n"},
    "fits": {"subject", "n"},
    "unfits": {"subject", "n"},
    "choice": {"subject", "n"},
    "complete": {"lead", "n"},
    "which": {"subject", "n"},
    "steps": {"subject"},
    "compare": {"things", "aspect"},
    "fact": {"subject", "column"},
    "row": {"subject"},
    "formula": {"subject"},
    "difference": {"things"},
    "goes_on": {"subject", "lead"},
    "code": {"subject"},
    "example": {"subject"},
    "quiz": {"subject"},
}


USE = {
    **dict.fromkeys(("asks", "orders", "is_a", "refer", "articles", "leans", "leading"), "match"),
    **dict.fromkeys(("asks_end", "plural", "following", "procedure", "itself", "topic"), "search"),
    "letters": "fullmatch",
}


def patterns(profile: Profile) -> Iterator[tuple[str, str, str]]:
    """Every regular expression of a profile: a name for messages, the expression, how it is used."""
    for name, use in USE.items():
        yield name, getattr(profile, name), use
    for n, pattern in enumerate(profile.subject):
        yield f"subject[{n}]", pattern.replace("{side}", "(?P<side>" + "|".join(sides(profile)) + ")"), "fullmatch"
    for n, pattern in enumerate(profile.step):
        yield f"step[{n}]", pattern, "match"
    for n, rule in enumerate(profile.rules):
        yield f"rules[{n}]", rule.pattern, "search"


def sides(profile: Profile) -> list[str]:
    phrases = {*profile.advantages, *profile.disadvantages, *profile.fits, *profile.unfits}
    return [re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True)]


ALL_PATTERNS = [
    pytest.param(pattern, use, id=f"{code}-{name}")
    for code in CODES
    for name, pattern, use in patterns(PROFILES[code])
    if pattern
]


@pytest.fixture(params=CODES)
def profile(request: pytest.FixtureRequest) -> Profile:
    return PROFILES[request.param]


# -- finding one ---------------------------------------------------------------------------------------------------


def test_the_shipped_languages_are_there() -> None:
    assert {"de", "en", "es", "fr", "ja", "ko", "pt", "zh-Hans", "zh-Hant"} <= set(CODES)
    assert list(PROFILES) == list(CODES)


def test_a_profile_carries_the_code_of_its_file() -> None:
    assert [PROFILES[code].code for code in CODES] == list(CODES)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("EN_gb", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("ZH-HANT", "zh-Hant"),
        ("pt-BR", "pt"),
        ("ja_JP", "ja"),
        (" de ", "de"),
    ],
)
def test_a_language_tag_finds_its_profile(tag: str, code: str) -> None:
    assert resolve(tag) == code
    assert get(tag).code == code


@pytest.mark.parametrize("tag", ["", "xx", "tlh", "english", "../en", "profile", "e"])
def test_an_unknown_tag_is_refused(tag: str) -> None:
    assert resolve(tag) is None
    with pytest.raises(KeyError):
        get(tag)
    assert tag not in PROFILES


def test_a_language_is_loaded_only_when_it_is_asked_for() -> None:
    code = (
        "import sys, primer_anki.parser.languages as l; l.get('ja');"
        "print(sorted(m.rpartition('.')[2] for m in sys.modules if m.startswith('primer_anki.parser.languages.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['ja', 'profile']"


def test_each_language_has_a_page_to_test_with() -> None:
    assert [code for code in CODES if not (Path(__file__).parent / f"{code}.md").exists()] == []


# -- completeness --------------------------------------------------------------------------------------------------


def test_nothing_is_left_out(profile: Profile) -> None:
    empty = {f.name for f in dataclasses.fields(profile) if not getattr(profile, f.name)}
    assert empty <= OPTIONAL


def test_it_can_be_recognised(profile: Profile) -> None:
    assert profile.letters or profile.words


def test_phrases_are_normalised(profile: Profile) -> None:
    wrong = [
        phrase
        for name in PHRASES
        for phrase in getattr(profile, name)
        if phrase != unicodedata.normalize("NFKC", phrase).lower().strip(" .:!?") or "  " in phrase or "’" in phrase
    ]
    assert wrong == []


@pytest.mark.parametrize("name", PHRASES)
def test_no_phrase_stands_twice_in_a_list(profile: Profile, name: str) -> None:
    phrases = getattr(profile, name)
    assert sorted(phrases) == sorted(set(phrases))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *combinations(("advantages", "disadvantages", "fits", "unfits", "skip", "generic"), 2),
        # Not intro and generic: "features" advertises at the top of a document, and names a part further below.
        *((name, "intro") for name in ("advantages", "disadvantages", "fits", "unfits", "skip")),
        *(("skip_links", name) for name in ("advantages", "disadvantages", "fits", "unfits", "skip", "intro")),
        ("question", "answer"),
        ("question", "reveal"),
    ],
)
def test_no_phrase_means_two_things(profile: Profile, one: str, other: str) -> None:
    assert set(getattr(profile, one)) & set(getattr(profile, other)) == set()


# -- wording -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Wording)])
def test_wording_has_its_places_and_no_other(profile: Profile, name: str) -> None:
    wording = getattr(profile.wording, name)
    assert {place for _, place, _, _ in string.Formatter().parse(wording) if place is not None} == PLACES[name]
    assert ("{n}" in wording) == wording.endswith(" ({n})")


def test_rules_ask_with_what_they_have(profile: Profile) -> None:
    for rule in profile.rules:
        places = {place for _, place, _, _ in string.Formatter().parse(rule.ask) if place is not None}
        groups = re.compile(rule.pattern).groupindex.keys()
        assert places
        assert places <= {"subject", *groups} & {"subject", "lead"}
        assert set(groups) <= {"lead", "answer"}


@pytest.mark.parametrize("name", sorted({*PLACES} - {"steps", "quiz"}))
def test_a_question_shows_that_it_is_one(profile: Profile, name: str) -> None:
    wording = getattr(profile.wording, name)
    assert "?" in wording or "？" in wording or wording.startswith("Which ")


# -- regular expressions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pattern", "use"), ALL_PATTERNS)
def test_a_pattern_finds_nothing_in_nothing(pattern: str, use: str) -> None:
    assert getattr(re.compile(pattern, re.IGNORECASE), use)("") is None


def unbounded(parsed: Iterable[object]) -> Iterator[Iterable[object]]:
    """What stands under each `*`, `+` and `{n,}` of a parsed expression."""
    for node in parsed:
        operator, argument = cast("tuple[object, object]", node)
        if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            _, most, body = cast("tuple[int, object, Iterable[object]]", argument)
            if most is _constants.MAXREPEAT:
                yield body
            yield from unbounded(body)
        elif operator is _constants.SUBPATTERN:
            yield from unbounded(cast("tuple[Iterable[object], ...]", argument)[-1])
        elif operator in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from unbounded(cast("tuple[int, Iterable[object]]", argument)[1])
        elif operator is _constants.BRANCH:
            for branch in cast("tuple[None, list[Iterable[object]]]", argument)[1]:
                yield from unbounded(branch)


@pytest.mark.parametrize(("pattern", "use"), ALL_PATTERNS)
def test_a_pattern_nests_no_unbounded_repetition(pattern: str, use: str) -> None:
    assert not any(list(unbounded(body)) for body in unbounded(_parser.parse(pattern)))


HOSTILE = (
    " ",
    "a",
    "(",
    "(a",
    "a ",
    "x: ",
    "- ",
    ", ",
    "は",
    "以下の",
    "的",
    "有",
    "다음 ",
    "como ",
    "wie ",
    "ces ",
    "?",
    "\n",
)


@pytest.mark.parametrize(("pattern", "use"), ALL_PATTERNS)
def test_a_pattern_takes_linear_time(pattern: str, use: str) -> None:
    run = getattr(re.compile(pattern, re.IGNORECASE), use)
    for piece in HOSTILE:
        text = piece * (20_000 // len(piece)) + "!"
        start = time.process_time()
        run(text)
        # A nested repetition takes minutes or for ever here; the limit leaves room for a busy machine.
        assert time.process_time() - start < 5, repr(piece)
