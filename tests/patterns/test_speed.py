"""Reading time grows with the text and not faster, whatever the text is.

Each kind of text is read at one size and at four times that size. Linear growth takes four times as long, quadratic
growth sixteen; the limit lies between, with room for a busy machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from primer_anki.parser.extract import Options, extract

SMALL, FACTOR, LIMIT = 250, 4, 9
SHORTEST = 0.02
"""Seconds; what is faster at the small size is counted as this: its measure is noise."""

MARKED = "The `n` in *this* heap holds the key of a tree. "

TEXTS: dict[str, Callable[[int], str]] = {
    "terms": lambda n: "# T\n\n" + "".join(f"- **Term {i}** - meaning {i}\n" for i in range(n)),
    "items with a colon": lambda n: "# T\n\n" + "".join(f"- item {i}: a: b: c\n" for i in range(n)),
    "question bullets": lambda n: "# T\n\n" + "".join(f"- Why {i}?\n  - so {i}\n" for i in range(n)),
    "numbered questions": lambda n: "# T\n\n" + "".join(f"{i + 1}. Why {i}?\n\nSo {i}.\n\n" for i in range(n)),
    "numbered headings": lambda n: "# T\n\n" + "".join(f"{i + 1}. ### Why {i}?\n\n   So {i}.\n\n" for i in range(n)),
    "Q and A": lambda n: "# T\n\n" + "".join(f"Q: Why {i}?\n\nA: So {i}.\n\n" for i in range(n)),
    "bold questions": lambda n: "# T\n\n" + "".join(f"**Why {i}?**\n\nSo {i}.\n\n" for i in range(n)),
    "bold lines": lambda n: "# T\n\n" + "".join(f"**Part {i}**\n\nText {i} is long.\n\n" for i in range(n)),
    "folds": lambda n: "# T\n\n" + "<details>\n<summary>Why?</summary>\n\nSo.\n\n</details>\n\n" * n,
    "answers folded away": lambda n: "# T\n\n" + "<details>\n<summary>Answer</summary>\n\nSo.\n\n</details>\n\n" * n,
    "headings": lambda n: "".join(f"## Part {i}\n\nPart {i} is a part.\n\n" for i in range(n)),
    "sides": lambda n: "# T\n\n" + "".join(f"## X{i}\n\nIt.\n\n### Pros: X{i}\n\n- a\n- b\n\n" for i in range(n // 3)),
    "step headings": lambda n: "# T\n\n" + "".join(f"## Step {i}: do\n\nText.\n\n" for i in range(n)),
    "paragraphs": lambda n: "# T\n\n" + "Since it rains, one gets wet. A *thing* is here, and more.\n\n" * n,
    "lead-ins": lambda n: "# T\n\n" + "It is made of these things:\n\n- a\n- b\n\n" * n,
    "a table": lambda n: "# T\n\n| A | B | C |\n|-|-|-|\n" + "| a | b | c |\n" * n,
    "a fence of columns": lambda n: "# T\n\n```\n" + "a b c    1 ns   x\n" * n + "```\n",
    "clozes": lambda n: "# T\n\n" + "The ==a== and {{c1::b::c}} are here.\n\n" * n,
    "open braces": lambda n: "# T\n\n" + "{{c1::a " * n + "\n",
    "one long sentence": lambda n: "# T\n\nT is " + "word, " * 10 * n + "\n",
    "one long line of sentences": lambda n: "# T\n\n" + "A cat sat down. " * 4 * n + "\n",
    "one long paragraph of marked sentences": lambda n: "# T\n\n" + MARKED * n,
    "one long meaning": lambda n: "# T\n\n- **A** - " + MARKED * n + "\n- **B** - b\n",
    "one long stress": lambda n: "# T\n\nSo.\n\n**" + MARKED * n + "**\n",
    "pointing sentences": lambda n: "# T\n\n" + "See the [guide](x.md). The heap holds the `key` of a tree. " * n,
    "lists of sentences": lambda n: "# T\n\n" + "- The heap holds the key of a tree, and more than nine words.\n" * n,
    "sentences below points": lambda n: "# T\n\n" + "- Heap\n  - It holds the key of a tree, so it is.\n  - No.\n" * n,
    "bold beginnings": lambda n: "# T\n\n" + "".join(f"**Part {i}**. Text {i} is long.\n\n" for i in range(n)),
    "parts": lambda n: "".join(f"# T{i}\n\nTwo parts.\n\n## A\n\nA.\n\n## B\n\nB.\n\n" for i in range(n // 3)),
    "one long line of questions": lambda n: "# T\n\nQ: " + "Why so? " * 6 * n + "\n",
    "one long line of colons": lambda n: "# T\n\n- " + "a: " * 10 * n + "\n- b: c d\n",
    "one long heading": lambda n: "# " + "what is " * 6 * n + "\n\nText.\n",
    "one long bold": lambda n: "# T\n\n- **" + "a " * 20 * n + "** - b\n",
    "one long bracket": lambda n: "# T\n\n- **a** " + "(" * 10 * n + " - b\n",
    "hard breaks": lambda n: "# T\n\n" + "**a** - b  \n" * n,
    "ids": lambda n: "# T\n\n" + "".join(f"<!-- id: a{i} -->\n**T{i}** - b\n\n" for i in range(n)),
    "dots": lambda n: "# T\n\nA is b" + ". " * 40 * n + "x\n",
    "commas": lambda n: "# T\n\nThese are, " + ", " * 40 * n + ":\n\n- a\n- b\n",
    "such as such as": lambda n: "# T\n\nThese are " + "such as " * 20 * n + ":\n\n- a\n- b\n",
    "versus versus": lambda n: "# T\n\n## a vs " + "b vs " * 20 * n + "\n\nText is here.\n",
    "advantages of advantages": lambda n: "# T\n\n## pros of " + "pros of " * 20 * n + "\n\n- a\n- b\n",
    "TeX": lambda n: "# T\n\n" + "\\a{b} " * 20 * n + "x\n",
    "nested folds": lambda n: "# T\n\n" + "<details><summary>a?</summary>\n\n" * (n // 5) + "</details>\n" * (n // 5),
    "spaces after a term": lambda n: "# T\n\n- **a**" + " " * (n // 2) + "b\n",
    "spaces in an item": lambda n: "# T\n\n- a" + " " * 4 * n + "b\n- c: d e\n",
    "spaces in a heading": lambda n: "# T" + " " * 3 * n + "x\n\nT is a b.\n",
    "spaces in a lead-in": lambda n: "# T\n\nIt is made" + " " * 5 * n + "of:\n\n- a\n- b\n",
    "spaces in a cell": lambda n: "# T\n\n| A | B |\n|-|-|\n| a" + " " * 12 * n + "x | b |\n",
    "dashes in a fence": lambda n: "# T\n\n```\na  b\n" + "-" * n + "x\nc   d\ne   f\n```\n",
    "emoji codes": lambda n: "# T" + " :a:" * n + "x\n\nT is a thing.\n",
    "colons in a heading": lambda n: "# T" + ":" * 2 * n + "x\n\nT is a thing.\n",
    "hashes in a heading": lambda n: "# T" + " #" * n + "x\n\nT is a thing.\n",
    "clozes in one line": lambda n: "# T\n\n" + "==a== {{c1::b::c}} " * (n // 2) + "\n",
    "boxes that nobody closes": lambda n: "# T\n\n" + ":::note\n" * 8 * n,
    "indented boxes": lambda n: "# T\n\n" + "!!! note\n    Text is here.\n\n" * n,
    "callouts": lambda n: "# T\n\n" + "> [!note] Why so\n> - It rains a lot.\n> - It snows.\n\n" * n,
    "open wiki links": lambda n: "# T\n\n" + "[[a " * 20 * n + "\n",
    "pictures of other notes": lambda n: "# T\n\nA is ![[b]] " + "![[b]] " * 10 * n + "\n",
    "block ids": lambda n: "# T\n\n" + "It is a b. ^a1b2c3\n\n" * n,
    "stars beside wide signs": lambda n: "# T\n\n" + "**词：**下文是它。" * 2 * n + "\n",
    "stars that open beside wide signs": lambda n: "# T\n\n" + "**词：" * 4 * n + "\n",
    "paragraphs with a bold name": lambda n: "# T\n\n" + "In the **sea** there is salt. It is dry.\n\n" * n,
    "stressed names": lambda n: "# T\n\n" + "A *cell* is a small thing that lives. " * n + "\n",
    "tables below points": lambda n: "# T\n\n" + "- A side has a colour\n\n  | A | B |\n  |-|-|\n  | a | b |\n\n" * n,
    "a talk": lambda n: "# T\n\n" + "- C: Why so?\n- I: So.\n" * n,
    "a talk in quotes": lambda n: "# T\n\n" + "> C: Why so?\n>\n> I: So.\n\n" * n,
    "commented code": lambda n: "# T\n\n```sh\n" + "# list the files\nls\n\n" * n + "```\n",
    "code with comments behind": lambda n: "# T\n\n```sh\n" + "ls   # list the files\n" * n + "```\n",
    "lines that are entries": lambda n: "# T\n\n" + "Port: a red light here\n" * n,
    "bare names over lists": lambda n: "# T\n\n" + "GET\n\n- reads it\n- is safe\n\n" * n,
    "names over a point": lambda n: "# T\n\n## Which are there?\n\n" + "- Sea\n  - It is salt and wet and wide.\n" * n,
    "points in points": lambda n: "# T\n\n" + "- Wind\n  - Why?\n    > It blows from the sea by day.\n" * n,
    "frames": lambda n: "# T\n\n" + "| **Keel** |\n|-|\n| A fin below it. |\n\n" * n,
    "formulas": lambda n: "# T\n\n" + "The speed is this:\n\n$$\na = b\n$$\n\n" * n,
    "addresses": lambda n: "# T\n\n" + "(https://example.org/a)\n" * n,
    "sides beside each other": lambda n: "# T\n\n" + "".join(f"## Pros of X{i}\n\n- a\n- b\n\n" for i in range(n // 3)),
}  # fmt: skip


def seconds(text: str) -> float:
    start = time.process_time()
    extract(text, "t.md", Options(language="en"))
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("text", [pytest.param(text, id=kind) for kind, text in TEXTS.items()])
def test_time_grows_with_the_text(text: Callable[[int], str]) -> None:
    assert any(factor(text) < LIMIT for _ in range(3)), f"{FACTOR} times the text takes over {LIMIT} times as long"


def factor(text: Callable[[int], str]) -> float:
    """How many times longer the large text takes; a busy machine makes it too high, never too low."""
    small = max(seconds(text(SMALL)), SHORTEST)
    return seconds(text(SMALL * FACTOR)) / small
