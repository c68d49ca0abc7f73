"""Formulas and code that a sentence or a heading names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from primer_anki.parser.card import Card, asked, fill
from primer_anki.parser.document import Block, Spans
from primer_anki.parser.patterns.scope import DRAWN, Found, Scope, lead_in
from primer_anki.parser.reader import count_words
from primer_anki.value import replace

_FORMULA = re.compile(r"\s[=<>≤≥≈∝]\s|^\w{1,3}=[^=]")
_GOES_ON = re.compile(r"\s*[-+*/=≈<>≤≥(]")
_STATEMENT = re.compile(
    r"[;{}]|://|^\s*[$>#%]\s|\s--\w|\b(?:def|var|let|const|return|import|function|class|print)\b", re.MULTILINE
)
_COMMENT = re.compile(r"(?:#|//|--|;|%)\s*(?P<said>[^\W_].*?)[\s:.]*")
_COMMENTED = re.compile(r"(?P<code>\S.*?)\s+(?:#|//|--)\s+(?P<said>[^\W_].*?)[\s.]*")
PASSAGE_LINES, FEWEST_PASSAGES = 6, 2
COMMENT_WORDS = 14
"""A comment longer than this explains, and names nothing."""
CODE_LINES = 15
FORMULA_LINES = 3


def find(scope: Scope) -> Iterator[Found]:
    """`What is the formula: …?` for an equation, `… …?` for code behind a colon, the heading for code alone."""
    for at, block in scope.open():
        if scope.states and (commented := tuple(_commented(scope, block))):
            yield Found(commented, frozenset({at}))
        elif block.kind == "math" or (block.kind == "code" and is_formula(block)):
            asked_ = _formula_question(scope, at)
            if asked_:
                question, claims = asked_
                yield Found((Card("formula", block.line, question, (block,)),), frozenset({at, *claims}))
        elif (
            block.kind == "code"
            and block.info not in DRAWN
            and len(block.text.splitlines()) <= CODE_LINES
            and block.text.strip()
        ):
            named = _named(scope, at)
            if named:
                question, claims = named
                yield Found((Card("code", block.line, question, (block,)),), frozenset({at, *claims}))


def _commented(scope: Scope, block: Block) -> Iterator[Card]:
    """Code whose every passage stands below a comment, or beside one: what does the comment ask for?"""
    if block.kind != "code" or scope.is_intro or block.info in DRAWN:
        return
    lines = block.text.splitlines()
    found = _below_comments(lines) or _beside_comments(lines)
    for at, comment, code in found:
        question = fill(scope.reader.wording.code, subject=comment)
        line = block.line + 1 + at
        yield Card("code", line, question, (replace(block, line=line, text=code),), subject=comment)


def _below_comments(lines: list[str]) -> list[tuple[int, str, str]]:
    """(position, comment, code) of each passage; empty unless each has one comment above and a few lines of code."""
    found: list[tuple[int, str, str]] = []
    passages = groupby(enumerate(lines), key=lambda each: bool(each[1].strip()))
    for is_text, group in passages:
        if not is_text:
            continue
        (at, first), *rest = group
        comment = _COMMENT.fullmatch(first)
        code = [line for _, line in rest]
        if not comment or not 0 < len(code) <= PASSAGE_LINES or any(map(_COMMENT.fullmatch, code)):
            return []
        found.append((at, comment["said"], "\n".join(code)))
    return found if len(found) >= FEWEST_PASSAGES and all(_tells(said) for _, said, _ in found) else []


def _beside_comments(lines: list[str]) -> list[tuple[int, str, str]]:
    """The same for lines that each end with a comment."""
    split = [(at, _COMMENTED.fullmatch(line)) for at, line in enumerate(lines) if line.strip()]
    found = [(at, match["said"], match["code"]) for at, match in split if match]
    is_all = len(found) == len(split) >= FEWEST_PASSAGES
    return found if is_all and all(_tells(said) for _, said, _ in found) else []


def _tells(comment: str) -> bool:
    return 1 < count_words(comment) <= COMMENT_WORDS


def _is_shown(block: Block) -> bool:
    """Code as short as a card can show, and no drawing."""
    return block.info not in DRAWN and bool(block.text.strip()) and len(block.text.splitlines()) <= CODE_LINES


def is_formula(block: Block) -> bool:
    """An equation in words or signs: no program."""
    lines = [line for line in block.text.splitlines() if line.strip()]
    return (
        block.info in ("", "text", "math", "latex")
        and 0 < len(lines) <= FORMULA_LINES
        and bool(_FORMULA.search(lines[0]))
        and all(_FORMULA.search(line) or _GOES_ON.match(line) for line in lines)
        and not _STATEMENT.search(block.text)
    )


def _formula_question(scope: Scope, at: int) -> tuple[Spans, frozenset[int]] | None:
    """The question for a formula and the blocks that it uses up: the heading's formula if there is no other."""
    if not scope.node.name or scope.is_intro:
        return None
    formulas = sum(block.kind == "math" or (block.kind == "code" and is_formula(block)) for block in scope.blocks)
    if formulas == 1 or not scope.states:
        return fill(scope.reader.wording.formula, subject=scope.node.title), frozenset()
    lead = lead_in(scope, at)
    return (asked(scope.reader.wording.complete, 0, lead=lead[0]), lead[1]) if lead else None


def _named(scope: Scope, at: int) -> tuple[Spans, frozenset[int]] | None:
    """The question for a code block and the blocks that it uses up."""
    lead = lead_in(scope, at)
    if lead:
        return asked(scope.reader.wording.complete, 0, lead=lead[0]), lead[1]
    alone = len([b for b in scope.blocks if b.kind != "rule"]) == 1
    if alone and scope.node.name and not scope.is_intro and not scope.reader.generic(scope.node.name):
        return fill(scope.reader.wording.code, subject=scope.node.title), frozenset()
    return None
