"""Building again: whatever was kept of earlier builds, a build says and writes what it would without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from primer_anki import build, cache, program
from primer_anki.cli import main
from tests.conftest import TOPIC, Run, Write

Files = Mapping[str, str | bytes | None]
"""What is written before a build, by name; None: removed."""

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
OTHER_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"> </svg>'
LOCKS = "# Locks\n\n" + "".join(
    f"**Q: Which lock do {who} share with other {who}?**\n\n**A:** An {name} lock\n\n"
    for who, name in (("readers", "S"), ("writers", "X"))
)
MANIFEST = "name: {0}\nid: 12345678{1}\nsources: ['{0}/*.md']\n"


@dataclass(frozen=True)
class Step:
    """Something is changed, then built."""

    files: Files
    command: tuple[str, ...] = ("build", "x.md")


SCENARIOS: Mapping[str, tuple[Step, ...]] = {
    "a deck grows, is reworded and shrinks": (
        Step({"x.md": TOPIC}),
        Step({"x.md": TOPIC + "\n**Miss** - a request that goes on to the origin\n"}),
        Step({"x.md": TOPIC.replace("fast memory near", "quick memory close to")}),
        Step({"x.md": "# Caching\n\n**Hit** - a request that the cache can answer\n"}),
        Step({"x.md": TOPIC}),
    ),
    "the sides of a trade-off come and go": (
        Step({"x.md": "# Cache\n\n## Advantages\n\n- fast\n- near\n\n## Disadvantages\n\n- stale\n- small\n"}),
        Step({"x.md": "# Cache\n\n## Advantages\n\n- fast\n- near\n"}),
        Step({"x.md": "# Cache\n\n## Advantages\n\n- fast\n- near\n\n## Disadvantages\n\n- stale\n- small\n"}),
    ),
    "a hidden passage is shown": (
        Step({"x.md": "# Ports\n\nA server listens on ==443== for HTTPS and on ==80== for HTTP.\n"}),
        Step({"x.md": "# Ports\n\nA server listens on ==443== for HTTPS and on 80 for HTTP.\n"}),
    ),
    "a note may be one of two": (
        Step({"x.md": LOCKS}),
        Step({"x.md": "# Locks\n\n**Q: Which lock do readers and writers share with others?**\n\n**A:** An S lock\n"}),
    ),
    "a doubt that its author has allowed": (
        Step({"x.md": LOCKS}),
        Step(
            {
                "x.md": "# Locks\n\n<!-- primer: allow ambiguous-identity -->\n"
                "**Q: Which lock do readers and writers share with others?**\n\n**A:** An S lock\n"
            }
        ),
    ),
    "a note changes its type, and an id stands twice": (
        Step({"x.md": "# Proxies\n\n**Q: What does a proxy do?**\n\n**A:** It speaks for a client.\n"}),
        Step({"x.md": "# Proxies\n\nWhat does a ==proxy== do?\n"}),
        Step({"x.md": "# P\n\n<!-- id: p -->\n**Cache** - memory\n\n<!-- id: p -->\n**Proxy** - a speaker\n"}),
    ),
    "pictures come, change and go": (
        Step({"x.md": TOPIC + "\n## Which parts does it have?\n\n![parts](p.svg) and ![more](q.svg)\n"}),
        Step({"p.svg": PICTURE}),
        Step({"p.svg": OTHER_PICTURE, "q.svg": PICTURE}),
        Step({"p.svg": None}),
        Step({"p.svg": b"no picture", "q.svg": b"\x89PNG\r\n\x1a\n" + bytes(6_000_000)}),
    ),
    "files come and go in a folder": (
        Step({"d/1.md": TOPIC, "d/2.md": "# B\n\n**Proxy** - a server between two\n"}, ("build", "d")),
        Step({"d/3.md": "", "d/0.md": "# A\n\n**Ledger** - a list of entries\n"}, ("build", "d")),
        Step({"d/2.md": None}, ("build", "d")),
    ),
    "two decks, and a note that goes over": (
        Step(
            {
                "decks/a.yaml": MANIFEST.format("a", 1),
                "decks/b.yaml": MANIFEST.format("b", 2),
                "decks/a/1.md": TOPIC + "\n**Miss** - a request that goes on to the origin\n",
                "decks/b/1.md": "# B\n\n**Proxy** - a server between two others\n",
            },
            ("build",),
        ),
        Step(
            {
                "decks/a/1.md": TOPIC,
                "decks/b/1.md": "# B\n\n**Proxy** - a server between two others\n\n"
                "**Miss** - a request that goes on to the origin\n",
            },
            ("build",),
        ),
        Step({"decks/b.yaml": MANIFEST.format("b", 2) + "limits:\n  long-answer: 1\n"}, ("build",)),
        Step({"decks/a.yaml": MANIFEST.format("a", 1) + "tag_root: other\n"}, ("build", "decks/a.yaml")),
    ),
    "a deck is renamed, its ledger lost, its package too": (
        Step({"decks/a.yaml": MANIFEST.format("a", 1), "decks/a/1.md": TOPIC}, ("build",)),
        Step({"decks/a.yaml": MANIFEST.format("a", 1).replace("name: a", "name: z")}, ("build",)),
        Step({"decks/a.ledger.jsonl": None}, ("build",)),
        Step({"decks/a.apkg": None}, ("build",)),
        Step({"decks/a.apkg": b"no package"}, ("build",)),
        Step({"decks/a.ledger.jsonl": "no ledger"}, ("build",)),
    ),
    "strict with warnings, and without": (
        Step({"x.md": "# A\n\n**Q: Is a cache fast?**\n\n**A:** Yes\n"}, ("build", "x.md")),
        Step({}, ("build", "--strict", "x.md")),
        Step({"x.md": TOPIC}, ("build", "--strict", "x.md")),
        Step({"x.md": TOPIC + "\n**Q: Is a cache fast?**\n\n**A:** Yes\n"}, ("build", "--strict", "x.md")),
    ),
    "check": (
        Step({"x.md": TOPIC}, ("build", "--check", "x.md")),
        Step({}, ("build", "x.md")),
        Step({}, ("build", "--check", "x.md")),
        Step({"x.md": TOPIC.replace("fast", "quick")}, ("build", "--check", "x.md")),
        Step({"x.md": TOPIC, "x.ledger.jsonl": None}, ("build", "--check", "x.md")),
    ),
    "what stops a build stops it again": (
        Step({"x.md": TOPIC}),
        Step({"x.md": "---\nlevel: high\n---\n" + TOPIC}),
        Step({"x.md": b"\xff\xfe"}),
        Step({"x.md": "# Nothing\n"}),
        Step({"x.md": TOPIC}),
    ),
}
EPOCH = 1_700_000_000


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many decks were planned."""
    plans: list[int] = []
    plan = build.plan

    def counting(manifests, clock, say):  # type: ignore[no-untyped-def]
        plans.append(len(manifests))
        return plan(manifests, clock, say)

    monkeypatch.setattr(build, "plan", counting)
    return plans


