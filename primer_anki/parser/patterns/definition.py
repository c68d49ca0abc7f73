"""Definitions: `**Term** - text`, `Term: text`, definition lists, bold-led paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from primer_anki.parser.card import Card, asked, fill, paragraph
from primer_anki.parser.document import Block, Span, Spans, cut, plain, strip
from primer_anki.parser.patterns.scope import (
    DEFINITION_WORDS,
    MORE_WORDS,
    Found,
    Scope,
    external,
    first_word,
    focus,
    has_text,
    item_body,
    item_head,
    lead_in,
    link_item,
    noise,
    only_links,
    unwrapped,
    with_head,
    words,
)
from primer_anki.parser.reader import Reader, count_words, normal
from primer_anki.parser.titles import clean_title, unadorned
from primer_anki.value import replace

_SEPARATOR = re.compile(
    r"\s*(?:\([^()]{1,80}\)|（[^（）]{1,80}）)?\s*(?:[:：]\s*|\s[-–—─―]{1,2}\s+|\s*[–—─―]{1,2}\s*|\s*(?:=>|->|→|=)\s+|(?<=[.:：])\s+)"
)
_REMARKED = re.compile(r"[(（][^()（）]{1,60}[)）]")
_FRAMED = re.compile(r"\s*[(（](?P<meaning>[^()（）]+\s[^()（）]+)[)）]\s*")
"""A term's meaning in brackets."""
_PLAIN_TERM = re.compile(r"(?P<term>[^:：\n–—!?。]{1,70}?)(?:\s*：\s*|:\s+|\s+(?:[-–—]{1,2}|=)\s+|\s*[–—]\s*)(?=\S)")
_DIVIDERS = ":：=-–—"
"""One of these stands behind a plain term."""
_STARTS = re.compile(r"[^\W\d_a-z]|[\"“(]")
_BARE_URL = re.compile(r"\s*https?://\S+$")
_REMARK = re.compile(
    r"(?:note|tip|warning|hint|important|example|e\.g|i\.e|http|https|todo|update|nota|hinweis|remarque|ejemplo|exemplo"
    r"|exemple|beispiel)\b|注意|注[:：]|参考|참고|例[:：]",
    re.IGNORECASE,
)
TERM_MARKS = ("strong", "code", "em", "u", "link", "mark")
"""What marks a term at the start of a text."""
MAX_TERM_WORDS = 8
POINTED_WORDS = 3
"""A bold sentence with a full stop is no term; a short one may be (`Latency.`)."""
LINE_WORDS = 5
"""A first line as short as this is the term of what the next line says."""
FEWEST_TERMS = 2
FEWEST_PARTS = 3
FACET_LEVEL = 3
"""A general heading as deep as this names a side of the part above it."""
MEANING_WORDS = 4
"""A nested list whose terms have fewer words beside them gives values, and no meanings."""
MOST_NAMES = 8
"""More names than this are a catalogue, and no question."""


def find(scope: Scope) -> Iterator[Found]:
    """One card a term. A list counts when its items are terms by mark-up, or by form nearly all of them."""
    for at, block in scope.open():
        cards: list[Card] = []
        claims = frozenset({at})
        if block.kind == "terms":
            cards = _terms(block, scope)
        elif block.kind == "list":
            cards = _list(block, scope)
            lead = lead_in(scope, at) if cards else None
            if lead and 2 <= len(block.children) <= MOST_NAMES:
                cards.append(_names(block, lead[0], scope.reader))
                claims |= lead[1]
            elif cards and _are_parts(scope, at, cards):
                cards.append(_parts(scope, block, cards))
            cards += _left(block, cards, scope)
        elif block.kind == "paragraph":
            cards = _paragraph(scope, block)
        if cards:
            yield Found(tuple(cards), claims)


