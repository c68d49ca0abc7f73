"""What stands as a heading without being one: bold lines and beginnings, bare names over lists, points over notes."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Protocol

from primer_anki.parser.document import Block, Spans, block_text, cut, plain, strip
from primer_anki.parser.titles import clean_title
from primer_anki.text import count_words

_STOP = re.compile(r"\s*\.\s+(?=\S)|\s*。\s*(?=\S)|(?<![?？:：.])[ \t]*\n\s*(?=\S)")
TITLE_WORDS = 8
"""A bold beginning longer than this is a stressed sentence, and no title."""
BOLD_WORDS = 12
NOTES_WORDS = 50
"""Points with more words than this below each, on average, and lists among them, are sections."""
NAME_WORDS, NAME_CHARACTERS, FEWEST_NAMES = 3, 24, 3
"""A line is a bare name up to so many words and characters; so many of them over lists are headings."""
SENTENCE_WORDS = 4
"""A bold line with a colon is a lead-in from here on, and a heading below."""
LINE_CHARACTERS = 120
"""A bold line longer than this is emphasis, and opens no section."""


class Opens(Protocol):
    """What the outline asks of the language."""

    def heading_title(self, heading: Spans) -> Spans:
        """A heading without number, ornament, and the mark of a step or question."""
        ...

    def fold(self, summary: Spans) -> bool:
        """Whether a fold's summary names what it holds, and does not only open an answer."""
        ...

    def line(self, words: str) -> bool:
        """Whether a bold line may be a heading: it marks no question or answer."""
        ...


def numbered_lines(blocks: tuple[Block, ...]) -> frozenset[int]:
    """Where `1. What is X?` stands as a heading, its answer below it without indentation: lists of one item each."""
    lines = [
        at
        for at, block in enumerate(blocks[:-1])
        if block.kind == "list"
        and block.ordered
        and len(block.children) == len(block.children[0].children) == 1
        and block.children[0].children[0].kind == "paragraph"
        and len(plain(block.children[0].children[0].spans)) <= LINE_CHARACTERS
    ]
    counts = all(blocks[b].start > blocks[a].start for a, b in pairwise(lines))
    return frozenset(lines) if len(lines) > 1 and counts else frozenset()


def name_lines(blocks: tuple[Block, ...]) -> frozenset[int]:
    """Where a bare name stands on a line of its own over a list (`GET`), again and again: headings without a mark."""
    found = [
        at
        for at, (block, below) in enumerate(pairwise(blocks))
        if block.kind == "paragraph" and below.kind == "list" and _is_bare_name(plain(block.spans))
    ]
    return frozenset(found) if len(found) >= FEWEST_NAMES else frozenset()


def _is_bare_name(words: str) -> bool:
    return (
        0 < len(words.split()) <= NAME_WORDS
        and len(words) <= NAME_CHARACTERS
        and words[-1:].isalnum()
        and "\n" not in words
    )


def run_in(blocks: tuple[Block, ...], opens: Opens) -> dict[int, tuple[Spans, Spans]]:
    """Where `**Small numbers**. The weights …` stands as a heading: its title, and the text behind it, by position.

    Beside such titles a paragraph led by a bold name (`**Dropout** is …`) is one too.
    """
    found = {at: divided for at, block in enumerate(blocks) if (divided := _titled(block, opens))}
    if len(found) < 2:
        return {}
    return found | {at: led for at, block in enumerate(blocks) if at not in found and (led := _led(block, opens))}


def is_labelled(block: Block, opens: Opens) -> bool:
    """A paragraph such as `**Use:** where …`: it says of the subject what the bold line before it did not."""
    if block.kind != "paragraph" or len(block.spans) < 2 or block.spans[0].kind != "strong":
        return False
    label, whole = plain(block.spans[:1]).rstrip(), plain(block.spans)
    colon = label.endswith((":", "：")) or whole[len(label) :].lstrip().startswith((":", "："))
    return colon and len(label.split()) <= NAME_WORDS and opens.line(whole)


