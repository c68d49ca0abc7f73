"""Tables: comparisons whose columns are the things compared, and facts whose rows are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from primer_anki.parser.card import Card, fill, paragraph
from primer_anki.parser.document import Block, Span, Spans, cut, plain, strip
from primer_anki.parser.patterns.definition import define
from primer_anki.parser.patterns.scope import Found, Scope, links, only_links, unwrapped, words
from primer_anki.parser.reader import count_words, normal
from primer_anki.value import replace

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W_]")
_EMOJI = re.compile(r":[a-z0-9_+-]+:")
_GAP = re.compile(r"\s{2,}|\t+|\s\|\s")
CELL_WORDS = 60
MOST_ROWS = 7
"""A comparison without aspects is one card, with its head and so many rows less one."""
ROW_WORDS = 25
"""A row whose values have more words than this, their heads included, is asked value by value."""
STATEMENT_WORDS = 5
"""Cells with so many words on average say something; fewer name it."""
TITLE_WORDS = 8


def find(scope: Scope) -> Iterator[Found]:
    """A note a row."""
    for at, block in scope.open():
        if block.kind == "table":
            cards = rows(scope, block)
        elif block.kind == "code" and not block.info:
            table = aligned(block)
            cards = rows(scope, table) if table else []
        else:
            continue
        if cards:
            yield Found(tuple(cards), frozenset({at}))


def rows(scope: Scope, table: Block) -> list[Card]:
    """The cards of a table; rows of links, pictures or signs alone give none."""
    if len(table.rows) < 2 or len(table.rows[0]) < 2:
        return _box(scope, table)
    if scope.link_heavy and any(any(links(cell)) for row in table.rows[1:] for cell in row):
        return []
    table = _without_numbers(table)
    heads = table.rows[0]
    if (_things_alone(scope, heads) or _statements(scope, table)) and len(table.rows) <= MOST_ROWS:
        question = fill(scope.reader.wording.difference, things=_joined(heads, scope.reader.profile.versus[0]))
        return [Card("comparison", table.line, question, (replace(table, kind="table"),), subject=scope.subject)]
    comparing = compares(scope, heads)
    cards: list[Card] = []
    for n, row in enumerate(table.rows[1:]):
        line = table.line + 2 + n if table.kind == "table" else table.children[n].line
        if not comparing:
            cards.extend(_facts(scope, heads, row, line))
        elif card := _comparison(scope, heads, row, line):
            cards.append(card)
    return cards


def _box(scope: Scope, table: Block) -> list[Card]:
    """A table of one column is a frame: its head is the term, its cells say what it means."""
    if len(table.rows) < 2 or table.kind != "table" or not table.rows[0]:
        return []
    meaning = tuple(paragraph(row[0], table.line + 2 + n) for n, row in enumerate(table.rows[1:]) if row)
    found = define(unwrapped(table.rows[0][0]), meaning, table.line, scope)
    return [found] if found else []


def _things_alone(scope: Scope, heads: tuple[Spans, ...]) -> bool:
    """Whether all columns are things that the title compares, and no column says by what."""
    pair = scope.reader.versus(scope.node.name)
    named = {normal(plain(head)) for head in heads}
    return pair is not None and named == {normal(each) for each in pair} and bool(scope.reader.wording.difference)


def _statements(scope: Scope, table: Block) -> bool:
    """Whether a table of two columns says something of one thing in each: no cells are names or values."""
    heads = table.rows[0]
    if len(heads) != 2 or not scope.reader.wording.difference:
        return False
    columns = [[row[n] for row in table.rows[1:] if plain(row[n]).strip()] for n in (0, 1)]
    if any(scope.reader.aspect(plain(head)) or scope.reader.generic(plain(head)) for head in heads):
        return False
    marked = any(cell[0].kind == "code" or scope.reader.asks(plain(cell)) for cell in columns[0])
    if any(2 * sum(bool(_DIGIT.search(plain(cell))) for cell in cells) > len(cells) for cells in columns):
        return False
    said = (sum(count_words(plain(cell)) for cell in cells) for cells in columns)
    says = all(n >= STATEMENT_WORDS * len(cells) for n, cells in zip(said, columns, strict=True))
    return says and not marked and all(len(cells) > 1 for cells in columns)


def _without_numbers(table: Block) -> Block:
    """A table without a first column that only counts the rows."""
    counted = [plain(row[0]).strip(" .") for row in table.rows[1:]]
    numbers = [str(n) for n in range(1, len(counted) + 1)]
    if len(table.rows[0]) < 3 or counted not in (numbers, numbers[::-1]):
        return table
    return replace(table, rows=tuple(row[1:] for row in table.rows))


def compares(scope: Scope, heads: tuple[Spans, ...]) -> bool:
    """Whether the columns are the things compared: the first head names an aspect, or the title names the columns."""
    things = [plain(head) for head in heads[1:]]
    if len(things) < 2 or not all(_LETTER.search(thing) for thing in things):
        return False
    title = normal(" ".join((scope.node.name, scope.subject)))
    named = sum(normal(thing) in title for thing in things)
    return scope.reader.aspect(plain(heads[0])) or scope.reader.versus(scope.node.name) is not None or named >= 2


def _said(cell: Spans) -> bool:
    """A cell that says something: words or numbers, not a link alone, not a sign."""
    words = _EMOJI.sub("", plain(cell))
    return bool(_LETTER.search(words)) and not (only_links(cell) and cell[0].kind == "link")


def _comparison(scope: Scope, heads: tuple[Spans, ...], row: tuple[Spans, ...], line: int) -> Card | None:
    aspect = strip(unwrapped(row[0]))
    pairs = [(head, cell) for head, cell in zip(heads[1:], row[1:], strict=False) if _said(cell)]
    if len(pairs) < 2 or not _LETTER.search(plain(aspect)):
        return None
    between = scope.reader.profile.versus[0]
    things = _joined(tuple(unwrapped(head) for head, _ in pairs), between)
    question = aspect if scope.reader.question_marked(plain(aspect)) else None
    asked = fill(scope.reader.wording.compare, things=things, aspect=aspect)
    small = Block("table", line, line, rows=(tuple(h for h, _ in pairs), tuple(c for _, c in pairs)))
    asked = fill("{things}: {aspect}", things=things, aspect=question) if question else asked
    return Card("comparison", line, asked, (small,), subject=plain(aspect))


def _joined(parts: tuple[Spans, ...], between: str) -> Spans:
    out: list[Span] = []
    for part in parts:
        if out:
            out.append(Span("text", between))
        out.extend(part)
    return tuple(out)


def _facts(scope: Scope, heads: tuple[Spans, ...], row: tuple[Spans, ...], line: int) -> Iterator[Card]:
    """A row's card, or one of each of its values where they are too much for one."""
    whole = _fact(scope, heads, row, line)
    named = all(plain(head).strip() for head in heads[1:])
    if whole and scope.states and named and len(heads) > 2 and words(whole.answer) > ROW_WORDS:
        columns = zip(heads[1:], row[1:], strict=False)
        yield from filter(None, (_fact(scope, (heads[0], head), (row[0], cell), line) for head, cell in columns))
    elif whole:
        yield whole


