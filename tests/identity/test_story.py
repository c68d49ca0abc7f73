"""Thirty commits of one document, as an author would make them. The ground truth is each card's own name."""

from __future__ import annotations

from collections.abc import Callable

from tests.identity.author import Card, Document, Publisher, document, guids, rendered

FIRST = document(
    ("latency", "What is latency?", "The time from a request to its answer."),
    ("throughput", "What is throughput?", "The number of requests answered in a unit of time."),
    ("availability", "What is availability?", "The share of time in which a system answers."),
    ("nines", "How long may a service with 99.9% availability be down in a year?", "8 hours and 46 minutes."),
    ("dns", "What does DNS do?", "It translates names to addresses."),
    ("a-record", "What does an A record hold?", "The IPv4 address of a name."),
    ("cname", "What does a CNAME record hold?", "Another name for the name."),
    ("cdn", "What is a CDN?", "Servers near users that keep copies of content."),
    ("push", "How does content reach a push CDN?", "The owner uploads it whenever it changes."),
    ("pull", "How does content reach a pull CDN?", "The CDN fetches it when a user first asks for it."),
    file="basics.md",
    trail=("System design", "Basics"),
)

BASICS = ("System design", "Basics")
NAMES = ("System design", "Domain Name System")
LATER = ("Design of systems", "Basics")


def card(name: str, question: str, answer: str, trail: tuple[str, ...], file: str = "basics.md") -> Card:
    return Card(name, question, answer, file, trail)


BALANCER = card("lb", "What does a load balancer do?", "It spreads requests over servers.", BASICS)
LAYER4 = card("l4", "On what does a layer 4 load balancer decide?", "On addresses and ports.", BASICS)
LAYER7 = card("l7", "On what does a layer 7 load balancer decide?", "On headers, cookies and content.", BASICS)
SPOF = card("spof", "Why are two load balancers better than one?", "One alone is a single point of failure.", BASICS)
AAAA = card("aaaa", "What does an AAAA record hold?", "The IPv6 address of a name.", NAMES)
CNAME = card("cname", "What does a CNAME record hold?", "Another name for the name.", NAMES)
BANDWIDTH = card(
    "bandwidth", "What is bandwidth?", "The most data that a link carries in a unit of time.", LATER, "foundations.md"
)
THROUGHPUT = card(
    "throughput",
    "What is throughput?",
    "The number of requests that are answered in a second.",
    LATER,
    "foundations.md",
)
DISK = card(
    "latency-disk",
    "What is latency?",
    "Of a disk: the time until the head stands over the data.",
    ("Disks",),
    "disks.md",
)

Commit = tuple[str, Callable[[Document], Document]]

HISTORY: tuple[Commit, ...] = (
    ("Fix a typo", lambda d: d.edit("latency", answer="The time from a request to its response.")),
    ("Say what DNS stands for", lambda d: d.edit("dns", question="What does the Domain Name System (DNS) do?")),
    ("Add load balancers", lambda d: d.insert(BALANCER).insert(LAYER4).insert(LAYER7)),
    ("Spell CDN out", lambda d: d.edit("cdn", question="What is a content delivery network (CDN)?")),
    ("Put availability first", lambda d: d.move("availability", before="latency").move("nines", before="latency")),
    ("Group names", lambda d: _under(d, "Names", "dns", "a-record", "cname")),
    (
        "Group the rest",
        lambda d: _under(_under(d, "Delivery", "cdn", "push", "pull"), "Load balancing", "lb", "l4", "l7"),
    ),
    ("Rename a heading", lambda d: d.rename("Names", "Domain Name System")),
    ("Be precise on nines", lambda d: d.edit("nines", answer="8 hours, 45 minutes and 57 seconds.")),
    ("Split the file", lambda d: _file(d, "balancing.md", "lb", "l4", "l7")),
    (
        "Reword question and answer",
        lambda d: d.edit(
            "l4",
            question="What does a layer 4 load balancer look at to decide?",
            answer="At addresses and ports, never at content.",
        ),
    ),
    ("Drop CNAME", lambda d: d.delete("cname")),
    ("Add AAAA in its place", lambda d: d.insert(AAAA, before="cdn")),
    ("Revert: bring CNAME back", lambda d: d.insert(CNAME, before="aaaa")),
    ("Rename the file", lambda d: d.rename("basics.md", "foundations.md")),
    ("Rename two headings", lambda d: d.rename("System design", "Design of systems").rename("Delivery", "CDN")),
    ("Swap push and pull", lambda d: d.move("pull", before="push")),
    ("Tag the basics", lambda d: d.edit("latency", tags=("basics",)).edit("availability", tags=("basics",))),
    ("A single point of failure", lambda d: d.insert(SPOF)),
    ("Reword the push question", lambda d: d.edit("push", question="How does new content get onto a push CDN?")),
    ("Bandwidth instead of throughput", lambda d: d.insert(BANDWIDTH, before="throughput").delete("throughput")),
    (
        "Say it in words",
        lambda d: d.edit("nines", question="How long may a service that is 99.9% available be down in a year?"),
    ),
    ("Lower case, no end marks", lambda d: _each(d, lambda card: card.question.lower().rstrip("?"))),
    ("Undo that", lambda d: _each(d, lambda card: card.question[:1].upper() + card.question[1:] + "?")),
    ("Join the files again", lambda d: d.rename("balancing.md", "foundations.md")),
    ("Turn the load balancers round", lambda d: d.move("lb").move("l7").move("l4").move("spof")),
    ("Throughput comes back, reworded", lambda d: d.insert(THROUGHPUT, before="bandwidth")),
    ("Add a twin question", lambda d: d.insert(DISK)),
    (
        "Reword one twin's answer",
        lambda d: d.edit("latency-disk", answer="Of a disk: the time until its head is over the data."),
    ),
    ("Retire the CDN part", lambda d: d.delete("cdn", "push", "pull")),
)


def _under(doc: Document, heading: str, *names: str) -> Document:
    for name in names:
        doc = doc.edit(name, trail=("System design", heading))
    return doc


def _file(doc: Document, file: str, *names: str) -> Document:
    for name in names:
        doc = doc.edit(name, file=file)
    return doc


def _each(doc: Document, question: Callable[[Card], str]) -> Document:
    for card in doc.cards:
        doc = doc.edit(card.name, question=question(card))
    return doc


def test_commit_by_commit_every_card_keeps_its_guid_and_no_other_card_gets_it() -> None:
    author, doc = Publisher(), FIRST
    result = author.build(doc)
    known = guids(doc, result)
    for title, commit in HISTORY:
        before, times = rendered(result), {note.guid: note.changed for note in result.notes}
        doc = commit(doc)
        result = author.build(doc)
        for name, guid in guids(doc, result).items():
            assert known.setdefault(name, guid) == guid, f"{title}: {name}"
        assert len(set(known.values())) == len(known), f"{title}: an old GUID stands on another card"
        for note in result.notes:
            if note.guid in before:
                same = before[note.guid] == rendered(result)[note.guid]
                assert (note.changed == times[note.guid]) == same, f"{title}: {note.fields['Question']}"
    assert len(HISTORY) == 30


def test_in_jumps_of_ten_commits_every_card_keeps_its_guid() -> None:
    author, doc = Publisher(), FIRST
    known = author.guids(doc)
    for number, (title, commit) in enumerate(HISTORY, 1):
        doc = commit(doc)
        if number % 10 == 0:
            for name, guid in author.guids(doc).items():
                assert known.setdefault(name, guid) == guid, f"{title}: {name}"
            assert len(set(known.values())) == len(known)
