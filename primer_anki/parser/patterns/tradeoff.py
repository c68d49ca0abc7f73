"""Trade-offs: advantages, disadvantages, when to use and when not, with their list or paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from primer_anki.parser.card import Card, SideKind, asked, paragraph
from primer_anki.parser.document import Block, Span, Spans, cut, plain, strip
from primer_anki.parser.outline import Node
from primer_anki.parser.patterns.definition import bold_item
from primer_anki.parser.patterns.heading import flat
from primer_anki.parser.patterns.scope import (
    Found,
    Scope,
    as_points,
    has_text,
    item_body,
    item_head,
    noise,
    told,
    unwrapped,
    words,
)
from primer_anki.parser.reader import Head, Reader, normal
from primer_anki.parser.titles import clean_title
from primer_anki.value import replace

POINTS_WORDS = 120
"""Subsections of a side that hold more than this are read on their own too."""


def find(scope: Scope) -> Iterator[Found]:
    """A side may be a whole section, a lead-in with its list, an item with a nested list, or a table's column."""
    head = scope.reader.head(scope.node.name) if scope.node.name else None
    if head:
        found = _section(scope, head)
        if found:
            yield found
            return
    used: set[int] = set()
    for at, block in scope.open():
        if at in used:
            continue
        found = _lead_in(scope, at) if block.kind == "paragraph" else None
        if block.kind == "list":
            found = _items(scope, at, block)
        elif block.kind == "table":
            found = _table(scope, at, block)
        if found:
            used |= found.claims
            yield found


def card(scope: Scope, head: Head, subject: str, line: int, answer: tuple[Block, ...]) -> Card | None:
    """One side, with the question that says how many points are asked for."""
    answer = tuple(block for block in answer if not noise(block, scope.reader))
    if not has_text(answer) or not subject:
        return None
    return Card(
        "trade-off",
        line,
        asked(template(scope.reader, head), points(answer), subject=subject),
        answer,
        subject=subject,
        side=head.side,
        joins=_key(subject) + ("/not" if head.against else ""),
    )


def template(reader: Reader, head: Head) -> str:
    """The wording for a side."""
    wording = reader.wording
    kinds: dict[SideKind, str] = {
        "advantages": wording.advantages,
        "disadvantages": wording.disadvantages,
        "choice": wording.unfits if head.against else wording.fits,
    }
    return kinds[head.side]


def points(answer: Iterable[Block]) -> int:
    """How many things a learner has to name: the items of the lists."""
    return sum(len(block.children) for block in answer if block.kind == "list")


@lru_cache(maxsize=1024)
def _key(subject: str) -> str:
    """A subject as letters and digits: `Fail-over` and `failover` are one."""
    return "".join(c for c in normal(subject) if c.isalnum())


def subject_of(scope: Scope, head: Head, own: str) -> tuple[str, str]:
    """A side's subject as it is to be shown, and the name by which its sides join.

    `own` is what a head without a subject speaks of. A head may name its subject otherwise than the section it
    belongs to: `DNS` under `Domain Name System`.
    """
    if not head.subject:
        return own, own
    for name in scope.nearby:
        if same_name(head.subject, name):
            return head.subject, name
    return head.subject, head.subject


def same_name(one: str, other: str) -> bool:
    """`CDN` and `Content Delivery Network`, `failover` and `Fail-over`, `cache` and `Caches`."""
    a, b = _key(one), _key(other)
    if a == b or a.rstrip("s") == b.rstrip("s"):
        return True
    short, long = sorted((one, other), key=len)
    initials = "".join(word[0] for word in normal(long).replace("-", " ").split() if word[:1].isalnum())
    bracket = normal(long).rpartition("(")[2].rstrip(")") if "(" in long else ""
    return len(short) > 1 and _key(short).rstrip("s") in (initials.rstrip("s"), _key(bracket).rstrip("s"))


def _side(scope: Scope, head: Head, line: int, answer: tuple[Block, ...]) -> Card | None:
    is_heading = scope.reader.head(scope.node.name) is not None
    subject, joined = subject_of(scope, head, scope.parent if is_heading and scope.parent else scope.subject)
    side = card(scope, head, subject, line, answer)
    return replace(side, joins=_key(joined) + ("/not" if head.against else "")) if side else None


def _section(scope: Scope, head: Head) -> Found | None:
    """A heading that is a side: its list, or its paragraphs, or its subsections."""
    blocks = [(at, block) for at, block in scope.open() if not noise(block, scope.reader)]
    lists = [(at, block) for at, block in blocks if block.kind == "list"]
    heading = scope.node.section.heading
    line = heading.line if heading else 1
    answer: tuple[Block, ...]
    if lists:
        # What stands beside the list would stand on the other side's card too: they share a note.
        answer = (told(lists[0][1], scope.reader),)
    elif blocks:
        answer = tuple(block for _, block in blocks)
    else:
        answer = as_points(scope.node.children, line, scope.reader)
    side = _side(scope, head, line, answer)
    return Found((side,), scope.free) if side else None


