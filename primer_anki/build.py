"""The way from manifests to `.apkg` files, step by step. Nobody else calls the steps.

    gather    sources → drafts
    plan      drafts, ledgers → decks, next ledgers, bytes: all that a build decides
    write     the bytes, then the ledgers

Several decks are built together: a note that leaves one of them may turn up in another and keeps its identity.
What the later steps need is not imported before other processes read the sources.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from primer_anki import locks, looked
from primer_anki.diagnostic import Diagnostic, Location, PrimerError, Severity
from primer_anki.files import read_bytes, real, shown, write_if_changed
from primer_anki.lint.seen import Seen
from primer_anki.lint.verdict import compare, fails, hear
from primer_anki.looked import Look
from primer_anki.manifest import Manifest, ledger_beside
from primer_anki.model import Deck, Draft, Face, Media, Page
from primer_anki.parser.extraction import Skipped
from primer_anki.reading import Reading, Readings, Rules
from primer_anki.sources import Source, read
from primer_anki.targets import check_outputs, resolve
from primer_anki.value import Value, replace

if TYPE_CHECKING:
    from concurrent.futures import Future

    from primer_anki.clock import Clock
    from primer_anki.identity.identify import Identified
    from primer_anki.identity.ledger import Ledger

Meanwhile: TypeAlias = Callable[[Manifest, Sequence[Reading]], None]
"""What is done while other processes read; told what the cache had."""
Say: TypeAlias = Callable[[str], None]
"""Told what is being done; a terminal shows it."""


class Gathered(Value, frozen=True):
    """What the sources of a deck say."""

    manifest: Manifest
    title: str
    """Of the first source."""
    drafts: tuple[Draft, ...]
    """In the order in which a learner meets them."""
    seen: tuple[Seen, ...]
    """What the rules saw of each draft."""
    faces: tuple[Face | None, ...]
    """What identity sees of each draft; None where its pictures are to be seen first."""
    media: tuple[Media, ...]
    pages: tuple[Page, ...]
    skipped: tuple[Skipped, ...]
    diagnostics: tuple[Diagnostic, ...]
    looks: Mapping[Path, Look]
    """Every file that was read or looked for, and what stood there."""


class Outcome(Value, frozen=True):
    """All that a build has decided on one deck, before anything is written."""

    manifest: Manifest
    deck: Deck
    compressed: Future[bytes]
    """The `.apkg` to be."""
    remembered: bytes
    """The next ledger, as it stands on the disk."""
    cards: int
    """How many the deck makes."""
    identified: Identified
    drafts: tuple[Draft, ...]
    pages: tuple[Page, ...]
    diagnostics: tuple[Diagnostic, ...]
    """Of every step and every lint rule; those in the sources by file and line."""
    lasting: tuple[Diagnostic, ...]
    """Those that the next build finds too if nothing changes until then."""
    looks: Mapping[Path, Look]
    """Every file that was read or looked for, and what stood there."""

    @property
    def package(self) -> bytes:
        """The `.apkg`."""
        return self.compressed.result()

    def passes(self, *, strict: bool) -> bool:
        """Whether the deck is in order; where it is strict, warnings count too."""
        return not fails(self.diagnostics, len(self.drafts), strict=strict)


def build(manifests: Sequence[Manifest], clock: Clock, say: Say, *, strict: bool = False) -> tuple[Outcome, ...]:
    """Plan and write; with `strict` only where nothing is wrong.

    Raises PrimerError; where that is before the first deck is written, nothing is.
    """
    for manifest in manifests:
        check_outputs(manifest)
    with ExitStack() as held:
        for path in sorted({real(manifest.ledger) for manifest in manifests}):
            held.enter_context(locks.locked(path))
        outcomes = plan(manifests, clock, say)
        if strict and not all(outcome.passes(strict=True) for outcome in outcomes):
            return outcomes
        return tuple(_written(outcome, say) for outcome in outcomes)


def plan(manifests: Sequence[Manifest], clock: Clock, say: Say) -> tuple[Outcome, ...]:
    """Decide everything; the disk is only read. Raises PrimerError where there is no deck to be had."""
    early: dict[Path, _Known] = {}

    def prepare(manifest: Manifest, kept: Sequence[Reading]) -> None:
        import primer_anki.deck.package  # noqa: F401

        with suppress(PrimerError):  # told below, when the sources have had their say
            early[manifest.ledger] = _known(manifest, kept)

    gathered = [gather(manifest, say, prepare) for manifest in manifests]
    for one in gathered:
        _refuse_empty(one)
    from primer_anki.identity.identify import Known, identify_all

    say("matching notes")
    known = [early.get(manifest.ledger) or _known(manifest, ()) for manifest in manifests]
    ledgers = [each.ledger for each in known]
    decks = [(one.drafts, _ledger(one, ledger)) for one, ledger in zip(gathered, ledgers, strict=True)]
    faces = [Known(one.faces, each.faces) for one, each in zip(gathered, known, strict=True)]
    identified = identify_all(decks, clock, faces)
    # What identity alone needed gives its memory to the packages.
    gathered = [replace(one, faces=()) for one in gathered]
    del known, faces
    early.clear()
    return tuple(_outcome(*each) for each in zip(gathered, ledgers, identified, strict=True))


class _Known(Value, frozen=True):
    """What the last build left of a deck."""

    ledger: Ledger | None
    faces: tuple[Face, ...]
    """What identity sees of its notes."""


def _known(manifest: Manifest, kept: Sequence[Reading]) -> _Known:
    """Load the ledger; `kept`: what is known of today's files already. Raises PrimerError."""
    from primer_anki.identity import faces, store

    ledger = store.load(manifest.ledger)
    if ledger is None:
        return _Known(None, ())
    drafts = [draft for reading in kept for draft in reading.extraction.drafts]
    trails = faces.trails(drafts, [face for reading in kept for face in reading.faces])
    return _Known(ledger, faces.of_ledger(ledger, trails))


