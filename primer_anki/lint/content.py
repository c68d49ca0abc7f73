"""The HTML of a field → what the rules look at: prose, lists, tables, code, pictures."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from primer_anki.value import Value

_BREAKS = frozenset(("p", "br", "div", "li", "tr", "td", "th", "ul", "ol", "table", "blockquote", "dt", "dd", "pre"))
_LEADS = frozenset(("strong", "em", "code"))
# Fields hold clean HTML: what is no tag in them is escaped, in attributes too.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r'\s([a-z]+)="([^"]*)"')
_MATH = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_NO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff]")
_STOPS = ":：.。,、–—-(（"
_PLACEHOLDER = "x"
"""Stands for a formula where words are counted, and for code where sentences are told apart."""


class Item(Value, frozen=True):
    """An item of a list, without the lists inside it."""

    text: str
    lead: str = ""
    """What stands at its start in bold, italics or as code; empty if nothing does."""

    @property
    def handle(self) -> str:
        """The lead, where it does not run on into the sentence."""
        rest = self.text.removeprefix(self.lead).lstrip()
        return self.lead.strip(" :.").casefold() if not rest or rest[0] in _STOPS or self.lead.endswith(":") else ""


class Picture(Value, frozen=True):
    source: str
    alt: str


class Content(Value, frozen=True):
    """What a reader sees of a field. Texts are plain; a break is a newline."""

    text: str = ""
    """Everything but code blocks."""
    prose: str = ""
    """What stands outside lists, tables and code blocks."""
    spoken: str = ""
    """The prose with a letter in place of each piece of code and each formula."""
    lists: tuple[tuple[Item, ...], ...] = ()
    """The outer lists; what is nested in their items stands in `inner`."""
    inner: tuple[Item, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The rows of all tables, without their heads."""
    columns: int = 0
    """Of the widest table."""
    code: tuple[str, ...] = ()
    """Each code block."""
    pictures: tuple[Picture, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """What a learner recalls piece by piece, and what is therefore counted piece by piece."""
        items = tuple(item.text for items in (*self.lists, self.inner) for item in items)
        cells = tuple(cell for row in self.rows for cell in row)
        return tuple(unit for unit in (self.prose, *items, *cells) if unit)

    @property
    def shows(self) -> bool:
        """Whether there is anything to see."""
        return bool(self.text or self.code or self.pictures)

    @property
    def points(self) -> bool:
        """Whether there is something that `this` can point to: code, a picture, a list or a table."""
        return bool(self.code or self.pictures or self.lists or self.rows)


@lru_cache(maxsize=4096)
def content(html: str) -> Content:
    """Read a field."""
    if "<" not in html and "&" not in html:
        text = _tidy([html.replace("\n", " ")])
        return Content(text=text, prose=text, spoken=text)
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<") == 2:  # as most answers are
        text = _tidy([unescape(html[3:-4]).replace("\n", " ")])
        return Content(text=text, prose=text, spoken=text)
    reader = _Reader()
    at = 0
    for tag in _TAG.finditer(html):
        reader.text(html[at : tag.start()])
        if tag[1]:
            reader.end(tag[2])
        else:
            reader.start(tag[2], tag[3])
        at = tag.end()
    reader.text(html[at:])
    return reader.result()


class _Reader:
    """Takes a field's text and tags in their order."""

    def __init__(self) -> None:
        self._all: list[str] = []
        self._prose: list[str] = []
        self._spoken: list[str] = []
        self._holders: list[list[str]] = []
        """The texts of the items and cells that are open."""
        self._open: list[list[Item]] = []
        """The lists that are open."""
        self._leads: list[str] = []
        """Of each open item."""
        self._lead_tag = ""
        self._inline_code = 0
        self._pre: list[str] | None = None
        self._row: list[str] = []
        self._lists: list[tuple[Item, ...]] = []
        self._inner: list[Item] = []
        self._rows: list[tuple[str, ...]] = []
        self._before_head = 0
        self._columns = 0
        self._code: list[str] = []
        self._pictures: list[Picture] = []

    def result(self) -> Content:
        text = _tidy(self._all)
        prose = text if self._prose == self._all else _tidy(self._prose)
        return Content(
            text=text,
            prose=prose,
            spoken=prose if self._spoken == self._prose else _tidy(self._spoken),
            lists=tuple(self._lists),
            inner=tuple(self._inner),
            rows=tuple(self._rows),
            columns=self._columns,
            code=tuple(self._code),
            pictures=tuple(self._pictures),
        )

    def start(self, tag: str, attributes: str) -> None:
        if tag in _BREAKS:
            self._write("\n")
        if tag in _STARTS:
            _STARTS[tag](self)
        elif tag == "img":
            values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
            self._pictures.append(Picture(values.get("src", ""), values.get("alt", "")))
        elif tag in _LEADS:
            self._inline_code += tag == "code"
            if self._leads and not self._lead_tag and not "".join(self._holders[-1]).strip(" \n☐☑"):
                self._lead_tag = tag

    def end(self, tag: str) -> None:
        if tag in _ENDS:
            _ENDS[tag](self)
        elif tag in _LEADS:
            self._inline_code -= tag == "code"
            if tag == self._lead_tag:
                self._lead_tag = ""
                if self._leads and not self._leads[-1]:
                    self._leads[-1] = _tidy(self._holders[-1]).strip("☐☑ ")
        if tag in _BREAKS:
            self._write("\n")

    def text(self, html: str) -> None:
        text = unescape(html)
        if self._pre is not None:
            self._pre.append(text)
        elif text:
            self._write(text.replace("\n", " "))

    def _write(self, text: str) -> None:
        self._all.append(text)
        if self._holders:
            self._holders[-1].append(text)
        else:
            self._prose.append(text)
            self._spoken.append(_PLACEHOLDER if self._inline_code and text.strip() else text)

    def _start_list(self) -> None:
        self._open.append([])

    def _end_list(self) -> None:
        if not self._open:
            return
        items = self._open.pop()
        if self._open:
            self._inner.extend(items)
        elif items:
            self._lists.append(tuple(items))

    def _start_item(self) -> None:
        self._holders.append([])
        self._leads.append("")

    def _end_item(self) -> None:
        if self._leads and self._open:
            self._open[-1].append(Item(_tidy(self._holders.pop()), self._leads.pop()))

    def _start_row(self) -> None:
        self._row = []

    def _end_row(self) -> None:
        self._columns = max(self._columns, len(self._row))
        if any(self._row):
            self._rows.append(tuple(self._row))

    def _start_cell(self) -> None:
        self._holders.append([])

    def _end_cell(self) -> None:
        if self._holders:
            self._row.append(_tidy(self._holders.pop()))

    def _start_head(self) -> None:
        self._before_head = len(self._rows)

    def _end_head(self) -> None:
        """A head is no answer."""
        del self._rows[self._before_head :]

    def _start_code(self) -> None:
        self._pre = []

    def _end_code(self) -> None:
        self._code.append("".join(self._pre or ()))
        self._pre = None


_STARTS = {
    "ul": _Reader._start_list,
    "ol": _Reader._start_list,
    "li": _Reader._start_item,
    "thead": _Reader._start_head,
    "tr": _Reader._start_row,
    "td": _Reader._start_cell,
    "th": _Reader._start_cell,
    "pre": _Reader._start_code,
}
_ENDS = {
    "ul": _Reader._end_list,
    "ol": _Reader._end_list,
    "li": _Reader._end_item,
    "tr": _Reader._end_row,
    "td": _Reader._end_cell,
    "th": _Reader._end_cell,
    "thead": _Reader._end_head,
    "pre": _Reader._end_code,
}


def _tidy(pieces: list[str]) -> str:
    """A text with single spaces and single breaks, a letter in place of each formula."""
    text = "".join(pieces)
    if not text.isascii():
        text = _NO_WIDTH.sub("", text)
    if "\\" in text:
        text = _MATH.sub(_PLACEHOLDER, text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join([line for line in lines if line])
