"""Cards for generated histories: each asks for something else, some of them are close to one another."""

from __future__ import annotations

from tests.identity.author import Card

_ROWS = """
What does a reverse proxy hide from clients? | The servers behind it: clients see one address.
Why is consistent hashing used for caches? | Few keys move when a server joins or leaves the ring.
What does a write-through cache do on a write? | It updates cache and database before it answers.
What does a write-behind cache do on a write? | It updates the cache now and the database later.
Which promise does eventual consistency make? | Without new writes, all replicas agree in the end.
How does a message queue smooth bursts? | Work waits in the queue until a worker is free.
What is back pressure? | A full queue that tells producers to slow down.
Why are foreign keys indexed? | Joins look rows up by them.
What does denormalization trade? | Faster reads for redundant copies and harder writes.
What is a hot partition? | A shard that gets far more traffic than its peers.
Which CAP property is given up when a system stays consistent during a partition? | Availability: some requests fail.
Which CAP property is given up when a system stays available during a partition? | Consistency: replicas may differ.
How does TCP open a connection? | With a handshake of three segments: SYN, SYN-ACK, ACK.
When is UDP the better choice? | When late data is worse than lost data, as in calls.
What is idempotence good for? | A request may be sent again without harm.
Which HTTP method replaces a resource as a whole? | PUT, with the new representation in the body.
Which HTTP method changes a part of a resource? | PATCH, with a description of the change.
What does a heartbeat show? | That a server is alive and reachable.
How does a token bucket limit requests? | A request takes a token; tokens come back at a fixed rate.
What is a cache stampede? | Many misses of one key at once that all hit the database.
What does sharding by range make easy? | Scans over neighbouring keys.
What does sharding by hash make hard? | Scans over neighbouring keys, since they are spread.
Why does a service keep its sessions outside? | Any instance can then answer any request.
What is a circuit breaker for? | It stops calls to a failing service, so that both recover.
How long does a main-memory reference take? | About 100 nanoseconds.
How long does a disk seek take? | About 10 milliseconds.
"""


def _card(number: int, row: str) -> Card:
    question, answer = row.split(" | ")
    return Card(f"card {number}", question, answer, trail=("Design", f"Part {number // 7}"))


CARDS = tuple(_card(number, row) for number, row in enumerate(_ROWS.strip().splitlines()))
