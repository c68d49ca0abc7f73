"""Formulas and code that a sentence or a heading names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from primer_anki.parser.card import Card, asked, fill
from primer_anki.parser.document import Block, Spans
from primer_anki.parser.patterns.scope import DRAWN, Found, Scope, lead_in

_FORMULA = re.compile(r"\s[=<>≤≥≈∝]\s|^\w{1,3}=[^=]")
_GOES_ON = re.compile(r"\s*[-+*/=≈<>≤≥(]")
_STATEMENT = re.compile(
    r"[;{}]|://|^\s*[$>#%]\s|\s--\w|\b(?:def|var|let|const|return|import|function|class|print)\b", re.MULTILINE
)
CODE_LINES = 15
FORMULA_LINES = 3


def find(scope: Scope) -> Iterator[Found]:
    """`What is the formula: …?` for an equation, `… …?` for code behind a colon, the heading for code alone."""
    for at, block in scope.open():
        if block.kind == "math" or (block.kind == "code" and is_formula(block)):
            question = _formula_question(scope, at)
            if question:
                yield Found((Card("formula", block.line, question, (block,)),), frozenset({at}))
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


def _formula_question(scope: Scope, at: int) -> Spans:
    if not scope.node.name or scope.is_intro:
        return ()
    return fill(scope.reader.wording.formula, subject=scope.node.title)


def _named(scope: Scope, at: int) -> tuple[Spans, frozenset[int]] | None:
    """The question for a code block and the blocks that it uses up."""
    lead = lead_in(scope, at)
    if lead:
        return asked(scope.reader.wording.complete, 0, lead=lead[0]), lead[1]
    alone = len([b for b in scope.blocks if b.kind != "rule"]) == 1
    if alone and scope.node.name and not scope.is_intro and not scope.reader.generic(scope.node.name):
        return fill(scope.reader.wording.code, subject=scope.node.title), frozenset()
    return None
