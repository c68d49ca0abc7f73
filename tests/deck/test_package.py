"""A deck as bytes: always the same ones, complete, and refused where Anki would lose something."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha1, sha256
from pathlib import Path

import pytest

from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.deck.package import read, to_bytes
from primer_anki.diagnostic import PrimerError
from primer_anki.model import Deck, Media, Note
from primer_anki.value import replace

from .samples import DAY, PICTURE, SVG, deck, note, sample

ROOT = Path(__file__).resolve().parents[2]
BUILD = """
import sys
from hashlib import sha1, sha256
from tests.deck.samples import sample
from primer_anki.deck.package import to_bytes
sys.stdout.write(sha256(to_bytes(sample())).hexdigest())
"""


def rows(package: bytes, query: str) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        return connection.execute(query).fetchall()


# The same bytes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C"}],
    ids=["seed 1, Tokyo", "seed 2, Lima, C locale"],
)
def test_another_process_and_folder_give_the_same_bytes(environment: dict[str, str], tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=tmp_path,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert built.stdout == sha256(to_bytes(sample())).hexdigest()


def test_order_of_fields_and_media_does_not_matter() -> None:
    other = Media("pa-f.svg", SVG)
    both = note("a", Question="?", Answer=f'<img src="{PICTURE.name}"><img src="{other.name}">')
    turned = replace(both, fields=dict(reversed(list(both.fields.items()))))
    assert to_bytes(deck(both, media=(PICTURE, other))) == to_bytes(deck(turned, media=(other, PICTURE)))


def test_no_temporary_file_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    read(to_bytes(sample()), "sample.apkg")
    assert list(tmp_path.iterdir()) == []


def test_zip_entries_have_no_time_and_are_compressed() -> None:
    with zipfile.ZipFile(io.BytesIO(to_bytes(sample()))) as archive:
        assert archive.namelist() == ["collection.anki2", "media", "0"]
        assert json.loads(archive.read("media")) == {"0": PICTURE.name}
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.compress_type == zipfile.ZIP_DEFLATED
            assert (entry.create_system, entry.external_attr >> 16) == (3, 0o644)


def test_the_database_does_not_tell_the_version_of_sqlite() -> None:
    with zipfile.ZipFile(io.BytesIO(to_bytes(sample()))) as archive:
        header = archive.read("collection.anki2")[:100]
    assert header[24:28] == header[92:96] == b"\0\0\0\1"
    assert int.from_bytes(header[96:100], "big") == 3_050_001


# What stands inside --------------------------------------------------------------------------------------------------


def test_each_note_has_its_own_times() -> None:
    package = to_bytes(deck(note("a", created=DAY, changed=DAY + 5), note("b", created=DAY + 3, changed=DAY + 3)))
    assert rows(package, "SELECT guid, mod FROM notes ORDER BY guid") == [("a", DAY + 5), ("b", DAY + 3)]
    assert rows(package, f"SELECT guid, (id / 1000 - {DAY}) / 3600 FROM notes ORDER BY guid") == [("a", 0), ("b", 0)]


def test_new_cards_come_in_the_order_of_the_deck() -> None:
    package = to_bytes(deck(note("z"), note("a", Question="?", Reverse_question="!"), note("m")))
    found = rows(package, "SELECT guid, ord, due FROM cards c JOIN notes n ON n.id = c.nid ORDER BY due, ord")
    assert found == [("z", 0, 1), ("a", 0, 2), ("a", 1, 2), ("m", 0, 3)]


def test_an_inserted_note_moves_no_id() -> None:
    query = "SELECT guid, n.id, c.id, ord FROM notes n JOIN cards c ON c.nid = n.id"
    notes = [note(f"n{number}") for number in range(300)]
    before, after = rows(to_bytes(deck(*notes)), query), rows(to_bytes(deck(note("new"), *notes)), query)
    assert set(before) < set(after)


def test_ten_thousand_notes_of_one_second_have_ids_of_their_own() -> None:
    package = to_bytes(deck(*(note(f"n{number}") for number in range(10_000))))
    assert rows(package, "SELECT count(DISTINCT id), count(DISTINCT guid) FROM notes") == [(10_000, 10_000)]


def test_sort_field_and_checksum_come_from_the_text() -> None:
    package = to_bytes(deck(note("a", Question="<b>a</b> &lt; b", Answer="x")))
    assert rows(package, "SELECT sfld, csum FROM notes") == [("a < b", int(sha1(b"a < b").hexdigest()[:8], 16))]


def test_only_note_types_in_use_travel_and_with_their_ids() -> None:
    ((models, decks),) = rows(to_bytes(deck(note("a"))), "SELECT models, decks FROM col")
    basic = NOTE_TYPES["basic"]
    (model,) = json.loads(str(models)).values()
    assert (model["id"], model["mod"]) == (str(basic.id), basic.mod)
    assert [field["id"] for field in model["flds"]] == [field.id for field in basic.fields]
    assert [template["id"] for template in model["tmpls"]] == [template.id for template in basic.templates]
    (ours,) = (entry for number, entry in json.loads(str(decks)).items() if number != "1")
    assert (ours["name"], ours["desc"], ours["md"]) == ("Sample", "Made for **tests**", True)


def test_brackets_without_end_take_no_time() -> None:
    assert to_bytes(deck(note("a", Question="<" * 100_000 + "x", Answer="x")))


# There and back ------------------------------------------------------------------------------------------------------


def without_place(written: Note) -> Note:
    fields = {name: content for name, content in written.fields.items() if content}
    return replace(written, fields=fields, place=None, pattern="")


def test_what_is_written_is_read_again() -> None:
    written = sample()
    again = read(to_bytes(written), "sample.apkg")
    assert again.notes == tuple(map(without_place, written.notes))
    assert (again.name, again.id, again.description, again.media) == (
        written.name,
        written.id,
        written.description,
        written.media,
    )
    assert again.note_types == NOTE_TYPES


def test_what_is_read_is_written_again_byte_for_byte() -> None:
    package = to_bytes(sample())
    assert to_bytes(read(package, "sample.apkg")) == package


def test_creation_times_come_back_even_where_ids_had_to_give_way() -> None:
    written = deck(*(note(f"n{number}", created=DAY + number % 3) for number in range(5000)))
    assert read(to_bytes(written), "x").notes == written.notes


def test_a_database_in_wal_mode_can_be_read() -> None:
    package, target = to_bytes(sample()), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(target, "w") as archive:
        database = source.read("collection.anki2")
        archive.writestr("collection.anki2", database[:18] + b"\2\2" + database[20:])
    assert read(target.getvalue(), "wal.apkg").notes == read(package, "sample.apkg").notes


# Refused -------------------------------------------------------------------------------------------------------------

SHOWS = f'<img src="{PICTURE.name}">'
WRONG = {
    "two notes with one GUID": (deck(note("a"), note("b"), note("a")), "GUID a: stands on 2 notes"),
    "no GUID": (deck(note("")), "1 note without a GUID"),
    "no notes": (deck(), "the deck has no notes"),
    "unknown field": (deck(note("a", Question="?", Hint="x")), "note a: Primer Basic has no field 'Hint'"),
    "separator in a field": (deck(note("a", Question="a\x1fb")), "note a: field 'Question' holds the character U+001F"),
    "no card": (deck(note("a", Answer="x", Context="c")), "note a: makes no card"),
    "space in a tag": (deck(note("a", tags=("a b",))), "note a: tag 'a b' is empty or holds white space"),
    "ideographic space in a tag": (deck(note("a", tags=("a\u3000b",))), "white space"),
    "empty tag": (deck(note("a", tags=("",))), "note a: tag '' is empty"),
    "media missing": (deck(note("a", Question=SHOWS)), f"note a: media '{PICTURE.name}' is not in the deck"),
    "media not shown": (deck(note("a"), media=(PICTURE,)), f"media {PICTURE.name}: no note shows it"),
    "media twice": (deck(note("a", Question=SHOWS), media=(PICTURE, PICTURE)), "stands in the deck 2 times"),
    "media name": (
        deck(note("a", Question='<img src="A B.svg">'), media=(Media("A B.svg", SVG),)),
        "the name may have",
    ),
    "deck name empty": (deck(note("a"), name=""), "deck name ''"),
    "deck name with an empty part": (deck(note("a"), name="A::::B"), "deck name 'A::::B'"),
    "deck name with spaces at the end": (deck(note("a"), name="A "), "deck name 'A '"),
    "deck name Default": (deck(note("a"), name="default"), "belongs to a deck that every collection has"),
    "deck id 1": (replace(deck(note("a")), id=1), "deck id 1: must be greater than 1"),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG.keys())
def test_refuses(wrong: Deck, message: str) -> None:
    with pytest.raises(PrimerError) as raised:
        to_bytes(wrong)
    assert message in str(raised.value)


def test_names_everything_that_is_wrong_but_not_without_end() -> None:
    with pytest.raises(PrimerError) as raised:
        to_bytes(deck(*(note("a", Question="?", Hint="x") for _ in range(99)), name=""))
    lines = str(raised.value).splitlines()
    assert len(lines) == 22
    assert lines[-1].strip() == "- and 81 more"


@pytest.mark.parametrize("remote", ["https://example.org/a.png", "data:image/png;base64,AA==", "//example.org/a.png"])
def test_pictures_elsewhere_are_no_media(remote: str) -> None:
    assert to_bytes(deck(note("a", Question=f'<img src="{remote}">')))


# Unreadable ----------------------------------------------------------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return target.getvalue()


def damaged() -> Iterator[bytes]:
    good = to_bytes(sample())
    yield b""
    yield b"not a zip"
    yield good[: len(good) // 2]
    yield good[:60] + b"\0" * 40 + good[100:]
    yield zipped(collection_anki2=b"")
    yield zipped(collection_anki2=b"no database" * 100)
    yield zipped(readme_txt=b"x")


@pytest.mark.parametrize("data", list(damaged()))
def test_says_what_it_cannot_read_and_where(data: bytes) -> None:
    with pytest.raises(PrimerError, match=r"^old\.apkg: error: not an Anki package"):
        read(data, "old.apkg")


def test_says_that_the_new_format_needs_anki() -> None:
    with pytest.raises(PrimerError, match="new format") as raised:
        read(zipped(collection_anki21b=b"x", collection_anki2=b"x"), "old.apkg")
    assert "primer-anki[verify]" in raised.value.hint


def test_says_that_notes_are_of_other_makers() -> None:
    foreign = {key: replace(note_type, id=note_type.id + 1) for key, note_type in NOTE_TYPES.items()}
    with pytest.raises(PrimerError, match="notes of type Primer Basic, Primer Cloze, Primer Trade-off"):
        read(to_bytes(replace(sample(), note_types=foreign)), "old.apkg")
