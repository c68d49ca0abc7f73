"""`decks/*.yaml`: what goes into a deck. Every key is checked, an unknown one refused.

Needs neither parser nor rules: a build in which nothing has changed reads manifests only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from primer_anki.diagnostic import Location, PrimerError
from primer_anki.files import read_text, shown
from primer_anki.parser.extraction import Options
from primer_anki.sources import find_by_glob

if TYPE_CHECKING:
    from primer_anki.strict_yaml import Document

PATTERNS = (
    "cloze",
    "question",
    "folded",
    "trade-off",
    "steps",
    "comparison",
    "fact",
    "definition",
    "list",
    "statement",
    "formula",
    "code",
)
"""What `patterns` may name: the parser's."""
LIMITS = ("long-question", "long-answer", "cloze-many", "near-twin", "list-on-back", "wide-table", "long-code")
"""What `limits` may name: the rules that have a number."""

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "name": "The deck's name in Anki; `::` makes a subdeck. Never change it: cards never move deck.",
        "id": "A whole number, chosen once and never changed.",
        "description": "Shown below the deck's name in Anki.",
        "root": "The folder that `sources` and `link_base` start from, relative to the manifest. Default: its own.",
        "sources": "Globs below the root, such as `system-design/*.md`; the deck follows their order.",
        "language": "What the sources are written in, such as `en`. Default: found file by file.",
        "tag_root": "The tag that holds all others. Default: `primer`.",
        "link_base": "The URL of the root. Default: cards name their source without a link.",
        "output": "The `.apkg`, relative to the manifest. Default: beside it, with its name.",
        "patterns": "Which patterns make cards, such as `question` and `definition`. Default: all.",
        "skip": "Headings of further sections that make no cards.",
        "limits": "Numbers of lint rules, such as `long-answer: 40`.",
    }
)
"""What a manifest may hold. `name`, `id` and `sources` it must."""

DECK_IDS = range(2, 1 << 53)
"""Deck 1 is Anki's own "Default"; above 2^53 its clients' JavaScript would round."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What goes into a deck, and where the deck goes."""

    origin: Path
    """What the user named: the manifest, or a file or folder that needs none."""
    root: Path
    """The folder that the sources' names are relative to."""
    sources: tuple[Path, ...]
    """At least one, in reading order, each below the root."""
    output: Path
    ledger: Path
    name: str = ""
    """Empty: from the first source, once; then the ledger keeps it."""
    id: int = 0
    """0: from the name, once; then the ledger keeps it."""
    description: str = ""
    options: Options = field(default_factory=Options)
    limits: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """The number that a lint rule allows, by the rule's id."""


def load(path: Path) -> Manifest:
    """Read a manifest and find its sources. Raises PrimerError with file, line and what is allowed."""
    from primer_anki.strict_yaml import load_document

    document = load_document(read_text(path), shown(path))
    _refuse_unknown(document, (), document.values, KEYS, "key")
    for key in ("name", "id", "sources"):
        if key not in document.values:
            raise PrimerError(f"`{key}` is missing", document.where(), hint=KEYS[key])
    root = _root(document, path.parent)
    return Manifest(
        origin=path,
        root=root,
        sources=_sources(document, root),
        output=path.parent / _text(document, "output", path.with_suffix(".apkg").name),
        ledger=ledger_beside(path),
        name=_name(document),
        id=_id(document),
        description=_text(document, "description"),
        options=Options(
            language=_language(document),
            tag_root=_tag_root(document),
            link_base=_link_base(document),
            patterns=_patterns(document),
            skip=_texts(document, "skip"),
        ),
        limits=_limits(document),
    )


def ledger_beside(path: Path) -> Path:
    """Where the ledger of a manifest or of an `.apkg` stands: `decks/x.yaml` → `decks/x.ledger.jsonl`."""
    return path.with_suffix(".ledger.jsonl")


def _name(document: Document) -> str:
    name = _text(document, "name")
    if any(not part or part != part.strip() for part in name.split("::")) or not name.isprintable():
        message = "`name` must be one line, with text and no spaces beside each `::`"
        raise PrimerError(message, document.where("name"))
    if name.casefold() == "default":
        raise PrimerError("`name`: `Default` belongs to a deck that every collection has", document.where("name"))
    return name


def _id(document: Document) -> int:
    value = document.values.get("id")
    if isinstance(value, int) and not isinstance(value, bool) and value in DECK_IDS:
        return value
    hint = "choose any number of ten digits once, and never change it"
    raise _wrong_type(document, ("id",), "a whole number from 2 to 2^53", value, hint)


def _root(document: Document, folder: Path) -> Path:
    root = folder / _text(document, "root")
    if not root.is_dir():
        raise PrimerError(f"`root` is no folder: {shown(root)}", document.where("root"))
    return root


