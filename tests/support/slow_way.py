"""A server that seems far away: requests to it are passed on late, and counted."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"
_OF_THE_CONNECTION = {"connection", "transfer-encoding", "content-length"}


class SlowWay:
    """What a test sets and counts."""

    def __init__(self) -> None:
        """Begin without delay."""
        self.url = ""
        self.delay_s = 0.0
        """How long each request takes on its way."""
        self.paths: list[str] = []
        """Of the requests, in their order."""


@contextmanager
def slow_way(upstream_port: int) -> Iterator[SlowWay]:
    """Stand before a server of this machine while the block runs."""
    way = SlowWay()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # it would wait for what is there already
        wbufsize = -1

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            way.paths.append(f"{self.command} {self.path}")
            time.sleep(way.delay_s)
            upstream = http.client.HTTPConnection(HOST, upstream_port)
            try:
                upstream.request(self.command, self.path, body, dict(self.headers))
                reply = upstream.getresponse()
                content = reply.read()
            finally:
                upstream.close()
            self.send_response(reply.status)
            for name, value in reply.getheaders():
                if name.lower() not in _OF_THE_CONNECTION:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    way.url = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield way
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
