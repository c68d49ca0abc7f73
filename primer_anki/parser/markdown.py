"""Text → Topic: which Markdown we read, and our rules on top of markdown_it, which is known here and in `dialects`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.image import image
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from primer_anki.parser.anchors import Anchors
from primer_anki.parser.blocks import convert
from primer_anki.parser.details import Details, DetailsIndex
from primer_anki.parser.dialects import block_id, box, embedded, wiki_link
from primer_anki.parser.document import Block, Section, Topic, plain
from primer_anki.parser.sections import ends_cut_off, sections_of

BlockRule = Callable[[StateBlock, int, int, bool], bool]

MAX_LEVEL = 48
"""Lists and quotes nested deeper than this many token levels (two for a list) stay text."""
MAX_INLINE_LEVEL = 20
"""Brackets nested deeper than this stay text. What an open bracket costs grows with it."""
MAX_IMAGE_DEPTH = 5
"""Images in the alternative texts of images; more stay text."""
MAX_MARKED = 2000
"""Characters in one formula or cloze; bounds the search for its end."""

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n((?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)",
)
_YAML_START = re.compile(r"(?:\s*(?:#.*)?\n)*(?:[\w\"'][^:\n]*:(?:\s|\Z)|[{]|\Z)")
# U+001F ends a field in Anki; the others stand in no text that a person wrote.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef]")
_MARKUP = re.compile(r"[\n\\`~*_\[<&$={^]")
_INTERRUPTED = ("paragraph", "reference", "blockquote")
_NESTING_RULES = ("blockquote", "list", "deflist", "footnote_def")
_SIGNS = {
    "math_block": "$",
    "box": "!?:",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}
"""What a line begins with of which one of these rules makes something."""
_MATH = re.compile(
    r"\$\$(?P<display>(?:[^$\\]|\\.)++)\$\$"
    r"|\$`(?P<code>[^`]++)`\$"
    # No math: "$5 and $10", "$HOME and $PATH", "US$5", "$5 or 10$".
    r"|(?<![A-Za-z0-9$])\$(?!\d[\d.,]*\s+[A-Za-z]{2})(?=[^\s$])(?P<tex>(?:[^$\\`]|\\.)++)(?<!\s)\$(?![A-Za-z0-9$])",
    re.DOTALL,
)
_SUMMARY = re.compile(r"\s*<summary\b[^<>]*>(?:(.*?)</summary\s*>|([^\n]*))", re.DOTALL | re.IGNORECASE)
_SUMMARY_HEADING = re.compile(r"\s*#{1,6}[ \t]+")
_WRAPPERS = re.compile(
    r"\s*+(?:</?(?:br|b|strong|p|div|center|span|em|i|font|small|blockquote)\b[^<>]*+>\s*+)*+$", re.IGNORECASE
)


def split_front_matter(text: str) -> tuple[str | None, str, int]:
    """The YAML at the very start of a file, the rest, and the number of the rest's first line (1-based).

    None where there is no front matter: a lone `---`, or one that prose follows, is a rule.
    """
    match = _FRONT_MATTER.match(text)
    if match is None or not _YAML_START.match(match[1]):
        return None, text, 1
    return match[1], text[match.end() :], match.group().count("\n") + 1


def parse(text: str, path: str, meta: dict[str, object] | None = None, first_line: int = 1) -> Topic:
    """One file. `text` begins, without front matter, at line `first_line`; `path` is relative, with `/`."""
    source = _normalised(text)
    md = _parser(MAX_INLINE_LEVEL)
    env: dict[str, Any] = {"details": DetailsIndex(source)}
    tokens: list[Token] = []
    block_md = _parser(2 * MAX_LEVEL)  # its own limit drops text, ours keeps it, and comes first
    block_md.block.parse(source, block_md, env, tokens)

    def inline(content: str) -> list[Token]:
        if _MARKUP.search(content):
            return md.inline.parse(content, md, env, [])
        return [Token("text", "", 0, content=content)]

    anchors = Anchors()
    found = convert(tokens, inline, first_line, anchors)
    sections = sections_of(found.blocks, found.comments, anchors)
    is_open = not text.endswith(("\n", "\r"))
    return Topic(
        path=path,
        title=_title(path, meta or {}, sections),
        sections=sections,
        meta=meta or {},
        footnotes=found.footnotes,
        truncated=is_open and ends_cut_off(found.blocks),
    )


def _title(path: str, meta: dict[str, object], sections: tuple[Section, ...]) -> str:
    named = meta.get("title")
    if isinstance(named, str) and named.strip():
        return named.strip()
    headings: list[Block] = [section.heading for section in sections if section.heading]
    first = next((heading for heading in headings if heading.level == 1), headings[0] if headings else None)
    return plain(first.spans) if first else PurePosixPath(path).stem


def _normalised(text: str) -> str:
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("\ufffd", text)


class _Markdown(MarkdownIt):
    """Keeps link targets as they are written: whoever renders them escapes them."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


