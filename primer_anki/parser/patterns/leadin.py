"""Lists: the question comes from the sentence that leads in, else from the heading."""

from __future__ import annotations

from collections.abc import Iterator

from primer_anki.parser.card import Card, asked, fill
from primer_anki.parser.document import Block, Spans, all_spans, cut, plain, strip
from primer_anki.parser.patterns import tradeoff
from primer_anki.parser.patterns.definition import bold_item, defined, name_alone, named, told
from primer_anki.parser.patterns.scope import (
    FEWEST_LEAD_WORDS,
    Found,
    Scope,
    item_body,
    item_head,
    lead_in,
    link_item,
    links,
    only_links,
    words,
)
from primer_anki.parser.patterns.statement import passages, statements
from primer_anki.parser.reader import count_words, normal
from primer_anki.parser.titles import clean_title
from primer_anki.value import replace

LISTED_WORDS = 8
"""A list whose points have more words than this on average is divided into its points."""
FEWEST_ALONE = 3
"""A lead-in shorter than this does not say what it speaks of."""
LONGEST = 12
"""Items; a longer list is a catalogue."""
NAME_WORDS = 6
"""A link as short as this is a name; a lead-in shorter than this does not ask for names."""
NESTED_WORDS = 16
"""Points below a point that have more words than this together are asked apart from it."""
HEAD_WORDS = 9
"""An item as short as this is a head: what is nested below it is a card of its own."""


def find(scope: Scope) -> Iterator[Found]:
    """One card a list; lists nested below a named item give cards of their own."""
    for at, block in scope.open():
        if scope.is_intro or block.kind != "list":
            continue
        block = _filled(block)
        found = _named(scope, at, block) or (_list(scope, at, block) if _listed(scope, block) else None)
        if found:
            yield found


def _named(scope: Scope, at: int, block: Block) -> Found | None:
    """A name over its points: a list of one."""
    if len(block.children) != 1 or scope.node.level < 2 or not _leads(block.children[0]):
        return None
    cards = tuple(points_below(scope, block.children[0]))
    return Found(cards, frozenset({at})) if cards else None


def _list(scope: Scope, at: int, block: Block) -> Found | None:
    if lead := lead_in(scope, at):
        return _led(scope, at, block, *lead)
    if not _under_heading(scope, at, block):
        return None
    if cards := _states(scope, block):
        return Found((*cards, *_nested(scope, block)), frozenset({at}))
    if not any(other.kind == "list" for other in scope.blocks[:at]):
        question = asked(scope.reader.wording.which, len(_points(scope, block)), subject=_subject(scope))
        return Found((*_cards(scope, block, question), *_nested(scope, block)), frozenset({at}))
    below = tuple(_nested(scope, block)) if scope.states and scope.node.level > 1 else ()
    return Found(below, frozenset({at})) if below else None


def _led(scope: Scope, at: int, block: Block, lead: Spans, claims: frozenset[int]) -> Found | None:
    """A list that a sentence leads in."""
    if not _worth(scope, block, plain(scope.blocks[at - 1].spans)):
        return None
    template = scope.reader.wording.complete
    if scope.reader.leans(plain(lead)) or count_words(plain(lead)) < FEWEST_ALONE:
        template = scope.reader.wording.complete.replace("{lead}", "{subject}: {lead}")
    if scope.reader.begins_question(plain(lead)):
        template = "{lead}? ({n})"
    question = asked(template, len(_points(scope, block)), lead=lead, subject=scope.subject)
    return Found((*_cards(scope, block, question), *_nested(scope, block)), frozenset({at, *claims}))


def _filled(block: Block) -> Block:
    """A list without items that hold nothing."""
    return replace(block, children=tuple(item for item in block.children if item.children or block.kind != "list"))


def _listed(scope: Scope, block: Block) -> bool:
    """A list of points: not of questions that nobody answers, not endless."""
    if scope.link_heavy and any(link_item(item) for item in block.children):
        return False
    if any(item.checked is not None for item in block.children):  # a list of things to do
        return False
    heads = [item_head(item) for item in block.children]
    return 2 <= len(heads) <= LONGEST and all(plain(item_head(i)).strip() or item_body(i) for i in block.children)


def _states(scope: Scope, block: Block) -> tuple[Card, ...]:
    """The cards of a list of whole sentences, which is too much for one card; none where most are too short for that.

    What can be no card of its own is kept with the one before.
    """
    said = sum(count_words(plain(item_head(item))) for item in block.children)
    if not scope.states or said <= LISTED_WORDS * len(block.children):
        return ()
    found: list[Card] = []
    terms = told(block, scope)
    for n, item in enumerate(block.children):
        if n in terms:
            continue
        if not carries(item) and item_body(item) and (term := bold_item(item, scope)):
            found.append(term)
            continue
        cards = statements(scope, passages(scope, item_head(item)), item.line)
        for each in (*cards, *(() if carries(item) else item_body(item))):
            if isinstance(each, Card):
                found.append(each)
            elif _leads(item):
                continue
            elif found:
                found[-1] = replace(found[-1], extra=(*found[-1].extra, each))
            else:
                return ()
    return tuple(found) if 2 * len(found) >= len(block.children) - len(terms) else ()


