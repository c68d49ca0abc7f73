"""Names that a file system allows and nobody expects: of sources, pictures, manifests, folders and decks."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from primer_anki.deck import package
from primer_anki.model import Deck
from tests.conftest import TOPIC, Run, Write

PNG = b"\x89PNG\r\n\x1a\n"
NOT_UTF8 = os.fsdecode(b"caf\xe9")
NAMES = [
    pytest.param("two words", id="space"),
    pytest.param("emoji \U0001f9d1\u200d\U0001f52c", id="emoji"),
    pytest.param("line\nbreak", id="line break"),
    pytest.param("\x1b[31mred", id="escape sequence"),
    pytest.param('it\'s "quoted"', id="quotes"),
    pytest.param("100%41", id="percent"),
    pytest.param("C#?&x=1", id="hash and question mark"),
    pytest.param("-rf", id="leading dash"),
    pytest.param("caf\u00e9", id="precomposed"),
    pytest.param("cafe\u0301", id="combining"),
    pytest.param("日本", id="another script"),
    pytest.param("CON", id="a Windows device"),
    pytest.param("end. ", id="trailing dot and space"),
    pytest.param("[a-z]*{b}", id="a glob's signs"),
    pytest.param("$HOME `id`; ~", id="a shell's signs"),
]


def deck(path: str | Path) -> Deck:
    return package.read(Path(path).read_bytes(), str(path))


@pytest.mark.parametrize("name", NAMES)
class TestAnyName:
    def test_of_a_file(self, name: str, run: Run, write: Write, here: Path) -> None:
        result = run("build", "--", write(f"{name}.md", TOPIC))
        assert (result.exit_code, result.stderr) == (0, "")
        assert {path.name for path in here.iterdir()} == {f"{name}.md", f"{name}.apkg", f"{name}.ledger.jsonl"}

    def test_of_a_folder(self, name: str, run: Run, write: Write, here: Path) -> None:
        write(f"{name}/a.md", TOPIC)
        assert run("build", "--", name).exit_code == 0
        assert len(deck(here / f"{name}.apkg").notes) == 2

    def test_in_every_output(self, name: str, run: Run, write: Write) -> None:
        source = write(f"{name}.md", TOPIC)
        for command in ("cards", "cards --json", "cards --skipped", "lint", "lint --format=sarif", "preview"):
            assert run(*command.split(), "--", source).exit_code == 0

    def test_in_a_manifest(self, name: str, run: Run, write: Write, manifest: Callable[..., Path]) -> None:
        write(f"content/{name}/a.md", TOPIC)
        manifest("sources: ['**/*.md']", without=("sources",))
        assert run("build").exit_code == 0
        assert len(deck("decks/x.apkg").notes) == 2

    def test_a_message_stays_on_one_line(self, name: str, run: Run, here: Path) -> None:
        result = run("build", "--", f"{name}.md")
        assert result.exit_code == 2
        assert re.fullmatch(r"[^\n\x1b]*\.md: error: no such file or folder\n", result.stderr)


@pytest.mark.parametrize(("letters", "suffix"), [(251, ".md"), (248, ".md"), (300, ".md")])
def test_a_name_too_long_for_deck_or_ledger_is_refused_before_anything_is_written(
    letters: int, suffix: str, run: Run, here: Path
) -> None:
    name = "x" * letters + suffix
    with contextlib.suppress(OSError):  # the source itself may be too long: it is named all the same
        Path(name).write_text(TOPIC)
    before = list(here.iterdir())
    result = run("build", name)
    assert result.exit_code == 2
    assert re.fullmatch(rf"x{{{letters}}}\.\S*: error: .*file name too long\n", result.stderr)
    assert list(here.iterdir()) == before


def test_the_longest_name_that_leaves_room_for_the_ledger(run: Run, write: Write) -> None:
    assert run("build", write("x" * (255 - len(".ledger.jsonl")) + ".md", TOPIC)).exit_code == 0


class TestTwins:
    """Names that another file system would take for one."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            pytest.param("Cache.md", "cache.md", id="case"),
            pytest.param("caf\u00e9.md", "cafe\u0301.md", id="composition"),
        ],
    )
    def test_sources_stay_apart(self, one: str, other: str, run: Run, write: Write, here: Path) -> None:
        write(f"all/{one}", "# One\n\n**Cache** - fast memory near its reader\n")
        write(f"all/{other}", "# Other\n\n**Queue** - work that waits for its turn\n")
        if len(list((here / "all").iterdir())) == 1:
            pytest.skip("this file system takes both names for one")
        assert run("build", "all").exit_code == 0
        first = Path("all.apkg").read_bytes()
        assert len(deck("all.apkg").notes) == 2
        run("build", "all")
        assert Path("all.apkg").read_bytes() == first

    def test_pictures_stay_apart(self, run: Run, write: Write, here: Path) -> None:
        write("img/Pic.png", PNG + b"one")
        write("img/pic.png", PNG + b"other")
        if len(list((here / "img").iterdir())) == 1:
            pytest.skip("this file system takes both names for one")
        run("build", write("a.md", TOPIC.replace("reader", "reader ![a](img/Pic.png) ![b](img/pic.png)")))
        names = [medium.name.casefold() for medium in deck("a.apkg").media]
        assert len(set(names)) == 2


