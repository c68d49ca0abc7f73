"""What is asked of the parser and what it gives, for those who need no parser themselves."""

from __future__ import annotations

from primer_anki.diagnostic import Diagnostic
from primer_anki.model import Draft, Page, Place
from primer_anki.value import Value


class Options(Value, frozen=True):
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


class Skipped(Value, frozen=True):
    """A section that gave no card."""

    place: Place
    reason: str


class Extraction(Value, frozen=True):
    """What one file gives."""

    title: str
    language: str
    drafts: tuple[Draft, ...]
    skipped: tuple[Skipped, ...]
    diagnostics: tuple[Diagnostic, ...]
    page: Page
    order: float = 0
    """From the front matter: files come in this order, those without it keep theirs."""
