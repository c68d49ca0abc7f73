"""Which language a document is taken for: its file's name, then its text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from primer_anki.parser.languages import CODES, detect

HERE = Path(__file__).parent
ENGLISH = (HERE / "en.md").read_text(encoding="utf-8")
GERMAN = (HERE / "de.md").read_text(encoding="utf-8")
CHINESE = (HERE / "zh-Hant.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_known_by_its_text(code: str) -> None:
    assert detect((HERE / f"{code}.md").read_text(encoding="utf-8")) == code


@pytest.mark.parametrize("code", CODES)
def test_part_of_a_page_is_enough(code: str) -> None:
    page = (HERE / f"{code}.md").read_text(encoding="utf-8")
    assert detect(page[: len(page) // 3]) == code


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("README-ja.md", "ja"),
        ("README-jp.md", "ja"),
        ("README-ja_JA.md", "ja"),
        ("README.ja.md", "ja"),
        ("README.zh-TW.md", "zh-Hant"),
        ("README-zh-Hans.md", "zh-Hans"),
        ("README_zh_CN.md", "zh-Hans"),
        ("README-cn.md", "zh-Hans"),
        ("zh-hans/README.md", "zh-Hans"),
        ("zh/README.md", "zh-Hans"),
        ("README-ko_KR.md", "ko"),
        ("README-kr.md", "ko"),
        ("guide_es.md", "es"),
        ("docs/es-ES/README.md", "es"),
        ("README-pt-BR.md", "pt"),
        ("README_pt_BR.md", "pt"),
        ("README_fr-FR.md", "fr"),
        ("de/notes.md", "de"),
        ("de.md", "de"),
        ("README-DE.md", "de"),
        ("README-en.md", "en"),
        ("docs\\fr\\notes.md", "fr"),
    ],
)
def test_a_short_text_takes_the_language_of_its_name(path: str, code: str) -> None:
    assert detect("# HTTP", path) == code


@pytest.mark.parametrize(
    "path", ["README.md", "notes.md", "", "README-ru.md", "index.md", "guide.en.md", "trees.md", "read-me.md", "a/b.md"]
)
def test_other_names_say_nothing(path: str) -> None:
    assert detect("# HTTP", path) == "en"


def test_the_nearest_name_counts() -> None:
    assert detect("# HTTP", "de/README-fr.md") == "fr"


@pytest.mark.parametrize("path", ["README-pt-BR.md", "es/search.md", "de/pipelines.md"])
def test_an_untranslated_copy_is_read_as_what_it_is(path: str) -> None:
    assert detect(ENGLISH, path) == "en"


def test_chinese_without_a_script_in_the_name_is_told_by_its_characters() -> None:
    assert detect(CHINESE, "README-zh.md") == "zh-Hant"


def test_a_text_in_the_language_of_its_name_stays_with_it() -> None:
    assert detect(GERMAN, "README-de.md") == "de"


@pytest.mark.parametrize("text", ["", "# HTTP", "GET /", "42", "```\n" + GERMAN.replace("`", "") + "\n```", "Ok."])
def test_short_or_unclear_text_is_english(text: str) -> None:
    assert detect(text) == "en"


def test_a_few_foreign_words_do_not_make_a_text_foreign() -> None:
    text = ENGLISH + "\n\nIn Japanese a letter is 手紙 (てがみ), in Korean 편지, and in Chinese 信件.\n"
    assert detect(text) == "en"


def test_many_english_words_do_not_make_a_text_english() -> None:
    links = "".join(f"* [The {n}th page of the guide](https://example.org/the/and/of/{n})\n" for n in range(8))
    assert detect((HERE / "ja.md").read_text(encoding="utf-8") + links) == "ja"


def test_code_and_addresses_do_not_count() -> None:
    code = "```python\n" + "for the of and to in is that it with\n" * 100 + "```\n"
    addresses = "https://example.org/the-of-and-to " * 100
    assert detect(code + addresses + GERMAN) == "de"


@pytest.mark.parametrize(
    "text",
    [
        "Un bilanciatore di carico distribuisce le richieste tra più server e protegge il sistema dal sovraccarico."
        " I dati vengono replicati in modo asincrono, perciò una lettura può restituire valori vecchi.",
        "Dit is een tekst in het Nederlands over de post en over hoe een brief bij de ontvanger komt."
        " De postbode brengt hem naar het huis van de geadresseerde.",
        "Это страница о почте, о письмах и о том, как письмо приходит к получателю через город.",
    ],
)
def test_a_language_without_a_profile_is_read_as_english(text: str) -> None:
    assert detect(text) == "en"


def test_only_the_beginning_is_read() -> None:
    start = time.perf_counter()
    assert detect(GERMAN * 2000) == "de"
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("piece", ["`", "<", "](", "http://", "&#", "```\n", " ", "的", "a "])
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    detect(piece)
    start = time.perf_counter()
    detect(piece * 20_000)
    assert time.perf_counter() - start < 0.5
