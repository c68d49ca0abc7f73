"""The engine: limits, choosing rules, passing or failing, numbers."""

from __future__ import annotations

import pytest

from primer_anki.diagnostic import Diagnostic, Location, PrimerError, Severity
from primer_anki.lint.engine import rule_named, select
from primer_anki.lint.stats import Lengths, lines, stats
from primer_anki.lint.verdict import fails
from tests.lint.judge import drafts_of, judge

ANSWER = "# N\n\n**Q: What is sent first?**\n\n**A:** one two three four five six\n"


def found(rule: str, severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic(Location("a.md", 1), severity, "message", rule)


@pytest.mark.parametrize(("limit", "severities"), [(6, []), (5, ["warning"]), (2, ["error"])])
def test_a_limit_of_the_manifest_counts(limit: float, severities: list[str]) -> None:
    assert [each.severity for each in judge(ANSWER, limits={"long-answer": limit})] == severities


def test_findings_come_by_line() -> None:
    markdown = (
        "# N\n\n**Q: Is A fast?**\n\n**A:** Yes\n\n**Q: Explain B**\n\n**A:** No\n\n**Q: Is C fast?**\n\n**A:** No\n"
    )
    assert [each.location.line for each in judge(markdown)] == [3, 7, 11]


def test_rules_are_chosen_and_ignored() -> None:
    all_three = (found("yes-no"), found("either-or"), found(""))
    assert [each.rule for each in select(all_three, (), ())] == ["yes-no", "either-or", ""]
    assert [each.rule for each in select(all_three, ("yes-no", "either-or"), ("either-or",))] == ["yes-no"]
    assert [each.rule for each in select(all_three, (), ("yes-no",))] == ["either-or", ""]


def test_an_unknown_rule_is_an_error_with_the_nearest_one() -> None:
    with pytest.raises(PrimerError) as error:
        rule_named("long-anser")
    assert str(error.value) == (
        "error: there is no rule `long-anser`\n    hint: did you mean `long-answer`? all rules: primer-anki rules"
    )


@pytest.mark.parametrize(
    ("diagnostics", "strict", "expected"),
    [
        ((), True, False),
        ((found("yes-no"),), False, False),
        ((found("yes-no"),), True, True),
        ((found("yes-no", Severity.ERROR),), False, True),
        ((found("long-answer"),), True, False),
        ((found("long-answer"), found("long-answer")), True, True),
        ((found("long-answer", Severity.ERROR),), True, True),
    ],
)
def test_passing(diagnostics: tuple[Diagnostic, ...], strict: bool, expected: bool) -> None:
    """Of ten cards one may have a long answer, even where warnings count."""
    assert fails(diagnostics, 10, strict=strict) == expected


def test_stats() -> None:
    items = "\n# M\n\n**Cache** - fast memory\n\nWhat a cache costs:\n\n- money for it\n- space\n"
    numbers = stats(*drafts_of(ANSWER + items))
    assert numbers.recalled == Lengths(median=3, p90=6, longest=6)
    assert numbers.whole == Lengths(median=4, p90=6, longest=6)
    assert dict(numbers.patterns) == {"question": 1, "definition": 1, "list": 1}
    assert numbers.topics == (("topic.md", 3),)
    assert "  longest piece           3      6      6" in lines(numbers)