def result_of(command: tuple[str, ...]) -> tuple[object, ...]:
    """All that a build says, and every file after it."""
    result = CliRunner().invoke(main, list(command))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    files = {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}
    return result.exit_code, result.stdout, result.stderr, files


@pytest.mark.parametrize("steps", SCENARIOS.values(), ids=SCENARIOS)
def test_a_build_is_the_same_with_all_that_was_kept(
    steps: tuple[Step, ...], here: Path, write: Write, monkeypatch: pytest.MonkeyPatch, counted: list[int]
) -> None:
    kept, plain = here.parent / "kept", here.parent / "plain"
    for folder in (kept, plain):
        folder.mkdir()
    where = os.environ[cache.VARIABLE]
    for number, step in enumerate(steps):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + number * 10))
        for folder in (kept, plain):
            for name, content in step.files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                if content is None:
                    path.unlink()
                else:
                    path.write_bytes(content.encode() if isinstance(content, str) else content)
        for again in range(3):
            monkeypatch.setenv(cache.VARIABLE, "")
            monkeypatch.chdir(plain)
            expected = result_of(step.command)
            monkeypatch.setenv(cache.VARIABLE, where)
            monkeypatch.chdir(kept)
            counted.clear()
            assert result_of(step.command) == expected
            if again and step.command[:2] != ("build", "--check") and expected[0] == 0:
                assert not counted, "nothing has changed, and yet all was done again"


def test_nothing_is_said_of_a_build_that_has_changed(run: Run, write: Write, here: Path, counted: list[int]) -> None:
    """Each thing that decides a build, changed by itself with its time and length kept."""
    write("x.md", TOPIC + "\n## Which parts does it have?\n\n![parts](p.svg) in a row\n")
    write("p.svg", OTHER_PICTURE)
    run("build", "x.md")
    changes: list[Callable[[], object]] = [
        lambda: swap(here / "x.md", b"fast", b"slow"),
        lambda: swap(here / "p.svg", b"> <", b">\n<"),
        lambda: swap(here / "x.apkg", b"PK", b"pk"),
        lambda: swap(here / "x.ledger.jsonl", b'"created": 1', b'"created": 2'),
    ]
    for change in changes:
        counted.clear()
        run("build", "x.md")
        assert not counted
        change()
        run("build", "x.md")
        assert counted


