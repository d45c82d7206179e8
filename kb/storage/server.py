"""Generations on a Chroma server, for readers on any machine that reaches it.

Each generation has its own collections, whose names begin with its own::

    mentorkb                                    the register: manifests, and the pointer
    mentorkb.20260301T120000-1a2b3c4d.files     the other files, packed, in pieces
    mentorkb.20260301T120000-1a2b3c4d.cases     vectors, and so on

The pointer is one record, so that writing it is the one atomic step. A reader fetches
the packed files once for each generation, into a temporary folder.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from kb.errors import (
    IndexDamagedError,
    KnowledgeBaseError,
)
from kb.index.catalogue import Catalogue
from kb.index.generation import CATALOGUE, FILES, Generation, open_parts
from kb.index.manifest import REBUILD, Manifest, dump_manifest, parse_manifest
from kb.index.vectors import VectorStore, translated_errors, unavailable
from kb.settings import Settings
from kb.storage.base import GenerationDraft, superfluous
from kb.temporary import room_for_files, temporary_folder

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

_REGISTER = "mentorkb"
_POINTER = "current"
_FILES = "files"
_PIECE_BYTES = 48_000
_PIECES_AT_ONCE = 100
_TIMEOUT_S = 30.0
_CONNECT_S = 5.0
# The register and the files are read by id; Chroma wants a vector all the same.
_NO_VECTOR = np.array([[0.0, 1.0]], dtype=np.float32)


class ServerStorage:
    """See `kb.storage.base.Storage`."""

    def __init__(self, client: ClientAPI, place: str) -> None:
        """Wrap a client that is connected to ``place``."""
        self._client = client
        self.place = place
        self._registered: Collection | None = None

    @classmethod
    def connect(cls, settings: Settings) -> ServerStorage:
        """Connect to the server that the settings name.

        Raises:
            StorageUnavailableError: It does not answer, or knows no such tenant or
                database.
        """
        import chromadb
        import httpx
        from chromadb.config import Settings as ChromaSettings

        url, header = settings.chroma_url, settings.chroma_header
        assert url is not None
        name, _, value = (header.get_secret_value() if header else "").partition(":")
        headers = {name: value.strip()} if name else {}
        try:
            # Chroma's client waits for ever for a server that takes the connection and
            # says nothing, and asks three times before a limit can be set below.
            address = str(url).rstrip("/")
            beat = f"{address}/api/v2/heartbeat"
            # An address where nothing answers is known sooner.
            limit = httpx.Timeout(_TIMEOUT_S, connect=min(_TIMEOUT_S, _CONNECT_S))
            httpx.get(beat, headers=headers, timeout=limit).raise_for_status()
            client = chromadb.HttpClient(
                host=address,
                port=cast(int, url.port),
                ssl=url.scheme == "https",
                headers=headers,
                settings=ChromaSettings(anonymized_telemetry=False),
                tenant=settings.chroma_tenant,
                database=settings.chroma_database,
            )
        except Exception as exc:  # it raises several kinds, down to Exception itself
            raise unavailable(exc) from exc
        cast(Any, client)._server._session.timeout = limit
        return cls(client, f"the Chroma server {url.host}:{url.port}")

    def close(self) -> None:
        """See `Storage.close`."""
        client = cast(Any, self._client)
        # Chroma's own close leaves the connections open.
        sessions = (client._server._session, client._admin_client._server._session)
        client.close()
        for session in sessions:
            session.close()

    def current(self) -> str | None:
        """See `Storage.current`."""
        record = self._records([_POINTER]).get(_POINTER)
        return str(record["generation"]) if record else None

    def complete(self) -> list[str]:
        """See `Storage.complete`."""
        return sorted(name for name in self._records() if name != _POINTER)

    def manifest(self, name: str) -> Manifest:
        """See `Storage.manifest`."""
        return parse_manifest(str(self._record(name)["manifest"]), name)

    def open(self, name: str) -> Generation:
        """See `Storage.open`."""
        record = self._record(name)
        manifest = parse_manifest(str(record["manifest"]), name)
        with ExitStack() as held, room_for_files():
            folder = held.enter_context(temporary_folder())
            self._unpack(name, record, folder)
            return open_parts(manifest, folder, self._vectors(name), held.pop_all())

    @contextmanager
    def catalogue(self, name: str) -> Iterator[Catalogue]:
        """See `Storage.catalogue`."""
        with temporary_folder() as folder:
            with room_for_files():
                self._unpack(name, self._record(name), folder)
            with closing(Catalogue(folder / CATALOGUE)) as catalogue:
                yield catalogue

    def _unpack(self, name: str, record: dict[str, Any], folder: Path) -> None:
        """Fetch a generation's files into a folder."""
        archive = self._fetch(name, int(record["pieces"]))
        if hashlib.sha256(archive).hexdigest() != record["sha256"]:
            raise IndexDamagedError(
                "the index's files are not those that were stored.",
                REBUILD,
                path=name,
            )
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(folder, filter="data")

    @contextmanager
    def draft(self, name: str) -> Iterator[GenerationDraft]:
        """See `Storage.draft`."""
        with (
            temporary_folder() as folder,
            ExitStack() as undo,
        ):
            undo.callback(self._remove_quietly, name)
            yield GenerationDraft(name, folder, self._vectors(name))
            undo.pop_all()

    def finish(self, draft: GenerationDraft, manifest: Manifest) -> None:
        """See `Storage.finish`."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:xz", preset=1) as archive:
            for name in FILES:
                archive.add(draft.folder / name, arcname=name)
        pieces = self._store(draft.name, packed.getvalue())
        digest = hashlib.sha256(packed.getvalue()).hexdigest()
        self._write(
            draft.name,
            {"manifest": dump_manifest(manifest), "sha256": digest, "pieces": pieces},
        )

    def publish(self, name: str) -> None:
        """See `Storage.publish`."""
        self._write(_POINTER, {"generation": name})
        logger.info("published generation %s", name)

    def tidy(self) -> None:
        """See `Storage.tidy`.

        Readers elsewhere are not known here. Each asks for the published generation
        before a question, so that one needs an older generation only while it answers.
        """
        complete, current = self.complete(), self.current()
        removed = superfluous(self)
        with translated_errors():
            kept = {name for name in (*complete, current) if name not in removed}
            stored = {_generation_of(c.name) for c in self._client.list_collections()}
            for name in (stored | set(removed)) - kept - {None}:
                self._remove(cast(str, name))

    def _vectors(self, name: str) -> VectorStore:
        return VectorStore(self._client, _prefix(name), owns_client=False)

    def _record(self, name: str) -> dict[str, Any]:
        record = self._records([name]).get(name)
        if record is None:
            raise IndexDamagedError(
                "the generation is not on the Chroma server any more.",
                REBUILD,
                path=name,
            )
        return record

    def _records(self, names: list[str] | None = None) -> dict[str, dict[str, Any]]:
        """Return the named records of the register, or all; unknown ones are left out.

        Only the register's own id is kept, and asked for again when it is gone: it may
        be made anew elsewhere.
        """
        from chromadb.errors import NotFoundError

        with translated_errors():
            for is_known in (self._registered is not None, False):
                try:
                    if not is_known:
                        self._registered = self._client.get_collection(
                            _REGISTER, embedding_function=None
                        )
                    assert self._registered is not None
                    found = self._registered.get(ids=names, include=["metadatas"])
                    break
                except NotFoundError:
                    if not is_known:
                        return {}
        return {
            name: dict(record)
            for name, record in zip(found["ids"], found["metadatas"] or [], strict=True)
        }

    def _register(self) -> Collection:
        return self._client.get_or_create_collection(_REGISTER, embedding_function=None)

    def _write(self, name: str, record: dict[str, str | int]) -> None:
        with translated_errors():
            self._register().upsert(
                ids=[name], embeddings=_NO_VECTOR, metadatas=[record]
            )

    def _store(self, name: str, archive: bytes) -> int:
        """Store an archive in pieces, and return how many they are."""
        pieces = [
            base64.b85encode(archive[start : start + _PIECE_BYTES]).decode("ascii")
            for start in range(0, len(archive), _PIECE_BYTES)
        ]
        with translated_errors():
            files = self._client.create_collection(
                _prefix(name) + _FILES, embedding_function=None
            )
            for first in range(0, len(pieces), _PIECES_AT_ONCE):
                some = pieces[first : first + _PIECES_AT_ONCE]
                files.add(
                    ids=[str(first + i) for i in range(len(some))],
                    embeddings=np.repeat(_NO_VECTOR, len(some), axis=0),
                    metadatas=[{"piece": piece} for piece in some],
                )
        return len(pieces)

    def _fetch(self, name: str, n_pieces: int) -> bytes:
        with translated_errors():
            files = self._client.get_collection(
                _prefix(name) + _FILES, embedding_function=None
            )
            archive = io.BytesIO()
            for first in range(0, n_pieces, _PIECES_AT_ONCE):
                ids = [
                    str(i) for i in range(first, min(first + _PIECES_AT_ONCE, n_pieces))
                ]
                found = files.get(ids=ids, include=["metadatas"])
                pieces = dict(zip(found["ids"], found["metadatas"] or [], strict=True))
                for piece_id in ids:
                    piece = pieces.get(piece_id, {}).get("piece", "")
                    with suppress(ValueError):  # the digest tells that it is damaged
                        archive.write(base64.b85decode(str(piece)))
        return archive.getvalue()

    def _remove(self, name: str) -> None:
        with translated_errors():
            # Its record first, so that nobody finds it half removed.
            self._register().delete(ids=[name])
            for collection in self._client.list_collections():
                if _generation_of(collection.name) == name:
                    self._client.delete_collection(collection.name)

    def _remove_quietly(self, name: str) -> None:
        """Remove a failed draft, if the server still answers."""
        try:
            self._remove(name)
        except KnowledgeBaseError as exc:
            logger.warning("the half-written index stays until the next run: %s", exc)


def _prefix(generation: str) -> str:
    return f"{_REGISTER}.{generation}."


def _generation_of(collection: str) -> str | None:
    """Return whose collection this is, or None when it is none of a generation."""
    parts = collection.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == _REGISTER else None
