"""What is wrong with a file, or with what its author told us."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from primer_anki.diagnostic import Location, Severity
from primer_anki.lint.card import Deck
from primer_anki.lint.rule import Finding, explained, on_deck


@on_deck(
    "raw-html",
    Severity.ERROR,
    hint="write it in Markdown, or as code",
    bad="""
    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server. <script>track()</script>
    """,
    good="""
    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
)
def raw_html(deck: Deck, limit: float) -> Iterator[Finding]:
    """HTML that would run, load or restyle something: script, style, iframe, `on…=`.

    It never reaches a card, whatever is allowed here. In a file for readers it has no place either.
    """
    for page in deck.pages:
        yield from (Finding(Location(page.path, line), f"{what} is left out") for line, what in page.unsafe)


@on_deck(
    "dead-anchor",
    Severity.WARNING,
    hint="link to a heading's anchor: its words in lower case, with hyphens between",
    bad="""
    # Proxies

    **Q: What does a proxy do?**

    **A:** It speaks for a client or a [server](#servers).
    """,
    good="""
    # Proxies

    **Q: What does a proxy do?**

    **A:** It speaks for a client or a [server](#server).

    ## Server
    """,
)
def dead_anchor(deck: Deck, limit: float) -> Iterator[Finding]:
    """A link to a heading that does not exist.

    Most often the heading was renamed. Links to files outside the deck are not looked at.
    """
    anchors = {page.path: page.anchors for page in deck.pages}
    for page in deck.pages:
        lines: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for link in page.references:
            if link.file in anchors and link.anchor.lower() not in anchors[link.file]:
                lines[link.file, link.anchor].append(link.line)
        for (file, anchor), places in lines.items():
            where = "" if file == page.path else f" in {file}"
            more = f"; {len(places)} links want it" if len(places) > 1 else ""
            yield Finding(Location(page.path, places[0]), f"no heading{where} has the anchor #{anchor}{more}")


explained(
    "unused-allow",
    Severity.WARNING,
    """A switch that silences nothing.

    What it was for is mended, or its rule is misspelt. It would hide the next problem of its kind.
    """,
    hint="remove the comment",
    bad="""
    # Proxies

    <!-- primer: allow long-answer -->
    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
    good="""
    # Proxies

    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
)
explained(
    "unused-id",
    Severity.WARNING,
    """An id that belongs to no card.

    Its author believes that it protects a history.
    """,
    hint="put the comment on the line before the question, term or list that it is for",
    bad="""
    # Proxies

    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.

    <!-- id: proxy -->
    """,
    good="""
    # Proxies

    <!-- id: proxy -->
    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
)
