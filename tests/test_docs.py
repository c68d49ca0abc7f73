"""The documentation is true: its examples give the cards that it shows, and it names every command and key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest

from primer_anki import __version__, cli
from primer_anki.build import gather
from primer_anki.lint import rules as _rules  # noqa: F401  (declares them)
from primer_anki.lint.rule import RULES
from primer_anki.manifest import KEYS
from primer_anki.parser.extract import FRONT_MATTER, PATTERNS, Extraction, Options, extract
from primer_anki.targets import resolve
from tests.conftest import ROOT, Run, Write
from tests.expected import APPROVE
from tests.guide import DOCS, Fence, between, fences

TOPICS = DOCS / "writing-topics.md"
REFERENCE = DOCS / "reference.md"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "README.md"]


# -- how to write a topic -----------------------------------------------------------------------------------------


def examples() -> list[tuple[Fence, Fence]]:
    """Every piece of Markdown, with the block that shows its cards."""
    found = fences(TOPICS.read_text(encoding="utf-8"))
    return [(one, other) for one, other in pairwise(found) if one.info == "markdown"]


def numbered() -> Iterator[object]:
    for number, (source, shown) in enumerate(examples()):
        yield pytest.param(number, source, shown, id=f"{source.heading} {number}")


@pytest.mark.parametrize(("number", "source", "shown"), list(numbered()))
def test_an_example_gives_the_cards_that_it_shows(
    number: int, source: Fence, shown: Fence, run: Run, write: Write
) -> None:
    assert shown.info == "text"
    given = run("cards", write("topic.md", source.text)).stdout.rstrip("\n") + "\n"
    if APPROVE:
        page = TOPICS.read_text(encoding="utf-8")
        now = examples()[number][1]
        TOPICS.write_text(page[: now.start] + given + page[now.end :], encoding="utf-8")
    else:
        assert given == shown.text


def test_an_example_is_clean(write: Write) -> None:
    for source, _ in examples():
        assert gather(resolve(write("topic.md", source.text)), lambda step: None).diagnostics == ()


def test_every_pattern_has_an_example() -> None:
    shown = {name for _, text in examples() for name in re.findall(r"^topic\.md:.*\[(\S+)\]$", text.text, re.MULTILINE)}
    assert shown == set(PATTERNS)


# -- the reference ------------------------------------------------------------------------------------------------


def command_section(name: str, command: click.Command) -> str:
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    usage = " ".join(["primer-anki", name, *(str(argument.metavar) for argument in arguments)])
    about = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    options = [param for param in command.params if isinstance(param, click.Option)]
    rows = [_row(option) for option in options]
    table = ["", "| Option | |", "|---|---|", *rows] if rows else []
    example = (command.epilog or "").removeprefix("Example: ")
    return "\n".join([f"### `{usage}`", "", about, *table, "", f"Example: `{example}`", ""])


def _row(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    return f"| {names}{_value(option)} | {_in_cell(option.help or '')} |"


def _value(option: click.Option) -> str:
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return " " + _in_cell(" ".join(f"`{choice}`" for choice in option.type.choices))
    return f" `{option.metavar or option.type.name.upper()}`"


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def commands() -> str:
    return "\n".join(command_section(name, command) for name, command in sorted(cli.main.commands.items()))


def manifest_keys() -> str:
    rows = (f"| `{key}` | {_in_cell(about)} |" for key, about in KEYS.items())
    return "\n".join(["| Key | |", "|---|---|", *rows, ""])


def rules() -> str:
    rows = (
        f"| `{rule.id}` | {rule.severity} | {_in_cell(rule.flags)} | {f'{rule.limit:g}' if rule.limit else ''} |"
        for rule in sorted(RULES.values(), key=lambda rule: rule.id)
    )
    return "\n".join(["| Rule | | It flags | Limit |", "|---|---|---|---|", *rows, ""])


@pytest.mark.parametrize(
    ("part", "true"), [("commands", commands()), ("manifest", manifest_keys()), ("rules", rules())]
)
def test_the_reference_says_what_the_program_says(part: str, true: str) -> None:
    """After a change to a command or key: `PRIMER_ANKI_APPROVE=1 pytest tests/test_docs.py`."""
    page = REFERENCE.read_text(encoding="utf-8")
    start, end = between(page, part)
    if APPROVE:
        REFERENCE.write_text(f"{page[:start]}\n{true}\n{page[end:]}", encoding="utf-8")
    else:
        assert page[start:end].strip() == true.strip()


def keys_below(heading: str) -> list[str]:
    """The first cells of the table in a section of the reference."""
    section = REFERENCE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def test_the_reference_names_every_key_of_the_front_matter() -> None:
    assert sorted(keys_below("Front matter")) == sorted(FRONT_MATTER)


def test_the_reference_names_every_exit_code() -> None:
    assert keys_below("Exit codes") == ["0", "1", "2"]


COMMENTS = keys_below("Comments")
UNDER_HEADING = "# Boats\n\n{}\n\n**Bow** - the front of a boat\n\n# End\n\n**Buoy** - a float that marks something\n"


def with_comment(comment: str) -> Extraction:
    filled = comment.replace("RULE", "long-answer").replace("LEVEL", "medium").replace("NAME", "sea")
    return extract(UNDER_HEADING.format(filled), "topic.md", Options())


@pytest.mark.parametrize("comment", [comment for comment in COMMENTS if "allow" not in comment])
def test_a_comment_changes_the_first_section(comment: str) -> None:
    (*before, last), (*after, last_now) = with_comment("").drafts, with_comment(comment).drafts
    assert before != after
    assert last == last_now


def test_allow_is_heard() -> None:
    (comment,) = (comment for comment in COMMENTS if "allow" in comment)
    (allow,) = with_comment(comment).page.allows
    assert (allow.rule, allow.first <= 5 <= allow.last < 9) == ("long-answer", True)


# -- all pages ----------------------------------------------------------------------------------------------------


def links() -> Iterator[object]:
    for page in PAGES:
        text = re.sub(r"^(`{3,}).*?^\1$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            yield pytest.param(page, target, id=f"{page.name}: {target}")


@pytest.mark.parametrize(("page", "target"), list(links()))
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    file, _, anchor = target.partition("#")
    path = page.parent / file if file else page
    assert path.exists()
    if anchor:
        headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_only_commands_and_options_that_are(page: Path) -> None:
    known = {option for command in cli.main.commands.values() for param in command.params for option in param.opts}
    known |= {"--help", "--version", "-h"}
    for line in re.findall(r"primer-anki +([a-z][^`\n]*)", page.read_text(encoding="utf-8")):
        words = re.split(r"\s*(?:#|&&|\||>|\. )", line)[0].split()
        assert words[0].rstrip(".,;:") in cli.main.commands, line
        for option in (word for word in words[1:] if re.fullmatch(r"-[a-z]|--[a-z-]+", word)):
            assert option in known, line


def test_the_change_log_speaks_of_this_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
