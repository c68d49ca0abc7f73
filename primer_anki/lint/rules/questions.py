"""Questions: clear, open neither too far nor too little, and standing on their own."""

from __future__ import annotations

import re

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card
from primer_anki.lint.rule import Found, on_card, on_card_up_to
from primer_anki.text import count_words, sentences

FEWEST_WORDS = 3
"""A question of fewer words asks nothing, unless it begins with a word that asks."""
LONGEST_CHOICE = 300
"""Characters; a longer question tells a story."""
_AFTER_COLON = re.compile(r"[:：]\s")
_NAMED = re.compile(r"[:：–—]|\s-\s")


@on_card_up_to(
    30,
    "long-question",
    Severity.WARNING,
    hint="ask for one thing; a story or code can stand below the question",
    bad="""
    **Q: When you run a service with many readers and very few writers, and the one database server that you have
    becomes too slow although all of its indexes are in good order, what can you add?**

    **A:** Read replicas
    """,
    good="""
    **Q: Many readers, few writers, one slow database: what can you add?**

    **A:** Read replicas
    """,
)
def long_question(card: Card, limit: float) -> Found:
    """A question of more than 30 words.

    It is read again at each review, and after a few times recognised by its looks instead of understood.
    """
    words = count_words(card.question)
    if words > limit:
        yield f"the question has {words} words, limit {limit:g}"


@on_card(
    "vague-question",
    Severity.ERROR,
    hint="say what is asked, with a question mark",
    bad="""
    **Q: SQL tuning**

    **A:** Read the query plan first.
    """,
    good="""
    **Q: What do you read first when you tune SQL?**

    **A:** The query plan
    """,
)
def vague_question(card: Card) -> Found:
    """A front that asks nothing: no question mark and no verb that asks, or a bare name.

    Of a bare name a learner recalls something that is true and not what is on the back.
    """
    if card.is_cloze or not card.question or card.front.lists or "\n" in card.front.prose:
        return
    if not card.speech.asks(card.question):
        yield "the front asks nothing"
    elif _is_bare(card):
        yield "the question is a bare name"


def _is_bare(card: Card) -> bool:
    words = count_words(card.question)
    if words < 2 and not card.front.points:
        return not card.speech.orders(card.question)
    return words < FEWEST_WORDS and not (_NAMED.search(card.question) or card.speech.orders(card.question))


@on_card(
    "open-question",
    Severity.WARNING,
    hint="ask for one fact: what, why, when, which",
    bad="""
    **Q: Explain eventual consistency.**

    **A:** Replicas agree after some time.
    """,
    good="""
    **Q: What does eventual consistency promise?**

    **A:** Replicas agree after some time.
    """,
)
def open_question(card: Card) -> Found:
    """Explain, describe, discuss, tell me about.

    A talk has no right answer, so it cannot be graded: each review is judged by mood.
    """
    if card.speech.open and not card.is_cloze and card.speech.open.search(card.question):
        yield "the question asks for a talk"


@on_card(
    "yes-no",
    Severity.WARNING,
    hint="ask for the reason, the condition or the name instead",
    bad="""
    **Q: Does DNS use UDP?**

    **A:** Yes
    """,
    good="""
    **Q: Which transport carries most DNS queries?**

    **A:** UDP
    """,
)
def yes_no(card: Card) -> Found:
    """A question that takes yes or no; an error where the answer is no more than that.

    Half of the guesses are right, and the reason is never asked for.
    """
    if not is_closed(card):
        return
    answer = card.speech.yes and card.speech.yes.search(card.back.prose)
    if answer and not card.speech.words(answer["more"]) and not card.back.points:
        yield "the answer is only yes or no", Severity.ERROR
    else:
        yield "the question can be answered with yes or no"


def is_closed(card: Card) -> bool:
    """Whether the question takes yes or no, and the answer begins so."""
    speech = card.speech
    if card.is_cloze or not speech.closed or not speech.yes or not speech.yes.search(card.back.prose):
        return False
    asked = (card.question, _last_sentence(card.question))
    return any(map(speech.closed.search, asked)) and not is_choice(card)


def _last_sentence(question: str) -> str:
    found = sentences(question)
    last = question[found[-1][0] : found[-1][1]] if found else question
    return _AFTER_COLON.split(last)[-1]


@on_card(
    "either-or",
    Severity.WARNING,
    hint="ask openly: which, what, why",
    bad="""
    **Q: Is a mutex or a semaphore bound to its owner?**

    **A:** A mutex
    """,
    good="""
    **Q: Which lock can only be released by its owner?**

    **A:** A mutex
    """,
)
def either_or(card: Card) -> Found:
    """A question that offers its answer as one of two.

    Half of the guesses are right.
    """
    if is_choice(card):
        yield "the question offers the answer as one of two"


def is_choice(card: Card) -> bool:
    """Whether the question names two things, and the answer begins with one of them."""
    if card.is_cloze or not card.speech.either or len(card.question) > LONGEST_CHOICE:
        return False
    found = card.speech.either.search(card.question)
    if not found:
        return False
    offered = {*card.speech.words(found["one"]), *card.speech.words(found["other"])}
    return bool(offered.intersection(card.speech.words(card.back.text)[:2]))


@on_card(
    "deictic",
    Severity.ERROR,
    hint="name it, or put it on the card",
    bad="""
    **Q: How does this work?**

    **A:** The servers elect a leader.
    """,
    good="""
    **Q: How does Raft choose who accepts writes?**

    **A:** The servers elect a leader.
    """,
)
def deictic(card: Card) -> Found:
    """`this`, `the above`, `the following`, with nothing on the card to point to.

    On the page it was clear; a card comes alone, months later.
    """
    if card.is_cloze:
        return
    speech = card.speech
    shown = card.sets_scene
    if speech.this and not shown and speech.this.search(card.question):
        yield "the question points at something that is not on the card"
    for what, text, points in (
        ("question", card.question, shown),
        ("answer", card.back.prose, shown or card.back.points),
    ):
        found = speech.away.search(text) if speech.away and not points else None
        if found:
            yield f"the {what} points out of the card: “{found[0].strip()}”"
