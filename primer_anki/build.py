"""The way from manifests to `.apkg` files, step by step. Nobody else calls the steps.

    gather    sources → drafts
    plan      drafts, ledgers → decks, next ledgers, bytes: all that a build decides
    write     the bytes, then the ledgers

Several decks are built together: a note that leaves one of them may turn up in another and keeps its identity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from primer_anki.deck import media, package
from primer_anki.diagnostic import Diagnostic, Location, PrimerError, Severity
from primer_anki.files import read_bytes, real, shown, write_if_changed
from primer_anki.identity import dump, farewell, remember, resting, store
from primer_anki.identity import recover as rebuilt
from primer_anki.identity.identify import Clock, Identified, identify_all
from primer_anki.identity.ledger import Ledger
from primer_anki.identity.rest import TAG
from primer_anki.lint.engine import check, fails
from primer_anki.manifest import Manifest, ledger_beside
from primer_anki.model import Deck, Draft, Media, Page
from primer_anki.parser.extract import Extraction, Skipped, extract
from primer_anki.sources import Source, read
from primer_anki.targets import check_outputs, resolve

Say: TypeAlias = Callable[[str], None]
"""Told what is being done; a terminal shows it."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the sources of a deck say."""

    manifest: Manifest
    title: str
    """Of the first source."""
    drafts: tuple[Draft, ...]
    """In the order in which a learner meets them."""
    media: tuple[Media, ...]
    pages: tuple[Page, ...]
    skipped: tuple[Skipped, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a build has decided on one deck, before anything is written."""

    manifest: Manifest
    deck: Deck
    package: bytes
    """The `.apkg`."""
    identified: Identified
    drafts: tuple[Draft, ...]
    pages: tuple[Page, ...]
    diagnostics: tuple[Diagnostic, ...]
    """Of every step and every lint rule; those in the sources by file and line."""

    def passes(self, *, strict: bool) -> bool:
        """Whether the deck is in order; where it is strict, warnings count too."""
        return not fails(self.diagnostics, len(self.drafts), strict=strict)


def build(manifests: Sequence[Manifest], clock: Clock, say: Say, *, strict: bool = False) -> tuple[Outcome, ...]:
    """Plan and write; with `strict` only where nothing is wrong.

    Raises PrimerError; where that is before the first deck is written, nothing is.
    """
    for manifest in manifests:
        check_outputs(manifest)
    with ExitStack() as locks:
        for path in sorted({real(manifest.ledger) for manifest in manifests}):
            locks.enter_context(store.locked(path))
        outcomes = plan(manifests, clock, say)
        if strict and not all(outcome.passes(strict=True) for outcome in outcomes):
            return outcomes
        for outcome in outcomes:
            say(f"writing {shown(outcome.manifest.output)}")
            write(outcome)
    return outcomes


def plan(manifests: Sequence[Manifest], clock: Clock, say: Say) -> tuple[Outcome, ...]:
    """Decide everything; the disk is only read. Raises PrimerError where there is no deck to be had."""
    gathered = [gather(manifest, say) for manifest in manifests]
    for one in gathered:
        _refuse_empty(one)
    say("matching notes")
    known = [store.load(manifest.ledger) for manifest in manifests]
    ledgers = [_ledger(one, ledger) for one, ledger in zip(gathered, known, strict=True)]
    drafts = [one.drafts for one in gathered]
    identified = identify_all(list(zip(drafts, ledgers, strict=True)), clock)
    return tuple(_outcome(*each) for each in zip(gathered, known, identified, strict=True))


RETIRED_STATUS = "Retired: this card is no longer part of the deck."


def write(outcome: Outcome) -> None:
    """Write the package, then the ledger.

    In this order: a ledger never knows of a note that no package has. What is lost between the two is decided
    in the same way by the next build. A package that holds the same deck already is left alone: another SQLite or
    zlib would write other bytes. Raises PrimerError.
    """
    output = outcome.manifest.output
    if not (output.is_file() and package.is_same(read_bytes(output), outcome.package)):
        write_if_changed(output, outcome.package)
    store.save(outcome.manifest.ledger, outcome.identified.ledger)


def gather(manifest: Manifest, say: Say) -> Gathered:
    """Read and extract every source. Raises PrimerError for one that cannot be read, or if all are empty.

    Places are below the root of the sources here.
    """
    extractions: list[Extraction] = []
    empty: list[Diagnostic] = []
    for number, source in enumerate(read(manifest.root, manifest.sources), 1):
        say(f"reading {number}/{len(manifest.sources)} {source.name}")
        extractions.append(_extract(source, manifest))
        if not source.text.strip():
            empty.append(Diagnostic(Location(source.name), Severity.WARNING, "the file is empty"))
    if len(empty) == len(extractions):
        raise PrimerError("the file is empty", Location(shown(manifest.sources[0])))
    title = extractions[0].title
    extractions.sort(key=lambda extraction: extraction.order)
    found = [draft for extraction in extractions for draft in extraction.drafts]
    drafts, pictures, picture_problems = media.collect(sorted(found, key=lambda draft: draft.level), manifest.root)
    problems = [diagnostic for extraction in extractions for diagnostic in extraction.diagnostics]
    return Gathered(
        manifest=manifest,
        title=title,
        drafts=drafts,
        media=pictures,
        pages=tuple(extraction.page for extraction in extractions),
        skipped=tuple(skipped for extraction in extractions for skipped in extraction.skipped),
        diagnostics=(*empty, *problems, *picture_problems),
    )


def _extract(source: Source, manifest: Manifest) -> Extraction:
    try:
        return extract(source.text, source.name, manifest.options)
    except PrimerError as error:
        where = error.location and _place_as_typed(error.location, manifest)
        raise PrimerError(error.message, where, error.hint) from None


def _as_typed(diagnostic: Diagnostic, manifest: Manifest, columns: Mapping[str, tuple[int, ...]]) -> Diagnostic:
    """A problem in the sources, as the user would find the place: with the column where the line's text begins."""
    where = diagnostic.location
    column = where.column or next(iter(columns.get(where.path, ())[where.line - 1 : where.line]), 0)
    return replace(diagnostic, location=_place_as_typed(replace(where, column=column), manifest))


def _place_as_typed(location: Location, manifest: Manifest) -> Location:
    """The steps know a file by its name below the root; the user by the way there from where he stands."""
    return replace(location, path=shown(manifest.root / location.path))


def _refuse_empty(gathered: Gathered) -> None:
    if not gathered.drafts:
        place = shown(gathered.manifest.origin)
        raise PrimerError("no cards found", Location(place), hint=f"see why: primer-anki cards --skipped {place}")


def _ledger(gathered: Gathered, ledger: Ledger | None) -> Ledger:
    """What is known of the deck so far; a new deck's name and id are chosen here, for ever.

    A manifest fixes both; without one the first build takes them from the sources, and the ledger keeps them.
    """
    manifest = gathered.manifest
    if not manifest.id:
        name = _as_deck_name(manifest.name or gathered.title)
        return ledger or Ledger(name, _id_from_name(name))
    if not ledger:
        return Ledger(manifest.name, manifest.id)
    if ledger.deck_id != manifest.id:
        message = f"`id` is {manifest.id}, but the ledger was made for deck {ledger.deck_id}"
        hint = f"an id never changes; another deck needs a manifest beside {shown(manifest.origin)}"
        raise PrimerError(message, Location(shown(manifest.origin)), hint=hint)
    return replace(ledger, deck_name=manifest.name)


def _outcome(gathered: Gathered, known: Ledger | None, identified: Identified) -> Outcome:
    manifest = gathered.manifest
    identified = replace(identified, ledger=_remembered(manifest, identified))
    ledger = identified.ledger
    deck = Deck(ledger.deck_name, ledger.deck_id, manifest.description, identified.notes, gathered.media)
    in_steps = (*gathered.diagnostics, *identified.diagnostics, *_emptied(identified))
    columns = {page.path: page.columns for page in gathered.pages}
    in_sources = check(gathered.drafts, gathered.pages, manifest.limits, in_steps)
    return Outcome(
        manifest=manifest,
        deck=deck,
        package=package.to_bytes(deck),
        identified=identified,
        drafts=gathered.drafts,
        pages=gathered.pages,
        diagnostics=(
            *_without_ledger(manifest, known),
            *_renamed(manifest, known),
            *(_as_typed(diagnostic, manifest, columns) for diagnostic in in_sources),
        ),
    )


def _remembered(manifest: Manifest, identified: Identified) -> Ledger:
    """The ledger, with what learners have of the notes that leave in this build: the last package still holds it."""
    leaving = any("retired" in fate.what for fate in identified.outcomes)
    published = read_package(manifest.output) if leaving and manifest.output.is_file() else None
    return remember(identified.ledger, published) if published else identified.ledger


def read_package(path: Path) -> Deck | None:
    """The deck in a package of ours; None where there is none. Raises PrimerError where the file cannot be read."""
    data = read_bytes(path)
    try:
        return package.read(data, shown(path))
    except PrimerError:
        return None


def recover(source: Path, target: Path | None) -> tuple[Path, int]:
    """Rebuild the ledger of a target from a package that was built before: its path and how many notes it holds.

    Raises PrimerError; a ledger that is in order is never replaced.
    """
    published = package.read(read_bytes(source), shown(source))
    manifest = resolve(target) if target else None
    path = manifest.ledger if manifest else ledger_beside(source)
    if manifest and manifest.id and manifest.id != published.id:
        message = f"the package holds deck {published.id}, the manifest names {manifest.id}"
        raise PrimerError(message, Location(shown(source)))
    with store.locked(path):
        if _is_in_order(path):
            hint = "delete it first if it should be rebuilt all the same"
            raise PrimerError("this ledger is in order", Location(shown(path)), hint=hint)
        ledger = rebuilt(published)
        store.save(path, ledger)
    return path, len(ledger.entries)


def _is_in_order(path: Path) -> bool:
    try:
        return store.load(path) is not None
    except PrimerError:
        return False


def differing(outcome: Outcome) -> tuple[Path, ...]:
    """The files that are not what the sources give now; compared by content, whichever SQLite and zlib wrote them."""
    manifest = outcome.manifest
    output = manifest.output
    known = store.load(manifest.ledger)
    stale = []
    if not (output.is_file() and package.is_same(read_bytes(output), outcome.package)):
        stale.append(output)
    if known is None or dump(known) != dump(outcome.identified.ledger):
        stale.append(manifest.ledger)
    return tuple(stale)


def farewell_package(outcome: Outcome) -> tuple[bytes, int, int]:
    """A package that tells learners which notes were retired: its bytes, how many it tells of, how many it cannot.

    Raises PrimerError where there is nothing to tell.
    """
    entries = resting(outcome.identified.ledger)
    options = outcome.manifest.options
    notes = farewell(entries, RETIRED_STATUS, f"{options.tag_root}::{TAG}")
    if not notes:
        raise PrimerError("no retired note whose content is known", Location(shown(outcome.manifest.output)))
    deck = replace(outcome.deck, notes=notes, media=media.used(outcome.deck.media, notes))
    return package.to_bytes(deck), len(notes), len(entries) - len(notes)


def _emptied(identified: Identified) -> Iterator[Diagnostic]:
    """A card that falls empty while its note lives stays with the learner until he removes it."""
    places = {note.guid: note.place for note in identified.notes}
    for card in identified.emptied:
        place = places[card.guid]
        where = Location(place.file, place.line) if place else Location("")
        message = f"the card {card.card} of “{card.question}” is gone, but learners keep it, empty"
        hint = "they remove it in Anki with Tools → Empty Cards"
        yield Diagnostic(where, Severity.WARNING, message, "emptied-card", hint)


def _as_deck_name(title: str) -> str:
    """A heading as a deck's name: one line, one level (`::` would make a subdeck), not Anki's own."""
    name = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    while "::" in name:
        name = name.replace("::", ":")
    return name if name.casefold() not in ("", "default") else "Notes"


def _id_from_name(name: str) -> int:
    """A deck id of ten digits, the same for the same name everywhere."""
    digest = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return 1_000_000_000 + digest % 9_000_000_000


def _without_ledger(manifest: Manifest, ledger: Ledger | None) -> Iterator[Diagnostic]:
    """A package of ours without its ledger: learners may have histories that this build cannot see."""
    if ledger or not manifest.output.is_file():
        return
    place = shown(manifest.output)
    old = read_package(manifest.output)
    if old is None:
        return
    message = f"the ledger {shown(manifest.ledger)} is missing; this package has {len(old.notes)} notes"
    hint = f"if it was lost, rebuild it first: primer-anki recover {place}"
    yield Diagnostic(Location(place), Severity.WARNING, message, hint=hint)


def _renamed(manifest: Manifest, ledger: Ledger | None) -> Iterator[Diagnostic]:
    if manifest.id and ledger and ledger.deck_name != manifest.name:
        message = f"the deck was called {ledger.deck_name}: cards that learners have stay in the deck of that name"
        hint = "a deck's name should never change"
        yield Diagnostic(Location(shown(manifest.origin)), Severity.WARNING, message, hint=hint)
