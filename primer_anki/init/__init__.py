"""A deck repository that works at once. What is there already stays as it is."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from primer_anki import __version__
from primer_anki.diagnostic import Location, PrimerError
from primer_anki.files import shown, write_if_changed

_FILES = {
    "decks/@SLUG@.yaml": "manifest.yaml",
    "content/caching.md": "caching.md",
    "README.md": "readme.md",
    ".gitignore": "gitignore",
    ".gitattributes": "gitattributes",
    ".github/workflows/deck.yml": "deck.yml",
}
"""Where each file of the template goes."""
_IN_THE_WAY = {"decks/@SLUG@.yaml": "decks/*.y*ml", "content/caching.md": "content/**/*.md"}
"""Files that are not written where others of their kind are: a manifest must not take in the topics of another."""
_REFUSED_BY_ANKI = ("collection", "backup-")
"""Beginnings of names that Anki would take for a whole collection."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the new repository."""

    path: str
    """As messages name it."""
    written: bool
    """False: it was there already, or one of its kind."""


def create(folder: Path) -> tuple[Item, ...]:
    """Write every file that is not there yet, with a fresh deck id. Raises PrimerError."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise PrimerError("this is no folder", Location(shown(folder)))
    slug = _slug(folder.resolve().name)
    values = {
        "@SLUG@": slug,
        "@TITLE@": _title(slug),
        "@NAME@": json.dumps(_title(slug), ensure_ascii=False),  # quoted: `2024` and `yes` are names too
        "@ID@": str(secrets.randbelow(9 * 10**9) + 10**9),
        "@VERSION@": __version__,
    }
    return tuple(_create(folder, target, source, values) for target, source in _FILES.items())


def _create(folder: Path, target: str, source: str, values: Mapping[str, str]) -> Item:
    path = folder / _filled(target, values)
    there = _there(folder, path, target)
    if there:
        return Item(shown(there), written=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PrimerError(f"cannot make the folder: {error.strerror}", Location(shown(path.parent))) from None
    template = files(__name__).joinpath("template", source).read_text(encoding="utf-8")
    write_if_changed(path, _filled(template, values).encode())
    return Item(shown(path), written=True)


def _there(folder: Path, path: Path, target: str) -> Path | None:
    """What keeps a file from being written."""
    if os.path.lexists(path):
        return path
    kind = _IN_THE_WAY.get(target)
    return next(iter(sorted(folder.glob(kind))), None) if kind else None


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _slug(folder: str) -> str:
    """A folder's name as a name for files and tags."""
    slug = re.sub(r"[^\w.-]+", "-", folder.casefold()).strip("-.") or "deck"
    return f"deck-{slug}" if slug.startswith(_REFUSED_BY_ANKI) else slug


def _title(slug: str) -> str:
    title = re.sub(r"[-_.]+", " ", slug).strip() or slug
    return f"{title[0].upper()}{title[1:]}" if title != "default" else "Default deck"
