"""Drafts and the ledger → notes, the next ledger, and what became of every note. Pure: the clock is an argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

from primer_anki.clock import Clock
from primer_anki.diagnostic import Diagnostic, Location, Severity
from primer_anki.identity import faces
from primer_anki.identity.cards import cards_of
from primer_anki.identity.cloze import number
from primer_anki.identity.guid import new_guid
from primer_anki.identity.ledger import Entry, Item, Ledger, Part
from primer_anki.identity.likelihood import Evidence
from primer_anki.identity.matching import Doubt, match
from primer_anki.identity.order import reorder
from primer_anki.identity.words import key
from primer_anki.model import Draft, Face, Note, Place
from primer_anki.value import Value, replace

What: TypeAlias = Literal["new", "restored", "reworded", "moved", "rerendered", "retagged", "untouched", "retired"]


class Reason(Value, frozen=True):
    """Why a draft was taken for a note of the ledger."""

    stage: str
    """See `matching.Pair`."""
    question: str
    before: str
    """The question of the last build."""
    file: str
    trail: tuple[str, ...]
    """Where it stood."""
    evidence: Evidence | None = None
    """The scores, where likeness decided."""
    lead: float = 0.0
    """How much better it was than its best rival, where likeness decided."""


class Ambiguity(Value, frozen=True):
    """A draft that became a new note since no old one was clearly it."""

    place: Place
    question: str
    candidates: tuple[tuple[str, str, float], ...]
    """GUID, question and score of each old note that it may be; best first."""


class Outcome(Value, frozen=True):
    """What became of a note in this build."""

    guid: str
    what: tuple[What, ...]
    """All that applies; `untouched` and `new` stand alone. A note may be `moved` and render as before."""
    changed: bool
    """The rendered content changed: a learner's import updates the note."""
    question: str
    before: str = ""
    """The question of the last build, where it was another one."""
    reasons: tuple[Reason, ...] = ()
    """Why the note was taken for the old one: for each of its drafts where that does not go without saying."""
    from_deck: str = ""
    """The deck that the note came from, where it moved between decks."""
    to_deck: str = ""
    """The deck that the note went to: it is no longer in this one, and not retired."""


class Emptied(Value, frozen=True):
    """A card that fell empty while its note lives; learners remove it with Tools → Empty Cards."""

    guid: str
    card: str
    """`Reverse`, `Advantages`, `c2`, …"""
    question: str


class Identified(Value, frozen=True):
    """What identifying the drafts of one deck gives."""

    notes: tuple[Note, ...]
    """In the order of the drafts."""
    ledger: Ledger
    """To be written after the package."""
    outcomes: tuple[Outcome, ...]
    """A note's in the order of the notes, then those of the notes that left in this build."""
    emptied: tuple[Emptied, ...]
    ambiguities: tuple[Ambiguity, ...]
    diagnostics: tuple[Diagnostic, ...]


def identify(drafts: Sequence[Draft], ledger: Ledger, clock: Clock) -> Identified:
    """Return the notes that drafts are, given all that the ledger knows; a new deck has an empty ledger.

    Drafts stand in the order in which learners meet them. Raise TooSoonError if a note changed within a second of its
    last change: wait until `earliest`.
    """
    return identify_all([(drafts, ledger)], clock)[0]


class Known(Value, frozen=True):
    """What was worked out of a deck before."""

    new: Sequence[Face | None]
    """The faces of the drafts, as far as they are known."""
    old: tuple[Face, ...] | None = None
    """Those of the ledger's notes: see `faces.of_ledger`."""


def identify_all(
    decks: Sequence[tuple[Sequence[Draft], Ledger]],
    clock: Clock,
    known: Sequence[Known] | None = None,
) -> tuple[Identified, ...]:
    """Return the same for several decks at once: what leaves one of them may turn up in another with its GUID.

    `known`: what was worked out of each deck before.
    """
    given = known or [Known([None] * len(drafts)) for drafts, _ in decks]
    works = [_Work(drafts, ledger, each) for (drafts, ledger), each in zip(decks, given, strict=True)]
    if len(works) > 1:
        for work in works:
            work.adopt([other for other in works if other is not work])
    return tuple(_finish(work, clock) for work in works)


