"""Where a note comes from, and how it is found: sources and tags."""

from __future__ import annotations

import re

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card
from primer_anki.lint.content import content
from primer_anki.lint.rule import Found, on_card

_TAG = re.compile(r"[^\s:,\"*]+(?:::?[^\s:,\"*]+)*")
_TAKEN = frozenset(("marked", "leech"))
"""Anki gives and takes these itself."""


@on_card(
    "missing-source",
    Severity.ERROR,
    hint="fill the field Source",
    bad="""
    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
    good="""
    # Proxies

    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
)
def missing_source(card: Card) -> Found:
    """A note that does not say where it comes from.

    A learner in doubt needs the place where more is said. Every pattern fills the field from file and heading.
    """
    if not content(card.draft.fields.get("Source", "")).shows:
        yield "the note names no source"


@on_card(
    "bad-tag",
    Severity.ERROR,
    hint="give the file a title with letters in it, and write tags with letters, digits and hyphens",
    bad="""
    # !!!

    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
    good="""
    # Proxies

    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
)
def bad_tag(card: Card) -> Found:
    """A note without a tag of its own, or with one that Anki would change.

    Tags are how a learner picks a topic to study. Anki cuts a tag at white space, renames one with an empty part,
    and takes `marked` and `leech` away.
    """
    tags = card.draft.tags
    if not any("::" in tag for tag in tags):
        yield "the note has no tag below the deck's own"
    for tag in tags:
        if not _TAG.fullmatch(tag) or tag.endswith(":") or tag.casefold() in _TAKEN:
            yield f"Anki would change the tag `{tag}`"
