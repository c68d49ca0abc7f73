"""Blocks and spans → the HTML of a field.

What comes out is built from a fixed set of elements with everything else escaped; `clean` lets exactly this set pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

from primer_anki.parser.document import Block, Span, Spans
from primer_anki.parser.highlight import highlighted
from primer_anki.parser.tags import names

_LINK_SCHEMES = ("http", "https", "mailto")
# Anki executes these wherever they stand in a field, in code and attributes too.
_EXECUTED = re.compile(r"\[(?=(?:sound:|anki:|/?latex\]|/?\$\$?\]))", re.IGNORECASE)
# MathJax looks for its delimiters in the decoded text of the page, so that an entity would not hide them. It never
# looks across the border of an element.
_MATHJAX = re.compile(r"\\(?=[(\[\])]|\Z)")
_CLOZE_MARK = re.compile(r"\{(?=\{c[0-9,]+::)")
_BARRIER = r"\\<span></span>"
_TEX = re.compile(r"(\\\(.*?\\\)|\\\[.*?\\\])", re.DOTALL)
_WRAPPED = names("strong em del mark sup sub kbd u")


def html_of(
    content: Sequence[Block] | Spans, *, link_base: str = "", footnotes: Mapping[str, Spans] | None = None
) -> str:
    """The HTML of blocks or spans.

    `link_base` is the address of the file itself: relative links and `#anchors` are joined to it, and are plain text
    without it. Footnotes stand in small parentheses where they are referred to.
    """
    renderer = _Renderer(link_base, footnotes or {})
    spans = [each for each in content if isinstance(each, Span)]
    blocks = [each for each in content if isinstance(each, Block)] if not spans else []
    return guard(renderer.blocks(blocks) if blocks else renderer.spans(spans))


def plain_html(words: str) -> str:
    """Plain text as HTML that shows it, whatever it holds."""
    return guard(_escape_text(words))


def guard(html: str) -> str:
    """The same HTML, with nothing in it that Anki would execute."""
    return _EXECUTED.sub("&#91;", html) if "[" in html else html


def cloze_safe(html: str) -> str:
    """HTML that can stand inside `{{c1::…}}`: no `::` splits off a hint, no `}}` closes it.

    TeX gets a space between the two characters instead, which means nothing there. Comes last, after `clean` or before.
    """
    pieces = _TEX.split(html)
    safe = [_split_marks(piece) if at % 2 else _escape_marks(piece) for at, piece in enumerate(pieces)]
    return "".join(safe)


def cloze_free(html: str) -> str:
    """HTML in which no `{{c1::` opens a cloze: in a cloze note Anki looks for them in every field."""
    return _CLOZE_MARK.sub("&#123;", html) if "{{c" in html else html


def _split_marks(tex: str) -> str:
    return re.sub(r"([:}])(?=\1)", r"\1 ", tex)


def _escape_marks(html: str) -> str:
    html = re.sub(r":(?=:)|(?<=:):|:\Z|\A:", "&#58;", html)
    return re.sub(r"}(?=})|(?<=})}|}\Z", "&#125;", html)


def _escape(text: str) -> str:
    """Text as HTML writes it; the non-breaking space by name, as `clean` gives it back."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\u00a0", "&nbsp;")


def _escape_text(text: str) -> str:
    text = _escape(text)
    return _MATHJAX.sub(_BARRIER, text) if "\\" in text else text


def _attribute(text: str) -> str:
    return _escape(text).replace('"', "&quot;")


