"""Drafts and the ledger → notes: how a note stays the same note."""