def _lead_in(scope: Scope, at: int) -> Found | None:
    """`**Pros**` or `Advantages of X:` before a list, or with its text behind the colon."""
    block = scope.blocks[at]
    lead = plain(block.spans)
    following = scope.blocks[at + 1] if at + 1 in scope.free else None
    if following is not None and following.kind == "list" and len(lead) < 120:
        head = _head_of(lead, scope.reader)
        if head:
            side = _side(scope, head, block.line, (told(following, scope.reader),))
            defines = all(bold_item(item, scope) for item in following.children)
            # Points that are terms with a meaning are worth a definition each besides.
            return Found((side,), frozenset({at} if defines else {at, at + 1})) if side else None
    head, rest = _before_colon(block.spans, scope.reader)
    if head and plain(rest).strip():
        side = _side(scope, head, block.line, (paragraph(rest, block.line),))
        return Found((side,), frozenset({at})) if side else None
    return None


def swallows(node: Node, reader: Reader) -> bool:
    """Whether a side's subsections are its points, and say little more."""
    is_side = reader.head(node.name) is not None and not node.section.blocks
    return is_side and 0 < words(flat(node.children)) <= POINTS_WORDS


def _head_of(lead: str, reader: Reader) -> Head | None:
    lead = reader.lead(plain(clean_title((Span("text", lead),))))
    return reader.head(lead)


def _before_colon(spans: Spans, reader: Reader) -> tuple[Head | None, Spans]:
    """`Pros: fast, cheap` as head and text."""
    whole = plain(spans)
    colon = min((i for i in (whole.find(":"), whole.find("：")) if i > 0), default=-1)
    if not 0 < colon < 60:
        return None, ()
    head = _head_of(whole[:colon], reader)
    return (head, unwrapped(strip(cut(spans, colon + 1)))) if head else (None, ())


def _items(scope: Scope, at: int, block: Block) -> Found | None:
    """Items such as `Pros:` with the points nested below, or `Pros: fast, cheap`."""
    sides: dict[Head, list[tuple[int, tuple[Block, ...]]]] = {}
    claimed = 0
    for item in block.children:
        spans = item_head(item)
        nested = tuple(child for child in item_body(item) if child.kind == "list")
        head = _head_of(plain(spans), scope.reader) if nested else None
        if not (head and nested):
            head, rest = _before_colon(spans, scope.reader)
            nested = (paragraph(rest, item.line), *item_body(item))
        if head:
            sides.setdefault(head, []).append((item.line, nested))
            claimed += 1
    if not sides or 2 * claimed < len(block.children):
        return None
    found = (_side(scope, head, points[0][0], _together([p for _, p in points])) for head, points in sides.items())
    # What else stands in the list is left for other patterns.
    return Found(tuple(card for card in found if card), frozenset({at} if claimed == len(block.children) else ()))


def _together(points: list[tuple[Block, ...]]) -> tuple[Block, ...]:
    """The points of one side from several items: one as it stands, more as a list."""
    if len(points) == 1:
        return points[0]
    line = points[0][0].line
    return (Block("list", line, line, children=tuple(Block("item", b[0].line, children=b) for b in points)),)


def _table(scope: Scope, at: int, block: Block) -> Found | None:
    """Columns named as sides: with a column of subjects a row is a note, without one the table is."""
    heads = [scope.reader.head(plain(cell)) for cell in block.rows[0]] if block.rows else []
    columns = [n for n, head in enumerate(heads) if head and not head.subject]
    if not columns or len(block.rows) < 2:
        return None
    cards: list[Card] = []
    for n in columns:
        head = heads[n]
        assert head is not None
        if 0 in columns:
            cells = [row[n] for row in block.rows[1:] if plain(row[n]).strip()]
            items = tuple(Block("item", block.line, block.line, children=(paragraph(c, block.line),)) for c in cells)
            points_ = (Block("list", block.line, block.line, children=items),) if items else ()
            cards.extend(c for c in (_side(scope, head, block.line, points_),) if c)
        else:
            for row_at, row in enumerate(block.rows[1:]):
                answer = tuple(paragraph(row[n], block.line) for _ in (0,) if plain(row[n]).strip())
                side = card(scope, head, plain(row[0]).strip(), block.line + 2 + row_at, answer)
                cards.extend((side,) if side else ())
    return Found(tuple(cards), frozenset({at})) if cards else None