class _Work:
    """One deck while its drafts find their notes."""

    def __init__(self, drafts: Sequence[Draft], ledger: Ledger, known: Known) -> None:
        self.ledger = ledger
        self.drafts, self.warnings = _without_double_ids(drafts)
        self.new = tuple(
            face if face and draft is given else faces.of_draft(draft)
            for given, draft, face in zip(drafts, self.drafts, known.new, strict=True)
        )
        self.old = known.old if known.old is not None else faces.of_ledger(ledger, self.trails)
        self.matched = match(self.old, self.new)
        self.pair_of = {pair.new: pair for pair in self.matched.pairs}
        self.old_of = {pair.new: self.old[pair.old] for pair in self.matched.pairs}
        self.guid_of = {j: face.guid for j, face in self.old_of.items()}
        self.adopted: dict[str, tuple[Entry, str]] = {}
        """Notes from other decks, and from which."""
        self.left: dict[str, str] = {}
        """Notes that went to another deck, and to which."""

    @cached_property
    def trails(self) -> faces.Trails:
        return faces.trails(self.drafts, self.new)

    def retired(self) -> Iterator[Entry]:
        """Return the notes that no draft is, of now and of earlier."""
        living = set(self.guid_of.values())
        for guid, entry in self.ledger.entries.items():
            if guid not in living and guid not in self.left and not entry.moved:
                yield entry

    def adopt(self, others: Sequence[_Work]) -> None:
        """Match what is left here with what was retired in the other decks."""
        open_ = [j for j in range(len(self.drafts)) if j not in self.guid_of]
        offered = [(entry, other) for other in others for entry in other.retired() if self._may_adopt(entry.guid)]
        home = {entry.guid: (entry, other) for entry, other in offered}
        known = faces.of_entries((entry for entry, _ in home.values()), self.trails)
        old = tuple(replace(face, retired=True) for face in known)
        for pair in match(old, [self.new[j] for j in open_]).pairs:
            guid = old[pair.old].guid
            entry, other = home[guid]
            self.adopted[guid] = (entry, other.ledger.deck_name)
            other.left[guid] = self.ledger.deck_name
            self.guid_of[open_[pair.new]] = guid
            self.pair_of[open_[pair.new]] = replace(pair, new=open_[pair.new])
            self.old_of[open_[pair.new]] = old[pair.old]

    def _may_adopt(self, guid: str) -> bool:
        """Tell whether the deck has no such note, or had one that moved away."""
        own = self.ledger.entries.get(guid)
        return own is None or bool(own.moved)

    def entry(self, guid: str) -> Entry | None:
        """Return what is known of a note, here or where it came from."""
        found = self.adopted.get(guid)
        return found[0] if found else self.ledger.entries.get(guid)


def _without_double_ids(drafts: Sequence[Draft]) -> tuple[tuple[Draft, ...], list[Diagnostic]]:
    """Return the drafts with every id once a note type and side; a second one counts as none, and is named."""
    if not any(draft.id for draft in drafts):
        return tuple(drafts), []
    seen: dict[tuple[str, str, str], Draft] = {}
    result: list[Draft] = []
    problems: list[Diagnostic] = []
    for draft in drafts:
        name = (draft.note_type, faces.side_of(draft), draft.id)
        first = seen.setdefault(name, draft) if draft.id else draft
        if first is draft:
            result.append(draft)
            continue
        result.append(replace(draft, id=""))
        problems.append(
            Diagnostic(
                Location(draft.place.file, draft.place.line),
                Severity.ERROR,
                f"the id {draft.id!r} stands on line {first.place.line} of {first.place.file} already",
                "duplicate-id",
                "give one of the two another id",
            )
        )
    return tuple(result), problems


# — drafts → notes —


@dataclass(slots=True)
class _Plan:
    """A note to be: which drafts it is made of."""

    guid: str
    drafts: list[int] = field(default_factory=list)


def _plans(work: _Work) -> list[_Plan]:
    """Return the notes to be, in the order of their first drafts.

    Sides of a trade-off that were one note stay one, and two stay two: they carry the GUIDs that matching found.
    A side without one joins the first note with the same key that has no such side.
    """
    by_guid: dict[str, _Plan] = {}
    for j in sorted(work.guid_of):
        guid = work.guid_of[j]
        plan = by_guid.get(guid)
        if plan is None:
            plan = by_guid[guid] = _Plan(guid)
        plan.drafts.append(j)
    plans = list(by_guid.values())
    open_ = [j for j in range(len(work.drafts)) if j not in work.guid_of]
    _join(work, plans, open_)
    used = {*work.ledger.entries, *work.adopted}
    for plan in sorted(plans, key=lambda plan: plan.drafts[0]):
        if not plan.guid:
            draft = work.drafts[plan.drafts[0]]
            plan.guid = new_guid(work.ledger.deck_id, draft.question, draft.place, used)
            used.add(plan.guid)
    return sorted(plans, key=lambda plan: plan.drafts[0])


