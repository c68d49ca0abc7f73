"""What a pattern is given, what it gives back, and what patterns ask of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from primer_anki.parser.card import Card, paragraph
from primer_anki.parser.document import (
    Block,
    Span,
    Spans,
    all_spans,
    block_text,
    cut,
    cut_all,
    is_text,
    plain,
    strip,
    walk,
)
from primer_anki.parser.outline import Node
from primer_anki.parser.reader import Reader, count_words, sentences
from primer_anki.parser.titles import clean_title
from primer_anki.value import Value, replace

ANSWER_WORDS = 30
"""A paragraph longer than this is divided: its first sentences answer, the rest goes to Extra."""

DEFINITION_WORDS = 25
"""The same for a definition, which is one idea."""
MORE_WORDS = 25
"""Another block joins an answer only while both together stay as short as this."""
POINT_WORDS = 20
"""Where the points of a list are longer than this on average, each is cut to its first sentences."""
DRAWN = frozenset(
    ("mermaid", "plantuml", "puml", "dot", "graphviz", "flow", "sequence", "ditaa", "svgbob", "youtube", "embed")
)
"""Code that a reader sees as a picture, and Anki does not draw."""
STRESS = ("strong", "em", "u")
"""Spans that stress what they hold."""
LABEL_WORDS = 3
"""A name before links that is no longer than this says only what they lead to."""
FEWEST_LEAD_WORDS, MOST_LEAD_WORDS = 3, 30
"""A lead-in shorter than this asks nothing; a longer one is no question."""

_WORD = re.compile(r"\w")
_CLAUSE = re.compile(r"[,，、;；]\s*")
_FOOTNOTE = re.compile(r"\s*(?:\*{1,3}|[†‡])\s?[^\s*†‡]")
_COMMAND = re.compile(
    r"\s*(?:\\[a-z]+\*?(?:\{[^{}]*\}|\[[^\[\]]*\])*\s*)+$|\s*<?to-?do\b"
    r"|\W*(?:(?:your\s)?answer\s(?:goes\s)?here|tb[ad]|coming\ssoon|work\sin\sprogress|to\sbe\s(?:added|written|done|completed|continued|defined|updated))\W*$",
    re.IGNORECASE,
)
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]+:")
_ADDRESS = re.compile(r"\(?\bhttps?://[^\s<>]+|\[[^\[\]\n]{1,80}\]\s?\((?:#|https?:)[^()\s]*\)")
_EXTERNAL = re.compile(r"(?:https?:)?//|mailto:", re.IGNORECASE)


class Scope(Value, frozen=True):
    """One section as a pattern sees it."""

    node: Node
    reader: Reader
    free: frozenset[int]
    """Positions in `blocks` that no earlier pattern has claimed."""
    subject: str
    """What the section is about: its title, or the nearest title above that names something."""
    parent: str
    """The subject of the section above; empty at the top."""
    nearby: tuple[str, ...]
    """Titles that a trade-off may speak of: its own section, those above, those beside it; the nearest first."""
    is_intro: bool
    """The document's opening, where it speaks of the document: it gives only what defines the title's subject."""
    link_heavy: bool
    """Most list items of the document are links: a collection of links, not of facts."""

    states: bool
    """Whether plain sentences become cards."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.node.section.blocks

    def open(self) -> Iterator[tuple[int, Block]]:
        """The unclaimed blocks with their positions, in reading order."""
        return ((at, block) for at, block in enumerate(self.blocks) if at in self.free)


class Found(Value, frozen=True):
    """Cards, and the blocks they used up."""

    cards: tuple[Card, ...]
    claims: frozenset[int]


def words(blocks: Iterable[Block]) -> int:
    """How many words a reader sees."""
    return sum(map(_words, blocks))


@lru_cache(maxsize=1024)
def _words(block: Block) -> int:
    return count_words(block_text(block))


# -- links ------------------------------------------------------------------------------------------------------


def outside_links(spans: Spans) -> str:
    """The plain text that is no link's."""
    if is_text(spans):
        return spans[0].text
    return "".join(
        [
            "" if span.kind == "link" else outside_links(span.children) if span.children else plain((span,))
            for span in spans
        ]
    )


