"""What the ledger says: histories that cannot follow their cards."""

from __future__ import annotations

from primer_anki.diagnostic import Severity
from primer_anki.lint.rule import explained

explained(
    "ambiguous-identity",
    Severity.WARNING,
    """A card that may be an earlier one reworded, but none clearly.

    It becomes a new note, since a history on the wrong card would be worse than none. Learners start it afresh.
    """,
    hint="put the old note's id before the block: <!-- id: … -->",
    before="""
    # Locks

    **Q: Which lock do readers share with other readers?**

    **A:** An S lock

    **Q: Which lock do writers share with other writers?**

    **A:** An S lock
    """,
    bad="""
    # Locks

    **Q: Which lock do readers and writers share with others?**

    **A:** An S lock
    """,
    good="""
    # Locks

    **Q: Which lock do readers share with other readers?**

    **A:** An S lock

    **Q: Which lock do writers share with other writers?**

    **A:** An S lock
    """,
)
explained(
    "type-change",
    Severity.WARNING,
    """A question that was a note of another type.

    Anki cannot turn one into the other, so the history stays with the old note, which is retired.
    """,
    hint="keep its old form in Markdown if its history matters more",
    before="""
    # Proxies

    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.
    """,
    bad="""
    # Proxies

    What does a ==proxy== do?
    """,
    good="""
    # Proxies

    **Q: What does a proxy do?**

    **A:** It speaks for a client or for a server.
    """,
)
explained(
    "duplicate-id",
    Severity.ERROR,
    """An id that stands twice.

    The second one counts as none: that card is matched by what it says.
    """,
    hint="give one of the two another id",
    bad="""
    # Proxies

    <!-- id: proxy -->
    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.

    <!-- id: proxy -->
    **Q: Whom does a reverse proxy serve?**

    **A:** Servers
    """,
    good="""
    # Proxies

    <!-- id: proxy -->
    **Q: What does a proxy do?**

    **A:** It speaks for a client or a server.

    <!-- id: reverse-proxy -->
    **Q: Whom does a reverse proxy serve?**

    **A:** Servers
    """,
)
explained(
    "emptied-card",
    Severity.WARNING,
    """A card that falls empty while its note lives: one side of a trade-off, a hidden passage, a reverse card.

    Learners keep it until they remove it.
    """,
    hint="they remove it in Anki with Tools → Empty Cards",
    before="""
    # Ports

    A server listens on port ==443== for HTTPS and on port ==80== for HTTP.
    """,
    bad="""
    # Ports

    A server listens on port ==443== for HTTPS and on port 80 for HTTP.
    """,
    good="""
    # Ports

    A server listens on port ==443== for HTTPS, and on port ==80== for HTTP.
    """,
)
