"""A deck as the bytes of an `.apkg`, and back. The only module that knows genanki.

The same deck gives the same bytes: no clock, no random ids, no order of a set. genanki brings the database schema
and the JSON of decks and note types; rows are written here, since genanki's notes have one time for all, ids from
the clock, another idea of which cards there are, and a check for HTML that takes quadratic time.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias, cast

import genanki

from primer_anki.deck.check import problems
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.deck.view import SEPARATOR, of_notes
from primer_anki.diagnostic import Location, PrimerError
from primer_anki.model import Deck, Field, Media, Note, NoteType, NoteTypeKey, Template, View

_Row: TypeAlias = tuple[object, ...]
_NoteCards: TypeAlias = tuple[Note, tuple[int, ...]]
"""A note and its cards, by their ordinals."""

_NEW_FORMAT = "collection.anki21b"
_LEGACY_FORMATS = ("collection.anki21", "collection.anki2")
_ID_SPREAD = 60 * 60 * 1000
"""Milliseconds after a note's creation within which its ids lie."""
_LISTED_PROBLEMS = 20
_NOTE = "INSERT INTO notes VALUES(?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')"
"""id, guid, mid, mod, usn (-1: not synced), tags, flds, sfld, csum, flags, data."""
_CARD = "INSERT INTO cards VALUES(?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
"""id, nid, did, ord, mod, usn, type and queue (new), due, then what no new card has."""
_LEVEL = 4
"""Of zlib, in half the time of its usual 6, for a twentieth more bytes."""
_VOLATILE_HEADER = ((24, b"\0\0\0\1"), (92, b"\0\0\0\1"), (96, b"\0\x2e\x8a\x11"))
"""Offsets in SQLite's file header that count changes or name the library's version, and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What goes into an `.apkg`."""

    members: Sequence[tuple[str, bytes | bytearray]]
    """Names and contents of files."""
    cards: int
    """How many it holds."""


def to_bytes(deck: Deck) -> bytes:
    """Return the deck as an `.apkg`; raise PrimerError, with all that is wrong, if it cannot be one."""
    return _compressed(pack(deck))


def pack(deck: Deck) -> Packed:
    """Return what goes into the `.apkg`; raise PrimerError, with all that is wrong, if there can be none."""
    note_types = deck.note_types or NOTE_TYPES
    views = of_notes(deck.notes, note_types)
    found = problems(deck, note_types, views)
    if found:
        shown = found[:_LISTED_PROBLEMS]
        more = [f"and {len(found) - len(shown)} more"] if len(found) > len(shown) else []
        raise PrimerError("\n  - ".join([f"deck {deck.name!r} cannot be packaged:", *shown, *more]))
    media = sorted(deck.media, key=lambda medium: medium.name)
    members: list[tuple[str, bytes | bytearray]] = [
        ("collection.anki2", _database(_Deck(deck, note_types, views))),
        ("media", json.dumps({str(index): medium.name for index, medium in enumerate(media)}).encode()),
        *((str(index), medium.data) for index, medium in enumerate(media)),
    ]
    return Packed(members, sum([len(each.cards) for each in views]))


class _Model(genanki.Model):  # type: ignore[misc]
    """A note type whose time is its own, with ids on fields and templates."""

    def __init__(self, note_type: NoteType) -> None:
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[{"name": field.name, "id": field.id} for field in note_type.fields],
            templates=[
                {"name": template.name, "id": template.id, "qfmt": template.front, "afmt": template.back}
                for template in note_type.templates
            ],
            css=note_type.css,
            model_type=self.CLOZE if note_type.is_cloze else self.FRONT_BACK,
        )
        self.note_type = note_type

    def to_json(self, _timestamp: float, deck_id: int) -> dict[str, Any]:
        return {**super().to_json(self.note_type.mod, deck_id)}


