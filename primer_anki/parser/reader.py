"""A language profile made ready to read with: what marks a question, a side, a step, a thing to skip."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache

from primer_anki.parser import languages
from primer_anki.parser.card import SideKind
from primer_anki.parser.languages.profile import Profile
from primer_anki.text import count_words as count_words
from primer_anki.text import sentences as sentences
from primer_anki.value import Value

_PLURAL_MARK = re.compile(r"(?<=\w)\((s|e|es|n|en|ens|ns)\)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_JOINED = re.compile(r"\s*(?:[,/&+、]|\b(?:and|or|y|e|et|und|o)\b|と|和|與|与|및|或)\s*")
_COLON = re.compile(r"\s*:\s*")
_SPACES = re.compile(r"\s+")
_CLAUSE_END = re.compile(r"[,，、;；](?:\s|(?<=[，、；]))")
_GAP = re.compile(r"\s+(?=\S)|(?<=[\u3041-\u3096的])(?![\u3041-\u3096])")
_LEAST_SHOWN, _MOST_SHOWN = 0.3, 0.6
"""How much of a sentence a question shows that asks for its end."""
_ENOUGH_SHOWN = 48
"""Characters that are enough of a long sentence; half as many where each says more."""
_BEGINS, _ASIDE_WORDS = 12, 20
"""Characters in which an aside begins a sentence; words of a sentence that is nothing else."""
_INSIDE = re.compile(r"[^\W_]")
_MARK = r"(?:\s*(?:#|no\.?)?\s*\d{1,4})?"
_QUESTION_END = re.compile(r"[?？؟⁇‽][)\]）」』\"'”’*_\s]*$")


@lru_cache(maxsize=4096)
def normal(words: str) -> str:
    """A phrase for comparison: NFKC, case folded, `(s)` read as `s`, one space between words, no edge punctuation."""
    words = unicodedata.normalize("NFKC", words).casefold().replace("’", "'")
    if "(" in words:
        words = _PLURAL_MARK.sub(r"\1", words)
    first = _INSIDE.search(words)
    if first is None:
        return ""
    end = len(words)
    while not words[end - 1].isalnum():
        end -= 1
    return " ".join(words[first.start() : end].split())


def _unbracketed(heading: str) -> str:
    """A heading without brackets at its end."""
    return _BRACKETS.sub("", heading) if heading.rstrip().endswith((")", "）")) else heading


class Head(Value, frozen=True):
    """A heading or lead that opens one side of a trade-off."""

    side: SideKind
    subject: str
    """As written; empty where the head names none."""
    against: bool = False
    """When *not* to use."""


_remembered = lru_cache(maxsize=4096)
"""For what is asked of the same heading by one pattern after the other; readers live as long as the program."""


class Reader:
    """One profile's words, compiled. Stateless after that; made once a language."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.wording = profile.wording
        self._skip = frozenset(normal(p) for p in profile.skip)
        self._skip_links = frozenset(normal(p) for p in profile.skip_links)
        self._intro = frozenset(normal(p) for p in profile.intro)
        self._generic = frozenset(normal(p) for p in profile.generic)
        self._reveal = frozenset(normal(p) for p in profile.reveal)
        self._aspects = frozenset(normal(p) for p in profile.aspects)
        self._qualifiers = frozenset(normal(p) for p in profile.qualifiers)

    # -- marks before a text -------------------------------------------------------------------------------

    @cached_property
    def question_mark(self) -> re.Pattern[str]:
        """`Q:`, `Question 3.`; the match ends where the question starts."""
        return _marks(self.profile.question)

    @cached_property
    def answer_mark(self) -> re.Pattern[str]:
        return _marks(self.profile.answer)

    @cached_property
    def step_mark(self) -> re.Pattern[str]:
        return re.compile("(?:" + "|".join(self.profile.step) + ")", re.IGNORECASE)

    # -- whole headings ------------------------------------------------------------------------------------

    @_remembered
    def skips(self, heading: str) -> bool:
        """A section that never gives a card: contents, sources, licence."""
        whole = normal(_unbracketed(heading))
        if whole in self._skip:
            return True
        if len(subject := _COLON.split(whole, maxsplit=1)) > 1 and subject[0].strip() in self._skip:
            return True
        parts = [part for part in _JOINED.split(whole) if part]
        return len(parts) > 1 and all(part in self._skip for part in parts)

    def collects_links(self, heading: str) -> bool:
        """A heading that names a collection of links where its section is one: `index`, `links`."""
        return normal(_unbracketed(heading)) in self._skip_links

    def advertises(self, heading: str) -> bool:
        return normal(heading) in self._intro

    @_remembered
    def generic(self, heading: str) -> bool:
        """A heading that names no subject of its own."""
        return normal(heading) in self._generic

    @_remembered
    def names(self, heading: str) -> bool:
        """Whether a heading names something: no side of a trade-off, and no part that any section may have."""
        return not self.generic(heading) and self.head(heading) is None

    def reveals(self, summary: str) -> bool:
        """A summary that only opens the answer."""
        words = normal(summary)
        return not words or words in self._reveal or bool(self.answer_mark.fullmatch(words + ":"))

    def aspect(self, head: str) -> bool:
        """The head of a comparison table's first column."""
        return not normal(head) or normal(head) in self._aspects

    @cached_property
    def _ask(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self.profile.asks})", re.IGNORECASE)

    @cached_property
    def _order(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self.profile.orders})", re.IGNORECASE)

    @cached_property
    def _ask_end(self) -> re.Pattern[str] | None:
        return re.compile(f"(?:{self.profile.asks_end})[。.」』）)]*$") if self.profile.asks_end else None

    @_remembered
    def asks(self, words: str, *, orders: bool = True) -> bool:
        """Whether a heading or bullet asks something, with or without its question mark.

        `orders`: whether an imperative ("Explain …") counts too.
        """
        words = unicodedata.normalize("NFKC", words).strip()
        if _QUESTION_END.search(words):
            return True
        if words.endswith((":", ".")):  # a statement, unless it is an order
            return orders and self._order.match(words) is not None
        if words.endswith(("!", ";")) or len(words) < (6 if words.isascii() else 3):
            return False
        if self._ask_end and self._ask_end.search(words):
            return True
        return bool(self._ask.match(words) or (orders and self._order.match(words)))

    def begins_question(self, words: str) -> bool:
        """Whether a text starts as questions do (`why …`)."""
        return bool(self._ask.match(words))

    def question_marked(self, words: str) -> bool:
        """Whether a text ends with a question mark."""
        return bool(_QUESTION_END.search(words))

    # -- trade-offs ----------------------------------------------------------------------------------------

    @cached_property
    def _sides(self) -> dict[str, tuple[SideKind, bool]]:
        kinds: tuple[tuple[tuple[str, ...], SideKind, bool], ...] = (
            (self.profile.advantages, "advantages", False),
            (self.profile.disadvantages, "disadvantages", False),
            (self.profile.fits, "choice", False),
            (self.profile.unfits, "choice", True),
        )
        return {normal(phrase): (side, against) for phrases, side, against in kinds for phrase in phrases}

    @cached_property
    def _side_patterns(self) -> tuple[re.Pattern[str], ...]:
        longest_first = sorted(self._sides, key=len, reverse=True)
        side = "(?P<side>" + "|".join(re.escape(phrase) for phrase in longest_first) + ")"
        return tuple(re.compile(p.replace("{side}", side), re.IGNORECASE) for p in self.profile.subject)

    @cached_property
    def _any_side(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self._sides)) or "(?!)")

    @_remembered
    def head(self, words: str) -> Head | None:
        """Which side of a trade-off a heading or lead opens, and whose."""
        whole = normal(words)
        if found := self._sides.get(whole):
            return Head(found[0], "", found[1])
        if len(whole) > 90:
            return None
        written = (
            _SPACES.sub(" ", _PLURAL_MARK.sub(r"\1", unicodedata.normalize("NFKC", words)))
            .replace("’", "'")
            .strip(" *_:?.")
        )
        if written.isascii() and not self._any_side.search(written.lower()):
            return None  # the patterns take ten times as long
        for pattern in self._side_patterns:
            match = pattern.fullmatch(written)
            if match is None:
                continue
            side, against = self._sides[normal(match["side"])]
            subject = match["subject"].strip(" *_:-–—?.")
            if normal(subject) in self._qualifiers:
                return Head(side, "", against)
            if self._plausible(subject):
                return Head(side, subject, against)
        return None

    def _plausible(self, subject: str) -> bool:
        """A subject is a name, neither the other side nor a clause."""
        return 0 < count_words(subject) <= 8 and normal(subject) not in self._sides

    def versus(self, words: str) -> tuple[str, str] | None:
        """The two things of `A vs. B`."""
        lower = words.casefold()
        for between in self.profile.versus:
            at = lower.find(between.casefold())
            if at > 0 and len(words) < 90:
                left, right = words[:at].strip(), words[at + len(between) :].strip(" ?:.")
                if left and right:
                    return left, right
        return None

    # -- sentences -----------------------------------------------------------------------------------------

    @cached_property
    def _is_a(self) -> re.Pattern[str]:
        return re.compile(self.profile.is_a, re.IGNORECASE)

    def defines(self, rest: str) -> bool:
        """Whether what follows a term says what it is."""
        return bool(self._is_a.match(unicodedata.normalize("NFKC", rest)))

    def pairs(self, name: str) -> bool:
        """Whether a heading names two things (`进程与线程`)."""
        return len(self.parts(name)) > 1

    def parts(self, name: str) -> tuple[str, ...]:
        """What a heading names, normalised: one thing, or several that are joined."""
        return tuple(part for part in _JOINED.split(normal(_unbracketed(name))) if part)

    def singular(self, name: str) -> str:
        """A name without the ending of its plural, roughly; the name itself where there is none."""
        return re.sub(r"(?<=\w)(?:ies|es|s)$", "", name)

    def opens_with(self, words: str, name: str) -> str | None:
        """What follows a name at the start of a text, an article before it or not; None if it does not start so."""
        for start in (0, self.article(words)):
            if words[start : start + len(name)].casefold() == name.casefold():
                return words[start + len(name) :]
        return None

    def article(self, words: str) -> int:
        """How many characters the article at the start of a text takes, its space included; 0 if there is none."""
        match = self._article.match(words)
        return match.end() if match else 0

    @cached_property
    def _article(self) -> re.Pattern[str]:
        return re.compile(self.profile.articles or "(?!)", re.IGNORECASE)

    @cached_property
    def _refer(self) -> re.Pattern[str]:
        return re.compile(f"[\\W_]*(?:{self.profile.refer})", re.IGNORECASE)

    def refers(self, sentence: str) -> bool:
        """A sentence that only points elsewhere."""
        return bool(self._refer.match(sentence)) and not self.answer_mark.match(sentence)

    @cached_property
    def _phrase(self) -> re.Pattern[str]:
        return re.compile(self.profile.phrase or "(?!)", re.IGNORECASE)

    def phrase(self, words: str) -> bool:
        """Whether a text starts as definitions do that are no whole sentence."""
        return bool(self._phrase.match(words))

    @cached_property
    def _itself(self) -> re.Pattern[str] | None:
        return re.compile(self.profile.itself, re.IGNORECASE) if self.profile.itself else None

    def introduces(self, text: str) -> bool:
        """Whether a document's opening speaks of the document and not of its subject."""
        return self._itself is None or bool(self._itself.search(text))

    @cached_property
    def _counts(self) -> dict[int, re.Pattern[str]]:
        words = dict(enumerate(self.profile.numbers, 2))
        return {n: re.compile(rf"(?<![\w.,]){n}(?![\w.,]*\d)|{word}", re.IGNORECASE) for n, word in words.items()}

    def counts(self, text: str, n: int) -> bool:
        """Whether a text names a number, as a figure or as a word; only those from two to eight are looked for."""
        return n in self._counts and bool(self._counts[n].search(text))

    @cached_property
    def _kinds(self) -> re.Pattern[str]:
        return re.compile(self.profile.kinds or "(?!)", re.IGNORECASE)

    def asks_for_parts(self, heading: str) -> bool:
        """Whether a heading is asked for the names of its parts: `types of …`."""
        return bool(self._kinds.search(heading))

    @cached_property
    def _aside(self) -> re.Pattern[str]:
        return re.compile(self.profile.aside or "(?!)", re.IGNORECASE)

    def aside(self, sentence: str) -> bool:
        """Whether a sentence tells of its author or of the text it stands in; a long one only if it begins so."""
        match = self._aside.search(sentence)
        return match is not None and (match.start() < _BEGINS or count_words(sentence) <= _ASIDE_WORDS)

    @cached_property
    def _following(self) -> re.Pattern[str]:
        return re.compile(self.profile.following, re.IGNORECASE)

    def leads_on(self, text: str) -> bool:
        """Whether a text ends with `…は以下の通りです。` or the like: a lead-in without a colon."""
        bare = text.rstrip(" 。.")
        if bare == text:
            return False
        return self._below.search(bare) is not None or (
            not self.profile.articles and self._following.search(bare) is not None
        )

    @cached_property
    def _below(self) -> re.Pattern[str]:
        return re.compile(self.profile.below or "(?!)", re.IGNORECASE)

    def hands_over(self, sentence: str) -> bool:
        """Whether a sentence stops where something must follow: after a comma, or with `as follows`."""
        bare = sentence.rstrip()
        ends = bare.endswith((",", "，", "、")) or self._following.search(bare.rstrip(" 。.")) is not None
        return ends or self._below.search(bare) is not None

    @cached_property
    def _leading(self) -> re.Pattern[str]:
        return re.compile(self.profile.leading or "(?!)", re.IGNORECASE)

    def leading(self, sentence: str) -> int:
        """How many characters a lead-in takes to say that something comes: `Next, we'll look at `."""
        match = self._leading.match(sentence)
        return match.end() if match else 0

    def lead(self, sentence: str) -> str:
        """A lead-in without its colon and without `the following`, `such as`."""
        bare = sentence.rstrip().rstrip(":：。").rstrip()
        if match := self._following.search(bare):
            return bare[: match.start()].rstrip(" ,，、")
        return bare.removesuffix(".")

    @cached_property
    def _procedure(self) -> re.Pattern[str] | None:
        return re.compile(self.profile.procedure, re.IGNORECASE) if self.profile.procedure else None

    def procedure(self, words: str) -> bool:
        """Whether a heading or lead-in announces an ordered procedure."""
        return bool(self._procedure and self._procedure.search(words))

    @cached_property
    def _rules(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(rule.pattern, re.IGNORECASE), rule.ask) for rule in self.profile.rules)

    def rule(self, sentence: str) -> tuple[str, re.Match[str]] | None:
        """The wording of the question that a sentence answers by its form, and the match."""
        found = ((ask, pattern.search(sentence)) for pattern, ask in self._rules)
        return next(((ask, match) for ask, match in found if match), None)

    @cached_property
    def _leans(self) -> re.Pattern[str]:
        return re.compile(f"[\\W_]*(?:{self.profile.leans})", re.IGNORECASE)

    def leans(self, sentence: str) -> bool:
        """Whether a sentence goes on with what was said before it: `this …`, `therefore …`, or without a capital."""
        return sentence[:1].islower() or bool(self._leans.match(sentence))

    @cached_property
    def _topic(self) -> re.Pattern[str]:
        return re.compile(self.profile.topic, re.IGNORECASE)

    def states(self, sentence: str) -> bool:
        """Whether words are a sentence, and no caption: they end as one, or have a verb."""
        ends = sentence.rstrip("\"'”’)] ").endswith((".", "!", "。", "！", "…"))
        return ends or not self.profile.articles or self._topic.search(sentence) is not None

    def beginning(self, sentence: str) -> int:
        """How many characters of a sentence say what it speaks of, and leave the rest to be asked for.

        Up to a verb or topic marker, else up to a comma, else about its first half.
        """
        low = min(int(len(sentence) * _LEAST_SHOWN), _ENOUGH_SHOWN if sentence.isascii() else _ENOUGH_SHOWN // 2)
        high = int(len(sentence) * _MOST_SHOWN)
        for pattern in (self._topic, _CLAUSE_END, _GAP):
            ends = (len(sentence[: match.end()].rstrip(" ,，、;；")) for match in pattern.finditer(sentence))
            end = next((end for end in ends if end >= low), high)
            if end < high:
                return end
        return (low + high) // 2

    # -- wording -------------------------------------------------------------------------------------------

    @cached_property
    def quotes(self) -> bool:
        """Whether the question for a term puts it between quotation marks, where no article belongs."""
        return any(mark in self.wording.what_is for mark in "„«“‘「『")

    @cached_property
    def _plural(self) -> re.Pattern[str] | None:
        return re.compile(self.profile.plural, re.IGNORECASE) if self.profile.plural else None

    def what_is(self, term: str) -> str:
        """The wording that asks for a term's meaning."""
        bare = _unbracketed(term).strip()
        last = bare.split()[-1:] or [term]
        is_short = bare.count(" ") < 3 and not last[0].isupper()  # DNS is no plural
        plural = is_short and self._plural is not None and self._plural.search(term.strip()) is not None
        return self.wording.what_are if plural else self.wording.what_is


def _marks(words: tuple[str, ...]) -> re.Pattern[str]:
    """A mark such as `Q1:`, with a colon, a dot, or alone in brackets or before a full-width colon."""
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"\s*[\[(（【]?(?:{alternatives}){_MARK}\s*(?:[\])）】]\s*[:：.]?|[:：]|\.(?=\s)|[、)）]|\s[-–—]\s)\s*",
        re.IGNORECASE,
    )


@lru_cache(maxsize=16)
def reader(code: str) -> Reader:
    """The reader of a language; made once."""
    return Reader(languages.get(code))
