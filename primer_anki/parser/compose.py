"""A card's parts → a draft: rendered fields, breadcrumb, tags, source."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

from primer_anki.model import Cloze, Draft, Place
from primer_anki.parser.card import Card, SideKind, paragraph
from primer_anki.parser.document import Block, Span, Spans, Topic, block_text, cut, plain
from primer_anki.parser.outline import Node
from primer_anki.parser.patterns.cloze import MARK, marks
from primer_anki.parser.patterns.scope import unwrapped
from primer_anki.parser.reader import Reader, normal
from primer_anki.parser.render import cloze_free, cloze_safe, plain_html
from primer_anki.value import Value, replace

_SIDE_FIELDS: dict[SideKind, tuple[str, str]] = {
    "advantages": ("Advantages question", "Advantages"),
    "disadvantages": ("Disadvantages question", "Disadvantages"),
    "choice": ("Choice question", "Choice"),
}
_COUNT = re.compile(r"\s*[(（](?!\d{4}[)）])\d{1,4}\s?(?:%|[^\W\d]{2,12})?[)）]$")
_NUMBER = re.compile(r"\d")
_TAG_UNSAFE = re.compile(r"[^\w-]+")
Render: TypeAlias = Callable[[Sequence[Block] | Spans], str]
"""Blocks or spans → the clean HTML of a field."""
FIGURE_CHARACTERS = 24
"""A value with a number in it that is no longer than this stands large."""


class Setting(Value, frozen=True):
    """What all cards of one section share."""

    topic: Topic
    title: str
    """What names the topic, without ornament; may be empty."""
    own_title: str
    """The heading that the title stands for."""
    node: Node
    reader: Reader
    render: Render
    link_base: str
    source_anchor: str
    """Of the heading that the source link leads to; empty for the file itself."""
    source_title: str
    tags: tuple[str, ...]
    level: int
    reverse: bool
    """Definitions are asked both ways."""


def compose(card: Card, setting: Setting, note_id: str) -> Draft:
    """The draft of a card."""
    card = replace(card, question=unlinked(unwrapped(card.question)), term=unlinked(card.term))
    place = Place(setting.topic.path, setting.node.section.trail, card.line)
    question = plain(card.question)
    fields = {
        "Context": _breadcrumb(setting, question, card),
        "Extra": setting.render(card.extra),
        "Source": source(setting),
    }
    if card.items or card.passage:
        return _cloze(card, setting, place, fields, note_id)
    line = paragraph(card.question, card.line)
    asked = setting.render((line, *card.setting)) if card.setting else setting.render(card.question)
    answer = _answer(card, setting.render)
    draft = Draft(
        note_type="tradeoff" if card.side else "basic",
        pattern=card.pattern,
        place=place,
        question="\n".join(part for part in (question, *map(block_text, card.setting)) if part),
        answer="\n".join(map(block_text, card.answer)),
        fields=fields,
        subject=card.subject,
        tags=setting.tags,
        id=note_id,
        joins=f"{setting.topic.path}#{card.joins}" if card.joins else "",
        level=setting.level,
    )
    if card.side:
        question_field, answer_field = _SIDE_FIELDS[card.side]
        fields |= {"Subject": plain_html(card.subject), question_field: asked, answer_field: answer}
    else:
        fields |= {"Question": asked, "Answer": answer}
        if card.term and setting.reverse and card.pattern == "definition":
            fields |= _reverse(card, setting)
    return draft


def unlinked(spans: Spans) -> Spans:
    """Spans whose links are their text alone: a question leads nowhere."""
    out: list[Span] = []
    for span in spans:
        if span.kind == "link":
            out.extend(unlinked(span.children))
        else:
            out.append(replace(span, children=unlinked(span.children)) if span.children else span)
    return tuple(out)


def source(setting: Setting) -> str:
    """Where the note comes from: a link where the deck has an address, else the place as text."""
    path, anchor = setting.topic.path, setting.source_anchor
    if not setting.link_base:
        return plain_html(f"{path} › {setting.source_title}" if setting.source_title else path)
    url = setting.link_base + quote(path) + (f"#{quote(anchor)}" if anchor else "")
    shown = setting.source_title or setting.title or path
    return f'<a href="{html.escape(url)}">{plain_html(shown)}</a>'


@lru_cache(maxsize=1024)
def tag(words: str) -> str:
    """A heading as a tag: letters, digits and hyphens."""
    slug = _TAG_UNSAFE.sub("-", unicodedata.normalize("NFKC", words).casefold()).strip("-_")
    return slug[:60].rstrip("-_")


def _breadcrumb(setting: Setting, question: str, card: Card) -> str:
    """The headings that name something, without one that the question says already or that gives the answer away."""
    asked, reader = normal(question), setting.reader
    above = [name for name in (*setting.node.parents, setting.node.name) if name != setting.own_title]
    named = (name for name in above if reader.names(name) and not reader.skips(name))
    names = dict.fromkeys((setting.title, *named))
    kept = [name for name in names if normal(name) and normal(name) not in asked]
    if setting.reverse and card.term:
        kept = [name for name in kept if normal(plain(card.term)) not in normal(name)]
    return " › ".join(plain_html(steady(name)) for name in kept)


def steady(name: str) -> str:
    """A heading without a count that changes with its section: `(5 questions)`, `(20%)`."""
    return _COUNT.sub("", name) if name.rstrip().endswith((")", "）")) else name


def _answer(card: Card, render: Render) -> str:
    answer = render(card.answer)
    if card.pattern == "comparison" or (card.pattern == "fact" and card.answer[0].kind == "table"):
        return answer.replace("<table>", '<table class="row">', 1)
    if card.pattern == "fact" and len(card.answer) == 1 and card.answer[0].kind == "paragraph":
        words = plain(card.answer[0].spans)
        if _NUMBER.search(words) and len(words) <= FIGURE_CHARACTERS:
            return f'<div class="figure">{answer}</div>'
    return answer


def _reverse(card: Card, setting: Setting) -> dict[str, str]:
    template = setting.reader.wording.which_term
    before, _, after = template.partition("{meaning}")
    meaning = setting.render(card.answer)
    return {
        "Reverse question": plain_html(before) + meaning + plain_html(after),
        "Reverse answer": setting.render(card.term),
    }


# -- cloze --------------------------------------------------------------------------------------------------------


def _cloze(card: Card, setting: Setting, place: Place, fields: dict[str, str], note_id: str) -> Draft:
    render = setting.render
    parts: tuple[str | Cloze, ...]
    if card.passage is not None:
        parts = passage(card.passage, render)
        shown = MARK.sub(lambda match: match["hidden"] or match["numbered"], plain(card.passage.spans))
        kind = "cloze"
    else:
        parts = procedure(card.items, render)
        shown = plain(card.question)
        kind = "steps"
    fields |= {"Title": render(card.question), "Kind": kind}
    parts = tuple([cloze_free(part) if isinstance(part, str) else part for part in parts])
    return Draft(
        note_type="cloze",
        pattern=card.pattern,
        place=place,
        question=shown,
        answer="\n".join(part.plain for part in parts if isinstance(part, Cloze)),
        fields={name: cloze_free(content) for name, content in fields.items()},
        text=parts,
        subject=card.subject,
        tags=setting.tags,
        id=note_id,
        level=setting.level,
    )


def procedure(items: tuple[Spans, ...], render: Render) -> tuple[str | Cloze, ...]:
    """An ordered list, each step hidden in turn."""
    parts: list[str | Cloze] = []
    for n, item in enumerate(items):
        parts.append("</li><li>" if n else "<ol><li>")
        parts.append(Cloze(cloze_safe(render(item)), plain(item)))
    return (*parts, "</li></ol>")


def passage(block: Block, render: Render) -> tuple[str | Cloze, ...]:
    """A paragraph with what its marks hide; mark-up around a mark stays whole."""
    spans = block.spans
    whole = plain(spans)
    hidden: list[tuple[int, int, int, int, re.Match[str] | None]] = [
        (m.start(), m.end(), *(m.span("numbered") if m["number"] else m.span("hidden")), m) for m in marks(spans)
    ]
    hidden += [(a, b, a, b, None) for a, b in _marked(spans)]
    parts: list[str | Cloze] = []
    at = 0
    for start, end, low, high, match in sorted(hidden, key=lambda h: h[:2]):
        if start < at:
            continue
        if start > at:
            parts.append(render(cut(spans, at, start)))
        group = int(match["number"] or 0) if match else 0
        hint = plain_html(match["hint"] or match["remark"] or "") if match else ""
        inner = _unmarked(cut(spans, low, high))
        parts.append(Cloze(cloze_safe(render(inner)), whole[low:high], cloze_safe(hint), group))
        at = end
    if at < len(whole):
        parts.append(render(cut(spans, at)))
    return tuple(parts)


def _marked(spans: Spans, at: int = 0) -> list[tuple[int, int]]:
    """Start and end of each `==mark==` in the plain text."""
    out: list[tuple[int, int]] = []
    for span in spans:
        width = len(plain((span,)))
        if span.kind == "mark":
            out.append((at, at + width))
        elif span.children:
            out.extend(_marked(span.children, at))
        at += width
    return out


def _unmarked(spans: Spans) -> Spans:
    """Spans without their marks, which have become clozes."""
    out: list[Span] = []
    for span in spans:
        if span.kind == "mark":
            out.extend(_unmarked(span.children))
        else:
            out.append(replace(span, children=_unmarked(span.children)) if span.children else span)
    return tuple(out)
