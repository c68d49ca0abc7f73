"""The page on this machine's own address: for nobody else, and nothing but the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

from primer_anki.diagnostic import PrimerError
from primer_anki.preview.page import Page

ADDRESS = "127.0.0.1"
_PULSE = 10.0
"""Seconds: how often an idle event stream finds out whether its browser has gone."""


class Site:
    """The page that is shown now. Browsers wait here for the next one."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._changed = Condition()

    @property
    def page(self) -> Page:
        return self._page

    def show(self, page: Page) -> None:
        """Put another page in its place."""
        with self._changed:
            self._page = page
            self._changed.notify_all()

    def wait(self, version: str) -> str:
        """Wait a while for a version other than this one; return the version that is shown then."""
        with self._changed:
            self._changed.wait_for(lambda: self._page.version != version, timeout=_PULSE)
            return self._page.version


@contextmanager
def serving(site: Site, port: int = 0) -> Iterator[int]:
    """Serve in the background; yield the port, a free one for 0. Raises PrimerError for one that is taken."""
    try:
        server = _Server(site, port)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PrimerError(f"cannot serve on port {port}: {reason}", hint="leave out --port for a free one") from None
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # an event stream ends with the program
    allow_reuse_address = False  # on some systems it would share the port with another program

    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        super().__init__((ADDRESS, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # the name that http.server calls
        """Two addresses, compared whole: no path is ever looked up on the disk."""
        if not self._is_for_us():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif self.path == "/":
            self._send_page()
        elif self.path == "/events":
            self._send_events()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _is_for_us(self) -> bool:
        """Whether the browser means this machine: a foreign site's name that leads here would read the page."""
        port = self.server.server_port
        return self.headers.get("Host", "") in (f"{ADDRESS}:{port}", f"localhost:{port}")

    def _send_page(self) -> None:
        body = self.server.site.page.html.encode()
        self._start("text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_events(self) -> None:
        """Tell the version that is shown, now and whenever it is another, until the browser goes away."""
        self.close_connection = True
        self._start("text/event-stream")
        self.end_headers()
        told = ""
        while True:
            version = self.server.site.wait(told)
            self.wfile.write(b":\n\n" if version == told else f"data: {version}\n\n".encode())
            self.wfile.flush()
            told = version

    def _start(self, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, the base class names it so
        """Requests are not news."""
