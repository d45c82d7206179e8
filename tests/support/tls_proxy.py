"""A proxy that ends TLS in front of a test server, and may demand a header."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

HOST = "127.0.0.1"
_OF_THE_CONNECTION = {"connection", "transfer-encoding", "content-length"}


class TlsProxy:
    """What a test needs to know of the running proxy, and may change."""

    def __init__(self, upstream_port: int, authority: trustme.CA) -> None:
        """Listen on a free port, with a certificate of ``authority``."""
        self.demanded: tuple[str, str] | None = None
        """Name and value of the header without which it refuses."""
        self.refused = 0
        self.forwarded = 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if (
                    proxy.demanded
                    and self.headers.get(proxy.demanded[0]) != (proxy.demanded[1])
                ):
                    proxy.refused += 1
                    self._reply(401, {"content-type": "text/plain"}, b"go away\n")
                    return
                proxy.forwarded += 1
                upstream = http.client.HTTPConnection(HOST, upstream_port)
                try:
                    upstream.request(
                        self.command, self.path, body, dict(self.headers.items())
                    )
                    reply = upstream.getresponse()
                    self._reply(reply.status, dict(reply.getheaders()), reply.read())
                finally:
                    upstream.close()

            do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

            def _reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in _OF_THE_CONNECTION:
                        self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep requests out of the tests' output."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(context)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"https://{HOST}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def tls_proxy(upstream_port: int, authority: trustme.CA) -> Iterator[TlsProxy]:
    """Run a proxy in front of a port of this machine while the block runs."""
    proxy = TlsProxy(upstream_port, authority)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