class _Deck(genanki.Deck):  # type: ignore[misc]
    """A deck that writes all rows of its notes at once."""

    def __init__(self, deck: Deck, note_types: Mapping[NoteTypeKey, NoteType], views: Sequence[View]) -> None:
        super().__init__(deck.id, deck.name, deck.description)
        self.deck = deck
        self.note_types = note_types
        self.views = views
        """One a note."""
        used = {note.note_type for note in deck.notes}
        for key in sorted(used):
            self.add_model(_Model(note_types[key]))

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "md": True}

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, timestamp, id_gen)
        cards = [(note, view.cards) for note, view in zip(self.deck.notes, self.views, strict=True)]
        by_guid = sorted(cards, key=lambda each: each[0].guid)
        note_ids = _note_ids(by_guid)
        # Rows in the order of their ids, and each index made at the end, fill every page: less time, and fewer bytes.
        with _without_indexes(cursor):
            cursor.executemany(_NOTE, self._note_rows(note_ids))
            cursor.executemany(_CARD, sorted(self._card_rows(cards, note_ids, _card_ids(by_guid))))

    def _note_rows(self, ids: Mapping[str, int]) -> Iterator[_Row]:
        names = {key: [field.name for field in note_type.fields] for key, note_type in self.note_types.items()}
        notes = zip(self.deck.notes, self.views, strict=True)
        for note, view in sorted(notes, key=lambda each: ids[each[0].guid]):
            content = note.fields.get
            yield (
                ids[note.guid],
                note.guid,
                self.note_types[note.note_type].id,
                note.changed,
                f" {' '.join(note.tags)} ",
                SEPARATOR.join([content(name, "") for name in names[note.note_type]]),
                view.sort,
                view.checksum,
            )

    def _card_rows(
        self, cards: Sequence[_NoteCards], note_ids: Mapping[str, int], card_ids: Mapping[str, Sequence[int]]
    ) -> Iterator[_Row]:
        for due, (note, note_ordinals) in enumerate(cards, start=1):
            note_id = note_ids[note.guid]
            for card_id, ordinal in zip(card_ids[note.guid], note_ordinals, strict=True):
                # `created` is `mod`: `read` finds the exact time there. `due` is one counter for all: new cards come in
                # the deck's order.
                yield card_id, note_id, self.deck_id, ordinal, note.created, due


@contextmanager
def _without_indexes(cursor: sqlite3.Cursor) -> Iterator[None]:
    """Drop all indexes, and make them again."""
    indexes = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL").fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, statement in indexes:
        cursor.execute(statement)


def _note_ids(by_guid: Sequence[_NoteCards]) -> dict[str, int]:
    """Return ids by GUID that no other note moves, save where two of them want the same millisecond."""
    taken: set[int] = set()
    return {note.guid: _id(taken, note.created, note.guid) for note, _ in by_guid}


def _card_ids(by_guid: Sequence[_NoteCards]) -> dict[str, list[int]]:
    """Return the ids of each note's cards by its GUID."""
    taken: set[int] = set()
    return {
        note.guid: [_id(taken, note.created, f"{note.guid}\n{ordinal}") for ordinal in note_ordinals]
        for note, note_ordinals in by_guid
    }


def _id(taken: set[int], created: int, key: str) -> int:
    """Take a free id: milliseconds since the epoch, as Anki's are."""
    number = created * 1000 + int.from_bytes(sha256(key.encode()).digest()[:8], "big") % _ID_SPREAD
    while number in taken:
        number += 1
    taken.add(number)
    return number


def _database(deck: _Deck) -> bytearray:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # nothing is ever taken back
        genanki.Package(deck).write_to_db(connection.cursor(), timestamp=0, id_gen=iter(()))
        connection.commit()
        written = connection.serialize()
    finally:
        connection.close()
    data = bytearray(written)
    for offset, constant in _VOLATILE_HEADER:
        data[offset : offset + len(constant)] = constant
    return data


def compress(packed: Packed) -> Future[bytes]:
    """Begin to make the `.apkg`: beside zlib's work other work goes on."""
    aside = ThreadPoolExecutor(1)
    made = aside.submit(_compressed, packed)
    aside.shutdown(wait=False)
    return made


def _compressed(packed: Packed) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in packed.members:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=_LEVEL)
    return target.getvalue()


def read(data: bytes, where: str, *, foreign: bool = False) -> Deck:
    """Return the deck in an `.apkg`, its notes in the order of new cards, empty fields left out.

    `where` names the package in errors. `foreign`: take note types of other makers too, for reading only; their key
    is their id. Raises PrimerError if it is no package, is in the format that only Anki itself opens, holds no notes,
    or notes of other makers that were not asked for.
    """
    place = Location(where)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_members(archive, place, foreign)
    except (zipfile.BadZipFile, zlib.error, sqlite3.Error, KeyError, ValueError, TypeError) as error:
        raise PrimerError(f"not an Anki package, or a damaged one ({error})", place) from error


