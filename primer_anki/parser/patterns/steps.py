"""Procedures: ordered lists that are announced as such, and `Step N:` headings."""

from __future__ import annotations

from collections.abc import Iterator

from primer_anki.parser.card import Card, fill
from primer_anki.parser.document import Block, Spans, cut, plain, strip
from primer_anki.parser.outline import Node
from primer_anki.parser.patterns.scope import Found, Scope, item_head, link_list, only_links
from primer_anki.parser.reader import Reader, count_words
from primer_anki.parser.titles import clean_title

FEWEST, MOST = 3, 12
"""Two steps are no procedure; more than a dozen are no card."""
STEP_WORDS = 40


def find(scope: Scope) -> Iterator[Found]:
    """A cloze note: a card a step, the later ones hidden."""
    titles = step_titles(scope.node.children, scope.reader)
    heading = scope.node.section.heading
    if FEWEST <= len(titles) <= MOST and heading:
        yield Found((_card(scope, scope.node.title, heading.line, titles),), frozenset())
    for at, block in scope.open():
        if not _may_be_steps(block, scope.reader):
            continue
        items = tuple(_step(item_head(item), scope.reader) for item in block.children)
        if not _procedure(scope, at, block, items):
            continue
        lead = scope.blocks[at - 1] if at - 1 in scope.free and _announces(scope.blocks[at - 1]) else None
        title = scope.node.title or fill(scope.subject)
        claims = {at}
        if lead is not None:
            words = scope.reader.lead(plain(lead.spans))
            if count_words(words) <= 20:
                claims.add(at - 1)
                title = title if scope.reader.procedure(scope.node.name) else cut(lead.spans, 0, len(words))
        yield Found((_card(scope, title, block.line, items),), frozenset(claims))


def step_titles(nodes: tuple[Node, ...], reader: Reader) -> tuple[Spans, ...]:
    """What the `Step N:` headings among the subsections say; empty where they only lead elsewhere."""
    titles = []
    for node in nodes:
        heading = node.section.heading
        mark = reader.step_mark.match(plain(heading.spans).strip()) if heading else None
        if heading and mark and _holds(node):
            titles.append(strip(cut(strip(heading.spans), mark.end())))
    return tuple(t for t in titles if plain(t).strip())


def is_step(node: Node, reader: Reader) -> bool:
    """Whether a section's heading is one of `Step N: …`."""
    heading = node.section.heading
    return heading is not None and reader.step_mark.match(plain(heading.spans).strip()) is not None


def _holds(node: Node) -> bool:
    """A step's section says something itself; one that only links elsewhere is a reading list."""
    blocks = [b for b in node.section.blocks if not (b.kind == "paragraph" and only_links(b.spans))]
    return bool(node.children) or bool(blocks)


def _step(head: Spans, reader: Reader) -> Spans:
    mark = reader.step_mark.match(plain(head).strip())
    return strip(cut(strip(head), mark.end())) if mark else clean_title(head)


def _announces(block: Block) -> bool:
    return block.kind == "paragraph" and plain(block.spans).rstrip().endswith((":", "：", ".", "。"))


def _may_be_steps(block: Block, reader: Reader) -> bool:
    """A list of as many items as a procedure has, with numbers or with marks."""
    is_list = block.kind == "list" and FEWEST <= len(block.children) <= MOST
    return is_list and (block.ordered or _marked(block, reader))


def _marked(block: Block, reader: Reader) -> bool:
    """Whether all items begin as `Step 1:` does."""
    return all(reader.step_mark.match(plain(item_head(item)).strip()) for item in block.children)


def _procedure(scope: Scope, at: int, block: Block, items: tuple[Spans, ...]) -> bool:
    if link_list(block):
        return False
    reader = scope.reader
    texts = [plain(item) for item in items]
    if not all(0 < count_words(t) <= STEP_WORDS and not reader.question_marked(t) for t in texts):
        return False
    if _marked(block, reader):
        return True
    before = scope.blocks[at - 1] if at else None
    lead = plain(before.spans) if before is not None and _announces(before) else ""
    return reader.procedure(scope.node.name) or reader.procedure(lead)


def _card(scope: Scope, title: Spans, line: int, items: tuple[Spans, ...]) -> Card:
    named = scope.reader.procedure(plain(title))
    question = title if named else fill(scope.reader.wording.steps, subject=title)
    return Card("steps", line, question, items=items, subject=plain(title))
