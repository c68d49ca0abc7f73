"""Answers: short, one idea, not given away."""

from __future__ import annotations

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card
from primer_anki.lint.content import content
from primer_anki.lint.rule import Found, on_card, on_card_up_to
from primer_anki.lint.rules.questions import is_choice, is_closed
from primer_anki.text import count_words, sentences

MOST_SENTENCES = 2
FEWEST_IN_SENTENCE = 3
"""Words; fewer are an exclamation or a label."""
ONE_IDEA = 12
"""Words that are recalled as one, whatever stands between them."""
CLAUSE_WORDS = 4
"""Beside a semicolon, fewer words are an item of an enumeration and no sentence."""
LEAKED = 0.6
FEWEST_LEAKED = 5
"""Words; of a shorter answer only all of them count as given away."""


@on_card_up_to(
    25,
    "long-answer",
    Severity.WARNING,
    hint="cut it to what the question asks; more paragraphs and what is only good to know go to Extra",
    bad="""
    **Q: What does a load balancer do?**

    **A:** It takes every request that arrives from a client somewhere on the internet, looks at which of the servers
    behind it are alive and have the least to do at that moment, and then hands the request over to one of these.
    """,
    good="""
    **Q: What does a load balancer do?**

    **A:** It spreads requests over the servers that are alive.
    """,
)
def long_answer(card: Card, limit: float) -> Found:
    """An answer of more than 25 words; an error from twice that on.

    A learner has about ten seconds to recall and grade an answer. Of a long one he remembers a part, and cannot say
    whether that was right. Each item of a list, each cell of a table and each hidden passage counts by itself; code
    and Extra do not count.
    """
    words = max(map(count_words, card.units), default=0)
    if words > limit:
        what = "the answer" if len(card.units) == 1 else "a part of the answer"
        yield f"{what} has {words} words, limit {limit:g}", _worse(words > 2 * limit)


@on_card(
    "two-answers",
    Severity.WARNING,
    hint="ask for each in a question of its own",
    bad="""
    **Q: What does a cache do?**

    **A:** It keeps results near. It saves work. It may be stale.
    """,
    good="""
    **Q: What does a cache do?**

    **A:** It keeps results near their reader.
    """,
)
def two_answers(card: Card) -> Found:
    """An answer of three sentences, or of two that a semicolon joins, where one thing is asked for.

    Whoever knows one half and not the other can grade himself neither right nor wrong, and sees both halves again
    as often as the harder one needs it. Up to 12 words a semicolon is taken for a comma.
    """
    spoken = card.back.spoken
    parts = [spoken[start:end] for start, end in sentences(spoken)]
    whole = sum(count_words(part) >= FEWEST_IN_SENTENCE for part in parts)
    if whole > MOST_SENTENCES:
        yield f"the answer has {whole} sentences"
    elif count_words(spoken) > ONE_IDEA and not _asks_for_two(card) and any(map(_joins_two, parts)):
        yield "the answer has two parts joined by a semicolon"


def _asks_for_two(card: Card) -> bool:
    several = card.speech.several
    return several is not None and several.search(card.question) is not None


def _joins_two(sentence: str) -> bool:
    halves = sentence.replace("；", ";").split(";")
    return len(halves) == 2 and all(count_words(half) >= CLAUSE_WORDS for half in halves)


@on_card(
    "answer-leak",
    Severity.WARNING,
    hint="word the question without the answer's own words",
    bad="""
    **Q: Which pattern puts a circuit breaker in front of a failing service?**

    **A:** The circuit breaker pattern
    """,
    good="""
    **Q: Which pattern stops calls to a failing service for a while?**

    **A:** The circuit breaker
    """,
)
def answer_leak(card: Card) -> Found:
    """An answer most of whose words stand on the front; an error if all do.

    It can be read off instead of recalled. The breadcrumb is part of the front. A choice between two is left to
    the rule `either-or`.
    """
    if card.is_cloze:
        yield from _leaks_in_passages(card)
        return
    reverse = content(card.draft.fields.get("Reverse answer", "")).text
    if reverse and _share(card, reverse, content(card.draft.fields.get("Reverse question", "")).text)[0] == 1:
        yield f"the reverse card's question names its answer, {reverse}", Severity.ERROR
    if is_choice(card) or is_closed(card) or card.sets_scene or card.back.code or card.back.pictures:
        return
    told, words = _share(card, " ".join(card.units), f"{card.front.text} {card.context}")
    if told == 1:
        yield "the whole answer stands on the front", Severity.ERROR
    elif told > LEAKED and words >= FEWEST_LEAKED:
        yield f"{told:.0%} of the answer's words stand on the front"


def _leaks_in_passages(card: Card) -> Found:
    """Steps may share words: there only what is hidden counts that the title says already."""
    for passage in card.passages:
        is_step = card.draft.pattern == "steps"
        front = content(card.draft.fields.get("Title", "")).text if is_step else card.rest(passage.group, passage)
        if _share(card, passage.plain, f"{front} {card.context}")[0] == 1:
            yield f"the hidden passage “{passage.plain}” stands elsewhere on the front", Severity.ERROR


def _share(card: Card, answer: str, front: str) -> tuple[float, int]:
    """How much of an answer stands on the front, from 0 to 1, and how many words were looked at.

    The start of an answer may repeat the question, as a full sentence does: that gives nothing away.
    """
    told, seen = card.speech.words(answer), card.speech.words(front)
    new = told[_repeated(told, seen) :]
    words = frozenset(new or told)
    leaked = sum(word in seen and not _is_symbol(word) for word in words)
    return (leaked / len(words) if words else 0.0), len(words)


def _repeated(told: tuple[str, ...], seen: tuple[str, ...]) -> int:
    """How many words at the start of one text stand side by side in the other; a lone one does not count.

    Knuth, Morris and Pratt's search: no word is compared anew, however often the texts repeat themselves.
    """
    if not told or told[0] not in seen:
        return 0
    borders = [0] * len(told)  # of each beginning: how long a shorter one it ends with
    matched = 0
    for at in range(1, len(told)):
        while matched and told[at] != told[matched]:
            matched = borders[matched - 1]
        matched += told[at] == told[matched]
        borders[at] = matched
    longest = matched = 0
    for word in seen:
        while matched and (matched == len(told) or word != told[matched]):
            matched = borders[matched - 1]
        matched += word == told[matched]
        longest = max(longest, matched)
    return longest if longest > 1 else 0


def _is_symbol(word: str) -> bool:
    """A number or a letter may stand on both sides and mean something else on each."""
    return any(map(str.isdigit, word)) or (len(word) == 1 and word.isascii())


def _worse(is_error: bool) -> Severity:
    return Severity.ERROR if is_error else Severity.WARNING


@on_card(
    "empty-field",
    Severity.ERROR,
    hint="write something there, or leave the block out with <!-- primer: skip -->",
    bad="""
    # Ports

    A server listens on port ==&nbsp;== for HTTPS.
    """,
    good="""
    # Ports

    A server listens on port ==443== for HTTPS.
    """,
)
def empty_field(card: Card) -> Found:
    """A question, an answer or a hidden passage of which nothing is left to see.

    What held it up was white space, or HTML that never reaches a card. Anki would show an empty side.
    """
    if any(not content(passage.html).shows for passage in card.passages):
        yield "a hidden passage is empty"
    if not card.is_cloze and not card.front.shows:
        yield "the question is empty"
    if not card.is_cloze and not card.back.shows:
        yield "the answer is empty"
