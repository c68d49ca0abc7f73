"""The estimates of the exercises follow from the assumptions on their pages.

A page holds two tables: `Assumption | Symbol | Value` and `Estimate | Formula | Result`. A symbol is a Python name, a
formula a Python expression over the symbols, a value a number with its unit: `10 M / month`, `1.27 KB`, `20 %`. A
result may be rounded, to the last digit that it shows that is not a zero, but never by more than a twentieth.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from primer_anki.parser.document import Block, plain
from primer_anki.parser.markdown import parse, split_front_matter

PAGES = sorted((Path(__file__).resolve().parent.parent / "content" / "exercises").glob("*.md"))
ASSUMPTIONS = ("Assumption", "Symbol", "Value")
ESTIMATES = ("Estimate", "Formula", "Result")
FEWEST = 3
MOST_ROUNDING = 0.05
MOST_UNTOLD = 0.25
"""Of a page's figures, those that stand in the table alone."""

_VALUE = re.compile(
    r"""(?<![\w.,^])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)
    (?:\s*(?P<percent>%)|\s?(?P<prefix>[kKMGTP]i?)(?=B|bit|\W|$)|\s(?P<word>thousand|[mb]illion|trillion)\b)?""",
    re.VERBOSE,
)
_UNIT = re.compile(r"[\w\s/.-]*")
_SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "log2": math.log2,
    "max": max,
    "min": min,
    "round": round,
    "sqrt": math.sqrt,
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a page shows it, in units without a prefix."""

    value: float
    step: float
    """What its last digit counts that is not a zero: 100 for 1,600; 0.01 for 1.27."""


@dataclass(frozen=True, slots=True)
class Estimate:
    name: str
    formula: str
    result: str


@dataclass(frozen=True, slots=True)
class Page:
    assumptions: tuple[tuple[str, str], ...]
    """Symbols and values, as written."""
    estimates: tuple[Estimate, ...]
    told: tuple[float, ...]
    """The numbers outside these tables, which learners see on cards."""

    @property
    def symbols(self) -> dict[str, float]:
        return {symbol: quantity(value).value for symbol, value in self.assumptions}


def read(text: str) -> Page:
    _, body, first_line = split_front_matter(text)
    sections = parse(body, "page.md", first_line=first_line).sections
    tables = [block for section in sections for block in section.blocks if block.kind == "table"]
    ours = {
        line
        for table in tables
        if _heads(table) in (ASSUMPTIONS, ESTIMATES)
        for line in range(table.line, table.end + 1)
    }
    prose = "\n".join(line for n, line in enumerate(body.splitlines(), first_line) if n not in ours)
    return Page(
        assumptions=tuple((symbol, value) for _, symbol, value in _rows(tables, ASSUMPTIONS)),
        estimates=tuple(Estimate(*row) for row in _rows(tables, ESTIMATES)),
        told=tuple(_quantity(found).value for found in _VALUE.finditer(prose)),
    )


def _rows(tables: list[Block], heads: tuple[str, str, str]) -> Iterator[tuple[str, str, str]]:
    for table in tables:
        if _heads(table) == heads:
            for first, second, third in table.rows[1:]:
                yield plain(first), plain(second), plain(third)


def _heads(table: Block) -> tuple[str, ...]:
    return tuple(plain(cell) for cell in table.rows[0])


def quantity(text: str) -> Quantity:
    """A cell that holds one number with its unit; raises ValueError for any other."""
    found = _VALUE.match(text)
    if not found or not _UNIT.fullmatch(text, found.end()):
        raise ValueError(f"no number with a unit: {text}")
    return _quantity(found)


def _quantity(found: re.Match[str]) -> Quantity:
    digits = found["number"].replace(",", "")
    _, _, decimals = digits.partition(".")
    step = 10.0 ** -len(decimals) if decimals else 10.0 ** (len(digits) - len(digits.rstrip("0")))
    scale = 0.01 if found["percent"] else _WORDS.get(found["word"], 1.0)
    if found["prefix"]:
        scale = _SCALES[found["prefix"][0]]
        if found["prefix"].endswith("i"):
            scale = 1024 ** (round(math.log10(scale)) // 3)
    return Quantity(float(digits) * scale, step * scale)


def compute(formula: str, symbols: dict[str, float]) -> float:
    """What a formula gives; raises ValueError where it holds more than arithmetic on symbols."""
    return _value(ast.parse(formula, mode="eval").body, symbols)


def _value(node: ast.expr, symbols: dict[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name) if name in symbols:
            return symbols[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, symbols)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _BINARY:
            return _BINARY[type(sign)](_value(left, symbols), _value(right, symbols))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(each, symbols) for each in args))
    raise ValueError(f"no arithmetic on the page's symbols: {ast.unparse(node)}")


def holds(estimate: Estimate, symbols: dict[str, float]) -> bool:
    """Whether the result is what the formula gives, rounded as it shows."""
    shown, exact = quantity(estimate.result), compute(estimate.formula, symbols)
    allowed = min(shown.step / 2, MOST_ROUNDING * abs(exact))
    return abs(shown.value - exact) <= allowed * (1 + 1e-9)


@cache
def page(path: Path) -> Page:
    return read(path.read_text(encoding="utf-8"))


every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
every_estimate = pytest.mark.parametrize(
    ("path", "estimate"),
    [pytest.param(path, each, id=f"{path.stem}: {each.name}") for path in PAGES for each in page(path).estimates],
)


@every_page
def test_a_page_has_estimates(path: Path) -> None:
    assert len(page(path).estimates) >= FEWEST


@every_page
def test_symbols_are_names_of_their_own(path: Path) -> None:
    symbols = [symbol for symbol, _ in page(path).assumptions]
    assert [symbol for symbol in symbols if not symbol.isidentifier() or symbol in _FUNCTIONS] == []
    assert len(symbols) == len(set(symbols))


@every_estimate
def test_an_estimate_follows_from_the_assumptions(path: Path, estimate: Estimate) -> None:
    exact = compute(estimate.formula, page(path).symbols)
    assert holds(estimate, page(path).symbols), f"{estimate.formula} = {exact:,.4g}, not {estimate.result}"


@every_page
def test_cards_tell_the_figures(path: Path) -> None:
    """Nearly each: a figure on a card is typed once more, and must not go stale when its table changes."""
    untold = [each for each in page(path).estimates if not _told(each, page(path).told)]
    assert len(untold) <= MOST_UNTOLD * len(page(path).estimates), untold


def _told(estimate: Estimate, numbers: tuple[float, ...]) -> bool:
    shown = quantity(estimate.result).value
    return any(math.isclose(shown, number, rel_tol=MOST_ROUNDING) for number in numbers)


PAGE = """
| Assumption | Symbol | Value |
|---|---|---|
| Writes | `writes` | 10 M / month |
| Size of an item | `size` | 1.27 KB |
| A month | `month` | 2.5 M s |

