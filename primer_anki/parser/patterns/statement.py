"""What prose says beyond its opening: cards that begin a sentence and ask for its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from primer_anki.parser.card import Card, fill, paragraph
from primer_anki.parser.document import Block, Span, Spans, cut, cut_all, plain, strip
from primer_anki.parser.patterns.scope import Scope, focus, points, unwrapped, words
from primer_anki.parser.reader import count_words, normal, sentences
from primer_anki.value import Value, replace

_SUBJECT = re.compile(r"\{subject\}\s?[:：]\s?")
PASSAGE_WORDS = 22
"""Sentences share a card while together they are no longer than this."""
FEWEST_WORDS = 4
"""A sentence shorter than this says too little to be divided."""
MOST_BESIDE_TERM, MOST_BESIDE = 25, 40
"""Words that Extra may hold beside the meaning of a term, or the answer to a question; more becomes cards."""
TOPIC_WORDS = 5
"""Bold words at a paragraph's beginning are what it speaks of if they are no more than this."""
SUBJECT_WORDS = 8
"""A heading longer than this stands in the breadcrumb alone."""
ENDLESS_WORDS = 90
"""A sentence longer than this is a heap, and no statement."""


class Rule(Value, frozen=True):
    """The question that a sentence answers by its form."""

    ask: str
    match: re.Match[str]


class Passage(Value, frozen=True):
    """Sentences that belong on one card."""

    spans: Spans
    rule: Rule | None
    """Of the first sentence."""
    leans: bool
    """It speaks of what stands before it, and asks nothing by itself."""
    term: Spans = ()
    """What its first sentence says the meaning of, the article before it taken in; empty where it is none's."""


def passages(scope: Scope, spans: Spans, first: int = PASSAGE_WORDS) -> tuple[Passage, ...]:
    """A paragraph's text as passages that are short enough for a card; the first may have so many words.

    A sentence that answers a question by its form begins one; so does a sentence that would make the one before too
    long, sooner if it can be understood without it.
    """
    whole = plain(spans)
    bounds: list[tuple[int, int]] = []
    kinds: list[tuple[Rule | None, bool, Spans]] = []
    stressed = _stressed(spans) if scope.states else {}
    size = 0
    for start, end in sentences(whole):
        sentence = whole[start:end]
        length = count_words(sentence)
        rule, leans = _rule(scope, sentence), scope.reader.leans(sentence)
        term = _defined(scope, whole, (start, end), stressed)
        before = kinds[-1][0] if kinds else None
        again = rule and before and before.ask == rule.ask and "{lead}" not in rule.ask
        most = PASSAGE_WORDS if kinds[1:] else first
        full = scope.states and size + length > (2 * most if leans else most)
        if not kinds or ((rule or full) and not again) or term:
            bounds.append((start, end))
            kinds.append((rule, leans and not rule and not term, term))
            size = length
        else:
            bounds[-1] = (bounds[-1][0], end)
            size += length
    pieces = cut_all(spans, bounds)
    return tuple(Passage(strip(piece), *kind) for piece, kind in zip(pieces, kinds, strict=True))


def _stressed(spans: Spans) -> dict[int, tuple[int, Span]]:
    """Where names in bold, italics or code begin in the plain text, and where they end."""
    found: dict[int, tuple[int, Span]] = {}
    start = 0
    for span in spans:
        end = start + len(plain((span,)))
        if span.kind in ("strong", "em", "code", "mark") and count_words(plain((span,))) <= TOPIC_WORDS:
            found[start] = end, span
        start = end
    return found


def _defined(scope: Scope, whole: str, bounds: tuple[int, int], stressed: dict[int, tuple[int, Span]]) -> Spans:
    """The name that a sentence begins with and says the meaning of (`A *solute* is what dissolves.`); empty if none."""
    start, end = bounds
    at = start + scope.reader.article(whole[start:end]) if stressed else -1
    if at not in stressed or not scope.reader.defines(whole[stressed[at][0] : end]):
        return ()
    article = "" if scope.reader.quotes else whole[start:at].lower()
    name = unwrapped((stressed[at][1],))
    return (*fill(article), *name) if article else name


def _rule(scope: Scope, sentence: str) -> Rule | None:
    """The rule that a sentence matches; none where part of it only points elsewhere."""
    if points(f"{sentence}:", scope.reader):
        return None
    found = scope.reader.rule(sentence)
    return Rule(*found) if found else None


def card(scope: Scope, passage: Passage, line: int) -> Card | None:
    """The card of a passage: asked by the rule of its first sentence, else by that sentence's beginning."""
    whole = plain(passage.spans)
    if whole.endswith((":", "：")) or scope.reader.hands_over(whole):
        return None
    start = 0
    if passage.term:
        question = fill(scope.reader.what_is(plain(passage.term)), term=passage.term)
    elif passage.rule is None:
        question = beginning(scope, passage.spans) if scope.states else ()
        if not question:
            return None
    else:
        groups = passage.rule.match.groupdict()
        values: dict[str, Spans | str] = {"subject": scope.subject}
        if groups.get("lead"):
            values["lead"] = cut(passage.spans, *passage.rule.match.span("lead"))
        if groups.get("answer"):
            start = passage.rule.match.start("answer")
        question = _within(passage.rule.ask, values, scope)
    answer, extra = focus((paragraph(strip(cut(passage.spans, start)), line),), scope.reader)
    pattern = "definition" if passage.term else "fact" if passage.rule else "statement"
    return Card(pattern, line, question, answer, extra=extra, subject=scope.subject) if answer else None


