"""Decks and pages for the tests of the preview."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from primer_anki import build, show, targets
from primer_anki.clock import Clock

TOPIC = """# Caching

## Terms

**Cache** - fast memory near its reader

**Hit** - an answer that comes from the cache

**Élan** - <script>alert("no")</script> a word with an accent

## Strategies

### Which strategy writes to both at once?

Write-through: `</script>` & `<!--`.

![A cache between a reader and a disk](cache.svg)

### Advantages: write-back

- **Speed**: the writer need not wait
- **Batches**: several writes become one

### Disadvantages: write-back

- **Loss**: a crash loses what was not written
"""
STEPS = """# DNS

## The three steps of resolving a name

1. It asks a root server.
2. It asks the server of the top-level domain.
3. It asks the authoritative server.

## כתובות

**שם מתחם** - כתובת שאנשים זוכרים

**域名** - 人能记住的地址
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><title>t</title><path d="M0 9h40"/></svg>'


def write_topics(folder: Path) -> Path:
    """Two topics and a picture, in a folder of their own."""
    folder.mkdir()
    (folder / "caching.md").write_text(TOPIC, encoding="utf-8")
    (folder / "dns.md").write_text(STEPS, encoding="utf-8")
    (folder / "cache.svg").write_text(PICTURE, encoding="utf-8")
    return folder


def planned(*paths: Path) -> tuple[build.Outcome, ...]:
    """What a build would decide."""
    manifests = [targets.resolve(path) for path in paths]
    return build.plan(manifests, Clock(1_790_000_000, 1 << 40), lambda step: None)


def html(*paths: Path, folder: Path) -> str:
    """The page as a file in this folder."""
    return show.written(planned(*paths), folder).html


def data(page: str) -> Any:
    """What the page's script reads."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])