def _fact(scope: Scope, heads: tuple[Spans, ...], row: tuple[Spans, ...], line: int) -> Card | None:
    subject = strip(unwrapped(row[0]))
    subject = strip(cut(subject, 0, len(plain(subject).rstrip("*†‡ "))))
    name = plain(subject)
    pairs = [(head, cell) for head, cell in zip(heads[1:], row[1:], strict=False) if _said(cell)]
    if not pairs or not _LETTER.search(name) or (only_links(subject) and all(only_links(c) for _, c in pairs)):
        return None
    linked = sum(only_links(cell) for cell in row[1:] if plain(cell).strip())
    if linked and linked >= len(pairs):
        return None
    if any(count_words(plain(cell)) > CELL_WORDS for _, cell in pairs):
        return None
    wording = scope.reader.wording
    column = plain(pairs[0][0]).strip()
    if scope.reader.question_marked(name):
        question = subject
    elif len(pairs) == 1 and scope.reader.generic(column):  # "definition", "description"
        question = fill(scope.reader.what_is(name), term=subject)
    elif len(pairs) == 1 and not column and scope.node.name:
        question = fill(wording.fact, subject=subject, column=scope.node.title)
    elif len(pairs) == 1 and plain(pairs[0][0]).strip():
        question = fill(wording.fact, subject=_placed(scope, subject), column=unwrapped(pairs[0][0]))
    else:
        question = fill(wording.row, subject=_placed(scope, subject))
    answer = _values(pairs, line)
    pattern = "definition" if len(pairs) == 1 and scope.reader.generic(column) else "fact"
    return Card(pattern, line, question, answer, subject=name)


def _placed(scope: Scope, subject: Spans) -> Spans:
    """A row's subject with the section it belongs to, so that the question stands alone."""
    name, title = f" {normal(plain(subject))} ", f" {normal(scope.subject)} "
    if title in name or name in title or count_words(scope.subject) > TITLE_WORDS:
        return subject
    return (*subject, Span("text", f" ({scope.subject})"))


def _values(pairs: list[tuple[Spans, Spans]], line: int) -> tuple[Block, ...]:
    """One value stands alone; several stand under their column heads."""
    if len(pairs) == 1:
        return (paragraph(unwrapped(pairs[0][1]), line),)
    return (Block("table", line, line, rows=(tuple(h for h, _ in pairs), tuple(c for _, c in pairs))),)


def aligned(block: Block) -> Block | None:
    """Columns drawn with spaces inside a code fence, as a table; None if it is no table."""
    lines = [(block.line + n, line.rstrip()) for n, line in enumerate(block.text.splitlines(), 1)]
    rules = [n for n, line in lines if _is_rule(line)]
    split = [(n, _GAP.split(line.strip(" |"))) for n, line in lines if line.strip() and not _is_rule(line)]
    wide = [(n, cells) for n, cells in split if len(cells) >= 2]
    if len(wide) < 3 or 4 * len(wide) < 3 * len(split) or any(c in block.text for c in "{};"):
        return None
    has_head = bool(rules) and split[0][0] == wide[0][0] < rules[0] < wide[1][0]
    head = wide[0][1] if has_head else [""] * max(len(cells) for _, cells in wide)
    body = wide[1:] if has_head else wide
    rows = tuple(tuple(_cell(cells, n) for n in range(len(head))) for _, cells in body)
    return replace(
        block,
        rows=(tuple(_cell(head, n) for n in range(len(head))), *rows),
        children=tuple(Block("item", n) for n, _ in body),  # where each row stands
    )


def _is_rule(line: str) -> bool:
    """A line that is drawn under a head: `---  -----`."""
    return ("---" in line or "===" in line) and not line.strip("-=|+: \t")


def _cell(cells: list[str], n: int) -> Spans:
    return (Span("text", cells[n].strip()),) if n < len(cells) and cells[n].strip() else ()
