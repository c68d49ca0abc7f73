"""What a language profile holds: the words by which people mark structure, and the wording of our questions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that answers a question of its own."""

    pattern: str
    """A regular expression, searched in one sentence, case ignored; linear: no nested repetition.

    A group `answer` is what answers, instead of the paragraph. A group `lead` can stand in the question.
    """
    ask: str
    """The question, with `{subject}` for the heading or term it stands under, and `{lead}`."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The questions that the program asks; `{…}` are filled in."""

    what_is: str
    """`{term}`, singular or uncountable."""
    what_are: str
    """`{term}`, plural; the same as `what_is` where the language makes no difference."""
    which_term: str
    """The reverse question: `{meaning}` → the term."""
    what_about: str
    """A section whose text does not say what its heading is: `{subject}`."""
    advantages: str
    """`{subject}`, `{n}`: how many are asked for."""
    disadvantages: str
    fits: str
    """When to use `{subject}`."""
    unfits: str
    """When not to use `{subject}`."""
    choice: str
    """When to use `{subject}` and when not, on one card."""
    complete: str
    """A list whose lead-in is a sentence: `{lead}` without its colon, `{n}`."""
    which: str
    """A list directly under a heading: `{subject}`, `{n}`."""
    steps: str
    """The title of a procedure: `{subject}`."""
    compare: str
    """A row of a comparison: `{things}` joined by `versus`, `{aspect}`."""
    fact: str
    """One value of a table: `{subject}`, `{column}`."""
    row: str
    """All values of a table's row: `{subject}`."""
    formula: str
    """`{subject}`."""
    code: str
    """`{subject}`."""
    example: str
    """`{subject}`."""
    quiz: str
    """Asked of a code block or an image with options beneath a heading that asks nothing: `{subject}`."""
    goes_on: str = "{subject}: {lead} …?"
    """A sentence whose beginning is `{lead}`, said of `{subject}`: how does it go on?"""
    difference: str = ""
    """`{things}`: two things joined by `versus`."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One language. All phrases lower case, NFKC, without final punctuation; `(s)` is read as `s`."""

    code: str
    """BCP 47, such as `en` or `zh-Hans`."""
    question: tuple[str, ...]
    """Marks before a question, as in `Q: …`. A number may follow (`Q1.`)."""
    answer: tuple[str, ...]
    advantages: tuple[str, ...]
    disadvantages: tuple[str, ...]
    fits: tuple[str, ...]
    """Heads of a list of good uses: `when to use`."""
    unfits: tuple[str, ...]
    """`when not to use`."""
    subject: tuple[str, ...]
    """How a head names its subject: regular expressions with `{side}` for the marker and `(?P<subject>…)`, whole."""
    step: tuple[str, ...]
    """Regular expressions for the numbered head of a step; the rest of the heading is the step's title."""
    versus: tuple[str, ...]
    """Words between two things compared, each with the spaces it needs: `" vs. "`, `" vs "`."""
    asks: str
    """A regular expression: the start of a question that may lack its question mark."""
    asks_end: str
    """The same for its end (Japanese か, Korean 까); empty where there is none."""
    orders: str
    """A regular expression: the start of a question in the imperative (`explain …`)."""
    is_a: str
    """A regular expression for what stands between a term and its meaning: ` is `, ` means `, `とは`."""
    plural: str
    """A regular expression that finds plural terms; empty where the wording does not change."""
    rules: tuple[Rule, ...]
    leans: str
    """A regular expression: the start of a sentence that stands for something said before it (`this`, `therefore`)."""
    topic: str
    """A regular expression that finds the end of what a sentence speaks of: its verb, or a topic marker."""
    skip: tuple[str, ...]
    """Headings of sections that never give a card: contents, sources, licence, contributing, credits, …"""
    intro: tuple[str, ...]
    """Headings that advertise the document itself: key features, about this repository, …"""
    reveal: tuple[str, ...]
    """Summaries that only open the answer: `answer`, `show solution`, `click to expand`."""
    refer: str
    """A regular expression for the start of a sentence that only points elsewhere (`see …`, `refer to …`)."""
    following: str
    """A regular expression for the words that a lead-in ends with (`the following`, `such as`) and a question drops."""
    wording: Wording
    skip_links: tuple[str, ...] = ()
    """Headings that are like `skip` only where the section holds little but links: `index`, `source`, `links`."""
    articles: str = ""
    """A regular expression for an article with its space, as it may stand before a term; empty where there are none."""
    letters: str = ""
    """A regular expression for one character, never of ASCII, that tells the language from its neighbours.

    Empty where words do.
    """
    words: tuple[str, ...] = ()
    """Small words that any text of the language is full of, lower case, to recognise it by."""
    generic: tuple[str, ...] = ()
    """Headings that name no subject of their own: `introduction`, `overview`, `how it works`, `example`, `notes`."""
    aspects: tuple[str, ...] = ()
    """Heads of a comparison table's first column: `feature`, `criterion`, `property`."""
    phrase: str = ""
    """A regular expression: the start of a definition that is no whole sentence (`Splitting …`, `Databases that …`)."""
    itself: str = ""
    """A regular expression: words by which a document's opening speaks of the document (`this guide`, `welcome`)."""
    kinds: str = ""
    """A regular expression for a heading that is asked for the names of its parts: `types of …`, `… patterns`."""
    below: str = ""
    """A regular expression: words that promise what comes next, anywhere in a sentence before a list (`following`)."""
    aside: str = ""
    """A regular expression: words by which authors speak of themselves or of their text, anywhere in a sentence."""
    leading: str = ""
    """A regular expression: the start of a lead-in that only says that something comes (`Next, we'll look at `)."""
    numbers: tuple[str, ...] = ()
    """Regular expressions for the words for two, three, … eight."""
    procedure: str = ""
    """A regular expression: words in a heading or lead-in that announce a procedure (`the following steps`)."""
    qualifiers: tuple[str, ...] = ()
    """Words beside a trade-off marker that are no subject: `main`, `other`, `known`."""