RETIRED_STATUS = "Retired: this card is no longer part of the deck."


def _written(outcome: Outcome, say: Say) -> Outcome:
    say(f"writing {shown(outcome.manifest.output)}")
    return replace(outcome, looks={**outcome.looks, **write(outcome)})


def write(outcome: Outcome) -> Mapping[Path, Look]:
    """Write the package, then the ledger; return what stands there now.

    In this order: a ledger never knows of a note that no package has. What is lost between the two is decided
    in the same way by the next build. A package that holds the same deck already is left alone: another SQLite or
    zlib would write other bytes. Raises PrimerError.
    """
    from primer_anki.identity import store

    output, ledger = outcome.manifest.output, outcome.manifest.ledger
    store.keep(outcome.identified.ledger, outcome.remembered)
    standing = read_bytes(output) if output.is_file() else None
    if standing is None or not _is_same(standing, outcome):
        write_if_changed(output, outcome.package)
        standing = outcome.package
    store.save(ledger, outcome.identified.ledger, outcome.remembered)
    return {output: Look(looked.digest(standing)), ledger: Look(looked.digest(outcome.remembered))}


def _is_same(standing: bytes, outcome: Outcome) -> bool:
    """Whether a package holds the deck already: where a note changed, in this very second, only the same bytes do."""
    from primer_anki.deck import package

    if any(fate.changed for fate in outcome.identified.outcomes):
        return standing == outcome.package
    return package.is_same(standing, outcome.package)


def gather(manifest: Manifest, say: Say, meanwhile: Meanwhile = lambda manifest, kept: None) -> Gathered:
    """Read and extract every source. Raises PrimerError for one that cannot be read, or if all are empty.

    Places are below the root of the sources here. `meanwhile` is done while other processes read; it is told what the
    cache had.
    """
    sources = _Sources(manifest)
    found: list[Reading] = []
    with closing(Readings(sources.read(), Rules(manifest.options, dict(manifest.limits)))) as readings:
        from primer_anki.deck import media

        meanwhile(manifest, [reading for reading in readings.kept if reading])
        try:
            for reading in readings:
                found.append(reading)
                say(f"reading {len(found)}/{len(manifest.sources)} {reading.extraction.page.path}")
        except PrimerError as error:
            where = error.location and replace(error.location, path=shown(manifest.root / error.location.path))
            raise PrimerError(error.message, where, error.hint) from None
    if sources.problem:
        raise sources.problem
    if len(sources.empty) == len(found):
        raise PrimerError("the file is empty", Location(shown(manifest.sources[0])))
    title = found[0].extraction.title
    found.sort(key=lambda reading: reading.extraction.order)
    extractions = [reading.extraction for reading in found]
    cards = [
        card
        for each in found
        for card in zip(each.extraction.drafts, each.seen, each.faces, each.pictures, strict=True)
    ]
    cards.sort(key=lambda card: card[0].level)
    disk = media.Disk(manifest.root)
    illustrated, pictures, picture_problems = media.collect([draft for draft, _, _, count in cards if count], disk)
    with_pictures = iter(illustrated)
    before = [draft for draft, _, _, _ in cards]
    drafts = tuple([next(with_pictures) if count else draft for draft, _, _, count in cards])
    pages = tuple(extraction.page for extraction in extractions)
    problems = [diagnostic for extraction in extractions for diagnostic in extraction.diagnostics]
    return Gathered(
        manifest=manifest,
        title=title,
        drafts=drafts,
        seen=_seen(before, drafts, [seen for _, seen, _, _ in cards], pages, manifest.limits),
        faces=tuple([face if new is old else None for (old, _, face, _), new in zip(cards, drafts, strict=True)]),
        media=pictures,
        pages=pages,
        skipped=tuple(skipped for extraction in extractions for skipped in extraction.skipped),
        diagnostics=(*sources.empty, *problems, *picture_problems),
        looks={**sources.looks, **disk.looks},
    )


