"""The words of a language that the rules listen for, compiled."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TypeAlias

from primer_anki.lint.vocabulary import PLAIN, VOCABULARIES, Vocabulary
from primer_anki.model import Page
from primer_anki.text import sentences
from primer_anki.value import Value

_ASKED = re.compile(r"[?？؟⁇‽]")
_WIDE = "\u3040-\u30ff\u3400-\u9fff"
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:['.][a-z0-9]+)*")
_COUNT = re.compile(r"\s*[(（]\d+[)）]\s*\Z")
_KANA_ONLY = re.compile(r"[\u3040-\u309f]+")
_ENDINGS = re.compile(r"(?:'s|’s|ies|es|s|ing|ed|e)\Z")


class Sought(Value, frozen=True):
    """An expression whose finds hold one of some signs."""

    pattern: re.Pattern[str]
    signs: frozenset[str]

    def search(self, text: str) -> re.Match[str] | None:
        """The first find."""
        if text.isascii():  # beyond it, case is more than `lower` knows
            lower = text.lower()
            for sign in self.signs:
                if sign in lower:
                    break
            else:
                return None
        return self.pattern.search(text)


Listens: TypeAlias = re.Pattern[str] | Sought


class Speech(Value, frozen=True):
    """One language as a card may be written in it."""

    language: str
    asking: re.Pattern[str]
    small: frozenset[str]
    closed: Listens | None
    """The last sentence of a question that takes yes or no."""
    yes: Listens | None
    """An answer that is, or opens with, yes or no."""
    either: Listens | None
    """Two choices: groups `one` and `other`."""
    order: Listens | None
    """Verbs that ask, beside those that the parser knows."""
    several: Listens | None
    """A question that asks for two things."""
    open: Listens | None
    """An order to talk at length."""
    away: Listens | None
    """Words that point out of the card: `as shown above`, `in this chapter`."""
    this: Listens | None
    """A question that begins with something it does not name: `How does this work?`"""
    dated: Listens | None
    """Words that grow old."""
    measure: Listens | None
    """A question whose answer is a number with a unit."""

    def asks(self, text: str) -> bool:
        """Whether a text asks or orders, with its question mark or by its words."""
        if _ASKED.search(text):
            return True
        return any(self.orders(text[start:end]) for start, end in sentences(text))

    def orders(self, text: str) -> bool:
        """Whether its words ask or order."""
        bare = unicodedata.normalize("NFKC", text).strip().rstrip("?")
        return bool(self.asking.search(bare) or (self.order and self.order.search(bare)))

    def words(self, text: str) -> tuple[str, ...]:
        """The words that carry meaning, as stems; of wide characters, pairs. A count at the end is left out."""
        if text.rstrip().endswith((")", "）")):
            text = _COUNT.sub("", text)
        if text.isascii():
            return tuple([stem(word) for word in _ASCII_TOKEN.findall(text.lower()) if word not in self.small])
        folded = unicodedata.normalize("NFKC", text).casefold()
        out: list[str] = []
        any_token, wide = _with_wide()
        for token in any_token.findall(folded):
            if not token.isascii() and wide.match(token):
                pairs = (token[i : i + 2] for i in range(max(1, len(token) - 1)))
                out.extend(pair for pair in pairs if not _KANA_ONLY.fullmatch(pair))
            elif token not in self.small:
                out.append(stem(token))
        return tuple(out)


@cache
def _with_wide() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The patterns of a token and of a wide character; to compile them takes longer than most texts need."""
    token = rf"[{_WIDE}]+|[^\W_{_WIDE}]+(?:['’.][^\W_{_WIDE}]+)*"
    return re.compile(token), re.compile(f"[{_WIDE}]")


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A word without a common ending, roughly and for English: `reads` and `reading` are `read`."""
    bare = _ENDINGS.sub("", word)
    return bare if len(bare) >= 3 and not bare[-1].isdigit() else word


def speech(page: Page) -> Speech:
    """The speech of a page."""
    return _speech(page.language, page.asking, page.small_words)


@cache
def _speech(language: str, asking: str, small: frozenset[str]) -> Speech:
    found = VOCABULARIES.get(language, PLAIN)
    return Speech(
        language=language,
        asking=re.compile(asking, re.IGNORECASE),
        small=small - found.telling | found.small,
        closed=_compiled(found, found.closed, "closed"),
        yes=_compiled(found, found.yes, "yes"),
        either=_compiled(found, found.either, "either"),
        order=_compiled(found, found.order, "order"),
        several=_compiled(found, found.several, "several"),
        open=_compiled(found, found.open, "open"),
        away=_compiled(found, found.away, "away"),
        this=_compiled(found, found.this, "this"),
        dated=_compiled(found, found.dated, "dated"),
        measure=_compiled(found, found.measure, "measure"),
    )


def _compiled(vocabulary: Vocabulary, pattern: str, name: str) -> Listens | None:
    if not pattern:
        return None
    compiled = re.compile(pattern, re.IGNORECASE)
    signs = vocabulary.signs.get(name)
    return Sought(compiled, signs) if signs else compiled
