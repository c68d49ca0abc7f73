"""Diagnostics as text for people, and as what other programs read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from primer_anki.diagnostic import Diagnostic, Severity

_COLOURS = {Severity.ERROR: "\033[31m", Severity.WARNING: "\033[33m"}
_BOLD, _DIM, _PLAIN = "\033[1m", "\033[2m", "\033[0m"
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def text(diagnostics: Iterable[Diagnostic], rules: Mapping[str, str]) -> str:
    """One line each, as `Diagnostic` writes itself, with a hint below."""
    return "".join(f"{each}\n" for each in diagnostics)


def coloured(diagnostics: Iterable[Diagnostic], rules: Mapping[str, str]) -> str:
    """The same text for a terminal."""
    return "".join(f"{_coloured(each)}\n" for each in diagnostics)


def _coloured(each: Diagnostic) -> str:
    rule = f" {_DIM}[{each.rule}]{_PLAIN}" if each.rule else ""
    hint = f"\n    {_DIM}hint: {each.hint}{_PLAIN}" if each.hint else ""
    severity = f"{_COLOURS[each.severity]}{each.severity}{_PLAIN}"
    return f"{_BOLD}{each.location}{_PLAIN}: {severity}: {each.message}{rule}{hint}"


def github(diagnostics: Iterable[Diagnostic], rules: Mapping[str, str]) -> str:
    """Commands that GitHub Actions turn into annotations."""
    return "".join(f"{_annotation(each)}\n" for each in diagnostics)


def _annotation(each: Diagnostic) -> str:
    place = {"file": each.location.path, "line": each.location.line, "col": each.location.column, "title": each.rule}
    named = ",".join(f"{name}={_escaped(str(value), ',:')}" for name, value in place.items() if value)
    message = f"{each.message} ({each.hint})" if each.hint else each.message
    return f"::{each.severity} {named}::{_escaped(message)}"


def _escaped(value: str, more: str = "") -> str:
    for char in f"%\r\n{more}":
        value = value.replace(char, f"%{ord(char):02X}")
    return value


def as_json(diagnostics: Iterable[Diagnostic], rules: Mapping[str, str]) -> str:
    """A list of objects. A line or column of 0 means the whole file or line."""
    found = [
        {
            "file": each.location.path,
            "line": each.location.line,
            "column": each.location.column,
            "severity": each.severity,
            "rule": each.rule,
            "message": each.message,
            "hint": each.hint,
        }
        for each in diagnostics
    ]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def sarif(diagnostics: Iterable[Diagnostic], rules: Mapping[str, str]) -> str:
    """SARIF 2.1.0, for code scanning. `rules`: what each rule flags, by its id."""
    found = tuple(diagnostics)
    spoken = dict.fromkeys(each.rule for each in found if each.rule)
    driver = {
        "name": "primer-anki",
        "rules": [{"id": rule, "shortDescription": {"text": rules.get(rule) or rule}} for rule in spoken],
    }
    run = {"tool": {"driver": driver}, "results": [_result(each) for each in found]}
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _result(each: Diagnostic) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": each.location.path}}
    region = {"startLine": each.location.line, "startColumn": each.location.column}
    if each.location.line:
        physical["region"] = {name: value for name, value in region.items() if value}
    result: dict[str, object] = {
        "level": each.severity,
        "message": {"text": f"{each.message}\n{each.hint}".strip()},
        "locations": [{"physicalLocation": physical}],
    }
    return {"ruleId": each.rule, **result} if each.rule else result


FORMATS: Mapping[str, Callable[[Iterable[Diagnostic], Mapping[str, str]], str]] = MappingProxyType(
    {"text": text, "coloured": coloured, "github": github, "json": as_json, "sarif": sarif}
)
"""By name."""
