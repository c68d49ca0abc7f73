"""The ledger: what is known of every note that was ever built. Values, and their text form.

The text is a header line, then one note a line as JSON. The lines are sorted by GUID: GUIDs are as good as
random, so two branches that add notes add them at different places and merge without a conflict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar, cast, get_args

from primer_anki.codec import Record, from_json, named, to_json
from primer_anki.diagnostic import Location, PrimerError
from primer_anki.identity.order import is_key
from primer_anki.model import NoteTypeKey
from primer_anki.value import Value

VERSION = 1
"""Of the text form. A program reads its own and older ones."""

T = TypeVar("T")


class Part(Record, frozen=True, kw_only=True):
    """A side of a note with a source of its own: a side of a trade-off, or all of any other note."""

    side: str = ""
    """`Advantages`, `Disadvantages`, `Choice`; empty for other note types."""
    file: str
    trail: tuple[str, ...]
    order: str
    """Sorts the parts of a ledger in reading order; changes only where a part moves. Empty where not known."""
    question: str
    """Plain text."""
    answer: str
    """Plain text; the middle of a long one is left out."""
    body: str
    """A digest of the rendered question and answer, without context, source and tags."""
    gone: bool = False
    """The note lives, this side of it does not."""


class Item(Record, frozen=True, kw_only=True):
    """A hidden passage of a cloze note."""

    number: int
    """Of its card. For ever."""
    text: str
    """Plain text."""
    before: str
    """The last words before it, in the form in which they are compared."""
    gone: bool = False
    """Freed; the number waits for the same passage to come back."""


class Entry(Record, frozen=True, kw_only=True):
    """A note in the ledger. What is empty as a rule is left out of its line then."""

    guid: str
    note_type: NoteTypeKey = named("type")
    id: str = ""
    """The author's own, or empty."""
    pattern: str
    subject: str = ""
    parts: tuple[Part, ...]
    """At least one."""
    items: tuple[Item, ...] = ()
    """A cloze note's, in the order of the text, freed ones last. Empty for other note types."""
    cards: tuple[str, ...]
    """The cards that the note makes: `Ask`, `Reverse`, `Advantages`, `c1`, …"""
    fingerprint: str
    """Of everything rendered: body, frame (context, source) and tags, joined by `-`."""
    created: int
    """Seconds since the epoch."""
    changed: int
    """Seconds since the epoch: when the rendered content last changed, or the note was retired or restored."""
    retired: int = 0
    """Seconds since the epoch: when the note left the deck; 0 while it lives."""
    moved: str = ""
    """The deck to which the note went with its GUID (it is retired here); empty as a rule."""
    fields: Mapping[str, str] = {}
    """Of a retired note: what learners have, HTML by field name; empty where it is not known, or the note lives."""
    tags: tuple[str, ...] = ()
    """Of a retired note: those that learners have."""


class Ledger(Value, frozen=True):
    """Everything that is known of one deck's notes."""

    deck_name: str
    deck_id: int
    entries: Mapping[str, Entry] = MappingProxyType({})
    """By GUID, sorted."""

    @classmethod
    def of(cls, deck_name: str, deck_id: int, entries: Iterable[Entry]) -> Ledger:
        """Return a ledger of these entries."""
        by_guid = {entry.guid: entry for entry in sorted(entries, key=lambda entry: entry.guid)}
        return cls(deck_name, deck_id, MappingProxyType(by_guid))


def dump(ledger: Ledger) -> str:
    """Return the text form; the same ledger gives the same text."""
    return "".join(dumped(ledger))


def dumped(ledger: Ledger) -> Iterator[str]:
    """Return the same line by line."""
    header = {"primer_anki_ledger": VERSION, "deck": ledger.deck_name, "deck_id": ledger.deck_id}
    yield f"{json.dumps(header, ensure_ascii=False)}\n"
    for guid in sorted(ledger.entries):
        yield f"{to_json(ledger.entries[guid])}\n"


def _as_written(line: str) -> Entry | None:
    """The entry of a line just as `dump` writes it; None for any other, which is then read with care."""
    found = from_json(line, Entry)
    if found is None or not found.guid or not found.parts:
        return None
    if any(part.order and not is_key(part.order) for part in found.parts) or any(i.number < 1 for i in found.items):
        return None
    return found


