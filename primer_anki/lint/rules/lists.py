"""Lists on the back: few items, each with a handle."""

from __future__ import annotations

import re
from collections import Counter

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card
from primer_anki.lint.rule import Found, on_card, on_card_up_to
from primer_anki.text import count_words

HANDLED_WORDS = 12
"""A longer item needs a handle."""
HANDLE_WORDS = 6
"""What stands before a colon is a handle up to this length."""
FAR_TOO_MANY = 2
"""Items over the limit from which on it is an error, less one."""
_HEAD = re.compile(r"([^:：]+)(?:[:：]|\s[-–—]\s)")


@on_card_up_to(
    5,
    "list-on-back",
    Severity.WARNING,
    hint="keep what matters most, or divide the list into groups with a question each",
    bad="""
    # Caches

    Which headers steer a cache:

    - Cache-Control
    - Expires
    - ETag
    - Last-Modified
    - Vary
    - Age
    """,
    good="""
    # Caches

    Which headers let a cache ask whether its copy is still good:

    - ETag
    - Last-Modified
    """,
)
def list_on_back(card: Card, limit: float) -> Found:
    """A list of more than 5 items to recall; an error from 3 more on.

    Sets are the hardest thing to remember. One forgotten item fails the card, and the other ones with it.
    """
    longest = max(map(len, card.back.lists), default=0)
    if longest > limit:
        severity = Severity.ERROR if longest > limit + FAR_TOO_MANY else Severity.WARNING
        yield f"the list on the back has {longest} items, limit {limit:g}", severity


@on_card(
    "no-handle",
    Severity.WARNING,
    hint="begin the item with a few words in bold: **Staleness**: …",
    bad="""
    # Caches

    What a cache costs you:

    - Old content may be shown to people until the copy runs out or is removed by hand
    - Memory
    """,
    good="""
    # Caches

    What a cache costs you:

    - **Staleness**: old content may be shown until the copy runs out or is removed by hand
    - Memory
    """,
)
def no_handle(card: Card) -> Found:
    """A list item of more than 12 words without a bold lead.

    Handles are what a learner recalls, and what he grades himself by.
    """
    long = [item for items in card.back.lists for item in items if count_words(item.text) > HANDLED_WORDS]
    bare = [item for item in long if not item.lead and not _has_head(item.text)]
    if bare:
        yield f"{len(bare)} long list items have no handle" if len(bare) > 1 else "a long list item has no handle"


def _has_head(text: str) -> bool:
    head = _HEAD.match(text)
    return head is not None and count_words(head[1]) <= HANDLE_WORDS


@on_card(
    "same-handle",
    Severity.ERROR,
    hint="join the two items, or give each a name of its own",
    bad="""
    # Queues

    What a queue gives you:

    - **Decoupling**: senders need not know receivers
    - **Decoupling**: receivers may be down
    """,
    good="""
    # Queues

    What a queue gives you:

    - **Decoupling**: senders need not know receivers
    - **Patience**: receivers may be down
    """,
)
def same_handle(card: Card) -> Found:
    """Two items of one list with the same lead.

    A learner who recalls the handle cannot tell which of the two he recalled.
    """
    for items in card.back.lists:
        handles = Counter(item.handle for item in items if item.handle)
        yield from (f"{count} items begin with “{handle}”" for handle, count in handles.items() if count > 1)
