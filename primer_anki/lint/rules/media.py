"""Pictures that stay behind, are too large, or say nothing to whoever cannot see them."""

from __future__ import annotations

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card
from primer_anki.lint.rule import Found, explained, on_card

explained(
    "remote-image",
    Severity.ERROR,
    """A picture that stands on the web.

    A learner without a connection does not see it, and nobody does once its address is gone. A link stands in for it.
    """,
    hint="save it beside the Markdown file and name it there",
    bad="""
    **Q: Which server answers in this picture?**

    ![Two servers](https://example.com/servers.png)

    **A:** The left one
    """,
    good="""
    **Q: Which server answers in this picture?**

    ![Two servers](servers.svg)

    **A:** The left one
    """,
)
explained(
    "missing-image",
    Severity.ERROR,
    """A picture that is not there, lies outside the sources' folder, or must not be shown.

    An SVG that runs or loads something is not taken either. The alternative text stands in for it.
    """,
    hint="name it relative to the Markdown file",
    bad="""
    **Q: Which server answers in this picture?**

    ![Two servers](nowhere.svg)

    **A:** The left one
    """,
    good="""
    **Q: Which server answers in this picture?**

    ![Two servers](servers.svg)

    **A:** The left one
    """,
)
explained(
    "image-size",
    Severity.WARNING,
    """A picture of more than 5 MiB.

    It would be most of the deck, on every phone that syncs it. The alternative text stands in for it.
    """,
    hint="make it smaller, or draw it as SVG",
    bad="""
    **Q: Which server answers in this picture?**

    ![Two servers](huge.png)

    **A:** The left one
    """,
    good="""
    **Q: Which server answers in this picture?**

    ![Two servers](servers.svg)

    **A:** The left one
    """,
)


@on_card(
    "image-alt",
    Severity.WARNING,
    hint="write what it shows between the brackets: ![Two servers behind a balancer](…)",
    bad="""
    **Q: Which server answers in this picture?**

    ![](servers.svg)

    **A:** The left one
    """,
    good="""
    **Q: Which server answers in this picture?**

    ![Two servers](servers.svg)

    **A:** The left one
    """,
)
def image_alt(card: Card) -> Found:
    """A picture without alternative text.

    It is what a screen reader reads, what a search finds, and what is left where the picture cannot be shown.
    """
    if any(not picture.alt.strip() for part in card.parts for picture in part.pictures):
        yield "a picture has no alternative text"
