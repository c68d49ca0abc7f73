"""What is wrong, where, and what to do about it."""

from __future__ import annotations

from enum import StrEnum

from primer_anki.value import Value


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Location(Value, frozen=True, order=True):
    """A place in a file of the user."""

    path: str
    """As the user would type it: relative to where he stands where possible, with `/`."""
    line: int = 0
    """1-based; 0 means the whole file."""
    column: int = 0
    """1-based, in characters; 0 means the whole line."""

    def __str__(self) -> str:
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Diagnostic(Value, frozen=True):
    """A problem in the content: it is reported, and the work goes on."""

    location: Location
    severity: Severity
    message: str
    rule: str = ""
    """The id of the rule that speaks, such as `missing-image`."""
    hint: str = ""
    """What the reader can do."""

    def __str__(self) -> str:
        rule = f" [{self.rule}]" if self.rule else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{self.location}: {self.severity}: {self.message}{rule}{hint}"


class PrimerError(Exception):
    """A problem that stops the work: unreadable input, a broken manifest or ledger.

    The command line prints it as one line with a place and ends with exit code 2.
    """

    def __init__(self, message: str, location: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{place}error: {self.message}{hint}"
