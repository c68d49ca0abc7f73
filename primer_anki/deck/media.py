"""Pictures that drafts show: found on the disk, checked, named by their content, and put into the deck."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TypeAlias
from urllib.parse import unquote
from xml.etree import ElementTree

from primer_anki import looked
from primer_anki.diagnostic import Diagnostic, Location, PrimerError, Severity
from primer_anki.fieldtext import media_names
from primer_anki.files import name_on_disk, real
from primer_anki.looked import Look
from primer_anki.model import Cloze, Draft, Media, Note
from primer_anki.value import replace

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes that one picture may have."""

_IMAGE = re.compile(r'<img src="(?P<src>[^"]*)" alt="(?P<alt>[^"]*)"[^>]*>')
_REMOTE = re.compile(r"https?:|//", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)"), "svg"),
)
_SVG = "{http://www.w3.org/2000/svg}"
_CSS_OUTSIDE = re.compile(r"@import|url\(\s*[\"']?\s*(?!#|data:)[^\s\"']", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a picture cannot travel with the deck."""

    rule: str
    severity: Severity
    message: str
    hint: str = ""


_Found: TypeAlias = Media | _Problem


def collect(drafts: Sequence[Draft], disk: Disk) -> tuple[tuple[Draft, ...], tuple[Media, ...], tuple[Diagnostic, ...]]:
    """Return the drafts with their pictures' new names, the pictures (sorted by name), and what is wrong.

    Where a picture cannot be taken, its alternative text stands in, or its file's name; of one on the web, as a link.
    """
    media: dict[str, Media] = {}
    diagnostics: dict[Diagnostic, None] = {}

    def illustrate(draft: Draft) -> Draft:
        def show(image: re.Match[str]) -> str:
            found = disk.find(draft.place.file, html.unescape(image["src"]))
            if isinstance(found, Media):
                media[found.name] = found
                return image[0].replace(f'src="{image["src"]}"', f'src="{found.name}"', 1)
            diagnostics[_diagnostic(found, draft)] = None
            return _stand_in(image, linked=found.rule == "remote-image")

        return _with_images(draft, show)

    illustrated = tuple(map(illustrate, drafts))
    return illustrated, tuple(media[name] for name in sorted(media)), tuple(diagnostics)


def used(media: Iterable[Media], notes: Iterable[Note]) -> tuple[Media, ...]:
    """The files that these notes show."""
    names = {name for note in notes for field in note.fields.values() for name in media_names(field)}
    return tuple(each for each in media if each.name in names)


def _with_images(draft: Draft, show: Callable[[re.Match[str]], str]) -> Draft:
    """Return the draft with `show`'s result for each picture in its fields and cloze text."""

    def render(content: str) -> str:
        return _IMAGE.sub(show, content)

    def render_part(part: str | Cloze) -> str | Cloze:
        return render(part) if isinstance(part, str) else replace(part, html=render(part.html))

    fields: Mapping[str, str] = {name: render(content) for name, content in draft.fields.items()}
    return replace(draft, fields=fields, text=tuple(map(render_part, draft.text)), view=None)


def _stand_in(image: re.Match[str], linked: bool) -> str:
    """Return what is shown instead of a picture. What comes from its attributes is escaped already."""
    src, alt = image["src"], image["alt"]
    text = alt.strip() or PurePosixPath(re.split(r"[?#]", src, maxsplit=1)[0]).name or src
    before = image.string[: image.start()]
    inside_link = before.count("<a ") > before.count("</a>")
    address = f"https:{src}" if src.startswith("//") else src  # a card has no scheme of its own
    return f'<a href="{address}">{text}</a>' if linked and not inside_link else text


def _diagnostic(problem: _Problem, draft: Draft) -> Diagnostic:
    place = Location(draft.place.file, draft.place.line)
    return Diagnostic(place, problem.severity, problem.message, problem.rule, problem.hint)


@dataclass(slots=True)
class Disk:
    """Reads pictures below a folder, each once; nothing outside it is read."""

    root: Path
    """What `Place.file` is relative to."""
    size_limit: int = SIZE_LIMIT
    looks: dict[Path, Look] = field(default_factory=dict)
    """Where pictures were looked for, and what stood there."""
    _found: dict[tuple[Path, str], _Found] = field(default_factory=dict)
    _seen: dict[tuple[Path, str], _Found] = field(default_factory=dict)
    _looks_at: dict[Path, Look] = field(default_factory=dict)

    def find(self, file: str, src: str) -> _Found:
        """Return the picture that `src` names in the Markdown file `file`, or what is wrong with it."""
        if _REMOTE.match(src):
            return _Problem(
                "remote-image",
                Severity.ERROR,
                f"picture {src} is on the web: a learner without a connection would not see it",
                "save it beside the Markdown file and name it there",
            )
        name = unquote(re.split(r"[?#]", src, maxsplit=1)[0])
        if name.startswith("/") or _SCHEME.match(name):
            return _missing(f"picture {src}: not a path relative to the Markdown file")
        named = self.root / name_on_disk(str(PurePosixPath(file).parent / name))
        if found := self._found.get((named, src)):
            return found
        found = self._found[named, src] = self._find(named, src)
        return found

    def _find(self, named: Path, src: str) -> _Found:
        self.looks[named] = looked.FAILED
        try:
            path = real(named)
            if not path.is_relative_to(self.root.resolve()):
                self.looks[named] = Look(target=str(path))
                return _missing(f"picture {src}: lies outside the folder of the deck's sources")
            if (path, src) not in self._seen:
                self._seen[path, src] = self._read(path, src)
            self.looks[named] = self._looks_at[path]
            return self._seen[path, src]
        except (OSError, ValueError, PrimerError):  # unreadable, a name that no file can have, a loop of links
            return _missing(f"picture {src}: cannot be read")

    def _read(self, path: Path, src: str) -> _Found:
        size = looked.size(path)
        self._looks_at[path] = Look(size=size, target=str(path))
        if size < 0:
            return _missing(f"picture {src}: no such file")
        if size > self.size_limit:
            message = f"picture {src}: {size} bytes, limit {self.size_limit}"
            return _Problem("image-size", Severity.WARNING, message, "make it smaller, or draw it as SVG")
        data = path.read_bytes()
        self._looks_at[path] = Look(looked.digest(data), target=str(path))
        return check(data, src)


def _missing(message: str) -> _Problem:
    return _Problem("missing-image", Severity.ERROR, message)


def check(data: bytes, src: str) -> _Found:
    """Return a picture named by its content, or why `data` is none that a card may show."""
    extension = next((extension for signature, extension in _SIGNATURES if signature.match(data)), None)
    if extension is None:
        return _missing(f"picture {src}: neither SVG, PNG, JPEG, GIF nor WebP")
    if extension == "svg":
        objection = next(_svg_objections(data), None)
        if objection:
            return _missing(f"picture {src}: {objection}")
    return Media(f"pa-{sha256(data).hexdigest()[:16]}.{extension}", data)


def _svg_objections(data: bytes) -> Iterator[str]:
    """Yield why an SVG must not be shown: it is none, or it could run something or load something."""
    if b"<!ENTITY" in data or b"<?xml-stylesheet" in data:
        yield "the SVG holds entities or a style sheet from elsewhere"
        return
    try:
        tree = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        yield f"not a readable SVG ({error})"
        return
    if tree.tag != f"{_SVG}svg":
        yield "not an SVG (its outermost element must be svg, with SVG's namespace)"
    for element in tree.iter():
        yield from _element_objections(element)


def _element_objections(element: ElementTree.Element) -> Iterator[str]:
    name = _local(element.tag)
    if name in ("script", "foreignobject"):
        yield f"the SVG holds <{name}>"
    if name == "style" and _CSS_OUTSIDE.search("".join(element.itertext())):
        yield "the SVG's style loads something from elsewhere"
    for key, value in element.attrib.items():
        attribute = _local(key)
        if attribute.startswith("on"):
            yield f"the SVG holds an event handler ({attribute})"
        refers = attribute in ("href", "src") and not value.strip().startswith(("#", "data:image/"))
        if refers or _CSS_OUTSIDE.search(value):
            yield f"the SVG refers to something elsewhere ({value})"


def _local(name: str) -> str:
    """Return a name without its namespace, in lower case."""
    return name.rpartition("}")[2].lower()