def _are_parts(scope: Scope, at: int, cards: list[Card]) -> bool:
    """Whether a heading's first list is of terms, each with its card, few enough to know by heart."""
    block = scope.blocks[at]
    # `Terms` under the title is a glossary; `Features` under a part is a question.
    facets = FACET_LEVEL if scope.reader.generic(scope.node.name) else FACET_LEVEL - 1
    if not scope.states or not scope.node.name or scope.node.level < facets or scope.link_heavy:
        return False
    is_first = not any(other.kind == "list" for other in scope.blocks[:at])
    lines = {card.line for card in cards}
    told_ = all(item.line in lines for item in block.children)
    is_few = FEWEST_PARTS <= len(block.children) <= MOST_NAMES
    return is_first and told_ and is_few and not scope.reader.asks(scope.node.name)


def _parts(scope: Scope, block: Block, cards: list[Card]) -> Card:
    """What a heading is asked for, when its list defines terms: their names."""
    subject: Spans = scope.node.title
    if scope.reader.generic(scope.node.name) and (above := scope.parent or scope.subject):
        subject = (*fill(f"{above} – "), *subject)
    question = asked(scope.reader.wording.which, len(block.children), subject=subject)
    return Card("list", block.line, question, (_terms_alone(block, cards),))


def _terms_alone(block: Block, cards: list[Card]) -> Block:
    """A list of terms as the terms of its cards."""
    terms = {card.line: card.term or card.question for card in cards}
    items = (with_head(item, terms[item.line]) for item in block.children)
    return replace(block, children=tuple(replace(item, children=item.children[:1]) for item in items))


def _left(block: Block, cards: list[Card], scope: Scope) -> list[Card]:
    """The points below names that are no terms, in a list of terms."""
    lines = {card.line for card in cards}
    if not cards or not scope.states:
        return []
    found: list[Card] = []
    for item in block.children:
        below = item_body(item)
        if not lines.isdisjoint(range(item.line, item.end + 1)):
            continue
        is_name = 0 < count_words(plain(item_head(item))) <= LINE_WORDS
        if meant := pointed_item(item, scope):
            found.append(meant)
        elif is_name and len(below) == 1 and below[0].kind == "list" and len(below[0].children) > 1:
            question = asked(scope.reader.wording.which, len(below[0].children), subject=clean_title(item_head(item)))
            found.append(Card("list", item.line, question, below))
    return found


def _names(block: Block, lead: Spans, reader: Reader) -> Card:
    """What a lead-in asks for, when its list defines terms: their names."""
    question = asked(reader.wording.complete, len(block.children), lead=lead)
    return Card("list", block.line, question, (named(block, reader),))


def names_only(block: Block, scope: Scope) -> Block:
    """A list of terms with their meanings as the terms alone: the meanings are cards of their own."""
    if block.kind != "list" or not 3 <= len(block.children) <= MOST_NAMES or words((block,)) <= MORE_WORDS:
        return block
    if not _distinct([card for item in block.children if (card := bold_item(item, scope))], len(block.children)):
        return block
    return named(block, scope.reader)


def named(block: Block, reader: Reader) -> Block:
    """A list of terms with their meanings as the terms alone."""
    return replace(block, children=tuple(name_alone(item, reader) for item in block.children))


def _distinct(cards: list[Card], items: int) -> bool:
    """Whether all items are terms, each another one."""
    return len({normal(card.subject) for card in cards}) == items


def _name(item: Block, reader: Reader) -> Spans:
    head = item_head(item)
    split = marked_term(head, reader)
    if split:
        return cut(split[0], 0, len(plain(split[0]).rstrip(" :：.")))
    match = _PLAIN_TERM.match(plain(head))
    return cut(head, 0, len(match["term"])) if match else head


