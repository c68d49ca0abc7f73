"""The parser's way from text to drafts: one file, its language and its options; nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from primer_anki.diagnostic import Diagnostic, Location, PrimerError, Severity
from primer_anki.model import Draft, Page, Place
from primer_anki.parser import languages
from primer_anki.parser.anchors import slug
from primer_anki.parser.card import Card
from primer_anki.parser.clean import clean
from primer_anki.parser.compose import Setting, compose, steady, tag
from primer_anki.parser.document import Block, Section, Span, Spans, Topic, cut, plain, strip, walk
from primer_anki.parser.extraction import Extraction, Options, Skipped
from primer_anki.parser.markdown import parse, split_front_matter
from primer_anki.parser.outline import Node, outline
from primer_anki.parser.page import page_of
from primer_anki.parser.patterns import FINDERS, PATTERNS, heading, tradeoff
from primer_anki.parser.patterns.apart import parted
from primer_anki.parser.patterns.scope import Scope, has_text, item_head, link_list, noise, only_links, opens_with_link
from primer_anki.parser.patterns.statement import divided
from primer_anki.parser.reader import Reader, count_words, normal, reader
from primer_anki.parser.render import html_of
from primer_anki.parser.titles import clean_title
from primer_anki.value import Value, replace

__all__ = ["PATTERNS", "Extraction", "Options", "Skipped", "extract"]

PART_WORDS = 6
"""A longer heading is a task, and no tag."""
NEARBY = 20
"""Sections on either side among which a trade-off looks for its subject."""
LEVELS = ("short", "medium", "long")
"""The study plan's levels, in the order in which new cards come."""
FRONT_MATTER = ("title", "language", "tags", "level", "order", "reverse", "skip")
"""The front matter's keys that steer; others are the author's own and are left alone."""


class _Result(Value, frozen=True):
    drafts: tuple[Draft, ...]
    skipped: tuple[Skipped, ...]


def extract(text: str, path: str, options: Options) -> Extraction:
    """The drafts of one Markdown file, in reading order.

    `path` is relative to the root of the sources. Raises PrimerError for front matter that cannot be read.
    """
    front, body, first_line = split_front_matter(text)
    meta = _meta(front, path) if front is not None else {}
    _check(meta, path)
    topic = parse(body, path, meta, first_line=first_line)
    code = options.language or str(meta.get("language") or "") or languages.detect(body, path)
    if meta.get("skip"):
        place = Place(path, (), 1)
        return Extraction(topic.title, code, (), (Skipped(place, "the front matter says `skip`"),), (), Page(path))
    document = _Document(topic, reader(code), options)
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    for node in outline(_whole(topic), document):
        for result in document.read(node, (), ()):
            drafts.extend(result.drafts)
            skipped.extend(result.skipped)
    order = meta.get("order", 0)
    return Extraction(
        document.name,
        code,
        tuple(sorted(drafts, key=lambda draft: draft.place.line)),
        tuple(skipped),
        document.lost_ids(drafts),
        page_of(topic, body, first_line, drafts, document.reader.profile),
        float(order) if isinstance(order, (int, float)) else 0,
    )


def _titles(topic: Topic) -> tuple[str, str]:
    """What names a file on its cards, and the heading that it stands for; both empty where nothing does.

    The front matter's title or the only heading of level 1: any other first heading would change as soon as a
    section is put before it.
    """
    tops = [section.heading for section in topic.sections if section.levels == (1,) and section.heading]
    top = plain(clean_title(tops[0].spans)) if len(tops) == 1 else ""
    given = topic.meta.get("title")
    title = plain(clean_title((Span("text", given),))) if isinstance(given, str) else top
    return title, top


def _meta(front: str, path: str) -> dict[str, object]:
    from primer_anki.strict_yaml import load_mapping  # most files need no YAML

    return load_mapping(front, path, first_line=2, own=FRONT_MATTER)


def _check(meta: dict[str, object], path: str) -> None:
    """Front matter that steers must say something that can be done."""
    where = Location(path, 1)
    level = meta.get("level")
    if level is not None and level not in LEVELS:
        raise PrimerError(f"`level` is `{level}`: expected one of {', '.join(LEVELS)}", where)
    language = meta.get("language")
    if language is not None and languages.resolve(str(language)) is None:
        raise PrimerError(f"`language` is `{language}`: expected one of {', '.join(languages.CODES)}", where)
    tags = meta.get("tags")
    if tags is not None and not (isinstance(tags, (list, str))):
        raise PrimerError("`tags` must be a list", where, hint="tags: [caching, http]")


