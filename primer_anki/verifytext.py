"""What a real Anki made of a package, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from primer_anki.client.verify import Report, Upgrade

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Verified:
    """A package and what was found."""

    name: str
    """What the user called it."""
    report: Report
    against: str = ""
    """What the user called the older package; empty if there is none."""
    upgrade: Upgrade | None = None

    def problems(self) -> tuple[str, ...]:
        """A sentence for everything that is not as it must be."""
        return (*self.report.problems(), *(self.upgrade.problems() if self.upgrade else ()))


def text(verified: Verified) -> str:
    """A verdict, what was imported, and what is wrong."""
    problems = verified.problems()
    verdict = f"{_number(len(problems), 'problem')}" if problems else "good"
    lines = [f"{verified.name}: {verdict}", *(f"  {line}" for line in _story(verified))]
    lines += [f"  - {problem}" for problem in problems[:_LISTED]]
    if len(problems) > _LISTED:
        lines.append(f"  … and {len(problems) - _LISTED} more")
    return "\n".join(lines)


def _story(verified: Verified) -> Iterator[str]:
    report, upgrade = verified.report, verified.upgrade
    yield f"into an empty collection: {_number(report.first.new, 'new note')}"
    yield f"the same again: {_number(report.again.duplicate, 'note')} untouched"
    if upgrade:
        counts = upgrade.counts
        cards = f" with {_number(len(upgrade.new_cards), 'new card')}" if upgrade.new_cards else ""
        yield (
            f"over {verified.against}, every card of it studied: {_number(counts.new, 'new note')}{cards}, "
            f"{counts.updated} updated, {counts.duplicate} untouched"
        )


def _number(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def as_json(verified: Verified) -> dict[str, object]:
    """Plain values; a card is an object with GUID and 0-based ordinal."""
    return {
        "package": verified.name,
        "problems": list(verified.problems()),
        "report": asdict(verified.report),
        "against": verified.against,
        "upgrade": asdict(verified.upgrade) if verified.upgrade else None,
    }
