"""The table of topics in `content/README.md`, counted from the deck that a build would give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from primer_anki import build, manifest
from primer_anki.deck.cards import ordinals
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.identity.identify import Clock
from primer_anki.model import Note

ROOT = Path(__file__).resolve().parent.parent
DECK = ROOT / "decks" / "system-design.yaml"
README = ROOT / "content" / "README.md"
BEGIN = "<!-- topics: begin (made by tests/content_table.py) -->"
END = "<!-- topics: end -->"

_HEAD = ("| Topic | Notes | Cards | Trade-offs | Diagrams | Sources |", "|---|--:|--:|--:|--:|--:|")
_FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)\s]*)[^)]*\)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(https?://[^)\s]+\)")
_SOURCES = re.compile(r"^## Sources and further reading\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_LATER_THAN_ANY = Clock(now=1 << 32)
"""Times are not counted; a plan must only never come too soon."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a topic refers to it."""

    alt: str
    path: Path


@dataclass(frozen=True)
class Topic:
    """A topic file beside what its deck makes of it."""

    path: Path
    notes: tuple[Note, ...]

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def front_matter(self) -> dict[str, object]:
        """Empty where there is none."""
        found = _FRONT_MATTER.match(self.text)
        values = yaml.safe_load(found[1]) if found else {}
        return values if isinstance(values, dict) else {}

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(Picture(each["alt"], self.path.parent / each["path"]) for each in _PICTURE.finditer(self.text))

    @property
    def sources(self) -> tuple[str, ...]:
        """The links of the section that names the sources."""
        found = _SOURCES.search(self.text)
        return tuple(_LINK.findall(found[1])) if found else ()

    @property
    def counts(self) -> tuple[int, ...]:
        """As in the table: notes, cards, trade-offs, diagrams, sources."""
        cards = sum(len(ordinals(note, NOTE_TYPES[note.note_type])) for note in self.notes)
        trade_offs = sum(note.note_type == "tradeoff" for note in self.notes)
        return len(self.notes), cards, trade_offs, len(self.pictures), len(self.sources)


@lru_cache(maxsize=1)
def gathered() -> build.Gathered:
    """What the topics say."""
    return build.gather(manifest.load(DECK), _in_silence)


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """All topics of the deck, in the order in which a reader meets them."""
    ours = manifest.load(DECK)
    (outcome,) = build.plan([ours], _LATER_THAN_ANY, _in_silence)
    notes: dict[Path, list[Note]] = {path.resolve(): [] for path in ours.sources}
    for note in outcome.deck.notes:
        assert note.place, "a note of the sources has its place"
        notes[(ours.root / note.place.file).resolve()].append(note)
    found = [Topic(path, tuple(each)) for path, each in notes.items()]
    return tuple(sorted(found, key=lambda topic: (topic.front_matter.get("order", 0), topic.path)))


def _in_silence(step: str) -> None:
    """A build tells its steps; here nobody listens."""


def table() -> str:
    """The table as the README should hold it."""
    rows = [(_name(topic), topic.counts) for topic in topics()]
    total = tuple(map(sum, zip(*(counts for _, counts in rows), strict=True)))
    return "\n".join((*_HEAD, *_lines(rows), *_lines([(f"**{len(rows)} topics**", total)])))


def _name(topic: Topic) -> str:
    return f"[{topic.front_matter.get('title', topic.path.stem)}]({topic.path.relative_to(README.parent).as_posix()})"


def _lines(rows: list[tuple[str, tuple[int, ...]]]) -> Iterator[str]:
    for name, counts in rows:
        yield f"| {name} | {' | '.join(map(str, counts))} |"


def held() -> str:
    """The table that the README holds."""
    _, table, _ = _parts()
    return table.strip("\n")


def write() -> None:
    """Put the table into the README."""
    before, _, after = _parts()
    README.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}", encoding="utf-8")


def _parts() -> tuple[str, str, str]:
    """The README before, between and after the two marks."""
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    between, end, after = rest.partition(END)
    assert begin, f"{README.name} has lost the mark `{BEGIN}`"
    assert end, f"{README.name} has lost the mark `{END}`"
    return before, between, after
