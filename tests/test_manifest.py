"""`decks/*.yaml`: what it may say, and what it hears when it says something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from primer_anki.diagnostic import PrimerError
from primer_anki.lint import engine
from primer_anki.manifest import KEYS, LIMITS, Manifest, load
from primer_anki.manifest import PATTERNS as NAMED
from primer_anki.parser.extract import PATTERNS
from tests.conftest import Write

WriteManifest = Callable[..., Path]


@pytest.fixture(autouse=True)
def content(write: Write) -> None:
    for name in ("1.md", "2.md", "10.md", "sub/a.md"):
        write(f"content/{name}", "# Topic\n")


def names(manifest: Manifest) -> list[str]:
    return [path.relative_to(manifest.root).as_posix() for path in manifest.sources]


def test_a_small_manifest(manifest: WriteManifest) -> None:
    deck = load(manifest())
    assert (deck.name, deck.id, deck.description) == ("System Design", 1234567890, "")
    assert names(deck) == ["1.md", "2.md", "10.md"]
    assert (deck.output, deck.ledger) == (Path("decks/x.apkg"), Path("decks/x.ledger.jsonl"))
    assert (deck.options.language, deck.options.tag_root, deck.options.link_base) == ("", "primer", "")
    assert deck.options.patterns is None


def test_a_manifest_with_everything(manifest: WriteManifest) -> None:
    deck = load(
        manifest(
            "description: All of it",
            "language: en",
            "tag_root: design",
            "link_base: https://example.org/content",
            "output: ../dist.apkg",
            f"patterns: [{PATTERNS[0]}]",
            "skip: [Errata]",
            "limits: {long-answer: 40, near-twin: 0.9}",
        )
    )
    assert deck.description == "All of it"
    assert deck.options.language == "en"
    assert deck.options.tag_root == "design"
    assert deck.options.link_base == "https://example.org/content/"
    assert deck.output.resolve() == Path("dist.apkg").resolve()
    assert deck.ledger == Path("decks/x.ledger.jsonl")
    assert deck.options.patterns == frozenset([PATTERNS[0]])
    assert deck.options.skip == ("Errata",)
    assert deck.limits == {"long-answer": 40, "near-twin": 0.9}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        pytest.param("[sub/*.md, '*.md']", ["sub/a.md", "1.md", "2.md", "10.md"], id="in the order of the globs"),
        pytest.param("[2.md, '*.md']", ["2.md", "1.md", "10.md"], id="each once, at its first place"),
        pytest.param("'**/*.md'", ["1.md", "2.md", "10.md", "sub/a.md"], id="a single glob"),
    ],
)
def test_sources(sources: str, expected: list[str], manifest: WriteManifest) -> None:
    assert names(load(manifest(f"sources: {sources}", without=("sources",)))) == expected


def test_the_root_is_the_manifests_folder_by_default(write: Write) -> None:
    write("notes/a.md", "")
    deck = load(write("notes/deck.yaml", "name: N\nid: 1234567890\nsources: '*.md'\n"))
    assert names(deck) == ["a.md"]


@pytest.mark.parametrize("value", ["en", "EN-gb"])
def test_good_languages(value: str, manifest: WriteManifest) -> None:
    assert load(manifest(f"language: {value}")).options.language == value


@pytest.mark.parametrize("value", ["Deck", "Part::Chapter", "日本語"])
def test_good_names(value: str, manifest: WriteManifest) -> None:
    assert load(manifest(f"name: '{value}'", without=("name",))).name == value


BAD = [
    ("name", "", "x.yaml:1: error: `name`: expected text, found nothing"),
    ("name", "''", "x.yaml:1: error: `name` must be one line, with text and no spaces beside each `::`"),
    ("name", "1", "x.yaml:1: error: `name`: expected text, found `1`"),
    ("name", "yes", "x.yaml:1: error: `name`: expected text, found `true` (quote it if it is text)"),
    ("name", "'a::'", "x.yaml:1: error: `name` must be one line, with text and no spaces beside each `::`"),
    ("name", "'a ::b'", "x.yaml:1: error: `name` must be one line, with text and no spaces beside each `::`"),
    ("name", '"a\\nb"', "x.yaml:1: error: `name` must be one line, with text and no spaces beside each `::`"),
    ("name", "default", "x.yaml:1: error: `name`: `Default` belongs to a deck that every collection has"),
    ("id", "", "x.yaml:1: error: `id`: expected a whole number from 2 to 2^53, found nothing"),
    ("id", "1", "x.yaml:1: error: `id`: expected a whole number from 2 to 2^53, found `1`"),
    ("id", "-5", "x.yaml:1: error: `id`: expected a whole number from 2 to 2^53, found `-5`"),
    (
        "id",
        "99999999999999999",
        "x.yaml:1: error: `id`: expected a whole number from 2 to 2^53, found `99999999999999999`",
    ),
    ("id", "12.5", "x.yaml:1: error: `id`: expected a whole number from 2 to 2^53, found `12.5`"),
    ("id", "abc", "x.yaml:1: error: `id`: expected a whole number from 2 to 2^53, found the text `abc`"),
    (
        "id",
        "true",
        "x.yaml:1: error: `id`: expected a whole number from 2 to 2^53, found `true` (quote it if it is text)",
    ),
    ("description", "[a]", "x.yaml:1: error: `description`: expected text, found a list"),
    ("root", "../nowhere", "x.yaml:1: error: `root` is no folder: nowhere"),
    ("root", "x.yaml", "x.yaml:1: error: `root` is no folder: decks/x.yaml"),
    ("sources", "[]", "x.yaml:1: error: `sources` is empty"),
    ("sources", "{a: b}", "x.yaml:1: error: `sources`: expected a list of texts, found keys with values"),
    ("sources", "[1]", "x.yaml:1: error: `sources`: expected text, found `1`"),
    ("sources", "['']", "x.yaml:1: error: `sources`: expected text, found the text ``"),
    ("sources", "\n- '*.md'\n- no/*.md", "x.yaml:3: error: `sources`: `no/*.md` matches no Markdown file in content"),
    ("sources", "[sub]", "x.yaml:1: error: `sources`: `sub` matches no Markdown file in content"),
    ("sources", "[../*.md]", "x.yaml:1: error: `sources`: `../*.md` leads out of the root content"),
    ("sources", "[/etc/*.md]", "x.yaml:1: error: `sources`: `/etc/*.md` leads out of the root content"),
    ("language", "xx", "x.yaml:1: error: unknown language `xx`"),
    ("language", "no", "x.yaml:1: error: `language`: expected text, found `false` (quote it if it is text)"),
    ("tag_root", "two words", "x.yaml:1: error: `tag_root` is `two words`: expected a tag without spaces"),
    ("tag_root", "'a::'", "x.yaml:1: error: `tag_root` is `a::`: expected a tag without spaces"),
    ("tag_root", "''", "x.yaml:1: error: `tag_root` is ``: expected a tag without spaces"),
    ("link_base", "content/", "x.yaml:1: error: `link_base` is `content/`: expected a URL"),
    ("link_base", "javascript:x", "x.yaml:1: error: `link_base` is `javascript:x`: expected a URL"),
    ("link_base", "https:///x", "x.yaml:1: error: `link_base` is `https:///x`: expected a URL"),
    ("patterns", "[no-such]", "x.yaml:1: error: unknown pattern `no-such`"),
    ("patterns", "{a: 1}", "x.yaml:1: error: `patterns`: expected a list of texts, found keys with values"),
    ("skip", "5", "x.yaml:1: error: `skip`: expected a list of texts, found `5`"),
    ("limits", "[1]", "x.yaml:1: error: `limits`: expected rules with numbers, found a list"),
    ("limits", "\n  a: 1\n  b: -1", "x.yaml:3: error: `limits: b`: expected a number, 0 or more, found `-1`"),
    ("limits", "{a: .nan}", "x.yaml:1: error: `limits: a`: expected a number, 0 or more, found `nan`"),
    ("sourcse", "x", "x.yaml:1: error: unknown key `sourcse`"),
]


@pytest.mark.parametrize(("key", "value", "problem"), BAD, ids=[f"{key}: {value!r}" for key, value, _ in BAD])
def test_bad_values(key: str, value: str, problem: str, write: Write) -> None:
    rest = {"name": "N", "id": "1234567890", "root": "../content", "sources": "'*.md'"} | {key: value}
    lines = [f"{key}: {value}", *(f"{other}: {text}" for other, text in rest.items() if other != key)]
    with pytest.raises(PrimerError) as caught:
        load(write("decks/x.yaml", "\n".join(lines)))
    assert str(caught.value).splitlines()[0] == f"decks/{problem}"


def test_an_unknown_key_hears_the_nearest_and_all(manifest: WriteManifest) -> None:
    with pytest.raises(PrimerError) as caught:
        load(manifest("sourcse: x"))
    assert caught.value.hint == f"did you mean `sources`? allowed: {', '.join(KEYS)}"


@pytest.mark.parametrize("key", ["name", "id", "sources"])
def test_what_must_be_there(key: str, manifest: WriteManifest) -> None:
    with pytest.raises(PrimerError, match=rf"^decks/x\.yaml: error: `{key}` is missing"):
        load(manifest(without=(key,)))


YAML = [
    ("", "x.yaml: error: `name` is missing"),
    ("just text", "x.yaml:1:1: error: expected keys and values, such as `name: value`"),
    ("- a\n- b", "x.yaml:1:1: error: expected keys and values, such as `name: value`"),
    ("name: a\nname: b", "x.yaml:2:1: error: the key `name` stands twice"),
    ("limits:\n  a: 1\n  a: 2", "x.yaml:3:3: error: the key `a` stands twice"),
    ("1: a", "x.yaml:1:1: error: a key must be text"),
    ("? [a]\n: b", "x.yaml:1:3: error: a key must be a plain value"),
    ("name: [a", "x.yaml:1:9: error: broken YAML: expected ',' or ']', but got '<stream end>'"),
    ("name: 'a\n", "x.yaml:2:1: error: broken YAML: found unexpected end of stream"),
    ("a: b: c", "x.yaml:1:5: error: broken YAML: mapping values are not allowed here"),
    ("name:\n\tx: 1", "x.yaml:2:1: error: broken YAML: found character '\\t' that cannot start any token"),
    ("name: a\n---\nname: b", "x.yaml:2:1: error: broken YAML: but found another document"),
    (
        "name: !!python/object/apply:os.system [ls]",
        "x.yaml:1:7: error: the YAML tag 'tag:yaml.org,2002:python/object/apply:os.system' "
        "is not allowed: only plain values are",
    ),
    ("name: !run ls", "x.yaml:1:7: error: the YAML tag '!run' is not allowed: only plain values are"),
    ("a: &a [x]\nb: [*a, *a]", "x.yaml:2:5: error: aliases (`*name`) are not allowed"),
    ("a: &a [*a]", "x.yaml:1:8: error: aliases (`*name`) are not allowed"),
    ("a: 2020-13-45", "x.yaml:1:4: error: this is no timestamp"),
    ("a: " + "9" * 5000, "x.yaml:1:4: error: this is no int"),
    ("a: !!bool maybe", "x.yaml:1:4: error: this is no bool"),
    ("a: b\nc: \x07", "x.yaml:2: error: U+0007 is not allowed in YAML"),
    ("[" * 5000, "x.yaml:1: error: the YAML is nested too deeply"),
]


@pytest.mark.parametrize(("text", "problem"), YAML, ids=[repr(text[:40]) for text, _ in YAML])
def test_broken_yaml(text: str, problem: str, write: Write) -> None:
    with pytest.raises(PrimerError) as caught:
        load(write("decks/x.yaml", text))
    assert str(caught.value).splitlines()[0] == f"decks/{problem}"


def test_its_patterns_and_limits_are_those_of_parser_and_rules() -> None:
    """A manifest is read without either."""
    assert NAMED == PATTERNS
    assert tuple(engine.LIMITS) == LIMITS