class _Sources:
    """The sources of a deck, and what is noted of them while they are read."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.looks: dict[Path, Look] = {}
        self.empty: list[Diagnostic] = []
        self.problem: PrimerError | None = None
        """Of the first one that cannot be read: told when those before it have had their say."""

    def read(self) -> Iterator[Source]:
        """The sources, up to one that cannot be read."""
        try:
            for path, source in zip(self.manifest.sources, self._all(), strict=True):
                self.looks[path] = Look(source.digest)
                if not source.text.strip():
                    self.empty.append(Diagnostic(Location(source.name), Severity.WARNING, "the file is empty"))
                yield source
        except PrimerError as error:
            self.problem = error

    def _all(self) -> Iterator[Source]:
        return read(self.manifest.root, self.manifest.sources)


def _seen(
    before: Sequence[Draft],
    drafts: Sequence[Draft],
    seen: Sequence[Seen],
    pages: Sequence[Page],
    limits: Mapping[str, float],
) -> tuple[Seen, ...]:
    """What the rules see of each draft, now that it is known which pictures are there.

    A picture's new name is all the same to them; its alternative text in its stead is not.
    """
    robbed = [
        at
        for at, (old, new) in enumerate(zip(before, drafts, strict=True))
        if new is not old and new.pictures < old.pictures
    ]
    result = list(seen)
    if robbed:
        from primer_anki.lint.engine import look

        for at, each in zip(robbed, look([drafts[at] for at in robbed], pages, limits), strict=True):
            result[at] = each
    return tuple(result)


class _Names(dict[str, str]):
    """Files as the user would type them, by their names below the root."""

    def __init__(self, manifest: Manifest) -> None:
        super().__init__()
        self.root = manifest.root

    def __missing__(self, path: str) -> str:
        self[path] = shown(self.root / path)
        return self[path]


def _as_typed(diagnostic: Diagnostic, names: Mapping[str, str], columns: Mapping[str, tuple[int, ...]]) -> Diagnostic:
    """A problem in the sources, as the user would find the place: with the column where the line's text begins."""
    where = diagnostic.location
    column = where.column or next(iter(columns.get(where.path, ())[where.line - 1 : where.line]), 0)
    # The steps know a file by its name below the root; the user by the way there from where he stands.
    return replace(diagnostic, location=Location(names[where.path], where.line, column))


def _refuse_empty(gathered: Gathered) -> None:
    if not gathered.drafts:
        place = shown(gathered.manifest.origin)
        raise PrimerError("no cards found", Location(place), hint=f"see why: primer-anki cards --skipped {place}")


