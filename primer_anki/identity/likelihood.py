"""How likely it is that a draft is an old note: words of question and answer, heading, neighbours, rivals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from primer_anki.identity.similarity import Lexicon, Likeness, Text, postings, rare_words
from primer_anki.identity.vocabulary import FUNCTION_WORDS
from primer_anki.model import Face

ENOUGH = 0.7
"""From this score on a pair may be the same note."""
LEAD = 0.08
"""By so much it must be better than any rival that is free."""
_QUESTION, _ANSWER = 0.6, 0.4
_NEIGHBOURS, _PLACE = 0.14, 0.04
_SWAPPED = 1.25
_RETIRED_MORE = 0.04
_CANDIDATES = 8
_RARE_WORDS = 8
_CROWD = 100


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a pair; every figure 0 … 1."""

    question: float
    answer: float
    text: float
    """Question and answer together, each as far as it tells notes apart."""
    place: float
    neighbours: float
    total: float
    opposed: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    question: float
    answer: float
    text: float
    opposed: bool


class Surroundings:
    """What the matched notes say about the unmatched: renamed headings and files, and who stands beside whom."""

    def __init__(self, old: Sequence[Face], new: Sequence[Face], pairs: Mapping[int, int]) -> None:
        self._old, self._new = old, new
        self._renamed = _renames(old, new, pairs)
        silent = {i for i, face in enumerate(old) if face.retired}
        self._before = _anchors(range(len(old)), pairs, silent)
        self._after = _anchors(range(len(old) - 1, -1, -1), pairs, silent)
        matched = {j: j for j in pairs.values()}
        self._new_before = _anchors(range(len(new)), matched, frozenset())
        self._new_after = _anchors(range(len(new) - 1, -1, -1), matched, frozenset())

    def place(self, i: int, j: int) -> float:
        """Return 1 for the same place, or where the notes of the old place went; less for other headings."""
        old, new = self._old[i], self._new[j]
        if old.place == new.place or self._renamed.get(old.place) == new.place:
            return 1.0
        heads = set(old.trail) | set(new.trail)
        return 0.6 * len(set(old.trail) & set(new.trail)) / len(heads) if heads else 0.0

    def neighbours(self, i: int, j: int) -> float:
        """Return how surely the two stand between the same matched notes, at the same distance from them."""
        return (_beside(self._before[i], self._new_before[j]) + _beside(self._after[i], self._new_after[j])) / 2

    def gap(self, i: int) -> tuple[int, int]:
        """Return between which new faces an old one should be found."""
        return self._before[i][0], self._after[i][0]

    def new_gap(self, j: int) -> tuple[int, int]:
        return self._new_before[j][0], self._new_after[j][0]


def _renames(old: Sequence[Face], new: Sequence[Face], pairs: Mapping[int, int]) -> dict[object, object]:
    went: dict[object, Counter[object]] = {}
    for (place, now), count in Counter((old[i].place, new[j].place) for i, j in pairs.items()).items():
        went.setdefault(place, Counter())[now] = count
    return {place: found.most_common(1)[0][0] for place, found in went.items()}


