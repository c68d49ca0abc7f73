"""Markdown topics in, Anki decks out, with note IDs that stay stable for ever."""

__version__ = "0.1.0"
