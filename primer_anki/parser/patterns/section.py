"""What a section says of its heading: the opening as definition, sentences that answer a question of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from primer_anki.parser.card import Card, fill, paragraph
from primer_anki.parser.document import Block, Spans, all_spans, block_text, cut, plain, strip
from primer_anki.parser.outline import unadorned
from primer_anki.parser.patterns.definition import within
from primer_anki.parser.patterns.heading import asking
from primer_anki.parser.patterns.scope import (
    DEFINITION_WORDS,
    Found,
    Scope,
    announces,
    external,
    focus,
    has_text,
    link_list,
    links,
    noise,
    truthful,
    words,
)
from primer_anki.parser.patterns.steps import is_step
from primer_anki.parser.reader import count_words, normal, sentences

NAME_WORDS = 7
EXTRA_WORDS = 150
"""A section that says more beyond its opening is a chapter; Extra keeps its beginning."""
FEWEST_WORDS = 4
NAMING_LETTERS = 3
"""A shorter word of a heading names nothing."""
ASPECT_WORDS = 5


def find(scope: Scope) -> Iterator[Found]:
    """The first paragraph answers what the heading names; what follows is kept in Extra."""
    if not scope.node.name or asking(scope.node, scope.reader):
        return
    blocks = [(at, kept) for at, block in scope.open() if (kept := _kept(scope, at, block))]
    if blocks and blocks[0][1].kind == "quote" and _points_elsewhere(scope):
        blocks = blocks[1:]
    prose = [(at, block) for at, block in blocks if block.kind in ("paragraph", "quote") or _single(block)]
    if not prose or blocks[0][1].kind not in ("paragraph", "quote", "list", "code", "table"):
        return
    if (scope.is_intro or scope.link_heavy) and not _says(scope, prose[0][1], scope.node.name):
        return
    own: list[Card] = []
    body: list[Block] = []
    for _, block in blocks:
        first = block is prose[0][1]
        kept, cards = _split(scope, block, keep=1 if first else 0)
        if kept and not cards and not first and (aspect := _aspect(scope, kept)):
            kept, cards = None, [aspect]
        own.extend(cards)
        body.extend((kept,) if kept else ())
    opening = _opening(scope, body) if body else None
    cards = [*([opening] if opening else []), *own]
    if cards:
        yield Found(tuple(cards), scope.free)


def _single(block: Block) -> bool:
    """A list of one item says what a paragraph would."""
    return block.kind == "list" and len(block.children) == 1


def _points_elsewhere(scope: Scope) -> bool:
    """A section with a list or table of links: its quote says what the links are."""
    return any(
        link_list(block) if block.kind == "list" else any(any(links(cell)) for row in block.rows[1:] for cell in row)
        for block in scope.blocks
        if block.kind in ("list", "table")
    )


def _kept(scope: Scope, at: int, block: Block) -> Block | None:
    """A block without what only leads elsewhere, and without a last sentence that introduces another card's block."""
    if noise(block, scope.reader):
        return None
    if block.kind != "paragraph":
        return block
    spans = unadorned(block.spans)
    if scope.node.level == 1 and len(spans) == 1 and spans[0].kind == "em":
        return None  # a subtitle
    bounds = sentences(plain(spans))
    if announces(block) and len(bounds) > 1 and at + 1 < len(scope.blocks) and at + 1 not in scope.free:
        spans = cut(spans, 0, bounds[-2][1])
    return truthful(spans, scope.reader, block.line)


def _says(scope: Scope, block: Block, name: str) -> bool:
    """Whether a text opens with a name and says what it is."""
    first = block.children[0] if block.kind == "quote" and block.children else block
    whole = plain(first.spans)
    for prefix in (name, name.split("(")[0].strip(), name.rstrip("s")):
        rest = scope.reader.opens_with(whole, prefix) if prefix else None
        if rest is not None and scope.reader.defines(rest):
            return True
    return False


def _speaks_of(block: Block, name: str) -> bool:
    """Whether a text holds the first word of a name."""
    return next(iter(normal(name).split()), "") in normal(block_text(block))


def _names(scope: Scope, block: Block, name: str) -> bool:
    """Whether a text may say what its heading names: it opens with the name, an article or the like."""
    first = block.children[0] if block.kind == "quote" and block.children else block
    words = plain(first.spans)
    if not scope.reader.profile.articles:  # no word marks a definition: the name must stand near the start
        bare = name.split("(")[0].strip()
        return bool(bare) and bare in words[: len(bare) + 12] and not scope.reader.pairs(name)
    if scope.reader.article(words) or scope.reader.phrase(words):
        return True
    prefixes = {name, name.split("(")[0].strip(), name.rstrip("s"), f"{name}s", scope.reader.singular(name)}
    return any(prefix and scope.reader.opens_with(words, prefix) is not None for prefix in prefixes)


def _split(scope: Scope, block: Block, keep: int) -> tuple[Block | None, list[Card]]:
    """A paragraph as what stays together, and the cards of sentences that answer a question by their form.

    The first `keep` sentences stay. A sentence's card takes what follows it, up to the next such sentence.
    """
    if block.kind != "paragraph":
        return block, []
    whole = plain(block.spans)
    bounds = sentences(whole)
    found = [(n, rule) for n, (a, b) in enumerate(bounds) if n >= keep and (rule := _rule(scope, whole[a:b]))]
    found = [
        each for k, each in enumerate(found) if not k or each[1][0] != found[k - 1][1][0] or "{lead}" in each[1][0]
    ]
    if not found:
        return block, []
    ends = [n for n, _ in found[1:]] + [len(bounds)]
    cards = [
        _answered(scope, block, bounds[n][0], bounds[end - 1][1], rule)
        for (n, rule), end in zip(found, ends, strict=True)
    ]
    first = found[0][0]
    return replace(block, spans=cut(block.spans, 0, bounds[first - 1][1])) if first else None, cards


