"""`primer-anki lint` and `primer-anki rules`: options, output, exit codes; and what `build` says of bad cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from primer_anki.lint.rule import RULES
from tests.conftest import TOPIC, Run, Write

GOOD = TOPIC
WARNED = TOPIC + "\n**Q: Is a cache fast?**\n\n**A:** Yes, it stands near its reader\n"
WRONG = TOPIC + "\n**Q: Is a cache fast?**\n\n**A:** Yes\n"
LONG = TOPIC + f"\n**Q: What is kept?**\n\n**A:** {'word ' * 30}\n"
MANY = "".join(f"\n**Q: What is at place {n}?**\n\n**A:** Thing number {n}\n" for n in range(10))


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (GOOD, (), 0),
        (GOOD, ("--strict",), 0),
        (WARNED, (), 0),
        (WARNED, ("--strict",), 1),
        (WARNED, ("--strict", "--ignore", "yes-no"), 0),
        (WRONG, (), 1),
        (WRONG, ("--ignore", "yes-no,either-or"), 0),
        (WRONG, ("--select", "long-answer"), 0),
        (LONG, ("--strict",), 1),
        (LONG + MANY, ("--strict",), 0),
    ],
)
def test_exit_code(text: str, options: tuple[str, ...], code: int, run: Run, write: Write) -> None:
    assert run("lint", write("a.md", text), *options).exit_code == code


def test_findings_are_results_and_the_last_line_is_not(run: Run, write: Write) -> None:
    done = run("lint", write("notes/a.md", WRONG))
    assert done.stdout == (
        "notes/a.md:7:1: error: the answer is only yes or no [yes-no]\n"
        "    hint: ask for the reason, the condition or the name instead\n"
    )
    assert done.stderr == "notes/a.md: 1 error in 3 questions\n"


def test_nothing_is_written(run: Run, write: Write) -> None:
    path = write("a.md", WRONG)
    run("lint", path)
    assert list(Path().iterdir()) == [path]


@pytest.mark.parametrize("style", ["json", "sarif"])
def test_other_programs_can_read_it(style: str, run: Run, write: Write) -> None:
    done = run("lint", write("a.md", WRONG), "--format", style, "--stats")
    assert "yes-no" in json.dumps(json.loads(done.stdout))
    assert "words on the back" in done.stderr


def test_annotations(run: Run, write: Write) -> None:
    done = run("lint", write("a.md", WRONG), "--format", "github")
    assert done.stdout.startswith("::error file=a.md,line=7,col=1,title=yes-no::the answer is only yes or no")


def test_stats(run: Run, write: Write) -> None:
    done = run("lint", write("a.md", GOOD), "--stats")
    assert "    longest piece           5      7      7\n" in done.stdout
    assert "      2  definition\n" in done.stdout
    assert "      2  a.md\n" in done.stdout


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule(option: str, run: Run, write: Write) -> None:
    done = run("lint", write("a.md", GOOD), option, "yes-no,long-anser")
    assert done.exit_code == 2
    assert "did you mean `long-answer`?" in done.stderr


def test_limits_of_the_manifest(run: Run, write: Write, manifest: Callable[..., Path]) -> None:
    write("content/a.md", GOOD)
    done = run("lint", manifest("limits: {long-answer: 3}"))
    assert done.stdout.startswith("content/a.md:3:1: warning: the answer has 5 words, limit 3 [long-answer]\n")


def test_a_limit_for_no_rule(run: Run, write: Write, manifest: Callable[..., Path]) -> None:
    write("content/a.md", GOOD)
    done = run("lint", manifest("limits: {long-anser: 3}"))
    assert done.exit_code == 2
    assert "x.yaml:5: error: unknown rule with a limit `long-anser`" in done.stderr
    assert "did you mean `long-answer`?" in done.stderr


def test_every_deck_is_reported(run: Run, write: Write) -> None:
    done = run("lint", write("a.md", WRONG), write("b.md", GOOD))
    assert done.exit_code == 1
    assert done.stderr == "a.md: 1 error in 3 questions\nb.md: nothing found in 2 questions\n"


def test_a_build_warns_and_builds(run: Run, write: Write) -> None:
    done = run("build", write("a.md", WRONG))
    assert done.exit_code == 0
    assert "the answer is only yes or no [yes-no]" in done.stderr
    assert "problems      1  1 error" in done.stdout


def test_a_strict_build_may_hold_a_tenth_of_long_answers(run: Run, write: Write) -> None:
    assert run("build", write("a.md", LONG), "--strict").exit_code == 1
    assert run("build", write("a.md", LONG + MANY), "--strict").exit_code == 0


def test_all_rules_are_listed(run: Run) -> None:
    lines = run("rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(RULES)
    assert "long-answer         warning  An answer of more than 25 words; an error from twice that on." in lines


def test_a_rule_is_explained(run: Run) -> None:
    text = " ".join(run("rules", "list-on-back").stdout.split())
    for part in (RULES["list-on-back"].hint, "Bad:", "Good:", "- Cache-Control", "limits: {list-on-back: 5}"):
        assert part in text
    assert "<!-- primer: allow list-on-back -->" in text


def test_an_unknown_rule_is_not_explained(run: Run) -> None:
    done = run("rules", "list-on-front")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean `list-on-back`?" in done.stderr
