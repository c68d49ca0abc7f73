"""Code → HTML with Pygments' short classes. The only module that knows pygments."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

MAX_LENGTH = 20_000
"""Characters of code; longer code stays without colours."""


def highlighted(text: str, language: str) -> str:
    """The code as spans, escaped; empty where the language is unknown or the code too long."""
    lexer = _lexer(language) if len(text) <= MAX_LENGTH else None
    if lexer is None:
        return ""
    from pygments import highlight

    html = highlight(text, lexer, _formatter())
    # Pygments ends with a newline of its own, and escapes quotes, which `clean` would give back plain.
    html = html.removesuffix("\n").replace("&quot;", '"').replace("&#39;", "'")
    return html.replace("\u00a0", "&nbsp;")


@cache
def _formatter() -> HtmlFormatter[str]:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name  # slow to import, and many decks hold no code
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
