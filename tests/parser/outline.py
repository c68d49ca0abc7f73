"""Topics as text that a fixture can hold, and the reader of fixture files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from primer_anki.parser.document import Block, Section, Span, Topic

FIXTURES = Path(__file__).parent / "fixtures"


def cases(name: str) -> list[tuple[str, str, str]]:
    """(name, Markdown, expected) of a fixture file: three parts a case, each closed by a line with a single dot."""
    parts = (FIXTURES / name).read_text(encoding="utf-8").split("\n.\n")
    triples = zip(parts[0::3], parts[1::3], parts[2::3], strict=False)
    return [(title.strip(), source + "\n", expected) for title, source, expected in triples]


def outline(topic: Topic) -> str:
    """A line a section and block: its kind, line, properties and spans."""
    lines = [line for section in topic.sections for line in _section(section)]
    lines.extend(f"footnote {label}: {spans_outline(spans)}" for label, spans in topic.footnotes.items())
    return "\n".join(lines)


def _section(section: Section) -> Iterator[str]:
    if section.heading:
        heading = section.heading
        own = "" if heading.anchor == section.anchor else f" -> #{section.anchor}"
        yield f"h{heading.level} {heading.line} #{heading.anchor}{own}: {spans_outline(heading.spans)}"
    if section.skip:
        yield "  (skip)"
    yield from (f"  (id {line} {text})" for line, text in section.ids)
    yield from (f"  (primer {line} {text})" for line, text in section.directives)
    for block in section.blocks:
        yield from _block(block, 1)


def _block(block: Block, depth: int) -> Iterator[str]:
    lines = f"{block.line}-{block.end}" if block.end != block.line else str(block.line)
    words = [block.kind, lines, *_properties(block)]
    text = spans_outline(block.spans) or repr(block.text)[1:-1]
    yield "  " * depth + " ".join(words) + (f": {text}" if text else "")
    for row in block.rows:
        yield "  " * (depth + 1) + " | ".join(spans_outline(cell) for cell in row)
    for child in block.children:
        yield from _block(child, depth + 1)


def _properties(block: Block) -> Iterator[str]:
    if block.kind == "heading":
        yield f"h{block.level} #{block.anchor}"
    if block.ordered:
        yield f"from {block.start}"
    if block.checked is not None:
        yield "[x]" if block.checked else "[ ]"
    if block.info:
        yield block.info


def spans_outline(spans: Iterable[Span]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    if span.kind == "text":
        return span.text
    if span.kind == "break":
        return "⏎"
    inside = spans_outline(span.children) or span.text
    target = f"→{span.target}" if span.target else ""
    return f"‹{span.kind} {inside}{target}›"