def parse(text: str, where: str) -> Ledger:
    """Return the ledger that a text holds; `where` names it in errors.

    Raise PrimerError with the line for everything that `dump` would not have written, so that a bad
    merge is found before it costs anybody a history.
    """
    # Not splitlines(): a question may hold U+2028 and its kind, which JSON leaves as they are.
    lines = [line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n")]
    for number, line in enumerate(lines, 1):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
            raise PrimerError(
                "the ledger holds the marks of a merge conflict",
                Location(where, number),
                "keep the note lines of both sides and delete the lines that git added (<<<<<<<, =======, >>>>>>>); "
                "where both sides hold a line of the same GUID, keep the one with the larger `changed`",
            )
    if not any(line.strip() for line in lines):
        raise PrimerError("the ledger is empty", Location(where), _RESTORE)
    name, deck_id = _header(_Reader(where, 1, lines[0]))
    return Ledger.of(name, deck_id, _entries(lines, where))


_RESTORE = "restore it from version control, or rebuild it from a package: primer-anki recover OLD.apkg"


def _entries(lines: list[str], where: str) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        reader = _Reader(where, number, line)
        entry = _as_written(line) or _entry(reader)
        if entry.guid in seen:
            raise reader.error(
                f"the GUID {entry.guid} stands on line {seen[entry.guid]} too",
                "a merge went wrong: keep the line with the larger `changed`, delete the other",
            )
        seen[entry.guid] = number
        yield entry


def _header(reader: _Reader) -> tuple[str, int]:
    fields = reader.fields()
    if "primer_anki_ledger" not in fields.values:
        raise reader.error("the first line is not the header of a ledger", _RESTORE)
    version = fields.take("primer_anki_ledger", int)
    if version > VERSION:
        raise reader.error(
            f"the ledger has format {version}, this program knows {VERSION}", "install a newer primer-anki"
        )
    if version < 1:
        raise reader.error(f"there is no ledger format {version}", _RESTORE)
    header = fields.take("deck", str), fields.take("deck_id", int)
    fields.end()
    return header


def _entry(reader: _Reader) -> Entry:
    fields = reader.fields()
    entry = Entry(
        guid=fields.filled("guid"),
        note_type=_note_type(fields),
        id=fields.take("id", str, ""),
        pattern=fields.take("pattern", str),
        subject=fields.take("subject", str, ""),
        parts=tuple(_part(each) for each in fields.objects("parts")),
        items=tuple(_item(each) for each in fields.objects("items", optional=True)),
        cards=fields.texts("cards"),
        fingerprint=fields.take("fingerprint", str),
        created=fields.take("created", int),
        changed=fields.take("changed", int),
        retired=fields.take("retired", int, 0),
        moved=fields.take("moved", str, ""),
        fields=fields.texts_by_name("fields"),
        tags=fields.texts("tags") if "tags" in fields.values else (),
    )
    fields.end()
    if not entry.parts:
        raise reader.error("the note has no parts", _RESTORE)
    return entry


def _note_type(fields: _Fields) -> NoteTypeKey:
    name = fields.take("type", str)
    if name not in get_args(NoteTypeKey):
        raise fields.reader.error(f"there is no note type {name!r}", _RESTORE)
    return cast("NoteTypeKey", name)


def _part(fields: _Fields) -> Part:
    part = Part(
        side=fields.take("side", str, ""),
        file=fields.take("file", str),
        trail=fields.texts("trail"),
        order=fields.take("order", str),
        question=fields.take("question", str),
        answer=fields.take("answer", str),
        body=fields.take("body", str),
        gone=fields.take("gone", bool, False),
    )
    if part.order and not is_key(part.order):
        raise fields.reader.error(f"{part.order!r} is no order key", _RESTORE)
    fields.end()
    return part


def _item(fields: _Fields) -> Item:
    item = Item(
        number=fields.take("number", int),
        text=fields.take("text", str),
        before=fields.take("before", str),
        gone=fields.take("gone", bool, False),
    )
    if item.number < 1:
        raise fields.reader.error(f"a cloze cannot have the number {item.number}", _RESTORE)
    fields.end()
    return item


@dataclass(frozen=True, slots=True)
class _Reader:
    """One line of a ledger and where it stands."""

    where: str
    number: int
    line: str

    def error(self, message: str, hint: str) -> PrimerError:
        return PrimerError(message, Location(self.where, self.number), hint)

    def fields(self) -> _Fields:
        try:
            value = json.loads(self.line, object_pairs_hook=self._once)
        except ValueError as problem:
            raise self.error(f"the line is not JSON: {problem}", _RESTORE) from None
        return _Fields.of(self, value)

    def _once(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise self.error(f"the key {twice!r} stands twice", _RESTORE)
        return found


@dataclass(frozen=True, slots=True)
class _Fields:
    """A JSON object whose keys are taken out one by one, each with its type."""

    reader: _Reader
    values: dict[str, object]

    @classmethod
    def of(cls, reader: _Reader, value: object) -> _Fields:
        if not isinstance(value, dict):
            raise reader.error("a JSON object is expected", _RESTORE)
        return cls(reader, value)

    def take(self, name: str, kind: type[T], default: T | None = None) -> T:
        if name not in self.values and default is not None:
            return default
        value = self._pop(name)
        if type(value) is not kind:
            raise self.reader.error(f"{name!r} must be {_KINDS[kind]}", _RESTORE)
        return value

    def filled(self, name: str) -> str:
        value = self.take(name, str)
        if not value:
            raise self.reader.error(f"{name!r} is empty", _RESTORE)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._pop(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.reader.error(f"{name!r} must be a list of texts", _RESTORE)
        return tuple(value)

    def texts_by_name(self, name: str) -> dict[str, str]:
        value = self.values.pop(name, {})
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise self.reader.error(f"{name!r} must be an object of texts", _RESTORE)
        return value

    def objects(self, name: str, *, optional: bool = False) -> list[_Fields]:
        if optional and name not in self.values:
            return []
        value = self._pop(name)
        if not isinstance(value, list):
            raise self.reader.error(f"{name!r} must be a list", _RESTORE)
        return [_Fields.of(self.reader, each) for each in value]

    def end(self) -> None:
        """Raise PrimerError if a key is left: a typing error, or a key of a later program."""
        if self.values:
            name = next(iter(self.values))
            raise self.reader.error(f"the key {name!r} is not known", "a typing error, or a newer primer-anki wrote it")

    def _pop(self, name: str) -> object:
        if name not in self.values:
            raise self.reader.error(f"the key {name!r} is missing", _RESTORE)
        return self.values.pop(name)


_KINDS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false"}
