"""Tables and code that a small screen cannot show."""

from __future__ import annotations

from collections.abc import Iterator

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card, Deck
from primer_anki.lint.rule import Finding, Found, on_card_up_to, on_deck
from primer_anki.text import count_words

CELL_WORDS = 12
LINE_CHARACTERS = 60


@on_deck(
    "wide-table",
    Severity.WARNING,
    limit=4,
    hint="compare fewer things at once, and put a few words into each cell",
    bad="""
    # Caches

    | Aspect | Inline | Aside | Through | Behind | Ahead |
    |---|---|---|---|---|---|
    | Writes wait | Yes | No | Yes | No | No |
    """,
    good="""
    # Caches

    | Aspect | Write-through | Write-behind |
    |---|---|---|
    | Writes wait for the database | Yes | No |
    """,
)
def wide_table(deck: Deck, limit: float) -> Iterator[Finding]:
    """A table of more than 4 columns, or a cell of more than 12 words.

    On a phone it is scrolled sideways, and what is compared is never seen side by side.
    """
    told: set[tuple[str, tuple[str, ...], int]] = set()
    for card in deck.cards:
        sides = (card.front, card.back)
        columns = max(side.columns for side in sides)
        longest = max((count_words(cell) for side in sides for row in side.rows for cell in row), default=0)
        table = (card.draft.place.file, card.draft.place.trail, columns)
        if columns > limit and table not in told:
            told.add(table)  # the rows of one table are cards that would all say it
            yield Finding(card.at, f"the table has {columns} columns, limit {limit:g}")
        elif longest > CELL_WORDS:
            yield Finding(card.at, f"a cell of the table has {longest} words, limit {CELL_WORDS}")


@on_card_up_to(
    12,
    "long-code",
    Severity.WARNING,
    hint="show the lines that matter, broken at 60 characters",
    bad="""
    **Q: How do you count rows?**

    **A:**

    ```sql
    SELECT COUNT(*) AS number_of_all_the_rows_in_the_table FROM orders;
    ```
    """,
    good="""
    **Q: How do you count rows?**

    **A:**

    ```sql
    SELECT COUNT(*) FROM orders;
    ```
    """,
)
def long_code(card: Card, limit: float) -> Found:
    """Code of more than 12 lines, or with a line of more than 60 characters.

    Nobody recalls a page of code; what is recalled is the one line that does it.
    """
    for code in (*card.front.code, *card.back.code):
        lines = code.strip("\n").split("\n")
        widest = max(map(len, lines))
        if len(lines) > limit:
            yield f"the code has {len(lines)} lines, limit {limit:g}"
        elif widest > LINE_CHARACTERS:
            yield f"a line of the code has {widest} characters, limit {LINE_CHARACTERS}"
