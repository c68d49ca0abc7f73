"""What note programs add to Markdown: boxes (`!!! note`, `??? example`, `:::tip`), wiki links, block ids."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_INDENTED_BOX = re.compile(r'(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>[\w-]+)(?:[ \t]+"(?P<title>[^"\n]*)")?[ \t]*$')
_FENCED_BOX = re.compile(
    r"(?P<mark>:{3,})[ \t]*(?P<kind>[a-z][\w-]*)[ \t]*(?:\[(?P<title>[^\]\n]*)\]|(?P<rest>[^\n{]*))?"
)
_BOX_INDENT = 4
_WIKI_LINK = re.compile(r"\[\[(?=[^\W\d_]|#)(?P<target>[^\[\]|\n]{1,200})(?:\|(?P<shown>[^\[\]\n]{1,200}))?\]\](?!\()")
_NAMED_SPAN = re.compile(r"\[(?P<shown>[^\[\]\n]{1,200})\]\{[#.][^{}\n]{0,80}\}")
_EMBEDDED = re.compile(r"!\[\[(?P<target>[^\[\]|\n]{1,200})(?:\|[^\[\]\n]{1,200})?\]\]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp)$", re.IGNORECASE)
_BLOCK_ID = re.compile(r"\^(?:[0-9a-f]{6}|[a-z][a-z0-9]*(?:-[a-z0-9]+)+)[ \t]*(?=\n|$)")


def box(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A box as a quote: its title first, then what stands in it."""
    at = state.bMarks[start] + state.tShift[start]
    mark = state.src[at : at + 1]
    if mark not in "!?:" or not mark or state.is_code_block(start):
        return False
    text = state.src[at : state.eMarks[start]]
    if found := _INDENTED_BOX.match(text):
        last, indent, title = _indented(state, start, end), _BOX_INDENT, found["title"]
    elif found := _FENCED_BOX.match(text):
        last, indent, title = _fenced(state, start, end, found["mark"]), 0, found["title"] or found["rest"]
    else:
        return False
    if last is None:
        return False
    if silent:
        return True
    _push(state, start, last, indent, (title or "").strip())
    state.line = last + (1 if indent == 0 and last < end else 0)
    return True


def _indented(state: StateBlock, start: int, end: int) -> int | None:
    """The line behind a box whose text is indented; None if nothing is."""
    line = after = start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent + _BOX_INDENT):
        line += 1
        after = after if state.isEmpty(line - 1) else line
    return after if after > start + 1 else None


def _fenced(state: StateBlock, start: int, end: int, mark: str) -> int | None:
    """The line that closes a box; None if none does."""
    if state.env.get(f"no {mark} ends", -1) >= end:
        return None  # a search from further up has found none
    for line in range(start + 1, end):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
        if text == mark:
            return line
    state.env[f"no {mark} ends"] = end
    return None


def _push(state: StateBlock, start: int, last: int, indent: int, title: str) -> None:
    state.push("blockquote_open", "blockquote", 1).map = [start, last]
    if title:
        state.push("paragraph_open", "p", 1).map = [start, start + 1]
        state.push("inline", "", 0).content = title if "*" in title else f"**{title}**"
        state.push("paragraph_close", "p", -1)
    kept = (state.blkIndent, state.lineMax, state.parentType)
    state.blkIndent += indent
    state.lineMax, state.parentType = last, "root"
    state.md.block.tokenize(state, start + 1, last)
    state.blkIndent, state.lineMax, state.parentType = kept
    state.push("blockquote_close", "blockquote", -1)


def wiki_link(state: StateInline, silent: bool) -> bool:
    """`[[Note]]`, `[[Note#Part|shown]]` and `[words]{#address}` as the words that a reader sees."""
    match = _WIKI_LINK.match(state.src, state.pos, state.posMax)
    if match is None:
        return _named_span(state, silent)
    if not silent:
        shown = match["shown"] or match["target"].rpartition("#")[2].lstrip("^") or match["target"]
        state.pending += shown.strip()
    state.pos = match.end()
    return True


def _named_span(state: StateInline, silent: bool) -> bool:
    match = _NAMED_SPAN.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.pending += match["shown"]
    state.pos = match.end()
    return True


def embedded(state: StateInline, silent: bool) -> bool:
    """`![[picture.png]]` as a picture beside the note; another note in this one as nothing."""
    match = _EMBEDDED.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    target = match["target"].strip()
    if not silent and _PICTURE.search(target):
        token = state.push("image", "img", 0)
        token.attrs = {"src": target, "alt": ""}
        token.children = []
    state.pos = match.end()
    return True


def block_id(state: StateInline, silent: bool) -> bool:
    """` ^37066d` at the end of a line: an address, and no text."""
    before = state.src[state.pos - 1 : state.pos]
    match = _BLOCK_ID.match(state.src, state.pos, state.posMax) if before in ("", " ", "\n") else None
    if match is None:
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")
    state.pos = match.end()
    return True
