"""The command line: options in, text and exit codes out.

Results go to stdout, steps and problems to stderr. Exit code 0: done; 2: wrong usage or unreadable input, and
nothing is written. Everything heavy is imported by the command that needs it, so that `--help` is quick.
"""

from __future__ import annotations

import functools
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from primer_anki import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from primer_anki.build import Outcome, Say
    from primer_anki.identity.identify import Clock
    from primer_anki.manifest import Manifest

Command = TypeVar("Command", bound=Callable[..., None])

_WRONG_INPUT = 2
_PATIENCE = 3.0
"""Seconds to wait for the clock to pass the last build."""


class _Path(click.Path):
    """A path that click completes but does not look at: whoever reads it tells what is wrong with it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pathlib import Path

        return Path(value)


@click.group(
    epilog="Example: primer-anki build notes.md",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="primer-anki")
def main() -> None:
    """Turn Markdown topics into Anki decks whose notes keep their identity from build to build.

    A TARGET is a manifest (decks/x.yaml), a Markdown file, or a folder of Markdown. Without TARGET: every
    manifest in decks/.
    """


def _command(*, example: str) -> Callable[[Command], click.Command]:
    """A command on targets: its shared argument, its example, and PrimerError as one line and exit code 2."""

    def decorate(function: Command) -> click.Command:
        @functools.wraps(function)
        def run(*args: Any, **options: Any) -> None:
            from primer_anki.diagnostic import PrimerError

            try:
                function(*args, **options)
            except PrimerError as error:
                click.echo(str(error), err=True)
                sys.exit(_WRONG_INPUT)

        targets = click.argument("targets", nargs=-1, metavar="[TARGET]...", type=_Path())
        return main.command(epilog=f"Example: {example}")(targets(run))

    return decorate


@_command(example="primer-anki build notes.md -o notes.apkg")
@click.option(
    "-o",
    "--output",
    type=_Path(),
    metavar="OUT.apkg",
    help="Where the deck goes; for one TARGET. Default: beside it.",
)
def build(targets: tuple[Path, ...], output: Path | None) -> None:
    """Build the deck of each TARGET."""
    from primer_anki import report

    for outcome in _build(_manifests(targets, output)):
        for line in report.worst(outcome.diagnostics):
            click.echo(line, err=True)
        click.echo(report.summary(outcome))


def _build(manifests: tuple[Manifest, ...]) -> tuple[Outcome, ...]:
    """Build; a deck that was built in this very second waits for the next. Raises PrimerError."""
    from primer_anki.build import build
    from primer_anki.identity.identify import TooSoonError

    while True:
        try:
            with _progress() as say:
                return build(manifests, _clock(), say)
        except TooSoonError as error:
            ahead = error.earliest - time.time()
            if ahead > _PATIENCE:
                raise
            time.sleep(max(ahead, 0))


@_command(example="primer-anki cards notes.md | less")
@click.option("--json", "as_json", is_flag=True, help="As JSON: a list of objects.")
@click.option("--skipped", is_flag=True, help="The sections that give no card instead, and why.")
def cards(targets: tuple[Path, ...], as_json: bool, skipped: bool) -> None:
    """Show the cards that a build would make; nothing is written."""
    manifests = _manifests(targets)
    if skipped:
        _show_skipped(manifests, as_json)
    else:
        _show_cards(manifests, as_json)


def _show_cards(manifests: tuple[Manifest, ...], as_json: bool) -> None:
    from primer_anki import report
    from primer_anki.build import plan

    with _progress() as say:
        outcomes = plan(manifests, _clock(), say)
    if as_json:
        _print_json([report.card_json(card, outcome) for outcome in outcomes for card in report.cards(outcome)])
        return
    for outcome in outcomes:
        for card in report.cards(outcome):
            click.echo(report.card_text(card, outcome.manifest))


def _show_skipped(manifests: tuple[Manifest, ...], as_json: bool) -> None:
    from primer_anki import report
    from primer_anki.build import gather

    with _progress() as say:
        gathered = [gather(manifest, say) for manifest in manifests]
    if as_json:
        _print_json([report.skipped_json(skipped) for one in gathered for skipped in one.skipped])
        return
    for one in gathered:
        for skipped in one.skipped:
            click.echo(report.skipped_text(skipped, one.manifest))


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _manifests(targets: tuple[Path, ...], output: Path | None = None) -> tuple[Manifest, ...]:
    """All targets are read before the first one is built. Raises PrimerError."""
    from primer_anki.targets import manifests_here, refuse_shared, resolve

    targets = targets or manifests_here()
    if output and len(targets) > 1:
        raise click.UsageError(f"-o names one file, but there are {len(targets)} targets")
    manifests = tuple(resolve(target, output) for target in targets)
    refuse_shared(manifests)
    return manifests


def _clock() -> Clock:
    """The time: SOURCE_DATE_EPOCH where it is set, but never the future. Raises PrimerError."""
    from primer_anki.diagnostic import PrimerError
    from primer_anki.identity.identify import Clock

    real = int(time.time())
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed and not re.fullmatch(r"[0-9]{1,18}", fixed):
        raise PrimerError(f"SOURCE_DATE_EPOCH is `{fixed}`: expected seconds since 1970")
    return Clock(now=min(int(fixed or real), real), latest=real)


@contextmanager
def _progress() -> Iterator[Say]:
    """Steps on one line of the terminal, wiped at the end; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    import shutil

    width = shutil.get_terminal_size().columns - 1
    try:
        yield lambda step: click.echo(f"\r\033[K{step[:width]}", err=True, nl=False)
    finally:
        click.echo("\r\033[K", err=True, nl=False)