@lru_cache(maxsize=2)
def _parser(max_nesting: int) -> MarkdownIt:
    md = _Markdown("commonmark", {"html": True, "maxNesting": max_nesting})
    md.enable(["table", "strikethrough"])
    deflist_plugin(md)
    footnote_plugin(md)
    md.disable("footnote_inline")
    for rule in md.block.ruler.__rules__:
        if rule.name in _NESTING_RULES:
            rule.fn = _bounded(rule.fn)
    md.block.ruler.before("fence", "box", _bounded(box), {"alt": [*_INTERRUPTED, "list"]})
    md.block.ruler.before("fence", "math_block", _math_block, {"alt": [*_INTERRUPTED, "list"]})
    # Not "list": the next item of a list may hold `<details>` behind its first words.
    md.block.ruler.before("html_block", "details", _details, {"alt": list(_INTERRUPTED)})
    md.inline.ruler.before("escape", "ours", _ours)
    md.inline.ruler.at("image", _image)
    md.inline.ruler2.before("emphasis", "mark", _pair_marks)
    _sort_by_sign(md.block.ruler)
    return md


def _sort_by_sign(ruler: Ruler[BlockRule]) -> None:
    """Ask a line's first sign which rules it is worth trying, instead of each rule one after the other.

    Changes what the ruler has compiled: no rule may be added, enabled or disabled later on.
    """
    ruler.getRules()
    signs = {rule.fn: _SIGNS[rule.name] for rule in ruler.__rules__ if rule.name in _SIGNS}
    for rules in (ruler.__cache__ or {}).values():
        runs = [(has_sign, list(run)) for has_sign, run in groupby(rules, signs.__contains__)]
        rules[:] = [rule for has_sign, run in runs for rule in ([_by_sign(run, signs)] if has_sign else run)]


def _by_sign(rules: list[BlockRule], signs: dict[BlockRule, str]) -> BlockRule:
    """Rules that stand side by side as one that asks only those that the line's first sign allows."""
    found = {sign: [rule for rule in rules if sign in signs[rule]] for sign in "".join(map(signs.__getitem__, rules))}

    def by_sign(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        at = state.bMarks[start] + state.tShift[start]
        for rule in found.get(state.src[at : at + 1], ()):  # noqa: SIM110  (called for every line)
            if rule(state, start, end, silent):
                return True
        return False

    return by_sign


def _bounded(rule: BlockRule) -> BlockRule:
    """The rule as long as it is not nested too deep: beyond, markdown_it would drop the text."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < MAX_LEVEL and rule(state, start, end, silent)

    return bounded


def _image(state: StateInline, silent: bool) -> bool:
    """An image, unless it stands in the alternative text of too many others: each is a recursion."""
    depth = state.env.get("image_depth", 0)
    if state.src[state.pos] != "!" or depth >= MAX_IMAGE_DEPTH:
        return False
    state.env["image_depth"] = depth + 1
    try:
        return image(state, silent)
    finally:
        state.env["image_depth"] = depth


def _ours(state: StateInline, silent: bool) -> bool:
    """All our inline rules as one: each further rule costs a call at every mark of every text."""
    rule = _OURS.get(state.src[state.pos])
    return rule is not None and rule(state, silent)


# Formulas


def _math(state: StateInline, silent: bool) -> bool:
    """`$…$`, `$$…$$` and ``$`…`$`` inside a line."""
    start = state.pos
    match = _MATH.match(state.src, start, min(state.posMax, start + MAX_MARKED))
    if match is None:
        return False
    if not silent:
        token = state.push("math_inline_double" if match["display"] else "math_inline", "math", 0)
        token.content = match["display"] or match["code"] or match["tex"]
    state.pos = match.end()
    return True


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`$$` … `$$` on lines of its own; a blank line never stands inside."""
    if not state.src.startswith("$$", state.bMarks[start] + state.tShift[start]) or state.is_code_block(start):
        return False
    first = _line(state, start)
    last = start if _closes_math(first[2:]) else _math_end(state, start, end)
    if last is None:
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.content = state.getLines(start, last + 1, state.blkIndent, False).strip()[2:-2]
        token.map = [start, last + 1]
        state.line = last + 1
    return True


def _math_end(state: StateBlock, start: int, end: int) -> int | None:
    # A search that failed from an earlier line up to some line fails from every line between.
    if "$$" in _line(state, start)[2:] or start < state.env.get("no_math_before", 0):
        return None
    line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if _closes_math(_line(state, line)):
            return line
        line += 1
    state.env["no_math_before"] = line
    return None


def _closes_math(text: str) -> bool:
    return text.endswith("$$") and "$$" not in text[:-2]


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


# Clozes


def _mark(state: StateInline, silent: bool) -> bool:
    """`==`, as a delimiter that pairs like emphasis; `a==b` is text."""
    start = state.pos
    if silent:
        return False
    scanned = state.scanDelims(start, True)
    if scanned.length == 1:
        return False
    if scanned.length > 2:
        state.pending += "=" * scanned.length
    else:
        before, after = state.src[start - 1 : start], state.src[start + 2 : start + 3]
        token = state.push("text", "", 0)
        token.content = "=="
        state.delimiters.append(
            Delimiter(
                marker=ord("="),
                length=0,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open and not _is_ascii_word(before),
                close=scanned.can_close and not _is_ascii_word(after),
            )
        )
    state.pos += scanned.length
    return True


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _pair_marks(state: StateInline) -> None:
    if "==" not in state.src:
        return
    lists = [state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta)]
    for delimiters in lists:
        for opening in delimiters:
            if opening.marker == ord("=") and opening.end >= 0:
                for delimiter, kind in ((opening, "mark_open"), (delimiters[opening.end], "mark_close")):
                    token = state.tokens[delimiter.token]
                    token.type, token.content = kind, ""
                    token.nesting = 1 if kind == "mark_open" else -1


