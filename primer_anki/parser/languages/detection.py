"""Which language a document is written in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

from primer_anki.parser.languages import PROFILES, resolve

DEFAULT = "en"
_WINDOW = 20_000
"""Characters read at most."""
_CLEAR = 0.15
"""The part of a text that must be small words or letters of one language …"""
_AHEAD = 1.6
"""… and how far that language must be ahead of the next."""
_CONTRADICTION = 3
"""How far another language must be ahead of the one that the file's name gives."""
_ENOUGH = 12
"""Words (or characters of a script without spaces) below which a text tells nothing."""

# What people write in file names for the code: the country's.
_ALIASES = {
    "jp": "ja",
    "kr": "ko",
    "cn": "zh-hans",
    "tw": "zh-hant",
    "br": "pt",
    "ptbr": "pt",
    "zhcn": "zh-hans",
    "zhtw": "zh-hant",
}
_NOISE = re.compile(r"https?://\S+|www\.\S+|`[^`\n]*`|\]\([^()\s]*\)|<[^<>\n]*>|&#?\w+;")
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_WORD = re.compile(r"[a-z]+")


def language(text: str, path: str = "") -> str:
    """The code in `CODES`. The name counts unless the text clearly says otherwise (an untranslated copy)."""
    shares = _shares(text)
    named = _named(path)
    if named:
        return _agree(named, shares)
    ranked = sorted(shares, key=lambda code: -shares[code])
    if not ranked:
        return DEFAULT
    best = ranked[0]
    second = shares[ranked[1]] if len(ranked) > 1 else 0.0
    close = _kin(best, ranked[1]) if len(ranked) > 1 else False
    if shares[best] < _CLEAR or (not close and shares[best] < _AHEAD * second):
        return DEFAULT
    return best


def _agree(named: tuple[str, ...], shares: dict[str, float]) -> str:
    """Of the codes that the name allows, the one that the text favours; another only if the text insists."""
    mine = max(named, key=lambda code: shares.get(code, 0.0))
    best = max(shares, key=lambda code: shares[code], default=mine)
    if shares.get(best, 0.0) >= _CLEAR and shares[best] > _CONTRADICTION * shares.get(mine, 0.0):
        return best
    return mine


def _kin(one: str, other: str) -> bool:
    """Two ways to write one language share most of their letters: any lead decides."""
    return one.partition("-")[0] == other.partition("-")[0]


# -- the file's name -----------------------------------------------------------------------------------------------


def _named(path: str) -> tuple[str, ...]:
    """The codes that `README-ja.md`, `guide_zh.md` or `de/notes.md` may stand for; empty if it names none."""
    pure = PurePosixPath(path.replace("\\", "/").casefold())
    for tag in (*_tail_tags(pure.stem), *reversed(pure.parts[:-1])):
        tag = _ALIASES.get(tag, tag)
        if tag == "zh":
            return tuple(code for code in PROFILES if _kin(code, "zh"))
        if len(tag) >= 2 and (code := resolve(tag)) and _shaped(tag):
            return (code,)
    return ()


def _shaped(tag: str) -> bool:
    """A language with at most a script and a region, as `pt-br`; `de-normalisation` is none."""
    return re.fullmatch(r"[a-z]{2,3}(?:[-_](?:[a-z]{2}|hans|hant|latn|cyrl))?(?:[-_][a-z]{2})?", tag) is not None


def _tail_tags(stem: str) -> Iterator[str]:
    """What may be a language tag at the end of a file's stem, the longest first."""
    parts = re.split(r"[-_. ]", stem)
    for count in (3, 2, 1):
        if len(parts) >= count:
            yield "-".join(parts[-count:])


# -- the text ------------------------------------------------------------------------------------------------------


def _shares(text: str) -> dict[str, float]:
    """How much of a text each language explains: 0 to 1, for those that explain anything."""
    prose = unicodedata.normalize("NFC", _prose(text[:_WINDOW])).casefold()
    is_ascii = prose.isascii()
    unspaced = Counter(() if is_ascii else _unspaced().findall(prose))
    words = Counter(_ASCII_WORD.findall(prose) if is_ascii else _WORD.findall(_unspaced().sub(" ", prose)))
    total = unspaced.total() + words.total()
    if total < _ENOUGH:
        return {}
    beyond_ascii = [(word, n) for word, n in words.items() if not word.isascii()]
    shares: dict[str, float] = {}
    for code in PROFILES:
        hits = sum(words[word] for word in _small(code).intersection(words))
        if not is_ascii and (letters := _letters(code)):
            hits += sum(n for letter, n in unspaced.items() if letters.fullmatch(letter))
            hits += sum(n for word, n in beyond_ascii if letters.search(word))
        if hits:
            shares[code] = hits / total
    return shares


@cache
def _small(code: str) -> frozenset[str]:
    return frozenset(PROFILES[code].words)


@cache
def _letters(code: str) -> re.Pattern[str] | None:
    letters = PROFILES[code].letters
    return re.compile(letters) if letters else None


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3]")


def _prose(text: str) -> str:
    """A Markdown text without its code, its addresses and its tags."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = line.lstrip(" \t>")[:3]
        if fence:
            fence = "" if mark == fence else fence
        elif mark in ("```", "~~~"):
            fence = mark
        else:
            lines.append(line)
    return _NOISE.sub(" ", "\n".join(lines))
