"""The difference between two decks: for a terminal, for release notes, for programs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from primer_anki.deck.diff import FRAME, Change, Kind, TypeChange, compare, compare_note_types, differing_fields
from primer_anki.deck.notetypes import NOTE_TYPES
from primer_anki.files import shown
from primer_anki.model import Deck, Field, Note, NoteType, NoteTypeKey, Template
from primer_anki.readable import html_to_text
from primer_anki.worddiff import Op, Piece, changed_lines, pieces

_TITLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.NEW: "Added",
        Kind.RESTORED: "Restored",
        Kind.REWORDED: "Reworded",
        Kind.RETYPED: "Other note type",
        Kind.MOVED: "Moved",
        Kind.RETAGGED: "Retagged",
        Kind.RERENDERED: "Rendered anew",
        Kind.RETIRED: "Retired",
    }
)
"""In the order in which they are told. Untouched notes are only counted."""
_COUNTED: Mapping[Kind, str] = MappingProxyType({kind: title.lower() for kind, title in _TITLES.items()})
_UNTOLD = frozenset({"Context", "Source", "Status", "Note ID"})
"""Fields that a new note is not introduced with."""
_LONGEST = 160
"""Characters of a field on one line."""
_CLOZE = re.compile(r"\{\{c[0-9,]+::(.*?)(?:::.*?)?\}\}", re.DOTALL)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~#])")
_RED, _GREEN, _BOLD, _DIM, _PLAIN = "\033[31m", "\033[32m", "\033[1m", "\033[2m", "\033[0m"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two decks and all that lies between them."""

    old_name: str
    """What the user called the old one."""
    new_name: str
    old: Deck
    new: Deck
    changes: tuple[Change, ...]
    """One for every note."""
    note_types: tuple[TypeChange, ...]
    root: Path | None
    """Of the new one's sources; None where it was read from a package."""


def difference(old: Deck, new: Deck, names: tuple[str, str], root: Path | None = None) -> Difference:
    """Compare two decks."""
    types = compare_note_types(_types(old), _types(new))
    return Difference(*names, old, new, compare(old, new), types, root)


# -- text ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    """How a kind of output marks its words."""

    plain: Callable[[str], str]
    removed: Callable[[str], str]
    added: Callable[[str], str]
    strong: Callable[[str], str]


def _wrapped(before: str, after: str) -> Callable[[str], str]:
    return lambda words: f"{before}{words}{after}"


def _escaped(words: str) -> str:
    return _MARKDOWN.sub(r"\\\1", words)


_BARE = _Style(str, _wrapped("[-", "-]"), _wrapped("{+", "+}"), str)
_COLOURED = _Style(str, _wrapped(_RED, _PLAIN), _wrapped(_GREEN, _PLAIN), _wrapped(_BOLD, _PLAIN))
_IN_MARKDOWN = _Style(
    _escaped,
    lambda words: f"<del>{_escaped(words)}</del>",
    lambda words: f"<ins>{_escaped(words)}</ins>",
    lambda words: f"**{_escaped(words)}**",
)


def text(found: Difference, *, coloured: bool = False) -> str:
    """For a terminal; without colours, `[-removed-]` and `{+added+}` stand in the lines."""
    style = _COLOURED if coloured else _BARE
    lines = [f"{found.old_name} → {found.new_name}: {found.new.name}", f"  {_counts(found)}"]
    lines += [f"  {line}" for line in _around(found, style)]
    for kind, changes in _groups(found):
        lines += ["", style.strong(f"{_TITLES[kind]} ({len(changes)})")]
        for change in changes:
            lines.append(
                f"  {_where(change, found.root)}{style.strong(_title(change, found))}{_guid(change, coloured)}"
            )
            lines.extend(f"      {line}" for line in _details(change, found, style))
    return "\n".join(lines)


def markdown(found: Difference) -> str:
    """For release notes and pull requests."""
    lines = [f"**{_escaped(found.new.name)}**: {_counts(found)}"]
    around = list(_around(found, _IN_MARKDOWN))
    lines += ["", *(f"- {line}" for line in around)] if around else []
    for kind, changes in _groups(found):
        lines += ["", f"### {_TITLES[kind]} ({len(changes)})", ""]
        for change in changes:
            lines.append(f"- **{_escaped(_title(change, found))}**")
            lines.extend(f"  - {line}" for line in _details(change, found, _IN_MARKDOWN))
    return "\n".join(lines)


def _counts(found: Difference) -> str:
    counted = Counter(change.kind for change in found.changes)
    told = [f"{counted[kind]} {word}" for kind, word in _COUNTED.items() if counted[kind]]
    untouched = [f"{counted[Kind.UNTOUCHED]} untouched"] if counted[Kind.UNTOUCHED] or not told else []
    return " · ".join([*told, *untouched])


def _groups(found: Difference) -> Iterator[tuple[Kind, list[Change]]]:
    for kind in _TITLES:
        changes = [change for change in found.changes if change.kind is kind]
        if changes:
            yield kind, changes


def _around(found: Difference, style: _Style) -> Iterator[str]:
    """What differs beside the notes."""
    if found.old.name != found.new.name:
        names = f"{style.plain(found.old.name)} → {style.plain(found.new.name)}"
        yield f"deck renamed: {names}; cards that learners have stay in the old one"
    if found.old.description != found.new.description:
        yield "the deck's description is another one"
    before, after = ({medium.name for medium in deck.media} for deck in (found.old, found.new))
    if before != after:
        yield f"media: {len(after - before)} added, {len(before - after)} gone"
    for change in found.note_types:
        yield f"note type {style.plain(change.new.name)}: {style.plain('; '.join(_type_changes(change)))}"


