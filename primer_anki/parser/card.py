"""What a pattern finds: a card's parts, still as blocks and spans."""

from __future__ import annotations

from typing import Literal, TypeAlias

from primer_anki.parser.document import Block, Span, Spans
from primer_anki.value import Value

SideKind: TypeAlias = Literal["advantages", "disadvantages", "choice"]


class Card(Value, frozen=True):
    """One question and what answers it, before it is rendered."""

    pattern: str
    line: int
    """1-based, of the block that the card comes from."""
    question: Spans
    """For a cloze note: its title, which may be empty."""
    answer: tuple[Block, ...] = ()
    setting: tuple[Block, ...] = ()
    """What the question speaks of and stands under it on the front: a code block, options, a picture."""
    extra: tuple[Block, ...] = ()
    """Worth keeping, not asked for."""
    subject: str = ""
    """What the card is about, as plain text."""
    term: Spans = ()
    """Of a definition: what the reverse card answers with."""
    side: SideKind | None = None
    """Set for one side of a trade-off."""
    joins: str = ""
    """Sides with the same key belong on one note."""
    items: tuple[Spans, ...] = ()
    """Of a procedure: one hidden step each."""
    passage: Block | None = None
    """Of a cloze note that the author marked: the block with the marks."""


def text(words: str) -> Spans:
    """Plain words as spans."""
    return (Span("text", words),) if words else ()


def fill(template: str, **values: Spans | str) -> Spans:
    """A wording such as `What is {term}?` with spans put in its places."""
    out: list[Span] = []
    rest = template
    while rest:
        head, brace, tail = rest.partition("{")
        name, closing, after = tail.partition("}")
        if not brace or not closing or name not in values:
            out.append(Span("text", rest))
            break
        if head:
            out.append(Span("text", head))
        value = values[name]
        out.extend(text(value) if isinstance(value, str) else value)
        rest = after
    return tuple(out)


def asked(template: str, n: int, **values: Spans | str) -> Spans:
    """A wording that says how many are asked for; with fewer than two it says nothing of a number."""
    if n < 2:
        template = template.replace(" ({n})", "").replace("({n})", "").replace("（{n}）", "")
    return fill(template, n=str(n), **values)


def paragraph(spans: Spans, line: int) -> Block:
    """Spans as a block of their own."""
    return Block("paragraph", line, line, spans=spans)
