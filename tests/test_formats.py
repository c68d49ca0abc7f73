"""Diagnostics as text, GitHub annotations, JSON and SARIF."""

from __future__ import annotations

import json

from primer_anki.diagnostic import Diagnostic, Location, Severity
from primer_anki.formats import FORMATS, coloured

FOUND = (
    Diagnostic(Location("a,b.md", 3, 5), Severity.ERROR, "100 % wrong:\nhere", "yes-no", "ask why"),
    Diagnostic(Location("c.md"), Severity.WARNING, "the file is empty"),
)
RULES = {"yes-no": "A question that takes yes or no."}


def test_text() -> None:
    assert FORMATS["text"](FOUND, RULES) == (
        "a,b.md:3:5: error: 100 % wrong:\nhere [yes-no]\n    hint: ask why\nc.md: warning: the file is empty\n"
    )


def test_colours_change_nothing_but_colours() -> None:
    written = coloured(FOUND, RULES)
    for code in ("\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[33m"):
        assert code in written
        written = written.replace(code, "")
    assert written == FORMATS["text"](FOUND, RULES)


def test_github() -> None:
    assert FORMATS["github"](FOUND, RULES) == (
        "::error file=a%2Cb.md,line=3,col=5,title=yes-no::100 %25 wrong:%0Ahere (ask why)\n"
        "::warning file=c.md::the file is empty\n"
    )


def test_json() -> None:
    assert json.loads(FORMATS["json"](FOUND, RULES))[0] == {
        "file": "a,b.md",
        "line": 3,
        "column": 5,
        "severity": "error",
        "rule": "yes-no",
        "message": "100 % wrong:\nhere",
        "hint": "ask why",
    }


def test_sarif() -> None:
    [run] = json.loads(FORMATS["sarif"](FOUND, RULES))["runs"]
    assert run["tool"]["driver"]["rules"] == [{"id": "yes-no", "shortDescription": {"text": RULES["yes-no"]}}]
    first, second = run["results"]
    assert (first["ruleId"], first["level"]) == ("yes-no", "error")
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 5}
    assert "region" not in second["locations"][0]["physicalLocation"]
    assert "ruleId" not in second


def test_nothing_found() -> None:
    assert [FORMATS[name]((), RULES) for name in ("text", "github")] == ["", ""]
    assert json.loads(FORMATS["json"]((), RULES)) == []
