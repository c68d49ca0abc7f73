"""Questions that stand in the text: `Q: … A: …`, bold questions, question bullets, numbered questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from primer_anki.parser.card import Card, paragraph
from primer_anki.parser.document import Block, Spans, cut, plain, strip
from primer_anki.parser.patterns.definition import names_only
from primer_anki.parser.patterns.leadin import points_below
from primer_anki.parser.patterns.scope import (
    Found,
    Scope,
    announces,
    focus,
    has_text,
    item_body,
    item_head,
    noise,
    only_links,
    placeholder,
    unmarked,
    unwrapped,
)
from primer_anki.parser.reader import Reader, sentences
from primer_anki.parser.titles import clean_title
from primer_anki.value import replace

_SPEAKER = re.compile(r"(?P<who>[^\W\d_][\w ]{0,20}?)\s?[:：]\s*(?=\S)")
_ENUMERATION = re.compile(r"^\s*(?:\(?\d{1,4}[.)]|[-*•])\s+")


def find(scope: Scope) -> Iterator[Found]:
    """`Q:`/`A:` pairs first, then bold questions, then question items of lists."""
    used: set[int] = set()
    for seek in (_marked, _bold, _spoken, _plain_question, _loose_items):
        at = 0
        while at < len(scope.blocks):
            found = seek(scope, at) if at in scope.free and at not in used else None
            if found:
                used |= found.claims
                yield found
                at = max(found.claims) + 1
            else:
                at += 1
    for at, block in scope.open():
        if at not in used and block.kind == "list":
            yield from _talk(scope, at, block) or _items(scope, at, block)


def _ask(pattern: str, question: Spans, line: int, body: tuple[Block, ...], reader: Reader) -> Card | None:
    """A card from a question and everything under it; None where nothing answers."""
    answer, extra = focus(_unlisted(_unlabelled(body, reader)), reader)
    if not has_text(answer):  # a picture, or a pointer, is an answer where the question is explicit
        answer, extra = tuple(block for block in body if block.kind != "rule" and not placeholder(block)), ()
    if not has_text(answer) or not plain(question).strip():
        return None
    return Card(pattern, line, strip(question), answer, extra=extra)


def _unlabelled(body: tuple[Block, ...], reader: Reader) -> tuple[Block, ...]:
    """An answer without the mark before it."""
    mark = reader.answer_mark.match(plain(body[0].spans)) if body and body[0].kind == "paragraph" else None
    if not mark:
        return body
    first = unmarked(body[0], mark.end())
    return (*((first,) if first else ()), *body[1:])


def _unlisted(body: tuple[Block, ...]) -> tuple[Block, ...]:
    """A list of one point as that point alone."""
    if body and body[0].kind == "list" and len(body[0].children) == 1:
        return (*body[0].children[0].children, *body[1:])
    return body


# -- Q: and A: ----------------------------------------------------------------------------------------------------


def _marked(scope: Scope, at: int) -> Found | None:
    block = scope.blocks[at]
    if block.kind != "paragraph":
        return None
    reader = scope.reader
    whole = plain(block.spans)
    mark = reader.question_mark.match(whole)
    if not mark:
        return None
    inline = _inline_answer(block, mark.end(), reader)
    if inline:
        question, first = inline
        body: list[Block] = [first] if first else []
        end = at + 1
    else:
        question = unwrapped(strip(cut(block.spans, mark.end())))
        end = at + 1
        body = []
        opening: list[Block] = []
        while end < len(scope.blocks) and end - at < 6 and not _answer_start(scope, end):
            if _question_start(scope, end) or scope.blocks[end].kind == "rule":
                return None
            opening.append(scope.blocks[end])
            end += 1
        if end >= len(scope.blocks) or not _answer_start(scope, end):
            return None
        body = _answer_block(scope.blocks[end], reader)
        end += 1
    end = _gather(scope, end, body)
    card = _ask("question", question, block.line, tuple(body), reader)
    if card is None:
        return None
    if not inline and opening:
        card = replace(card, setting=tuple(opening))
    return Found((card,), frozenset(range(at, end)))


def _inline_answer(block: Block, start: int, reader: Reader) -> tuple[Spans, Block | None] | None:
    """A question and its answer in one paragraph, divided by a line end."""
    whole = plain(block.spans)
    for match in re.finditer(r"\s+|(?<=[?？。！.!])", whole[start:]):
        rest = start + match.end()
        mark = reader.answer_mark.match(whole, rest)
        if mark and not whole[rest : rest + 1].islower():
            question = unwrapped(strip(cut(block.spans, start, start + match.start())))
            return question, unmarked(block, mark.end())
    return None


def _question_start(scope: Scope, at: int) -> bool:
    block = scope.blocks[at]
    return block.kind == "paragraph" and bool(scope.reader.question_mark.match(plain(block.spans)))


def _answer_start(scope: Scope, at: int) -> bool:
    block = scope.blocks[at]
    return block.kind == "paragraph" and bool(scope.reader.answer_mark.match(plain(block.spans)))


def _answer_block(block: Block, reader: Reader) -> list[Block]:
    mark = reader.answer_mark.match(plain(block.spans))
    first = unmarked(block, mark.end() if mark else 0)
    return [first] if first else []


def _belongs(scope: Scope, at: int) -> bool:
    """Whether a block after an answer still belongs to it: not a new question, not a list of definitions."""
    block = scope.blocks[at]
    if block.kind in ("rule", "details", "heading"):
        return False
    if _question_start(scope, at) or _bold_question(block, scope.reader):
        return False
    if block.kind == "table":
        return at > 0 and scope.blocks[at - 1].kind == "paragraph"
    if block.kind == "list" and any(item_card(item, scope.reader) for item in block.children):
        return False
    return not (block.kind == "list" and all(_is_term(item) for item in block.children))


def _gather(scope: Scope, at: int, body: list[Block]) -> int:
    """Add the blocks from a position on that still answer; return the position behind them."""
    while at < len(scope.blocks) and at in scope.free and _goes_on(scope, at, body):
        body.append(scope.blocks[at])
        at += 1
    if at in scope.free and body and announces(body[-1]) and scope.blocks[at].kind == "list":
        body.append(names_only(scope.blocks[at], scope))  # the terms; their meanings are cards of their own
    return at


def _goes_on(scope: Scope, at: int, body: list[Block]) -> bool:
    """Whether a block is part of the answer so far; an empty one takes whatever is no question."""
    if body:
        return _belongs(scope, at)
    block = scope.blocks[at]
    is_apart = block.kind in ("rule", "details", "heading")
    return not (is_apart or _question_start(scope, at) or _bold_question(block, scope.reader))


def _is_term(item: Block) -> bool:
    head = item_head(item)
    return bool(head) and head[0].kind == "strong" and len(head) > 1


# -- bold questions -----------------------------------------------------------------------------------------------


def _bold_question(block: Block, reader: Reader) -> Spans:
    """The question of a paragraph that is one bold question, or opens with one; else empty."""
    if block.kind != "paragraph" or not block.spans:
        return ()
    spans = strip(block.spans)
    number = _ENUMERATION.match(plain(spans))
    if number:
        spans = cut(spans, number.end())
    if not spans or spans[0].kind != "strong":
        return ()
    question = clean_title(spans[0].children)
    mark = reader.question_mark.match(plain(question))
    question = cut(question, mark.end()) if mark else question
    return question if reader.question_marked(plain(question)) else ()


def _bold(scope: Scope, at: int) -> Found | None:
    block = scope.blocks[at]
    question = _bold_question(block, scope.reader)
    if not question:
        return None
    body: list[Block] = []
    whole = plain(block.spans)
    rest = unmarked(block, whole.find(plain(question)) + len(plain(question)))
    if rest:
        mark = scope.reader.answer_mark.match(plain(rest.spans))
        rest = unmarked(rest, mark.end()) if mark else rest
    if rest and has_text((rest,)):
        body.append(rest)
    end = at + 1
    while end < len(scope.blocks) and end in scope.free:
        other = scope.blocks[end]
        if not _goes_on(scope, end, body):
            break
        body.append(other)
        end += 1
    card = _ask("question", question, block.line, tuple(body), scope.reader)
    return Found((card,), frozenset(range(at, end))) if card else None


# -- a question over a list ----------------------------------------------------------------------------------------


def _plain_question(scope: Scope, at: int) -> Found | None:
    """A paragraph that is one question, over the list that answers it."""
    block = scope.blocks[at]
    answer = scope.blocks[at + 1] if at + 1 in scope.free else None
    if block.kind != "paragraph" or answer is None or answer.kind != "list":
        return None
    question = plain(block.spans)
    if not scope.reader.question_marked(question) or len(sentences(question)) > 1:
        return None
    if any(scope.reader.asks(plain(item_head(item))) for item in answer.children):
        return None
    card = _ask("question", unwrapped(clean_title(block.spans)), block.line, (names_only(answer, scope),), scope.reader)
    # The meanings of names are cards of their own.
    claims = {at} if names_only(answer, scope) is not answer else {at, at + 1}
    return Found((card,), frozenset(claims)) if card else None


# -- questions of a talk ------------------------------------------------------------------------------------------


def _spoken(scope: Scope, at: int) -> Found | None:
    """`Candidate: Is it a mobile app?` over `Interviewer: Both.`, in a quote or not: what one asks, another answers."""
    block = scope.blocks[at]
    following = scope.blocks[at + 1] if block.kind == "paragraph" and at + 1 in scope.free else None
    turns = block.children if block.kind == "quote" else (block, following) if following else ()
    if len(turns) != 2 or any(turn.kind != "paragraph" for turn in turns):
        return None
    card = _exchange(scope, *turns)
    return Found((card,), frozenset({at} if block.kind == "quote" else {at, at + 1})) if card else None


def _exchange(scope: Scope, asking: Block, answering: Block) -> Card | None:
    """Two turns of a talk, if the first asks and another speaker answers."""
    asked, answered = _SPEAKER.match(plain(asking.spans)), _SPEAKER.match(plain(answering.spans))
    if not asked or not answered or asked["who"] == answered["who"]:
        return None
    question, reply = strip(cut(asking.spans, asked.end())), unmarked(answering, answered.end())
    marked = scope.reader.question_marked
    if not reply or not marked(plain(question)) or marked(plain(reply.spans)):
        return None
    return _ask("question", question, asking.line, (reply,), scope.reader)


def _talk(scope: Scope, at: int, block: Block) -> list[Found]:
    """A talk whose turns are points: `C: How many?`, `I: Two hundred.`, and so on."""
    turns = [paragraph(item_head(item), item.line) for item in block.children if not item_body(item)]
    speakers = [match["who"] for turn in turns if (match := _SPEAKER.match(plain(turn.spans)))]
    if len(speakers) != len(block.children) or len(set(speakers)) != 2:
        return []
    cards = [card for pair in pairwise(turns) if (card := _exchange(scope, *pair))]
    return [Found(tuple(cards), frozenset({at}))] if cards else []


# -- items of lists -----------------------------------------------------------------------------------------------


def _loose_items(scope: Scope, at: int) -> Found | None:
    """`1. What is X?` whose answer follows without indentation: a list of one question, then its answer."""
    block = scope.blocks[at]
    return _answered_behind(scope, at, block) if block.kind == "list" and len(block.children) == 1 else None


def _answered_behind(scope: Scope, at: int, block: Block) -> Found | None:
    """A list of one question, and the blocks behind it that answer."""
    item = block.children[0]
    head = item_head(item)
    if not head or item_body(item) or not scope.reader.asks(plain(clean_title(head))):
        return None
    end = at + 1
    body: list[Block] = []
    while end < len(scope.blocks) and end in scope.free and _answers_item(scope, end, block):
        body.append(scope.blocks[end])
        end += 1
    card = _ask("question", unwrapped(clean_title(head)), item.line, tuple(body), scope.reader)
    return Found((card,), frozenset(range(at, end))) if card else None


def _answers_item(scope: Scope, at: int, opening: Block) -> bool:
    block = scope.blocks[at]
    if block.kind == "list" and block.ordered == opening.ordered:
        return not _split_item(item_head(block.children[0]), scope.reader)[0]
    return block.kind not in ("rule", "details")


def _items(scope: Scope, at: int, block: Block) -> Iterator[Found]:
    """Items that ask and hold their answer below; claimed when most of the list is of that kind."""
    cards = [card for item in block.children if (card := item_card(item, scope.reader))]
    if not cards:
        return
    asking = sum(bool(item_head(item)) and scope.reader.asks(_title(item), orders=False) for item in block.children)
    if 2 * len(cards) >= min(asking, len(block.children)):
        asked = {card.line for card in cards}
        others = (item for item in block.children if item.line not in asked)
        last = _last_item(scope, at, block) if block.children[-1].line not in asked else None
        cards += [*(card for item in others for card in points_below(scope, item)), *(last.cards if last else ())]
        yield Found(tuple(cards), frozenset({at}) | (last.claims if last else frozenset()))


def _last_item(scope: Scope, at: int, block: Block) -> Found | None:
    """A list's last question, which is answered behind the list."""
    alone = replace(block, children=block.children[-1:])
    return _answered_behind(scope, at, alone)


