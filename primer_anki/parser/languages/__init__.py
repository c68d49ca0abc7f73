"""The languages that the parser reads: one profile a file, found by its name.

A new language is one module here, named by its code (`it.py`, `sr_latn.py`), that holds `PROFILE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from primer_anki.parser.languages.profile import Profile

_CODE = re.compile(r"[a-z]{2,3}(?:_[a-z]{4})?(?:_[a-z]{2})?")
_SEPARATOR = re.compile(r"[-_]")
_TRADITIONAL = frozenset(("hant", "tw", "hk", "mo"))


def _code(module: str) -> str:
    """`zh_hans` → `zh-Hans`, `pt_br` → `pt-BR`."""
    language, *rest = module.split("_")
    return "-".join([language, *(part.title() if len(part) == 4 else part.upper() for part in rest)])


_MODULES = {_code(m.name): m.name for m in iter_modules(__path__) if _CODE.fullmatch(m.name)}
_FOLDED = {code.casefold(): code for code in _MODULES}

CODES: tuple[str, ...] = tuple(sorted(_MODULES))
"""Every language there is, as BCP 47 codes."""


@cache
def _load(code: str) -> Profile:
    profile: Profile = import_module(f"{__name__}.{_MODULES[code]}").PROFILE
    return profile


class _Profiles(Mapping[str, Profile]):
    """The profiles by exact code; each is imported when it is first asked for."""

    def __getitem__(self, code: str) -> Profile:
        return _load(code)

    def __iter__(self) -> Iterator[str]:
        return iter(CODES)

    def __len__(self) -> int:
        return len(CODES)

    def __contains__(self, code: object) -> bool:
        return code in _MODULES


PROFILES: Mapping[str, Profile] = _Profiles()


def resolve(tag: str) -> str | None:
    """The code in `CODES` that serves a language tag: `EN-us` → `en`, `zh_TW` → `zh-Hant`; None if there is none."""
    parts = _SEPARATOR.split(tag.strip().casefold())
    if exact := _FOLDED.get("-".join(parts)):
        return exact
    if parts[0] == "zh":
        return _FOLDED.get("zh-hant" if _TRADITIONAL.intersection(parts) else "zh-hans")
    return _FOLDED.get("-".join(parts[:2])) or _FOLDED.get(parts[0])


def get(tag: str) -> Profile:
    """The profile that serves a language tag, in any case, with `-` or `_`; KeyError if there is none."""
    code = resolve(tag)
    if code is None:
        raise KeyError(tag)
    return _load(code)


def detect(text: str, path: str = "") -> str:
    """The code of a document's language, from its file's name and its text; `en` where both are unclear."""
    from primer_anki.parser.languages.detection import language  # detection needs every profile

    return language(text, path)