def _rule(scope: Scope, sentence: str) -> tuple[str, re.Match[str]] | None:
    """The rule that a sentence matches; none where part of it only points elsewhere."""
    pointing = any(scope.reader.refers(clause) for clause in re.split(r"[,;]\s*", sentence))
    return None if pointing else scope.reader.rule(sentence)


def _answered(scope: Scope, block: Block, start: int, end: int, rule: tuple[str, re.Match[str]]) -> Card:
    """The card of the sentences between two offsets, of which the first matches a rule."""
    ask, match = rule
    groups = match.groupdict()
    values: dict[str, Spans | str] = {"subject": scope.subject}
    if groups.get("lead"):
        values["lead"] = cut(block.spans, start + match.start("lead"), start + match.end("lead"))
    answer_at = start + match.start("answer") if groups.get("answer") else start
    answer, extra = focus((paragraph(strip(cut(block.spans, answer_at, end)), block.line),), scope.reader)
    return Card("fact", block.line, fill(ask, **values), answer, extra=extra, subject=scope.subject)


def _is_name(term: str) -> bool:
    """Two words, or one that is written as a name: a single small word is only stressed."""
    return " " in term or not term.isascii() or not term.islower()


def _belongs(scope: Scope, block: Block) -> bool:
    """Whether a text opens its section, or at least speaks of what its headings name."""
    begins = next((at for at, each in enumerate(scope.blocks) if not noise(each, scope.reader)), -1)
    if begins in scope.free:
        return True
    said = normal(block_text(block))
    if not scope.reader.profile.articles:  # no spaces part the words either
        return any(part in said for name in scope.node.section.trail for part in scope.reader.parts(name))
    named = normal(" ".join((*scope.node.section.trail, scope.subject))).split()
    return any(word[:-1] in said for word in named if len(word) > NAMING_LETTERS)


def _aspect(scope: Scope, block: Block) -> Card | None:
    """A further paragraph asks for what it says of the first term that it stresses."""
    if block.kind != "paragraph" or words((block,)) < FEWEST_WORDS * 2:
        return None
    known = normal(f"{scope.node.name} {scope.subject}")
    for span in all_spans(block.spans):
        term = plain((span,)).strip(" :：.,")
        if span.kind == "link" and not (external(span) or span.target.startswith("#")):
            continue  # another page of the same guide
        if span.kind not in ("strong", "link") or not _is_name(term) or not 0 < count_words(term) <= ASPECT_WORDS:
            continue
        if normal(term) and normal(term) not in known and not scope.reader.generic(term):
            asked = fill(scope.reader.wording.fact, subject=scope.subject, column=span.children or (span,))
            answer, extra = focus((block,), scope.reader)
            return Card("fact", block.line, asked, answer, extra=extra, subject=term)
    return None


def _opening(scope: Scope, body: list[Block]) -> Card | None:
    first = body[0].children[0].children[0] if _single(body[0]) and body[0].children[0].children else body[0]
    if scope.reader.question_marked(plain(first.spans)):
        return None
    answer, extra = focus(body[:1], scope.reader, DEFINITION_WORDS)
    rest = (*extra, *body[1:])
    if answer and answer[0].kind == "paragraph" and plain(answer[0].spans).rstrip().endswith((":", "：")):
        answer, rest = focus(body, scope.reader, DEFINITION_WORDS)
    if not has_text(answer) or words(answer) < FEWEST_WORDS or not _belongs(scope, body[0]):
        return None
    heading = scope.node.section.heading
    line = answer[0].line or (heading.line if heading else 1)
    extra = _beginning(rest)
    return Card(
        "definition", line, question(scope, first), answer, extra=extra, subject=scope.subject, term=scope.node.title
    )


def _beginning(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    kept: list[Block] = []
    total = 0
    for block in blocks:
        total += words((block,))
        if kept and total > EXTRA_WORDS:
            break
        kept.append(block)
    return tuple(kept)


def question(scope: Scope, opening: Block) -> Spans:
    """What a section's opening answers."""
    reader, name = scope.reader, scope.node.name
    if reader.generic(name):
        if _says(scope, opening, scope.subject):
            return fill(reader.what_is(scope.subject), term=scope.subject)
        return fill(reader.wording.what_about, subject=f"{scope.subject} – {name}")
    pair = reader.versus(name)
    begins = next((at for at, block in enumerate(scope.blocks) if not noise(block, reader)), -1)
    is_first = begins in scope.free
    if (
        pair
        and is_first
        and all(normal(each).split()[0] in normal(plain(opening.spans)) for each in pair if normal(each))
    ):
        return fill(reader.wording.difference, things=scope.node.title)
    if (
        not is_first
        or is_step(scope.node, reader)
        or count_words(name) > NAME_WORDS
        or ":" in name
        or reader.asks(name)
    ):
        return fill(reader.wording.what_about, subject=scope.node.title)
    if not _names(scope, opening, name):
        return fill(reader.wording.what_about, subject=scope.node.title)
    return fill(reader.what_is(name), term=within(scope.node.title, reader))
