"""What no author means: pages without measure end in a deck or in an error with a hint, and never in a crash.

Each text is read at one size and at four times that size; work that grows with the text takes four times as long.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from primer_anki.lint.engine import check
from primer_anki.parser.extract import Options, extract
from primer_anki.sources import MOST_BYTES
from tests.conftest import Run, Write

Text = Callable[[int], str]
SIZE, FACTOR, LIMIT = 25_000, 4, 9
"""A hundred thousand of everything; twice the growth that is due is still the machine's mood."""
SHORTEST = 0.05

WHOLE: dict[str, Text] = {
    "cells of a table": lambda n: "# T\n\n| A | B | C | D |\n|-|-|-|-|\n" + "| a b | c | d | e |\n" * (n // 4),
    "columns of a table": lambda n: (
        "# T\n\n" + "| a " * (n // 5) + "|\n" + "|-" * (n // 5) + "|\n" + "| b " * (n // 5) + "|\n"
    ),
    "levels of quotes": lambda n: "# T\n\n" + ">" * n + " a\n",
    "levels of lists": lambda n: "# T\n\n" + "- " * n + "a\n",
    "levels of brackets": lambda n: "# T\n\n" + "[" * n + "a" + "]" * n + "\n",
    "levels of stress": lambda n: "# T\n\n" + "*a **b " * (n // 8) + "\n",
    "levels of folds": lambda n: "# T\n\n" + "<details>\n" * (n // 10) + "a\n" + "</details>\n" * (n // 10),
    "levels of HTML": lambda n: "# T\n\n" + "<div>" * (n // 10) + "a" + "</div>" * (n // 10) + "\n",
    "headings": lambda n: "# T\n\n" + "## A\n" * n,
    "links": lambda n: "# T\n\nSee: " + "[a](b.md) " * (n // 4) + "\n",
    "references": lambda n: "# T\n\n" + "".join(f"[a{i}]: b{i}.md\n" for i in range(n // 8)) + "\n[a1] is a link.\n",
    "backticks": lambda n: "# T\n\nA is " + "".join("`" * (i % 90 + 1) + "a" for i in range(n // 90)) + "\n",
    "one line": lambda n: "# T\n\n## What is it?\n\n" + "word " * n + "\n",
    "one word": lambda n: "# T\n\n## What is it?\n\n" + "w" * n + "\n",
    "one heading": lambda n: "# T\n\n## " + "word " * (n // 5) + "?\n\nA word.\n",
    "one code block": lambda n: "# T\n\n## What is it?\n\n```python\n" + "x = [1, 2]\n" * (n // 10) + "```\n",
    "one formula": lambda n: "# T\n\n## What is it?\n\n$$\n" + "x + " * (n // 4) + "y\n$$\n",
    "clozes": lambda n: "# T\n\n" + "{{c1::a}} " * (n // 10) + "\n",
}
"""By what there is too much of."""


def work(text: str) -> float:
    """Seconds of this process for reading and judging a page."""
    start = time.process_time()
    found = extract(text, "t.md", Options(language="en"))
    check(found.drafts, [found.page], {})
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in WHOLE.items()])
def test_the_work_grows_with_the_page(text: Text) -> None:
    growth = (work(text(SIZE * FACTOR)) / max(work(text(SIZE)), SHORTEST) for _ in range(3))
    assert any(each < LIMIT for each in growth)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in WHOLE.items()])
def test_a_page_without_measure_ends_in_a_deck_or_an_error(run: Run, write: Write, text: Text) -> None:
    result = run("build", write("t.md", text(5_000)))
    assert result.exit_code in (0, 2)
    assert "Traceback" not in result.output
    if result.exit_code == 2:
        assert "error: " in result.stderr
        assert "hint: " in result.stderr


def test_a_card_of_a_megabyte_is_named(run: Run, write: Write) -> None:
    result = run("lint", write("t.md", "# T\n\n**Q: What is it?**\n\nA: " + "word " * 200_000 + "\n"))
    assert "the answer has 200000 words, limit 25 [long-answer]" in result.stdout
    assert result.exit_code == 1


def test_a_file_larger_than_any_book_is_refused(run: Run, write: Write) -> None:
    result = run("build", write("t.md", b"x" * (MOST_BYTES + 1)))
    assert result.exit_code == 2
    assert "hint: divide it into topics" in result.stderr
