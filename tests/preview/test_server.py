"""What the local server answers, and what it refuses."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from primer_anki.diagnostic import PrimerError
from primer_anki.preview.page import Page
from primer_anki.preview.server import ADDRESS, Site, serving


@pytest.fixture
def site() -> Site:
    return Site(Page("<p>one", "v1"))


@pytest.fixture
def port(site: Site) -> Iterator[int]:
    with serving(site) as port:
        yield port


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = HTTPConnection(ADDRESS, port, timeout=5)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_it_serves_the_page(port: int, site: Site) -> None:
    assert get(port, "/") == (200, "<p>one")
    site.show(Page("<p>two", "v2"))
    assert get(port, "/") == (200, "<p>two")


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/../../etc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd", "/index.html", "/?x", "/events/..", "*"],
)
def test_it_serves_nothing_else(port: int, path: str) -> None:
    assert get(port, path)[0] == 404


@pytest.mark.parametrize("host", ["example.org", "example.org:80", "127.0.0.1", "localhost:1", ""])
def test_it_answers_no_foreign_name(port: int, host: str) -> None:
    assert get(port, "/", Host=host)[0] == 421


def test_it_answers_its_own_names(port: int) -> None:
    assert get(port, "/", Host=f"localhost:{port}")[0] == 200


def test_it_takes_nothing(port: int) -> None:
    connection = HTTPConnection(ADDRESS, port, timeout=5)
    connection.request("POST", "/", body="x")
    assert connection.getresponse().status == 501


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is no address of this machine")
def test_it_listens_on_this_machine_alone(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.2", port))  # free, as only 127.0.0.1 is taken


def test_events_tell_the_version_and_the_next_one(port: int, site: Site) -> None:
    connection = HTTPConnection(ADDRESS, port, timeout=5)
    connection.request("GET", "/events")
    answer = connection.getresponse()
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.readline() == b"data: v1\n"
    answer.readline()
    site.show(Page("<p>two", "v2"))
    assert answer.readline() == b"data: v2\n"
    connection.close()


def test_a_port_that_is_taken(port: int, site: Site) -> None:
    with pytest.raises(PrimerError, match=f"cannot serve on port {port}"), serving(site, port):
        pass


def test_it_ends_at_once_with_a_browser_still_listening(site: Site) -> None:
    with serving(site) as port:
        connection = HTTPConnection(ADDRESS, port, timeout=5)
        connection.request("GET", "/events")
        connection.getresponse().readline()
    with pytest.raises(OSError, match="refused"):
        get(port, "/")
