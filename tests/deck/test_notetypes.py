"""The note types are frozen: what may never change, and what may change only together with `MOD`."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from primer_anki.deck.notetypes import MOD, NOTE_TYPES
from primer_anki.model import NoteType

FIELDS = {
    "basic": "Question, Answer, Reverse question, Reverse answer, Context, Extra, Source, Status, Note ID",
    "tradeoff": "Subject, Advantages question, Advantages, Disadvantages question, Disadvantages, Choice question, "
    "Choice, Context, Extra, Source, Status, Note ID",
    "cloze": "Text, Title, Context, Extra, Source, Kind, Status, Note ID",
}
TEMPLATES = {"basic": "Ask, Reverse", "tradeoff": "Advantages, Disadvantages, Choice", "cloze": "Cloze"}

IDS = {"basic": "0a381d2aced3205c", "tradeoff": "c3c3da7fa9d05723", "cloze": "7f51017ec52a604a"}
"""Hashes of the ids of note type, fields and templates: these stay for ever."""
LOOK = {"basic": "6230e8681963f32e", "tradeoff": "746b844b25ed49de", "cloze": "1c5619a2e3e594a6"}
"""Hashes of names, templates, CSS and `MOD`: a change here needs a later `MOD`, or learners never get it."""

each_note_type = pytest.mark.parametrize("note_type", NOTE_TYPES.values(), ids=NOTE_TYPES.keys())


def hash_of(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:16]


@each_note_type
def test_fields_and_templates_stand_in_this_order(note_type: NoteType) -> None:
    assert ", ".join(field.name for field in note_type.fields) == FIELDS[note_type.key] + ", Spare 1, Spare 2, Spare 3"
    assert ", ".join(template.name for template in note_type.templates) == TEMPLATES[note_type.key]


@each_note_type
def test_ids_never_change(note_type: NoteType) -> None:
    fields = [(field.name, field.id) for field in note_type.fields]
    templates = [(template.name, template.id) for template in note_type.templates]
    assert hash_of(note_type.id, fields, templates) == IDS[note_type.key]


@each_note_type
def test_the_look_changes_only_with_mod(note_type: NoteType) -> None:
    templates = [(template.name, template.front, template.back) for template in note_type.templates]
    assert note_type.mod == MOD
    assert hash_of(note_type.name, templates, note_type.css, MOD) == LOOK[note_type.key]


def test_ids_are_unique_and_fit_into_63_bits() -> None:
    ids = [
        number
        for note_type in NOTE_TYPES.values()
        for number in (
            note_type.id,
            *(field.id for field in note_type.fields),
            *(template.id for template in note_type.templates),
        )
    ]
    assert len(set(ids)) == len(ids)
    assert all(0 < number < 1 << 63 for number in ids)


SIDES = [
    pytest.param(note_type, side, id=f"{template.name}-{name}")
    for note_type in NOTE_TYPES.values()
    for template in note_type.templates
    for name, side in (("front", template.front), ("back", template.back))
]


@pytest.mark.parametrize(("note_type", "side"), SIDES)
def test_templates_show_only_fields_that_exist(note_type: NoteType, side: str) -> None:
    shown = {name.removeprefix("cloze:") for name in re.findall(r"\{\{[#^/]?(.*?)\}\}", side)}
    assert shown <= {field.name for field in note_type.fields} | {"FrontSide"}


@pytest.mark.parametrize(("note_type", "side"), SIDES)
def test_templates_hold_no_words_and_no_scripts(note_type: NoteType, side: str) -> None:
    assert re.sub(r"\{\{.*?\}\}|<[^>]*>|\s", "", side) == ""
    assert not re.search(r"<script|\son\w+=|javascript:", side)


def test_trade_off_backs_show_the_asked_side_alone() -> None:
    for template in NOTE_TYPES["tradeoff"].templates:
        others = {"Advantages", "Disadvantages", "Choice"} - {template.name}
        assert f"{{{{{template.name}}}}}" in template.back
        assert not any(f"{{{{{other}}}}}" in template.back for other in others)


# Colours -------------------------------------------------------------------------------------------------------------

CSS = NOTE_TYPES["basic"].css
DAY, NIGHT = (
    dict(re.findall(r"(--pa-[a-z-]+): ([^;]+);", block)) for block in re.findall(r"\{[^}]*--pa-page[^}]*\}", CSS)[:2]
)
ON_PAGE = ("text", "soft", "link", "good", "bad")
ON_PANEL = ("text", "soft", "link")
ON_CODE = tuple(
    name.removeprefix("--pa-") for name in DAY if name.startswith("--pa-code") and not name.endswith("page")
)
PAIRS = (
    *((name, "page") for name in ON_PAGE),
    *((name, "panel") for name in ON_PANEL),
    *((name, "code-page") for name in (*ON_CODE, "link")),
    ("cloze", "cloze-page"),
    ("status", "status-page"),
    ("mark", "mark-page"),
    ("text", "status-page"),
    ("link", "status-page"),
)


def luminance(colour: str) -> float:
    """WCAG's relative luminance of `#rrggbb`."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("text", "page"), PAIRS)
def test_contrast_is_at_least_4_5(palette: dict[str, str], text: str, page: str) -> None:
    assert contrast(palette[f"--pa-{text}"], palette[f"--pa-{page}"]) >= 4.5


def test_every_colour_has_a_day_and_a_night_and_no_other_place() -> None:
    assert DAY.keys() == NIGHT.keys() == set(re.findall(r"var\((--pa-[a-z-]+)\)", CSS))
    rules = re.sub(r"\{[^}]*--pa-page:[^}]*\}", "", CSS)
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(", re.sub(r"hr#answer|#qa", "", rules))


def test_every_pygments_token_class_in_the_css_exists() -> None:
    from pygments.token import STANDARD_TYPES

    used = set(re.findall(r"\.([a-z][a-z0-9]*)(?=[,) ])", CSS[CSS.index(".highlight") :]))
    assert used - {"highlight"} <= set(STANDARD_TYPES.values())
