"""Pictures: which ones travel with the deck, under which name, and what stands in for the others."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from primer_anki.deck.media import Disk, check, collect
from primer_anki.diagnostic import Location, Severity
from primer_anki.model import Cloze, Media

from .samples import SVG, draft

PNG = b"\x89PNG\r\n\x1a\n rest"
NAME = f"pa-{sha256(PNG).hexdigest()[:16]}.png"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Sources with a topic in `topics/` and a few pictures; beside them a file that is nobody's business."""
    root = tmp_path / "sources"
    (root / "topics" / "img").mkdir(parents=True)
    for name in ("topics/a.png", "topics/img/two words.png", "shared.png", "topics/twin.png"):
        (root / name).write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    (root / "topics" / "out.png").symlink_to(tmp_path / "secret.png")
    (root / "topics" / "loop.png").symlink_to(root / "topics" / "loop.png")
    (root / "topics" / "text.png").write_text("version https://git-lfs.github.com/spec/v1")
    (root / "topics" / "empty.png").write_bytes(b"")
    (root / "topics" / "folder.png").mkdir()
    return root


def image(src: str, alt: str = "a graph") -> str:
    return f'<img src="{src}" alt="{alt}">'


@pytest.mark.parametrize(
    "src",
    [
        "a.png",
        "./a.png",
        "img/two%20words.png",
        "img/two words.png",
        "../shared.png",
        "img/../a.png",
        "a.png?raw=true",
        "a.png#part",
    ],
)
def test_a_local_picture_gets_the_name_of_its_content(root: Path, src: str) -> None:
    (result,), media, diagnostics = collect([draft(f"see {image(src)}!")], Disk(root))
    assert result.fields["Answer"] == f"see {image(NAME)}!"
    assert media == (Media(NAME, PNG),)
    assert diagnostics == ()


def test_equal_pictures_travel_once(root: Path) -> None:
    drafts, media, _ = collect(
        [draft(image("a.png") + image("twin.png")), draft(image("shared.png"), file="x.md")], Disk(root)
    )
    assert [result.fields["Answer"] for result in drafts] == [image(NAME) * 2, image(NAME)]
    assert len(media) == 1


def test_further_attributes_stay(root: Path) -> None:
    (result,), _, _ = collect([draft('<img src="a.png" alt="x" title="a.png" width="9">')], Disk(root))
    assert result.fields["Answer"] == f'<img src="{NAME}" alt="x" title="a.png" width="9">'


def test_pictures_in_cloze_text_are_found(root: Path) -> None:
    text = (image("a.png"), Cloze(image("a.png"), "a"), "end")
    (result,), media, _ = collect([draft(text=text)], Disk(root))
    assert result.text == (image(NAME), Cloze(image(NAME), "a"), "end")
    assert len(media) == 1


def test_drafts_without_pictures_stay_as_they_are(root: Path) -> None:
    drafts = (draft("plain"), draft("&lt;img src=&quot;a.png&quot; alt=&quot;&quot;&gt;"))
    assert collect(drafts, Disk(root)) == (drafts, (), ())


@pytest.mark.parametrize(
    ("src", "message"),
    [
        ("none.png", "no such file"),
        ("folder.png", "no such file"),
        ("../../secret.png", "lies outside"),
        ("%2E%2E/../secret.png", "lies outside"),
        ("out.png", "lies outside"),
        ("/etc/passwd", "not a path relative"),
        ("file:///etc/passwd", "not a path relative"),
        ("C:/x.png", "not a path relative"),
        ("data:image/png;base64,AA==", "not a path relative"),
        ("a%00.png", "cannot be read"),
        ("x" * 5000, "cannot be read"),
        ("loop.png", "cannot be read"),
        ("text.png", "neither SVG, PNG"),
        ("empty.png", "neither SVG, PNG"),
    ],
)
def test_a_picture_that_cannot_be_taken_leaves_its_text(root: Path, src: str, message: str) -> None:
    (result,), media, (diagnostic,) = collect([draft(f"see {image(src)}!")], Disk(root))
    assert (result.fields["Answer"], media) == ("see a graph!", ())
    assert (diagnostic.rule, diagnostic.severity) == ("missing-image", Severity.ERROR)
    assert diagnostic.location == Location("topics/cdn.md", 7)
    assert message in diagnostic.message


