"""HTML of a card as text on a terminal."""

from __future__ import annotations

import pytest

from primer_anki.readable import html_to_text

CASES = {
    "paragraphs": ("<p>one</p>\n<p>two</p>", "one\ntwo"),
    "line break": ("one<br>two", "one\ntwo"),
    "white space": ("<p>one\n   two</p>", "one two"),
    "entities": ("<p>a &lt; b &amp; c</p>", "a < b & c"),
    "inline markup": ("<p>a <b>bold</b> <code>word</code>.</p>", "a bold word."),
    "bullets": ("<ul>\n<li>one</li>\n<li><p>two</p></li>\n</ul>", "• one\n• two"),
    "numbers": ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
    "numbers from five": ('<ol start="5"><li>five</li><li>six</li></ol>', "5. five\n6. six"),
    "lists in lists": ("<ol><li>one<ul><li>in</li></ul></li><li>two</li></ol>", "1. one\n  • in\n2. two"),
    "table": ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
    "code": ("<pre><code>if x:\n    y</code></pre>", "if x:\n    y"),
    "picture": ('<img src="a.svg" alt="a cache">', "[image: a cache]"),
    "picture without words": ('<img src="a.svg">', "[image: a.svg]"),
    "nothing": ("<p></p>", ""),
}


@pytest.mark.parametrize(("html", "text"), CASES.values(), ids=CASES)
def test_html_to_text(html: str, text: str) -> None:
    assert html_to_text(html) == text
