"""What `lint` prints: the findings in a format, the numbers of a deck, a last line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from primer_anki.build import Outcome
from primer_anki.diagnostic import Diagnostic
from primer_anki.files import shown
from primer_anki.formats import FORMATS
from primer_anki.lint.engine import rule_named, select
from primer_anki.lint.rule import RULES
from primer_anki.lint.stats import lines, stats
from primer_anki.lint.verdict import fails


@dataclass(frozen=True, slots=True)
class Report:
    """What lint has to say of one deck."""

    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...]
    """Of the rules that were asked for."""

    def passes(self, *, strict: bool) -> bool:
        """Whether what was found lets the deck pass; where it is strict, warnings count too."""
        return not fails(self.diagnostics, len(self.outcome.drafts), strict=strict)


def rules_named(listed: str) -> frozenset[str]:
    """The rules of a list such as `yes-no,either-or`. Raises PrimerError for one that there is not."""
    return frozenset(rule_named(name.strip()).id for name in listed.split(",") if name.strip())


def report(outcome: Outcome, only: frozenset[str], but: frozenset[str]) -> Report:
    """The findings of a deck, of some rules (none: of all) or of all but some."""
    return Report(outcome, select(outcome.diagnostics, only, but))


def formatted(reports: Iterable[Report], style: str) -> str:
    """All findings in one of `FORMATS`."""
    found = [diagnostic for each in reports for diagnostic in each.diagnostics]
    return FORMATS[style](found, {rule.id: rule.flags for rule in RULES.values()})


def stats_text(each: Report) -> str:
    """The numbers of a deck."""
    outcome = each.outcome
    return "\n".join((f"{outcome.deck.name}:", *(f"  {line}" for line in lines(stats(outcome.drafts, outcome.pages)))))


def summary(each: Report) -> str:
    """How many errors and warnings, on one line."""
    counts = Counter(diagnostic.severity.value for diagnostic in each.diagnostics)
    found = ", ".join(f"{number} {name}{'s' * (number > 1)}" for name, number in sorted(counts.items()))
    return f"{shown(each.outcome.manifest.origin)}: {found or 'nothing found'} in {len(each.outcome.drafts)} questions"
