"""Any `.apkg` from the disk as a deck, whoever made it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from primer_anki.deck import package
from primer_anki.diagnostic import Location, PrimerError
from primer_anki.files import read_bytes, shown
from primer_anki.model import Deck


def open_deck(path: Path) -> Deck:
    """The deck in a package; one in Anki's new format by way of the `anki` library.

    Raises PrimerError, naming the file: it cannot be read, is no package, or needs a library that is missing.
    """
    data, place = read_bytes(path), shown(path)
    if package.is_new_format(data) and find_spec("anki"):
        from primer_anki.client.reader import to_legacy

        try:
            data = to_legacy(data)
        except PrimerError as error:
            raise PrimerError(error.message, Location(place), error.hint) from None
    return package.read(data, place, foreign=True)