def _cloze(state: StateInline, silent: bool) -> bool:
    """`{{…}}`: stays text, but markup that begins inside also ends inside."""
    src, start, limit = state.src, state.pos, state.posMax
    if not src.startswith("{{", start):
        return False
    end = src.find("}}", start + 2, min(limit, start + MAX_MARKED))
    if end < 0:
        return False
    if not silent:
        state.push("cloze_open", "", 1)
        state.pos, state.posMax = start + 2, end
        state.md.inline.tokenize(state)
        state.posMax = limit
        state.push("cloze_close", "", -1)
    state.pos = end + 2
    return True


# Emphasis beside wide characters


def _wide_stars(state: StateInline, silent: bool) -> bool:
    """`**词：**下文`: CommonMark sees a mark in these stars only where a space or a sign stands beside them.

    Chinese, Japanese and Korean put none there. Beside their characters a run of stars opens unless a space follows it,
    and closes unless one stands before it; signs of other scripts count as in CommonMark on the other side.
    """
    if silent or state.src.isascii():
        return False
    start, end = state.pos, state.pos
    while end < state.posMax and state.src[end] == "*":
        end += 1
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    if not (_is_wide(before) or _is_wide(after)):
        return False
    opens, closes = _flank(after, before), _flank(before, after)
    for _ in range(end - start):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(Delimiter(ord("*"), end - start, len(state.tokens) - 1, -1, open=opens, close=closes))
    state.pos = end
    return True


_WIDE = (
    range(0x1100, 0x1200),
    range(0x2E80, 0xA4D0),
    range(0xAC00, 0xD7B0),
    range(0xF900, 0xFB00),
    range(0xFE30, 0xFE50),
    range(0xFF00, 0xFFF0),
    range(0x20000, 0x40000),
)


def _is_wide(char: str) -> bool:
    """Whether it is Chinese, Japanese or Korean, signs included: text that has no spaces, or has them elsewhere."""
    return any(ord(char) in each for each in _WIDE)


def _flank(near: str, far: str) -> bool:
    """Whether stars belong to the character on one side, given the one on the other."""
    says = near.isalnum() or _is_wide(near)
    apart = not far.isalnum() or _is_wide(far)
    return not near.isspace() and (says or apart)


_OURS = {"$": _math, "=": _mark, "{": _cloze, "*": _wide_stars, "[": wiki_link, "!": embedded, "^": block_id}


# Folded content


