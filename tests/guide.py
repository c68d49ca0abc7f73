"""The examples in the documentation: fenced blocks with what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.conftest import ROOT

DOCS = ROOT / "docs"
_FENCE = re.compile(r"^(?P<mark>`{3,})(?P<info>\w*)\n(?P<text>.*?)^(?P=mark)$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block."""

    info: str
    """What stands behind the first backticks: `sh`, `markdown`, `text`, `diff`."""
    text: str
    """Ends with a line end, if there is anything."""
    above: str
    """What stands between the block before and this one."""
    heading: str
    """The nearest one above."""
    start: int
    """Offset of the text."""
    end: int


def fences(page: str) -> list[Fence]:
    """All fenced blocks of a page, in reading order."""
    found: list[Fence] = []
    at, heading = 0, ""
    for match in _FENCE.finditer(page):
        above = page[at : match.start()]
        heading = next(reversed(_HEADING.findall(above)), heading)
        found.append(
            Fence(match["info"], match["text"], above.strip(), heading, match.start("text"), match.end("text"))
        )
        at = match.end()
    return found


def between(page: str, name: str) -> tuple[int, int]:
    """Start and end of what stands between `<!-- NAME -->` and `<!-- end of NAME -->`."""
    first, last = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    return page.index(first) + len(first), page.index(last)
