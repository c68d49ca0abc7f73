"""What the user names on the command line → a manifest; and where a deck may be written."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from primer_anki.diagnostic import Location, PrimerError
from primer_anki.files import real, shown
from primer_anki.manifest import Manifest, ledger_beside, load
from primer_anki.sources import MARKDOWN_SUFFIXES, TEXT_SUFFIX, find_in_folder, is_markdown

DECKS = Path("decks")
"""Where manifests are looked for when none is named."""


def manifests_here() -> tuple[Path, ...]:
    """Every manifest in `decks/`, by name. Raises PrimerError where there is none."""
    found = sorted(path for path in DECKS.glob("*") if _is_manifest(path))
    if not found:
        hint = "name a Markdown file, a folder or a manifest: primer-anki build notes.md"
        raise PrimerError("no manifest in decks/", hint=hint)
    return tuple(found)


def resolve(target: Path, output: Path | None = None) -> Manifest:
    """A manifest file, a Markdown file or a folder of Markdown → what to build.

    `output` wins over every other. A manifest's ledger stands beside the manifest wherever the output goes;
    a bare file's or folder's beside the output. Raises PrimerError.
    """
    if not target.exists():
        raise PrimerError("no such file or folder", Location(shown(target)))
    if _is_manifest(target):
        declared = load(target)
        return replace(declared, output=output) if output else declared
    return _folder(target, output) if target.is_dir() else _file(target, output)


def check_outputs(manifest: Manifest) -> None:
    """Refuse an output that cannot be written, or that Anki would take for a backup. Raises PrimerError."""
    refuse_output(manifest.output)
    if not os.access(real(manifest.ledger).parent, os.W_OK):
        raise PrimerError("the ledger's folder cannot be written", Location(shown(manifest.ledger)))


def refuse_output(path: Path) -> None:
    """The same for a path. Raises PrimerError."""
    problem = _output_problem(path)
    if problem:
        raise PrimerError(problem, Location(shown(path)))


def refuse_shared(manifests: tuple[Manifest, ...]) -> None:
    """Two decks must not share an id or name, nor overwrite each other's package or ledger. Raises PrimerError."""
    named = [manifest for manifest in manifests if manifest.id]
    for n, one in enumerate(named):
        for other in named[:n]:
            if one.id == other.id or one.name == other.name:
                what = f"`id` {one.id}" if one.id == other.id else f"`name` {one.name}"
                hint = "each deck needs an id and a name of its own"
                raise PrimerError(
                    f"{what} is that of {shown(other.origin)} too", Location(shown(one.origin)), hint=hint
                )
    seen: set[Path] = set()
    for one in manifests:
        for path in (one.output, one.ledger):
            target = real(path)
            if target in seen:
                raise PrimerError("two targets would write this file", Location(shown(path)))
            seen.add(target)


def _is_manifest(path: Path) -> bool:
    return path.suffix.lower() in (".yaml", ".yml") and not path.is_dir()


def _file(path: Path, output: Path | None) -> Manifest:
    if not is_markdown(path) and path.suffix.lower() != TEXT_SUFFIX:
        suffixes = ", ".join((*MARKDOWN_SUFFIXES, TEXT_SUFFIX))
        hint = f"its name should end in {suffixes}, or in .yaml for a manifest"
        raise PrimerError("this is no Markdown file", Location(shown(path)), hint=hint)
    output = output or path.with_suffix(".apkg")
    ledger = ledger_beside(output)
    return Manifest(origin=path, root=path.parent, sources=(path,), output=output, ledger=ledger)


def _folder(path: Path, output: Path | None) -> Manifest:
    sources = find_in_folder(path)
    if not sources:
        raise PrimerError("no Markdown file in this folder", Location(shown(path)))
    whole = path.resolve()
    # Beside the folder; but whoever names the folder in which he stands wants nothing outside it.
    beside = path if whole == Path.cwd() else path.parent
    output = output or beside / f"{whole.name}.apkg"
    ledger = ledger_beside(output)
    return Manifest(origin=path, root=path, sources=sources, output=output, ledger=ledger, name=_name(whole))


def _name(folder: Path) -> str:
    """The same under every locale; what is not UTF-8 is left out."""
    return os.fsencode(folder.name).decode("utf-8", "ignore")


def _output_problem(path: Path) -> str:
    name = path.name.casefold()
    if name.removesuffix(".apkg") == "collection" or name.startswith("backup-"):
        return "Anki would replace the whole collection by a file of this name: choose another"
    if path.is_dir():
        return "the output is a folder"
    if path.suffix.casefold() != ".apkg":
        return "the output must end in .apkg"
    if path.exists() and not path.is_file():
        return "the output is no ordinary file"
    if not path.parent.is_dir():
        return f"the output's folder does not exist: {shown(path.parent)}"
    folder = real(path).parent
    if not folder.is_dir():
        return f"the output is a link into a folder that does not exist: {shown(folder)}"
    if not os.access(folder, os.W_OK):
        return f"the output's folder cannot be written: {shown(path.parent)}"
    return ""
