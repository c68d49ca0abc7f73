"""`primer-anki init`: a deck repository that works at once, and its life up to the first update."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from primer_anki import __version__, cli
from primer_anki.build import gather
from primer_anki.init import create
from primer_anki.manifest import load
from primer_anki.parser.extract import PATTERNS
from tests.conftest import Run, Write

FILES = [
    "decks/boats.yaml",
    "content/caching.md",
    "README.md",
    ".gitignore",
    ".gitattributes",
    ".github/workflows/deck.yml",
]


def below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


class TestFiles:
    def test_a_new_folder(self, run: Run, here: Path) -> None:
        result = run("init", "boats")
        assert result.exit_code == 0
        assert result.stdout.splitlines() == [
            *(f"written  boats/{name}" for name in FILES),
            "Next: cd boats && primer-anki build",
        ]
        assert below(here / "boats") == set(FILES)

    def test_the_folder_in_which_one_stands(self, run: Run, here: Path) -> None:
        assert run("init").stdout.endswith("Next: primer-anki build\n")
        assert (here / "decks/here.yaml").is_file()

    def test_nothing_is_overwritten(self, run: Run, write: Write, here: Path) -> None:
        for name in FILES:
            write(f"boats/{name}", "mine")
        result = run("init", "boats")
        assert result.exit_code == 0
        assert all(line.startswith("kept") for line in result.stdout.splitlines()[:-1])
        assert {(here / "boats" / name).read_text() for name in FILES} == {"mine"}

    def test_twice_is_once(self, run: Run, here: Path) -> None:
        run("init", "boats")
        before = {name: (here / "boats" / name).read_bytes() for name in FILES}
        run("init", "boats")
        assert {name: (here / "boats" / name).read_bytes() for name in FILES} == before

    def test_a_readme_of_ones_own_stays_and_the_rest_is_written(self, run: Run, write: Write) -> None:
        write("boats/README.md", "mine")
        lines = run("init", "boats").stdout.splitlines()
        assert "kept     boats/README.md" in lines
        assert "written  boats/.gitignore" in lines

    @pytest.mark.parametrize(
        ("there", "instead"),
        [("decks/ships.yml", "decks/boats.yaml"), ("content/sea/tides.md", "content/caching.md")],
    )
    def test_topics_and_manifests_of_ones_own_are_left_alone(
        self, there: str, instead: str, run: Run, write: Write, here: Path
    ) -> None:
        write(f"boats/{there}", "mine")
        assert f"kept     boats/{there}" in run("init", "boats").stdout
        assert not (here / "boats" / instead).exists()

    def test_a_file_in_the_way(self, run: Run, write: Write) -> None:
        write("boats", "a file")
        result = run("init", "boats")
        assert result.exit_code == 2
        assert result.stderr == "boats: error: this is no folder\n"

    @pytest.mark.parametrize(
        ("folder", "file", "name"),
        [
            ("system-design", "system-design", "System design"),
            ("Über uns", "über-uns", "Über uns"),
            ("2024", "2024", "2024"),
            ("yes", "yes", "Yes"),
            ("a: b #c", "a-b-c", "A b c"),
            ("...", "deck", "Deck"),
            ("default", "default", "Default deck"),
            ("collection", "deck-collection", "Deck collection"),
            ("backup-1", "deck-backup-1", "Deck backup 1"),
            ("日本語", "日本語", "日本語"),
        ],
    )
    def test_names(self, folder: str, file: str, name: str, here: Path) -> None:
        create(here / "x" / folder) if folder != "..." else create(here / "x" / "(((")
        (manifest,) = here.glob(f"x/*/decks/{file}.yaml")
        assert load(manifest).name == name

    def test_every_deck_has_an_id_of_its_own(self, here: Path) -> None:
        for number in range(20):
            create(here / str(number))
        ids = {load(path).id for path in here.glob("*/decks/*.yaml")}
        assert len(ids) == 20
        assert all(len(str(each)) == 10 for each in ids)


class TestContent:
    def test_the_example_shows_every_pattern(self, run: Run, here: Path) -> None:
        create(here)
        gathered = gather(load(here / "decks/here.yaml"), lambda step: None)
        assert {draft.pattern for draft in gathered.drafts} == set(PATTERNS)
        assert {draft.note_type for draft in gathered.drafts} == {"basic", "tradeoff", "cloze"}

    def test_the_example_builds_without_a_warning(self, run: Run, here: Path) -> None:
        create(here)
        result = run("build")
        assert (result.exit_code, result.stderr) == (0, "")
        assert run("build", "--check").exit_code == 0

    @pytest.mark.skipif("lint" not in cli.main.commands, reason="there is no lint")
    def test_the_example_is_clean(self, run: Run, here: Path) -> None:
        create(here)
        assert run("lint", "--strict").exit_code == 0

    def test_no_placeholder_is_left(self, here: Path) -> None:
        for each in create(here):
            assert not re.search(r"@[A-Z]+@", (here / each.path).read_text(encoding="utf-8"))

    def test_the_workflow_uses_commands_that_are_and_this_version(self, here: Path) -> None:
        create(here)
        workflow = yaml.safe_load((here / ".github/workflows/deck.yml").read_text(encoding="utf-8"))
        steps = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
        assert any(f"primer-anki[verify]~={__version__}" in step for step in steps)
        commands = [name for step in steps for name in re.findall(r"primer-anki (\w+)", step)]
        assert set(commands) == {"lint", "build", "verify", "diff"}

    def test_ledgers_merge_by_union(self, here: Path) -> None:
        create(here)
        assert "*.ledger.jsonl text eol=lf merge=union" in (here / ".gitattributes").read_text()


def test_from_init_to_an_update(run: Run, here: Path) -> None:
    pytest.importorskip("anki.collection")
    run("init")
    run("build")
    (here / "decks/here.apkg").rename(here / "old.apkg")
    topic = here / "content/caching.md"
    text = topic.read_text(encoding="utf-8")
    text = text.replace("making room for another", "x").replace("throwing out an entry", "removing an entry")
    text = text.replace("- **Cache hit** - a request that the cache can answer\n", "")
    text = text.replace("2. On a miss, ask the database\n", "2. On a miss, ask the database\n3. Wait for it\n")
    topic.write_text(text + "\n## Stampede\n\nA stampede is a crowd of misses for one entry.\n", encoding="utf-8")
    assert "1 new · 18 kept" in run("build").stdout

    shown = run("diff", "old.apkg", "decks/here.apkg").stdout
    assert shown.splitlines()[1] == "  1 added · 2 reworded · 1 retired · 16 untouched"
    assert "[-throwing out-]{+removing+} an entry to make room for another" in shown

    result = run("verify", "decks/here.apkg", "--against", "old.apkg")
    assert result.exit_code == 0
    assert "1 new note with 2 new cards, 2 updated, 16 untouched" in result.stdout