def only_links(spans: Spans) -> bool:
    """Nothing but links and images, with no words beside them."""
    words = outside_links(spans)
    return not _WORD.search(_EMOJI_CODE.sub("", words) if ":" in words else words)


def links(spans: Iterable[Span]) -> Iterator[Span]:
    for span in spans:
        if span.kind == "link":
            yield span
        else:
            yield from links(span.children)


def external(span: Span) -> bool:
    return bool(_EXTERNAL.match(span.target))


def first_word(spans: Spans) -> Span | None:
    """The first span that shows a word, wrappers opened."""
    for span in spans:
        if not _WORD.search(plain((span,))):
            continue
        return first_word(span.children) if span.kind in ("strong", "em") and span.children else span
    return None


def opens_with_link(item: Block) -> bool:
    """A list item that starts with a link out of the document."""
    head = item_head(item)
    if is_text(head):
        return False
    first = first_word(head)
    return first is not None and first.kind == "link" and external(first)


def bare_address(words: str) -> bool:
    """Nothing but addresses, and a word or two before them: `References: https://…`."""
    left, found = _ADDRESS.subn(" ", words)
    return found > 0 and count_words(left) <= LABEL_WORDS


def link_item(item: Block) -> bool:
    """A list item that only leads elsewhere: link alone, link and its description, or links behind a name."""
    head = item_head(item)
    rest = head[1:] if head and head[0].kind == "strong" else head
    if not head or opens_with_link(item) or bare_address(plain(head)):
        return bool(head)
    label = outside_links(rest).strip(" ,;/|.")
    is_label = label.endswith((":", "：")) and count_words(label) <= LABEL_WORDS and all(map(external, links(rest)))
    return (only_links(rest) or is_label) and any(links(rest))


def link_list(block: Block) -> bool:
    """A list of links: a table of contents, further reading."""
    items = [item for item in block.children if item_head(item)]
    return bool(items) and sum(link_item(item) for item in items) * 10 >= 7 * len(items)


# -- lists --------------------------------------------------------------------------------------------------------


def item_head(item: Block) -> Spans:
    """The text of a list item itself, without what is nested below it."""
    first = item.children[0] if item.children else None
    return first.spans if first is not None and first.kind in ("paragraph", "heading") else ()


def item_body(item: Block) -> tuple[Block, ...]:
    """What is nested below a list item's own text."""
    first = item.children[0] if item.children else None
    return item.children[1:] if first is not None and first.kind in ("paragraph", "heading") else item.children


def with_head(item: Block, spans: Spans) -> Block:
    """A list item with another text of its own."""
    first = item.children[0]
    return replace(item, children=(replace(first, kind="paragraph", spans=spans), *item.children[1:]))


# -- what is worth a card -----------------------------------------------------------------------------------------


def caption(spans: Spans, reader: Reader) -> bool:
    """An image's source line, `[back to top]`, and the like."""
    count = 0 if is_text(spans) else sum(1 for _ in links(spans))
    if count > 1 and count_words(outside_links(spans)) <= count // 2:
        return True
    return only_links(spans) or (count > 0 and reader.refers(plain(spans)) and count_words(plain(spans)) < 12)


@lru_cache(maxsize=1024)
def noise(block: Block, reader: Reader) -> bool:
    """A block that answers nothing: rules, links alone, pointers elsewhere, pictures without a description."""
    if block.kind in ("rule", "comment") or (block.kind == "code" and block.info in DRAWN):
        return True
    if block.kind == "paragraph":
        described = (span.kind == "image" and count_words(span.text) > 1 for span in all_spans(block.spans))
        if not is_text(block.spans) and any(described):
            return False
        whole = plain(block.spans)
        if caption(block.spans, reader) or placeholder(block) or _FOOTNOTE.match(whole) or bare_address(whole):
            return True
        return all(reader.refers(whole[a:b]) for a, b in sentences(whole))
    if block.kind == "quote":
        return all(noise(child, reader) for child in block.children)
    if block.kind == "list":
        return link_list(block)
    if block.kind == "details":  # a question that nobody has answered yet
        return all(noise(child, reader) for child in block.children)
    return False


