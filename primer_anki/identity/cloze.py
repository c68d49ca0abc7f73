"""Cloze numbers: a number is a card for ever, so it follows its passage and is never given to another one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

from rapidfuzz import fuzz

from primer_anki.identity.assignment import best_assignment
from primer_anki.identity.ledger import Item
from primer_anki.identity.words import key
from primer_anki.model import Cloze, Draft
from primer_anki.value import replace

_ALIKE = 0.6
"""From here on a passage is the old one, reworded."""
_SAME_SPOT = 0.5
"""What equal words before a passage are worth: with nothing else in common it is the same passage, corrected."""
_MOST = 499
"""Anki makes no card for a higher number."""
_TAG = re.compile(r"<[^>]*>")
_MARK = re.compile(r"\{\{c(\d+)::(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A cloze note's text with its numbers."""

    text: str
    """HTML with `{{c1::…}}`."""
    items: tuple[Item, ...]
    """What the ledger keeps: the passages in the order of the text, then the freed ones."""


def number(draft: Draft, known: Sequence[Item]) -> Numbered:
    """Return the text of a cloze draft with numbers, given the items that its note had so far."""
    passages = tuple(_passages(draft.text))
    groups = _groups([passage.cloze.group for passage in passages])
    old = _old_numbers(passages, known)
    numbers = _numbers(passages, groups, old, known)
    items = tuple(
        Item(number=numbers[index], text=passage.cloze.plain, before=passage.before)
        for index, passage in enumerate(passages)
    )
    return Numbered(_render(draft.text, numbers), (*items, *_freed(known, items)))


@dataclass(frozen=True, slots=True)
class _Passage:
    cloze: Cloze
    before: str


def _passages(text: Sequence[str | Cloze]) -> Iterator[_Passage]:
    before = ""
    for piece in text:
        if isinstance(piece, str):
            before = _last_words(piece)
        else:
            yield _Passage(piece, before)
            before = ""


def _last_words(html: str) -> str:
    return " ".join(key(unescape(_TAG.sub(" ", html))).split()[-4:])


def _groups(labels: Sequence[int]) -> list[int]:
    """Return for each passage the first one of its group: those with the author's own number share a card."""
    first: dict[int, int] = {}
    return [first.setdefault(label, index) if label else index for index, label in enumerate(labels)]


def _old_numbers(passages: Sequence[_Passage], known: Sequence[Item]) -> dict[int, int]:
    """Return for the passages that the note had before the numbers that they had."""
    found: dict[int, int] = {}
    free = dict(enumerate(known))
    for gone in (False, True):
        _take_equal(passages, free, found, gone=gone)
    _take_similar(passages, {at: item for at, item in free.items() if not item.gone}, found)
    return found


def _take_equal(passages: Sequence[_Passage], free: dict[int, Item], found: dict[int, int], *, gone: bool) -> None:
    """Match equal passages, longest common run first: equal ones keep their order around an insert."""
    left = [index for index in range(len(passages)) if index not in found]
    items = [at for at, item in free.items() if item.gone == gone]
    new_keys = [(key(passages[index].cloze.plain), passages[index].before) for index in left]
    old_keys = [(key(free[at].text), free[at].before) for at in items]
    for width in (2, 1):  # first with the words before, then the passage alone
        olds = [at for at in items if at in free]
        news = [index for index in left if index not in found]
        before = [old_keys[items.index(at)][:width] for at in olds]
        after = [new_keys[left.index(index)][:width] for index in news]
        for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                found[news[block.b + step]] = free.pop(olds[block.a + step]).number
        for at, mark in zip(olds, before, strict=True):
            index = next((i for i, m in zip(news, after, strict=True) if m == mark and i not in found), None)
            if at in free and index is not None:
                found[index] = free.pop(at).number


def _take_similar(passages: Sequence[_Passage], free: dict[int, Item], found: dict[int, int]) -> None:
    scores: dict[int, dict[int, float]] = {}
    for at, item in free.items():
        row = {
            index: score
            for index, passage in enumerate(passages)
            if index not in found and (score := _likeness(item, passage)) >= _ALIKE
        }
        if row:
            scores[at] = row
    for at, index in best_assignment(scores).items():
        found[index] = free[at].number


def _likeness(item: Item, passage: _Passage) -> float:
    old, new = key(item.text), key(passage.cloze.plain)
    text = max(fuzz.ratio(old, new), fuzz.token_sort_ratio(old, new)) / 100
    same_spot = item.before == passage.before != ""
    return max(text, _ALIKE) + _SAME_SPOT * text if same_spot else text


def _numbers(
    passages: Sequence[_Passage], groups: Sequence[int], old: dict[int, int], known: Sequence[Item]
) -> list[int]:
    """Return the number of each passage: of its group, the first old number that no group before it holds."""
    used = {item.number for item in known}
    taken: set[int] = set()
    of_group: dict[int, int] = {}
    for index, group in enumerate(groups):
        if group not in of_group and index in old and old[index] not in taken:
            of_group[group] = old[index]
            taken.add(old[index])
    # The author's own numbers first, as he wrote them; then the others, by what is free.
    for group in sorted(set(groups) - set(of_group), key=lambda at: (not passages[at].cloze.group, at)):
        wish = passages[group].cloze.group
        free = wish if 0 < wish <= _MOST and wish not in used else _next(used)
        of_group[group] = free
        used.add(free)
    return [of_group[group] for group in groups]


def _next(used: set[int]) -> int:
    return next(number for number in range(1, len(used) + 2) if number not in used)


def _freed(known: Sequence[Item], items: Sequence[Item]) -> Iterator[Item]:
    """Return the items whose cards fell empty, now or earlier: one a number, so that it is never given again."""
    living = {item.number for item in items}
    for item in known:
        if item.number not in living:
            yield replace(item, gone=True)


def _render(text: Sequence[str | Cloze], numbers: Sequence[int]) -> str:
    left = iter(numbers)
    return "".join(piece if isinstance(piece, str) else _mark(piece, next(left)) for piece in text)


def _mark(cloze: Cloze, number: int) -> str:
    hint = f"::{_escape(cloze.hint)}" if cloze.hint else ""
    return f"{{{{c{number}::{_escape(cloze.html)}{hint}}}}}"


def _escape(html: str) -> str:
    """Return HTML that Anki will not take for the end of the passage or the start of its hint."""
    safe = html.replace("}}", "}&#125;").replace("::", ":&#58;")
    if safe.endswith(("}", ":")):
        safe = f"{safe[:-1]}&#{ord(safe[-1])};"
    return safe


def read_back(text: str) -> tuple[tuple[str | Cloze, ...], tuple[Item, ...]]:
    """Return the pieces and the items of a `Text` field as it stands in a package."""
    pieces: list[str | Cloze] = []
    items: list[Item] = []
    end = 0
    before = ""
    for match in _MARK.finditer(text):
        html, _, hint = match[2].partition("::")
        between = text[end : match.start()]
        if between:
            before = _last_words(between)
            pieces.append(between)
        plain = " ".join(unescape(_TAG.sub(" ", html)).split())
        pieces.append(Cloze(html, plain, hint, int(match[1])))
        items.append(Item(number=int(match[1]), text=plain, before=before))
        before = ""
        end = match.end()
    if text[end:]:
        pieces.append(text[end:])
    return tuple(pieces), tuple(items)