def test_without_alternative_text_the_file_name_stands_in(root: Path) -> None:
    (result,), _, _ = collect([draft(image("img/none.png?raw=true", alt=""))], Disk(root))
    assert result.fields["Answer"] == "none.png"


def test_a_large_picture_is_left_out(root: Path) -> None:
    (result,), media, (diagnostic,) = collect([draft(image("a.png"))], Disk(root, len(PNG) - 1))
    assert (result.fields["Answer"], media) == ("a graph", ())
    assert (diagnostic.rule, diagnostic.severity) == ("image-size", Severity.WARNING)
    assert f"{len(PNG)} bytes, limit {len(PNG) - 1}" in diagnostic.message


@pytest.mark.parametrize(
    "src", ["https://example.org/a.png?x=1&amp;y=2", "HTTP://example.org/a.png", "//example.org/a.png"]
)
def test_a_picture_on_the_web_becomes_a_link(root: Path, src: str) -> None:
    (result,), media, (diagnostic,) = collect([draft(image(src, alt="&lt;graph&gt;"))], Disk(root))
    address = f"https:{src}" if src.startswith("//") else src
    assert result.fields["Answer"] == f'<a href="{address}">&lt;graph&gt;</a>'
    assert media == ()
    assert (diagnostic.rule, diagnostic.severity) == ("remote-image", Severity.ERROR)


def test_a_link_stands_in_no_other_link(root: Path) -> None:
    badge = f'<a href="https://example.org">{image("https://example.org/a.png")}</a>'
    (result,), _, _ = collect([draft(badge)], Disk(root))
    assert result.fields["Answer"] == '<a href="https://example.org">a graph</a>'


def test_one_draft_complains_once_about_one_picture(root: Path) -> None:
    _, _, diagnostics = collect([draft(image("none.png") * 3)], Disk(root))
    assert len(diagnostics) == 1


# By content ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0 rest", "jpg"),
        (b"GIF89a rest", "gif"),
        (b"RIFF\x01\n\x03\x04WEBP rest", "webp"),
        (SVG, "svg"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- made by hand -->" + SVG, "svg"),
    ],
)
def test_the_content_says_what_a_picture_is(data: bytes, extension: str) -> None:
    found = check(data, "x.bin")
    assert isinstance(found, Media)
    assert found.name.endswith(f".{extension}")


def svg(inside: str = "", attributes: str = "") -> bytes:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {spaces} {attributes}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    "inside",
    [
        '<use href="#a"/>',
        '<use xlink:href="#a"/>',
        '<image href="data:image/png;base64,AA=="/>',
        '<path fill="url(#gradient)"/>',
        "<style>path{fill:url(#g)} text{font-family:x} @font-face{src:url(data:font/woff2;base64,AA)}</style>",
    ],
)
def test_an_svg_that_stands_alone_is_taken(inside: str) -> None:
    assert isinstance(check(svg(inside), "x.svg"), Media)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (svg("<script>1</script>"), "holds <script>"),
        (svg("<g><SCRIPT/></g>"), "holds <script>"),
        (svg("<foreignObject/>"), "holds <foreignobject>"),
        (svg(attributes='onload="x()"'), "event handler (onload)"),
        (svg('<a xlink:href="javascript:x()"/>'), "refers to something elsewhere"),
        (svg('<image href="https://example.org/a.png"/>'), "refers to something elsewhere"),
        (svg('<use href="other.svg#a"/>'), "refers to something elsewhere"),
        (svg('<path style="fill:url(https://example.org/a)"/>'), "refers to something elsewhere"),
        (svg("<style>@import 'a.css';</style>"), "style loads something"),
        (svg("<style>a{fill:url( 'a.svg' )}</style>"), "style loads something"),
        (b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "entities"),
        (b'<?xml version="1.0"?><?xml-stylesheet href="a.css"?>' + SVG, "style sheet"),
        (b"<svg><g></svg>", "not a readable SVG"),
        (b'<svg width="9"/>', "not an SVG"),
        (b'<?xml version="1.0"?><html/>', "not an SVG"),
    ],
)
def test_an_svg_that_could_run_or_load_something_is_refused(data: bytes, reason: str) -> None:
    found = check(data, "x.svg")
    assert not isinstance(found, Media)
    assert reason in found.message
