"""Every rule's own examples: the bad one is flagged by that rule alone, the good one by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from primer_anki.deck.media import SIZE_LIMIT
from primer_anki.lint.engine import check
from primer_anki.lint.rule import RULES, Rule
from primer_anki.value import replace
from tests.lint.judge import PICTURE, drafts_of, judge

NOT_IN_MARKDOWN = ("missing-source",)
"""No Markdown makes such a note: every pattern fills the field."""
BY_THE_BUILD = ("emptied-card",)
"""`build` itself reports it; see its tests."""

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "servers.svg").write_bytes(PICTURE)
    (tmp_path / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(SIZE_LIMIT))
    return tmp_path


@pytest.mark.parametrize(
    "rule", [r for r in RULES.values() if r.id not in (*NOT_IN_MARKDOWN, *BY_THE_BUILD)], ids=lambda rule: rule.id
)
def test_the_bad_example_is_flagged_by_its_rule_alone(rule: Rule, root: Path) -> None:
    assert {each.rule for each in judge(rule.bad, before=rule.before, root=root)} == {rule.id}


@every_rule
def test_the_good_example_is_flagged_by_no_rule(rule: Rule, root: Path) -> None:
    assert not judge(rule.good, before=rule.before, root=root)


@every_rule
def test_a_rule_explains_itself(rule: Rule) -> None:
    assert rule.flags.endswith(".")
    assert "\n" not in rule.flags
    assert rule.why
    assert rule.hint
    assert rule.bad != rule.good


def test_a_note_without_its_source_is_flagged() -> None:
    drafts, pages = drafts_of(RULES["missing-source"].bad)
    bare = [replace(draft, fields={**draft.fields, "Source": ""}) for draft in drafts]
    assert [each.rule for each in check(bare, pages, {})] == ["missing-source"]
