"""What each rule must say, and where it must be silent."""

from __future__ import annotations

import time

import pytest

from primer_anki.diagnostic import Severity
from primer_anki.lint.engine import check
from primer_anki.lint.rules.answers import _repeated
from primer_anki.value import replace
from tests.lint.judge import drafts_of, judge, rules


def asked(question: str, answer: str) -> str:
    return f"# Networks\n\n**Q: {question}**\n\n**A:** {answer}\n"


def listed(*items: str, question: str = "What matters most for a network") -> str:
    return f"# Networks\n\n{question}:\n\n" + "".join(f"- {item}\n" for item in items)


def table(columns: int) -> str:
    heads, values = (" | ".join(f"{name}{n}" for n in range(columns)) for name in ("Disk", "fast"))
    return f"# Disks\n\n| Aspect | {heads} |\n|---{'|---' * columns}|\n| Speed | {values} |\n"


def words(count: int) -> str:
    return " ".join(f"w{n}" for n in range(count))


FLAGGED = {
    "an answer a word too long": ("long-answer", asked("What is sent first?", words(26))),
    "one long item": ("long-answer", listed("**Speed**: " + words(30), "Price")),
    "a long cell": ("long-answer", f"# N\n\n| Aspect | TCP | UDP |\n|---|---|---|\n| Order | {words(26)} | no |\n"),
    "a long hidden passage": ("long-answer", f"The network sends ==_{words(26)}_== every single time.\n"),
    "three sentences": ("two-answers", asked("What does TCP do?", "It opens first. It counts bytes. It closes last.")),
    "two halves": (
        "two-answers",
        asked("What does TCP do?", "It numbers all the bytes that it sends; a lost one is sent again by it."),
    ),
    "no question mark": ("vague-question", asked("Congestion control", "Slow start")),
    "a bare name": ("vague-question", asked("Jitter?", "Uneven delay")),
    "explain": ("open-question", asked("Explain congestion control", "Slow start")),
    "could you describe": ("open-question", asked("Could you describe slow start?", "Doubling")),
    "yes": ("yes-no", asked("Is UDP faster?", "Yes.")),
    "no, since": ("yes-no", asked("Does UDP keep order?", "No, packets may overtake each other")),
    "a story before": ("yes-no", asked("A packet is lost. Does UDP resend it?", "No")),
    "true or false": ("yes-no", asked("Is it true that UDP keeps order?", "False")),
    "true or false, then a statement": ("yes-no", asked("True or false? UDP keeps order", "False")),
    "closed, then why": ("yes-no", asked("Is UDP faster? Why?", "Yes, it sends at once")),
    "which of two": ("either-or", asked("Which is faster, TCP or UDP?", "UDP")),
    "is it one or the other": ("either-or", asked("Is HTTP stateful or stateless?", "Stateless: it keeps nothing")),
    "read off": ("answer-leak", asked("Which type is made for long texts?", "TEXT")),
    "in the breadcrumb": ("answer-leak", "## Anycast\n\n" + asked("Which routing shares one address?", "Anycast")[12:]),
    "this": ("deictic", asked("Why is this important?", "Loss would go unseen")),
    "these": ("deictic", asked("How do these differ?", "By their delay")),
    "the chapter": ("deictic", asked("Which protocols are covered in this chapter?", "TCP")),
    "above": ("deictic", asked("Why does TCP wait?", "For the reason mentioned above")),
    "a list that was left behind": ("deictic", asked("Which flags are there?", "There are the following:")),
    "six items": ("list-on-back", listed(*"abcdef")),
    "a long item": ("no-handle", listed("it takes " + words(12), "Price")),
    "a handle twice": ("same-handle", listed("**Cost**: cables", "**Cost**: power")),
    "how long": ("number-unit", asked("How long does a round trip take?", "500")),
    "a range": ("number-unit", asked("How fast is the link?", "10-40")),
    "a price": ("undated", asked("What does a gigabyte of transfer cost?", "About $0.09")),
    "these days": ("undated", asked("What carries most traffic?", "Video, nowadays")),
    "the current version": ("undated", asked("Which HTTP do most use?", "The latest version is 3")),
    "five columns": ("wide-table", table(5)),
    "a wide line": ("long-code", asked("How do you ping?", f"\n\n```sh\nping {'x' * 70}\n```")),
    "too many lines": ("long-code", asked("How do you ping?", "\n\n```sh\n" + "ping host\n" * 13 + "```")),
    "nothing left": ("cloze-only", "The ==network==.\n"),
    "a qualified name": ("cloze-markup", "A growing array in C++ is called {{c1::std::vector}} by everybody.\n"),
    "a path of names": ("cloze-markup", "Files are opened by {{c1::fs::File::open}} in that language.\n"),
    "script": ("raw-html", asked("What is TCP?", "A transport<script>x()</script>")),
    "a handler": ("raw-html", asked("What is TCP?", 'A <span onclick="x()">transport</span>')),
    "another file's heading": ("dead-anchor", asked("What is TCP?", "A [transport](topic.md#nowhere)")),
}  # fmt: skip

