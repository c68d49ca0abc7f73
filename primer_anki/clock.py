"""The time of a build, and when it is too early for one."""

from __future__ import annotations

from dataclasses import dataclass

from primer_anki.diagnostic import PrimerError


class TooSoonError(PrimerError):
    """A note changed, and the clock has not passed the second of its last change."""

    def __init__(self, earliest: int) -> None:
        super().__init__(
            "the clock stands at or before the last build of this deck",
            hint="build again in a second; if the last build had a wrong clock, correct `changed` in the ledger",
        )
        self.earliest = earliest
        """Seconds since the epoch: from then on the build will go through."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of a build."""

    now: int
    """Seconds since the epoch, for what is new or changed; from SOURCE_DATE_EPOCH where that is set."""
    latest: int = 0
    """The second that nothing may pass: the real time. 0: the same as `now`."""

    def after(self, changed: int) -> int:
        """Return the second of a change: now, but later than the last one; raise TooSoonError if that lies ahead."""
        second = max(self.now, changed + 1)
        if second > max(self.latest, self.now):
            raise TooSoonError(second)
        return second
