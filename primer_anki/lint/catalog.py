"""The rules as text: all of them on a line each, or one explained."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from primer_anki.lint.rule import RULES, Rule

_WIDTH = 80


def table() -> Iterator[str]:
    """A line for each rule."""
    width = max(map(len, RULES))
    for rule in RULES.values():
        yield f"{rule.id:{width}}  {rule.severity:7}  {rule.flags}"


def explain(rule: Rule) -> str:
    """Everything about a rule."""
    parts = [f"{rule.id} ({rule.severity})\n{textwrap.fill(rule.flags, _WIDTH)}"]
    parts += [textwrap.fill(" ".join(paragraph.split()), _WIDTH) for paragraph in rule.why.split("\n\n")]
    parts += [textwrap.fill(f"What to do: {rule.hint}", _WIDTH)]
    if rule.before:
        parts.append(_example("The last build", rule.before))
    parts += [_example("Bad", rule.bad), _example("Good", rule.good)]
    if rule.limit:
        parts.append(f"In a manifest: limits: {{{rule.id}: {rule.limit:g}}}")
    parts.append(f"In Markdown, below a heading or before a block: <!-- primer: allow {rule.id} -->")
    return "\n\n".join(parts)


def _example(title: str, markdown: str) -> str:
    return f"{title}:\n\n{textwrap.indent(markdown.rstrip(), '    ')}"