def _anchors(numbers: Iterable[int], anchors: Mapping[int, int], silent: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return for each face the nearest anchor before it in this order (-1: none), and how far away it is."""
    found: dict[int, tuple[int, int]] = {}
    last, distance = -1, 0
    for number in numbers:
        found[number] = (last, distance)
        if number in anchors:
            last, distance = anchors[number], 0
        elif number not in silent:
            distance += 1
    return found


def _beside(old: tuple[int, int], new: tuple[int, int]) -> float:
    return 1 / (1 + 0.25 * abs(old[1] - new[1])) if old[0] == new[0] else 0.0


class Judge:
    """Compares questions and answers, seen against all questions and answers of the document."""

    def __init__(self, old: Sequence[Face], new: Sequence[Face]) -> None:
        self._old, self._new = old, new
        self._old_q, self._new_q = _each_once([face.question for face in old], [face.question for face in new])
        self._old_a, self._new_a = _each_once([face.answer for face in old], [face.answer for face in new])
        self.questions = Lexicon({text.key: text.words for text in (*self._old_q, *self._new_q)}.values())
        self.answers = Lexicon({text.key: text.words for text in (*self._old_a, *self._new_a)}.values())
        self._asked_before = Counter(text.key for text, face in zip(self._old_q, old, strict=True) if not face.retired)
        self._asked_after = Counter(text.key for text in self._new_q)
        self._cache: dict[tuple[int, int], _Words] = {}
        self._indexes: dict[str, tuple[Mapping[str, list[int]], Mapping[str, list[int]]]] = {}

    def question(self, i: int, j: int) -> Likeness:
        """Return how alike two questions are."""
        return self.questions.compare(self._old_q[i], self._new_q[j], soft=True)

    def answer(self, i: int, j: int) -> Likeness:
        """Return how alike two answers are."""
        return self.answers.compare(self._old_a[i], self._new_a[j], soft=len(self._old_a[i].words) < 8)

    def _words(self, i: int, j: int) -> _Words:
        """Return how alike two notes are in words: question and answer, each as far as it tells notes apart."""
        known = self._cache.get((i, j))
        if known is None:
            question, answer = self.question(i, j), self.answer(i, j)
            asked = max(self._asked_before[self._old_q[i].key], self._asked_after[self._new_q[j].key], 1)
            text = _together(question, answer, asked)
            known = self._cache[i, j] = _Words(question.score, answer.score, text, question.opposed or question.denied)
        return known

    def weigh(self, i: int, j: int, around: Surroundings) -> Evidence:
        """Return what speaks for a pair."""
        found, place, neighbours = self._words(i, j), around.place(i, j), around.neighbours(i, j)
        total = min(1.0, found.text + _NEIGHBOURS * neighbours + _PLACE * place)
        return Evidence(found.question, found.answer, found.text, place, neighbours, total, found.opposed)

    def is_enough(self, evidence: Evidence, *, retired: bool) -> bool:
        """Tell whether a pair is alike enough to be one note."""
        return evidence.total >= ENOUGH + (_RETIRED_MORE if retired else 0.0)

    def lead_over_taken(
        self, i: int, j: int, evidence: Evidence, taken: Collection[int], given: Collection[int]
    ) -> float:
        """Return by how much the pair's words are more alike than with any note that is matched already.

        `taken` are the old ones, `given` the new ones that are matched. A draft that resembles a living note more
        than the one that is gone resembles both by its pattern only.
        """
        rivals = [self._words(k, j).text for k in self._nearest_old(j, i) if k in taken] if taken else []
        rivals += [self._words(i, k).text for k in self._nearest_new(i, j) if k in given] if given else []
        return evidence.text - max(rivals, default=0.0) + _NEIGHBOURS * evidence.neighbours

    def candidates(self, olds: Sequence[int], news: Sequence[int], around: Surroundings) -> Iterator[tuple[int, int]]:
        """Return the pairs worth a look: with rare words in common, or in the same gap between matched notes."""
        in_questions = postings({i: self._old_q[i].words for i in olds})
        in_answers = postings({i: self._old_a[i].words for i in olds})
        gaps: dict[tuple[int, int], list[int]] = {}
        for i in olds:
            gaps.setdefault(around.gap(i), []).append(i)
        for j in news:
            found = self._shared(j, in_questions, in_answers)
            best = _best(found)
            beside = gaps.get(around.new_gap(j), [])
            for i in {*best, *(beside if len(beside) <= _CANDIDATES else ())}:
                if (self._old[i].note_type, self._old[i].side) == (self._new[j].note_type, self._new[j].side):
                    yield i, j

    def _shared(
        self, j: int, in_questions: Mapping[str, list[int]], in_answers: Mapping[str, list[int]]
    ) -> Mapping[int, float]:
        found: dict[int, float] = {}
        _add_overlap(found, self.questions, self._new_q[j].words, in_questions)
        _add_overlap(found, self.answers, self._new_a[j].words, in_answers)
        return found

    def _nearest_old(self, j: int, but: int) -> Sequence[int]:
        return self._nearest("old", self._new_q[j], self._new_a[j], self._new[j], but)

    def _nearest_new(self, i: int, but: int) -> Sequence[int]:
        return self._nearest("new", self._old_q[i], self._old_a[i], self._old[i], but)

    def _nearest(self, side: str, question: Text, answer: Text, face: Face, but: int) -> Sequence[int]:
        faces = self._old if side == "old" else self._new
        if side not in self._indexes:
            questions, answers = (self._old_q, self._old_a) if side == "old" else (self._new_q, self._new_a)
            self._indexes[side] = (
                postings({n: text.words for n, text in enumerate(questions)}),
                postings({n: text.words for n, text in enumerate(answers)}),
            )
        in_questions, in_answers = self._indexes[side]
        found: dict[int, float] = {}
        _add_overlap(found, self.questions, question.words, in_questions)
        _add_overlap(found, self.answers, answer.words, in_answers)
        near = _best(found)
        kind = (face.note_type, face.side)
        return [n for n in near if n != but and (faces[n].note_type, faces[n].side) == kind]


def _each_once(old: Sequence[str], new: Sequence[str]) -> tuple[list[Text], list[Text]]:
    """Make texts ready for comparing, equal ones once: most old ones are new ones too."""
    made = {text: Text.of(text) for text in {*old, *new}}
    return [made[text] for text in old], [made[text] for text in new]


def _together(question: Likeness, answer: Likeness, asked: int) -> float:
    """Return how alike two notes are, whose question is asked so many times in the document."""
    by_question = _QUESTION * min(1.0, question.weight / 1.2) / asked
    by_answer = _ANSWER * min(1.0, answer.weight / 3.0)
    if by_question + by_answer < 0.15:
        return 0.0  # nothing that tells one note from another
    asks, tells = _grown(question, 0.5), _grown(answer, 0.8)
    score = (by_question * asks + by_answer * tells) / (by_question + by_answer)
    support = tells * min(1.0, answer.weight / 3.0)
    score -= _SWAPPED * question.swapped * (1 - support)
    return score * _doubtful(question, answer, support)


def _grown(found: Likeness, share: float) -> float:
    """Return the score of a text that may have grown or shrunk: all of the shorter one stands in the longer one.

    The shorter one must say something: "What is a pod?" stands in "What is a pod template?".
    """
    told = min(1.0, max(0.0, found.least - 2.0) / 3.0)
    return max(found.score, found.score + (found.inside - found.score) * share * told)


def _doubtful(question: Likeness, answer: Likeness, support: float) -> float:
    """Return the factor for questions that look alike and ask for something else; an answer that stays outweighs it."""
    if question.opposed and answer.score < 1.0:
        return 0.5
    if (answer.opposed or answer.denied) and question.swapped > 0.1:
        return 0.6
    if question.denied and support < 0.75 and (question.weight < 6 or question.score > 0.75):
        return 0.6  # in a long question that changed a lot, a "not" more says nothing
    if question.swapped > 0.05 and support < 0.35 and answer.least >= 1.5:
        return 0.8  # something else is asked, and something else is answered
    if question.turned and answer.score < 0.8:
        return 0.6  # from A to B, from B to A
    return 0.6 if _is_another_thing(question, answer) else 1.0


def _is_another_thing(question: Likeness, answer: Likeness) -> bool:
    """Tell whether a word gave way to another in the question, and the same two in the answer: then it is a sibling.

    A long question may rename its example all through.
    """
    renamed = _stands_in(question.gone, answer.gone) and _stands_in(question.come, answer.come)
    return renamed and question.weight * question.score < 6.0


def _stands_in(asked: frozenset[str], told: frozenset[str]) -> bool:
    """Tell whether a word of the question stands in the answer, be it in another form: "annotations", "annotate"."""
    naming = [word for word in asked - FUNCTION_WORDS if word.isalpha()]
    return any(a == t or (len(a) > 4 < len(t) and a[:5] == t[:5]) for a in naming for t in told)


def _best(found: Mapping[int, float]) -> list[int]:
    """Return those that share most, without those that share far less than the first."""
    near = nsmallest(_CANDIDATES, found, key=lambda number: (-found[number], number))
    return [number for number in near if found[number] >= 0.3 * found[near[0]]]


def _add_overlap(
    found: dict[int, float], lexicon: Lexicon, words: Collection[str], index: Mapping[str, list[int]]
) -> None:
    """Add for each text that shares rare words with this one how much those words tell."""
    for word in rare_words(lexicon, words, _RARE_WORDS):
        numbers = index.get(word, ())
        if len(numbers) <= _CROWD:
            weight = lexicon.weight(word)
            for number in numbers:
                found[number] = found.get(number, 0.0) + weight
