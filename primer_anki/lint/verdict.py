"""What is left of all that was found: cards compared, the authors' wishes heard, the deck passed or not.

Most decks have nothing to compare and nothing to hear; then no rule is needed, and none is imported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from primer_anki.diagnostic import Diagnostic, Location, Severity
from primer_anki.lint.marks import alike
from primer_anki.lint.seen import Seen
from primer_anki.model import Allow, Draft, Page

LONG_ANSWERS = 0.1
"""The share of a deck's answers that may be longer than they should, even where warnings count."""


def compare(
    drafts: Sequence[Draft], seen: Sequence[Seen], pages: Sequence[Page], limits: Mapping[str, float]
) -> tuple[Diagnostic, ...]:
    """What was seen of the cards, and what shows only where cards and pages are compared."""
    by_themselves = tuple(found for each in seen for found in each.found)
    suspects = [drafts[at] for at in alike([each.marks for each in seen])]
    if not suspects and not any(page.references or page.unsafe for page in pages):
        return by_themselves
    from primer_anki.lint import engine

    return (*by_themselves, *engine.compare(suspects, pages, limits))


def hear(found: Iterable[Diagnostic], pages: Sequence[Page]) -> tuple[Diagnostic, ...]:
    """What is left when the authors' wishes are heard, by file and line; a wish for nothing is named too."""
    allowed = {page.path: page.allows for page in pages if page.allows}
    silenced = {each: tuple(_allows(each, allowed.get(each.location.path, ()))) for each in dict.fromkeys(found)}
    left = [diagnostic for diagnostic, allows in silenced.items() if not allows]
    used = {allow for allows in silenced.values() for allow in allows}
    unused = _unused(pages, used) if allowed else ()
    return tuple(sorted((*left, *unused), key=lambda each: (each.location, each.rule)))


def _allows(diagnostic: Diagnostic, allows: Iterable[Allow]) -> Iterator[tuple[str, Allow]]:
    """The author's comments that silence a diagnostic, each with its file; given are those of the file."""
    where = diagnostic.location
    for allow in allows:
        if allow.rule == diagnostic.rule and allow.first <= where.line <= allow.last:
            yield where.path, allow


def _unused(pages: Iterable[Page], used: Collection[tuple[str, Allow]]) -> Iterator[Diagnostic]:
    from primer_anki.lint.engine import guess
    from primer_anki.lint.rule import RULES

    rule = RULES["unused-allow"]
    for page in pages:
        for allow in page.allows:
            if (page.path, allow) not in used:
                known = allow.rule in RULES
                message = f"`allow {allow.rule}` silences nothing" if known else f"there is no rule `{allow.rule}`"
                hint = rule.hint if known else guess(allow.rule)
                yield Diagnostic(Location(page.path, allow.line), rule.severity, message, rule.id, hint)


def fails(diagnostics: Sequence[Diagnostic], cards: int, *, strict: bool) -> bool:
    """Whether a deck of so many cards does not pass.

    Errors always count. Warnings count where it is strict, save that a tenth of the answers may be too long.
    """
    if any(each.severity == Severity.ERROR for each in diagnostics):
        return True
    long = sum(each.rule == "long-answer" for each in diagnostics)
    others = len(diagnostics) - long
    return strict and (others > 0 or long > LONG_ANSWERS * cards)