def placeholder(block: Block) -> bool:
    """A paragraph that holds the place of something: `Answer here`, `TBD`, a lone command."""
    return block.kind == "paragraph" and bool(_COMMAND.match(plain(block.spans)))


def unmarked(block: Block, start: int) -> Block | None:
    """A paragraph without its first characters; None if nothing is left."""
    # From the mark's last sign on: a picture may stand in the white space behind it.
    rest = unwrapped(strip(cut(block.spans, len(plain(block.spans)[:start].rstrip()))))
    shown = plain(rest).strip() or any(span.kind == "image" for span in all_spans(rest))
    return replace(block, spans=rest) if shown else None


def unwrapped(spans: Spans) -> Spans:
    """Spans without the stress that holds all of them."""
    while len(spans) == 1 and spans[0].kind in STRESS and spans[0].children:
        spans = spans[0].children
    return spans


def told(block: Block, reader: Reader) -> Block:
    """A list without items that only lead elsewhere; as it is if nothing else stands in it."""
    kept = tuple(item for item in block.children if not _leads_away(item, reader))
    return replace(block, children=kept) if kept else block


def _leads_away(item: Block, reader: Reader) -> bool:
    head = item_head(item)
    pointing = any(links(head)) and reader.refers(plain(head)) and count_words(plain(head)) <= 12
    return bool(head) and not item_body(item) and (pointing or (only_links(head) and any(links(head))))


def points(sentence: str, reader: Reader) -> bool:
    """A sentence that only points elsewhere; before a list of pointers a clause of it does."""
    clauses = _CLAUSE.split(sentence) if sentence.endswith((":", "：")) else ()
    return any(reader.refers(each) for each in (sentence, *clauses))


def truthful(block: Block, reader: Reader, *, asides: bool = False) -> Block | None:
    """A paragraph without the sentences that only point elsewhere; None if nothing is left. Asides may stay."""
    whole = plain(block.spans)
    bounds = sentences(whole)
    kept = [(a, b) for a, b in bounds if not (points(whole[a:b], reader) or (not asides and reader.aside(whole[a:b])))]
    if not kept:
        return None
    if len(kept) == len(bounds):
        return block
    out: list[Span] = []
    for piece in cut_all(block.spans, kept):
        if out:
            out.append(Span("text", " "))
        out.extend(piece)
    return replace(block, spans=tuple(out))


def lead_in(scope: Scope, at: int) -> tuple[Spans, frozenset[int]] | None:
    """The sentence before a block that ends in a colon, and its paragraph's position if nothing else stands in it."""
    if at == 0:
        return None
    before = scope.blocks[at - 1]
    if at - 1 not in scope.free or before.kind != "paragraph":
        return None
    if not (announces(before) or scope.reader.leads_on(plain(before.spans))):
        return None
    whole = plain(before.spans)
    bounds = sentences(whole)
    a, b = bounds[-1]
    leading = scope.reader.leading(whole[a:b])
    a += leading
    words_ = scope.reader.lead(whole[a:b])
    fewest = 1 if leading else FEWEST_LEAD_WORDS
    if points(whole[a:b], scope.reader) or not fewest <= count_words(words_) <= MOST_LEAD_WORDS:
        return None
    claims = frozenset({at - 1}) if len(bounds) == 1 and at - 1 in scope.free else frozenset[int]()
    return clean_title(cut(before.spans, a, a + len(words_))), claims


