"""The command line: targets, output, exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from primer_anki import __version__, cli
from tests.conftest import TOPIC, Run, Write

PROGRAM = (sys.executable, "-m", "primer_anki")
COMMANDS = sorted(cli.main.commands)
WITH_LINKS = "# Caching\n\n## Terms\n\n**Hit** - an answer from the cache\n\n## Further reading\n\n- [a](a.html)\n"


def below(folder: Path) -> set[str]:
    """Every file in a folder, by its name from there."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


class TestTargets:
    def test_a_file(self, run: Run, write: Write, here: Path) -> None:
        write("notes.md", TOPIC)
        assert run("build", "notes.md").exit_code == 0
        assert below(here) == {"notes.md", "notes.apkg", "notes.ledger.jsonl"}

    def test_a_file_with_an_output(self, run: Run, write: Write, here: Path) -> None:
        write("notes.md", TOPIC)
        (here / "out").mkdir()
        assert run("build", "notes.md", "-o", "out/deck.apkg").exit_code == 0
        assert below(here) == {"notes.md", "out/deck.apkg", "out/deck.ledger.jsonl"}

    def test_a_text_file_that_is_named(self, run: Run, write: Write) -> None:
        assert run("build", write("notes.txt", TOPIC)).exit_code == 0

    def test_a_folder(self, run: Run, write: Write, here: Path) -> None:
        write("topics/b/2.md", TOPIC)
        write("topics/1.md", "# DNS\n\n**Zone** - a part of the name space\n")
        assert "3 definition" in run("build", "topics").stdout
        assert below(here) == {"topics/b/2.md", "topics/1.md", "topics.apkg", "topics.ledger.jsonl"}

    def test_the_folder_in_which_one_stands(self, run: Run, write: Write, here: Path) -> None:
        write("1.md", TOPIC)
        assert run("build", ".").exit_code == 0
        assert below(here.parent) == {"here/1.md", "here/here.apkg", "here/here.ledger.jsonl"}

    def test_a_manifest(self, run: Run, write: Write, manifest: Callable[..., Path], here: Path) -> None:
        write("content/a.md", TOPIC)
        assert run("build", manifest()).exit_code == 0
        assert below(here) == {"content/a.md", "decks/x.yaml", "decks/x.apkg", "decks/x.ledger.jsonl"}

    def test_an_output_never_moves_a_manifests_ledger(
        self, run: Run, write: Write, manifest: Callable[..., Path], here: Path
    ) -> None:
        write("content/a.md", TOPIC)
        assert run("build", manifest(), "-o", "deck.apkg").exit_code == 0
        assert below(here) == {"content/a.md", "decks/x.yaml", "deck.apkg", "decks/x.ledger.jsonl"}

    def test_none_means_every_manifest_in_decks(
        self, run: Run, write: Write, manifest: Callable[..., Path], here: Path
    ) -> None:
        write("content/a.md", TOPIC)
        manifest()
        write("decks/y.yml", "name: Y\nid: 1234567891\nroot: ../content\nsources: ['*.md']\n")
        assert run("build").exit_code == 0
        assert {"decks/x.apkg", "decks/y.apkg"} <= below(here)

    def test_several(self, run: Run, write: Write, here: Path) -> None:
        assert run("build", write("a.md", TOPIC), write("b.md", TOPIC)).exit_code == 0
        assert {"a.apkg", "b.apkg"} <= below(here)


class TestBuild:
    def test_summary(self, run: Run, write: Write) -> None:
        result = run("build", write("notes.md", TOPIC))
        lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
        assert lines == ["notes.apkg: Caching", "notes 2 2 definition", "cards 2", "media 0", "changes 2 new"]
        assert result.stderr == ""

    def test_problems_in_content_are_told_and_the_deck_is_built(self, run: Run, write: Write, here: Path) -> None:
        write("topics/a.md", TOPIC)
        write("topics/empty.md", "")
        result = run("build", "topics")
        assert result.exit_code == 0
        assert result.stderr == "topics/empty.md: warning: the file is empty\n"
        assert "1 warning" in result.stdout

    def test_only_the_worst_problems_are_told(self, run: Run, write: Write) -> None:
        write("topics/a.md", TOPIC)
        for number in range(9):
            write(f"topics/{number}.md", "")
        lines = run("build", "topics").stderr.splitlines()
        assert len(lines) == 6
        assert lines[-1] == "… and 4 more"

    def test_a_second_build_touches_no_file(self, run: Run, write: Write, here: Path) -> None:
        write("notes.md", TOPIC)
        run("build", "notes.md")
        before = {name: (here / name).stat() for name in below(here)}
        assert "2 kept" in run("build", "notes.md").stdout
        after = {name: (here / name).stat() for name in below(here)}
        assert {name: (stat.st_mtime_ns, stat.st_ino) for name, stat in before.items()} == {
            name: (stat.st_mtime_ns, stat.st_ino) for name, stat in after.items()
        }


