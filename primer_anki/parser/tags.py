"""What each HTML element becomes, and how to read one tag."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from primer_anki.parser.document import SpanKind


def names(text: str) -> frozenset[str]:
    """Names written with spaces between."""
    return frozenset(text.split())


INLINE: dict[str, SpanKind] = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "cite": "em",
    "dfn": "em",
    "var": "em",
    "del": "del",
    "s": "del",
    "strike": "del",
    "u": "u",
    "ins": "u",
    "mark": "mark",
    "sup": "sup",
    "sub": "sub",
    "kbd": "kbd",
    "code": "code",
    "samp": "code",
    "tt": "code",
}
"""Elements that become spans; `a`, `br` and `img` are apart, since they need their attributes."""

DROPPED = names(
    "applet audio canvas form frame frameset iframe math noembed noframes noscript object script select style svg "
    "template textarea title video xmp"
)
"""Elements that go with everything inside them."""

VOID = names("area base br col embed hr img input link meta param source track wbr")
"""Elements without an end tag."""

_OTHER = names(
    "a abbr acronym address article aside bdi bdo big blink blockquote body button caption center colgroup data "
    "datalist dd details dialog dir div dl dt fieldset figcaption figure font footer h1 h2 h3 h4 h5 h6 head header "
    "hgroup html label legend li main map marquee menu meter nav nobr ol optgroup option output p picture pre progress "
    "q rp rt ruby search section slot small span summary table tbody td tfoot th thead time tr ul"
)
KNOWN = frozenset({*INLINE, *DROPPED, *VOID, *_OTHER})
"""Every element of HTML, old ones too. Any other `<name>` is text: `List<T>`."""

TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9-]*+)((?:[\s/](?:[^<>"']++|"[^"]*+"|'[^']*+')*+)?)>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")


class Tag(NamedTuple):
    """One tag as written."""

    name: str
    """In lower case."""
    is_end: bool
    source: str
    written: str
    """The name as written."""
    attributes: str

    @property
    def is_known(self) -> bool:
        return self.name in KNOWN

    @property
    def may_be_text(self) -> bool:
        """Whether the tag is text if it is never closed: the `S` and the `Object` in `Map<S, List<Object>>`."""
        return self.written != self.name and (len(self.written) == 1 or self.written != self.written.upper())

    def get(self, name: str) -> str:
        """An attribute's value, empty where there is none."""
        for match in _ATTRIBUTE.finditer(self.attributes):
            if match[1].lower() == name:
                return unescape(match[2] or match[3] or match[4] or "").strip()
        return ""


def read_tag(source: str) -> Tag | None:
    """The tag that is this text."""
    match = TAG.fullmatch(source)
    return tag_of(match) if match else None


def tag_of(match: re.Match[str]) -> Tag:
    slash, written, attributes = match.groups()
    return Tag(written.lower(), bool(slash), match.group(), written, attributes)
