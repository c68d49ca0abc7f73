"""Markdown made by rule, for measuring: the same number of cards gives the same files on every machine.

Each file holds fifty cards in the forms that people mix: questions with paragraphs, lists, code and tables, terms,
trade-offs, and a picture.
"""

from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

CARDS = 50
"""In one file."""


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


_NOUNS = _words(
    "cache queue index shard replica broker leader follower ledger journal bucket segment cursor lease token quorum "
    "router proxy gateway scheduler allocator buffer window frame packet socket channel stream partition snapshot"
)
_KINDS = _words(
    "adaptive bounded circular deferred elastic federated global hashed immutable layered mirrored nested ordered "
    "pinned queued regional sharded tiered unified versioned weighted"
)
_VERBS = _words(
    "stores moves copies delays drops merges orders rejects repeats routes sorts splits trims verifies writes reads"
)
_ENDS = (
    "before the next request arrives",
    "until every reader has seen it",
    "when the disk is slower than the network",
    "as long as one node of the group answers",
    "so that a restart loses no more than a second of work",
    "although the clocks of the machines differ by 5 ms",
)


def write(folder: Path, cards: int) -> tuple[Path, ...]:
    """Write at least so many cards, fifty to a file; the files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "picture.png").write_bytes(_png())
    paths = []
    for number in range(-(-cards // CARDS)):
        path = folder / f"topic-{number:05}.md"
        path.write_text(topic(number), encoding="utf-8")
        paths.append(path)
    return tuple(paths)


def topic(number: int) -> str:
    """One file, of the same fifty cards each time it is asked for."""
    dice = random.Random(number)
    parts = [f"# Topic {number}: {_name(dice, number)}\n"]
    parts += [_question(dice, number * CARDS + n) for n in range(24)]
    parts += ["## Terms\n\n" + "\n".join(_term(dice, number * CARDS + 24 + n) for n in range(10)) + "\n"]
    parts += [_listed(dice, number * CARDS + 34 + n) for n in range(3)]
    parts += [_trade_off(dice, number * CARDS + 37 + n) for n in range(3)]
    parts += [_table(dice, number * CARDS + 40)]
    parts += [f"## How does topic {number} look from above?\n\n![The parts of topic {number}](picture.png)\n"]
    parts += [_code(dice, number * CARDS + 49)]
    return "\n".join(parts)


def _name(dice: random.Random, number: int) -> str:
    return f"{dice.choice(_KINDS)} {dice.choice(_NOUNS)} {number}"


def _sentence(dice: random.Random, subject: str) -> str:
    return f"The {subject} {dice.choice(_VERBS)} each {dice.choice(_NOUNS)} {dice.choice(_ENDS)}."


def _question(dice: random.Random, number: int) -> str:
    name = _name(dice, number)
    body = " ".join(_sentence(dice, name) for _ in range(dice.randint(1, 3)))
    if number % 4 == 0:
        items = "\n".join(f"- {dice.choice(_KINDS)} {word}" for word in dice.sample(_NOUNS, 3))
        body += f"\n\n{items}"
    return f"## Why does the {name} wait?\n\n{body}\n"


def _term(dice: random.Random, number: int) -> str:
    term = _name(dice, number).capitalize()
    return f"- **{term}** - a `{dice.choice(_NOUNS)}` that {dice.choice(_VERBS)} *every* {dice.choice(_NOUNS)}."


def _trade_off(dice: random.Random, number: int) -> str:
    name = _name(dice, number)
    sides = (
        f"### {side} of the {name}\n\n" + "\n".join(f"- {_sentence(dice, word)}" for word in dice.sample(_NOUNS, 3))
        for side in ("Advantages", "Disadvantages")
    )
    return "\n\n".join(sides) + "\n"


def _listed(dice: random.Random, number: int) -> str:
    items = "\n".join(f"1. {_sentence(dice, word)}" for word in dice.sample(_NOUNS, 4))
    name = _name(dice, number)
    return f"## Uses of {name}\n\nThe {name} is used for the following:\n\n{items}\n"


def _table(dice: random.Random, number: int) -> str:
    rows = "\n".join(
        f"| {_name(dice, number + n)} | {dice.randint(1, 900)} ms | {dice.choice(_VERBS)} |" for n in range(8)
    )
    return f"## Figures {number}\n\n| Part | Delay | Does |\n|---|---|---|\n{rows}\n"


def _code(dice: random.Random, number: int) -> str:
    noun = dice.choice(_NOUNS)
    return (
        f"## How is {noun} {number} read?\n\n```python\ndef read_{noun}(source):\n"
        f"    while chunk := source.take({number}):\n        yield chunk.{dice.choice(_VERBS)}()\n```\n"
    )


def _png() -> bytes:
    """A picture of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    )
