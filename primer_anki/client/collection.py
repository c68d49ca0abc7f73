"""A real Anki collection in a temporary folder. The only module that knows the `anki` library."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from primer_anki.diagnostic import PrimerError

if TYPE_CHECKING:
    from anki.collection import Collection

_ERROR_PAGE = "/templates/errors.html"
"""Anki links to this page of its manual wherever a card has nothing to show."""
_INVISIBLE = re.compile(r"<style>.*?</style>|<(?!img\b)[^>]*>", re.DOTALL)
_ANSWER_MARK = re.compile(r'<hr id="?answer"?>')


@dataclass(frozen=True, slots=True, order=True)
class CardName:
    """A card as authors know it."""

    guid: str
    ordinal: int
    """0-based: which template, or which cloze number less one."""

    def __str__(self) -> str:
        return f"note {self.guid}, card {self.ordinal + 1}"


@dataclass(frozen=True, slots=True)
class Counts:
    """What Anki's import log says, in notes."""

    found: int
    new: int
    updated: int
    duplicate: int
    conflicting: int


@dataclass(frozen=True, slots=True, order=True)
class Schedule:
    """What a learner has put into a card."""

    type: int
    queue: int
    due: int
    interval: int
    reviews: int


class Learner:
    """One learner's collection."""

    def __init__(self, collection: Collection, folder: Path) -> None:
        self._collection = collection
        self._folder = folder

    def import_package(self, package: bytes) -> Counts:
        """Import an `.apkg` as Anki does by default; raise PrimerError if Anki refuses it."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
        from anki.errors import BackendError

        path = self._folder / "deck.apkg"
        path.write_bytes(package)
        try:
            log = self._collection.import_anki_package(
                ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
            ).log
        except BackendError as error:
            raise PrimerError(f"Anki cannot import the package: {error}") from error
        return Counts(log.found_notes, *map(len, (log.new, log.updated, log.duplicate, log.conflicting)))

    def export_legacy(self) -> bytes:
        """Return the collection as an `.apkg` in the format that every Anki reads."""
        from anki.collection import ExportAnkiPackageOptions

        path = self._folder / "legacy.apkg"
        options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=True)
        self._collection.export_anki_package(out_path=str(path), options=options, limit=None)
        return path.read_bytes()

    def study(self) -> None:
        """Make every card a review card that has been seen."""
        self._collection.sched.set_due_date(list(self._collection.find_cards("")), "7")

    def check_database(self) -> tuple[str, ...]:
        """Run Check Database, and return what it repaired."""
        report, ok = self._collection.fix_integrity()
        return () if ok else tuple(report.splitlines())

    def schedules(self) -> dict[CardName, Schedule]:
        """Return every card's schedule."""
        rows = self._rows(
            "SELECT n.guid, c.ord, c.type, c.queue, c.due, c.ivl, c.reps FROM cards c JOIN notes n ON n.id = c.nid"
        )
        return {CardName(guid, ordinal): Schedule(*schedule) for guid, ordinal, *schedule in rows}

    def fields(self) -> dict[str, str]:
        """Return every note's fields by GUID, joined as Anki stores them."""
        return {str(guid): str(fields) for guid, fields in self._rows("SELECT guid, flds FROM notes")}

    def shared_guids(self) -> tuple[str, ...]:
        """Return the GUIDs that stand on more than one note."""
        query = "SELECT guid FROM notes GROUP BY guid HAVING count(*) > 1 ORDER BY guid"
        return tuple(guid for (guid,) in self._rows(query))

    def note_type_names(self) -> frozenset[str]:
        """Return the names of the note types that have notes."""
        return frozenset(
            name for (name,) in self._rows("SELECT name FROM notetypes WHERE id IN (SELECT mid FROM notes)")
        )

    def schema_time(self) -> int:
        """Return when the schema last changed: if this moves, the learner must upload everything again."""
        return int(self._rows("SELECT scm FROM col")[0][0])

    def empty_cards(self) -> tuple[CardName, ...]:
        """Return what Tools → Empty Cards would offer to delete."""
        ids = [number for note in self._collection.get_empty_cards().notes for number in note.card_ids]
        return tuple(sorted(self._card_name(number) for number in ids))

    def blank_cards(self) -> tuple[CardName, ...]:
        """Return the cards that show nothing on their front, or nothing more on their back."""
        return tuple(
            sorted(self._card_name(number) for number in self._collection.find_cards("") if self._is_blank(number))
        )

    def media_problems(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the media that notes name and that are missing, and those that no note uses."""
        report = self._collection.media.check()
        return tuple(report.missing), tuple(report.unused)

    def _is_blank(self, number: int) -> bool:
        from anki.cards import CardId

        output = self._collection.get_card(CardId(number)).render_output()
        front, back = output.question_text, output.answer_text
        return _ERROR_PAGE in front or not _visible(front) or not _visible(_ANSWER_MARK.split(back)[-1])

    def _card_name(self, number: int) -> CardName:
        from anki.cards import CardId

        card = self._collection.get_card(CardId(number))
        return CardName(card.note().guid, card.ord)

    def _rows(self, query: str) -> list[Sequence[Any]]:
        assert self._collection.db is not None  # it is, until the collection is closed
        return self._collection.db.all(query)


@contextmanager
def fresh() -> Iterator[Learner]:
    """Open an empty collection that is gone afterwards; raise PrimerError if the `anki` library is missing."""
    try:
        from anki.collection import Collection
    except ImportError as error:
        hint = 'pip install "primer-anki[verify]"'
        raise PrimerError("this needs the `anki` library", hint=hint) from error
    with tempfile.TemporaryDirectory(prefix="primer-anki-") as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        try:
            yield Learner(collection, Path(folder))
        finally:
            collection.close()


def _visible(side: str) -> str:
    return unescape(_INVISIBLE.sub("", side)).strip()
