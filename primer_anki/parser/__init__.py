"""Markdown → drafts."""