def _where(change: Change, root: Path | None) -> str:
    place = change.new.place if change.new else None
    return f"{shown(root / place.file)}:{place.line}  " if place and root else ""


def _guid(change: Change, coloured: bool) -> str:
    return f"  {_DIM}[{change.guid}]{_PLAIN}" if coloured else f"  [{change.guid}]"


def _title(change: Change, found: Difference) -> str:
    note, deck = (change.new, found.new) if change.new else (change.old, found.old)
    assert note is not None  # a change has one side at least
    return _cut(_reads(note, _title_field(note, deck)))


def _title_field(note: Note, deck: Deck) -> str:
    """The field that names a note: a cloze's title, else the first one that says anything."""
    if note.note_type == "cloze" and note.fields.get("Title"):
        return "Title"
    names = (field.name for field in _types(deck)[note.note_type].fields)
    return next((name for name in names if _reads(note, name)), "")


def _details(change: Change, found: Difference, style: _Style) -> Iterator[str]:
    """What there is to say below a note's title, a line each."""
    old, new = change.old, change.new
    if new is None:
        return
    if old is None:
        title = _title_field(new, found.new)
        shown = (name for name in new.fields if name != title and name not in _UNTOLD)
        yield from (
            f"{style.plain(name)}: {style.plain(_cut(reads))}" for name in shown if (reads := _reads(new, name))
        )
    elif change.kind is Kind.RETYPED:
        names = (_types(deck)[note.note_type].name for deck, note in ((found.old, old), (found.new, new)))
        yield style.plain(" → ".join(names)) + ": Anki leaves the old note as it is"
    else:
        for name in differing_fields(old, new):
            if change.kind is not Kind.REWORDED or name not in FRAME:  # there the heading's words are not the news
                yield from _field_lines(name, old, new, style)
        yield from _tag_lines(old, new, style)


def _field_lines(name: str, old: Note, new: Note, style: _Style) -> Iterator[str]:
    lines = changed_lines(pieces(_reads(old, name), _reads(new, name)))
    if not lines:
        yield f"{style.plain(name)}: reads as before (mark-up, a link's target or a picture)"
    for line in lines:
        yield f"{style.plain(name)}: {_marked(line, style)}"


def _marked(line: Iterable[Piece], style: _Style) -> str:
    marks = {Op.SAME: style.plain, Op.REMOVED: style.removed, Op.ADDED: style.added}
    return "".join(marks[piece.op](piece.text) for piece in line)


def _tag_lines(old: Note, new: Note, style: _Style) -> Iterator[str]:
    gone, come = sorted({*old.tags} - {*new.tags}), sorted({*new.tags} - {*old.tags})
    if gone or come:
        yield " ".join(["tags:", *map(style.removed, gone), *map(style.added, come)])


def _type_changes(change: TypeChange) -> Iterator[str]:
    old, new = change.old, change.new
    if old.name != new.name:
        yield f"renamed from {old.name}"
    yield from _part_changes("field", old.fields, new.fields)
    yield from _part_changes("card", old.templates, new.templates)
    look = old.css != new.css or _sides(old) != _sides(new)
    if look:
        yield "another look"
    if change.schema:
        yield "Anki copies it, and notes that learners have get no more updates"
    elif look and new.mod <= old.mod:
        yield "but no newer time, so Anki keeps the old look"


def _part_changes(
    what: str, old: tuple[Field, ...] | tuple[Template, ...], new: tuple[Field, ...] | tuple[Template, ...]
) -> Iterator[str]:
    before, after = ({part.id or part.name: part.name for part in parts} for parts in (old, new))
    yield from (f"{what} {name} gone" for number, name in before.items() if number not in after)
    yield from (f"{what} {name} added" for number, name in after.items() if number not in before)
    both = [number for number in before if number in after]
    yield from (f"{what} {before[n]} is now {after[n]}" for n in both if before[n] != after[n])
    if both != [number for number in after if number in before]:
        yield f"{what}s in another order"


def _sides(note_type: NoteType) -> dict[int | str, tuple[str, str]]:
    return {template.id or template.name: (template.front, template.back) for template in note_type.templates}


def _types(deck: Deck) -> Mapping[NoteTypeKey, NoteType]:
    return deck.note_types or NOTE_TYPES


def _reads(note: Note, field: str) -> str:
    return html_to_text(_CLOZE.sub(r"\1", note.fields.get(field, "")))


def _cut(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


# -- JSON ---------------------------------------------------------------------------------------------------------


def as_json(found: Difference) -> dict[str, object]:
    """Plain values; untouched notes are only counted."""
    counted = Counter(change.kind for change in found.changes)
    return {
        "old": {"package": found.old_name, "deck": found.old.name, "notes": len(found.old.notes)},
        "new": {"package": found.new_name, "deck": found.new.name, "notes": len(found.new.notes)},
        "counts": {str(kind): counted[kind] for kind in Kind},
        "changes": [_change_json(change, found) for _, changes in _groups(found) for change in changes],
        "note_types": [
            {"name": each.new.name, "schema": each.schema, "changes": list(_type_changes(each))}
            for each in found.note_types
        ],
    }


def _change_json(change: Change, found: Difference) -> dict[str, object]:
    old, new = change.old, change.new
    place = new.place if new else None
    fields: dict[str, dict[str, str | None]] = {}
    for name in dict.fromkeys((*(old.fields if old else ()), *(new.fields if new else ()))):
        before, after = (note.fields.get(name, "") if note else None for note in (old, new))
        if before != after:
            fields[name] = {"old": before, "new": after}
    return {
        "kind": str(change.kind),
        "guid": change.guid,
        "title": _title(change, found),
        "file": place.file if place else "",
        "line": place.line if place else 0,
        "fields": fields,
        "tags": {"old": list(old.tags) if old else None, "new": list(new.tags) if new else None},
    }
