"""What a build does to learners' notes, as text and as JSON: the plan, the reasons, the farewell."""

from __future__ import annotations

from collections.abc import Iterator

from primer_anki.build import Outcome
from primer_anki.files import shown
from primer_anki.identity.identify import Ambiguity, Reason
from primer_anki.identity.identify import Outcome as Fate
from primer_anki.identity.rest import resting, search

_ORDER = ("new", "restored", "reworded", "moved", "rerendered", "retagged", "retired")
_TITLES = {
    "new": "new: a learner gets a new card",
    "restored": "restored: learners who kept it get the same note again, others a new card",
    "reworded": "reworded: history kept, the new words arrive",
    "moved": "moved: history kept; cards that learners have never move to another deck",
    "rerendered": "rendered anew (context, source, form): history kept, the note is updated",
    "retagged": "retagged: an updated note's tags are replaced, the learner's own too",
    "retired": "retired: no longer in the deck; learners keep the note as it is",
}
_CAVEATS = (
    "What an .apkg cannot do: move cards to another deck, suspend or delete a note, or win over a learner's own "
    "later edit of a note."
)


def plan_text(outcome: Outcome) -> str:
    """Every note that changes, by what becomes of it, and how many stay untouched."""
    lines = [f"{shown(outcome.manifest.output)}: {outcome.deck.name}"]
    fates = outcome.identified.outcomes
    for what in _ORDER:
        found = [fate for fate in fates if fate.what[0] == what]
        if found:
            lines.append(f"  {_TITLES[what]} ({len(found)})")
            lines.extend(f"    {line}" for fate in found for line in _fate_lines(fate))
    untouched = sum(fate.what == ("untouched",) for fate in fates)
    lines.append(f"  untouched ({untouched})")
    if len(fates) > untouched:
        lines.append(f"  {_CAVEATS}")
    return "\n".join(lines)


def _fate_lines(fate: Fate) -> Iterator[str]:
    also = f" ({', '.join(fate.what[1:])})" if len(fate.what) > 1 else ""
    deck = f" → {fate.to_deck}" if fate.to_deck else f" ← {fate.from_deck}" if fate.from_deck else ""
    yield f"{fate.guid}  {_one_line(fate.question)}{also}{deck}"
    if fate.before:
        yield f"{' ' * len(fate.guid)}  was: {_one_line(fate.before)}"


def plan_json(outcome: Outcome) -> dict[str, object]:
    """The same as plain values; untouched notes too."""
    return {
        "deck": outcome.deck.name,
        "output": shown(outcome.manifest.output),
        "notes": [
            {
                "guid": fate.guid,
                "what": list(fate.what),
                "updated": fate.changed,
                "question": fate.question,
                "before": fate.before or fate.question,
                "from_deck": fate.from_deck,
                "to_deck": fate.to_deck,
            }
            for fate in outcome.identified.outcomes
        ],
    }


def reasons_text(outcome: Outcome) -> str:
    """Why each note that is not plainly the same was taken for an old one, and which ones were in doubt."""
    lines: list[str] = []
    for fate in outcome.identified.outcomes:
        for reason in fate.reasons:
            lines.extend(_reason_lines(fate.guid, reason))
    for doubt in outcome.identified.ambiguities:
        lines.extend(_doubt_lines(doubt))
    return "\n".join(lines) or "Every note was recognised by its id, its content or its question."


def _reason_lines(guid: str, reason: Reason) -> Iterator[str]:
    yield f"{guid}  {_one_line(reason.question)}"
    yield f"  was:  {_one_line(reason.before)}  ({reason.file}: {' › '.join(reason.trail)})"
    yield f"  why:  {_why(reason)}"


_STAGES = {
    "id": "the author's id",
    "content": "the same content",
    "question": "the same question",
    "answer": "the same answer",
    "likeness": "the likeliest of all that was left",
}


def _why(reason: Reason) -> str:
    retired = "it was retired; " if reason.stage.startswith("retired-") else ""
    stage = _STAGES.get(reason.stage.removeprefix("retired-"), reason.stage)
    if reason.evidence is None:
        return retired + stage
    each = reason.evidence
    figures = (
        f"question {each.question:.2f}, answer {each.answer:.2f}, place {each.place:.2f}, "
        f"neighbours {each.neighbours:.2f}: {each.total:.2f} in all, {reason.lead:.2f} ahead of the next"
    )
    return f"{retired}{stage} ({figures})"


def _doubt_lines(doubt: Ambiguity) -> Iterator[str]:
    yield f"{doubt.place.file}:{doubt.place.line}  {_one_line(doubt.question)}"
    yield "  a new note: these may be it, but none clearly"
    for guid, question, score in doubt.candidates:
        yield f"    {score:.2f}  {guid}  {_one_line(question)}"


def retired_text(outcome: Outcome) -> str:
    """How learners find the notes that left the deck in this build; empty if none did."""
    left = {fate.guid for fate in outcome.identified.outcomes if "retired" in fate.what}
    entries = [entry for entry in resting(outcome.identified.ledger) if entry.guid in left]
    if not entries:
        return ""
    lines = [f"  retired: {_one_line(entry.parts[0].question)}" for entry in entries]
    return "\n".join([*lines, f"  find them in Anki with: {search(entry.guid for entry in entries)}"])


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"
