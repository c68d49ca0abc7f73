"""Values as bytes and back, strictly by their types.

Bytes of any content are harmless: they give a value of the type that was asked for, or a ValueError.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
R = TypeVar("R", bound="Record")


def encode(value: object) -> bytes:
    """A value as bytes, the keys of mappings in their order. Raises ValueError for text that is no Unicode."""
    return _ENCODER.encode(value)


def canonical(value: object) -> bytes:
    """The same, for comparing: equal values give equal bytes, whatever the order of keys and of a set."""
    return _SORTING.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """The value of a type that bytes hold. Raises ValueError."""
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from None


class Record(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A JSON object of known keys in a fixed order, those with a default left out where they have it."""


def named(name: str) -> Any:
    """A field of a record that has another name in JSON."""
    return msgspec.field(name=name)


def to_json(record: Record) -> str:
    """A record on one line, spaced as `json.dumps` does it."""
    return msgspec.json.format(msgspec.json.encode(record), indent=0).decode()


def from_json(line: str, kind: type[R]) -> R | None:
    """The record of a line that `to_json` would have written just so; None for any other line."""
    try:
        record = msgspec.json.decode(line, type=kind)
        return record if to_json(record) == line else None
    except (msgspec.MsgspecError, RecursionError, OverflowError, UnicodeError):
        return None


def _plain(value: object) -> object:
    """What msgspec does not know by itself."""
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(f"cannot keep a {type(value).__name__}")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)
_SORTING = msgspec.msgpack.Encoder(enc_hook=_plain, order="deterministic")
