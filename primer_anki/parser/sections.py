"""Blocks → sections: what stands under which heading, and what an author's comments say about it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from primer_anki.parser.anchors import Anchors
from primer_anki.parser.comments import Comment
from primer_anki.parser.document import Block, Section, plain, walk

_SENTENCE_END = tuple(".!?…:;。！？：；)）]」』”’\"'")


@dataclass(slots=True)
class _Part:
    """A section in the making."""

    heading: Block | None
    blocks: list[Block] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    skip: bool = False

    @property
    def level(self) -> int:
        return self.heading.level if self.heading else 0


def sections_of(blocks: Iterable[Block], comments: Iterable[Comment], anchors: Anchors) -> tuple[Section, ...]:
    """The sections of a file: a heading of the outermost level begins one."""
    parts = _split(blocks)
    _assign(comments, parts)
    return tuple(_sections(parts, anchors))


def _split(blocks: Iterable[Block]) -> list[_Part]:
    parts = [_Part(None)]
    for block in blocks:
        if block.kind == "heading":
            parts.append(_Part(block))
        elif block.kind == "quote" and len(block.children) == 1 and block.children[0].kind == "heading":
            parts.append(_Part(block.children[0]))  # `> ## Heading` is a way to set one off
        else:
            parts[-1].blocks.append(block)
    return parts


def _assign(comments: Iterable[Comment], parts: Sequence[_Part]) -> None:
    lines = [part.heading.line if part.heading else 0 for part in parts]
    for comment in sorted(comments):
        at = max(bisect_right(lines, comment.line) - 1, 0)
        is_first = _is_first(comment, parts[at])
        if at + 1 < len(parts) and _belongs_to_next(comment, parts[at], parts[at + 1]):
            at, is_first = at + 1, True
        part = parts[at]
        part.comments.append(comment)
        if comment.kind == "primer" and comment.text.lower() == "skip":
            part.skip = part.skip or is_first


def _is_first(comment: Comment, part: _Part) -> bool:
    return comment.is_block and (not part.blocks or comment.line < part.blocks[0].line)


def _belongs_to_next(comment: Comment, part: _Part, following: _Part) -> bool:
    """Whether a comment stands directly before the next heading.

    Between two headings with nothing else it belongs to the one that it touches; `id:` looks ahead, `skip` back.
    """
    if not comment.is_block:
        return False
    if part.blocks:
        return comment.line > part.blocks[-1].end
    if part.heading is None:
        return True
    touches_own = comment.line == part.heading.end + 1
    touches_next = following.heading is not None and comment.line == following.heading.line - 1
    return touches_next if touches_own != touches_next else comment.kind == "id"


def _sections(parts: Iterable[_Part], anchors: Anchors) -> Iterator[Section]:
    above: list[_Part] = []
    for part in parts:
        while above and above[-1].level >= part.level:
            above.pop()
        part.skip = part.skip or bool(above and above[-1].skip)
        if part.heading:
            above.append(part)
        elif not (part.blocks or part.comments):
            continue
        headings = [each.heading for each in above if each.heading]
        yield Section(
            heading=part.heading,
            trail=tuple(plain(heading.spans) for heading in headings),
            levels=tuple(heading.level for heading in headings),
            blocks=tuple(part.blocks),
            anchor=next((each.anchor for each in reversed(headings) if anchors.is_unique(each.anchor)), ""),
            skip="a comment says `primer: skip`" if part.skip else "",
            ids=tuple((each.line, each.text) for each in part.comments if each.kind == "id"),
            directives=tuple((each.line, each.text) for each in part.comments if each.kind == "primer"),
        )


def ends_cut_off(blocks: Sequence[Block]) -> bool:
    """Whether the last words of a file without a final newline look cut off.

    Many good files end without a newline, and many lists have no full stops. So the last paragraph or item has to
    end without one while most of its siblings (the items of its list, else the file's paragraphs) end with one.
    """
    last, siblings = _last_text(blocks)
    if last is None or _is_finished(last):
        return False
    finished = sum(_is_finished(each) for each in siblings)
    return finished * 2 > len(siblings)


def _last_text(blocks: Sequence[Block]) -> tuple[Block | None, list[Block]]:
    """The paragraph that ends the file, and those it is compared with."""
    siblings = [block for block in blocks if block.kind == "paragraph"]
    block = blocks[-1] if blocks else None
    while block and block.children:
        if block.kind == "list" and len(block.children) > 1:
            firsts = [item.children[0] for item in block.children[:-1] if item.children]
            siblings = [first for first in firsts if first.kind == "paragraph"]
        block = block.children[-1]
    if block is None or block.kind != "paragraph":
        return None, []
    if all(each is block for each in siblings):
        siblings = [each for each in walk(blocks) if each.kind == "paragraph"]
    return block, [each for each in siblings if each is not block]


def _is_finished(block: Block) -> bool:
    text = plain(block.spans).rstrip()
    return text.endswith(_SENTENCE_END) or not text
