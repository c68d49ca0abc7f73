"""What a real Anki makes of a package: imported as new, again, and over an older release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from primer_anki.client.collection import CardName, Counts, fresh


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a package in an empty collection."""

    first: Counts
    """The import into the empty collection: all new."""
    again: Counts
    """The same import once more: all duplicates."""
    shared_guids: tuple[str, ...]
    """GUIDs that stand on several notes: only one of them would ever be updated."""
    repairs: tuple[str, ...]
    """What Check Database had to repair."""
    missing_cards: tuple[CardName, ...]
    """Cards that Anki would have made and that the package does not have."""
    empty_cards: tuple[CardName, ...]
    """Cards that Tools → Empty Cards would delete."""
    blank_cards: tuple[CardName, ...]
    """Cards with nothing on the front, or nothing more on the back."""
    missing_media: tuple[str, ...]
    unused_media: tuple[str, ...]

    def problems(self) -> tuple[str, ...]:
        """Return a sentence for everything that is not as it must be; none for a good package."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        if self.first.new != self.first.found:
            yield f"of {self.first.found} notes, only {self.first.new} were imported as new"
        if self.again.duplicate != self.again.found:
            yield f"a second import found {self.again.duplicate} of {self.again.found} notes unchanged"
        yield from (f"GUID {guid}: stands on several notes" for guid in self.shared_guids)
        yield from (f"Check Database: {line}" for line in self.repairs)
        yield from (f"{card}: missing from the package" for card in self.missing_cards)
        yield from (f"{card}: is empty" for card in self.empty_cards)
        yield from (f"{card}: shows nothing on one side" for card in self.blank_cards)
        yield from (f"media {name}: missing" for name in self.missing_media)
        yield from (f"media {name}: not used" for name in self.unused_media)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What a learner who studied every card of an older package sees when he imports the newer one."""

    counts: Counts
    new_cards: tuple[CardName, ...]
    reworded: tuple[str, ...]
    """GUIDs of the notes whose fields are others now."""
    disturbed: tuple[CardName, ...]
    """Studied cards whose schedule is another now, or that are gone: never any."""
    emptied: tuple[CardName, ...]
    """Studied cards that have nothing to ask any more; Tools → Empty Cards removes them."""
    copied_note_types: tuple[str, ...]
    """Note types that Anki had to copy since their schema differs: their old notes get no more updates."""
    full_sync: bool
    """The learner must upload his whole collection."""

    def problems(self) -> tuple[str, ...]:
        """Return a sentence for everything that costs a learner something; none for a good release."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        if self.counts.conflicting:
            yield f"{self.counts.conflicting} notes could not be updated"
        yield from (f"{card}: lost its schedule" for card in self.disturbed)
        yield from (f"{card}: was studied and is empty now" for card in self.emptied)
        yield from (
            f"note type {name}: copied, since its fields or templates differ" for name in self.copied_note_types
        )
        if self.full_sync:
            yield "the import asks for a full upload"


def verify(package: bytes) -> Report:
    """Import a package into a fresh collection, twice, and look at every card.

    Raises PrimerError if Anki refuses the package or the `anki` library is missing.
    """
    with fresh() as learner:
        first = learner.import_package(package)
        again = learner.import_package(package)
        shipped = learner.schedules().keys()
        repairs = learner.check_database()
        generated = learner.schedules().keys() - shipped
        missing_media, unused_media = learner.media_problems()
        return Report(
            first=first,
            again=again,
            shared_guids=learner.shared_guids(),
            repairs=repairs,
            missing_cards=tuple(sorted(generated)),
            empty_cards=learner.empty_cards(),
            blank_cards=learner.blank_cards(),
            missing_media=missing_media,
            unused_media=unused_media,
        )


def verify_upgrade(old: bytes, new: bytes) -> Upgrade:
    """Import `old` into a fresh collection, study every card, import `new`, and compare.

    Raises PrimerError as `verify` does.
    """
    with fresh() as learner:
        learner.import_package(old)
        learner.study()
        schedules, fields = learner.schedules(), learner.fields()
        types, schema_time, empty = learner.note_type_names(), learner.schema_time(), set(learner.empty_cards())
        counts = learner.import_package(new)
        schedules_now, fields_now = learner.schedules(), learner.fields()
        return Upgrade(
            counts=counts,
            new_cards=tuple(sorted(schedules_now.keys() - schedules.keys())),
            reworded=tuple(sorted(guid for guid, was in fields.items() if fields_now.get(guid, was) != was)),
            disturbed=tuple(sorted(card for card, was in schedules.items() if schedules_now.get(card) != was)),
            emptied=tuple(sorted(set(learner.empty_cards()) & schedules.keys() - empty)),
            copied_note_types=tuple(sorted(name for name in learner.note_type_names() - types if name.endswith("+"))),
            full_sync=learner.schema_time() != schema_time,
        )
