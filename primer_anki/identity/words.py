"""Text as identity sees it: normal forms in which two texts are compared, and the words they are made of."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_COUNT = re.compile(r"(?:\s+\(\d+\)|\s*（\d+）)(?=\W*$)")
"""A generated count of the answer's items. `f(3)`, without a space before it, is none."""
_ORDINAL = re.compile(r"^\s*(?:q(?:uestion)?\s*\.?\s*)?\d{1,4}\s*(?:[.:)]\s+|[、．)）]\s*)", re.IGNORECASE)
_GENITIVE = re.compile(r"(?<=\w)'s\b")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "`": " ", "…": " ", "–": "-", "—": "-"})
_EDGE = "?!.,;:'\"()[]{}*_。？！、，：；（）「」『』【】《》¿¡"
_WIDE = "぀-ヿ㐀-䶿一-鿿가-힯豈-﫿\U00020000-\U0003ffff฀-๿"
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]\w*|[^\w\s]+")
"""In a text without wide characters."""
_SILENT = frozenset("?!.,;:'\"()[]{}-。？！、，：；（）「」『』【】《》・¿¡")
_APART = {ord(sign): " " for sign in _SILENT - frozenset("[]{}")}
"""What says nothing and stands in no literal."""
_OPERATORS = frozenset("+#=<>*/%&|^~!@$\\")
"""Signs that tell one thing from another: C++ and C#, == and ===."""
_MINUS = re.compile(r"(?<=[\d'\")\]])\s+-\s+(?=[\d'\"(\[])")
"""A dash that is an operator, since it stands between values."""
_LITERALS = frozenset(("[]", "{}"))
_IN_PROSE = frozenset(("&", "/", "|", "→", "->", "=>"))
"""Signs that a writer puts for one another: "pros & cons", "pros / cons"."""
_HEAD, _TAIL = 400, 200


@cache
def _with_wide() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a token and of a wide character; to compile them takes longer than most texts need."""
    token = rf"[{_WIDE}]+|\d+(?:[.,]\d+)*|[^\W\d{_WIDE}][^\W{_WIDE}]*|[^\w\s]+"
    return re.compile(token), re.compile(rf"[{_WIDE}]")


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Return the form in which two questions or headings are the same: no case, count, ordinal or end mark."""
    folded = _folded(text)
    bare = _without_ordinal(folded)
    plain = bare.rstrip("?.!")
    if plain.replace(" ", "").isalnum() and plain[-1] != " ":  # as most are: nothing stands at the edge of a word
        return " ".join(plain.split())
    if ")" in bare or "）" in bare:
        bare = _COUNT.sub("", bare)
    return " ".join([word.strip(_EDGE) or word for word in bare.split()]) or " ".join(folded.split())


def _without_ordinal(folded: str) -> str:
    """Return a folded text without the number at its start."""
    first = folded[:1]
    if first.isalpha() and first != "q":  # as most begin
        return folded
    ordinal = _ORDINAL.match(folded)
    return folded[ordinal.end() :] if ordinal else folded


def _folded(text: str) -> str:
    """Return a text in one case, with one sign for all quotes and dashes."""
    if text.isascii():
        return text.replace("`", " ").lower()
    return unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()


@lru_cache(maxsize=65536)
def compact(text: str) -> str:
    """Return a key without anything but letters and digits: `fail-over`, `fail over` and `failover` are one."""
    return "".join(char for char in text if char.isalnum() or char in _OPERATORS)


def cut(text: str) -> str:
    """Return an answer short enough for a ledger: white space collapsed, the middle of a long one left out."""
    line = " ".join(text.split())
    return line if len(line) <= _HEAD + _TAIL else f"{line[:_HEAD]} … {line[-_TAIL:]}"


def words(text: str) -> frozenset[str]:
    """Return the words of a text, for comparing: stems of words, numbers, operators, and pairs of wide characters."""
    folded = _without_ordinal(_folded(text))
    if ")" in folded or "）" in folded:
        folded = _COUNT.sub("", folded)
    if "'" in folded:
        folded = _GENITIVE.sub("", folded.replace("n't", " not "))
    found = {"-"} if "-" in folded and _MINUS.search(folded) else set()
    if folded.isascii():
        bare = folded.translate(_APART)
        # In most texts nothing but letters is left: they need no expression to be told apart.
        found.update(map(_word, bare.split() if bare.replace(" ", "").isalpha() else _TOKEN.findall(folded)))
    else:
        token, wide = _with_wide()
        for each in token.findall(folded):
            if wide.match(each):
                found.update(each[i : i + 2] for i in range(max(1, len(each) - 1)))
            else:
                found.add(_word(each))
    return frozenset(found - {""})


@lru_cache(maxsize=65536)
def _word(token: str) -> str:
    """Return the word that a token is; empty for one that says nothing."""
    if token not in _LITERALS and _SILENT.issuperset(token):
        return ""
    return stem(token.strip("?!.,;:") or token)


def is_other_sign(gone: frozenset[str], come: frozenset[str]) -> bool:
    """Tell whether nothing but a sign gave way to another: `1 + 2` to `1 - 2`, `typeof []` to `typeof {}`."""
    changed = gone | come
    return (
        bool(gone and come)
        and not any(char.isalnum() for word in changed for char in word)
        and not changed <= _IN_PROSE
    )


def stem(word: str) -> str:
    """Return a word without its plural ending, roughly and for English."""
    if len(word) < 4 or not word.isalpha() or not word.endswith("s") or word == "https":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]
