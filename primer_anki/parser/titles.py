"""Headings as names: without numbers, ornaments and final colons."""

from __future__ import annotations

import re

from primer_anki.parser.document import Spans, cut, plain, strip

_NUMBERED = re.compile(
    r"[\s_*]*(?:\(?\d{1,4}[.)、:]|#\d{1,4}[.:)]?|\d{1,4}\s?[-–—](?=\s)|\(\d{1,4}\)|\d{1,3}(?:\.\d{1,3})+[.)]?"
    r"(?!\s*(?:[%‰€$£°×]|(?:[KMGTP]i?B|[kMGm]?Hz|[mµn]?s|[a-z])\b))"
    r"|\(?[ivxIVX]{1,5}[.)]|[A-Za-z][.)]|第?\d{1,4}[.、:)])\s+(?=\S)"
)
_NUMBER_MARKS = ".)、:"
"""One of these ends a number that begins with a letter (`iv.`, `a)`)."""
_TAIL_SIGN = r"[\s#*:：_}\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]"
"""The last sign of an ornament at a heading's end: most headings end otherwise."""
_TAIL_END = re.compile(_TAIL_SIGN)
_TAIL = re.compile(
    r"(?:[\s#*:：_]|\{[#.][\w.# -]{1,40}\}|:[a-z0-9_+-]+:|[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff])+$"
)
_EMOJI_HEAD = re.compile(
    r"^(?:\s|#{1,6}\s|\?\s|:[a-z0-9_+-]+:|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff])+"
)
TAIL_CHARACTERS = 60
"""An ornament at a heading's end is looked for in as much."""


def clean_title(spans: Spans) -> Spans:
    """A heading or list head without its number, its emoji and its final colon."""
    words = plain(spans)
    if words[:1].isalpha() and words[-1:].isalnum() and not any(mark in words[:6] for mark in _NUMBER_MARKS):
        return spans
    start = 0
    if match := _EMOJI_HEAD.match(words):
        start = match.end()
    if match := _NUMBERED.match(words, start):
        start = match.end()
    if match := _EMOJI_HEAD.match(words[start:]):
        start += match.end()
    end = len(words)
    if _TAIL_END.match(words, end - 1) and (match := _TAIL.search(words, max(end - TAIL_CHARACTERS, 0))):
        end = match.start()
    whole = end <= start or (start == 0 and end == len(words))
    return strip(spans if whole else cut(spans, start, end))


def unadorned(spans: Spans) -> Spans:
    """Spans without the emoji before them."""
    words = plain(spans)
    match = _EMOJI_HEAD.match(words) if not words[:1].isalpha() else None
    return cut(spans, match.end()) if match else spans
