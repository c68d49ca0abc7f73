"""All rules, by theme."""

from __future__ import annotations

from primer_anki.lint.rules import (
    answers,
    clozes,
    deck,
    identity,
    lists,
    markdown,
    media,
    numbers,
    questions,
    shapes,
    sources,
)

__all__ = [
    "answers",
    "clozes",
    "deck",
    "identity",
    "lists",
    "markdown",
    "media",
    "numbers",
    "questions",
    "shapes",
    "sources",
]
