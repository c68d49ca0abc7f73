"""What the rules saw of a card by itself: all that the end of a build needs to know of it."""

from __future__ import annotations

from primer_anki.diagnostic import Diagnostic
from primer_anki.value import Value


class Seen(Value, frozen=True):
    """A card that was looked at."""

    found: tuple[Diagnostic, ...]
    """What is wrong with it by itself, in the order of the rules."""
    marks: tuple[int, ...]
    """See `marks.marks`."""
