"""What a rule is, and how one is declared.

A rule is a short function in a module below `rules/`. Its docstring says what is flagged (first line) and why; its
bad and good examples are its tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from inspect import cleandoc
from typing import TypeAlias

from primer_anki.diagnostic import Location, Severity
from primer_anki.lint.card import Card, Deck
from primer_anki.value import Value


class Finding(Value, frozen=True):
    """One thing that a rule found."""

    at: Location
    message: str
    severity: Severity | None = None
    """None: the rule's own."""


Check: TypeAlias = Callable[[Deck, float], Iterable[Finding]]
Look: TypeAlias = Callable[[Card, float], Iterable[Finding]]


class Rule(Value, frozen=True):
    """A rule with all that can be said about it."""

    id: str
    severity: Severity
    flags: str
    """What it flags, one line."""
    why: str
    """Plain paragraphs."""
    hint: str
    """What an author can do."""
    bad: str
    """Markdown that is flagged."""
    good: str
    """The same, mended."""
    before: str = ""
    """For a rule that compares with the last build: what `bad` stood as then."""
    limit: float = 0
    """The number that a manifest may change; 0 for a rule without one."""
    check: Check | None = None
    """For a rule that compares cards."""
    look: Look | None = None
    """For a rule that looks at each card by itself. Where both are None another step of the build reports it."""


RULES: dict[str, Rule] = {}
"""By id, in the order of declaration."""

Found: TypeAlias = Iterator[str | tuple[str, Severity]]
"""Messages about one card, each with a severity where it differs from the rule's."""


def on_card(
    rule: str, severity: Severity, *, hint: str, bad: str, good: str
) -> Callable[[Callable[[Card], Found]], Callable[[Card], Found]]:
    """Declare a rule that looks at each card by itself."""

    def declare(function: Callable[[Card], Found]) -> Callable[[Card], Found]:
        def look(card: Card, limit: float) -> list[Finding]:
            return [_finding(card, each) for each in function(card)]

        _declare(rule, severity, function.__doc__, hint, bad, good, look=look)
        return function

    return declare


def on_card_up_to(
    limit: float, rule: str, severity: Severity, *, hint: str, bad: str, good: str
) -> Callable[[Callable[[Card, float], Found]], Callable[[Card, float], Found]]:
    """The same with a limit, which the function is given."""

    def declare(function: Callable[[Card, float], Found]) -> Callable[[Card, float], Found]:
        def look(card: Card, limit: float) -> list[Finding]:
            return [_finding(card, each) for each in function(card, limit)]

        _declare(rule, severity, function.__doc__, hint, bad, good, limit=limit, look=look)
        return function

    return declare


def on_deck(
    rule: str, severity: Severity, *, hint: str, bad: str, good: str, limit: float = 0
) -> Callable[[Check], Check]:
    """Declare a rule that compares cards with each other, or looks at the files.

    It is given all pages, but only cards that share a mark: where it may speak of others, `marks` must say so.
    """

    def declare(function: Check) -> Check:
        _declare(rule, severity, function.__doc__, hint, bad, good, limit=limit, check=function)
        return function

    return declare


def explained(rule: str, severity: Severity, text: str, *, hint: str, bad: str, good: str, before: str = "") -> None:
    """Declare a rule that another step of the build applies; its words are kept here with all others."""
    _declare(rule, severity, text, hint, bad, good, before=before)


def _finding(card: Card, found: str | tuple[str, Severity]) -> Finding:
    message, severity = found if isinstance(found, tuple) else (found, None)
    return Finding(card.at, message, severity)


def _declare(
    rule: str,
    severity: Severity,
    text: str | None,
    hint: str,
    bad: str,
    good: str,
    *,
    before: str = "",
    limit: float = 0,
    check: Check | None = None,
    look: Look | None = None,
) -> None:
    flags, _, why = cleandoc(text or "").partition("\n\n")
    bad, good, before = (f"{cleandoc(example)}\n" if example else "" for example in (bad, good, before))
    RULES[rule] = Rule(rule, severity, flags, why, hint, bad, good, before, limit, check, look)
