"""The Python of the exercises runs, and what it asserts holds."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest

FOLDER = Path(__file__).parent.parent / "content" / "object-oriented-design"
PAGES = sorted(path.name for path in FOLDER.glob("*.md"))
EXERCISES = sorted(
    path
    for path in (FOLDER.parent / "exercises").glob("*.md")
    if "<!-- runnable -->" in path.read_text(encoding="utf-8")
)
_BLOCK = re.compile(
    r"^(?P<mark><!-- runnable -->\n)?```python\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """A block of Python on a page."""

    code: str
    line: int
    """Of the page, where the code begins; 1-based."""
    runnable: bool


def blocks(text: str) -> list[Block]:
    """All blocks of Python on a page."""
    return [
        Block(found["code"], text.count("\n", 0, found.start("code")) + 1, bool(found["mark"]))
        for found in _BLOCK.finditer(text)
    ]


def run(text: str, name: str) -> None:
    """Run the marked blocks of a page in their order and in one namespace; errors name the line of the page."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(text):
        if block.runnable:
            exec(compile("\n" * (block.line - 1) + block.code, name, "exec", dont_inherit=True), namespace)


every_page = pytest.mark.parametrize("page", PAGES)


def test_pages_are_found() -> None:
    assert PAGES


@every_page
def test_marked_code_runs(page: str) -> None:
    run((FOLDER / page).read_text(encoding="utf-8"), page)


@pytest.mark.parametrize("page", EXERCISES, ids=lambda page: page.name)
def test_marked_code_of_an_exercise_runs(page: Path) -> None:
    run(page.read_text(encoding="utf-8"), page.name)


@every_page
def test_a_page_proves_its_code(page: str) -> None:
    marked = [block for block in blocks((FOLDER / page).read_text(encoding="utf-8")) if block.runnable]
    assert any(re.search(r"^\s*assert ", block.code, re.MULTILINE) for block in marked)


@every_page
def test_other_code_is_an_excerpt_of_what_runs(page: str) -> None:
    found = blocks((FOLDER / page).read_text(encoding="utf-8"))
    whole = "\n".join(_flush(block.code) for block in found if block.runnable)
    assert [block.line for block in found if not block.runnable and _flush(block.code) not in whole] == []


@every_page
def test_no_mark_is_lost(page: str) -> None:
    text = (FOLDER / page).read_text(encoding="utf-8")
    assert text.count("<!-- runnable -->") == sum(block.runnable for block in blocks(text))


def _flush(code: str) -> str:
    """Every line without its indentation, so that a method can be found in its class."""
    return "\n".join(line.strip() for line in dedent(code).strip().splitlines()) + "\n"


PAGE = """\
# A page

<!-- runnable -->
```python
x = 1
```

```python
x = 2
```

<!-- runnable -->
```python
assert x == 1
```
"""


def test_blocks_share_a_namespace_and_unmarked_ones_do_not_run() -> None:
    run(PAGE, "page.md")


def test_a_failing_assert_fails_and_names_its_line() -> None:
    with pytest.raises(AssertionError) as caught:
        run(PAGE.replace("x == 1", "x == 3"), "page.md")
    assert (caught.traceback[-1].path, caught.traceback[-1].lineno + 1) == ("page.md", 14)
