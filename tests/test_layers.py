"""The house's plan, held by reading the imports: which module may know what."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "primer_anki"
MODULES = {
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
}

WINGS = ("parser", "identity", "lint", "deck", "preview", "client")
LAYERS = (
    ("value",),
    ("diagnostic",),
    ("model",),
    (
        "files",
        "strict_yaml",
        "readable",
        "text",
        "fieldtext",
        "formats",
        "worddiff",
        "looked",
        "codec",
        "cache",
        "program",
        "workers",
        "clock",
    ),
    ("locks",),
    WINGS,
    ("sources", "packages"),
    ("manifest", "reading"),
    ("targets", "memo"),
    ("build",),
    ("report", "changes", "difftext", "lintreport", "verifytext", "init"),
    ("show",),
    ("watch",),
    ("cli",),
    ("__main__",),
)
"""From the ground up. A room may know those below it, and itself."""

HOMES = {
    "click": ("cli",),
    "yaml": ("strict_yaml",),
    "markdown_it": ("parser.markdown", "parser.dialects"),
    "mdit_py_plugins": ("parser.markdown",),
    "msgspec": ("codec", "value"),
    "nh3": ("parser.clean",),
    "pygments": ("parser.highlight",),
    "genanki": ("deck.package",),
    "rapidfuzz": ("identity",),
    "anki": ("client",),
    "watchfiles": ("watch",),
}
"""Each library and where it is known."""


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            base = node.module or ""
            submodules = [f"{base}.{name.name}" for name in node.names]
            yield from (name if name in MODULES else base for name in submodules)


def room(module: str) -> str:
    """The room of one of our modules: `primer_anki.deck.media` → `deck`."""
    return module.split(".")[1] if "." in module else ""


def layer(module: str) -> int:
    return next((level for level, rooms in enumerate(LAYERS) if room(module) in rooms), -1)


@pytest.mark.parametrize("module", [name for name in MODULES if room(name)])
def test_every_module_stands_on_a_layer(module: str) -> None:
    assert layer(module) >= 0, f"{room(module)} is in no layer of this test"


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way(module: str) -> None:
    ours = [name for name in imports(MODULES[module]) if room(name) and name in MODULES]
    wrong = [name for name in ours if room(name) != room(module) and layer(name) >= layer(module)]
    assert not wrong, f"{module} knows {wrong}"


@pytest.mark.parametrize("module", MODULES)
def test_each_library_has_one_home(module: str) -> None:
    inside = module.removeprefix("primer_anki").removeprefix(".")
    for name in {name.split(".")[0] for name in imports(MODULES[module])} - sys.stdlib_module_names - {"primer_anki"}:
        homes = HOMES.get(name, ())
        assert any(inside == home or inside.startswith(f"{home}.") for home in homes), f"{module} knows {name}"


def test_wings_do_not_know_each_other() -> None:
    levels = {layer(f"primer_anki.{wing}") for wing in WINGS}
    assert len(levels) == 1, "wings on one layer: then the test above holds it"