def _details(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`<details>` with Markdown inside, on one line or many, with blank lines or without."""
    index: DetailsIndex = state.env["details"]
    at = state.bMarks[start] + state.tShift[start]
    each = index.first(at, state.eMarks[start])
    if each is None or state.level >= MAX_LEVEL or state.is_code_block(start):
        return False
    before = state.src[at : each.start]
    if before.startswith("#") or "|" in before:  # in a heading or in a table's cell
        return False
    if silent:
        return True
    line = start
    while each is not None:
        _push_paragraph(state, line, state.src[at : each.start])
        line, at = _push_details(state, line, end, each)
        each = index.first(at, state.eMarks[line])
    _push_paragraph(state, line, state.src[at : state.eMarks[line]])
    state.line = line + 1
    return True


def _push_paragraph(state: StateBlock, line: int, text: str) -> None:
    if text.strip() and not _WRAPPERS.match(text):
        state.push("paragraph_open", "p", 1).map = [line, line + 1]
        state.push("inline", "", 0).content = text.strip()
        state.push("paragraph_close", "p", -1)


def _push_details(state: StateBlock, line: int, end: int, each: Details) -> tuple[int, int]:
    """Push one element that starts on `line`; where it ends: the line, and the offset in it."""
    src = state.src
    opening = state.push("details_open", "details", 1)
    summary = _SUMMARY.match(src, each.inside, min(each.end, each.inside + 2 * MAX_MARKED))
    if summary:
        token = state.push("summary", "summary", 0)
        token.content = _SUMMARY_HEADING.sub("", " ".join((summary[1] or summary[2] or "").split()))
        token.map = [line, line + 1]
    body = summary.end() if summary else each.inside
    first = _line_of(state, body, line, end)
    last = _line_of(state, each.end, first, end)
    opening.map = [line, last + 1]
    _tokenize_body(state, first, last, body, min(each.end, state.eMarks[last]))
    state.push("details_close", "details", -1)
    return last, min(each.after, state.eMarks[last])


def _line_of(state: StateBlock, offset: int, line: int, end: int) -> int:
    while line + 1 < end and state.eMarks[line] < offset:
        line += 1
    return line


def _tokenize_body(state: StateBlock, first: int, last: int, start: int, stop: int) -> None:
    """Read the Markdown from offset `start` on line `first` to offset `stop` on line `last`."""
    marks = (state.bMarks[first], state.tShift[first], state.sCount[first], state.eMarks[last])
    kept = (state.blkIndent, state.listIndent, state.lineMax, state.parentType, state.tight, state.ddIndent)
    text = state.src[start : min(state.eMarks[first], stop)]
    state.eMarks[last] = stop
    begin = first
    if _WRAPPERS.match(text):
        begin = _skip_wrappers(state, first + 1, last)
    for line in range(first, last + 1):
        state.sCount[line] = max(state.sCount[line], 0)  # below 0: a quote's line without its mark
    indents = [state.sCount[line] for line in range(max(begin, first + 1), last + 1) if not state.isEmpty(line)]
    is_loose = begin < last and begin > first and state.isEmpty(begin)
    if indents:
        # The body is inside whatever its indentation: shallower than a list item's, or deeper than its tags.
        state.blkIndent = min(state.blkIndent, *indents) if is_loose else min(indents)
    if begin == first:
        state.bMarks[first] = start + len(text) - len(text.lstrip())
        state.tShift[first], state.sCount[first] = 0, state.blkIndent
    state.listIndent = state.ddIndent = -1
    state.lineMax, state.parentType = last + 1, "root"
    pushed = len(state.tokens)
    state.md.block.tokenize(state, begin, last + 1)
    _cut_verbatim(state.tokens[pushed:])
    state.blkIndent, state.listIndent, state.lineMax, state.parentType, state.tight, state.ddIndent = kept
    state.bMarks[first], state.tShift[first], state.sCount[first], state.eMarks[last] = marks


def _cut_verbatim(tokens: list[Token]) -> None:
    """markdown_it takes code and HTML with the character behind their last line: here the `<` of `</details>`."""
    last = next((token for token in reversed(tokens) if token.nesting == 0), None)
    if last and last.type in ("html_block", "fence", "code_block"):
        last.content = last.content.removesuffix("<")


def _skip_wrappers(state: StateBlock, line: int, last: int) -> int:
    """The first line that holds more than tags such as `<br><b>` or `<p>`."""
    while line <= last and not state.isEmpty(line) and _WRAPPERS.match(_line(state, line)):
        line += 1
    return line
