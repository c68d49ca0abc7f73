"""HTML comments that an author steers with."""

from __future__ import annotations

import re
from typing import NamedTuple

_STEERING = re.compile(r"\s*(id|primer)\s*:\s*(.*?)\s*\Z", re.DOTALL)


class Comment(NamedTuple):
    """A comment that steers."""

    line: int
    """1-based."""
    kind: str
    """`id` or `primer`."""
    text: str
    """What stands after the colon."""
    is_block: bool = False
    """Whether it stands alone, outside lists and quotes."""


def read_comment(text: str, line: int, *, is_block: bool = False) -> Comment | None:
    """The comment with this text between `<!--` and `-->`; None for one that does not steer."""
    match = _STEERING.match(text)
    return Comment(line, match[1], match[2], is_block) if match and match[2] else None
