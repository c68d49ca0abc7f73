"""What a file says beside its cards: anchors, links to them, HTML that is left out, rules that the author silences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from primer_anki.model import Allow, Draft, Page, Reference
from primer_anki.parser.document import Block, Section, Spans, Topic, all_spans, is_text, walk
from primer_anki.parser.languages.profile import Profile

_END_OF_FILE = 1 << 30
_FENCE = re.compile(r"[ \t>*+-]*(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?)>", re.IGNORECASE)
_RUNS = frozenset(("script", "style", "iframe", "object", "embed"))
_HANDLER = re.compile(r"\s(on[a-z]{3,})\s*=", re.IGNORECASE)
_NAMED = re.compile(r"\s(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_END_MARKS = r"[。.」』）)]*\Z"


def page_of(topic: Topic, text: str, first_line: int, drafts: Sequence[Draft], profile: Profile) -> Page:
    """The page of a topic. `text` is the file without its front matter and begins at line `first_line`."""
    tags = tuple(_tags(text, first_line))
    headings = (b.anchor for s in topic.sections for b in _blocks(s) if b.kind == "heading")
    named = (match[1] for _, _, attributes in tags for match in _NAMED.finditer(attributes))
    return Page(
        path=topic.path,
        language=profile.code,
        asking=_asking(profile),
        small_words=frozenset(profile.words),
        anchors=frozenset(anchor.lower() for anchor in (*headings, *named)),
        references=tuple(_references(topic)),
        unsafe=tuple((line, what) for line, name, attributes in tags for what in _unsafe(name, attributes)),
        allows=tuple(_allows(topic.sections, sorted(draft.place.line for draft in drafts))),
        columns=(*[1] * (first_line - 1), *(len(line) - len(line.lstrip()) + 1 for line in text.split("\n"))),
    )


def _asking(profile: Profile) -> str:
    end = rf"|(?:{profile.asks_end}){_END_MARKS}" if profile.asks_end else ""
    return rf"\A\s*(?:{profile.asks}|{profile.orders}){end}"


def _blocks(section: Section) -> Iterator[Block]:
    """The heading of a section and everything in it."""
    return walk((section.heading, *section.blocks) if section.heading else section.blocks)


# -- HTML ---------------------------------------------------------------------------------------------------------


def _tags(text: str, first_line: int) -> Iterator[tuple[int, str, str]]:
    """Line, name and attributes of each HTML tag that is no code."""
    if "<" not in text:
        return
    fence = ""
    for line, source in enumerate(text.split("\n"), first_line):
        mark = _FENCE.match(source)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and "<" in source:
            for match in _TAG.finditer(_CODE_SPAN.sub("", source)):
                if match[1] in (match[1].lower(), match[1].upper()):  # `List<Style>` is text
                    yield line, match[1].lower(), match[2]


def _unsafe(name: str, attributes: str) -> Iterator[str]:
    if name in _RUNS:
        yield f"<{name}>"
    yield from (f"{handler[1].lower()}=" for handler in _HANDLER.finditer(attributes))


# -- links --------------------------------------------------------------------------------------------------------


def _references(topic: Topic) -> Iterator[Reference]:
    for section in topic.sections:
        for block in _blocks(section):
            for spans in (block.spans, *(cell for row in block.rows for cell in row)):
                if not is_text(spans):
                    yield from _in_spans(spans, block.line, topic.path)


def _in_spans(spans: Spans, line: int, path: str) -> Iterator[Reference]:
    for span in all_spans(spans):
        if span.kind != "link" or "#" not in span.target:
            continue
        try:
            target = urlsplit(span.target.strip())
        except ValueError:
            continue
        if target.fragment and not target.scheme and not target.netloc:
            file = normpath(PurePosixPath(path).parent / unquote(target.path)) if target.path else path
            yield Reference(line, file, unquote(target.fragment))


# -- allow --------------------------------------------------------------------------------------------------------


def _allows(sections: Sequence[Section], cards: Sequence[int]) -> Iterator[Allow]:
    """`cards`: the lines of all cards, rising."""
    for at, section in enumerate(sections):
        for line, text in section.directives:
            word, _, rules = text.partition(" ")
            if word == "allow":
                first, last = _covered(section, line, _end(sections, at), cards)
                yield from (Allow(line, rule, first, last) for rule in rules.replace(",", " ").split())


def _end(sections: Sequence[Section], at: int) -> int:
    """The last line of a section with everything below it."""
    level = len(sections[at].levels) and sections[at].levels[-1]
    after = (s.heading.line for s in sections[at + 1 :] if s.heading and (not level or s.levels[-1] <= level))
    return next(after, _END_OF_FILE) - 1


def _covered(section: Section, line: int, end: int, cards: Iterable[int]) -> tuple[int, int]:
    """First and last line: of the section, of the item or block around the comment, or of the block that follows.

    With a sentence that leads in goes the card that it leads to.
    """
    if section.heading and not any(block.line < line for block in section.blocks):
        return min(section.heading.line, line), end
    holder = next((b for b in walk(section.blocks) if b.line <= line <= b.end and b.kind != "list"), None)
    block = holder or next((b for b in section.blocks if b.line > line), None)
    if block is None:
        return line, line
    following = next((card for card in cards if card >= block.line), end)
    return block.line, max(block.end, following if following < end else 0)
