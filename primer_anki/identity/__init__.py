"""Drafts and the ledger → notes: how a note stays the same note."""

from primer_anki.clock import Clock, TooSoonError
from primer_anki.identity.identify import (
    Ambiguity,
    Emptied,
    Identified,
    Outcome,
    Reason,
    identify,
    identify_all,
)
from primer_anki.identity.ledger import Entry, Ledger, dump, parse
from primer_anki.identity.recover import recover
from primer_anki.identity.rest import farewell, remember, resting, search
from primer_anki.identity.store import load, save

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
    "parse",
    "recover",
    "remember",
    "resting",
    "save",
    "search",
]
