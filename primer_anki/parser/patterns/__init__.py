"""How Markdown becomes cards: one module a pattern, in order of how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from primer_anki.parser.patterns import (
    cloze,
    code,
    definition,
    folded,
    heading,
    leadin,
    parts,
    question,
    section,
    steps,
    table,
    tradeoff,
)
from primer_anki.parser.patterns.scope import Found, Scope

FINDERS: tuple[tuple[tuple[str, ...], Callable[[Scope], Iterator[Found]]], ...] = (
    (("cloze",), cloze.find_numbered),
    (("question",), question.find),
    (("folded",), folded.find),
    (("question",), heading.find),
    (("trade-off",), tradeoff.find),
    (("steps",), steps.find),
    (("comparison", "fact"), table.find),
    (("definition",), definition.find),
    (("cloze",), cloze.find),
    (("list", "fact", "statement"), leadin.find),
    (("list",), parts.find),
    (("formula", "code"), code.find),
    (("definition", "fact", "statement"), section.find),
)
"""Each finder with the patterns that it gives; an earlier one claims blocks before a later one sees them."""

PATTERNS: tuple[str, ...] = tuple(dict.fromkeys(name for names, _ in FINDERS for name in names))
"""The names of all patterns, the surest first."""
