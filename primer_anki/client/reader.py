"""Packages in formats that only Anki itself opens."""

from __future__ import annotations

from primer_anki.client.collection import fresh


def to_legacy(package: bytes) -> bytes:
    """Return any `.apkg` in the format that every Anki reads, by way of a fresh collection.

    Raises PrimerError if Anki refuses the package or the `anki` library is missing.
    """
    with fresh() as learner:
        learner.import_package(package)
        return learner.export_legacy()