def focus(
    blocks: Iterable[Block], reader: Reader, limit: int = ANSWER_WORDS
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What is asked for, and what goes beyond it: (answer, extra).

    The answer is the opening: a lead with the list or code that it announces, and more while it stays short.
    """
    kept = [_telling(block, reader) for block in _worth_keeping(tuple(blocks), reader)]
    answer: list[Block] = []
    while kept:
        block = kept[0]
        announced = bool(answer) and leads_to(answer[-1], block, reader)
        if answer and not announced and words([*answer, block]) > MORE_WORDS:
            break
        if block.kind == "quote" and words([block]) > limit:
            kept[:1] = block.children
            continue
        if block.kind == "paragraph" and words([block]) > limit:
            head, tail = split_paragraph(block, max(limit - words(answer), 1))
            answer.append(head)
            kept[:1] = [tail] if tail else []
            if not (kept and leads_to(head, kept[0], reader)):
                break
            continue
        answer.append(kept.pop(0))
    shortened = [_shortened(block) for block in answer]
    return tuple(block for block, _ in shortened), (*(rest for _, left in shortened for rest in left), *kept)


def _worth_keeping(blocks: tuple[Block, ...], reader: Reader) -> Iterator[Block]:
    """Blocks without what answers nothing, and without the line that leads in what is left out (`Useful links:`)."""
    for n, block in enumerate(blocks):
        after = blocks[n + 1] if n + 1 < len(blocks) else None
        leads_nowhere = announces(block) and after is not None and after.kind == "list" and noise(after, reader)
        if not noise(block, reader) and not leads_nowhere:
            yield block


def _telling(block: Block, reader: Reader) -> Block:
    """A paragraph of an answer without the sentences that only point elsewhere."""
    return truthful(block, reader, asides=True) or block if block.kind == "paragraph" else block


def _shortened(block: Block) -> tuple[Block, tuple[Block, ...]]:
    """A list whose points say much with the first sentences of each, and what they go on to say."""
    if block.kind != "list" or words((block,)) <= POINT_WORDS * len(block.children):
        return block, ()
    items: list[Block] = []
    left: list[Block] = []
    for item in block.children:
        first = item.children[0] if item.children else None
        if first is None or first.kind != "paragraph":
            items.append(item)
            continue
        head, rest = split_paragraph(first, POINT_WORDS)
        items.append(replace(item, children=(head, *item.children[1:])))
        left.extend((rest,) if rest else ())
    return replace(block, children=tuple(items)), tuple(left)


def announces(block: Block) -> bool:
    """A paragraph that ends in a colon: what follows belongs to it."""
    return block.kind == "paragraph" and plain(block.spans).rstrip().endswith((":", "："))


def leads_to(before: Block, block: Block, reader: Reader) -> bool:
    """Whether a paragraph introduces the block behind it, by its colon or by what it says of a list or of code."""
    if announces(before):
        return True
    if before.kind != "paragraph" or block.kind not in ("list", "code", "table", "math"):
        return False
    whole = plain(before.spans)
    a, b = sentences(whole)[-1] if whole.strip() else (0, 0)
    return reader.hands_over(whole[a:b]) or (block.kind == "list" and reader.counts(whole[a:b], len(block.children)))


def split_paragraph(block: Block, limit: int) -> tuple[Block, Block | None]:
    """The first sentences, as many as fit the limit of words (at least one), and the rest."""
    whole = plain(block.spans)
    bounds = sentences(whole)
    end = 0
    for a, b in bounds:
        if end and count_words(whole[:b]) > limit:
            return (
                replace(block, spans=cut(block.spans, 0, end)),
                replace(block, spans=strip(cut(block.spans, a))),
            )
        end = b
    return block, None


def has_text(blocks: Iterable[Block]) -> bool:
    """Whether anything can be read: words, code, a picture."""
    return any(
        _WORD.search(block_text(block))
        or block.kind in ("code", "math")
        or any(span.kind in ("image", "math", "math_block") for span in all_spans(block.spans))
        for block in walk(blocks)
    )


def as_points(nodes: tuple[Node, ...], line: int, reader: Reader) -> tuple[Block, ...]:
    """Subsections as points: the heading as handle, the first sentence beside it."""
    items: list[Block] = []
    for node in nodes:
        spans: Spans = (Span("strong", children=node.title),)
        first = next((b for b in node.section.blocks if b.kind == "paragraph" and not noise(b, reader)), None)
        if first is not None:
            bounds = sentences(plain(first.spans))
            if bounds:
                spans = (*spans, Span("text", ": "), *cut(first.spans, *bounds[0]))
        at = node.section.heading.line if node.section.heading else line
        items.append(Block("item", at, at, children=(paragraph(spans, at),)))
    return (Block("list", line, line, children=tuple(items)),) if items else ()