def _whole(topic: Topic) -> tuple[Section, ...]:
    """The sections, without the last block of a file that ends in the middle of a line."""
    if not topic.truncated or not topic.sections or not topic.sections[-1].blocks:
        return topic.sections
    last = topic.sections[-1]
    kept = _without_last(last.blocks)
    return (*topic.sections[:-1], replace(last, blocks=kept))


def _without_last(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    if not blocks:
        return ()
    *before, last = blocks
    if last.kind in ("list", "item", "quote") and last.children:
        children = _without_last(last.children)
        return (*before, replace(last, children=children)) if children else tuple(before)
    return tuple(before)


class _Document:
    """One file while it is read."""

    def __init__(self, topic: Topic, words: Reader, options: Options) -> None:
        self.topic = topic
        self.name = plain(clean_title((Span("text", topic.title),))) or topic.title
        self.title, self.own_title = _titles(topic)
        self.reader = words
        self.options = options
        self.address = options.link_base + quote(topic.path) if options.link_base else ""
        self.skip = frozenset(normal(phrase) for phrase in options.skip)
        self.sides: dict[tuple[str, str | None], int] = {}
        self.link_heavy = _link_heavy(topic, words)
        self.anchors: dict[str, int] = {}
        for section in topic.sections:
            if section.heading:
                self.anchors.setdefault(slug(plain(section.heading.spans)), section.heading.line)
        self.first_heading = next((section.heading for section in topic.sections if section.heading), None)
        tops = sum(1 for section in topic.sections if section.levels == (1,))
        self.lone_top = tops == 1 and len(topic.sections) > 1

    def read(self, node: Node, above: tuple[Node, ...], beside: tuple[str, ...]) -> Iterator[_Result]:
        """The section and those below it, in reading order."""
        reason = self._left_out(node)
        if reason:
            yield _Result((), (Skipped(self._place(node), reason),))
            if not node.section.skip and normal(node.name) not in self.skip:
                for child in node.children:  # what follows a table of contents may have no heading of its own
                    if self._asks(child):
                        yield from self.read(child, above, ())
            return
        scope = self._scope(node, above, beside)
        drafts = tuple(self._drafts(scope, above))
        why = () if drafts else self._why(node)
        yield _Result(drafts, tuple(Skipped(self._place(node), reason) for reason in why))
        if drafts and (heading.swallows(node, self.reader) or tradeoff.swallows(node, self.reader)):
            return
        names = tuple(child.name for child in node.children)
        for n, child in enumerate(node.children):
            yield from self.read(child, (*above, node), names[max(n - NEARBY, 0) : n + NEARBY])

    def heading_title(self, heading: Spans) -> Spans:
        """A heading without number, ornament, and the mark of a step or question."""
        spans = clean_title(heading)
        for mark in (self.reader.step_mark, self.reader.question_mark):
            found = mark.match(plain(spans))
            if found and found.end() < len(plain(spans)):
                spans = strip(cut(spans, found.end()))
        return spans

    def fold(self, summary: Spans) -> bool:
        """Whether a fold's summary names what it holds, and does not only open an answer."""
        return not self.reader.reveals(plain(summary))

    def line(self, words: str) -> bool:
        """Whether a bold line may be a heading: it marks no question or answer."""
        return not (self.reader.question_mark.match(words) or self.reader.answer_mark.match(words))

    def _asks(self, node: Node) -> bool:
        """Whether a section, or one below it, is a question."""
        return bool(heading.asking(node, self.reader)) or any(map(self._asks, node.children))

    def _place(self, node: Node) -> Place:
        section = node.section
        line = section.heading.line if section.heading else section.blocks[0].line if section.blocks else 1
        return Place(self.topic.path, section.trail, line)

    def _left_out(self, node: Node) -> str:
        """Why a section and everything below it gives no card; empty if it may."""
        if node.section.skip:
            return node.section.skip
        if node.name and (self.reader.skips(node.name) or normal(node.name) in self.skip):
            return f"the heading `{node.name}` is on the skip list"
        if node.name and self.reader.collects_links(node.name) and any(map(_leads_elsewhere, node.section.blocks)):
            return f"the section `{node.name}` is a collection of links"
        if node.name and self.reader.advertises(node.name) and len(node.parents) <= 1 and self.lone_top:
            return "it speaks of the document itself"
        return ""

    def _why(self, node: Node) -> tuple[str, ...]:
        """Why a section that was read gave nothing."""
        blocks = [block for block in node.section.blocks if block.kind not in ("rule", "comment")]
        if not blocks:
            return () if node.children else ("a heading without text",)
        if all(block.kind == "details" and noise(block, self.reader) for block in blocks):
            return ("a question without an answer",)
        if all(_leads_elsewhere(block) or noise(block, self.reader) for block in blocks):
            return ("links or pictures alone",)
        if not has_text(blocks):
            return ("nothing to read",)
        return ("no pattern found: no question, term, list with a lead-in, or table",)

    def _scope(self, node: Node, above: tuple[Node, ...], beside: tuple[str, ...]) -> Scope:
        named = [n.name for n in (*above, node) if n.name and not self._nameless(n)]
        subject = named[-1] if named else self.title
        higher = [n.name for n in above if n.name and not self._nameless(n)]
        parent = higher[-1] if higher else self.title if above or not node.name else ""
        return Scope(
            node=node,
            reader=self.reader,
            free=frozenset(range(len(node.section.blocks))),
            subject=subject,
            parent=parent,
            nearby=tuple(dict.fromkeys((*reversed(named), *beside))),
            is_intro=self._introduces(node),
            link_heavy=self.link_heavy,
            states=self.options.patterns is None or "statement" in self.options.patterns,
        )

    def _introduces(self, node: Node) -> bool:
        """Whether a section is the document's opening and speaks of the document."""
        if node.level == 0:
            return True
        if node.level == 1:
            may = self.lone_top or node.section.heading == self.first_heading
        else:
            may = node.level == 2 and self.reader.generic(node.name) and len(node.parents) <= 1
        prose = (plain(block.spans) for block in node.section.blocks if block.kind == "paragraph")
        return may and any(map(self.reader.introduces, prose))

    def _nameless(self, node: Node) -> bool:
        """A heading that names a side or a part, and not a subject."""
        return not self.reader.names(node.name)

    def _drafts(self, scope: Scope, above: tuple[Node, ...]) -> Iterator[Draft]:
        cards: list[Card] = []
        wanted = self.options.patterns
        for names, find in FINDERS:
            if wanted is not None and not wanted.intersection(names):
                continue
            found = list(find(scope))
            if not found:
                continue
            cards.extend(card for f in found for card in f.cards if wanted is None or card.pattern in wanted)
            if claimed := frozenset().union(*(f.claims for f in found)):
                scope = replace(scope, free=scope.free - claimed)
        cards = [each for card in cards for each in divided(scope, _completed(card, scope))]
        cards = [each for card in cards for each in parted(scope, card)]
        cards.sort(key=lambda card: card.line)
        if not cards:
            return
        setting = self._setting(scope.node, above)
        ids = _Ids(scope.node.section)
        for card in cards:
            draft = self._told_apart(compose(card, setting, ids.of(card)), card)
            if _shows(draft) and not (scope.states and _gives_away(draft)):
                yield draft

    def _told_apart(self, draft: Draft, card: Card) -> Draft:
        """A second list of the same side of the same subject is a note of its own."""
        if not draft.joins:
            return draft
        count = self.sides[draft.joins, card.side] = self.sides.get((draft.joins, card.side), 0) + 1
        return replace(draft, joins=f"{draft.joins}/{count}") if count > 1 else draft

    def _render(self, content: Sequence[Block] | Spans) -> str:
        if not content:
            return ""
        return clean(html_of(content, link_base=self.address, footnotes=self.topic.footnotes))

    def _setting(self, node: Node, above: tuple[Node, ...]) -> Setting:
        anchor, title = self._source(node, above)
        return Setting(
            topic=self.topic,
            title=self.title,
            own_title=self.own_title,
            node=node,
            reader=self.reader,
            render=self._render,
            link_base=self.options.link_base,
            source_anchor=anchor,
            source_title=title,
            tags=self._tags(node, above),
            level=self._level(node, above),
            reverse=self._reverse(node, above),
        )

    def _source(self, node: Node, above: tuple[Node, ...]) -> tuple[str, str]:
        """The nearest heading with an anchor that an inserted section does not move."""
        for n in (node, *reversed(above)):
            top = n.section.heading
            if top is None or self._nameless(n):
                continue
            base = slug(plain(top.spans))
            if not self.options.link_base or (base and self.anchors.get(base) == top.line):
                return base, n.name
        return "", ""

    def _tags(self, node: Node, above: tuple[Node, ...]) -> tuple[str, ...]:
        root = self.options.tag_root
        below = (n for n in (*above, node) if n.name != self.own_title and not self._nameless(n))
        part = next((n.name for n in below if self._names_part(n)), "")
        topic = steady(self.title) or PurePosixPath(self.topic.path).stem
        path = [t for name in dict.fromkeys((topic, steady(part))) if (t := tag(name))]
        own = self.topic.meta.get("tags", ())
        listed = own.replace(",", " ").split() if isinstance(own, str) else own if isinstance(own, list) else ()
        tags = {"::".join((root, *path))}
        tags |= {f"{root}::{t}" for word in listed if (t := tag(str(word)))}
        tags |= {f"{root}::{t}" for n in (*above, node) for word in _said(n.section, "tag") if (t := tag(word))}
        level = self._level_name(node, above)
        if level:
            tags.add(f"{root}::level::{level}")
        return tuple(sorted(tags))

    def _names_part(self, node: Node) -> bool:
        """Whether a heading names a part of the topic: it is no question and no task."""
        is_short = count_words(node.name) <= PART_WORDS
        return is_short and not heading.asking(node, self.reader) and not self.reader.skips(node.name)

    def _level_name(self, node: Node, above: tuple[Node, ...]) -> str:
        for n in (node, *reversed(above)):
            for word in _said(n.section, "level"):
                if word in LEVELS:
                    return word
        return str(self.topic.meta.get("level") or "")

    def _level(self, node: Node, above: tuple[Node, ...]) -> int:
        name = self._level_name(node, above)
        return LEVELS.index(name) if name else 0

    def _reverse(self, node: Node, above: tuple[Node, ...]) -> bool:
        said = any(text == "reverse" for n in (node, *above) for _, text in n.section.directives)
        return said or bool(self.topic.meta.get("reverse"))

    def lost_ids(self, drafts: Sequence[Draft]) -> tuple[Diagnostic, ...]:
        """An id that stands where no card is made: the author believes it protects something."""
        used = {draft.id for draft in drafts if draft.id}
        return tuple(
            Diagnostic(
                Location(self.topic.path, line),
                Severity.WARNING,
                f"the id `{name}` belongs to no card",
                "unused-id",
                "put the comment on the line before the question, term or list that it is for",
            )
            for section in self.topic.sections
            for line, name in section.ids
            if name not in used
        )


def _completed(card: Card, scope: Scope) -> Card:
    """A section's question with what no other pattern has taken in its Extra."""
    if card.pattern not in ("question", "folded") or card.question != heading.asking(scope.node, scope.reader):
        return card
    left = tuple(b for _, b in scope.open() if b not in card.answer and not noise(b, scope.reader))
    return replace(card, extra=(*card.extra, *left))


class _Ids:
    """The author's ids of one section: each goes to the first card that ends at or after its line."""

    def __init__(self, section: Section) -> None:
        self._left = sorted(section.ids)

    def of(self, card: Card) -> str:
        """The id of a card; cards come in reading order."""
        if not self._left:
            return ""
        end = max([card.line, *(b.end for b in walk(card.answer))])
        for n, (line, name) in enumerate(self._left):
            if line <= end:
                del self._left[n]
                return name
        return ""


def _said(section: Section, word: str) -> Iterable[str]:
    """The arguments of a directive such as `<!-- primer: tag cdn -->`."""
    for _, text in section.directives:
        name, _, rest = text.partition(" ")
        if name == word:
            yield from rest.replace(",", " ").split()


def _leads_elsewhere(block: Block) -> bool:
    return (block.kind == "list" and link_list(block)) or (block.kind == "paragraph" and only_links(block.spans))


def _link_heavy(topic: Topic, words: Reader) -> bool:
    """Whether most list items of a file lead out of it, its sources left aside."""
    read = [s for s in topic.sections if not (s.trail and words.skips(s.trail[-1]))]
    items = [b for section in read for b in walk(section.blocks) if b.kind == "item" and item_head(b)]
    return len(items) >= 10 and 2 * sum(opens_with_link(item) for item in items) > len(items)


def _gives_away(draft: Draft) -> bool:
    """Whether a question that we have made says all of its answer: `Process vs. thread: which?`."""
    if draft.pattern not in ("list", "statement"):
        return False
    asked = normal(draft.question)
    return all(normal(line) in asked for line in draft.answer.split("\n"))


def _shows(draft: Draft) -> bool:
    """Whether there is anything on both sides."""
    if draft.note_type == "cloze":
        return any(not isinstance(part, str) for part in draft.text)
    return bool(draft.question.strip()) and any(
        draft.fields.get(name, "").strip() for name in ("Answer", "Advantages", "Disadvantages", "Choice")
    )
