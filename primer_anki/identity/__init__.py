"""Drafts and the ledger → notes: how a note stays the same note."""

from primer_anki.identity.identify import (
    Ambiguity,
    Clock,
    Emptied,
    Identified,
    Outcome,
    Reason,
    TooSoonError,
    identify,
    identify_all,
)
from primer_anki.identity.ledger import Entry, Ledger, dump, parse
from primer_anki.identity.recover import recover
from primer_anki.identity.rest import farewell, remember, resting, search
from primer_anki.identity.store import load, locked, save

__all__ = [
    "Ambiguity",
    "Clock",
    "Emptied",
    "Entry",
    "Identified",
    "Ledger",
    "Outcome",
    "Reason",
    "TooSoonError",
    "dump",
    "farewell",
    "identify",
    "identify_all",
    "load",
    "locked",
    "parse",
    "recover",
    "remember",
    "resting",
    "save",
    "search",
]
