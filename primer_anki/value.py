"""What is made by the ten thousand: frozen values that cost a tenth of a dataclass to make, to copy and to declare.

They are built from the inside outwards, so that none can hold itself: Python need not look for cycles among them.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace as replace

__all__ = ["Value", "replace"]


class Value(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The base of such values. A subclass says `frozen=True` again, for the type checker.

    In the cache they are lists without names: half the bytes, and half the time.
    """
