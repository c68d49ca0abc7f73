"""What is asked of the parser and what it gives, for those who need no parser themselves."""

from __future__ import annotations

from dataclasses import dataclass

from primer_anki.diagnostic import Diagnostic
from primer_anki.model import Draft, Page, Place


@dataclass(frozen=True, slots=True)
class Options:
    """What a deck asks of all its files."""

    language: str = ""
    """BCP 47; empty: found from the front matter, the file's name or its text."""
    tag_root: str = "primer"
    link_base: str = ""
    """URL of the root of the sources; empty: the source is named without a link."""
    patterns: frozenset[str] | None = None
    """None: all."""
    skip: tuple[str, ...] = ()
    """Further headings whose sections give no card."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A section that gave no card."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one file gives."""

    title: str
    language: str
    drafts: tuple[Draft, ...]
    skipped: tuple[Skipped, ...]
    diagnostics: tuple[Diagnostic, ...]
    page: Page
    order: float = 0
    """From the front matter: files come in this order, those without it keep theirs."""
