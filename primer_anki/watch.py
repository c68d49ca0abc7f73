"""Preview while writing: build on every change, show it, and never write the ledger or the deck."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from threading import Event
from typing import TypeAlias

from primer_anki import show
from primer_anki.build import Outcome
from primer_anki.diagnostic import PrimerError
from primer_anki.manifest import Manifest
from primer_anki.preview.page import Page
from primer_anki.preview.server import ADDRESS, Site, serving
from primer_anki.sources import is_passed_over

Read: TypeAlias = Callable[[], tuple[Manifest, ...]]
"""The targets as they stand now. Raises PrimerError."""
Plan: TypeAlias = Callable[[tuple[Manifest, ...]], tuple[Outcome, ...]]
"""What a build would decide, with nothing written. Raises PrimerError."""

_MOST_FOLDERS = 1_000
"""That are watched for one deck: a file may lie on top of half a disk."""
_QUIET, _LONGEST = 100, 1_000
"""Milliseconds: how long a burst of changes must pause to be over, and how long it may last."""
_SETTLED = 500
"""Milliseconds after which a fresh watch looks at what changed before it was in place."""
_OURS = (".apkg", ".jsonl")
"""Written by builds, never a source."""


@dataclass(frozen=True, slots=True)
class _State:
    """What was read and decided last."""

    manifests: tuple[Manifest, ...]
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""

    def page(self) -> Page:
        """The last cards there were, and what stands in the way of newer ones."""
        return show.served(self.outcomes, self.problem)

    def __str__(self) -> str:
        return self.problem or f"{sum(len(outcome.deck.notes) for outcome in self.outcomes)} notes"


def watch(read: Read, plan: Plan, say: Callable[[str], None], port: int = 0, stop: Event | None = None) -> None:
    """Serve the page until `stop` is set, or Ctrl-C comes and raises KeyboardInterrupt.

    `say` is told the address first, then how each build went. Raises PrimerError where the targets cannot be read at
    the start or the port is taken; what goes wrong later stands on the page.
    """
    stop = stop or Event()
    state = _built(_State(read()), read, plan)
    site = Site(state.page())
    with serving(site, port) as taken:
        say(f"http://{ADDRESS}:{taken}/")
        say(str(state))
        while not stop.is_set():
            folders = _folders(state.manifests)
            for _ in _changes(folders, stop):
                state = _built(state, read, plan)
                page = state.page()
                if page.version != site.page.version:
                    site.show(page)
                    say(str(state))
                if _folders(state.manifests) != folders:
                    break


def _built(state: _State, read: Read, plan: Plan) -> _State:
    """Build anew; where that fails, keep the cards and note the problem."""
    try:
        state = replace(state, manifests=read())
        return _State(state.manifests, plan(state.manifests))
    except PrimerError as error:
        return replace(state, problem=str(error))


def _changes(folders: frozenset[Path], stop: Event) -> Iterator[None]:
    """Yield whenever something in the folders has changed, and once soon after the watch began."""
    import watchfiles

    settled = False
    for changes in watchfiles.watch(
        *folders,
        watch_filter=_is_source,
        debounce=_LONGEST,
        step=_QUIET,
        stop_event=stop,
        rust_timeout=_SETTLED,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
    ):
        if changes or not settled:
            yield
        settled = True


def _is_source(change: object, path: str) -> bool:
    """Whether a change may matter. What editors and builds leave beside the sources does not."""
    name = Path(path).name
    return not (is_passed_over(name) or name.endswith(("~", *_OURS)))


def _folders(manifests: Sequence[Manifest]) -> frozenset[Path]:
    """Where a change may matter: the folders of the manifests and sources, and those below their roots."""
    found = {path.parent for manifest in manifests for path in (manifest.origin, *manifest.sources)}
    for root in {manifest.root for manifest in manifests}:
        found.update(islice(_below(root), _MOST_FOLDERS))
    return frozenset(path.resolve() for path in found if path.is_dir())


def _below(root: Path) -> Iterator[Path]:
    """A folder and those in it, level by level; links are not followed."""
    waiting = deque([root])
    while waiting:
        folder = waiting.popleft()
        yield folder
        with suppress(OSError), os.scandir(folder) as entries:
            inside = (entry for entry in entries if entry.is_dir(follow_symlinks=False))
            waiting.extend(sorted(Path(entry.path) for entry in inside if not is_passed_over(entry.name)))
