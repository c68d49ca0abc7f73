"""Rules that compare see only cards that may be alike; what they find is what they would find among all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from primer_anki.diagnostic import Diagnostic
from primer_anki.lint.card import deck
from primer_anki.lint.engine import check, look
from primer_anki.lint.rule import RULES
from primer_anki.model import Draft, Page
from primer_anki.value import replace
from tests.lint.judge import read

TESTS = Path(__file__).parent.parent
PAGES = sorted((*TESTS.glob("languages/*.md"), *TESTS.glob("documents/*.md"), *TESTS.glob("patterns/*.md")))
LIMITS: tuple[Mapping[str, float], ...] = ({}, {"near-twin": 0.3, "wide-table": 1})


def everything(twice: bool) -> tuple[list[Draft], list[Page]]:
    """All documents of the tests as one deck; `twice`: most with a neighbour in which little is different."""
    drafts: list[Draft] = []
    pages: list[Page] = []
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        name = f"{path.parent.name}/{path.name}"
        texts = {name: text}
        if twice and path.parent.name != "languages":
            texts[f"again/{name}"] = text.replace("the ", "this ").replace("What is", "WHAT  IS").replace("# ", "# On ")
        for each, content in texts.items():
            found = read(content, "", each)
            drafts.extend(found.drafts)
            pages.append(found.page)
    return drafts, pages


def among_all(drafts: list[Draft], pages: list[Page], limits: Mapping[str, float]) -> Iterator[Diagnostic]:
    """What every rule says when it is given the whole deck, rule after rule."""
    whole = deck(drafts, pages)
    for rule in RULES.values():
        limit = limits.get(rule.id, rule.limit)
        found = [*(rule.check(whole, limit) if rule.check else ())]
        found += [each for card in whole.cards for each in rule.look(card, limit)] if rule.look else []
        for each in found:
            yield Diagnostic(each.at, each.severity or rule.severity, each.message, rule.id, rule.hint)


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("twice", [False, True])
def test_nothing_is_missed_and_all_comes_in_order(twice: bool, limits: Mapping[str, float]) -> None:
    drafts, pages = everything(twice)
    pages = [replace(page, allows=()) for page in pages]
    expected = sorted(dict.fromkeys(among_all(drafts, pages, limits)), key=lambda each: (each.location, each.rule))
    assert check(drafts, pages, limits) == tuple(expected)
    if twice:
        seen = {"same-question", "near-twin", *({"wide-table"} if limits else ())}
        assert seen <= {each.rule for each in expected}


def test_a_card_is_seen_the_same_whatever_stands_beside_it() -> None:
    drafts, pages = everything(twice=False)
    of_page = {page.path: page for page in pages}
    alone = [look([draft], [of_page[draft.place.file]], {})[0] for draft in drafts[::7]]
    assert look(drafts, pages, {})[::7] == tuple(alone)
