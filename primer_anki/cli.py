"""The command line: options in, text and exit codes out.

Results go to stdout, steps and problems to stderr. Exit code 0: done; 2: wrong usage or unreadable input, and
nothing is written. Everything heavy is imported by the command that needs it, so that `--help` is quick.
"""

from __future__ import annotations

import atexit
import functools
import gc
import io
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from primer_anki import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from primer_anki.build import Outcome, Say
    from primer_anki.clock import Clock
    from primer_anki.manifest import Manifest
    from primer_anki.memo import Said
    from primer_anki.model import Deck
    from primer_anki.verifytext import Verified

Command = TypeVar("Command", bound=Callable[..., None])

_ANSWER_IS_NO = 1
_WRONG_INPUT = 2
_DAY = 86_400
_PATIENT = (1_000_000, 20, 20)
"""For the collector of cycles: a deck is a million values without any, and looking through them takes a while."""
_PATIENCE = 3.0
"""Seconds to wait for the clock to pass the last build."""


class _Path(click.Path):
    """A path that click completes but does not look at: whoever reads it tells what is wrong with it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pathlib import Path

        if not value:
            raise click.BadParameter("a path cannot be empty", ctx, param)
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None where it was closed
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter shows its number


def _command(*, example: str, on_targets: bool = True) -> Callable[[Command], click.Command]:
    """A command: its example, PrimerError as one line and exit code 2, and as a rule the targets it works on."""

    def decorate(function: Command) -> click.Command:
        @functools.wraps(function)
        def run(*args: Any, **options: Any) -> None:
            from primer_anki.diagnostic import PrimerError

            gc.set_threshold(*_PATIENT)
            atexit.register(gc.freeze)  # at the end too nobody need look for cycles
            try:
                function(*args, **options)
            except PrimerError as error:
                click.echo(str(error), err=True)
                sys.exit(_WRONG_INPUT)
            except UnicodeEncodeError as error:
                hint = "    hint: set PYTHONUTF8=1"
                click.echo(f"error: the locale has no letters for {error.object!a}\n{hint}", err=True)
                sys.exit(_WRONG_INPUT)
            except BrokenPipeError:
                raise  # click ends quietly
            except OSError as error:
                place = f"{error.filename}: " if error.filename else ""
                click.echo(f"{place}error: {(error.strerror or str(error)).lower()}", err=True)
                sys.exit(_WRONG_INPUT)

        targets = click.argument("targets", nargs=-1, metavar="[TARGET]...", type=_Path())
        return main.command(epilog=f"Example: {example}")(targets(run) if on_targets else run)

    return decorate


@_command(example="primer-anki build notes.md -o notes.apkg")
@click.option(
    "-o",
    "--output",
    type=_Path(),
    metavar="OUT.apkg",
    help="Where the deck goes; for one TARGET. Default: beside it.",
)
@click.option("--dry-run", is_flag=True, help="Show what would become of every note; write nothing.")
@click.option("--check", is_flag=True, help="Exit 1 if the deck or ledger is not what the sources give; write nothing.")
@click.option("--explain", is_flag=True, help="Say why each reworded note was recognised, and which were in doubt.")
@click.option("--strict", is_flag=True, help="Exit 1 and write nothing where there is a warning.")
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: as JSON, a list with an object a deck.")
@click.option(
    "--retired",
    type=_Path(),
    metavar="OUT.apkg",
    help="Write a package too that marks the retired notes of learners who have them.",
)
def build(
    targets: tuple[Path, ...],
    output: Path | None,
    dry_run: bool,
    check: bool,
    explain: bool,
    strict: bool,
    as_json: bool,
    retired: Path | None,
) -> None:
    """Build the deck of each TARGET."""
    if as_json and not dry_run:
        raise click.UsageError("--json goes with --dry-run")
    manifests = _manifests(targets, output)
    if retired and len(manifests) > 1:
        raise click.UsageError(f"--retired names one file, but there are {len(manifests)} targets")
    writes = not (dry_run or check)
    plain = not (dry_run or explain or retired)
    if plain and _say_again(manifests, strict=strict, check=check):
        return
    outcomes = _build(manifests, strict=strict) if writes else _plan(manifests)
    if strict:
        _refuse_warnings(outcomes)
    if dry_run:
        _show_plan(outcomes, as_json)
    if explain:
        _show_reasons(outcomes)
    if writes:
        _show_summary(manifests, outcomes)
    if retired:
        _write_farewell(outcomes[0], retired)
    if check:
        _check(outcomes)


def _show_plan(outcomes: tuple[Outcome, ...], as_json: bool) -> None:
    from primer_anki import changes

    if as_json:
        _print_json([changes.plan_json(outcome) for outcome in outcomes])
        return
    for outcome in outcomes:
        click.echo(changes.plan_text(outcome))


def _show_reasons(outcomes: tuple[Outcome, ...]) -> None:
    from primer_anki import changes

    for outcome in outcomes:
        click.echo(changes.reasons_text(outcome))


def _show_summary(manifests: tuple[Manifest, ...], outcomes: tuple[Outcome, ...]) -> None:
    """Say what was done; and note what the next build will say, which may then have nothing to do."""
    from primer_anki import changes, memo, report

    said = [report.said(outcome) for outcome in outcomes]
    for outcome, (now, _) in zip(outcomes, said, strict=True):
        _say(now)
        if left := changes.retired_text(outcome):
            click.echo(left)
    memo.keep(manifests, [outcome.looks for outcome in outcomes], [after for _, after in said])


def _say(said: Said) -> None:
    for line in said.problems:
        click.echo(line, err=True)
    click.echo(said.summary)


def _say_again(manifests: tuple[Manifest, ...], *, strict: bool, check: bool) -> bool:
    """Where nothing has changed since the last build, end as that one would end now; say whether it is so."""
    from primer_anki import memo
    from primer_anki.targets import check_outputs

    if not check:
        for manifest in manifests:
            check_outputs(manifest)
    _now()
    said = memo.recall(manifests)
    if said is None or (strict and not all(each.passes_strictly for each in said)):
        return False
    if not check:
        for each in said:
            _say(each)
    return True


def _write_farewell(outcome: Outcome, path: Path) -> None:
    from primer_anki.build import farewell_package
    from primer_anki.files import shown, write_if_changed
    from primer_anki.targets import refuse_output

    refuse_output(path)
    data, told, untold = farewell_package(outcome)
    write_if_changed(path, data)
    rest = f"; {untold} more were retired before their content was kept" if untold else ""
    click.echo(f"{shown(path)}: marks {told} retired notes, for learners who have them{rest}")


def _check(outcomes: tuple[Outcome, ...]) -> None:
    from primer_anki.build import differing
    from primer_anki.files import shown

    stale = [path for outcome in outcomes for path in differing(outcome)]
    for path in stale:
        click.echo(f"{shown(path)}: not what the sources give now; build it again", err=True)
    if stale:
        sys.exit(_ANSWER_IS_NO)


def _refuse_warnings(outcomes: tuple[Outcome, ...]) -> None:
    refused = [outcome for outcome in outcomes if not outcome.passes(strict=True)]
    for diagnostic in (diagnostic for outcome in refused for diagnostic in outcome.diagnostics):
        click.echo(str(diagnostic), err=True)
    if refused:
        sys.exit(_ANSWER_IS_NO)


def _plan(manifests: tuple[Manifest, ...]) -> tuple[Outcome, ...]:
    """Decide everything and write nothing. Raises PrimerError."""
    from primer_anki.build import plan

    with _progress() as say:
        return plan(manifests, _clock(ahead=_DAY), say)


def _build(manifests: tuple[Manifest, ...], *, strict: bool = False) -> tuple[Outcome, ...]:
    """Build; a deck that was built in this very second waits for the next. Raises PrimerError."""
    from primer_anki.build import build
    from primer_anki.clock import TooSoonError

    while True:
        try:
            with _progress() as say:
                return build(manifests, _clock(), say, strict=strict)
        except TooSoonError as error:
            ahead = error.earliest - time.time()
            if ahead > _PATIENCE:
                raise
            time.sleep(max(ahead, 0))


@_command(example="primer-anki recover old.apkg decks/x.yaml", on_targets=False)
@click.argument("package", metavar="OLD.apkg", type=_Path())
@click.argument("target", metavar="[TARGET]", required=False, type=_Path())
def recover(package: Path, target: Path | None) -> None:
    """Rebuild a lost or damaged ledger from a package that was built before.

    The ledger goes where a build of TARGET looks for it; without TARGET, beside the package.
    """
    from primer_anki.build import recover
    from primer_anki.files import shown

    path, count = recover(package, target)
    click.echo(f"{shown(path)}: {count} notes; the next build of the same sources keeps them all")


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
        outcomes = plan(manifests, _clock(ahead=_DAY), say)
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


@_command(example="primer-anki lint notes.md --ignore two-answers,no-handle")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "github", "json", "sarif"]),
    default="text",
    help="github is for annotations of GitHub Actions, sarif for code scanning. Default: text.",
)
@click.option("--select", "chosen", metavar="RULE,...", default="", help="Only these rules.")
@click.option("--ignore", "ignored", metavar="RULE,...", default="", help="All rules but these.")
@click.option(
    "--strict", is_flag=True, help="Warnings count too; a tenth of the answers may be longer than they should."
)
@click.option("--stats", "with_stats", is_flag=True, help="Words on the back; cards by pattern and topic.")
def lint(targets: tuple[Path, ...], style: str, chosen: str, ignored: str, strict: bool, with_stats: bool) -> None:
    """Say which cards are hard to learn, and why. Nothing is written.

    Exits with 1 if there is an error. What each rule means: primer-anki rules.
    """
    from primer_anki import lintreport

    only, but = lintreport.rules_named(chosen), lintreport.rules_named(ignored)
    reports = [lintreport.report(outcome, only, but) for outcome in _plan(_manifests(targets))]
    in_colour = style == "text" and _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    found = lintreport.formatted(reports, "coloured" if in_colour else style)
    click.echo(_sendable(found) if style in ("json", "sarif") else found, nl=False)
    for each in reports:
        if with_stats:
            click.echo(lintreport.stats_text(each), err=style != "text")
        click.echo(lintreport.summary(each), err=True)
    if not all(each.passes(strict=strict) for each in reports):
        sys.exit(_ANSWER_IS_NO)


@_command(example="primer-anki rules long-answer", on_targets=False)
@click.argument("rule", metavar="[ID]", default="")
def rules(rule: str) -> None:
    """List the rules of lint, or explain one with a bad and a good example."""
    from primer_anki.lint import catalog
    from primer_anki.lint.engine import rule_named

    click.echo(catalog.explain(rule_named(rule)) if rule else "\n".join(catalog.table()))


@_command(example="primer-anki preview notes.md --open")
@click.option(
    "-o", "--output", type=_Path(), default="preview.html", metavar="OUT.html", help="Default: preview.html, here."
)
@click.option("--open", "opens", is_flag=True, help="Show the page in the browser.")
def preview(targets: tuple[Path, ...], output: Path, opens: bool) -> None:
    """Write a page that shows every card as Anki does, with what is wrong with it."""
    from primer_anki import show
    from primer_anki.files import shown, write_if_changed

    page = show.written(_plan(_manifests(targets)), output.parent)
    write_if_changed(output, page.html.encode())
    click.echo(shown(output))
    if opens:
        click.launch(output.resolve().as_uri())


@_command(example="primer-anki watch notes.md")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Default: any free one.")
def watch(targets: tuple[Path, ...], port: int) -> None:
    """Show the preview in the browser while the sources change; deck and ledger are left alone."""
    from contextlib import suppress

    from primer_anki import watch

    with suppress(KeyboardInterrupt):
        watch.watch(lambda: _manifests(targets), _plan, click.echo, port)


@_command(example="primer-anki diff old.apkg decks/x.yaml", on_targets=False)
@click.argument("old", metavar="OLD.apkg", type=_Path())
@click.argument("new", metavar="[NEW.apkg|TARGET]", required=False, type=_Path())
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="markdown is for release notes and pull requests. Default: text.",
)
def diff(old: Path, new: Path | None, style: str) -> None:
    """Show what changed from one deck to another, word by word.

    Without NEW: to what a build would give now. Nothing is written.
    """
    from primer_anki import difftext
    from primer_anki.files import shown
    from primer_anki.packages import open_deck

    before = open_deck(old)
    if new and new.suffix.casefold() == ".apkg":
        found = difftext.difference(before, open_deck(new), (shown(old), shown(new)))
    else:
        now = _deck_now(new, before)
        found = difftext.difference(before, now.deck, (shown(old), "now"), now.manifest.root)
    if style == "json":
        _print_json(difftext.as_json(found))
    elif style == "markdown":
        click.echo(difftext.markdown(found))
    else:
        click.echo(difftext.text(found, coloured=_is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")))


def _deck_now(target: Path | None, before: Deck) -> Outcome:
    """What a build of the target would give; without one, of the deck here with the same id. Raises PrimerError."""
    from primer_anki.diagnostic import PrimerError

    outcomes = _plan(_manifests((target,) if target else ()))
    same = [outcome for outcome in outcomes if len(outcomes) == 1 or outcome.deck.id == before.id]
    if not same:
        raise PrimerError(f"none of the decks here is `{before.name}`", hint="name the manifest to compare with")
    return same[0]


@_command(example="primer-anki verify decks/x.apkg --against old.apkg", on_targets=False)
@click.argument("packages", metavar="DECK.apkg...", nargs=-1, required=True, type=_Path())
@click.option(
    "--against",
    type=_Path(),
    metavar="OLD.apkg",
    help="Import this one first, study every card, then import the deck over it.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON: a list with an object a deck.")
def verify(packages: tuple[Path, ...], against: Path | None, as_json: bool) -> None:
    """Import decks into a fresh collection of the real Anki and look at every card.

    Exits with 1 if anything is wrong. Needs the `anki` library: pip install "primer-anki[verify]".
    """
    from primer_anki import verifytext

    found = [_verified(path, against) for path in packages]
    if as_json:
        _print_json([verifytext.as_json(each) for each in found])
    else:
        for each in found:
            click.echo(verifytext.text(each))
    if any(each.problems() for each in found):
        sys.exit(_ANSWER_IS_NO)


def _verified(path: Path, against: Path | None) -> Verified:
    from primer_anki.client.verify import verify, verify_upgrade
    from primer_anki.diagnostic import Location, PrimerError
    from primer_anki.files import read_bytes, shown
    from primer_anki.verifytext import Verified

    data, name = read_bytes(path), shown(path)
    older = read_bytes(against) if against else b""
    try:
        report = verify(data)
        if not against:
            return Verified(name, report)
        return Verified(name, report, shown(against), verify_upgrade(older, data))
    except PrimerError as error:
        raise PrimerError(error.message, Location(name), error.hint) from None


@_command(example="primer-anki init my-deck", on_targets=False)
@click.argument("folder", metavar="[FOLDER]", default=".", type=_Path())
def init(folder: Path) -> None:
    """Start a deck repository: manifest, example topic, workflow, README. What is there already stays as it is."""
    from primer_anki.init import create

    for each in create(folder):
        click.echo(f"{'written' if each.written else 'kept   '}  {each.path}")
    click.echo("Next: primer-anki build" if str(folder) == "." else f"Next: cd {folder} && primer-anki build")


def _print_json(value: object) -> None:
    import json

    click.echo(_sendable(json.dumps(value, ensure_ascii=False, indent=2)))


def _sendable(text: str) -> str:
    """JSON for the standard output: where that is not UTF-8, letters beyond ASCII as JSON's own escapes."""
    import json

    if getattr(sys.stdout, "encoding", "utf-8").lower().replace("-", "") == "utf8":
        return text
    return re.sub("[^\x00-\x7f]+", lambda found: json.dumps(found[0])[1:-1], text)


