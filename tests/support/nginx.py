"""The shipped configuration of nginx, run by a real nginx on ports of a test."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import trustme
from websockets.sync.client import ClientConnection

from tests.support.processes import ROOT, free_port, until_listening
from tests.support.sessions import page_session

SITE = ROOT / "docs" / "deploy" / "nginx.conf"
NAME = "kb.example.org"
MOST_CONNECTIONS = 6
"""Of a client, instead of the many that are shipped."""
PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/main.log notice;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """A running proxy."""

    plain: int
    """Port without TLS."""
    secure: int
    folder: Path
    authority: Path
    """Certificate to trust."""

    @property
    def origin(self) -> str:
        """How a browser names it."""
        return f"https://{NAME}:{self.secure}"

    def browser(self, address: str = "127.0.0.1") -> httpx.Client:
        """Return a browser that finds it by its name.

        Args:
            address: Of the browser's computer.
        """
        way = _Resolved(verify=self._trust(), local_address=address)
        return httpx.Client(
            base_url=self.origin, mounts={f"all://{NAME}": way}, timeout=60
        )

    def page(self, **headers: str) -> AbstractContextManager[ClientConnection]:
        """Open the connection that a page opens; see `page_session`."""
        behind = NAME, self._trust()
        return page_session(self.secure, behind, **{"Origin": self.origin, **headers})

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))

    def logs(self) -> str:
        """Return all that it has logged."""
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


class _Resolved(httpx.HTTPTransport):
    """Finds the proxy's name on this computer."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request there; its headers keep the name."""
        return super().handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host="127.0.0.1"),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions | {"sni_hostname": NAME},
            )
        )


def site(folder: Path, plain: int, secure: int, processes: Sequence[int]) -> str:
    """Return the shipped configuration with the ports and folders of a test."""
    text = SITE.read_text(encoding="utf-8")
    servers = "\n".join(f"server 127.0.0.1:{port};" for port in processes)
    for shipped, ours in {
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen 443": f"listen 127.0.0.1:{secure}",
        "server 127.0.0.1:8501;": servers,
        "/etc/nginx/mentorkb": str(folder),
        "/var/log/nginx": str(folder),
        "mentorkb_client 400": f"mentorkb_client {MOST_CONNECTIONS}",
    }.items():
        assert shipped in text
        text = text.replace(shipped, ours)
    return text


@contextmanager
def nginx(
    folder: Path, processes: Sequence[int], secure: int | None = None
) -> Iterator[Nginx]:
    """Run nginx before processes of the app while the block runs.

    Args:
        folder: Where its files go.
        processes: Ports of the app.
        secure: Port to listen on with TLS; any free one without it.
    """
    assert PROGRAM
    plain, secure = free_port(), secure or free_port()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    certificate = authority.issue_cert(NAME, "127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    (folder / "site.conf").write_text(site(folder, plain, secure, processes))
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder))
    process = subprocess.Popen(
        [PROGRAM, "-c", folder / "nginx.conf", "-e", folder / "main.log"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        until_listening(secure, process)
        yield Nginx(plain, secure, folder, folder / "authority.pem")
    finally:
        process.terminate()
        process.communicate(timeout=20)
