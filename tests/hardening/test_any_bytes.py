"""Whatever bytes stand in a file: a deck that the real Anki takes, or one error, and nothing half-written."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from primer_anki import cache
from primer_anki.cli import main
from primer_anki.client.verify import verify

FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
AMOUNTS = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.slow)]

TOPIC = "# Owls\n\n**Owl** - a bird of the night\n\n**Q: Who?**\n\nA: An owl.\n\n1. ==eats== mice\n"
MANIFEST = "name: Owls\nid: 1234567890\nsources: ['*.md']\ntag_root: owls\nlimits: {long-answer: 30}\n"
PIECES = (
    "# A", "## What is it?", "- **B** - c", "  - d", "1. e", "> f", "| g | h |\n|---|---|\n| i | j |", "```", "$$",
    "$k$", "<details><summary>l?</summary>", "</details>", "<b>", "<!-- id: m -->", "<!-- primer: skip -->",
    "{{c1::n}}", "==o==", "**Q: p?**", "A: q", "Pros:", "[r](s)", "![t](u.png)", "[^1]", "[^1]: v", "\\", "\t", "\0",
    "\x1f", "\ud7ff", "\ufeff", "\u202e", "\u200b", "e\u0301", "😀", "利点：", "Q：何？", "---", "...", "- - -",
    "title: w", "level: x", "\r\n", "\r", "    code",
)  # fmt: skip
VALUES = (
    "null", "true", "[]", "{}", "''", "1e999", "-1", "!!python/object:os.system x", "&a [*a]", "*b", "|\n  x", "😀",
    "'\\x00'",
)  # fmt: skip
markdown = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=25).map("\n".join)
any_text = st.one_of(st.binary(max_size=200), markdown.map(lambda text: text.encode("utf-8", "surrogatepass")))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as path:
        monkeypatch.setenv(cache.VARIABLE, str(Path(path, "cache")))
        yield Path(path)


def build(folder: Path, **files: bytes) -> bytes | None:
    """Build a deck of these files in an empty folder; the package, or None for an error told as it should be."""
    with tempfile.TemporaryDirectory(dir=folder) as here, chdir(here):
        Path("a.md").write_text(TOPIC, encoding="utf-8")
        for name, content in files.items():
            Path(name.replace("_", ".")).write_bytes(content)
        target = "a.yaml" if "a_yaml" in files else "a.md"
        result = CliRunner().invoke(main, ["build", target])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        left = {path.name for path in Path().iterdir()} - {"a.md", *(name.replace("_", ".") for name in files)}
        if result.exit_code:
            assert result.exit_code == 2
            assert re.search(r"error: \S", result.stderr)
            assert left <= {"a.ledger.jsonl"} if "a_ledger.jsonl" in files else left == set()
            return None
        return Path("a.apkg").read_bytes()


def holds(package: bytes | None) -> None:
    """Whether the real Anki takes a package as it is."""
    if package is not None:
        assert verify(package).problems() == ()


@pytest.mark.parametrize("amount", AMOUNTS)
def test_as_markdown(folder: Path, amount: settings) -> None:
    @amount
    @given(any_text)
    @example(b"# A\n\n**\xf0\x9f\x98\x80** - \xe2\x80\xae b\n")
    def check(content: bytes) -> None:
        holds(build(folder, a_md=content))

    check()


@pytest.mark.parametrize("amount", AMOUNTS)
def test_as_front_matter(folder: Path, amount: settings) -> None:
    keys = st.sampled_from(("title", "language", "tags", "level", "order", "reverse", "skip", "a"))
    lines = st.tuples(keys, st.sampled_from(VALUES) | st.text(max_size=8)).map(lambda pair: f"{pair[0]}: {pair[1]}")

    @amount
    @given(st.lists(lines, max_size=5).map("\n".join) | st.text(max_size=60))
    def check(content: str) -> None:
        holds(build(folder, a_md=f"---\n{content}\n---\n\n{TOPIC}".encode("utf-8", "surrogatepass")))

    check()


@pytest.mark.parametrize("amount", AMOUNTS)
def test_as_a_manifest(folder: Path, amount: settings) -> None:
    keys = st.sampled_from(
        ("name", "id", "sources", "root", "output", "patterns", "skip", "limits", "link_base", "tag_root")
    )
    lines = st.tuples(keys, st.sampled_from(VALUES) | st.text(max_size=8)).map(lambda pair: f"{pair[0]}: {pair[1]}\n")
    whole = st.lists(lines, max_size=4).map(lambda found: MANIFEST + "".join(found))

    @amount
    @given(any_text | whole.map(lambda text: text.encode("utf-8", "surrogatepass")))
    def check(content: bytes) -> None:
        build(folder, a_yaml=content)

    check()


@pytest.mark.parametrize("amount", AMOUNTS)
def test_as_a_ledger(folder: Path, amount: settings) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as here, chdir(here):
        Path("a.md").write_text(TOPIC, encoding="utf-8")
        CliRunner().invoke(main, ["build", "a.md"])
        good = Path("a.ledger.jsonl").read_bytes()
    places = st.integers(0, len(good))
    changed = st.tuples(places, places, st.binary(max_size=6)).map(
        lambda cut: good[: min(cut[:2])] + cut[2] + good[max(cut[:2]) :]
    )

    @amount
    @given(any_text | changed)
    def check(content: bytes) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as here, chdir(here):
            Path("a.md").write_text(TOPIC, encoding="utf-8")
            Path("a.ledger.jsonl").write_bytes(content)
            result = CliRunner().invoke(main, ["build", "a.md"])
            if result.exception and not isinstance(result.exception, SystemExit):
                raise result.exception
            if result.exit_code:
                assert result.exit_code == 2
                assert "a.ledger.jsonl" in result.stderr or "clock" in result.stderr
                assert Path("a.ledger.jsonl").read_bytes() == content
                assert not Path("a.apkg").exists()
            else:
                holds(Path("a.apkg").read_bytes())

    check()


@pytest.mark.parametrize("amount", AMOUNTS)
def test_as_what_the_cache_holds(folder: Path, amount: settings) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as here, chdir(here):
        Path("a.md").write_text(TOPIC, encoding="utf-8")

        def run() -> str:
            result = CliRunner().invoke(main, ["build", "a.md"])
            if result.exception and not isinstance(result.exception, SystemExit):
                raise result.exception
            return result.output

        run()
        deck, said = Path("a.apkg").read_bytes(), run()
        entries = [path for path in (folder / "cache").iterdir() if path.is_file()]

        @amount
        @given(st.sampled_from(entries), st.binary(max_size=80), st.integers(0, 400))
        def check(entry: Path, content: bytes, at: int) -> None:
            before = entry.read_bytes() if entry.exists() else b""
            entry.write_bytes(before[:at] + content + before[at + len(content) :])
            assert run() == said
            assert Path("a.apkg").read_bytes() == deck

        check()