def swap(path: Path, old: bytes, new: bytes) -> None:
    """Change some bytes of a file, and not its length or time."""
    before = path.stat()
    data = path.read_bytes()
    assert old in data
    assert len(old) == len(new)
    path.write_bytes(data.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_another_program_or_folder_or_output_builds_anew(
    run: Run, write: Write, here: Path, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("x.md", TOPIC)
    run("build", "x.md")
    run("build", "x.md", "-o", "y.apkg")
    run("build", "x.md")
    run("build", "x.md", "-o", "y.apkg")
    assert counted == [1, 1]
    monkeypatch.setattr(program, "fingerprint", lambda: "another")
    assert run("build", "x.md").exit_code == 0
    assert counted == [1, 1, 1]
    monkeypatch.setattr(program, "fingerprint", lambda: "")
    run("build", "x.md")
    run("build", "x.md")
    assert counted == [1, 1, 1, 1, 1]


def test_a_wrong_clock_is_told_in_any_case(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("x.md", TOPIC)
    run("build", "x.md")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    assert run("build", "x.md").exit_code == 2


def test_a_folder_that_cannot_be_written_is_told_in_any_case(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("x.md", TOPIC)
    run("build", "x.md")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert run("build", "x.md").exit_code == 2


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\x93\x01\x02\x03"])
def test_poison_in_the_cache_costs_nothing_but_time(run: Run, write: Write, here: Path, damage: bytes) -> None:
    """Broken entries, and entries of a right checksum that hold something else."""
    write("x.md", TOPIC)
    first = run("build", "x.md")
    package = (here / "x.apkg").read_bytes()
    entries = [path.name for path in cache_folder().iterdir() if path.name != "tidied"]
    assert len(entries) == 2
    for name in entries:
        cache.store(name, damage)
    again = run("build", "x.md")
    assert again.exit_code == 0
    assert again.stdout == first.stdout.replace("new", "kept")
    assert (here / "x.apkg").read_bytes() == package
    for name in entries:
        (cache_folder() / name).write_bytes(damage)
    assert run("build", "x.md").stdout == again.stdout
    shutil.rmtree(cache_folder())
    assert run("build", "x.md").stdout == again.stdout


def cache_folder() -> Path:
    found = cache.folder()
    assert found
    return found


def test_options_and_limits_are_part_of_what_was_asked(run: Run, manifest: Callable[..., Path], write: Write) -> None:
    write("content/1.md", TOPIC)
    manifest()
    assert "2 definition" in run("build").stdout
    manifest("patterns: [question]")
    assert run("build").exit_code == 2
    manifest("limits:", "  long-answer: 1")
    assert "problems" in run("build").stdout
    manifest()
    assert "problems" not in run("build").stdout


@pytest.mark.parametrize(
    "command", ["cards --json", "cards", "cards --skipped --json", "lint --stats", "build --dry-run"]
)
def test_every_command_says_the_same_from_the_cache(
    command: str, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
    for page in sorted((Path(__file__).parent / "languages").glob("*.md")):
        write(f"d/{page.name}", page.read_bytes())
    with monkeypatch.context() as patch:
        patch.setenv(cache.VARIABLE, "")
        plain = run(*command.split(), "d")
    for _ in range(2):
        kept = run(*command.split(), "d")
        assert (kept.exit_code, kept.stdout, kept.stderr) == (plain.exit_code, plain.stdout, plain.stderr)


def test_two_builds_share_the_cache(write: Write, here: Path) -> None:
    for deck in ("1", "2", "3"):
        for number in range(4):
            write(f"{deck}/{number}.md", TOPIC.replace("Caching", f"Caching {number}"))
    command = [sys.executable, "-m", "primer_anki", "build"]
    builds = [subprocess.Popen([*command, deck], stdout=subprocess.DEVNULL) for deck in ("1", "2", "3")]
    assert [each.wait(60) for each in builds] == [0, 0, 0]
    ledgers = [(here / f"{deck}.ledger.jsonl").read_text().split("\n", 1) for deck in ("1", "2", "3")]
    assert {rest.count("\n") for _, rest in ledgers} == {8}


HEAVY = ("genanki", "markdown_it", "nh3", "pygments", "rapidfuzz", "primer_anki.parser.extract", "primer_anki.identity")
LIGHT = f"""
import sys
from primer_anki.cli import main
main(["build"], standalone_mode=False)
loaded = [name for name in {HEAVY!r} if name in sys.modules]
assert not loaded, loaded
"""


def test_where_nothing_has_changed_nothing_heavy_is_imported(
    run: Run, write: Write, manifest: Callable[..., Path]
) -> None:
    write("content/1.md", TOPIC + "\n## Which parts does it have?\n\n![parts](p.svg) in a row\n")
    manifest("language: en", "patterns: [definition, question]", "limits:", "  long-answer: 40")
    run("build")
    subprocess.run([sys.executable, "-c", LIGHT], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