def _manifests(targets: tuple[Path, ...], output: Path | None = None) -> tuple[Manifest, ...]:
    """All targets are read before the first one is built. Raises PrimerError."""
    from primer_anki.targets import manifests_here, refuse_shared, resolve

    targets = targets or manifests_here()
    if output and len(targets) > 1:
        raise click.UsageError(f"-o names one file, but there are {len(targets)} targets")
    manifests = tuple(resolve(target, output) for target in targets)
    refuse_shared(manifests)
    return manifests


def _clock(*, ahead: int = 0) -> Clock:
    """The time: SOURCE_DATE_EPOCH where it is set, but never the future. Raises PrimerError.

    `ahead`: the seconds by which a plan that is not carried out may run before the time.
    """
    from primer_anki.clock import Clock

    return Clock(now=_now(), latest=int(time.time()) + ahead)


def _now() -> int:
    from primer_anki.diagnostic import PrimerError

    real = int(time.time())
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed and not re.fullmatch(r"[0-9]{1,18}", fixed):
        raise PrimerError(f"SOURCE_DATE_EPOCH is `{fixed}`: expected seconds since 1970")
    return min(int(fixed or real), real)


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at it; a stream that was closed before we began is None."""
    return stream is not None and stream.isatty()


@contextmanager
def _progress() -> Iterator[Say]:
    """Steps on one line of the terminal, wiped at the end; nothing where stderr is no terminal."""
    if not _is_terminal(sys.stderr):
        yield lambda step: None
        return
    import shutil

    width = shutil.get_terminal_size().columns - 1
    try:
        yield lambda step: click.echo(f"\r\033[K{step[:width]}", err=True, nl=False)
    finally:
        click.echo("\r\033[K", err=True, nl=False)