class _Renderer:
    def __init__(self, link_base: str, footnotes: Mapping[str, Spans]) -> None:
        self._link_base = link_base
        self._footnotes = footnotes

    def spans(self, spans: Iterable[Span]) -> str:
        return "".join([self._span(span) for span in spans])

    def _span(self, span: Span) -> str:
        kind = span.kind
        if kind == "text":
            return _escape_text(span.text)
        if kind in _WRAPPED:
            return f"<{kind}>{self._inside(span)}</{kind}>"
        return _SPANS[kind](self, span)

    def _inside(self, span: Span) -> str:
        return self.spans(span.children) if span.children else _escape_text(span.text)

    def _code(self, span: Span) -> str:
        return f"<code>{_escape(span.text)}</code>"

    def _math(self, span: Span) -> str:
        return rf"\({_escape(span.text)}\)"

    def _math_block(self, span: Span) -> str:
        return rf"\[{_escape(span.text)}\]"

    def _break(self, span: Span) -> str:
        return "<br>"

    def _image(self, span: Span) -> str:
        if not _is_image(span.target):
            return _escape_text(span.text)
        return f'<img src="{_attribute(span.target)}" alt="{_attribute(span.text)}">'

    def _link(self, span: Span) -> str:
        address = _address(span.target, self._link_base)
        inside = self._inside(span)
        return f'<a href="{_attribute(address)}">{inside}</a>' if address else inside

    def _footnote(self, span: Span) -> str:
        note = self._footnotes.get(span.target)
        if not note:
            return ""
        # A note's own notes are left out: it may refer to itself.
        return f" <small>({_Renderer(self._link_base, {}).spans(note)})</small>"

    def blocks(self, blocks: Sequence[Block]) -> str:
        """Blocks one after the other; a lone paragraph needs no element of its own."""
        is_lone = sum(block.kind == "paragraph" for block in blocks) == 1 and blocks[0].kind == "paragraph"
        if is_lone and (len(blocks) == 1 or all(block.kind == "list" for block in blocks[1:])):
            return self.spans(blocks[0].spans) + "".join([self._block(block) for block in blocks[1:]])
        return "".join([self._block(block) for block in blocks])

    def _block(self, block: Block) -> str:
        render = _BLOCKS.get(block.kind)
        return render(self, block) if render else ""

    def _paragraph(self, block: Block) -> str:
        return f"<p>{self.spans(block.spans)}</p>"

    def _heading(self, block: Block) -> str:
        return f"<p>{self._strong(block.spans)}</p>"

    def _strong(self, spans: Spans) -> str:
        inside = self.spans(spans)
        return inside if all(span.kind == "strong" for span in spans) else f"<strong>{inside}</strong>"

    def _code_block(self, block: Block) -> str:
        inside = highlighted(block.text, block.info) if block.info else ""
        language = f" language-{_attribute(block.info)}" if block.info else ""
        code = f'<code class="highlight{language}">{inside or _escape(block.text)}</code>'
        return f'<pre class="code">{code}</pre>'

    def _math_display(self, block: Block) -> str:
        return rf'<div class="math-block">\[{_escape(block.text)}\]</div>'

    def _list(self, block: Block) -> str:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = "".join([f"<li>{_CHECKS[item.checked]}{self.blocks(item.children)}</li>" for item in block.children])
        return f"<{tag}{start}>{items}</{tag}>"

    def _quote(self, block: Block) -> str:
        return f"<blockquote>{self.blocks(block.children)}</blockquote>"

    def _details(self, block: Block) -> str:
        summary = f"<p>{self._strong(block.spans)}</p>" if block.spans else ""
        return summary + "".join([self._block(child) for child in block.children])

    def _terms(self, block: Block) -> str:
        children = [
            f"<dt>{self.spans(child.spans)}</dt>" if child.kind == "term" else f"<dd>{self.blocks(child.children)}</dd>"
            for child in block.children
        ]
        return f"<dl>{''.join(children)}</dl>"

    def _table(self, block: Block) -> str:
        head, *body = block.rows
        head_html = f"<thead>{self._row(head, 'th')}</thead>" if any(head) else ""
        rows = "".join([self._row(row, "td") for row in body])
        body_html = f"<tbody>{rows}</tbody>" if rows else ""
        return f'<div class="table"><table>{head_html}{body_html}</table></div>'

    def _row(self, cells: Iterable[Spans], tag: str) -> str:
        return f"<tr>{''.join([f'<{tag}>{self.spans(cell)}</{tag}>' for cell in cells])}</tr>"


_CHECKS = {None: "", False: "☐ ", True: "☑ "}
_SPANS: dict[str, Callable[[_Renderer, Span], str]] = {
    "code": _Renderer._code,
    "math": _Renderer._math,
    "math_block": _Renderer._math_block,
    "link": _Renderer._link,
    "image": _Renderer._image,
    "break": _Renderer._break,
    "footnote": _Renderer._footnote,
}
# Without rules and comments: a line across a card would read as the line above the answer.
_BLOCKS: dict[str, Callable[[_Renderer, Block], str]] = {
    "heading": _Renderer._heading,
    "paragraph": _Renderer._paragraph,
    "code": _Renderer._code_block,
    "math": _Renderer._math_display,
    "list": _Renderer._list,
    "item": _Renderer._quote,
    "quote": _Renderer._quote,
    "table": _Renderer._table,
    "details": _Renderer._details,
    "terms": _Renderer._terms,
}


def _address(target: str, base: str) -> str:
    """Where a link leads, absolute; empty where it leads nowhere from a card."""
    try:
        address = urljoin(base, target.strip()) if base else target.strip()
        scheme = urlsplit(address).scheme
    except ValueError:
        return ""
    return address if scheme in _LINK_SCHEMES else ""


def _is_image(source: str) -> bool:
    try:
        return urlsplit(source.strip()).scheme in ("", "http", "https") and bool(source.strip())
    except ValueError:
        return False
