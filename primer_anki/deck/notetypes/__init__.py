"""The three note types: fields, templates and look, with ids that never change.

A learner's collection knows a note type by its id, and its fields and templates by theirs. Adding, removing or
reordering one of them later would stop the updates of every note already studied: the schema is frozen, and the
spare fields are there to be renamed and filled one day. Templates and CSS may change, together with `MOD`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from string import Template as Text
from types import MappingProxyType

from primer_anki.model import Field, NoteType, NoteTypeKey, Template

MOD = 1795454400
"""Seconds since the epoch. Anki takes over a note type's templates and CSS only if this is newer than what it has."""


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


_FRONT = Text(_read("front.html"))
_BACK = Text(_read("back.html"))
_CSS = _read("card.css") + "\n" + _read("code.css")


def _fields(ids: Mapping[str, int]) -> tuple[Field, ...]:
    return tuple(Field(name, number) for name, number in ids.items())


def _template(name: str, number: int, *, gate: str, question: str, answer: str) -> Template:
    """A template that makes a card if the field `gate` is filled, with the names of the fields on its sides."""
    return Template(
        name,
        number,
        front=_FRONT.substitute(gate=gate, question=question),
        back=_BACK.substitute(side=name.lower(), answer=answer),
    )


_BASIC = NoteType(
    key="basic",
    name="Primer Basic",
    id=1434924069526,
    fields=_fields(
        {
            "Question": 5886722509724748453,
            "Answer": 7381216993378034912,
            "Reverse question": 5101956360706560620,
            "Reverse answer": 7221997031702484205,
            "Context": 7232820264347004115,
            "Extra": 8763284285749815684,
            "Source": 4625682770555667378,
            "Status": 6960334523796598626,
            "Note ID": 8077760574502848284,
            "Spare 1": 7004371752359349984,
            "Spare 2": 8074173771548302676,
            "Spare 3": 8072455024848982463,
        }
    ),
    templates=(
        _template("Ask", 7719429145128373193, gate="Question", question="Question", answer="Answer"),
        _template(
            "Reverse",
            5012127913701473888,
            gate="Reverse question",
            question="Reverse question",
            answer="Reverse answer",
        ),
    ),
    css=_CSS,
    is_cloze=False,
    mod=MOD,
)

_TRADEOFF = NoteType(
    key="tradeoff",
    name="Primer Trade-off",
    id=1621400058934,
    fields=_fields(
        {
            "Subject": 6319420241361587656,
            "Advantages question": 9151260068225364538,
            "Advantages": 8800662332586332631,
            "Disadvantages question": 5775981316773279596,
            "Disadvantages": 7981020921006808797,
            "Choice question": 6549834812691229716,
            "Choice": 8781206299472102083,
            "Context": 7467636447200025948,
            "Extra": 7945993531378035702,
            "Source": 6738627984602479381,
            "Status": 8858064119417284258,
            "Note ID": 7212245561640998225,
            "Spare 1": 7941463576565682962,
            "Spare 2": 4706234524472649461,
            "Spare 3": 4677434697111878861,
        }
    ),
    templates=(
        _template(
            "Advantages",
            6400584524844918032,
            gate="Advantages",
            question="Advantages question",
            answer="Advantages",
        ),
        _template(
            "Disadvantages",
            8869747862210381756,
            gate="Disadvantages",
            question="Disadvantages question",
            answer="Disadvantages",
        ),
        _template("Choice", 4967917264696511865, gate="Choice", question="Choice question", answer="Choice"),
    ),
    css=_CSS,
    is_cloze=False,
    mod=MOD,
)

_CLOZE = NoteType(
    key="cloze",
    name="Primer Cloze",
    id=1576920141534,
    fields=_fields(
        {
            "Text": 7368487180947714792,
            "Title": 7809158645656117774,
            "Context": 6985072749362733921,
            "Extra": 5660612643605207447,
            "Source": 6698420064686971961,
            "Kind": 8673842607501280524,
            "Status": 4949085627934546798,
            "Note ID": 7399979253649414812,
            "Spare 1": 8954224578993194044,
            "Spare 2": 5071678328702172677,
            "Spare 3": 8016068397952003383,
        }
    ),
    templates=(Template("Cloze", 5440178266359028091, front=_read("cloze_front.html"), back=_read("cloze_back.html")),),
    css=_CSS,
    is_cloze=True,
    mod=MOD,
)

NOTE_TYPES: Mapping[NoteTypeKey, NoteType] = MappingProxyType(
    {note_type.key: note_type for note_type in (_BASIC, _TRADEOFF, _CLOZE)}
)
