"""What the commands print: cards and summaries as text, cards as JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from primer_anki.build import Outcome
from primer_anki.deck.cards import ordinals
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.diagnostic import Diagnostic, Severity
from primer_anki.files import shown
from primer_anki.lint.verdict import fails
from primer_anki.manifest import Manifest
from primer_anki.memo import Said
from primer_anki.model import Note, NoteTypeKey, Place
from primer_anki.parser.extraction import Skipped
from primer_anki.readable import html_to_text

_SIDES: Mapping[NoteTypeKey, tuple[tuple[str, str], ...]] = {
    "basic": (("Question", "Answer"), ("Reverse question", "Reverse answer")),
    "tradeoff": (
        ("Advantages question", "Advantages"),
        ("Disadvantages question", "Disadvantages"),
        ("Choice question", "Choice"),
    ),
}
"""The fields on front and back of each card, by ordinal."""

_CLOZE = re.compile(r"\{\{c([0-9,]+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
_FATES = ("new", "kept", "restored", "retired")
_SHOWN_DIAGNOSTICS = 5


@dataclass(frozen=True, slots=True)
class Card:
    """A card as text that a person can read."""

    note: Note
    ordinal: int
    name: str
    """Of the template, or `c1` for a cloze."""
    front: str
    back: str
    extra: str


def cards(outcome: Outcome) -> Iterator[Card]:
    """Every card of a deck, in its order."""
    for note in outcome.deck.notes:
        for ordinal in ordinals(note, NOTE_TYPES[note.note_type]):
            yield _card(note, ordinal)


def card_text(card: Card, manifest: Manifest) -> str:
    """A card for reading, a blank line at its end."""
    place = _place(card.note.place, manifest) if card.note.place else ""
    lines = [f"{place} [{card.note.pattern}]", *_labelled("Q", card.front), *_labelled("A", card.back)]
    if card.extra:
        lines += _labelled("+", card.extra)
    return "\n".join([*lines, ""])


def card_json(card: Card, outcome: Outcome) -> dict[str, object]:
    """A card as plain values for JSON."""
    note, place = card.note, card.note.place
    return {
        "deck": outcome.deck.name,
        "guid": note.guid,
        "note_type": NOTE_TYPES[note.note_type].name,
        "card": card.name,
        "pattern": note.pattern,
        "file": place.file if place else "",
        "line": place.line if place else 0,
        "trail": list(place.trail) if place else [],
        "front": card.front,
        "back": card.back,
        "extra": card.extra,
        "tags": list(note.tags),
        "fields": dict(note.fields),
    }


def skipped_text(skipped: Skipped, manifest: Manifest) -> str:
    """A section that gave no card, on one line."""
    return f"{_place(skipped.place, manifest)}: {skipped.reason}"


def skipped_json(skipped: Skipped) -> dict[str, object]:
    """The same as plain values for JSON."""
    place = skipped.place
    return {"file": place.file, "line": place.line, "trail": list(place.trail), "reason": skipped.reason}


def said(outcome: Outcome) -> tuple[Said, Said]:
    """What a build says of a deck, and what the next one says if nothing changes until then: every note is kept."""
    contents = _contents(outcome)
    kept = f"{len(outcome.deck.notes)} kept"
    return (
        _said(outcome, contents, _changes(outcome), outcome.diagnostics),
        _said(outcome, contents, kept, outcome.lasting),
    )


def _said(outcome: Outcome, contents: Sequence[str], changes: str, diagnostics: Sequence[Diagnostic]) -> Said:
    lines = [*contents, f"  {'changes':9}        {changes}"]
    problems = Counter(diagnostic.severity.value for diagnostic in diagnostics)
    if problems:
        lines.append(f"  {'problems':9}{problems.total():6}  {_counts(problems.most_common())}")
    passes = not fails(diagnostics, len(outcome.drafts), strict=True)
    return Said(tuple(worst(diagnostics)), "\n".join(lines), passes)


def _contents(outcome: Outcome) -> list[str]:
    """What is in a deck, a few aligned lines."""
    notes = outcome.deck.notes
    rows = [
        ("notes", len(notes), _counts(Counter(note.pattern for note in notes).most_common())),
        ("cards", outcome.cards, ""),
        ("media", len(outcome.deck.media), ""),
    ]
    lines = [f"{shown(outcome.manifest.output)}: {outcome.deck.name}"]
    return [*lines, *(f"  {name:9}{number:6}  {details}".rstrip() for name, number, details in rows)]


def worst(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """The first few problems, errors before warnings, and how many more there are."""
    ordered = sorted(diagnostics, key=lambda diagnostic: diagnostic.severity != Severity.ERROR)
    yield from map(str, ordered[:_SHOWN_DIAGNOSTICS])
    if len(ordered) > _SHOWN_DIAGNOSTICS:
        yield f"… and {len(ordered) - _SHOWN_DIAGNOSTICS} more"


def _card(note: Note, ordinal: int) -> Card:
    extra = html_to_text(note.fields.get("Extra", ""))
    if note.note_type == "cloze":
        title = html_to_text(note.fields.get("Title", ""))
        front, back = _cloze_sides(note.fields["Text"], ordinal + 1)
        return Card(note, ordinal, f"c{ordinal + 1}", f"{title}\n{front}".strip(), back, extra)
    front, back = (html_to_text(note.fields.get(field, "")) for field in _SIDES[note.note_type][ordinal])
    return Card(note, ordinal, NOTE_TYPES[note.note_type].templates[ordinal].name, front, back, extra)


def _cloze_sides(html: str, number: int) -> tuple[str, str]:
    """Front: the text with the asked passages as `[…]`. Back: the asked passages."""
    asked: list[str] = []

    def show(match: re.Match[str]) -> str:
        numbers, hidden, hint = match.groups()
        if str(number) not in numbers.split(","):
            return str(hidden)
        asked.append(hidden)
        return f"[{hint or '…'}]"

    front = _CLOZE.sub(show, html)
    return html_to_text(front), "\n".join(map(html_to_text, asked))


def _place(place: Place, manifest: Manifest) -> str:
    """Where something stands: a file as the user would type it, the line, the headings."""
    trail = " › ".join(place.trail) or "(before the first heading)"
    return f"{shown(manifest.root / place.file)}:{place.line}: {trail}"


def _labelled(label: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [f"  {label}: {first}", *(f"     {line}" for line in rest)]


def _changes(outcome: Outcome) -> str:
    """What became of the notes: `2 new · 40 kept (3 reworded, 1 moved) · 1 retired`. Kept is kept identity."""
    whole: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for what, number in Counter([each.what for each in outcome.identified.outcomes]).items():
        if what[0] in ("new", "restored", "retired"):
            whole[what[0]] += number
        else:
            whole["kept"] += number
            within.update({kind: number for kind in what if kind != "untouched"})
    details = ", ".join(f"{number} {kind}" for kind, number in within.most_common())
    counts = ((f"{kind} ({details})" if kind == "kept" and details else kind, whole[kind]) for kind in _FATES)
    return _counts((kind, number) for kind, number in counts if number)


def _counts(counts: Iterable[tuple[str, int]]) -> str:
    return " · ".join(f"{number} {name}" for name, number in counts)