SPARED = {
    "TeX deleted": ("cloze-markup", "# Rates\n\n" r"The rate of that link is {{c1::\frac{a}{b}}} a second." + "\n"),
    "as long as may be": ("long-answer", asked("What is sent first?", words(25))),
    "Extra": ("long-answer", asked("What is sent first?", "A segment\n\n" + words(40))),
    "items one by one": ("long-answer", listed(*[f"**{letter}**: {words(12)}" for letter in "abc"])),
    "code": ("long-answer", asked("How do you ping?", "\n\n```sh\n" + "ping a\n" * 10 + "```")),
    "two sentences": ("two-answers", asked("What does TCP do?", "It counts bytes. It resends lost ones.")),
    "abbreviations": ("two-answers", asked("What is sent?", "Data, e.g. a file, i.e. bytes, etc. in order vs. not.")),
    "short halves": ("two-answers", asked("What does TCP do?", "It numbers bytes; a lost one is resent.")),
    "two were asked for": (
        "two-answers",
        asked("What does TCP do, and why?", "It numbers all of the bytes that it sends; without that they would mix."),
    ),
    "an order": ("vague-question", asked("Name the layer of TCP.", "Transport")),
    "an order with a full stop": ("vague-question", asked("Define jitter.", "Uneven delay")),
    "a question before a statement": ("vague-question", asked("True or false? UDP keeps order", "False")),
    "a story and an order": ("vague-question", asked("No packet arrives. Name two reasons.", "Loss or delay")),
    "a subject and its aspect": ("vague-question", asked("TCP: ordering?", "Kept")),
    "two words that ask": ("vague-question", asked("What's TCP?", "A transport")),
    "explain analyze": ("open-question", asked("EXPLAIN ANALYZE shows what?", "Real times")),
    "is there a way": ("yes-no", asked("Is there a way to see the route?", "Traceroute")),
    "what is": ("yes-no", asked("What is no-cache?", "No use without asking")),
    "a choice is another rule's": ("yes-no", asked("Is HTTP stateful or stateless?", "Stateless")),
    "or inside a question": ("either-or", asked("How do you see a lost or late packet?", "By its number")),
    "a full sentence": ("answer-leak", asked("What does a router do?", "A router forwards packets between networks")),
    "numbers": ("answer-leak", asked("Which share moves from N to N + 1 nodes?", "1/(N + 1)")),
    "options on the front": (
        "answer-leak",
        "# Quiz\n\n**Q: Which is a transport?**\n\n- A: IP\n- B: UDP\n\n**A:** B: UDP\n",
    ),
    "steps share words": ("answer-leak", "# Connect\n\nFollow these steps:\n\n1. Send it\n2. Wait\n3. Send it\n"),
    "this after its noun": ("deictic", asked("A packet is lost: how does TCP notice this?", "No ACK comes")),
    "code to point to": ("deictic", "**Q: What does this print?**\n\n```py\nprint(1)\n```\n\n**A:** 1\n"),
    "above a number": ("deictic", asked("When does TCP slow down?", "Above 90 % of the window")),
    "five items": ("list-on-back", listed(*"abcde")),
    "a bold lead": ("no-handle", listed("**Speed**: " + words(13), "Price")),
    "a lead with a colon": ("no-handle", listed("Speed: " + words(13), "Price")),
    "a bold first word of a sentence": ("same-handle", listed("**Users** log in", "**Users** log out")),
    "how many": ("number-unit", asked("How many layers has OSI?", "7")),
    "a unit on the front": ("number-unit", asked("How long does a round trip take, in ms?", "150")),
    "a unit": ("number-unit", asked("How long does a round trip take?", "150 ms")),
    "a port": ("number-unit", asked("Which port does HTTPS use?", "443")),
    "a year": ("undated", asked("What does a gigabyte cost (2026)?", "About $0.09")),
    "versions that are names": ("undated", asked("Which version added streams?", "HTTP/2, then TLS 1.3 and HTTP/3")),
    "recently used": ("undated", asked("What does a cache keep?", "Recently used pages")),
    "the latest write": ("undated", asked("What does a strong read return?", "The most recent version of the row")),
    "four columns": ("wide-table", table(4)),
    "one word of a sentence": ("cloze-only", "The ==network== is the computer.\n"),
    "a hint": ("cloze-markup", "The transport with an order is {{c1::TCP::three letters}} and no other.\n"),
    "a hint of one word": ("cloze-markup", "The transport with an order is {{c1::tcp::protocol}} and no other.\n"),
    "marked code": ("cloze-markup", "A growing array in C++ is called ==`std::vector`== by everybody.\n"),
    "HTML as code": ("raw-html", asked("What runs JavaScript?", "`<script>`\n\n```html\n<script>x()</script>\n```")),
    "a type parameter": ("raw-html", asked("Which type holds lines?", "List<Style>")),
    "an HTML anchor": ("dead-anchor", '<a name="here"></a>\n\n' + asked("What is TCP?", "A [transport](#here)")),
    "a file outside the deck": ("dead-anchor", asked("What is TCP?", "A [transport](other.md#nowhere)")),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "markdown"), FLAGGED.values(), ids=FLAGGED)