def _worth(scope: Scope, block: Block, lead: str) -> bool:
    """A list of links is an answer only where a full sentence asks for the names themselves."""
    if not all(link_item(item) for item in block.children):
        return True
    external = sum(any(span.target.startswith("http") for span in links(item_head(item))) for item in block.children)
    if not external:
        return False
    heads = [item_head(item) for item in block.children]
    short = all(only_links(head) and count_words(plain(head)) <= NAME_WORDS for head in heads)
    about_links = any(scope.reader.skips(word) for word in normal(lead).replace(",", " ").split())
    return short and count_words(lead) >= NAME_WORDS and not about_links


def _under_heading(scope: Scope, at: int, block: Block) -> bool:
    """A list that the heading itself announces."""
    if not scope.node.name or scope.is_intro:
        return False
    if sum(link_item(item) for item in block.children) * 2 > len(block.children):
        return False
    asking = sum(scope.reader.question_marked(plain(item_head(item))) for item in block.children)
    return 2 * asking <= len(block.children) or (at > 0 and scope.blocks[at - 1].kind == "paragraph")


def _subject(scope: Scope) -> Spans:
    above = scope.parent or scope.subject
    is_part = scope.reader.generic(scope.node.name) or scope.node.opener == "bold"
    if is_part and normal(above) not in ("", normal(scope.node.name)):
        return (*fill(f"{above} – "), *scope.node.title)
    return scope.node.title


def _side(scope: Scope, item: Block) -> Card | None:
    """A point `Pros:` over its own points: a side of what the list is about."""
    head = scope.reader.head(scope.reader.lead(plain(clean_title(item_head(item))))) if _leads(item) else None
    return tradeoff.card(scope, head, head.subject or scope.subject, item.line, item_body(item)) if head else None


def _points(scope: Scope, block: Block) -> tuple[Block, ...]:
    """A list's points that answer what the list is asked for: the sides of a trade-off among them are asked apart."""
    return tuple(item for item in block.children if not _side(scope, item))


def _cards(scope: Scope, block: Block, question: Spans) -> Iterator[Card]:
    """The list's card, if anything is left for it.

    What is nested below a name is asked for on its own card, so it does not stand on this one.
    """
    terms = told(block, scope)
    shown = [(n, item) for n, item in enumerate(block.children) if not _side(scope, item)]
    items = tuple(name_alone(item, scope.reader) if n in terms else without_below(item) for n, item in shown)
    if items:
        yield Card("list", block.line, strip(question), (replace(block, children=items),))


def without_below(item: Block) -> Block:
    """A point without the points below it that are cards of their own."""
    return replace(item, children=item.children[:1]) if carries(item) else item


def _leads(item: Block) -> bool:
    """A name, or a clause with a colon, over a list of at least two points: a question of its own."""
    head, body = plain(item_head(item)), item_body(item)
    if len(body) != 1 or body[0].kind != "list" or len(body[0].children) < 2:
        return False
    is_name = 0 < count_words(head) <= HEAD_WORDS and not head.endswith((".", "。"))
    return is_name or head.rstrip().endswith((":", "："))


def carries(item: Block) -> bool:
    """An item with cards of its own below it: those of a name, or more than a list can show beside its points."""
    below = item_body(item)
    is_list = len(below) == 1 and below[0].kind == "list" and len(below[0].children) > 1
    return _leads(item) or (is_list and words(below) > NESTED_WORDS)


def _nested(scope: Scope, block: Block) -> Iterator[Card]:
    """The cards of what stands below the items, as deep as it goes."""
    terms = told(block, scope)
    yield from terms.values()
    for n, item in enumerate(block.children):
        if n in terms or not carries(item):
            continue
        if side := _side(scope, item):
            yield side
            continue
        inner = item_body(item)[0]
        if not _leads(item):
            name = next((plain((span,)) for span in all_spans(item_head(item)) if span.kind == "strong"), scope.subject)
            below = replace(scope, subject=name)
            if cards := _states(below, inner):
                yield from cards
                yield from _nested(below, inner)
                continue
        yield from points_below(scope, item)


def points_below(scope: Scope, item: Block) -> Iterator[Card]:
    """The points below a point, asked by it, and the cards below them; none where too little or too much is there."""
    if not carries(item):
        return
    (inner,) = item_body(item)
    if not words((inner,)) or len(inner.children) > LONGEST or all(link_item(i) for i in inner.children):
        return
    head = clean_title(item_head(item))
    lead = scope.reader.lead(plain(item_head(item)))
    is_general = scope.reader.generic(lead) and scope.subject
    name: Spans = (*fill(f"{scope.subject} – "), *head) if is_general else head
    below = replace(scope, subject=plain(name), parent=scope.subject) if _leads(item) else scope
    meanings = defined(inner, below)
    yield from meanings
    wording, n = scope.reader.wording, len(_points(below, inner))
    if plain(item_head(item)).rstrip().endswith((":", "：")) and count_words(lead) >= FEWEST_LEAD_WORDS:
        question = asked(wording.complete, n, lead=clean_title(cut(item_head(item), 0, len(lead))))
    else:
        question = asked(wording.which, n, subject=name)
    inner = named(inner, scope.reader) if meanings else inner
    for each in _cards(below, inner, question):
        yield replace(each, line=item.line, subject=plain(head))
    yield from _nested(below, inner)
