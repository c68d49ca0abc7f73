"""What a deck's options, a file's front matter and an author's comments change."""

from __future__ import annotations

import pytest

from primer_anki.diagnostic import PrimerError
from primer_anki.parser.extract import Extraction, Options, extract

TEXT = """# Birds

## Owls

- **Owl** - hunts at night

## Crows

### What do crows use?

Tools.
"""


def cards(text: str = TEXT, **options: object) -> Extraction:
    return extract(text, "content/birds of prey.md", Options(**{"language": "en", **options}))  # type: ignore[arg-type]


def front(*lines: str) -> str:
    return "\n".join(("---", *lines, "---", TEXT))


class TestOptions:
    def test_without_any(self) -> None:
        owl, crow = cards().drafts
        assert owl.fields["Source"] == "content/birds of prey.md › Owls"
        assert owl.tags == ("primer::birds::owls",)
        assert crow.tags == ("primer::birds::crows",)

    def test_the_tags_root(self) -> None:
        assert cards(tag_root="zoo").drafts[0].tags == ("zoo::birds::owls",)

    def test_the_address_of_the_sources(self) -> None:
        source = cards(link_base="https://example.org/").drafts[0].fields["Source"]
        assert source == '<a href="https://example.org/content/birds%20of%20prey.md#owls">Owls</a>'

    def test_the_patterns_wanted(self) -> None:
        assert [draft.pattern for draft in cards(patterns=frozenset(["question"])).drafts] == ["question"]

    @pytest.mark.parametrize("heading", ["Crows", "crows", "CROWS:"])
    def test_headings_to_skip(self, heading: str) -> None:
        found = cards(skip=(heading,))
        assert [draft.pattern for draft in found.drafts] == ["definition"]
        assert [skipped.place.trail for skipped in found.skipped] == [("Birds", "Crows")]

    def test_the_language(self) -> None:
        assert cards(language="de").drafts[0].question == "Was versteht man unter „Owl“?"


class TestFrontMatter:
    def test_the_title_names_tags_and_context(self) -> None:
        found = cards(front("title: Zoo"))
        assert found.title == "Zoo"
        assert found.drafts[0].tags == ("primer::zoo::owls",)

    @pytest.mark.parametrize("tags", ["tags: [Night life, zoo]", "tags: night-life zoo", "tags: night-life, zoo"])
    def test_tags_come_besides(self, tags: str) -> None:
        assert cards(front(tags)).drafts[0].tags == ("primer::birds::owls", "primer::night-life", "primer::zoo")

    def test_the_level_orders_and_tags(self) -> None:
        draft = cards(front("level: long")).drafts[0]
        assert draft.level == 2
        assert "primer::level::long" in draft.tags

    def test_the_order_of_files(self) -> None:
        assert cards(front("order: 3.5")).order == 3.5

    def test_the_language(self) -> None:
        assert cards(front("language: de"), language="").language == "de"

    def test_lines_are_those_of_the_file(self) -> None:
        assert cards(front("title: Zoo")).drafts[0].place.line == 8

    @pytest.mark.parametrize("line", ["level: huge", "language: tlh", "tags: 3", "title: ["])
    def test_what_cannot_be_done_is_an_error(self, line: str) -> None:
        with pytest.raises(PrimerError):
            cards(front(line))


class TestComments:
    @pytest.mark.parametrize(
        ("comment", "tags"),
        [
            ("primer: tag night", ("primer::birds::owls", "primer::night")),
            ("primer: tag night, zoo", ("primer::birds::owls", "primer::night", "primer::zoo")),
            ("primer: level medium", ("primer::birds::owls", "primer::level::medium")),
        ],
    )
    def test_they_steer_their_section(self, comment: str, tags: tuple[str, ...]) -> None:
        owl, crow = cards(TEXT.replace("## Owls\n", f"## Owls\n\n<!-- {comment} -->\n")).drafts
        assert owl.tags == tags
        assert crow.tags == ("primer::birds::crows",)


class TestTruncated:
    """A file that ends in the middle of a line has lost something."""

    @pytest.mark.parametrize(
        ("end", "kept"),
        [
            ("- **Wren** - a small bird.\n", 3),
            ("- **Wren** - a small bird.", 3),
            ("- **Wren** - a small bi", 2),
        ],
    )
    def test_its_last_words_give_no_card(self, end: str, kept: int) -> None:
        assert len(cards(f"# Birds\n\n- **Owl** - hunts at night.\n- **Crow** - uses tools.\n{end}").drafts) == kept

    def test_a_list_without_full_stops_is_whole(self) -> None:
        assert len(cards("# Birds\n\n- **Owl** - hunts at night\n- **Crow** - uses tools").drafts) == 2