def test_flagged(rule: str, markdown: str) -> None:
    assert rule in rules(markdown)


@pytest.mark.parametrize(("rule", "markdown"), SPARED.values(), ids=SPARED)
def test_spared(rule: str, markdown: str) -> None:
    assert drafts_of(markdown)[0], "the case makes no card"
    assert rule not in rules(markdown)


@pytest.mark.parametrize(
    ("markdown", "severity"),
    [
        (asked("What is sent first?", words(50)), "warning"),
        (asked("What is sent first?", words(51)), "error"),
        (listed(*"abcdefg"), "warning"),
        (listed(*"abcdefgh"), "error"),
        (asked("Is UDP faster?", "Yes"), "error"),
        (asked("Is UDP faster?", "Yes, it sends at once"), "warning"),
    ],
)
def test_how_bad_it_is(markdown: str, severity: str) -> None:
    assert [each.severity for each in judge(markdown)] == [severity]


@pytest.mark.parametrize(
    ("language", "markdown", "rule"),
    [
        ("de", asked("Ist UDP schneller?", "Ja"), "yes-no"),
        ("de", asked("Erklären Sie UDP", "Ein Transport"), "open-question"),
        ("fr", asked("Est-ce que UDP est rapide ?", "Oui"), "yes-no"),
        ("es", asked("Explica UDP", "Un transporte"), "open-question"),
        ("pt", asked("É possível perder um pacote?", "Sim"), "yes-no"),
        ("ja", asked("UDPは速いですか？", "はい"), "yes-no"),
        ("zh-Hans", asked("UDP 更快吗？", "是"), "yes-no"),
        ("zh-Hant", asked("UDP 更快嗎？", "是"), "yes-no"),
        ("ko", asked("UDP는 빠른가요?", "네"), "yes-no"),
        ("ja", asked("UDPとは何ですか？", "順番を" + "守" * 60), "long-answer"),
    ],
)
def test_other_languages(language: str, markdown: str, rule: str) -> None:
    assert rules(markdown, language=language) == [rule]


@pytest.mark.parametrize(
    ("one", "other", "are_twins"),
    [
        ("How does a router forward?", "How do routers forward?", True),
        ("What is a push CDN good for?", "What is a pull CDN good for?", False),
        ("When should you use a queue?", "When should you not use a queue?", False),
        ("What are the advantages of UDP?", "What are the disadvantages of UDP?", False),
        ("Why use UDP?", "When use UDP?", False),
        ("How long does an L1 reference take?", "How long does an L2 reference take?", False),
    ],
)
def test_near_twins(one: str, other: str, are_twins: bool) -> None:
    found = rules(f"{asked(one, 'It waits')}\n**Q: {other}**\n\n**A:** By its table\n")
    assert ("near-twin" in found) == are_twins


def test_ten_thousand_questions_are_compared_quickly() -> None:
    drafts, pages = drafts_of(asked("How does a router choose the next hop?", "By its table"))
    many = [
        replace(drafts[0], fields={**drafts[0].fields, "Question": f"How does {n % 5000} choose?", "Answer": f"{n}"})
        for n in range(10_000)
    ]  # fmt: skip
    start = time.perf_counter()
    check(many, pages, {})
    assert time.perf_counter() - start < 10  # measured: 2


@pytest.mark.parametrize("text", ["which or " * 3000, "following " * 3000, "1 - " * 9000, "; " * 5000, "(" * 9000])
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    judge(asked(f"{text}?", text))
    assert time.process_time() - start < 5  # measured: 0.3


@pytest.mark.parametrize(
    ("told", "seen", "repeated"),
    [
        ("a b c", "x a b y", 2),
        ("a b c", "a a b c", 3),
        ("a a b", "a a a b", 3),
        ("a b a b c", "a b a b a b c", 5),
        ("a b", "a x b", 0),  # a lone word
        ("a b", "", 0),
        ("", "a b", 0),
    ],
)
def test_the_start_of_an_answer_in_the_question(told: str, seen: str, repeated: int) -> None:
    assert _repeated(tuple(told.split()), tuple(seen.split())) == repeated


def test_the_error_says_what_to_do() -> None:
    [found] = judge(asked("Is UDP faster?", "Yes"))
    assert str(found).startswith("topic.md:3: error: the answer is only yes or no [yes-no]\n    hint: ask for")
    assert found.severity is Severity.ERROR
