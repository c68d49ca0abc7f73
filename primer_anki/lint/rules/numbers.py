"""Numbers and dates that say too little."""

from __future__ import annotations

import re

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card
from primer_anki.lint.rule import Found, on_card

LONGEST_NUMBER = 40
"""Characters."""
_BARE = re.compile(r"[\s~≈<>≤≥±+-]*\d[\d.,'\s]*(?:\s*(?:-|–|—|to|\.\.|×|x|\*)\s*\d[\d.,'\s]*)*\+?\s*[.!]?\s*")
_UNIT = re.compile(
    r"(?<![\w])(?:[nµμm]?s|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?|months?|years?|"
    r"(?:kilo|mega|giga|tera|peta)?(?:bytes?|bits?)|[kKMGTP]i?[Bb](?:it|ps|/s)?|bits?|B|Hz|[kMG]Hz|"
    r"m|km|cm|mm|%|percent|rps|qps|ops|requests?|queries|times|milliseconds?|microseconds?|nanoseconds?)(?!\w)"
    r"|[%$€£¥°]|\d(?:ns|us|µs|ms|s|[KMGT]B)\b"
)
# Begins with a set of characters, as does what ends a sentence, for speed.
_PRICE = re.compile(
    r"[$€£\d](?:(?<=[$€£])\s?\d[\d.,]*|(?<=\b\d)[\d.,]*\s?(?:USD|EUR|GBP|dollars|euros)\b)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@on_card(
    "number-unit",
    Severity.ERROR,
    hint="write the unit behind the number",
    bad="""
    **Q: How long does a round trip inside a data centre take?**

    **A:** 500
    """,
    good="""
    **Q: How long does a round trip inside a data centre take?**

    **A:** 500 µs
    """,
)
def number_unit(card: Card) -> Found:
    """A bare number where a measure is asked for.

    Without its unit it is recalled wrong by a factor of a thousand, and nobody notices.
    """
    measure = card.speech.measure
    if not measure or card.is_cloze or not measure.search(card.question) or _UNIT.search(card.question):
        return
    answers = [unit for unit in card.units if len(unit) <= LONGEST_NUMBER and _BARE.fullmatch(unit)]
    if answers and len(answers) == len(card.units):
        yield f"{answers[0].strip()} has no unit"


@on_card(
    "undated",
    Severity.WARNING,
    hint="write the year beside it: (2026)",
    bad="""
    **Q: What does a gigabyte of object storage cost a month?**

    **A:** About $0.02
    """,
    good="""
    **Q: What does a gigabyte of object storage cost a month (2026)?**

    **A:** About $0.02
    """,
)
def undated(card: Card) -> Found:
    """A price, the latest version, or “currently”, without a year.

    It will be wrong one day, and neither learner nor author can see whether that day has come.
    """
    asked = (card.front.text, *card.units)
    for pattern in (_PRICE, card.speech.dated):
        found = next((match for text in asked if pattern and (match := pattern.search(text))), None)
        if found:
            if not any(_YEAR.search(text) for text in (card.context, *(part.text for part in card.parts))):
                yield f"“{found[0].strip(' .!?:')}” has no year beside it"
            return
