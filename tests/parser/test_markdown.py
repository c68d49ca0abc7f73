"""Markdown → Topic: what stands in fixtures/markdown.md, and what needs bytes that a fixture cannot hold."""

from __future__ import annotations

import pytest

from primer_anki.parser.document import Topic, block_text
from primer_anki.parser.markdown import parse, split_front_matter
from tests.parser.outline import cases, outline, spans_outline

CASES = cases("markdown.md")


@pytest.mark.parametrize(("source", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_markdown(source: str, expected: str) -> None:
    assert outline(parse(source, "a.md")) == expected


def first_text(topic: Topic) -> str:
    return spans_outline(topic.sections[0].blocks[0].spans)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# A\r\n\r\n- b\r\n- c\r\n", "# A\n\n- b\n- c\n"),
        ("# A\r\r- b\r- c", "# A\n\n- b\n- c"),
        ("\ufeff# A\n", "# A\n"),
        ("# A\n\ntext", "# A\n\ntext\n"),
    ],
    ids=["CRLF", "CR", "byte-order mark", "no final newline"],
)
def test_the_bytes_of_an_editor_change_nothing(source: str, expected: str) -> None:
    assert parse(source, "a.md").sections == parse(expected, "a.md").sections


def test_characters_that_end_a_field_in_anki_are_replaced() -> None:
    assert first_text(parse("a\x1fb\x00", "a.md")) == "a\ufffdb\ufffd"


def test_lines_count_from_the_first_line_of_the_file() -> None:
    section = parse("# A\n\ntext\n\n<!-- id: x -->\nmore\n", "a.md", first_line=5).sections[0]
    assert section.heading is not None
    assert (section.heading.line, [block.line for block in section.blocks], section.ids) == (5, [7, 10], ((9, "x"),))


class TestTitle:
    def test_the_front_matter_names_it(self) -> None:
        assert parse("# A\n", "a.md", {"title": "Caching"}).title == "Caching"

    def test_the_first_heading_of_level_one_names_it(self) -> None:
        assert parse("## Intro\n\n# The *topic*\n\n# Other\n", "a.md").title == "The topic"

    def test_the_first_heading_names_it_where_none_has_level_one(self) -> None:
        assert parse("### A\n\n## B\n", "a.md").title == "A"

    def test_the_file_names_it_last(self) -> None:
        assert parse("text\n", "topics/load-balancer.md").title == "load-balancer"


class TestTrail:
    TOPIC = parse("# A\n### B\n## C\n# D\n", "a.md")

    def test_a_section_knows_the_headings_above_it(self) -> None:
        trails = [section.trail for section in self.TOPIC.sections]
        assert trails == [("A",), ("A", "B"), ("A", "C"), ("D",)]

    def test_and_their_levels(self) -> None:
        assert [section.levels for section in self.TOPIC.sections] == [(1,), (1, 3), (1, 2), (1,)]

    def test_what_stands_before_the_first_heading_has_none(self) -> None:
        section = parse("text\n# A\n", "a.md").sections[0]
        assert (section.heading, section.trail, section.anchor) == (None, (), "")


class TestFrontMatter:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("---\ntitle: A\n---\n# A\n", ("title: A\n", "# A\n", 4)),
            ("---\r\ntitle: A\r\n---\r\ntext", ("title: A\r\n", "text", 4)),
            ("\ufeff---\n# remark\n\ntags: [a]\n...\nx", ("# remark\n\ntags: [a]\n", "x", 6)),
            ("---\n---\nx", ("", "x", 3)),
            ("---\na: b\n---", ("a: b\n", "", 3)),
        ],
        ids=["dashes", "CRLF", "dots, a remark first, byte-order mark", "empty", "nothing after it"],
    )
    def test_a_block_at_the_start(self, text: str, expected: tuple[str, str, int]) -> None:
        assert split_front_matter(text) == expected

    @pytest.mark.parametrize(
        "text",
        ["---\n\ntext\n", "---\n\nsome text\n\n---\n", "\n---\na: b\n---\n", "----\na: b\n----\n", "text\n", ""],
        ids=["lone rule", "prose between rules", "not at the start", "four dashes", "text", "empty"],
    )
    def test_anything_else_is_text(self, text: str) -> None:
        assert split_front_matter(text) == (None, text, 1)


class TestTruncated:
    @pytest.mark.parametrize(
        "text",
        [
            "- One ends here.\n- Two too.\n- A single load balancer is a",
            "First paragraph.\n\nSecond one ends in the mid",
            "# A\n\nOne. Two.\n\n- a sentence.\n- and anoth",
            "最初の文。\n\n途中で切れ",
        ],
        ids=["an item", "a paragraph", "an item below a paragraph", "Japanese"],
    )
    def test_the_last_words_are_cut_off(self, text: str) -> None:
        assert parse(text, "a.md").truncated
        assert not parse(text + "\n", "a.md").truncated

    @pytest.mark.parametrize(
        "text",
        [
            "- one\n- two\n- three",
            "A sentence.\n\nThe last one.",
            "# A\n\n```\nx",
            "text",
            "# A",
            "",
            "a.\n\n| a |\n|-|\n| b |",
        ],
        ids=["a list without stops", "finished", "code", "a lone line", "a heading", "empty", "a table"],
    )
    def test_a_good_file_without_a_final_newline(self, text: str) -> None:
        assert not parse(text, "a.md").truncated


@pytest.mark.parametrize(
    "text",
    [
        "> " * 10_000 + "end",
        "- " * 10_000 + "end",
        "1. " * 10_000 + "end",
        "[" * 20_000 + "end",
        "![" * 3_000 + "end" + "](b)" * 3_000,
        "[" * 3_000 + "end" + "](b)" * 3_000,
        "*a **b " * 5_000 + "end",
        "<b>" * 5_000 + "end",
        "<div>" * 5_000 + "end",
        "<ul><li>" * 5_000 + "end",
        "<details>" * 2_000 + "end",
        "<details>\n<summary>a</summary>\n\n" * 300 + "end\n\n" + "</details>\n\n" * 300,
        "<table><tr><td>" * 3_000 + "end",
        "{{" * 10_000 + "end",
        "$" * 10_000 + "end",
        "$$a\n" * 10_000 + "end",
        "a" + "`" * 10_000 + "end",
        "==a " * 5_000 + "end",
        "<!-- " * 10_000 + "\nend",
        "a <!-- " * 5_000 + "end",
        "\n".join("  " * depth + f"t\n{'  ' * depth}: d" for depth in range(200)) + "\n\nend",
        "|".join("a" * 300) + "\n" + "|".join("-" * 300) + "\n" + ("|".join("b" * 300) + "\n") * 100 + "\nend",
    ],
    ids=lambda text: text[:12].strip(),
)
def test_nesting_without_end_is_read_flat(text: str) -> None:
    topic = parse(text, "a.md")
    seen = "\n".join(block_text(block) for section in topic.sections for block in section.blocks)
    assert "end" in seen or text.startswith(("<!-- ", "!["))  # a comment without end, an alternative text
