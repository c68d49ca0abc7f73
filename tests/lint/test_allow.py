"""`<!-- primer: allow RULE -->`: what it covers, and when it is of no use."""

from __future__ import annotations

import pytest

from tests.lint.judge import judge, rules

YES = "**Q: Is {} fast?**\n\n**A:** Yes\n"
ALLOW = "<!-- primer: allow yes-no -->"

COVERED = {
    "the block that follows": f"# N\n\nText.\n\n{ALLOW}\n{YES}",
    "the block that follows, after a blank line": f"# N\n\nText.\n\n{ALLOW}\n\n{YES}",
    "its section, below the heading": f"# N\n\n{ALLOW}\n\nText.\n\n{YES}",
    "the sections below": f"# N\n\n{ALLOW}\n\n## Part\n\nText.\n\n{YES}",
    "the item that holds it": f"# N\n\n- **Is UDP fast?**\n  {ALLOW}\n  - Yes\n",
    "the item on whose line it stands": f"# N\n\n- **Is UDP fast?** {ALLOW}\n  - Yes\n",
    "the list that follows": f"# N\n\nText.\n\n{ALLOW}\n- **Is UDP fast?**\n  - Yes\n- **Is TCP fast?**\n  - No\n",
    "several rules at once": f"# N\n\nText.\n\n<!-- primer: allow two-answers, yes-no -->\n{YES}",
}


@pytest.mark.parametrize("markdown", COVERED.values(), ids=COVERED)
def test_covered(markdown: str) -> None:
    assert "yes-no" not in rules(markdown.replace("{}", "UDP"))


def test_the_list_behind_a_lead_in_is_covered() -> None:
    items = "".join(f"- {letter}\n" for letter in "abcdef")
    markdown = f"# N\n\nText.\n\n<!-- primer: allow list-on-back -->\nA network needs all of:\n\n{items}"
    assert rules(markdown) == []


@pytest.mark.parametrize(
    "markdown",
    [
        f"# N\n\nText.\n\n{YES.format('UDP')}\n{ALLOW}\n\nText.\n",
        f"# N\n\nText.\n\n{ALLOW}\n**Q: What is UDP?**\n\n**A:** A transport\n\n{YES.format('UDP')}",
        f"# N\n\n## One\n\n{ALLOW}\n\n**Q: What is UDP?**\n\n**A:** A transport\n\n## Two\n\n{YES.format('UDP')}",
    ],
    ids=["what stands before it", "the block after the next", "the next section"],
)
def test_not_covered(markdown: str) -> None:
    assert sorted(rules(markdown)) == ["unused-allow", "yes-no"]


def test_only_the_rules_it_names() -> None:
    assert rules(f"# N\n\nText.\n\n<!-- primer: allow either-or -->\n{YES.format('UDP')}") == ["unused-allow", "yes-no"]


def test_a_misspelt_rule_is_named_with_the_nearest_one() -> None:
    [_, found] = judge(f"# N\n\n<!-- primer: allow yes-or-no -->\n\n{YES.format('UDP')}")[::-1]
    assert (found.location.line, found.message) == (3, "there is no rule `yes-or-no`")
    assert found.hint == "did you mean `yes-no`? all rules: primer-anki rules"


def test_what_other_steps_report_can_be_silenced() -> None:
    asked = "**Q: Which server is it?**\n\n![Two servers](nowhere.svg)\n\n**A:** The left one\n"
    assert rules(f"# N\n\n{asked}") == ["missing-image"]
    assert rules(f"# N\n\n<!-- primer: allow missing-image -->\n\n{asked}") == []
