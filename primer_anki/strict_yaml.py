"""YAML, read strictly: a mapping of plain values, or an error with its line."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from primer_anki.diagnostic import Location, PrimerError

Trail: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and 0-based positions, outermost first."""


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML mapping that remembers where its values stand."""

    values: dict[str, object]
    path: str
    lines: Mapping[Trail, int]
    """1-based line of each key and list item."""

    def where(self, *trail: str | int) -> Location:
        """The place of a value; of the nearest thing around it where it has none of its own."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return Location(self.path, self.lines.get(trail, 0))


def load_mapping(text: str, path: str, first_line: int = 1, own: Container[str] | None = None) -> dict[str, object]:
    """Read a mapping; nothing at all is an empty one.

    `first_line` is the line of `path` on which `text` starts. Keys that are not in `own` are another program's, and may
    stand twice; None: all are ours. Raises PrimerError with line and column for
    broken YAML, a tag that is no plain value, a key that stands twice, an alias, or anything but a mapping.
    """
    return load_document(text, path, first_line, own).values


def load_document(text: str, path: str, first_line: int = 1, own: Container[str] | None = None) -> Document:
    """The same as `load_mapping`, with the lines."""
    try:
        return _load(text, path, first_line, own)
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise PrimerError(f"U+{error.character:04X} is not allowed in YAML", Location(path, line)) from None
    except yaml.MarkedYAMLError as error:
        raise PrimerError(_sentence(error), _location(error.problem_mark, path, first_line)) from None
    except RecursionError:
        raise PrimerError("the YAML is nested too deeply", Location(path, first_line)) from None


def _load(text: str, path: str, first_line: int, own: Container[str] | None) -> Document:
    loader = _Loader(text)
    loader.own = own
    try:
        node = loader.get_single_node()
        if node is None:
            return Document({}, path, {})
        values = loader.construct_document(node)
        if not isinstance(values, dict):
            raise _Problem("expected keys and values, such as `name: value`", node.start_mark)
        for key_node, _ in node.value:
            if not isinstance(loader.construct_object(key_node), str):
                raise _Problem("a key must be text", key_node.start_mark)
        return Document(values, path, {trail: line + first_line for trail, line in _lines(node)})
    finally:
        loader.dispose()


class _Problem(yaml.MarkedYAMLError):
    """Good YAML that we do not take."""

    def __init__(self, problem: str, mark: yaml.Mark) -> None:
        super().__init__(problem=problem, problem_mark=mark)


class _Loader(yaml.SafeLoader):
    """The safe loader without what surprises: keys that win silently over others, and aliases.

    Aliases make a few lines grow into billions of values, and nothing that we read needs them.
    """

    own: Container[str] | None = None
    """The keys that may not stand twice; None: none may."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise _Problem("aliases (`*name`) are not allowed", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise _Problem("a key must be a plain value", key_node.start_mark)
            if key in seen and (self.own is None or key in self.own):
                raise _Problem(f"the key `{key}` stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, ArithmeticError, LookupError, AttributeError):
            # How PyYAML's constructors fail on the 45th of a month, a number of 5,000 digits, `!!bool maybe`.
            raise _Problem(f"this is no {node.tag.rpartition(':')[2]}", node.start_mark) from None


def _lines(node: yaml.Node, trail: Trail = ()) -> Iterator[tuple[Trail, int]]:
    """(trail, 0-based line) of everything below a node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*trail, key.value)
            yield here, key.start_mark.line
            yield from _lines(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            here = (*trail, position)
            yield here, item.start_mark.line
            yield from _lines(item, here)


def _location(mark: yaml.Mark | None, path: str, first_line: int) -> Location:
    return Location(path, first_line + mark.line, mark.column + 1) if mark else Location(path, first_line)


def _sentence(error: yaml.MarkedYAMLError) -> str:
    """PyYAML's words for a problem, in ours where they would not help."""
    problem = error.problem or error.context or "broken"
    if isinstance(error, yaml.constructor.ConstructorError) and "could not determine a constructor" in problem:
        return f"the YAML tag {problem.rpartition(' ')[2]} is not allowed: only plain values are"
    return f"broken YAML: {problem}" if not isinstance(error, _Problem) else problem