def _ledger(gathered: Gathered, ledger: Ledger | None) -> Ledger:
    """What is known of the deck so far; a new deck's name and id are chosen here, for ever.

    A manifest fixes both; without one the first build takes them from the sources, and the ledger keeps them.
    """
    from primer_anki.identity.ledger import Ledger

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
    from primer_anki.deck import package
    from primer_anki.identity import store

    manifest = gathered.manifest
    identified = replace(identified, ledger=_remembered(manifest, identified))
    ledger = identified.ledger
    deck = Deck(ledger.deck_name, ledger.deck_id, manifest.description, identified.notes, gathered.media)
    packed = package.pack(deck)
    compressed = package.compress(packed)
    diagnostics, lasting = _diagnostics(gathered, known, identified)
    remembered = store.content(ledger)
    return Outcome(
        manifest=manifest,
        deck=deck,
        compressed=compressed,
        remembered=remembered,
        cards=packed.cards,
        identified=identified,
        drafts=gathered.drafts,
        pages=gathered.pages,
        diagnostics=diagnostics,
        lasting=lasting,
        looks=gathered.looks,
    )


def _diagnostics(
    gathered: Gathered, known: Ledger | None, identified: Identified
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """All that is to be said, and what of it the next build would say too if nothing changes until then."""
    manifest = gathered.manifest
    columns = {page.path: page.columns for page in gathered.pages}
    names = _Names(manifest)
    compared = compare(gathered.drafts, gathered.seen, gathered.pages, manifest.limits)

    def heard(*in_identity: Diagnostic) -> tuple[Diagnostic, ...]:
        found = hear((*gathered.diagnostics, *in_identity, *compared), gathered.pages)
        return tuple(_as_typed(diagnostic, names, columns) for diagnostic in found)

    of_this_build = [*identified.diagnostics, *_emptied(identified)]
    lasting = [diagnostic for diagnostic in identified.diagnostics if diagnostic.rule == "duplicate-id"]
    in_sources = heard(*of_this_build)
    return (
        (*_without_ledger(manifest, known), *_renamed(manifest, known), *in_sources),
        in_sources if lasting == of_this_build else heard(*lasting),
    )


def _remembered(manifest: Manifest, identified: Identified) -> Ledger:
    """The ledger, with what learners have of the notes that leave in this build: the last package still holds it."""
    from primer_anki.identity.rest import remember

    leaving = any("retired" in fate.what for fate in identified.outcomes)
    published = read_package(manifest.output) if leaving and manifest.output.is_file() else None
    return remember(identified.ledger, published) if published else identified.ledger


def read_package(path: Path) -> Deck | None:
    """The deck in a package of ours; None where there is none. Raises PrimerError where the file cannot be read."""
    from primer_anki.deck import package

    data = read_bytes(path)
    try:
        return package.read(data, shown(path))
    except PrimerError:
        return None


def recover(source: Path, target: Path | None) -> tuple[Path, int]:
    """Rebuild the ledger of a target from a package that was built before: its path and how many notes it holds.

    Raises PrimerError; a ledger that is in order is never replaced.
    """
    from primer_anki.deck import package
    from primer_anki.identity import store
    from primer_anki.identity.recover import recover as rebuilt

    published = package.read(read_bytes(source), shown(source))
    manifest = resolve(target) if target else None
    path = manifest.ledger if manifest else ledger_beside(source)
    if manifest and manifest.id and manifest.id != published.id:
        message = f"the package holds deck {published.id}, the manifest names {manifest.id}"
        raise PrimerError(message, Location(shown(source)))
    with locks.locked(path):
        if _is_in_order(path):
            hint = "delete it first if it should be rebuilt all the same"
            raise PrimerError("this ledger is in order", Location(shown(path)), hint=hint)
        ledger = rebuilt(published)
        store.save(path, ledger)
    return path, len(ledger.entries)


def _is_in_order(path: Path) -> bool:
    from primer_anki.identity import store

    try:
        return store.load(path) is not None
    except PrimerError:
        return False


def differing(outcome: Outcome) -> tuple[Path, ...]:
    """The files that are not what the sources give now; compared by content, whichever SQLite and zlib wrote them."""
    from primer_anki.identity import store

    manifest = outcome.manifest
    output = manifest.output
    known = store.load(manifest.ledger)
    stale = []
    if not (output.is_file() and _is_same(read_bytes(output), outcome)):
        stale.append(output)
    if known is None or store.content(known) != outcome.remembered:
        stale.append(manifest.ledger)
    return tuple(stale)


def farewell_package(outcome: Outcome) -> tuple[bytes, int, int]:
    """A package that tells learners which notes were retired: its bytes, how many it tells of, how many it cannot.

    Raises PrimerError where there is nothing to tell.
    """
    from primer_anki.deck import media, package
    from primer_anki.identity.rest import TAG, farewell, resting

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
