"""The floor that a build is measured against: its libraries alone, on the same bytes and as many notes.

python floor.py FOLDER NOTES → seconds of each part, as JSON
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path


def main(folder: Path, notes: int) -> None:
    """Print what imports, Markdown and packages cost."""
    times = [time.perf_counter()]
    import click  # noqa: F401
    import genanki
    import yaml  # noqa: F401
    from markdown_it import MarkdownIt

    times.append(time.perf_counter())
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))]
    markdown = MarkdownIt("commonmark").enable("table")
    times.append(time.perf_counter())
    for text in texts:
        markdown.parse(text)
    times.append(time.perf_counter())
    for text in texts:
        markdown.render(text)
    times.append(time.perf_counter())
    with tempfile.TemporaryDirectory() as scratch:
        _package(genanki, notes, f"{scratch}/floor.apkg")
        times.append(time.perf_counter())
    imports, _, parse, render, package = (after - before for before, after in pairwise(times))
    print(json.dumps({"imports": imports, "parse": parse, "render": render, "package": package}))


def _package(genanki, notes: int, path: str) -> None:  # type: ignore[no-untyped-def]
    """Through genanki as its guide shows it."""
    model = genanki.Model(
        1607392319,
        "Simple",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[{"name": "Card 1", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr>{{Answer}}"}],
    )
    deck = genanki.Deck(2059400110, "Floor")
    for number in range(notes):
        fields = [f"Why does the pinned cache {number} wait?", f"The pinned cache {number} sorts each window."]
        deck.add_note(genanki.Note(model=model, fields=fields))
    genanki.Package(deck).write_to_file(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
