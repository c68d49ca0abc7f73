"""What an extraction gives, as text that a diff shows well, and the files that hold what is expected.

A rule of the parser has changed? `PRIMER_ANKI_APPROVE=1 make test` rewrites every file of expected cards to what the
parser gives now; `git diff tests` is then the review. Cases marked as wanted stay as they are, and lose their mark once
the parser gives what they want.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from primer_anki.model import Cloze, Draft
from primer_anki.parser.extract import Extraction, Skipped

APPROVE = bool(os.environ.get("PRIMER_ANKI_APPROVE"))
"""Whether expected files are rewritten. Never where nobody looks at the diff."""
if APPROVE and os.environ.get("CI"):
    raise RuntimeError("PRIMER_ANKI_APPROVE rewrites what tests expect: not on a build server")

WANTED = "wanted: "
"""Before the name of a case whose expected cards are not what the parser gives yet."""


# -- files --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """A small document and its cards."""

    name: str
    source: str
    expected: str

    @property
    def wanted(self) -> bool:
        """Expected to fail. Once it passes, the test says so: then the mark goes."""
        return self.name.startswith(WANTED)


def cases(path: Path, give: Callable[[str], str]) -> list[Case]:
    """The cases of a fixture file: name, Markdown and expected text, each closed by a line with a single dot.

    `give` makes the text from the Markdown; it is used where expected texts are rewritten.
    """
    parts = path.read_text(encoding="utf-8").split("\n.\n")
    triples = zip(parts[0::3], parts[1::3], parts[2::3], strict=False)
    found = [Case(name.strip(), source + "\n", expected) for name, source, expected in triples]
    assert len({case.name for case in found}) == len(found), f"{path.name}: two cases have one name"
    if APPROVE:
        found = [_approved(case, give(case.source)) for case in found]
        path.write_text("\n".join(f"{c.name}\n.\n{c.source}.\n{c.expected}\n.\n" for c in found), encoding="utf-8")
    return found


def _approved(case: Case, given: str) -> Case:
    if not case.wanted:
        return replace(case, expected=given)
    return replace(case, name=case.name.removeprefix(WANTED)) if given == case.expected else case


def param(case: Case, group: str) -> ParameterSet:
    """A case as a pytest parameter, with its group and name as id."""
    marks = [pytest.mark.xfail(strict=True, reason="wanted, not so yet")] if case.wanted else []
    return pytest.param(case, id=f"{group}: {case.name}", marks=marks)


def hold(path: Path, text: str) -> str:
    """What a file of expected text holds; with APPROVE the text is written to it first."""
    if APPROVE:
        path.write_text(text + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").removesuffix("\n")


# -- extractions --------------------------------------------------------------------------------------------------


def dump(extraction: Extraction) -> str:
    """Cards in reading order, then what was skipped and why, then what is wrong."""
    lines = [line for draft in extraction.drafts for line in _draft(draft)] or ["no cards"]
    lines += [_skipped(skipped) for skipped in extraction.skipped]
    lines += [f"{problem.severity} {problem.location.line}: {problem.message}" for problem in extraction.diagnostics]
    return "\n".join(lines)


def headed(extraction: Extraction) -> str:
    """The same under the document's title, language and counts."""
    drafts = len(extraction.drafts)
    return f"{extraction.title} [{extraction.language}], {drafts} notes\n\n{dump(extraction)}"


def _draft(draft: Draft) -> Iterator[str]:
    yield f"{draft.place.line} {draft.pattern}"
    for label, value in (*_sides(draft.fields), *_common(draft)):
        if value:
            head, *rest = value.split("\n")
            yield f"  {label:<9} {head}"
            yield from (f"            {line}" if line else "" for line in rest)


def _sides(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for side in ("", "Advantages", "Disadvantages", "Choice"):
        yield "question", text_of(fields.get(f"{side} question".strip().capitalize(), ""))
        yield "answer", text_of(fields.get(side or "Answer", ""))
    yield "backwards", text_of(fields.get("Reverse question", ""))
    yield "answer", text_of(fields.get("Reverse answer", ""))


def _common(draft: Draft) -> Iterator[tuple[str, str]]:
    fields = draft.fields
    yield "title", text_of(fields.get("Title", ""))
    yield "cloze", text_of("".join(part if isinstance(part, str) else _cloze(part) for part in draft.text))
    yield "extra", text_of(fields.get("Extra", ""))
    yield "context", text_of(fields.get("Context", ""))
    yield "joins", draft.joins.partition("#")[2]
    yield "id", draft.id


def _cloze(cloze: Cloze) -> str:
    number = f"c{cloze.group}::" if cloze.group else ""
    hint = f"::{cloze.hint}" if cloze.hint else ""
    return f"{{{{{number}{cloze.html}{hint}}}}}"


def _skipped(skipped: Skipped) -> str:
    name = skipped.place.trail[-1] if skipped.place.trail else "before the first heading"
    return f"skipped {skipped.place.line} ({name}): {skipped.reason}"


# -- HTML ---------------------------------------------------------------------------------------------------------

_MARKS = {"strong": "**", "em": "*", "code": "`", "del": "~~", "mark": "=="}
_LINES = dict.fromkeys(("p", "blockquote", "table", "tr", "div", "br", "dt", "dd"), "\n")
_SILENT = dict.fromkeys(("thead", "tbody", "span"), "")
_OPENING = {**_MARKS, **_LINES, **_SILENT, "td": "| ", "th": "| "}
_CLOSING = {**_MARKS, **_LINES, **_SILENT, "td": " ", "th": " ", "li": ""}
_BLANK = re.compile(r"[ \t]+(?=\n)|\n(?=\n)")


def text_of(html: str) -> str:
    """The HTML of a field as text: marks, links and lists as in Markdown, a table's row a line, other tags as tags."""
    text = _Text()
    text.feed(html)
    text.close()
    return _BLANK.sub("", "".join(text.out)).strip()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.lists: list[int] = []
        """Of each open list the number of its next item; 0 where items have none."""
        self.target = ""
        self.fenced = False

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("pre", "code") and (tag == "pre" or self.fenced):
            self._fence(tag, values.get("class", ""))
        elif tag in ("ul", "ol"):
            self.lists.append(int(values.get("start", "1")) if tag == "ol" else 0)
        elif tag == "li":
            self._item()
        elif tag == "a":
            self.target = values.get("href", "")
            self.out.append("[")
        elif tag == "img":
            self.out.append(f"![{values.get('alt', '')}]({values.get('src', '')})")
        else:
            self.out.append(_OPENING.get(tag, f"<{tag}>"))

    def _item(self) -> None:
        number = self.lists[-1]
        if number:
            self.lists[-1] += 1
        self.out.append("\n" + "  " * (len(self.lists) - 1) + (f"{number}. " if number else "- "))

    def _fence(self, tag: str, kind: str) -> None:
        if tag == "pre":
            self.fenced = True
            self.out.append("\n```")
        else:
            self.out.append(kind.partition("language-")[2] + "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.fenced = False
            self.out.append("\n```\n")
        elif tag == "code" and self.fenced:
            return
        elif tag in ("ul", "ol"):
            self.lists.pop()
            self.out.append("\n")
        elif tag == "a":
            self.out.append(f"]({self.target})")
        else:
            self.out.append(_CLOSING.get(tag, f"</{tag}>"))