def _sources(document: Document, root: Path) -> tuple[Path, ...]:
    """The files that the globs name, each once, at its first place."""
    patterns = _texts(document, "sources")
    if not patterns:
        raise PrimerError("`sources` is empty", document.where("sources"), hint=KEYS["sources"])
    found: dict[Path, None] = {}
    for position, pattern in enumerate(patterns):
        found |= dict.fromkeys(_matches(root, pattern, document.where("sources", position)))
    return tuple(found)


def _matches(root: Path, pattern: str, where: Location) -> tuple[Path, ...]:
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        hint = "name their common folder in `root`, such as `root: ../content`"
        raise PrimerError(f"`sources`: `{pattern}` leads out of the root {shown(root)}", where, hint=hint)
    try:
        found = find_by_glob(root, pattern)
    except ValueError:
        raise PrimerError(f"`sources`: `{pattern}` is no glob", where) from None
    if not found:
        hint = f"for a whole folder write `{pattern.rstrip('/')}/**/*.md`" if (root / pattern).is_dir() else ""
        raise PrimerError(f"`sources`: `{pattern}` matches no Markdown file in {shown(root)}", where, hint=hint)
    return found


def _language(document: Document) -> str:
    from primer_anki.parser import languages

    language = _text(document, "language")
    if language and languages.resolve(language) is None:
        _refuse_unknown(document, ("language",), [language], languages.CODES, "language")
    return language


def _patterns(document: Document) -> frozenset[str] | None:
    if "patterns" not in document.values:
        return None
    patterns = _texts(document, "patterns")
    _refuse_unknown(document, ("patterns",), patterns, PATTERNS, "pattern")
    return frozenset(patterns)


def _tag_root(document: Document) -> str:
    tag = _text(document, "tag_root", Options().tag_root)
    if not all(re.fullmatch(r"\S+", part) for part in tag.split("::")):
        raise PrimerError(f"`tag_root` is `{tag}`: expected a tag without spaces", document.where("tag_root"))
    return tag


def _link_base(document: Document) -> str:
    """Ends in `/`: a source's name is put behind it."""
    base = _text(document, "link_base")
    if not base:
        return ""
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc or re.search(r"\s", base):
        hint = "link_base: https://github.com/owner/repository/blob/main/content/"
        raise PrimerError(f"`link_base` is `{base}`: expected a URL", document.where("link_base"), hint=hint)
    return base.rstrip("/") + "/"


def _limits(document: Document) -> Mapping[str, float]:
    limits = document.values.get("limits", {})
    if not isinstance(limits, dict):
        raise _wrong_type(document, ("limits",), "rules with numbers", limits)
    for rule, limit in limits.items():
        if not isinstance(limit, int | float) or isinstance(limit, bool) or not limit >= 0:
            raise _wrong_type(document, ("limits", str(rule)), "a number, 0 or more", limit)
    for rule in limits:
        _refuse_unknown(document, ("limits", str(rule)), [str(rule)], LIMITS, "rule with a limit")
    return MappingProxyType({str(rule): limit for rule, limit in limits.items()})


def _text(document: Document, key: str, default: str = "") -> str:
    value = document.values.get(key, default)
    if not isinstance(value, str):
        raise _wrong_type(document, (key,), "text", value)
    return value


def _texts(document: Document, key: str) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one."""
    value = document.values.get(key, [])
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise _wrong_type(document, (key,), "a list of texts", value)
    for position, item in enumerate(value):
        if not isinstance(item, str) or not item.strip():
            raise _wrong_type(document, (key, position), "text", item)
    return tuple(value)


def _wrong_type(
    document: Document, trail: tuple[str | int, ...], expected: str, value: object, hint: str = ""
) -> PrimerError:
    key = ": ".join(part for part in trail if isinstance(part, str))
    return PrimerError(f"`{key}`: expected {expected}, found {_seen(value)}", document.where(*trail), hint)


def _refuse_unknown(
    document: Document, trail: tuple[str, ...], found: Iterable[str], known: Iterable[str], what: str
) -> None:
    """Raise PrimerError for the first word that is not known, with the nearest one that is."""
    from difflib import get_close_matches

    for position, word in enumerate(found):
        if word not in known:
            close = get_close_matches(word, known, n=1)
            guess = f"did you mean `{close[0]}`? " if close else ""
            where = document.where(*trail, position) if trail else document.where(word)
            raise PrimerError(f"unknown {what} `{word}`", where, hint=f"{guess}allowed: {', '.join(known)}")


def _seen(value: object) -> str:
    """What stands in the manifest, shortly, in the words of YAML."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}` (quote it if it is text)"
        case dict():
            return "keys with values"
        case list():
            return "a list"
        case str():
            return f"the text `{value[:40]}`"
        case _:
            return f"`{value}`"
