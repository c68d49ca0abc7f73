"""Where a GUID comes from: the deck's id and the question, so that a first build gives the same ones everywhere.

Frozen: a change here gives every note without a ledger another GUID.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import count

from primer_anki.model import Place

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 13  # 77 bits: a chance clash in a million notes is below one in 10¹¹
_COUNT = re.compile(r"\s*[(（]\d+[)）](?=\W*$)")


def new_guid(deck_id: int, question: str, place: Place, used: Container[str]) -> str:
    """Return a GUID that is not in `used`: letters and digits, from the question; salted with the place on a clash."""
    return next(guid for guid in _candidates(deck_id, question, place) if guid not in used)


def _candidates(deck_id: int, question: str, place: Place) -> Iterator[str]:
    asked = (str(deck_id), _normal(question))
    yield _encode(*asked)
    placed = (*asked, place.file, *place.trail)
    yield _encode(*placed)
    for number in count(2):
        yield _encode(*placed, str(number))


def _normal(question: str) -> str:
    folded = unicodedata.normalize("NFKC", question).casefold()
    return " ".join(_COUNT.sub("", folded).split()).rstrip(" ?!.:;。")


def _encode(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    number, letters = int.from_bytes(digest) % len(_ALPHABET) ** _LENGTH, ""
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[rest]
    return letters
