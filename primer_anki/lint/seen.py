"""What the rules saw of a card by itself: all that the end of a build needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass

from primer_anki.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Seen:
    """A card that was looked at."""

    found: tuple[Diagnostic, ...]
    """What is wrong with it by itself, in the order of the rules."""
    marks: tuple[int, ...]
    """See `marks.marks`."""