| Estimate | Formula | Result |
|---|---|---|
| An estimate | `{formula}` | {result} |
"""


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("writes / month", "4 / s"),
        ("writes * size", "12.7 GB / month"),
        ("writes * size", "13 GB / month"),
        ("36 * writes * size", "457 GB"),
        ("36 * writes", "360 million"),
        ("writes / 2_592_000", "3.9 / s"),
        ("writes / 2_592_000", "4 / s"),
        ("1 / writes * 1e4", "0.1 %"),
        ("ceil(36 * size / 10_000)", "5 servers"),
        ("4 * 1024", "4 KiB"),
    ],
)
def test_a_right_figure_holds(formula: str, result: str) -> None:
    ours = read(PAGE.format(formula=formula, result=result))
    assert holds(ours.estimates[0], ours.symbols)


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("writes / month", "5 / s"),
        ("writes / month", "4 k / s"),
        ("writes * size", "12.8 GB / month"),
        ("writes * size", "12.7 MB / month"),
        ("writes * size", "10 GB / month"),
        ("36 * writes * size", "450 GB"),
        ("36 * writes", "360 billion"),
        ("1 / writes * 1e4", "0.1"),
    ],
)
def test_a_wrong_figure_is_found(formula: str, result: str) -> None:
    ours = read(PAGE.format(formula=formula, result=result))
    assert not holds(ours.estimates[0], ours.symbols)


@pytest.mark.parametrize("formula", ["writes / seconds", "open('x')", "writes.real", "max(writes, key=size)", "'10'"])
def test_a_formula_is_arithmetic(formula: str) -> None:
    ours = read(PAGE.format(formula=formula, result="1"))
    with pytest.raises(ValueError, match="no arithmetic"):
        compute(formula, ours.symbols)


@pytest.mark.parametrize("text", ["", "many", "10 M; 20 M", "about 10", "10 × 20 KB"])
def test_a_value_is_one_number(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        quantity(text)
