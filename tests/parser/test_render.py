"""Blocks and spans → the HTML of a field."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primer_anki.parser.clean import clean
from primer_anki.parser.document import Block, Span
from primer_anki.parser.markdown import parse
from primer_anki.parser.render import cloze_safe, html_of
from tests.parser.outline import cases

CASES = cases("render.md")
BASE = "https://example.org/a/b.md"
PIECES = (
    "# ", "- ", "1. ", "> ", "    ", "\n", "\n\n", "```\n", "```python\n", "~~~", "|a|b|\n|-|-|\n", "|", "*", "**", "_",
    "~~", "==", "`", "$", "$$", "$$\n", "\\", "\\(", "\\[", "[", "](", "](#x)", "](javascript:alert(1))", ")", "![",
    "[^1]", "\n[^1]: ", "{{c1::", "::", "}}", "<", ">", "<b>", "</b>", "<script>", "</script>", "<ScRiPt ", "<style>",
    "<a href='javascript:x'>", "<a href=\"//x.y\">", "</a>", "<img src=x onerror=alert(1)>", "<img src='javascript:x'>",
    "<details>", "<summary>", "</summary>", "</details>", "<details><summary>Q</summary>", "<table>", "<tr>", "<td>",
    "</td>", "</table>", "<ul>", "<li>", "<dl><dt>", "<dd>", "<pre>", "</pre>", "<code>", "<svg/onload=alert(1)>",
    "<iframe src=x>", "<p onclick=x>", "</p>", "<h2>", "<br>", "<hr>", "<!--", "-->", "<!-- id: x -->", "&lt;", "&#91;",
    "&#58;&#58;", "&nbsp;", "[sound:x.mp3]", "[latex]", "[anki:tts]", "[$]", "\ufdd0", "\u00a0", "a", "中", "😀", "\t",
    " ", "\r\n", ": ", "\"", "'", "onclick=", "javascript:", "<a href=\"javascript&#58;x\">",
    "data:text/html,x", "[x]: y\n", "http://[", "---\n",
)  # fmt: skip
documents = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30).map("".join)
HANDLER = re.compile(r"<\s*/?\s*script|\son\w+\s*=|style=", re.IGNORECASE)
ADDRESS = re.compile(r"\s(?:href|src)=\"\s*(?:javascript|data)\s*:", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
EXECUTED = re.compile(r"\[(sound:|latex\]|\$\$?\]|anki:)", re.IGNORECASE)


def is_harmful(tag: str) -> bool:
    names = re.sub(r'"[^"]*"', '""', tag)
    return bool(HANDLER.search(names) or ADDRESS.search(unescape(tag)))


def rendered(source: str, link_base: str = BASE) -> str:
    topic = parse(source, "a.md")
    return "\n".join(
        html_of(
            [*([section.heading] if section.heading else []), *section.blocks],
            link_base=link_base,
            footnotes=topic.footnotes,
        )
        for section in topic.sections
    )


@pytest.mark.parametrize(("source", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_render(source: str, expected: str) -> None:
    assert rendered(source) == expected


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_last_gate_lets_it_pass_unchanged(case: tuple[str, str, str]) -> None:
    assert clean(case[2]) == case[2]


def test_spans_render_as_blocks_do() -> None:
    assert html_of((Span("text", "a < "), Span("strong", children=(Span("text", "b"),)))) == "a &lt; <strong>b</strong>"


def test_a_relative_link_without_a_base_is_text() -> None:
    assert rendered("[a](b.md) [c](#d) [e](https://f.g)", "") == 'a c <a href="https://f.g">e</a>'


def test_long_code_stays_without_colours() -> None:
    assert "<span" not in html_of([Block("code", 1, text="x = 1\n" * 5_000, info="python")])


class TestCloze:
    @pytest.mark.parametrize(
        ("html", "safe"),
        [
            ("std::vector", "std&#58;&#58;vector"),
            ("a}}b", "a&#125;&#125;b"),
            ("a:::b", "a&#58;&#58;&#58;b"),
            ("{x}", "{x&#125;"),
            ("ends:", "ends&#58;"),
            ("a: b {c} d", "a: b {c} d"),
            (r"\(\frac{a}{b^{2}}\)", r"\(\frac{a}{b^{2} }\)"),
            (r"\[x}}}::y\] ::", r"\[x} } }: :y\] &#58;&#58;"),
        ],
    )
    def test_nothing_ends_it_early(self, html: str, safe: str) -> None:
        assert cloze_safe(html) == safe

    @given(st.text(alphabet=":}{a\\()", max_size=20))
    def test_never(self, text: str) -> None:
        safe = cloze_safe(text)
        assert "::" not in safe
        assert "}}" not in safe + "x"

    def test_its_escapes_pass_the_last_gate(self) -> None:
        safe = cloze_safe(html_of((Span("code", "a::b}}"), Span("text", "[sound:x]"))))
        assert clean(safe) == safe


class TestClean:
    @pytest.mark.parametrize(
        ("html", "expected"),
        [
            ("a<script>alert(1)</script>b", "ab"),
            ('<b onclick="x">a</b>', "a"),
            ('<p style="color:red" onclick="x">a</p>', "<p>a</p>"),
            ('<a href="javascript:x">a</a>', "<a>a</a>"),
            ('<a href="javascript&#58;x">a</a>', "<a>a</a>"),
            ('<img src=" java&#10;script&#58;x" alt="b&#58;&#58;c">', '<img alt="b&#58;&#58;c">'),
            ('<iframe src="x"></iframe>a', "a"),
            ('<span class="k evil">a</span><span class="kd">b</span>', '<span>a</span><span class="kd">b</span>'),
            ('<div class="table" id="x">a</div>', '<div class="table">a</div>'),
            ("&#91;sound:x] [sound:y]", "&#91;sound:x] &#91;sound:y]"),
            (r"\(a &lt; b &amp; c\)", r"\(a &lt; b &amp; c\)"),
            ("plain [sound:x]", "plain &#91;sound:x]"),
        ],
    )
    def test_only_what_render_writes_passes(self, html: str, expected: str) -> None:
        assert clean(html) == expected

    @given(documents)
    def test_twice_is_once(self, html: str) -> None:
        once = clean(html)
        assert clean(once) == once
        assert not EXECUTED.search(once)
        assert not any(is_harmful(tag) for tag in TAG.findall(once))


class TestAnyText:
    @settings(max_examples=300, deadline=None)
    @given(documents)
    def test_renders_to_harmless_html(self, source: str) -> None:
        html = rendered(source)
        assert not any(is_harmful(tag) for tag in TAG.findall(html))
        assert "<script" not in html.lower()
        assert not EXECUTED.search(html)
        assert "\x1f" not in html

    @settings(max_examples=300, deadline=None)
    @given(documents)
    def test_renders_to_what_the_last_gate_lets_pass(self, source: str) -> None:
        html = rendered(source)
        assert clean(html) == html

    @settings(max_examples=200, deadline=None)
    @given(documents)
    def test_names_lines_of_the_file(self, source: str) -> None:
        last = source.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        for section in parse(source, "a.md").sections:
            assert all(1 <= block.line <= block.end <= last for block in section.blocks)
            assert all(1 <= line <= last for line, _ in section.ids)
