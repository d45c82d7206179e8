"""Saves that end or fail at every step: run as a program, it prints what is left.

One process a step, forked from this small one, in which a hook of the interpreter stops
the save just before its n-th change of a folder.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from pathlib import Path

from ingest.drafting.proposal import CaseProposal, propose
from ingest.drafting.save import REPLACED, save_proposal
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from tests.support.made_up_drafts import VALUES, upload
from tests.support.tiny_corpus import write_tiny_corpus

_CHANGES = ("os.link", "os.remove", "os.rename")
DIES, FAILS = "dies", "fails"
THROUGH, REFUSED, WENT_ON, STOPPED = 0, 1, 2, 9


def proposal_for(what: str, settings: Settings) -> CaseProposal:
    """Return a save of several files: a new report, or a replaced one."""
    if what == "new":
        return propose(upload("ladder.pdf", b"%PDF-1.7"), VALUES, settings)
    if what == "same":
        draft = upload("walking-diary.pdf", b"%PDF-1.7 new")
        return propose(draft, VALUES, settings, replace=True)
    draft = upload("walking-diary.docx", b"PK")
    return propose(draft, VALUES, settings, replace=True)


def state_of(settings: Settings) -> dict[str, str]:
    """Return the files of the city as an ingestion sees them, and what they hold."""
    folder = settings.corpus_dir / "sampleby"
    return {
        path.name: path.read_bytes().decode("latin-1")[:20]
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
    }


def interrupted(what: str, how: str, step: int, folder: Path) -> dict[str, object]:
    """Save in a process that stops before its n-th change; return what is left."""
    settings = Settings(corpus_dir=write_tiny_corpus(folder / "corpus"))
    proposal = proposal_for(what, settings)
    child = os.fork()
    if child == 0:
        os._exit(_save(proposal, settings, how, step))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    kept = sorted(
        path.name
        for path in (settings.corpus_dir / REPLACED).rglob("*")
        if path.is_file() and path.name != "lock"
    )
    state = state_of(settings)
    shutil.rmtree(folder)
    return {"code": code, "state": state, "kept": kept}


def _save(proposal: CaseProposal, settings: Settings, how: str, step: int) -> int:
    left = step

    def stop(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in _CHANGES and left > 0:
            left -= 1
            if left == 0 and how == DIES:
                os._exit(STOPPED)
            if left == 0:
                raise OSError(errno.ENOSPC, "No space left on device")

    if how:
        sys.addaudithook(stop)
    try:
        save_proposal(proposal, settings)
    except KnowledgeBaseError:
        return REFUSED
    return THROUGH if left else WENT_ON


def main(what: str, how: str, folder: Path) -> None:
    """Print one JSON line a step, until a save is through."""
    for step in range(1, 100):
        left = interrupted(what, how, step, folder)
        sys.stdout.write(json.dumps(left) + "\n")
        if left["code"] == THROUGH:
            return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
