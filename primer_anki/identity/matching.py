"""Which draft is which note of the ledger. Pure: values in, values out.

Stage after stage, each over what the earlier ones left, from what is certain to what is only likely. A pair that is
only likely counts when it is alike enough *and* clearly better than its rivals: to lose a history is bad, to plant
one on another question is worse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from primer_anki.identity.assignment import advantage, best_assignment
from primer_anki.identity.likelihood import ENOUGH, LEAD, Evidence, Judge, Surroundings
from primer_anki.identity.words import key
from primer_anki.model import Face
from primer_anki.value import Value


class Pair(Value, frozen=True):
    """A draft that is a note of the ledger, and why."""

    old: int
    """Which of the old faces."""
    new: int
    """Which of the new faces."""
    stage: str
    """`id`, `content`, `question`, `answer`, `likeness`; `retired-…` where the note was retired before."""
    evidence: Evidence | None = None
    """The scores, where likeness decided."""
    lead: float = 0.0
    """How much better it is than its best rival, where likeness decided."""


class Doubt(Value, frozen=True):
    """A draft that may be one of several notes, or one of several drafts that may be a note: it stays unmatched."""

    new: int
    candidates: tuple[tuple[int, float], ...]
    """Which of the old faces, and how likely; best first."""
    rivals: tuple[int, ...]
    """Other new faces that claim the best candidate."""


class Matched(Value, frozen=True):
    """What matching found."""

    pairs: tuple[Pair, ...]
    doubts: tuple[Doubt, ...]


def match(old: Sequence[Face], new: Sequence[Face]) -> Matched:
    """Return which new face is which old one; both in reading order, retired ones among the old where they stood."""
    search = _Search(old, new)
    search.by_id()
    search.certain(retired=False)
    if search.is_open(retired=False):
        search.likely(retired=False)
    if search.is_open(retired=True):
        search.certain(retired=True)
        search.likely(retired=True)
    return Matched(tuple(search.pairs), tuple(search.doubts.values()))


KeyOf = Callable[[Face], Hashable | None]


class _Search:
    """The state of one search: what is still open on both sides."""

    def __init__(self, old: Sequence[Face], new: Sequence[Face]) -> None:
        self.old, self.new = old, new
        self.open_old = dict.fromkeys(range(len(old)))
        self.open_new = dict.fromkeys(range(len(new)))
        self.pairs: list[Pair] = []
        self.doubts: dict[int, Doubt] = {}
        self._judge: Judge | None = None

    # — what is open —

    def is_open(self, *, retired: bool) -> bool:
        """Tell whether a draft and an old note are left."""
        return bool(self.open_new) and any(self.old[i].retired == retired for i in self.open_old)

    def left(self, *, retired: bool) -> list[int]:
        return [i for i in self.open_old if self.old[i].retired == retired]

    def take(self, pair: Pair) -> None:
        del self.open_old[pair.old], self.open_new[pair.new]
        self.doubts.pop(pair.new, None)
        self.pairs.append(pair)

    @property
    def judge(self) -> Judge:
        if self._judge is None:
            self._judge = Judge(self.old, self.new)
        return self._judge

    # — stage 1 —

    def by_id(self) -> None:
        """Match what the author named: by his own id, or by the GUID where he pins a note."""
        if not any(face.id for face in self.new):
            return
        named: dict[Hashable, int] = {}
        for i, face in enumerate(self.old):
            named.setdefault((face.note_type, face.side, face.guid), i)
        for i, face in enumerate(self.old):
            if face.id:
                named[(face.note_type, face.side, face.id)] = i
        for j, face in enumerate(self.new):
            found = named.get((face.note_type, face.side, face.id)) if face.id else None
            if found is not None and found in self.open_old:
                self.take(Pair(found, j, "id"))

    # — stages 2 to 4 —

    def certain(self, *, retired: bool) -> None:
        """Match by equality: everything, the content, the words, the question, the answer."""
        name = "retired-" if retired else ""
        for key_of in _CONTENT_KEYS:
            self._zip(f"{name}content", key_of, retired=retired)
        for key_of in _WORD_KEYS:
            if self.is_open(retired=retired):
                self._zip(f"{name}content", key_of, retired=retired, even=True)
        if self.is_open(retired=retired):
            self._unique(f"{name}question", _place_question, retired=retired, holds=None)
            self._unique(f"{name}question", _question, retired=retired, holds=self._is_same_question)
            self._unique(f"{name}answer", _answer, retired=retired, holds=self._is_same_answer)

    def _groups(self, key_of: KeyOf, *, retired: bool) -> list[tuple[list[int], list[int]]]:
        groups: dict[Hashable, tuple[list[int], list[int]]] = {}
        for i in self.left(retired=retired):
            found = key_of(self.old[i])
            if found is not None:
                groups.setdefault(found, ([], []))[0].append(i)
        for j in self.open_new:
            found = key_of(self.new[j])
            if found in groups:
                groups[found][1].append(j)
        return [group for group in groups.values() if group[1]]

    def _zip(self, stage: str, key_of: KeyOf, *, retired: bool, even: bool = False) -> None:
        """Match those with the same key in reading order; with `even` only where as many are on both sides."""
        for olds, news in self._groups(key_of, retired=retired):
            if even and len(olds) != len(news):
                continue
            for i, j in _in_order(self, olds, news):
                self.take(Pair(i, j, stage))

    def _unique(
        self, stage: str, key_of: KeyOf, *, retired: bool, holds: Callable[[int, int, Surroundings], bool] | None
    ) -> None:
        """Match those whose key nobody else has, on either side, matched or not."""
        groups = self._groups(key_of, retired=retired)
        if not groups:
            return
        around = self._surroundings() if holds else None
        before = Counter(key_of(face) for face in self.old if not face.retired)
        after = Counter(key_of(face) for face in self.new)
        for olds, news in groups:
            i, j = olds[0], news[0]
            found = key_of(self.new[j])
            alone = len(olds) == 1 and len(news) == 1 and before[found] <= 1 and after[found] == 1
            if alone and self._may_be(i, j) and not (holds and around and not holds(i, j, around)):
                self.take(Pair(i, j, stage))

    def _may_be(self, i: int, j: int) -> bool:
        """Tell whether the author has not said that they are two."""
        return not self.old[i].id or not self.new[j].id or self.old[i].id == self.new[j].id

    def _is_same_question(self, i: int, j: int, around: Surroundings) -> bool:
        """Tell whether an equal question at another place is the same: "Limitations?" alone says too little."""
        question, answer = self.judge.question(i, j), self.judge.answer(i, j)
        if around.place(i, j) >= 0.9:
            return True
        return (question.weight >= 1.2 and (answer.score >= 0.15 or answer.weight < 1.5)) or answer.score >= 0.5

    def _is_same_answer(self, i: int, j: int, around: Surroundings) -> bool:
        """Tell whether an equal answer is enough: one that says something, to a question that is not the opposite."""
        question, answer = self.judge.question(i, j), self.judge.answer(i, j)
        if answer.weight < (4.0 if question.denied else 2.0) or question.opposed:
            return False
        return question.score >= 0.2 or around.neighbours(i, j) >= 0.9 or around.place(i, j) >= 0.9

    # — stages 5 and 6 —

    def _surroundings(self) -> Surroundings:
        return Surroundings(self.old, self.new, {pair.old: pair.new for pair in self.pairs})

    def likely(self, *, retired: bool) -> None:
        """Match by likeness: the best assignment, and again with what it taught, until nothing more is found."""
        reserved = set() if retired else self._twins_of_retired()
        while self._assign(retired=retired, reserved=reserved):
            pass

    def _twins_of_retired(self) -> set[int]:
        """Return the drafts that are word for word a retired note: they come back as that one."""
        gone = {_all_words(self.old[i]) for i in self.left(retired=True)}
        return {j for j in self.open_new if _all_words(self.new[j]) in gone} if gone else set()

    def _assign(self, *, retired: bool, reserved: set[int]) -> bool:
        olds = self.left(retired=retired)
        news = [j for j in self.open_new if j not in reserved]
        around = self._surroundings()
        evidence = {
            (i, j): self.judge.weigh(i, j, around)
            for i, j in self.judge.candidates(olds, news, around)
            if self._may_be(i, j)
        }
        scores: dict[int, dict[int, float]] = {}
        for (i, j), each in evidence.items():
            if each.total > 0.3:
                scores.setdefault(i, {})[j] = each.total
        pairs = best_assignment(scores)
        leads = advantage(scores, pairs)
        taken, given = {pair.old for pair in self.pairs}, {pair.new for pair in self.pairs}
        found = False
        for i, j in pairs.items():
            each = evidence[i, j]
            if not self.judge.is_enough(each, retired=retired):
                continue
            lead = min(leads[i], self.judge.lead_over_taken(i, j, each, taken, given))
            if lead >= LEAD:
                self.take(Pair(i, j, "retired-likeness" if retired else "likeness", each, lead))
                found = True
            elif leads[i] < LEAD:
                self.doubts[j] = _doubt(i, j, scores)
        return found


def _doubt(i: int, j: int, scores: Mapping[int, Mapping[int, float]]) -> Doubt:
    claims = sorted(((row[j], -old) for old, row in scores.items() if row.get(j, 0) >= ENOUGH - LEAD), reverse=True)
    rivals = tuple(new for new, score in scores[i].items() if new != j and score >= scores[i][j] - LEAD)
    return Doubt(j, tuple((-old, round(score, 3)) for score, old in claims), rivals)


def _in_order(search: _Search, olds: Sequence[int], news: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Return pairs in reading order, as far as the author's ids allow."""
    free = list(news)
    for i in olds:
        for j in free:
            if search._may_be(i, j):
                free.remove(j)
                yield i, j
                break


