"""The tables of decks and topics in the READMEs, counted from the decks that a build would give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from primer_anki import build, manifest
from primer_anki.clock import Clock
from primer_anki.deck.cards import ordinals
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.model import Note

ROOT = Path(__file__).resolve().parent.parent
DECKS = tuple(sorted((ROOT / "decks").glob("*.yaml"), key=lambda path: manifest.load(path).id))
"""In the order in which they came."""

_COLUMNS = "Notes | Cards | Trade-offs | Diagrams | Sources |\n|---|--:|--:|--:|--:|--:|"
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


@dataclass(frozen=True, slots=True)
class Table:
    """A table that a README holds between two marks."""

    readme: Path
    name: str
    lines: str

    @property
    def held(self) -> str:
        """What the README holds now."""
        _, between, _ = self._parts()
        return between.strip("\n")

    def write(self) -> None:
        """Put the table into the README."""
        before, _, after = self._parts()
        self.readme.write_text(f"{before}\n\n{self.lines}\n\n{after}", encoding="utf-8")

    def _parts(self) -> tuple[str, str, str]:
        """The README up to the first mark, between the marks, and from the second one on."""
        begin, end = f"<!-- {self.name}: begin (made by tests/content_table.py) -->", f"<!-- {self.name}: end -->"
        before, found, rest = self.readme.read_text(encoding="utf-8").partition(begin)
        between, closed, after = rest.partition(end)
        assert found, f"{self.readme.name} has lost the mark `{begin}`"
        assert closed, f"{self.readme.name} has lost the mark `{end}`"
        return before + begin, between, end + after


@lru_cache
def gathered(deck: Path) -> build.Gathered:
    """What the topics of a deck say."""
    return build.gather(manifest.load(deck), _in_silence)


@lru_cache
def topics(deck: Path) -> tuple[Topic, ...]:
    """All topics of a deck, in the order in which a reader meets them."""
    ours = manifest.load(deck)
    (outcome,) = build.plan([ours], _LATER_THAN_ANY, _in_silence)
    notes: dict[Path, list[Note]] = {path.resolve(): [] for path in ours.sources}
    for note in outcome.deck.notes:
        assert note.place, "a note of the sources has its place"
        notes[(ours.root / note.place.file).resolve()].append(note)
    found = [Topic(path, tuple(each)) for path, each in notes.items()]
    return tuple(sorted(found, key=lambda topic: (topic.front_matter.get("order", 0), topic.path)))


def _in_silence(step: str) -> None:
    """A build tells its steps; here nobody listens."""


def tables() -> tuple[Table, ...]:
    """The tables as the READMEs should hold them: the decks in ours, the topics in the content's."""
    ours, contents = ROOT / "README.md", ROOT / "content" / "README.md"
    decks = [(_deck_name(deck), _total(topics(deck))) for deck in DECKS]
    of_topics = (Table(contents, deck.stem, _topics(deck)) for deck in DECKS)
    return (Table(ours, "decks", "\n".join((f"| Deck | {_COLUMNS}", *_lines(decks)))), *of_topics)


def _topics(deck: Path) -> str:
    rows = [(_name(topic), topic.counts) for topic in topics(deck)]
    whole = (f"**{len(rows)} topics**", _total(topics(deck)))
    return "\n".join((f"| Topic | {_COLUMNS}", *_lines([*rows, whole])))


def _total(found: tuple[Topic, ...]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(topic.counts for topic in found), strict=True)))


def _deck_name(deck: Path) -> str:
    ours = manifest.load(deck)
    return f"[{ours.name}]({ours.output.relative_to(ROOT).as_posix()})"


def _name(topic: Topic) -> str:
    place = topic.path.relative_to(ROOT / "content").as_posix()
    return f"[{topic.front_matter.get('title', topic.path.stem)}]({place})"


def _lines(rows: list[tuple[str, tuple[int, ...]]]) -> Iterator[str]:
    for name, counts in rows:
        yield f"| {name} | {' | '.join(map(str, counts))} |"
