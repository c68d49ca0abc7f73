"""Which files belong to a deck, in which order."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from primer_anki.diagnostic import PrimerError
from primer_anki.files import read_text
from primer_anki.sources import Source, find_by_glob, find_in_folder, read
from tests.conftest import Write

Names = Callable[[], list[str]]


@pytest.fixture
def found(here: Path) -> Names:
    return lambda: [path.relative_to(here).as_posix() for path in find_in_folder(here)]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["2.md", "10.md"], id="numbers by value"),
        pytest.param(["2-b.md", "2-c.md", "10-a.md"], id="numbers in front of words"),
        pytest.param(["a.md", "B.md", "c.md"], id="without regard to case"),
        pytest.param(["part 2/1.md", "part 10/1.md"], id="folders too"),
        pytest.param(["a.md", "b/a.md", "c.md"], id="files and folders in one row"),
        pytest.param(["1.md", "a.md"], id="numbers before words"),
        pytest.param(["01.md", "1.md"], id="equal numbers by their text"),
        pytest.param(["一.md", "二.md"], id="any script"),
    ],
)
def test_natural_order(names: list[str], write: Write, found: Names) -> None:
    for name in reversed(names):
        write(name, "")
    assert found() == names


@pytest.mark.parametrize("name", ["a.md", "a.MD", "a.markdown", "a.mdown", "a.mkd", "sub/a.md"])
def test_what_a_folder_gives(name: str, write: Write, found: Names) -> None:
    write(name, "")
    assert found() == [name]


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        "a.html",
        "md",
        ".hidden.md",
        ".git/a.md",
        ".venv/lib/a.md",
        "node_modules/pkg/README.md",
        "sub/node_modules/README.md",
        "venv/a.md",
        "__pycache__/a.md",
        "folder.md/a.txt",
    ],
)
def test_what_a_folder_passes_over(name: str, write: Write, found: Names) -> None:
    write(name, "")
    assert found() == []


def test_a_loop_of_links_does_no_harm(here: Path, write: Write, found: Names) -> None:
    write("sub/a.md", "")
    (here / "sub/loop").symlink_to(here, target_is_directory=True)
    (here / "self.md").symlink_to(here / "self.md")
    (here / "lost.md").symlink_to(here / "nowhere.md")
    (here / "linked.md").symlink_to(here / "sub/a.md")
    assert found() == ["linked.md", "sub/a.md"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.md", ["2.md", "10.md"]),
        ("**/*.md", ["2.md", "10.md", "sub/a.md"]),
        ("sub/*", ["sub/a.md"]),
        ("sub", []),
        ("*.txt", []),
        (".github/*.md", [".github/b.md"]),
    ],
)
def test_globs(pattern: str, expected: list[str], here: Path, write: Write) -> None:
    for name in ("2.md", "10.md", "sub/a.md", "sub/a.txt", ".github/b.md", "node_modules/x/a.md"):
        write(name, "")
    assert [path.relative_to(here).as_posix() for path in find_by_glob(here, pattern)] == expected


def test_sources_are_named_from_the_root(here: Path, write: Write) -> None:
    write("content/caching/cdn.md", "text")
    root = here / "content"
    assert list(read(root, find_in_folder(root))) == [Source("caching/cdn.md", "text")]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b"\xef\xbb\xbfa\n", "a\n", id="byte-order mark"),
        pytest.param(b"a\r\nb\r\n", "a\nb\n", id="CRLF"),
        pytest.param(b"a\rb", "a\nb", id="CR"),
        pytest.param("日本語".encode(), "日本語", id="UTF-8"),
    ],
)
def test_reading(data: bytes, text: str, write: Write) -> None:
    assert read_text(write("a.md", data)) == text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(b"a\nb \xff\n", "a.md:2: error: byte 0xFF is not UTF-8", id="line of the first bad byte"),
        pytest.param(b"\xef\xbb\xbfa\n\n\xe9t\xe9\n", "a.md:3: error: byte 0xE9 is not UTF-8", id="behind a mark"),
        pytest.param(b"cut \xe2\x82", "a.md:1: error: byte 0xE2 is not UTF-8", id="cut-off character"),
        pytest.param(b"\xed\xa0\x80", "a.md:1: error: byte 0xED is not UTF-8", id="half of a surrogate pair"),
        pytest.param(b"a\0b", "a.md: error: this is a binary file, not text", id="binary"),
        pytest.param("é".encode("utf-16"), "a.md: error: the file is UTF-16", id="UTF-16"),
    ],
)
def test_what_is_no_text(data: bytes, problem: str, write: Write) -> None:
    with pytest.raises(PrimerError) as caught:
        read_text(write("a.md", data))
    assert str(caught.value).splitlines()[0] == problem


def test_missing_file(here: Path) -> None:
    with pytest.raises(PrimerError, match=r"^a\.md: error: cannot read: no such file or directory"):
        read_text(Path("a.md"))


def test_no_ordinary_file(here: Path) -> None:
    os.mkfifo("pipe.md")
    with pytest.raises(PrimerError, match=r"^pipe\.md: error: this is no ordinary file$"):
        read_text(Path("pipe.md"))
