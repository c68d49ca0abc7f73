"""What a section says of its heading: the opening as definition, sentences that answer a question of their own."""

from __future__ import annotations

from collections.abc import Iterator

from primer_anki.parser.card import Card, fill
from primer_anki.parser.document import Block, Spans, block_text, cut, plain
from primer_anki.parser.patterns.definition import within
from primer_anki.parser.patterns.heading import asking
from primer_anki.parser.patterns.scope import (
    DEFINITION_WORDS,
    Found,
    Scope,
    announces,
    focus,
    has_text,
    link_list,
    links,
    noise,
    truthful,
    words,
)
from primer_anki.parser.patterns.statement import passages, settled, statements, told
from primer_anki.parser.patterns.steps import is_step
from primer_anki.parser.reader import Reader, count_words, normal, sentences
from primer_anki.parser.titles import unadorned
from primer_anki.value import replace

NAME_WORDS = 7
SHORT_NAME_WORDS = 3
"""A name as short as this may stand anywhere in what says what it is."""
EXTRA_WORDS = 150
"""A section that says more beyond its opening is a chapter; Extra keeps its beginning."""
OPENING_WORDS = 40
"""An opening takes further sentences up to so many words: the first ones answer, the others stand in Extra."""
FEWEST_WORDS = 4
FEWEST_QUOTED = 2
"""A quote at a section's beginning says what it is, however short."""
NAMING_LETTERS = 3
"""A shorter word of a heading names nothing."""


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
    opening, rest = _opened(scope, prose[0][1])
    left, cards = settled(
        each for _, block in blocks for each in (rest if block is prose[0][1] else told(scope, block))
    )
    first = _opening(scope, [opening, *left])
    openings = [first] if first else list(settled(told(scope, opening))[1])
    if openings or cards:
        yield Found((*openings, *cards), scope.free)


def _opened(scope: Scope, block: Block) -> tuple[Block, tuple[Card | Block, ...]]:
    """A section's first text as the sentences that open it, and the cards of those behind them."""
    if block.kind != "paragraph":
        return block, ()
    found = passages(scope, block.spans, OPENING_WORDS)
    if not found:  # a picture
        return block, ()
    first, *rest = found
    return replace(block, spans=first.spans), tuple(statements(scope, rest, block.line))


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
    return truthful(replace(block, spans=spans), scope.reader)


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
    begins = next(iter(normal(name).split()), "")  # `In sequence` is no name
    is_short = count_words(name) <= SHORT_NAME_WORDS and begins not in scope.reader.profile.words
    if is_short and f" {normal(name)} " in f" {normal(words)} ":
        return True
    prefixes = {name, name.split("(")[0].strip(), name.rstrip("s"), f"{name}s", scope.reader.singular(name)}
    return any(prefix and scope.reader.opens_with(words, prefix) is not None for prefix in prefixes)


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


def _opening(scope: Scope, body: list[Block]) -> Card | None:
    first = body[0].children[0].children[0] if _single(body[0]) and body[0].children[0].children else body[0]
    if scope.reader.question_marked(plain(first.spans)):
        return None
    answer, extra = focus(body[:1], scope.reader, DEFINITION_WORDS)
    rest = (*extra, *body[1:])
    if answer and answer[0].kind == "paragraph" and plain(answer[0].spans).rstrip().endswith((":", "：")):
        answer, rest = focus(body, scope.reader, DEFINITION_WORDS)
    fewest = FEWEST_QUOTED if body[0].kind == "quote" else FEWEST_WORDS
    if not has_text(answer) or words(answer) < fewest or not _belongs(scope, body[0]):
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
        return fill(reader.wording.what_about, subject=f"{scope.subject} – {name}" if scope.subject else name)
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
        or pair
        or reader.asks(name)
    ):
        return fill(reader.wording.what_about, subject=scope.node.title)
    if not _names(scope, opening, name):
        return fill(reader.wording.what_about, subject=scope.node.title)
    if said := _as_said(plain(opening.spans), name, reader):
        return fill(reader.what_is(name), term=said)
    return fill(reader.what_is(name), term=within(scope.node.title, reader))


def _as_said(opening: str, name: str, reader: Reader) -> str:
    """A name with the article that the text gives it (`A keel is …`); empty where it gives none or we quote."""
    article = 0 if reader.quotes else reader.article(opening)
    rest = opening[article:]
    begins = article and rest.casefold().startswith(name.casefold()) and reader.defines(rest[len(name) :])
    return opening[:article].lower() + rest[: len(name)] if begins else ""
