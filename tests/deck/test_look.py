"""Cards in a real browser: what a learner can see of them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from primer_anki.deck.notetypes import NOTE_TYPES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
]

PROBE = """<script>
const seen = [...document.querySelectorAll("li")].filter(item => item.offsetHeight).map(item => item.textContent);
const style = getComputedStyle(document.body);
const wide = document.documentElement.scrollWidth > innerWidth;
const probe = {seen, page: style.backgroundColor, wide};
document.documentElement.innerHTML = "<body><pre id=probe></pre>";
document.getElementById("probe").textContent = JSON.stringify(probe);
</script>"""
CLIENT = "body { margin: 20px } body.nightMode { background-color: #2c2c2c; color: #fcfcfc }"
"""What Anki's own style sheet says before ours."""


def look(folder: Path, content: str, night: bool = False) -> dict[str, object]:
    """What a browser makes of a card: its visible list items, its colours, and whether it scrolls sideways."""
    page = folder / "card.html"
    body = f'<body class="card{" nightMode night_mode" if night else ""}">'
    page.write_text(
        f"<!doctype html><meta charset=utf-8><style>{CLIENT}</style>{body}<style>{NOTE_TYPES['cloze'].css}</style>"
        f"{content}{PROBE}",
        encoding="utf-8",
    )
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=390,700", f"--user-data-dir={folder}"]
    assert CHROMIUM is not None
    dumped = subprocess.run(
        [CHROMIUM, *options, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=True, timeout=60
    )
    found = re.search(r'<pre id="probe">(.*?)</pre>', dumped.stdout, re.DOTALL)
    assert found is not None
    result: dict[str, object] = json.loads(unescape(found[1]))
    return result


def steps(side: str, asked: str) -> str:
    """A card of four steps as Anki renders it: the asked step is `.cloze`, the others are `.cloze-inactive`."""
    items = "".join(
        f'<li><p><span class="{"cloze" if step == asked else "cloze-inactive"}">{step}</span></p></li>'
        for step in "abcd"
    )
    template = NOTE_TYPES["cloze"].templates[0]
    shown = (template.front if side == "front" else template.back).replace("{{cloze:Text}}", f"<ol>{items}</ol>")
    return re.sub(r"\{\{.*?\}\}", "", shown.replace("{{Kind}}", "steps"))


@pytest.mark.parametrize(
    ("side", "asked", "seen"),
    [("front", "a", "a"), ("front", "b", "ab"), ("front", "d", "abcd"), ("back", "b", "abcd")],
)
def test_later_steps_are_hidden_until_the_answer(tmp_path: Path, side: str, asked: str, seen: str) -> None:
    assert look(tmp_path, steps(side, asked))["seen"] == list(seen)


@pytest.mark.parametrize(("night", "page"), [(False, "rgb(252, 252, 250)"), (True, "rgb(32, 35, 40)")])
def test_our_colours_win_over_the_clients(tmp_path: Path, night: bool, page: str) -> None:
    assert look(tmp_path, "x", night)["page"] == page


WIDE = "x" * 300


@pytest.mark.parametrize(
    "content",
    [
        f'<div class="pa-answer"><pre class="code"><code class="highlight">{WIDE}</code></pre></div>',
        f'<div class="pa-extra"><div class="table"><table><tr><td>{WIDE}</td></tr></table></div></div>',
        f'<div class="pa-answer"><p>{WIDE} <code>{WIDE}</code></p></div>',
        '<div class="pa-answer"><div class="math-block"><div style="width: 3000px">x</div></div></div>',
        f'<div class="pa-question">{WIDE}</div><div class="pa-source"><a href="#">{WIDE}</a></div>',
    ],
    ids=["code", "table", "text", "formula", "question"],
)
def test_nothing_makes_the_whole_card_scroll_sideways(tmp_path: Path, content: str) -> None:
    assert look(tmp_path, content)["wide"] is False