def is_new_format(data: bytes) -> bool:
    """Whether this is a package that only Anki itself opens."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _NEW_FORMAT in archive.namelist()
    except zipfile.BadZipFile:
        return False


def is_same(one: bytes, other: bytes) -> bool:
    """Whether two packages hold the same deck, whichever SQLite and zlib wrote them."""
    if one == other:
        return True
    try:
        return read(one, "") == read(other, "")
    except PrimerError:
        return False


def _read_members(archive: zipfile.ZipFile, place: Location, foreign: bool) -> Deck:
    names = archive.namelist()
    if _NEW_FORMAT in names:
        raise PrimerError(
            "the package is in Anki's new format",
            place,
            hint="export it with “Support older Anki versions”, or let the `anki` library open it: "
            'pip install "primer-anki[verify]"',
        )
    member = next((name for name in _LEGACY_FORMATS if name in names), None)
    if member is None:
        raise PrimerError("not an Anki package: it holds no collection", place)
    media = json.loads(archive.read("media")) if "media" in names else {}
    connection = _open(archive.read(member))
    try:
        files = tuple(Media(name, archive.read(index)) for index, name in sorted(media.items()))
        return _read_deck(connection, files, place, foreign)
    finally:
        connection.close()


def _open(data: bytes) -> sqlite3.Connection:
    if not data.startswith(b"SQLite format 3\0"):
        raise ValueError("its collection is no SQLite database")
    # A database in WAL mode cannot be opened in memory: name the ordinary mode instead.
    ordinary = data[:18] + b"\1\1" + data[20:] if data[18:20] == b"\2\2" else data
    connection = sqlite3.connect(":memory:")
    connection.deserialize(ordinary)
    return connection


def _read_deck(connection: sqlite3.Connection, media: tuple[Media, ...], place: Location, foreign: bool) -> Deck:
    models, decks = map(json.loads, connection.execute("SELECT models, decks FROM col").fetchone())
    rows = connection.execute(
        "SELECT n.guid, n.mid, n.tags, n.flds, n.mod, min(n.id / 1000, min(c.mod)), c.did, min(c.due) AS due"
        " FROM notes n JOIN cards c ON c.nid = n.id GROUP BY n.id ORDER BY due, n.id"
    ).fetchall()
    if not rows:
        raise PrimerError("the package holds no notes", place)
    note_types = _note_types(models, {str(row[1]) for row in rows}, place, foreign)
    by_id = {note_type.id: note_type for note_type in note_types.values()}
    deck = decks[str(rows[0][6])]
    return Deck(
        name=deck["name"],
        id=int(deck["id"]),
        description=deck["desc"],
        notes=tuple(
            Note(
                guid=guid,
                note_type=by_id[note_type].key,
                fields=_fields(by_id[note_type], fields),
                tags=tuple(sorted(tags.split())),
                created=created,
                changed=changed,
            )
            for guid, note_type, tags, fields, changed, created, *_ in rows
        ),
        media=media,
        note_types=note_types,
    )


def _fields(note_type: NoteType, joined: str) -> dict[str, str]:
    contents = zip(note_type.fields, joined.split(SEPARATOR), strict=True)
    return {field.name: content for field, content in contents if content}


def _note_types(
    models: Mapping[str, Any], used: set[str], place: Location, foreign: bool
) -> dict[NoteTypeKey, NoteType]:
    """Return the note types that the notes use, as the package has them."""
    keys = {str(note_type.id): key for key, note_type in NOTE_TYPES.items()}
    others = {number for number in used if number not in keys}
    if others and not foreign:
        names = ", ".join(sorted(models[number]["name"] for number in others))
        raise PrimerError(f"not a package of primer-anki: it has notes of type {names}", place)
    keys |= {number: cast(NoteTypeKey, number) for number in others}
    return {
        keys[number]: NoteType(
            key=keys[number],
            name=models[number]["name"],
            id=int(number),
            fields=tuple(Field(field["name"], field.get("id") or 0) for field in models[number]["flds"]),
            templates=tuple(
                Template(template["name"], template.get("id") or 0, template["qfmt"], template["afmt"])
                for template in models[number]["tmpls"]
            ),
            css=models[number]["css"],
            is_cloze=models[number]["type"] == genanki.Model.CLOZE,
            mod=models[number]["mod"],
        )
        for number in sorted(used)
    }