# — the keys of the stages: None takes no part —


def _fingerprint(face: Face) -> Hashable | None:
    return (face.note_type, face.fingerprint) if face.fingerprint else None


def _body_here(face: Face) -> Hashable | None:
    return (face.note_type, face.side, face.body, face.place) if face.body else None


def _body_near(face: Face) -> Hashable | None:
    return (face.note_type, face.side, face.body, face.trail[-1:]) if face.body else None


def _body(face: Face) -> Hashable | None:
    return (face.note_type, face.side, face.body) if face.body else None


def _all_words(face: Face) -> Hashable | None:
    return (face.note_type, face.side, key(face.question), face.answer.casefold())


def _all_words_here(face: Face) -> Hashable | None:
    return (_all_words(face), face.place)


def _place_question(face: Face) -> Hashable | None:
    return (face.note_type, face.side, key(face.question), face.place)


def _question(face: Face) -> Hashable | None:
    return (face.note_type, face.side, key(face.question))


def _answer(face: Face) -> Hashable | None:
    return (face.note_type, face.side, face.answer.casefold()) if face.answer else None


_CONTENT_KEYS: tuple[KeyOf, ...] = (_fingerprint, _body_here, _body_near, _body)
_WORD_KEYS: tuple[KeyOf, ...] = (_all_words_here, _all_words)