def define(term: Spans, meaning: tuple[Block, ...], line: int, scope: Scope, article: str = "") -> Card | None:
    """The card that asks what a term means; None where nothing says it. `article`: what the text puts before it."""
    reader = scope.reader
    name = plain(term).strip(" :：.")
    if not name or count_words(name) > MAX_TERM_WORDS or reader.head(name):
        return None
    answer, extra = focus(map(_without_address, meaning), reader, DEFINITION_WORDS)
    if not has_text(answer):
        return None
    bare = unwrapped(strip(cut(term, 0, len(plain(term).rstrip(" :：.")))))
    if reader.generic(name):
        question = fill(reader.wording.fact, subject=scope.subject, column=bare)
        return Card("fact", line, question, answer, extra=extra, subject=name)
    question = term if reader.asks(name) else fill(_what_is(bare, reader), term=within(bare, reader))
    if article and question is not term and not reader.quotes:
        question = fill(_what_is(bare, reader), term=(Span("text", article.lower()), *bare))
    return Card("definition", line, question, answer, extra=extra, subject=name, term=bare)


def _what_is(term: Spans, reader: Reader) -> str:
    """The wording that asks for a term; a piece of code is no plural."""
    return reader.wording.what_is if term[0].kind == "code" else reader.what_is(plain(term))


def within(term: Spans, reader: Reader) -> Spans:
    """A term as it stands in a sentence: an article at its start in lower case."""
    end = reader.article(plain(term))
    if end < 3:  # the A record is no article
        return term
    return (Span("text", plain(term)[:end].lower()), *cut(term, end))


def _without_address(block: Block) -> Block:
    """A meaning without the bare address at its end."""
    found = _BARE_URL.search(plain(block.spans)) if block.kind == "paragraph" else None
    return replace(block, spans=cut(block.spans, 0, found.start())) if found else block


def _terms(block: Block, scope: Scope) -> list[Card]:
    cards: list[Card] = []
    terms: list[Block] = []
    meaning: list[Block] = []
    for child in (*block.children, Block("term", 0)):
        if child.kind == "description":
            meaning.extend(child.children)
            continue
        if meaning:
            cards += [c for t in terms if (c := define(t.spans, tuple(meaning), t.line, scope))]
            terms, meaning = [], []
        terms.append(child)
    return cards


# -- lists --------------------------------------------------------------------------------------------------------


def _list(block: Block, scope: Scope) -> list[Card]:
    if scope.link_heavy and 2 * sum(link_item(item) for item in block.children) > len(block.children):
        return []
    bold = [card for item in block.children if (card := bold_item(item, scope))]
    if len(bold) < len(block.children):
        bold = _unseparated(block, scope) or bold
    if not _distinct(bold, len(bold)):
        return []
    if bold and 2 * len(bold) >= len(block.children):
        return bold + _nested(block, scope)
    divided = [card for item in block.children if (card := _divided_item(item, scope))]
    if divided and len(divided) == len(block.children):
        return divided
    plain_ones = [card for item in block.children if (card := plain_item(item, scope))]
    if len(plain_ones) >= 2 and 3 * len(plain_ones) >= 2 * len(block.children):
        return plain_ones + _nested(block, scope)
    nested = _nested(block, scope)
    return bold + nested if bold and len(bold) + len(nested) * 2 >= len(block.children) else []


def defined(block: Block, scope: Scope) -> list[Card]:
    """The definitions of a list whose every item is a term with its meaning; none of any other list."""
    cards = _list(block, scope) if len(block.children) >= FEWEST_TERMS else []
    is_told = words(each for card in cards for each in card.answer) >= MEANING_WORDS * len(cards)
    return cards if is_told and len(cards) == len(block.children) else []


def _unseparated(block: Block, scope: Scope) -> list[Card]:
    """`**Term** Its meaning` in a list where every item is so: the bold alone divides."""
    heads = [item_head(item) for item in block.children]
    if not all(len(head) > 1 and head[0].kind in ("strong", "code") for head in heads):
        return []
    starts = sum(_STARTS.match(plain(head[1:]).lstrip()) is not None for head in heads)
    if 2 * starts <= len(heads):
        return []
    cards: list[Card] = []
    for item, head in zip(block.children, heads, strict=True):
        split = marked_term(head, scope.reader)
        rest = split[1] if split else strip(cut(head, len(plain(head[:1]))))
        term = split[0] if split else head[0].children
        if card := define(term, (paragraph(rest, item.line), *item_body(item)), item.line, scope):
            cards.append(card)
    return cards