def beginning(scope: Scope, spans: Spans) -> Spans:
    """`DNS: A records point …?` for the first sentence of a passage; empty where it cannot be divided."""
    whole = plain(spans)
    low, high = sentences(whole)[0]
    sentence = whole[low:high]
    if scope.reader.question_marked(sentence) or not FEWEST_WORDS <= count_words(sentence) <= ENDLESS_WORDS:
        return ()
    lead = strip(cut(spans, low, _whole_names(spans, low + scope.reader.beginning(sentence))))
    return _within(scope.reader.wording.goes_on, {"subject": scope.subject, "lead": lead}, scope)


def _whole_names(spans: Spans, end: int) -> int:
    """A place in spans, moved behind the name in bold or code that it would divide."""
    start = 0
    for span in spans:
        stop = start + len(plain((span,)))
        if start < end < stop and span.kind in ("strong", "code") and count_words(plain((span,))) <= TOPIC_WORDS:
            return stop
        start = stop
    return end


def _within(wording: str, values: dict[str, Spans | str], scope: Scope) -> Spans:
    """The question with its subject, unless its lead says the subject already."""
    lead = values.get("lead")
    named = normal(scope.reader.singular(normal(scope.subject)))
    said = named and named in normal(plain(lead) if not isinstance(lead, str) else lead) if lead else False
    is_unfit = not named or scope.reader.asks(scope.subject) or count_words(scope.subject) > SUBJECT_WORDS
    if lead and (said or is_unfit):
        wording = _SUBJECT.sub("", wording)
    return fill(wording, **values)


def statements(scope: Scope, found: Iterable[Passage], line: int) -> Iterator[Card | Block]:
    """The cards of a paragraph's passages; what can be no card of its own comes as a block, for the one before."""
    for passage in found:
        words_ = plain(passage.spans)
        if scope.reader.aside(words_):
            continue
        stays = passage.leans and count_words(words_) <= PASSAGE_WORDS
        asked = None if stays else card(scope, passage, line)
        yield asked or paragraph(passage.spans, line)


def told(scope: Scope, block: Block) -> tuple[Card | Block, ...]:
    """What a block says as cards; what can be no card of its own comes as a block."""
    if block.kind != "paragraph" or not scope.reader.states(plain(block.spans)):
        return (block,)
    return tuple(statements(about(scope, block.spans), passages(scope, block.spans), block.line))


def about(scope: Scope, spans: Spans) -> Scope:
    """The scope of a paragraph that begins with a bold name, as others of its section do: it goes on with that."""
    name = _opening_name(scope, spans)
    if not name:
        return scope
    led = (block for block in scope.blocks if block.kind == "paragraph" and _opening_name(scope, block.spans))
    return replace(scope, subject=name) if len(tuple(islice(led, 2))) > 1 else scope


def _opening_name(scope: Scope, spans: Spans) -> str:
    """The one bold name before a paragraph's first verb; empty if there is none."""
    if not any(span.kind == "strong" for span in spans):
        return ""
    names = [span for span in cut(spans, 0, scope.reader.beginning(plain(spans))) if span.kind == "strong"]
    name = plain(names)
    is_name = len(names) == 1 and 0 < count_words(name) <= TOPIC_WORDS and not scope.reader.generic(name)
    return name if is_name else ""


def settled(found: Iterable[Card | Block]) -> tuple[tuple[Block, ...], tuple[Card, ...]]:
    """What stands before the first card, and the cards, each with the blocks behind it in its Extra."""
    before: list[Block] = []
    cards: list[Card] = []
    for each in found:
        if isinstance(each, Card):
            cards.append(each)
        elif cards:
            cards[-1] = replace(cards[-1], extra=(*cards[-1].extra, each))
        else:
            before.append(each)
    return tuple(before), tuple(cards)


def divided(scope: Scope, whole: Card) -> Iterator[Card]:
    """A card, and the cards of what it would have to keep in Extra though it is too much for that."""
    is_own = bool(whole.term) or normal(plain(whole.question)) == normal(scope.node.name)
    most = MOST_BESIDE_TERM if whole.term else MOST_BESIDE
    if not scope.states or not is_own or words(whole.extra) <= most:
        yield whole
        return
    about = replace(scope, subject=plain(whole.term) if whole.term else scope.subject)
    kept, cards = settled(each for block in whole.extra for each in told(about, block))
    yield replace(whole, extra=kept)
    yield from cards
