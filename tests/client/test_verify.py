"""Packages in the real Anki: what a learner gets, and what an update leaves alone."""

from __future__ import annotations

import io
import sqlite3
import sys
import zipfile
from contextlib import closing

import pytest

from primer_anki.client.collection import CardName, Counts, Learner, fresh
from primer_anki.client.reader import to_legacy
from primer_anki.client.verify import verify, verify_upgrade
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.deck.package import read, to_bytes
from primer_anki.diagnostic import PrimerError
from primer_anki.model import Deck, Note, NoteType
from primer_anki.value import replace

from ..deck.samples import PICTURE, deck, note, sample

pytest.importorskip("anki.collection")


def reworded(old: Note, **fields: str) -> Note:
    """The note with other fields, changed a second later; `_` in a name stands for a space."""
    named = {name.replace("_", " "): content for name, content in fields.items()}
    return replace(old, fields={**old.fields, **named}, changed=old.changed + 1)


def with_note_type(old: Deck, note_type: NoteType) -> Deck:
    return replace(old, note_types={**NOTE_TYPES, note_type.key: note_type})


def tampered(package: bytes, sql: str, without: tuple[str, ...] = ()) -> bytes:
    """The package after a change to its database, and without some members."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "collection.anki2":
                with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
                    connection.deserialize(data)
                    connection.execute(sql)
                    data = connection.serialize()
            if name not in without:
                archive.writestr(name, data)
    return target.getvalue()


# A package of ours ---------------------------------------------------------------------------------------------------


def test_a_good_package_has_no_problems() -> None:
    report = verify(to_bytes(sample()))
    assert report.problems() == ()
    assert report.first == Counts(found=5, new=5, updated=0, duplicate=0, conflicting=0)
    assert report.again == Counts(found=5, new=0, updated=0, duplicate=5, conflicting=0)


def test_an_upgrade_to_the_same_package_touches_nothing() -> None:
    package = to_bytes(sample())
    upgrade = verify_upgrade(package, package)
    assert upgrade.problems() == ()
    assert (upgrade.counts.duplicate, upgrade.new_cards, upgrade.reworded) == (5, (), ())


def test_a_reworded_note_is_updated_and_only_that_and_keeps_its_history() -> None:
    old = sample()
    first, *rest = old.notes
    new = replace(old, notes=(note("inserted"), *reversed(rest), reworded(first, Answer="other words")))
    upgrade = verify_upgrade(to_bytes(old), to_bytes(new))
    assert upgrade.problems() == ()
    assert upgrade.counts == Counts(found=6, new=1, updated=1, duplicate=4, conflicting=0)
    assert upgrade.reworded == ("basic1",)
    assert upgrade.new_cards == (CardName("inserted", 0),)


def test_a_new_tag_needs_a_new_time_too() -> None:
    old, tagged = deck(note("a")), deck(note("a", tags=("other",)))
    assert verify_upgrade(to_bytes(old), to_bytes(tagged)).counts.duplicate == 1
    later = replace(tagged, notes=(reworded(tagged.notes[0]),))
    assert verify_upgrade(to_bytes(old), to_bytes(later)).counts.updated == 1


def test_a_retired_note_stays_with_the_learner() -> None:
    upgrade = verify_upgrade(to_bytes(deck(note("a"), note("b"))), to_bytes(deck(note("b"))))
    assert upgrade.problems() == ()


def test_a_side_filled_later_is_a_new_card_of_the_same_note() -> None:
    old = note("a", "tradeoff", Subject="s", Advantages_question="?", Advantages="x")
    new = reworded(old, Disadvantages_question="?", Disadvantages="y")
    upgrade = verify_upgrade(to_bytes(deck(old)), to_bytes(deck(new)))
    assert upgrade.problems() == ()
    assert upgrade.new_cards == (CardName("a", 1),)


def test_a_learners_edit_of_an_unchanged_note_survives() -> None:
    old = deck(note("a"), note("b"))
    new = replace(old, notes=(old.notes[0], reworded(old.notes[1], Answer="changed")))
    with fresh() as learner:
        learner.import_package(to_bytes(old))
        collection = learner._collection
        (number,) = collection.find_notes("Answer:*a.*")
        edited = collection.get_note(number)
        edited["Extra"] = "my own mnemonic"
        collection.update_note(edited)
        learner.import_package(to_bytes(new))
        edited.load()
        assert edited["Extra"] == "my own mnemonic"
        assert collection.find_notes("Answer:changed")


def test_new_cards_come_in_the_order_of_the_deck() -> None:
    with fresh() as learner:
        learner.import_package(to_bytes(deck(note("z"), note("a"), note("m"))))
        dues = sorted((schedule.due, card.guid) for card, schedule in learner.schedules().items())
        assert [guid for _, guid in dues] == ["z", "a", "m"]


def test_reviews_stay_where_they_are_in_the_log() -> None:
    old = deck(note("a"))
    with fresh() as learner:
        learner.import_package(to_bytes(old))
        sample_deck = learner._collection.decks.id_for_name("Sample")
        assert sample_deck is not None
        learner._collection.decks.select(sample_deck)
        card = learner._collection.sched.getCard()
        assert card is not None
        card.start_timer()
        learner._collection.sched.answerCard(card, 3)
        before = learner._rows("SELECT * FROM revlog"), learner.schedules()
        counts = learner.import_package(to_bytes(replace(old, notes=(reworded(old.notes[0], Answer="x"),))))
        assert counts.updated == 1
        assert (learner._rows("SELECT * FROM revlog"), learner.schedules()) == before
        assert len(before[0]) == 1


def test_a_disturbed_schedule_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import_package = Learner.import_package

    def import_and_disturb(learner: Learner, package: bytes) -> Counts:
        counts = import_package(learner, package)
        learner._collection.sched.set_due_date(learner._collection.find_cards("is:review"), "99")
        return counts

    monkeypatch.setattr(Learner, "import_package", import_and_disturb)
    package = to_bytes(deck(note("a")))
    assert verify_upgrade(package, package).problems() == ("note a, card 1: lost its schedule",)


# Note types ----------------------------------------------------------------------------------------------------------

BASIC = NOTE_TYPES["basic"]


@pytest.mark.parametrize(("later", "arrives"), [(0, False), (1, True)])
def test_a_new_look_arrives_only_with_a_later_mod(later: int, arrives: bool) -> None:
    old = deck(note("a"))
    new = with_note_type(old, replace(BASIC, css="/* new */", mod=BASIC.mod + later))
    with fresh() as learner:
        learner.import_package(to_bytes(old))
        learner.import_package(to_bytes(new))
        (note_type,) = (kind for kind in learner._collection.models.all() if kind["id"] == BASIC.id)
        assert (note_type["css"] == "/* new */") == arrives


def test_a_spare_field_can_be_renamed_and_filled() -> None:
    old = deck(note("a"))
    fields = tuple(replace(field, name="Mnemonic") if field.name == "Spare 1" else field for field in BASIC.fields)
    renamed = with_note_type(old, replace(BASIC, fields=fields, mod=BASIC.mod + 1))
    upgrade = verify_upgrade(
        to_bytes(old), to_bytes(replace(renamed, notes=(reworded(old.notes[0], Mnemonic="like this"),)))
    )
    assert upgrade.problems() == ()
    assert upgrade.counts.updated == 1


def test_a_field_less_is_told() -> None:
    old = deck(note("a"))
    new = with_note_type(old, replace(BASIC, fields=BASIC.fields[:-1], mod=BASIC.mod + 1))
    new = replace(new, notes=(reworded(old.notes[0], Answer="x"), note("b")))
    upgrade = verify_upgrade(to_bytes(old), to_bytes(new))
    assert upgrade.counts.conflicting == 1
    assert upgrade.copied_note_types == ("Primer Basic+",)
    assert len(upgrade.problems()) == 2


# Packages that are not as they should be -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("DELETE FROM cards WHERE ord = 1", "note basic2, card 2: missing from the package"),
        ("UPDATE cards SET ord = 7 WHERE ord = 2 AND due = 4", "note cloze1, card 8: is empty"),
        ("UPDATE cards SET ord = 7 WHERE ord = 2 AND due = 4", "note cloze1, card 8: shows nothing on one side"),
        ("UPDATE cards SET did = 5", "Check Database: "),
        ("UPDATE notes SET flds = replace(flds, 'pa-', 'gone-')", "media gone-0123456789abcdef.svg: missing"),
        ("UPDATE notes SET guid = 'basic2' WHERE guid = 'basic1'", "GUID basic2: stands on several notes"),
    ],
)
def test_what_is_wrong_is_told(sql: str, problem: str) -> None:
    problems = verify(tampered(to_bytes(sample()), sql)).problems()
    assert any(line.startswith(problem) for line in problems), problems


def test_a_member_that_is_missing_stops_the_import() -> None:
    with pytest.raises(PrimerError, match="Anki cannot import the package"):
        verify(tampered(to_bytes(sample()), "SELECT 1", without=("0",)))


@pytest.mark.parametrize(
    "fields", [{"Question": "?"}, {"Question": "{{c1::x}}", "Answer": "<p> </p>", "Extra": "<hr>"}]
)
def test_a_card_without_an_answer_is_blank(fields: dict[str, str]) -> None:
    report = verify(to_bytes(deck(replace(note("a"), fields=fields))))
    assert report.blank_cards == (CardName("a", 0),)


def test_a_cloze_outside_its_text_shows_nothing() -> None:
    report = verify(to_bytes(deck(note("a", "cloze", Text="{{c1::x}}", Extra="{{c3::y}}"))))
    assert report.blank_cards == (CardName("a", 2),)


def test_a_cloze_taken_away_leaves_an_empty_card() -> None:
    old = note("a", "cloze", Text="{{c1::x}} {{c2::y}}")
    upgrade = verify_upgrade(to_bytes(deck(old)), to_bytes(deck(reworded(old, Text="x {{c2::y}}"))))
    assert upgrade.emptied == (CardName("a", 0),)
    assert upgrade.problems() == ("note a, card 1: was studied and is empty now",)


@pytest.mark.parametrize("data", [b"", b"no package", to_bytes(sample())[:500]])
def test_anki_refuses_what_is_no_package(data: bytes) -> None:
    with pytest.raises(PrimerError, match="Anki cannot import the package"):
        verify(data)


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anki.collection", None)
    with pytest.raises(PrimerError, match="needs the `anki` library") as raised:
        verify(b"")
    assert "primer-anki[verify]" in raised.value.hint


# Anki's new format ---------------------------------------------------------------------------------------------------


def exported(package: bytes) -> bytes:
    """The package as Anki itself exports it today."""
    from anki.collection import ExportAnkiPackageOptions

    with fresh() as learner:
        learner.import_package(package)
        path = learner._folder / "new.apkg"
        learner._collection.export_anki_package(
            out_path=str(path), options=ExportAnkiPackageOptions(with_media=True, legacy=False), limit=None
        )
        return path.read_bytes()


def test_a_package_in_the_new_format_can_be_read_by_way_of_anki() -> None:
    written = sample()
    package = exported(to_bytes(written))
    with pytest.raises(PrimerError, match="new format"):
        read(package, "new.apkg")
    again = read(to_legacy(package), "new.apkg")
    assert [(n.guid, n.tags, n.created, n.changed) for n in again.notes] == [
        (n.guid, n.tags, n.created, n.changed) for n in written.notes
    ]
    assert again.media == (PICTURE,)