class TestMedia:
    @pytest.mark.parametrize(
        "name",
        ["CON.png", "aux.png", "nul", "com1.PNG", "end.png.", "end.png ", "a:b.png", "x" * 251 + ".png", "*.png"],
    )
    def test_a_picture_travels_under_a_name_that_every_system_takes(self, name: str, run: Run, write: Write) -> None:
        write(f"img/{name}", PNG)
        address = name.replace(" ", "%20")
        run("build", write("a.md", TOPIC.replace("reader", f"reader ![a graph](<./img/{address}>)")))
        (medium,) = deck("a.apkg").media
        assert re.fullmatch(r"pa-[0-9a-f]{16}\.png", medium.name)

    def test_a_real_anki_finds_it_under_that_name(self, run: Run, write: Write) -> None:
        write("img/CON.png", PNG)
        run("build", write("a.md", TOPIC.replace("reader", "reader ![a graph](img/CON.png)")))
        result = run("verify", "a.apkg")
        assert (result.exit_code, result.stderr) == (0, "")


class TestNotUtf8:
    """Such a name cannot stand in a deck; it is refused where the system lets one be made."""

    @pytest.fixture(autouse=True)
    def _possible(self, here: Path) -> None:
        try:
            (here / f"{NOT_UTF8}.md").write_text(TOPIC)
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")

    @pytest.mark.parametrize("target", [".", f"{NOT_UTF8}.md"])
    @pytest.mark.parametrize("command", ["build", "cards", "lint", "preview"])
    def test_a_source_is_named(self, command: str, target: str, run: Run, here: Path) -> None:
        result = run(command, target)
        assert result.exit_code == 2
        assert result.stderr == "caf\\udce9.md: error: the name of the file is not UTF-8\n    hint: rename it\n"
        assert [path.name for path in here.iterdir()] == [f"{NOT_UTF8}.md"]

    def test_a_deck_may_have_such_a_name(self, run: Run, write: Write) -> None:
        result = run("build", write("a.md", TOPIC), "-o", f"{NOT_UTF8}.apkg")
        assert result.exit_code == 0
        assert result.stdout.startswith("caf\\udce9.apkg: Caching\n")

    def test_a_folder_too(self, run: Run, write: Write) -> None:
        write(f"{NOT_UTF8}/a.md", TOPIC)
        assert run("build", NOT_UTF8).exit_code == 0
        assert deck(f"{NOT_UTF8}.apkg").name == "caf"


LOCALES = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a Latin-1 terminal": {"PYTHONIOENCODING": "latin-1"},
    "a Windows terminal": {"PYTHONIOENCODING": "cp1252"},
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the encoding of names is always UTF-8 there")
def test_a_deck_is_the_same_under_every_locale(write: Write, here: Path) -> None:
    write("日/img/図.png", PNG)
    write("日/é.md", "# Caché — 日本\n\n**Caché 日本** - fast mémory → near ![図](img/図.png)\n")

    def built(environment: dict[str, str]) -> bytes:
        for command in (["build", "日"], ["cards", "日"]):
            ended = subprocess.run(
                [sys.executable, "-m", "primer_anki", *command],
                env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **environment},
                capture_output=True,
                check=False,
            )
            assert (ended.returncode, ended.stderr.count(b"Traceback")) == (0, 0), ended.stderr.decode()
        written = (here / "日.apkg").read_bytes()
        (here / "日.apkg").unlink()
        (here / "日.ledger.jsonl").unlink()
        return written

    expected = built({"PYTHONUTF8": "1"})
    assert len(package.read(expected, "").media) == 1
    assert {locale: built(environment) == expected for locale, environment in LOCALES.items()} == dict.fromkeys(
        LOCALES, True
    )


def test_json_is_json_on_a_terminal_of_another_encoding(write: Write) -> None:
    write("a.md", "# Caché\n\n**Caché 日本** - fast \U0001f9d1 mémory\n")
    command = [sys.executable, "-m", "primer_anki", "cards", "--json", "a.md"]
    ended = subprocess.run(
        command, env={**os.environ, **LOCALES["a Latin-1 terminal"]}, capture_output=True, check=True
    )
    (card,) = json.loads(ended.stdout.decode("ascii"))
    assert "Caché 日本" in json.dumps(card, ensure_ascii=False)
    assert "\U0001f9d1 mémory" in json.dumps(card, ensure_ascii=False)