def _led(block: Block, opens: Opens) -> tuple[Spans, Spans] | None:
    """A paragraph whose first sentence begins with a bold name, as beside bold titles: the name and the whole."""
    if block.kind != "paragraph" or len(block.spans) < 2 or block.spans[0].kind != "strong":
        return None
    name = plain(block.spans[:1]).strip()
    is_name = 0 < len(name.split()) <= TITLE_WORDS // 2 and name[-1].isalnum() and name[0].isupper()
    return (clean_title(block.spans[0].children), block.spans) if is_name and opens.line(plain(block.spans)) else None


def _titled(block: Block, opens: Opens) -> tuple[Spans, Spans] | None:
    """A paragraph that begins with a bold title and a full stop: the title and the rest."""
    if block.kind != "paragraph" or len(block.spans) < 2 or block.spans[0].kind != "strong":
        return None
    whole = plain(block.spans)
    title = plain(block.spans[:1])
    stop = _STOP.match(whole, len(title.rstrip(" .")))
    words = len(title.split())
    if stop is None or stop.end() >= len(whole) or not 0 < words <= TITLE_WORDS or not opens.line(whole):
        return None
    return clean_title(cut(block.spans[0].children, 0, len(title.rstrip(" .")))), strip(cut(block.spans, stop.end()))


def holds_tables(block: Block) -> bool:
    """A list whose points are titles, with a table below one of them at least."""
    bodies = [item.children[1:] for item in block.children]
    titled = all(
        body and item.children[0].kind == "paragraph" and len(plain(item.children[0].spans).split()) <= TITLE_WORDS
        for item, body in zip(block.children, bodies, strict=True)
    )
    return titled and any(child.kind == "table" for body in bodies for child in body)


def _holds_lists(block: Block) -> bool:
    """A list whose points are titles over notes of their own: lists in lists, with much to say below each."""
    titled = all(
        item.children
        and item.children[0].kind == "paragraph"
        and 0 < len(plain(item.children[0].spans).split()) <= TITLE_WORDS
        for item in block.children
    )
    if not titled:
        return False
    below = [child for item in block.children for child in item.children[1:]]
    deep = any(point.children[1:] for child in below if child.kind == "list" for point in child.children)
    said = sum(count_words(block_text(child)) for child in below)
    return deep and said > NOTES_WORDS * len(block.children)


def opens_sections(block: Block) -> bool:
    """A list whose points are sections: headings, titles over tables, titles over notes of their own."""
    if block.kind != "list" or not block.children:
        return False
    return all(map(_headed, block.children)) or holds_tables(block) or _holds_lists(block)


def _headed(item: Block) -> bool:
    return bool(item.children) and item.children[0].kind == "heading"


def bold_line(blocks: tuple[Block, ...], at: int, opens: Opens) -> Spans:
    """The text of a paragraph that stands as a heading over what follows; empty if it is none."""
    block = blocks[at]
    if block.kind != "paragraph" or at + 1 >= len(blocks):
        return ()
    spans = clean_title(block.spans)
    if len(spans) != 1 or spans[0].kind not in ("strong", "em") or "\n" in plain(spans):
        return ()
    following = blocks[at + 1]
    listed = following.kind in ("list", "table", "code")
    if spans[0].kind == "em" and not listed:
        return ()
    inside = clean_title(spans[0].children)
    if all(span.kind in ("link", "image") or not plain((span,)).strip() for span in inside):
        return ()
    words = plain(inside)
    if not words or len(words.split()) > BOLD_WORDS or len(words) > 90 or not opens.line(plain(block.spans)):
        return ()
    if plain(block.spans).rstrip().endswith((":", "：")) and len(words.split()) >= SENTENCE_WORDS:
        return ()  # a lead-in
    is_numbered = plain(spans) != plain(block.spans) or words != plain(spans[0].children)
    if words.endswith((".", "!", "。", "！", ";")) and not is_numbered:
        return ()
    return inside if listed or following.kind == "paragraph" else ()
