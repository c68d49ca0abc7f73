"""Runs the rules over a deck, hears the author's wishes, and says what is left."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from primer_anki.diagnostic import Diagnostic, Location, PrimerError, Severity
from primer_anki.lint import rules as _rules  # noqa: F401  (declares them)
from primer_anki.lint.card import Card, Deck, deck
from primer_anki.lint.marks import ALWAYS, alike, marks
from primer_anki.lint.rule import RULES, Finding, Rule
from primer_anki.lint.seen import Seen
from primer_anki.model import Allow, Draft, Page

LONG_ANSWERS = 0.1
"""The share of a deck's answers that may be longer than they should, even where warnings count."""
LIMITS: Mapping[str, float] = MappingProxyType({rule.id: rule.limit for rule in RULES.values() if rule.limit})
"""The numbers that a manifest may change, by rule."""
_UNUSED = "unused-allow"


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
    found = compare(drafts, look(drafts, pages, limits), pages, limits)
    return hear((*others, *found), pages)


def look(drafts: Sequence[Draft], pages: Sequence[Page], limits: Mapping[str, float]) -> tuple[Seen, ...]:
    """Look at each card by itself, in the same order: what is seen depends on the draft, its page and the limits."""
    checks = [(rule, rule.look, limits.get(rule.id, rule.limit)) for rule in RULES.values() if rule.look]

    def seen(card: Card) -> Seen:
        found = tuple(_diagnostic(rule, each) for rule, look, limit in checks for each in look(card, limit))
        spoken_of = any(True for rule in RULES.values() for _ in _apply(rule, Deck((card,), ()), limits))
        return Seen(found, (*marks(card), ALWAYS) if spoken_of else marks(card))

    return tuple(map(seen, deck(drafts, pages).cards))


def compare(
    drafts: Sequence[Draft], seen: Sequence[Seen], pages: Sequence[Page], limits: Mapping[str, float]
) -> tuple[Diagnostic, ...]:
    """What was seen of the cards, and what shows only where cards and pages are compared."""
    suspects = deck([drafts[at] for at in alike([each.marks for each in seen])], pages)
    return (
        *(found for each in seen for found in each.found),
        *(found for rule in RULES.values() for found in _apply(rule, suspects, limits)),
    )


def hear(found: Iterable[Diagnostic], pages: Sequence[Page]) -> tuple[Diagnostic, ...]:
    """What is left when the authors' wishes are heard, by file and line; a wish for nothing is named too."""
    allowed = {page.path: page.allows for page in pages if page.allows}
    silenced = {each: tuple(_allows(each, allowed.get(each.location.path, ()))) for each in dict.fromkeys(found)}
    left = [diagnostic for diagnostic, allows in silenced.items() if not allows]
    used = {allow for allows in silenced.values() for allow in allows}
    return tuple(sorted((*left, *_unused(pages, used)), key=lambda each: (each.location, each.rule)))


def _apply(rule: Rule, looked_at: Deck, limits: Mapping[str, float]) -> Iterator[Diagnostic]:
    if rule.check:
        for found in rule.check(looked_at, limits.get(rule.id, rule.limit)):
            yield _diagnostic(rule, found)


def _diagnostic(rule: Rule, found: Finding) -> Diagnostic:
    return Diagnostic(found.at, found.severity or rule.severity, found.message, rule.id, rule.hint)


def _allows(diagnostic: Diagnostic, allows: Iterable[Allow]) -> Iterator[tuple[str, Allow]]:
    """The author's comments that silence a diagnostic, each with its file; given are those of the file."""
    where = diagnostic.location
    for allow in allows:
        if allow.rule == diagnostic.rule and allow.first <= where.line <= allow.last:
            yield where.path, allow


def _unused(pages: Iterable[Page], used: Collection[tuple[str, Allow]]) -> Iterator[Diagnostic]:
    rule = RULES[_UNUSED]
    for page in pages:
        for allow in page.allows:
            if (page.path, allow) not in used:
                known = allow.rule in RULES
                message = f"`allow {allow.rule}` silences nothing" if known else f"there is no rule `{allow.rule}`"
                hint = rule.hint if known else guess(allow.rule)
                yield Diagnostic(Location(page.path, allow.line), rule.severity, message, rule.id, hint)


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


def fails(diagnostics: Sequence[Diagnostic], cards: int, *, strict: bool) -> bool:
    """Whether a deck of so many cards does not pass.

    Errors always count. Warnings count where it is strict, save that a tenth of the answers may be too long.
    """
    if any(each.severity == Severity.ERROR for each in diagnostics):
        return True
    long = sum(each.rule == "long-answer" for each in diagnostics)
    others = len(diagnostics) - long
    return strict and (others > 0 or long > LONG_ANSWERS * cards)