def _join(work: _Work, plans: list[_Plan], open_: Sequence[int]) -> None:
    """Add the drafts that have no note yet to the plans: to one with the same key, or as plans of their own."""
    by_key: dict[str, list[_Plan]] = {}
    for plan in plans:
        for name in {work.drafts[j].joins for j in plan.drafts if work.drafts[j].joins}:
            by_key.setdefault(name, []).append(plan)
    for j in open_:
        joins, side = work.drafts[j].joins, work.new[j].side
        candidates = by_key.get(joins, []) if joins else []
        found = next((each for each in candidates if all(work.new[i].side != side for i in each.drafts)), None)
        plan = found or _Plan("")
        if found is None:
            plans.append(plan)
            if joins:
                by_key.setdefault(joins, []).append(plan)
        plan.drafts.append(j)
        plan.drafts.sort()


def _fields(drafts: Sequence[Draft], guid: str, text: str) -> Mapping[str, str]:
    """Return the fields of a note: each from the first draft that fills it, and the GUID for the learner to name it."""
    first = drafts[0].fields
    fields = dict(first) if all(first.values()) else {name: content for name, content in first.items() if content}
    for draft in drafts[1:]:
        for name, content in draft.fields.items():
            if content:
                fields.setdefault(name, content)
    if text:
        fields["Text"] = text
    fields["Note ID"] = guid
    return fields


class _Made(Value, frozen=True):
    """A note and its entry; the entry's parts have no order yet."""

    note: Note
    entry: Entry
    old: Entry | None
    drafts: tuple[int, ...]


def _make(work: _Work, plan: _Plan, clock: Clock) -> _Made:
    drafts = [work.drafts[j] for j in plan.drafts]
    first, old = drafts[0], work.entry(plan.guid)
    if (
        old
        and plan.guid not in work.adopted
        and len(drafts) == 1
        and _is_the_same(old, first, work.new[plan.drafts[0]])
    ):
        fields = _fields(drafts, plan.guid, "")
        note = Note(
            plan.guid, "basic", fields, first.tags, old.created, old.changed, first.pattern, first.place, first.view
        )
        return _Made(note, old, old, tuple(plan.drafts))
    numbered = number(first, old.items if old else ()) if first.note_type == "cloze" else None
    items: tuple[Item, ...] = numbered.items if numbered else ()
    fields = _fields(drafts, plan.guid, numbered.text if numbered else "")
    tags = _sorted(tuple(tag for draft in drafts for tag in draft.tags))
    print_ = work.new[plan.drafts[0]].fingerprint or faces.fingerprint(fields, tags)
    created, changed = _times(old, print_, clock)
    parts = [_part(work, j) for j in plan.drafts]
    entry = Entry(
        guid=plan.guid,
        note_type=first.note_type,
        id=next((draft.id for draft in drafts if draft.id), ""),
        pattern=first.pattern,
        subject=first.subject,
        parts=(*parts, *_gone_parts(old, parts)),
        items=items,
        cards=cards_of(first.note_type, fields, items),
        fingerprint=print_,
        created=created,
        changed=changed,
    )
    note = Note(plan.guid, first.note_type, fields, tags, created, changed, first.pattern, first.place, first.view)
    return _Made(note, entry, old, tuple(plan.drafts))


def _is_the_same(old: Entry, draft: Draft, face: Face) -> bool:
    """Tell whether a Basic draft would give its note the entry that it has, order aside: most of a deck would."""
    part = old.parts[0]
    return (
        old.fingerprint == face.fingerprint != ""
        and part.order != ""
        and part == _part_of(draft, face, part.order)
        and len(old.parts) == 1
        and old.pattern == draft.pattern
        and old.subject == draft.subject
        and old.id == draft.id
        and old.cards == cards_of("basic", draft.fields, ())
        and not (old.retired or old.moved or old.items or old.fields or old.tags)
        and draft.tags == _sorted(draft.tags)
    )


