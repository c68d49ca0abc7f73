"""Runs the rules over a deck."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from primer_anki.diagnostic import Diagnostic, PrimerError
from primer_anki.lint import rules as _rules  # noqa: F401  (declares them)
from primer_anki.lint import verdict
from primer_anki.lint.card import Card, Deck, deck
from primer_anki.lint.marks import ALWAYS, marks
from primer_anki.lint.rule import RULES, Finding, Rule
from primer_anki.lint.seen import Seen
from primer_anki.model import Draft, Page

LIMITS: Mapping[str, float] = MappingProxyType({rule.id: rule.limit for rule in RULES.values() if rule.limit})
"""The numbers that a manifest may change, by rule."""


def check(
    drafts: Sequence[Draft],
    pages: Sequence[Page],
    limits: Mapping[str, float],
    others: Iterable[Diagnostic] = (),
) -> tuple[Diagnostic, ...]:
    """All that is wrong with a deck, by file and line.

    `others` is what the other steps have found: an author can silence that too. Places are below the root of the
    sources. `limits` holds the numbers of rules by id; the rules' own stand for the rest.
    """
    found = verdict.compare(drafts, look(drafts, pages, limits), pages, limits)
    return verdict.hear((*others, *found), pages)


def look(drafts: Sequence[Draft], pages: Sequence[Page], limits: Mapping[str, float]) -> tuple[Seen, ...]:
    """Look at each card by itself, in the same order: what is seen depends on the draft, its page and the limits."""
    checks = [(rule, rule.look, limits.get(rule.id, rule.limit)) for rule in RULES.values() if rule.look]

    def seen(card: Card) -> Seen:
        found = [_diagnostic(rule, each) for rule, look, limit in checks for each in look(card, limit)]
        has_table = card.front.columns or card.back.columns  # of nothing else a rule that compares speaks alone
        spoken_of = has_table and any(True for rule in RULES.values() for _ in _apply(rule, Deck((card,), ()), limits))
        return Seen(tuple(found), (*marks(card), ALWAYS) if spoken_of else marks(card))

    return tuple(map(seen, deck(drafts, pages).cards))


def compare(drafts: Sequence[Draft], pages: Sequence[Page], limits: Mapping[str, float]) -> Iterator[Diagnostic]:
    """What shows only where cards and pages are compared."""
    looked_at = deck(drafts, pages)
    return (found for rule in RULES.values() for found in _apply(rule, looked_at, limits))


def _apply(rule: Rule, looked_at: Deck, limits: Mapping[str, float]) -> Iterator[Diagnostic]:
    if rule.check:
        for found in rule.check(looked_at, limits.get(rule.id, rule.limit)):
            yield _diagnostic(rule, found)


def _diagnostic(rule: Rule, found: Finding) -> Diagnostic:
    return Diagnostic(found.at, found.severity or rule.severity, found.message, rule.id, rule.hint)


def select(
    diagnostics: Iterable[Diagnostic], chosen: Collection[str], ignored: Collection[str]
) -> tuple[Diagnostic, ...]:
    """Those of the chosen rules (none: of all, and what no rule speaks of), without those of the ignored."""
    return tuple(
        each for each in diagnostics if (not chosen or each.rule in chosen) and not (each.rule and each.rule in ignored)
    )


def rule_named(name: str) -> Rule:
    """A rule by its id. Raises PrimerError with the nearest one."""
    if name not in RULES:
        raise PrimerError(f"there is no rule `{name}`", hint=guess(name))
    return RULES[name]


def guess(name: str) -> str:
    """What somebody may have meant, and where all rules stand."""
    close = difflib.get_close_matches(name, RULES, n=1)
    nearest = f"did you mean `{close[0]}`? " if close else ""
    return f"{nearest}all rules: primer-anki rules"