def _nested(block: Block, scope: Scope) -> list[Card]:
    """Terms in lists below the items."""
    inner = (child for item in block.children for child in item_body(item) if child.kind == "list")
    return [card for child in inner for card in _list(child, scope)]


def bold_item(item: Block, scope: Scope) -> Card | None:
    """`**Term** - text`, `**Term:** text`, `**Term** is …`, or a term alone above what is nested."""
    head = unadorned(item_head(item))
    if _alone(item) and item_body(item) and not scope.reader.question_marked(plain(head)):
        return define(_alone(item), item_body(item), item.line, scope)
    split = marked_term(head, scope.reader)
    if split:
        term, rest = split
        if only_links(rest) and not item_body(item):
            return None
        return define(term, (paragraph(rest, item.line), *item_body(item)), item.line, scope)
    return None


def _alone(item: Block) -> Spans:
    """The name of a point that says nothing else itself, a remark in brackets taken in; empty for other points."""
    head = unadorned(item_head(item))
    if not head or head[0].kind not in ("strong", "u", "code"):
        return ()
    rest = plain(head[1:]).strip(" :：")
    if rest and not _REMARKED.fullmatch(rest):
        return ()
    return (*(head[0].children or head[:1]), *(cut(head, len(plain(head[:1]))) if rest else ()))


def marked_term(spans: Spans, reader: Reader) -> tuple[Spans, Spans] | None:
    """A term in bold, code, italics or a link at the start, and what is said of it."""
    if not spans or spans[0].kind not in TERM_MARKS:
        return None
    term = spans[:1]
    name = plain(term)
    whole = plain(spans)
    if spans[0].kind == "link" and external(spans[0]):
        return None
    if spans[0].kind == "strong" and (inner := first_word(term)) and inner.kind == "link" and external(inner):
        return None if len(whole) - len(name) < 20 else _divide(spans, term, reader)
    return _divide(spans, term, reader)


def _divide(spans: Spans, term: Spans, reader: Reader) -> tuple[Spans, Spans] | None:
    name, whole = plain(term), plain(spans)
    if reader.question_marked(name) or count_words(name) > MAX_TERM_WORDS:
        return None
    colon_inside = name.rstrip().endswith((":", "：")) or (name.endswith(".") and count_words(name) <= POINTED_WORDS)
    if name.endswith((".", "!", "。")) and not colon_inside:
        return None
    if framed := _FRAMED.fullmatch(whole, len(name)):
        return term[0].children or term, strip(cut(spans, framed.start("meaning"), framed.end("meaning")))
    match = _SEPARATOR.match(whole, len(name)) if not colon_inside else re.compile(r"\s*").match(whole, len(name))
    if match and match.end() < len(whole):
        bracket = whole[len(name) : match.end()]
        close = max(bracket.rfind(")"), bracket.rfind("）"))
        inner = term[0].children or term
        shown = (*inner, *cut(spans, len(name), len(name) + close + 1)) if close >= 0 else inner
        return shown, strip(cut(spans, match.end()))
    if term[0].kind != "code" and reader.defines(whole[len(name) :]):
        return term[0].children or term, spans
    return None


def plain_item(item: Block, scope: Scope) -> Card | None:
    """`Term: text` without mark-up."""
    head = item_head(item)
    whole = plain(head)
    if divided := _divided_item(item, scope):
        return divided
    match = _PLAIN_TERM.match(whole) if any(sign in whole for sign in _DIVIDERS) else None
    if not match or _REMARK.match(whole) or link_item(item) or scope.reader.asks(whole):
        return marked_item(item, scope)
    term = match["term"].strip()
    rest = whole[match.end() :]
    is_sum = "=" in match[0] and term[:1].isdigit()
    if is_sum or not 0 < count_words(term) <= 5 or count_words(rest) < 2 or normal(term) in ("", "or", "and"):
        return None
    meaning = (paragraph(cut(head, match.end()), item.line), *item_body(item))
    return define(cut(head, 0, len(match["term"])), meaning, item.line, scope)