@lru_cache(maxsize=1024)
def _sorted(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return each tag once, in order: most notes of a file have the same tags."""
    return tuple(sorted({*tags}))


def _times(old: Entry | None, fingerprint: str, clock: Clock) -> tuple[int, int]:
    """Return when a note was created and changed; coming back is a change too."""
    if old is None:
        return clock.now, clock.now
    same = old.fingerprint == fingerprint and not old.retired
    return old.created, old.changed if same else clock.after(old.changed)


def _part(work: _Work, j: int) -> Part:
    return _part_of(work.drafts[j], work.new[j], _old_order(work, j))


def _part_of(draft: Draft, face: Face, order: str) -> Part:
    return Part(
        side=face.side,
        file=draft.place.file,
        trail=draft.place.trail,
        order=order,
        question=draft.question,
        answer=face.answer,
        body=face.body,
    )


def _old_order(work: _Work, j: int) -> str:
    """Return the order key of the part that a draft was, empty if it was none or stood in another deck."""
    entry = work.ledger.entries.get(work.guid_of.get(j, ""))
    parts = entry.parts if entry else ()
    return next((part.order for part in parts if part.side == work.new[j].side), "")


def _gone_parts(old: Entry | None, parts: Sequence[Part]) -> Iterator[Part]:
    living = {part.side for part in parts}
    for part in old.parts if old else ():
        if part.side not in living:
            yield replace(part, gone=True)


def _ordered(made: Sequence[_Made]) -> tuple[_Made, ...]:
    """Return the same with order keys: those of parts that stayed in order as they were."""
    places = sorted((j, at, index) for at, each in enumerate(made) for index, j in enumerate(each.drafts))
    orders = [made[at].entry.parts[index].order for _, at, index in places]
    keys = reorder(orders)
    result = list(made)
    for (_, at, index), before, text in zip(places, orders, keys, strict=True):
        if before != text:
            parts = list(result[at].entry.parts)
            parts[index] = replace(parts[index], order=text)
            result[at] = replace(result[at], entry=replace(result[at].entry, parts=tuple(parts)))
    return tuple(result)


# — the end —


def _finish(work: _Work, clock: Clock) -> Identified:
    made = [_kept(each) for each in _ordered([_make(work, plan, clock) for plan in _plans(work)])]
    living = {each.note.guid for each in made}
    resting = [_retire(entry, work.left.get(entry.guid, ""), clock) for entry in _not_living(work.ledger, living)]
    newly = [entry for entry in resting if not work.ledger.entries[entry.guid].retired]
    return Identified(
        notes=tuple(each.note for each in made),
        ledger=Ledger.of(work.ledger.deck_name, work.ledger.deck_id, [*(each.entry for each in made), *resting]),
        outcomes=(*(_outcome(work, each) for each in made), *(_retired(entry) for entry in newly)),
        emptied=tuple(card for each in made for card in _emptied(each)),
        ambiguities=tuple(_ambiguity(work, doubt) for doubt in _open_doubts(work)),
        diagnostics=(
            *work.warnings,
            *(_warning(work, doubt) for doubt in _open_doubts(work)),
            *_type_changes(work, made, newly),
        ),
    )


def _kept(made: _Made) -> _Made:
    """Return the same with the very entry of the last build where that is equal."""
    if made.entry is made.old or made.entry != made.old:
        return made
    return _Made(made.note, made.old, made.old, made.drafts)


def _not_living(ledger: Ledger, living: set[str]) -> Iterator[Entry]:
    return (entry for guid, entry in ledger.entries.items() if guid not in living)


def _retire(entry: Entry, moved: str, clock: Clock) -> Entry:
    if entry.retired:
        return replace(entry, moved=moved) if moved else entry
    second = clock.after(entry.changed)
    return replace(entry, changed=second, retired=second, moved=moved)


def _retired(entry: Entry) -> Outcome:
    question = entry.parts[0].question
    if entry.moved:
        return Outcome(entry.guid, ("moved",), changed=False, question=question, to_deck=entry.moved)
    return Outcome(entry.guid, ("retired",), changed=True, question=question)


def _outcome(work: _Work, made: _Made) -> Outcome:
    question = made.entry.parts[0].question
    telling = [j for j in made.drafts if _is_telling(work, j)]
    if made.entry is made.old and not telling and made.note.guid not in work.adopted:
        return Outcome(made.note.guid, ("untouched",), changed=False, question=question)
    if made.old is None:
        return Outcome(made.note.guid, ("new",), changed=True, question=question)
    before = made.old.parts[0].question
    return Outcome(
        guid=made.note.guid,
        what=("untouched",) if made.entry is made.old else tuple(_what(made.old, made.entry)) or ("untouched",),
        changed=made.entry.changed != made.old.changed,
        question=question,
        before="" if before == question else before,
        reasons=tuple([_reason(work, j) for j in telling]),
        from_deck=work.adopted[made.note.guid][1] if made.note.guid in work.adopted else "",
    )


def _what(old: Entry, new: Entry) -> Iterator[What]:
    if old.retired:
        yield "restored"
    reworded = _each(old, lambda part: (key(part.question), part.answer)) != _each(
        new, lambda part: (key(part.question), part.answer)
    )
    if reworded:
        yield "reworded"
    is_placed = all(part.file for part in old.parts)  # a ledger rebuilt from a package knows no places
    if is_placed and _each(old, _standing) != _each(new, _standing):
        yield "moved"
    before, after = old.fingerprint.rpartition("-"), new.fingerprint.rpartition("-")
    if before[0] != after[0] and not reworded:
        yield "rerendered"
    if before[2] != after[2]:
        yield "retagged"


def _each(entry: Entry, seen: Callable[[Part], object]) -> dict[str, object]:
    return {part.side: seen(part) for part in entry.parts if not part.gone}


def _standing(part: Part) -> object:
    trail = tuple(key(heading) for heading in part.trail)
    return part.file, trail[:-1] if trail[-1:] == (key(part.question),) else trail, part.order


def _emptied(made: _Made) -> Iterator[Emptied]:
    """Return the cards that the note made and makes no more; a note that comes back had none."""
    if made.old is not None and not made.old.retired:
        for card in made.old.cards:
            if card not in made.entry.cards:
                yield Emptied(made.note.guid, card, made.entry.parts[0].question)


def _is_telling(work: _Work, j: int) -> bool:
    """Tell whether likeness decided, or the question was another one."""
    pair = work.pair_of.get(j)
    return pair is not None and (pair.evidence is not None or work.drafts[j].question != work.old_of[j].question)


def _reason(work: _Work, j: int) -> Reason:
    pair, old = work.pair_of[j], work.old_of[j]
    return Reason(pair.stage, work.drafts[j].question, old.question, old.file, old.trail, pair.evidence, pair.lead)


def _open_doubts(work: _Work) -> Iterator[Doubt]:
    return (doubt for doubt in work.matched.doubts if doubt.new not in work.guid_of)


def _ambiguity(work: _Work, doubt: Doubt) -> Ambiguity:
    draft = work.drafts[doubt.new]
    found = tuple((work.old[i].guid, work.old[i].question, score) for i, score in doubt.candidates)
    return Ambiguity(draft.place, draft.question, found)


def _warning(work: _Work, doubt: Doubt) -> Diagnostic:
    draft = work.drafts[doubt.new]
    lines = {guid: line for line, guid in enumerate(work.ledger.entries, 2)}
    olds = [work.old[i] for i, _ in doubt.candidates]
    named = [f"“{_short(face.question)}” ({face.guid}, line {lines[face.guid]} of the ledger)" for face in olds]
    rivals = [work.drafts[j].place for j in doubt.rivals]
    also = "".join(f"; {place.file}:{place.line} may be it as well" for place in rivals)
    return Diagnostic(
        Location(draft.place.file, draft.place.line),
        Severity.WARNING,
        f"“{_short(draft.question)}” may be an earlier note reworded, but none clearly: {' or '.join(named)}{also}; "
        "it becomes a new note",
        "ambiguous-identity",
        f"to keep a note's history, put its id before the block: <!-- id: {olds[0].guid if olds else '…'} -->",
    )


def _type_changes(work: _Work, made: Sequence[_Made], retired: Sequence[Entry]) -> Iterator[Diagnostic]:
    """Return a warning for each new note that was there until now as a note of another type: no history can follow."""
    left = {key(part.question): entry for entry in retired for part in entry.parts}
    for each in made if left else ():
        was = left.get(key(each.entry.parts[0].question)) if each.old is None else None
        if was is not None and was.note_type != each.entry.note_type:
            place = work.drafts[each.drafts[0]].place
            yield Diagnostic(
                Location(place.file, place.line),
                Severity.WARNING,
                f"“{_short(each.entry.parts[0].question)}” was a {was.note_type} note ({was.guid}) and is now a "
                f"{each.entry.note_type} note: it starts without a history",
                "type-change",
                "keep its old form in Markdown if its history matters more",
            )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
