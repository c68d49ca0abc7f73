"""Blocks without what only wraps them: boxes, quotes around all of a section, a point around its table."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import TypeAlias

from primer_anki.parser.blocks import is_listing
from primer_anki.parser.document import Block, cut_all, plain, strip
from primer_anki.parser.openers import holds_tables
from primer_anki.value import replace

_LINE = re.compile(r"[^\n]+")
IsFree: TypeAlias = Callable[[str], bool]
"""Whether a line marks no question or answer."""


def unwrapped_blocks(blocks: tuple[Block, ...], is_free: IsFree) -> tuple[Block, ...]:
    """Blocks without what only wraps them.

    A quote of several blocks is a box; where all of a section is quoted, the quotes are its form.
    """
    quoted = all(block.kind in ("quote", "rule") for block in blocks)
    out: list[Block] = []
    for block in blocks:
        if block.kind == "quote" and (quoted or len(block.children) > 1):
            out.extend(unwrapped_blocks(block.children, is_free))
        else:
            out.extend(_unfolded(block, is_free))
    return tuple(out)


def _unfolded(block: Block, is_free: IsFree) -> tuple[Block, ...]:
    """A list with the tables of its points behind it: they belong to the section as much as to their point.

    A paragraph whose lines are `Name: value`, each of them, as a list.
    """
    if block.kind == "paragraph" and (lines := _lines(block, is_free)):
        return (lines,)
    if block.kind == "list":
        block = replace(block, children=tuple(map(_unnumbered, block.children)))
    if block.kind != "list" or holds_tables(block):
        return (block,)
    tables = [(n, child) for n, item in enumerate(block.children) for child in item.children if child.kind == "table"]
    asked = {n for n, _ in tables if plain(block.children[n].children[0].spans).rstrip().endswith(("?", "？"))}
    moved = [child for n, child in tables if n not in asked]
    gone = set(map(id, moved))
    if not moved:
        return (block,)
    items = (replace(item, children=tuple(c for c in item.children if id(c) not in gone)) for item in block.children)
    return (replace(block, children=tuple(items)), *moved)


def _lines(block: Block, is_free: IsFree) -> Block | None:
    """A paragraph of lines that each name something and say what it is, as a list; None for any other."""
    whole = plain(block.spans)
    if "\n" not in whole:
        return None
    bounds = [match.span() for match in _LINE.finditer(whole)]
    if len(bounds) < 2 or not is_listing(whole) or not all(is_free(whole[a:b]) for a, b in bounds):
        return None
    pieces = zip(cut_all(block.spans, bounds), count(block.line), strict=False)
    items = (Block("item", at, at, children=(Block("paragraph", at, at, spans=strip(piece)),)) for piece, at in pieces)
    return Block("list", block.line, block.end, children=tuple(items))


def _unnumbered(item: Block) -> Block:
    """A point that holds nothing but a number of its own (`- 1. What is X?`) without that."""
    inner = item.children[0] if len(item.children) == 1 else None
    if inner is None or inner.kind != "list" or not inner.ordered or len(inner.children) != 1:
        return item
    return replace(item, children=inner.children[0].children)
