"""Markdown → what lint says of it, without the command line: all steps of a build but the last."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from primer_anki.clock import Clock
from primer_anki.deck import media
from primer_anki.diagnostic import Diagnostic
from primer_anki.identity.identify import identify
from primer_anki.identity.ledger import Ledger
from primer_anki.lint.engine import check
from primer_anki.model import Draft, Page
from primer_anki.parser.extract import Extraction, Options, extract

PATH = "topic.md"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def judge(
    markdown: str,
    *,
    limits: Mapping[str, float] | None = None,
    before: str = "",
    root: Path = Path("nowhere"),
    language: str = "en",
) -> tuple[Diagnostic, ...]:
    """What is wrong with a file; `before` is what stood in it at the last build."""
    ledger = Ledger("Deck", 1234567890)
    if before:
        ledger = identify(read(before, language).drafts, ledger, Clock(1000)).ledger
    found = read(markdown, language)
    drafts, _, in_media = media.collect(found.drafts, media.Disk(root))
    identified = identify(drafts, ledger, Clock(2000))
    others = (*found.diagnostics, *in_media, *identified.diagnostics)
    return check(drafts, (found.page,), limits or {}, others)


def rules(markdown: str, *, language: str = "en") -> list[str]:
    """The ids of the rules that speak."""
    return [each.rule for each in judge(markdown, language=language)]


def read(markdown: str, language: str = "en", path: str = PATH) -> Extraction:
    return extract(markdown, path, Options(language=language))


def drafts_of(markdown: str) -> tuple[tuple[Draft, ...], tuple[Page, ...]]:
    """What the rules are given."""
    found = read(markdown)
    return found.drafts, (found.page,)
