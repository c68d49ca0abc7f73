"""What prose says beyond its opening: cards that begin a sentence and ask for its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from primer_anki.parser.card import Card, fill, paragraph
from primer_anki.parser.document import Block, Spans, cut, plain, strip
from primer_anki.parser.patterns.scope import Scope, focus, points, words
from primer_anki.parser.reader import count_words, normal, sentences

_SUBJECT = re.compile(r"\{subject\}\s?[:：]\s?")
PASSAGE_WORDS = 22
"""Sentences share a card while together they are no longer than this."""
FEWEST_WORDS = 4
"""A sentence shorter than this says too little to be divided."""
MOST_BESIDE_TERM, MOST_BESIDE = 25, 40
"""Words that Extra may hold beside the meaning of a term, or the answer to a question; more becomes cards."""
SUBJECT_WORDS = 8
"""A heading longer than this stands in the breadcrumb alone."""
ENDLESS_WORDS = 90
"""A sentence longer than this is a heap, and no statement."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The question that a sentence answers by its form."""

    ask: str
    match: re.Match[str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences that belong on one card: offsets in the paragraph's text."""

    start: int
    end: int
    rule: Rule | None
    leans: bool
    """It speaks of what stands before it, and asks nothing by itself."""


def passages(scope: Scope, whole: str, first: int = PASSAGE_WORDS) -> tuple[Passage, ...]:
    """A paragraph's text as passages that are short enough for a card; the first may have so many words.

    A sentence that answers a question by its form begins one; so does a sentence that would make the one before too
    long, sooner if it can be understood without it.
    """
    out: list[Passage] = []
    size = 0
    for start, end in sentences(whole):
        sentence = whole[start:end]
        length = count_words(sentence)
        rule = _rule(scope, sentence)
        again = rule and out and out[-1].rule and out[-1].rule.ask == rule.ask and "{lead}" not in rule.ask
        leans = scope.reader.leans(sentence)
        most = PASSAGE_WORDS if out[1:] else first
        full = scope.states and size + length > (2 * most if leans else most)
        if not out or (rule and not again) or full:
            out.append(Passage(start, end, rule, leans and not rule))
            size = length
        else:
            out[-1] = replace(out[-1], end=end)
            size += length
    return tuple(out)


def _rule(scope: Scope, sentence: str) -> Rule | None:
    """The rule that a sentence matches; none where part of it only points elsewhere."""
    if points(f"{sentence}:", scope.reader):
        return None
    found = scope.reader.rule(sentence)
    return Rule(*found) if found else None


def card(scope: Scope, block: Block, passage: Passage) -> Card | None:
    """The card of a passage: asked by the rule of its first sentence, else by that sentence's beginning."""
    start = passage.start
    if plain(block.spans)[start : passage.end].endswith((":", "：")):
        return None
    pattern = "fact" if passage.rule else "statement"
    if passage.rule is None:
        question = beginning(scope, block.spans, start, passage.end) if scope.states else ()
        if not question:
            return None
    else:
        groups = passage.rule.match.groupdict()
        values: dict[str, Spans | str] = {"subject": scope.subject}
        if groups.get("lead"):
            low, high = passage.rule.match.span("lead")
            values["lead"] = cut(block.spans, start + low, start + high)
        if groups.get("answer"):
            start += passage.rule.match.start("answer")
        question = _within(passage.rule.ask, values, scope)
    answer, extra = focus((paragraph(strip(cut(block.spans, start, passage.end)), block.line),), scope.reader)
    return Card(pattern, block.line, question, answer, extra=extra, subject=scope.subject) if answer else None


def beginning(scope: Scope, spans: Spans, start: int, end: int) -> Spans:
    """`DNS: A records point …?` for the sentence between two offsets; empty where it cannot be divided."""
    whole = plain(spans)
    low, high = sentences(whole[start:end])[0]
    sentence = whole[start + low : start + high]
    if scope.reader.question_marked(sentence):
        return ()
    if not FEWEST_WORDS <= count_words(sentence) <= ENDLESS_WORDS:
        return ()
    length = scope.reader.beginning(sentence)
    values: dict[str, Spans | str] = {
        "subject": scope.subject,
        "lead": strip(cut(spans, start + low, start + low + length)),
    }
    return _within(scope.reader.wording.goes_on, values, scope)


def _within(wording: str, values: dict[str, Spans | str], scope: Scope) -> Spans:
    """The question with its subject, unless its lead says the subject already."""
    lead = values.get("lead")
    named = normal(scope.reader.singular(normal(scope.subject)))
    said = named and named in normal(plain(lead) if not isinstance(lead, str) else lead) if lead else False
    if lead and (said or scope.reader.asks(scope.subject) or count_words(scope.subject) > SUBJECT_WORDS):
        wording = _SUBJECT.sub("", wording)
    return fill(wording, **values)


def statements(scope: Scope, block: Block, found: Iterable[Passage]) -> Iterator[Card | Block]:
    """The cards of a paragraph's passages; what can be no card of its own comes as a block, for the one before."""
    for passage in found:
        spans = strip(cut(block.spans, passage.start, passage.end))
        if scope.reader.speaks_of_itself(plain(spans)):
            continue
        stays = passage.leans and count_words(plain(spans)) <= PASSAGE_WORDS
        asked = None if stays else card(scope, block, passage)
        yield asked or paragraph(spans, block.line)


def divided(scope: Scope, whole: Card) -> Iterator[Card]:
    """A card, and the cards of what it would have to keep in Extra though it is too much for that."""
    is_own = bool(whole.term) or whole.question == scope.node.title
    most = MOST_BESIDE_TERM if whole.term else MOST_BESIDE
    if not scope.states or not is_own or words(whole.extra) <= most:
        yield whole
        return
    about = replace(scope, subject=plain(whole.term) if whole.term else scope.subject)
    kept: list[Block] = []
    cards: list[Card] = []
    for block in whole.extra:
        found = statements(about, block, passages(about, plain(block.spans))) if block.kind == "paragraph" else (block,)
        for each in found:
            if isinstance(each, Card):
                cards.append(each)
            elif cards:
                cards[-1] = replace(cards[-1], extra=(*cards[-1].extra, each))
            else:
                kept.append(each)
    yield replace(whole, extra=tuple(kept))
    yield from cards