def told(block: Block, scope: Scope) -> dict[int, Card]:
    """What the terms among a list's points mean, by position.

    Terms of which the same line says much; names with a single point below, where most points of the list have some.
    """
    named = {n: card for n, item in enumerate(block.children) if (card := pointed_item(item, scope))}
    explained = sum(bool(item_body(item)) for item in block.children)
    if explained < FEWEST_TERMS or 2 * explained < len(block.children):
        named = {}
    lines = ((n, plain_item(item, scope)) for n, item in enumerate(block.children) if not item_body(item))
    return {n: card for n, card in lines if card and words(card.answer) >= 2 * MEANING_WORDS} | named


def pointed_item(item: Block, scope: Scope) -> Card | None:
    """A name with one point below it."""
    head, below = item_head(item), item_body(item)
    name = plain(head).strip()
    alone = len(below) == 1 and below[0].kind == "list" and len(below[0].children) == 1
    if (
        not alone
        or not 0 < count_words(name.partition("(")[0]) < LINE_WORDS
        or name[-1] in ".:。："
        or scope.reader.asks(name)
    ):
        return None
    (point,) = below[0].children
    meaning = (paragraph(item_head(point), point.line), *item_body(point))
    return define(clean_title(head), meaning, item.line, scope) if words(meaning) >= MEANING_WORDS else None


def name_alone(item: Block, reader: Reader) -> Block:
    """An item of a term and its meaning as the term alone."""
    bare = with_head(item, _name(item, reader))
    return replace(bare, children=bare.children[:1])


def _divided_item(item: Block, scope: Scope) -> Card | None:
    """A short first line and what it means on the next."""
    lines = _lines(item_head(item)) if "\n" in plain(item_head(item)) else []
    if len(lines) < 2 or not 0 < count_words(plain(lines[0])) <= LINE_WORDS or scope.reader.asks(plain(lines[0])):
        return None
    meaning = cut(item_head(item), plain(item_head(item)).index("\n") + 1)
    return define(unwrapped(lines[0]), (paragraph(strip(meaning), item.line), *item_body(item)), item.line, scope)


def marked_item(item: Block, scope: Scope) -> Card | None:
    """A term in code or italics."""
    split = marked_term(item_head(item), scope.reader)
    return define(split[0], (paragraph(split[1], item.line), *item_body(item)), item.line, scope) if split else None


# -- paragraphs ---------------------------------------------------------------------------------------------------


def _paragraph(scope: Scope, block: Block) -> list[Card]:
    """A paragraph led by its term in bold."""
    spans = unadorned(strip(block.spans))
    skipped = scope.reader.article(plain(spans))
    bare = cut(spans, skipped)
    if not bare or bare[0].kind not in ("strong", "u") or noise(block, scope.reader):
        return []
    if _REMARK.match(plain(spans)) or (scope.is_intro and scope.reader.introduces(plain(spans))):
        return []
    lines = [marked_term(line, scope.reader) for line in _lines(bare)]
    if len(lines) > 1 and not all(lines):
        lines = [marked_term(bare, scope.reader)]
    if skipped:  # the sentence keeps its article
        lines = [split and (split[0], spans) for split in lines[:1]]
    article = plain(spans)[:skipped]
    cards = [define(t, (paragraph(rest, block.line),), block.line, scope, article) for t, rest in filter(None, lines)]
    return [card for card in cards if card]


def _lines(spans: Spans) -> list[Spans]:
    """Spans divided at their hard breaks."""
    whole = plain(spans)
    bounds = [-1, *(n for n, c in enumerate(whole) if c == "\n"), len(whole)]
    return [strip(cut(spans, a + 1, b)) for a, b in pairwise(bounds) if whole[a + 1 : b].strip()]
