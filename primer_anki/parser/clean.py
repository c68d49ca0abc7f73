"""The last gate: HTML that may stand on a card. The only module that knows nh3."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3

from primer_anki.parser.render import guard
from primer_anki.parser.tags import names

_TAGS = names(
    "a blockquote br code dd del div dl dt em img kbd li mark ol p pre small span strong sub sup table tbody td th "
    "thead tr u ul"
)
_CLASSED = ("code", "div", "pre", "span")
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, **{tag: {"class"} for tag in _CLASSED}}
_SCHEMES = ("http", "https", "mailto")
_SCHEME = re.compile(r"([^/?#:]*):")
_CLASS = re.compile(r"code|table|math-block|highlight(?: language-[\w+#.-]+)?|[a-z][a-z0-9]{0,2}")
# The numeric entities hide text from Anki, and nh3 would decode them; `&lt;` in an attribute comes out of it as its
# version likes. So they pass it as characters that Unicode keeps unused.
_HIDDEN = {"&#91;": "\ufdd0", "&#58;": "\ufdd1", "&#125;": "\ufdd2", "&lt;": "\ufdd3", "&gt;": "\ufdd4"}
_ENTITIES = {char: entity for entity, char in _HIDDEN.items()}
_ENTITY = re.compile("|".join(_HIDDEN))
# A browser drops the first newline in `<pre>`; nh3 keeps a second one, which would then be the first.
_PRE = re.compile(r"(<pre[^>]*>)\n+")
_PASSES = 5
"""What `render` writes takes one; more are for HTML of other makers."""
_RESERVED = re.compile(f"[{''.join(_ENTITIES)}]")


def clean(html: str) -> str:
    """The HTML without anything but what `render` writes: no script, no handler, no style, no foreign link.

    What `render` wrote comes back unchanged, escapes included; cleaning twice changes nothing more.
    """
    if not any(sign in html for sign in "<>&["):
        return guard(html)
    if not html.isascii():
        html = _RESERVED.sub("", html)
    if "&" in html:
        html = _ENTITY.sub(lambda entity: _HIDDEN[entity.group()], html)
    # Tags that are not where they belong move, and where they have gone others may not stand: `<li><details><li>`.
    for _ in range(_PASSES):
        before, html = html, _CLEANER.clean(html)
        if html == before:
            break
    if "<pre" in html:
        html = _PRE.sub(r"\1", html)
    return guard(html if html.isascii() else _RESERVED.sub(lambda char: _ENTITIES[char.group()], html))


@lru_cache(maxsize=1024)
def _filtered(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return value if _CLASS.fullmatch(value) else None
    if name in ("href", "src"):
        # nh3 cannot see the colon of `javascript&#58;`, which is hidden from it.
        scheme = _SCHEME.match(value.replace(_HIDDEN["&#58;"], ":"))
        return None if scheme and scheme[1].lower() not in _SCHEMES else value
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_filtered, url_schemes=set(_SCHEMES), link_rel=None
)