def _title(item: Block) -> str:
    return plain(clean_title(item_head(item)))


def item_card(item: Block, reader: Reader) -> Card | None:
    """The card of one list item that asks and answers."""
    head = item_head(item)
    if not head or (only_links(head) and not item_body(item)):
        return None
    body = item_body(item)
    question, rest = _split_item(head, reader)
    if not question:
        return None
    first = (paragraph(rest, item.line),) if plain(rest).strip() else ()
    parts: list[Block] = [*first, *_unlisted(body)]
    parts = [part for part in parts if not noise(part, reader)]
    if len(parts) == 1 and parts[0].kind == "details" and reader.reveals(plain(parts[0].spans)):
        parts = list(parts[0].children)
    return _ask("question", question, item.line, tuple(parts), reader)


def _split_item(head: Spans, reader: Reader) -> tuple[Spans, Spans]:
    """An item's text as question and what follows it; both empty if it asks nothing."""
    whole = plain(head)
    mark = reader.question_mark.match(whole)
    start = mark.end() if mark else 0
    inline = _inline_answer(paragraph(head, 0), start, reader) if mark else None
    if inline:
        return inline[0], inline[1].spans if inline[1] else ()
    line_end = whole.find("\n", start)
    first = whole[start : line_end if line_end > 0 else len(whole)]
    if line_end > 0 and (mark or reader.asks(first, orders=False)):
        return unwrapped(clean_title(cut(head, start, line_end))), strip(cut(head, line_end + 1))
    bold = len(strip(head)) == 1 and head[0].kind == "strong"
    if mark or reader.asks(plain(clean_title(cut(head, start))), orders=bold):
        return unwrapped(clean_title(cut(head, start))), ()
    asked = re.match(r"[^?？\n]{6,200}[?？]\s+(?=\S)", whole[start:])
    is_bold = asked is not None and head[0].kind == "strong" and len(plain(head[:1])) >= len(asked[0].rstrip()) - 1
    if asked and (is_bold or reader.begins_question(asked[0])):
        return unwrapped(clean_title(cut(head, start, start + asked.end()))), strip(cut(head, start + asked.end()))
    return (), ()
