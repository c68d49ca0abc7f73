"""Cutting text out of spans."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from primer_anki.parser.document import Span, Spans, cut, cut_all, plain

leaves = st.one_of(
    st.text("ab .", max_size=4).map(lambda text: Span("text", text)),
    st.text("cd", min_size=1, max_size=3).map(lambda text: Span("code", text)),
    st.just(Span("break")),
    st.just(Span("image", "a picture", target="a.png")),
)
spans = st.lists(
    st.recursive(
        leaves, lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda c: Span("strong", children=tuple(c)))
    ),
    max_size=6,
).map(tuple)


@given(spans, st.lists(st.integers(0, 20), max_size=8))
def test_many_cuts_at_once_hold_the_text_of_each(content: Spans, places: list[int]) -> None:
    ends = sorted(min(place, len(plain(content))) for place in places)
    bounds = [(a, b) for a, b in zip(ends[0::2], ends[1::2], strict=False) if a < b]
    assert [plain(piece) for piece in cut_all(content, bounds)] == [plain(cut(content, a, b)) for a, b in bounds]