class TestCards:
    def test_text(self, run: Run, write: Write, here: Path) -> None:
        result = run("cards", write("sub/notes.md", TOPIC))
        assert result.exit_code == 0
        first = result.stdout.split("\n\n")[0].splitlines()
        assert first == [
            "sub/notes.md:3: Caching [definition]",
            "  Q: What is Cache?",
            "  A: fast memory near its reader",
        ]
        assert below(here) == {"sub/notes.md"}

    def test_json(self, run: Run, write: Write) -> None:
        write("topics/sub/notes.md", TOPIC)
        first, second = json.loads(run("cards", "--json", "topics").stdout)
        assert first["file"] == "sub/notes.md"
        assert (first["line"], second["line"]) == (3, 5)
        assert first["trail"] == ["Caching"]
        assert (first["note_type"], first["card"], first["pattern"]) == ("Primer Basic", "Ask", "definition")
        assert first["back"] == "fast memory near its reader"
        assert first["guid"] != second["guid"]

    def test_json_of_several_targets_is_one_list(self, run: Run, write: Write) -> None:
        found = json.loads(run("cards", "--json", write("a.md", TOPIC), write("b.md", "# B\n" + TOPIC[10:])).stdout)
        assert [card["deck"] for card in found] == ["Caching", "Caching", "B", "B"]

    def test_skipped(self, run: Run, write: Write) -> None:
        result = run("cards", "--skipped", write("notes.md", WITH_LINKS))
        assert result.exit_code == 0
        assert result.stdout.startswith("notes.md:7: Caching › Further reading: ")

    def test_skipped_as_json(self, run: Run, write: Write) -> None:
        (skipped,) = json.loads(run("cards", "--skipped", "--json", write("notes.md", WITH_LINKS)).stdout)
        assert (skipped["file"], skipped["line"]) == ("notes.md", 7)
        assert skipped["trail"] == ["Caching", "Further reading"]

    def test_skipped_speaks_where_nothing_gives_a_card(self, run: Run, write: Write) -> None:
        result = run("cards", "--skipped", write("notes.md", "# Sources\n\n- [a](https://example.org)\n"))
        assert result.exit_code == 0
        assert result.stdout.startswith("notes.md:1: Sources: ")


class TestUsage:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_has_an_example(self, command: str, run: Run) -> None:
        assert f"Example: primer-anki {command}" in run(command, "--help").stdout

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_option_is_explained(self, command: str) -> None:
        options = [param for param in cli.main.commands[command].params if isinstance(param, click.Option)]
        assert all(option.help for option in options)

    def test_version(self, run: Run) -> None:
        assert run("--version").stdout == f"primer-anki, version {__version__}\n"

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion(self, shell: str, here: Path) -> None:
        environment = {**os.environ, "_PRIMER_ANKI_COMPLETE": f"{shell}_source"}
        script = "import sys; sys.argv[0] = 'primer-anki'; from primer_anki.cli import main; main()"
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
        assert "_PRIMER_ANKI_COMPLETE" in done.stdout

    @pytest.mark.parametrize("args", [["build", "--no-such"], ["no-such"], ["build", "a.md", "b.md", "-o", "x.apkg"]])
    def test_wrong_usage(self, args: list[str], run: Run) -> None:
        result = run(*args)
        assert result.exit_code == 2
        assert "Error: " in result.stderr


class TestSurroundings:
    def test_help_loads_nothing_heavy(self, here: Path) -> None:
        code = (
            "import sys, click; before = set(sys.modules); import primer_anki.cli\n"
            "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["primer_anki"]

    def test_a_reader_that_goes_away_is_no_error(self, here: Path, write: Write) -> None:
        path = write("notes.md", TOPIC + "".join(f"\n**Term {n}** - meaning {n}\n" for n in range(3000)))
        process = subprocess.Popen([*PROGRAM, "cards", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait(timeout=60) == 1

    def test_control_c_leaves_nothing_behind(
        self, run: Run, write: Write, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("os.replace", interrupt)
        result = run("build", write("notes.md", TOPIC))
        assert result.exit_code == 1
        assert "Aborted!" in result.stderr
        assert below(here) == {"notes.md"}

    def test_steps_show_on_a_terminal_only(self, here: Path, write: Write) -> None:
        write("notes.md", TOPIC)
        ours, theirs = pty.openpty()
        subprocess.run([*PROGRAM, "build", "notes.md"], stderr=theirs, stdout=subprocess.PIPE, check=True)
        os.close(theirs)
        assert b"reading 1/1 notes.md" in os.read(ours, 4096)
        os.close(ours)

    def test_the_module_runs_too(self, here: Path) -> None:
        done = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, check=True)
        assert done.stdout == f"primer-anki, version {__version__}\n"

    @pytest.mark.parametrize("value", ["soon", "-1", "1.5"])
    def test_source_date_epoch_must_be_seconds(
        self, value: str, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
        result = run("build", write("notes.md", TOPIC))
        assert result.exit_code == 2
        assert f"SOURCE_DATE_EPOCH is `{value}`" in result.stderr
